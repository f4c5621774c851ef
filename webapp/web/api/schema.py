"""JSON Schema 2020-12, the small part of it the API's own description uses 接口数据格式, checked by the same words.

One dictionary both stands in the OpenAPI document and judges what comes in.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from webapp.domain.errors import Invalid

Schema = Mapping[str, Any]
DEEPEST = 20
MOST_PROBLEMS = 20

TEXT: Schema = {"type": "string", "maxLength": 2000}
LINE: Schema = {"type": "string", "maxLength": 200}
ID: Schema = {"type": "string", "maxLength": 200, "description": "编号"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
DAY: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "description": "日期 yyyy-MM-dd"}
INSTANT_PATTERN = (
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?([+-][0-9]{2}:?[0-9]{2}|Z)?$"
)
INSTANT: Schema = {
    "type": "string",
    "pattern": INSTANT_PATTERN,
    "description": "时刻 yyyy-MM-dd'T'HH:mm:ss.SSSZ",
}
ANY: Schema = {}
# What Camunda's clients send along although we have nothing of the kind.
NONE: Schema = {"type": "null"}
NOT: Schema = {"type": ["boolean", "null"], "enum": [False, None]}
NO_ENTRIES: Schema = {"type": ["object", "null"], "maxProperties": 0}
NO_ITEMS: Schema = {"type": ["array", "null"], "maxItems": 0}


# Schemas that others refer to by name.
NAMED: dict[str, Schema] = {}


def named(name: str) -> Schema:
    """A reference to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def maybe(schema: Schema) -> Schema:
    """The schema, or null."""
    return {**schema, "type": [schema["type"], "null"]}


def listed(schema: Schema, most: int = 1000) -> Schema:
    """A list of at most so many."""
    return {"type": "array", "items": schema, "maxItems": most}


def record(required: tuple[str, ...] = (), *, closed: bool = True, **properties: Schema) -> Schema:
    """An object with these properties, and no others where it is closed."""
    return record_of(properties, required, closed=closed)


def record_of(
    properties: Mapping[str, Schema], required: tuple[str, ...] = (), *, closed: bool = True
) -> Schema:
    """An object with the properties of a mapping."""
    found: dict[str, Any] = {"type": "object", "properties": dict(properties)}
    if required:
        found["required"] = list(required)
    if closed:
        found["additionalProperties"] = False
    return found


def by_name(schema: Schema, most: int = 400) -> Schema:
    """An object with free names and values of one kind."""
    return {"type": "object", "additionalProperties": schema, "maxProperties": most}


def require(schema: Schema, value: object) -> None:
    """Invalid with what does not fit, by path; text nobody can type or store never fits."""
    problems: dict[str, str] = {}
    _check(schema, value, "", problems, 0)
    if problems:
        raise Invalid(problems, "；".join(f"{name or '内容'}：{why}" for name, why in problems.items()))


def _check(schema: Schema, value: object, path: str, problems: dict[str, str], depth: int) -> None:
    if len(problems) >= MOST_PROBLEMS:
        return
    if "$ref" in schema:
        schema = NAMED[schema["$ref"].rpartition("/")[2]]
    why = "嵌套过深。" if depth > DEEPEST else _unfit(schema, value)
    if why:
        problems[path] = why
    elif isinstance(value, Mapping):
        _check_record(schema, value, path, problems, depth)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check(schema.get("items", ANY), item, f"{path}[{index}]", problems, depth + 1)


def _check_record(
    schema: Schema, value: Mapping[Any, object], path: str, problems: dict[str, str], depth: int
) -> None:
    known, rest = schema.get("properties", {}), schema.get("additionalProperties", ANY)
    for name in schema.get("required", ()):
        if name not in value:
            problems[_under(path, name)] = "必须提供。"
    for name, item in value.items():
        here = _under(path, name[:100])
        if _unstorable(name):
            problems[path] = "名称中有无法识别的字符。"
        elif name in known:
            _check(known[name], item, here, problems, depth + 1)
        elif rest is False:
            problems[here] = "没有这一项，请核对名称。"
        else:
            _check(rest if isinstance(rest, Mapping) else ANY, item, here, problems, depth + 1)


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


KINDS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}
WORDS = {
    "string": "文字", "boolean": "true或false", "integer": "整数", "number": "数字", "array": "列表", "object": "对象",
    "null": "空",
}  # fmt: skip


def _unfit(schema: Schema, value: object) -> str:
    """Why the value itself does not fit, '' when it does."""
    kinds = schema.get("type")
    if kinds is not None:
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if not any(_is(value, kind) for kind in kinds):
            return f"应为{'或'.join(WORDS[kind] for kind in kinds)}。"
    if "enum" in schema and not _among(value, schema["enum"]):
        shown = (json.dumps(one, ensure_ascii=False).strip('"') for one in schema["enum"])
        return f"只能是{'、'.join(shown)}。"
    if isinstance(value, str):
        return _unfit_text(schema, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _unfit_number(schema, value)
    return _too_many(schema, value)


def _among(value: object, allowed: list[object]) -> bool:
    """One of these, and 0 is not false."""
    return value is None or any(value == one and type(value) is type(one) for one in allowed)


def _is(value: object, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, KINDS[kind])


def _unfit_text(schema: Schema, value: str) -> str:
    if _unstorable(value):
        return "含有无法识别的字符。"
    if len(value) > schema.get("maxLength", len(value)):
        return f"不超过{schema['maxLength']}字。"
    if len(value) < schema.get("minLength", 0):
        return "不能为空。"
    if "pattern" in schema and not re.fullmatch(schema["pattern"], value):
        return f"格式不符（{schema.get('description', '见接口说明')}）。"
    return ""


def _unstorable(text: str) -> bool:
    """NUL and halves of characters: no database keeps them and nobody types them."""
    return "\0" in text or any("\ud800" <= one <= "\udfff" for one in text)


def _unfit_number(schema: Schema, value: float) -> str:
    if value < schema.get("minimum", value):
        return f"不小于{schema['minimum']}。"
    return f"不大于{schema['maximum']}。" if value > schema.get("maximum", value) else ""


def _too_many(schema: Schema, value: object) -> str:
    if isinstance(value, list):
        if len(value) > schema.get("maxItems", len(value)):
            return f"最多{schema['maxItems']}项。"
        return "不能为空。" if len(value) < schema.get("minItems", 0) else ""
    if isinstance(value, Mapping) and len(value) > schema.get("maxProperties", len(value)):
        return f"最多{schema['maxProperties']}项。"
    return ""
