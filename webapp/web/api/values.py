"""Camunda's JSON values 类型化变量: ``{value, type, valueInfo}`` and its dates, both ways."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from webapp.domain.errors import Invalid
from webapp.domain.fields import MANY, ROWS, Field
from webapp.domain.workdays import BUSINESS_ZONE, local_date
from webapp.services.attachments import LARGEST, Upload
from webapp.web.api import schema
from webapp.web.api.reading import instant

TYPED: schema.Schema = schema.record(
    closed=False,
    value={"description": "值"},
    type=schema.maybe(
        {"type": "string", "maxLength": 40, "description": "String、Integer、Boolean、Date、Json、File 等"}
    ),
    valueInfo={"type": ["object", "null"], "description": "类型的补充信息，如 File 的 filename"},
)
VARIABLES: schema.Schema = {
    "type": ["object", "null"],
    "additionalProperties": schema.named("TypedValue"),
    "maxProperties": 400,
}
LONG = 2**31
KINDS: Mapping[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "short": (int,), "long": (int,), "double": (int, float), "boolean": (bool,),
    "date": (str,), "json": (str, list, dict), "object": (str, list, dict), "null": (type(None),), "file": (str,),
}  # fmt: skip


def moment(value: datetime | None) -> str | None:
    """``2026-01-23T14:42:45.000+0800``, Shanghai time."""
    if value is None:
        return None
    local = value.astimezone(BUSINESS_ZONE)
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"


def typed(value: object) -> dict[str, object]:
    """A process variable as Camunda shows it."""
    kind, shown = _shown(value)
    return {"value": shown, "type": kind, "valueInfo": {}}


def _shown(value: object) -> tuple[str, object]:
    if value is None:
        return "Null", None
    if isinstance(value, bool):
        return "Boolean", value
    if isinstance(value, int):
        return ("Integer" if -LONG <= value < LONG else "Long"), value
    if isinstance(value, Mapping) and set(value) == {"$dec"}:
        return "Double", float(str(value["$dec"]))
    if isinstance(value, float | Decimal):
        return "Double", float(value)
    if isinstance(value, datetime):
        return "Date", moment(value)
    if isinstance(value, list | tuple | Mapping):
        return "Json", json.dumps(value, ensure_ascii=False, default=str)
    return "String", str(value)


def plain(variables: Mapping[str, Any] | None) -> dict[str, object]:
    """Typed values → plain ones; Invalid by name for a value that is not of its type."""
    problems: dict[str, str] = {}
    found: dict[str, object] = {}
    for name, entry in (variables or {}).items():
        try:
            found[name] = _value(entry)
        except (ValueError, TypeError, RecursionError):
            problems[name] = f"不是类型“{entry.get('type')}”的值。"
    if problems:
        raise Invalid(problems, "；".join(f"变量“{name}”{why}" for name, why in problems.items()))
    return found


@dataclass(frozen=True, slots=True)
class File:
    """A value of type File."""

    name: str
    data: bytes


def _value(entry: Mapping[str, Any]) -> object:
    value, kind = entry.get("value"), str(entry.get("type") or "").lower()
    if not kind or value is None:
        return value
    if not isinstance(value, KINDS.get(kind, ())) or (isinstance(value, bool) and kind != "boolean"):
        raise TypeError
    if kind in ("json", "object") and isinstance(value, str):
        return json.loads(value)
    if kind == "file":
        return _file(str(value), entry.get("valueInfo") or {})
    return value


def _file(text: str, info: Mapping[str, Any]) -> File:
    if len(text) > LARGEST * 4 // 3 + 4:
        raise ValueError
    try:
        return File(str(info.get("filename") or "附件"), base64.b64decode(text, validate=True))
    except binascii.Error:
        raise ValueError from None


Posted = dict[str, str | list[str]]
Uploads = dict[str, list[Upload]]


def apart(values: Mapping[str, object]) -> tuple[dict[str, object], Uploads]:
    """(plain values, files by name): files are kept in memory once and never copied into a digest."""
    files: Uploads = {}
    for name, value in values.items():
        given = value if isinstance(value, list) else [value]
        if given and all(isinstance(one, File) for one in given):
            files[name] = [Upload(one.name, one.data, name) for one in given if isinstance(one, File)]
    return {name: value for name, value in values.items() if name not in files}, files


def read(
    fields: Sequence[Field], values: Mapping[str, object], files: Mapping[str, Sequence[Upload]]
) -> tuple[Posted, Uploads]:
    """Variables by the field's key or its process variable → what a browser would have posted for them.

    Names no field has are kept as they are, for the form to refuse.
    """
    by_name = {one.variable: one for one in fields if one.variable} | {one.key: one for one in fields}
    posted: Posted = {}
    problems: dict[str, str] = {}
    for name, value in values.items():
        one = by_name.get(name)
        try:
            posted |= _posted(one, one.key if one else name, value)
        except (TypeError, Invalid):
            problems[name] = f"“{one.name if one else name}”不能是这样的值，请按表单填写。"
    if problems:
        raise Invalid(problems)
    return posted, {by_name[n].key if n in by_name else n: list(given) for n, given in files.items()}


def _posted(one: Field | None, key: str, value: object) -> Posted:
    if value is None:
        return {}
    if one is not None and one.kind in ROWS:
        return _rows(key, value)
    if isinstance(value, list):
        return {key: [_text(one, item) for item in value]}
    text = _text(one, value)
    return {key: [text] if one is not None and (one.kind in MANY or one.multiple) else text}


def _rows(key: str, value: object) -> Posted:
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        raise TypeError
    return {
        f"{key}.{index}.{name}": _text(None, cell)
        for index, row in enumerate(value)
        for name, cell in row.items()
        if cell is not None
    }


def _text(one: Field | None, value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, list | Mapping | File):
        raise TypeError
    text = str(value)
    if one is not None and one.kind == "date" and "T" in text:
        return local_date(instant(text)).isoformat()
    return text


def day(text: str) -> date:
    """A day as sent; Invalid for none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid({"": "没有这一天，请写成 2026-01-23 的样子。"}) from None
