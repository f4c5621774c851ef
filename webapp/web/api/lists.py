"""What every list of the API takes 列表参数: paging, order, filters as query parameters or as a JSON body."""

from collections.abc import Iterable, Mapping
from typing import Any

from webapp.domain.errors import Invalid
from webapp.web.api import schema
from webapp.web.api.registry import Asked, Param
from webapp.web.api.schema import Schema

MOST = 1000
FIRST = Param("firstResult", schema.COUNT, "从第几条开始，从0数起")
LAST = Param("maxResults", {**schema.COUNT, "maximum": MOST}, f"最多几条，默认和上限都是{MOST}")
DIRECTION: Schema = {"type": "string", "enum": ["asc", "desc"]}
KINDS: Mapping[str, Schema] = {
    "text": schema.LINE,
    "texts": schema.listed(schema.LINE, 200),
    "moment": schema.INSTANT,
    "flag": schema.FLAG,
    "number": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
}
COUNTED: Schema = schema.record(("count",), count={"type": "integer", "minimum": 0})


def _kind(name: str) -> Schema:
    return KINDS[name]


def filters(**kinds: str) -> dict[str, Schema]:
    """Filter names with the schema of each: ``filters(name="text", dueBefore="moment")``."""
    return {name: _kind(kind) for name, kind in kinds.items()}


def params(known: Mapping[str, Schema]) -> tuple[Param, ...]:
    """The filters as query parameters; lists are written with commas."""
    return tuple(Param(name, one) for name, one in known.items())


def paged(known: Mapping[str, Schema], orders: Iterable[str]) -> tuple[Param, ...]:
    """The filters, paging and one order as query parameters."""
    by = Param("sortBy", {"type": "string", "enum": sorted(orders)}, "排序；须同时给出 sortOrder")
    return (*params(known), FIRST, LAST, by, Param("sortOrder", DIRECTION, "asc 升序，desc 降序"))


def sent(known: Mapping[str, Schema], orders: Iterable[str] = ()) -> Schema:
    """The filters as a JSON body, with several orders."""
    found: dict[str, Schema] = {name: schema.maybe(one) for name, one in known.items()}
    if orders := sorted(orders):
        order = schema.record(
            ("sortBy", "sortOrder"), sortBy={"type": "string", "enum": orders}, sortOrder=DIRECTION
        )
        found["sorting"] = schema.maybe(schema.listed(order, 5))
    return schema.record_of(found)


def taken(asked: Asked) -> tuple[dict[str, Any], list[tuple[str, bool]]]:
    """(filters with their paging, the orders as (name, descending)) of a request of either kind."""
    found: dict[str, Any] = {"firstResult": 0, "maxResults": MOST, **asked.query, **asked.body}
    by, direction = found.pop("sortBy", None), found.pop("sortOrder", None)
    if (by is None) != (direction is None):
        raise Invalid({"sortBy": "排序须同时给出 sortBy 和 sortOrder。"})
    sorting = [(one["sortBy"], one["sortOrder"] == "desc") for one in found.pop("sorting", None) or ()]
    return found, [(by, direction == "desc")] if by else sorting
