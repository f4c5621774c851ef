"""What a program sent 请求 → checked values: query strings, JSON bodies, multipart forms. Never half-understood."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from flask import Request
from werkzeug.datastructures import MultiDict

from webapp.domain.errors import Invalid
from webapp.domain.workdays import BUSINESS_ZONE
from webapp.web.api.schema import INSTANT, Schema, require

TRUTH = {"true": True, "false": False}
LONGEST_NUMBER = 12


def query(params: Iterable[Any], args: MultiDict[str, str]) -> dict[str, Any]:
    """The query parameters by name, typed as their schemas say; Invalid names every one that does not fit.

    Unknown names are refused: a filter that is silently dropped would show more than was asked for.
    """
    known = {one.name: one for one in params}
    problems, found = {}, {}
    for name in args:
        values = args.getlist(name)
        if name not in known:
            problems[name[:60]] = "没有这个查询参数，请核对名称。"
        elif len(values) > 1:
            problems[name] = "只能给出一次；多个值用逗号分隔。"
        else:
            try:
                found[name] = _typed(known[name].schema, values[0])
            except Invalid as invalid:
                problems[name] = next(iter(invalid.problems.values()))
    problems |= {one.name: "必须提供。" for one in known.values() if one.required and one.name not in args}
    if problems:
        raise Invalid(problems, _sentence(problems))
    return found


def _sentence(problems: Mapping[str, str]) -> str:
    return "；".join(f"{name}：{why}" for name, why in problems.items())


def _typed(schema: Schema, text: str) -> Any:
    kind, value = schema.get("type"), text
    if kind == "integer":
        digits = text.removeprefix("-")
        is_number = digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_NUMBER
        value = int(text) if is_number else text  # type: ignore[assignment]
    elif kind == "boolean":
        value = TRUTH.get(text.lower(), text)  # type: ignore[assignment]
    elif kind == "array":
        value = [one for one in text.split(",") if one]  # type: ignore[assignment]
    require(schema, value)
    return instant(value) if is_instant(schema) else value


def is_instant(schema: Schema) -> bool:
    """True for the schema of a moment."""
    return schema.get("pattern") == INSTANT["pattern"]


def instant(text: str) -> datetime:
    """``2026-01-23T14:42:45.000+0800``, Shanghai time without a zone; Invalid for no such moment."""
    try:
        found = datetime.fromisoformat(text)
        aware = found if found.tzinfo else found.replace(tzinfo=BUSINESS_ZONE)
        # Moments at the far ends have no place in another zone.
        if not 1900 <= aware.year <= 2200:
            raise ValueError
        return aware
    except ValueError:
        raise Invalid({"": "没有这个时刻，请写成 2026-01-23T14:42:45.000+0800 的样子。"}) from None


def body(schema: Schema, request: Request) -> dict[str, Any]:
    """The JSON object sent, an empty one for none; Invalid for anything else and for what the schema refuses."""
    raw = request.get_data()
    if not raw.strip():
        sent: Any = {}
    else:
        try:
            sent = orjson.loads(raw)
        except orjson.JSONDecodeError:
            raise Invalid({"": "请求内容不是完好的 JSON。"}, "请求内容不是完好的 JSON。") from None
    require(schema, sent)
    return {name: _moment(schema, name, value) for name, value in sent.items()}


def _moment(schema: Schema, name: str, value: Any) -> Any:
    if value is None or not is_instant(schema.get("properties", {}).get(name, {})):
        return value
    try:
        return instant(value)
    except Invalid as invalid:
        raise Invalid({name: invalid.problems[""]}, f"{name}：{invalid.problems['']}") from None


def form(schema: Schema, request: Request) -> dict[str, str]:
    """The text fields of a multipart form; Invalid when it is none or holds what the schema refuses."""
    if request.mimetype != "multipart/form-data":
        raise Invalid({"": "请以 multipart/form-data 提交。"}, "请以 multipart/form-data 提交。")
    sent = {name: request.form.get(name, "") for name in request.form}
    require(schema, sent)
    return sent
