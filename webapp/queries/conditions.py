"""Conditions programs filter by 检索条件: one name, one column, one way to compare."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select

from webapp.domain.formats import is_id
from webapp.persistence.unit_of_work import Reads, Row

Condition = Callable[[Any], ColumnElement[bool]]
Asked = Mapping[str, Any]
MOST_COUNTED = 1_000_000


def equals(column: Any) -> Condition:
    """The column is the value."""
    return lambda value: column == value


def among(column: Any) -> Condition:
    """The column is one of the values."""
    return lambda values: column.in_(list(values))


def like(column: Any) -> Condition:
    """The column is like a pattern as Camunda takes it: ``%`` for anything, all else literal."""
    return lambda text: column.like(text.replace("\\", "\\\\").replace("_", "\\_"), escape="\\")


def unlike(condition: Condition) -> Condition:
    """The contrary of a condition."""
    return lambda value: ~condition(value)


def before(column: Any) -> Condition:
    """The column's instant lies before the one given."""
    return lambda instant: column < instant


def after(column: Any) -> Condition:
    """The column's instant lies after the one given."""
    return lambda instant: column > instant


def same_id(column: Any) -> Condition:
    """The column is the id; text that is no id fits nothing."""
    return lambda text: column == text if is_id(text) else false()


def among_ids(column: Any) -> Condition:
    """The column is one of the ids."""
    return lambda texts: column.in_([one for one in texts if is_id(one)])


def definition_id(column: Any) -> Condition:
    """The column is the last part of ``key:version:id``."""
    return lambda text: same_id(column)(text.rpartition(":")[2])


def when(condition: ColumnElement[bool]) -> Condition:
    """The condition holds for true, its contrary for false."""
    return lambda wanted: condition if wanted else ~condition


def only(condition: ColumnElement[bool]) -> Condition:
    """The condition holds for true; false asks for nothing, as Camunda has it."""
    return lambda wanted: condition if wanted else ~false()


def where(filters: Mapping[str, Condition], asked: Asked) -> list[ColumnElement[bool]]:
    """What was asked for, as conditions; names that are no filter (paging, order) are left out."""
    return [filters[name](value) for name, value in asked.items() if name in filters and value is not None]


def page(
    query: Select[Any],
    orders: Mapping[str, Any],
    asked: Asked,
    sorting: Iterable[tuple[str, bool]],
    last: Any,
) -> Select[Any]:
    """One stretch of the rows: in the order asked for (name, descending), ``last`` settles what is equal."""
    for name, descending in sorting:
        column = orders[name]
        query = query.order_by(column.is_(None), column.desc() if descending else column)
    return query.order_by(last).limit(asked["maxResults"]).offset(asked["firstResult"])


def count(reads: Reads, query: Select[Any]) -> int:
    """How many rows there are, a million at the most."""
    counted = query.order_by(None).limit(MOST_COUNTED).subquery()
    row: Row | None = reads.fetch(select(func.count().label("n")).select_from(counted))
    return int(row["n"]) if row else 0
