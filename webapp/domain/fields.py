"""Form fields 表单栏目: the closed list of kinds, and form-js JSON → values.

A schema outside the list is refused with the component and the reason, before anything is deployed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, cast

from webapp.domain.errors import Invalid

Kind = Literal[
    "textfield", "textarea", "number", "date", "time", "datetime", "select", "radio", "checkbox", "checklist",
    "taglist", "group", "dynamiclist", "table", "filepicker", "text", "separator", "spacer",
    "person", "people", "organisation", "post", "member",
]  # fmt: skip

# A day that is still to come, promised or planned, lies within the years a plan can reach.
FARTHEST = 10
STATIC = frozenset({"text", "separator", "spacer"})
PICKERS = frozenset({"person", "people", "organisation", "post", "member"})
CHOOSING = frozenset({"select", "radio", "checklist", "taglist"})
MANY = frozenset({"checklist", "taglist", "people"})
PLAIN = frozenset({"textfield", "textarea", "number", "checkbox", "filepicker"})
MOMENTS = frozenset({"date", "time", "datetime"})
ROWS = frozenset({"dynamiclist", "table"})
IGNORED = frozenset({"button"})
FORMATS = frozenset({"email", "phone", "id_number", "year_month", "document_no", "public_notice"})
DEFAULT_LENGTH = {"textfield": 500, "textarea": 20_000}
MOST_FIELDS = 400


@dataclass(frozen=True, slots=True)
class Option:
    """One choice 选项: the stored code and the words on the screen."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer must keep to 校验规则; ``pattern`` names a built-in format, never an expression.

    ``days_ahead``: how many days after today a day may lie; ``not_before``: the key of the field beside it that
    begins what this one ends.
    """

    min_length: int | None = None
    max_length: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int | None = None
    pattern: str | None = None
    not_past: bool = False
    not_future: bool = False
    days_ahead: int | None = None
    not_before: str | None = None

    @property
    def bounds_the_future(self) -> bool:
        """True when a day cannot lie in a year nobody means."""
        return self.not_past or self.not_future or self.days_ahead is not None

    def span(self, today: date) -> tuple[date | None, date | None]:
        """The first and the last day that may be given today; None where nothing bounds it."""
        ends = [today] if self.not_future else []
        ends += [date(today.year + FARTHEST, 12, 31)] if self.not_past else []
        ends += [today + timedelta(days=self.days_ahead)] if self.days_ahead is not None else []
        return today if self.not_past else None, min(ends, default=None)


@dataclass(frozen=True, slots=True)
class Field:
    """One field 栏目 of a form.

    ``condition`` is FEEL text that **hides** the field when true (form-js ``conditional.hide``), as written.
    ``variable`` names the process variable it fills; without one the value is personal and stays encrypted.
    ``options_from``: the name of a list the server fills in; ``fields``: sub-fields of a group or of a row.
    """

    key: str
    kind: Kind
    label: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    validate: Limits = Limits()
    variable: str | None = None
    condition: str | None = None
    read_only: bool = False
    fields: tuple["Field", ...] = ()
    options_from: str | None = None
    multiple: bool = False
    description: str = ""
    text: str = ""
    default: object = None
    properties: tuple[tuple[str, str], ...] = ()

    @property
    def personal(self) -> bool:
        """True when the value may never enter the process: it names no variable."""
        return self.variable is None

    @property
    def is_input(self) -> bool:
        """True when the field carries a value of its own."""
        return self.kind not in STATIC and self.kind != "group"

    @property
    def name(self) -> str:
        """The label for sentences, else the key."""
        return self.label or self.key


def fields_of(schema: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields of a form-js schema; Invalid with every problem by component key.

    Buttons are left out. Refused: kinds outside the list, patterns, double keys, options without values.
    """
    problems: dict[str, str] = {}
    fields = tuple(_fields(_components(schema), problems, in_row=False))
    keys = [field.key for field in flat(fields)]
    problems |= _without_beginning(fields)
    for key in {key for key in keys if keys.count(key) > 1}:
        problems[key] = f"栏目标识“{key}”重复，请改为不同的标识。"
    if len(keys) > MOST_FIELDS:
        problems["components"] = f"表单栏目超过{MOST_FIELDS}个，请拆分表单。"
    if problems:
        raise Invalid(problems, "表单设计有误，请按提示修改。")
    return fields


def _without_beginning(fields: Sequence[Field]) -> dict[str, str]:
    """Days that name a beginning which is no day beside them, in the form or in the same row."""
    beside = list(flat(fields))
    days = {one.key for one in beside if one.kind == "date"}
    named = {one.key: one.validate.not_before for one in beside if one.validate.not_before}
    found = {
        key: f"没有“{first}”这个日期栏目，不能与它比较。" for key, first in named.items() if first not in days
    }
    for table in (one for one in beside if one.kind in ROWS):
        found |= _without_beginning(table.fields)
    return found


def flat(fields: Sequence[Field]) -> Iterator[Field]:
    """Fields and the members of groups, in order; rows of tables stay with their table."""
    for field in fields:
        yield field
        if field.kind == "group":
            yield from flat(field.fields)


def _components(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = node.get("components", [])
    return [c for c in found if isinstance(c, Mapping)] if isinstance(found, list) else []


def _fields(
    components: Sequence[Mapping[str, Any]], problems: dict[str, str], *, in_row: bool
) -> Iterator[Field]:
    for index, component in enumerate(components):
        if _string(component.get("type")) in IGNORED:
            continue
        written = component.get("key") or component.get("path") or component.get("id")
        key = str(written or f"component_{index + 1}")
        field = _field(component, key, problems, in_row=in_row)
        if field:
            yield field


def _field(component: Mapping[str, Any], key: str, problems: dict[str, str], *, in_row: bool) -> Field | None:
    kind = _kind(component)
    problem = _unfit(component, kind, in_row=in_row)
    if kind is None or problem:
        problems[key] = problem or "不支持这种栏目。"
        return None
    validate = _mapping(component.get("validate"))
    properties = _mapping(component.get("properties"))
    return Field(
        key=key,
        kind=kind,
        label=str(component.get("label") or ""),
        required=validate.get("required") is True,
        options=_options(component),
        validate=_limits(component, kind, key, problems),
        variable=str(properties["variable"]) if properties.get("variable") else None,
        condition=_text_or_none(_mapping(component.get("conditional")).get("hide")),
        read_only=component.get("readonly") is True or component.get("disabled") is True,
        fields=tuple(_fields(_components(component), problems, in_row=in_row or kind in ROWS)),
        options_from=_text_or_none(component.get("valuesKey") or properties.get("options")),
        multiple=component.get("multiple") is True,
        description=str(component.get("description") or ""),
        text=str(component.get("text") or ""),
        default=component.get("defaultValue"),
        properties=tuple(sorted((str(k), str(v)) for k, v in properties.items())),
    )


def _kind(component: Mapping[str, Any]) -> Kind | None:
    written = _string(component.get("type"))
    picker = _mapping(component.get("properties")).get("picker")
    if picker == "attachment" and written in ("textfield", "taglist", "filepicker"):
        return "filepicker"
    if picker is not None and written in ("textfield", "select", "taglist"):
        return _known(_string(picker), PICKERS)
    if written == "datetime":
        return _known(_string(component.get("subtype", "date")), MOMENTS)
    return _known(written, PLAIN | CHOOSING | STATIC | ROWS | {"group"})


def _known(written: str, kinds: frozenset[str]) -> Kind | None:
    return cast(Kind, written) if written in kinds else None


def _unfit(component: Mapping[str, Any], kind: Kind | None, *, in_row: bool) -> str | None:
    if kind is None:
        return f"不支持“{component.get('type')}”这种栏目，请改用目录内的栏目。"
    if _mapping(component.get("validate")).get("pattern"):
        return "不能自写校验表达式，请用属性 format 选择内置格式。"
    if component.get("valuesExpression"):
        return "选项不能用表达式生成，请写明选项或用属性 options 指定名录。"
    if kind in CHOOSING and not (_options(component) or _list_name(component)):
        return "请为该栏目填写选项。"
    if in_row and (kind in ROWS or kind in {"group", "filepicker"} or component.get("conditional")):
        return "明细表内不能再放明细表、分组、附件或显示条件。"
    if kind in ROWS and not _components(component):
        return "请为明细表添加栏目。"
    return None


def _list_name(component: Mapping[str, Any]) -> object:
    return component.get("valuesKey") or _mapping(component.get("properties")).get("options")


def _options(component: Mapping[str, Any]) -> tuple[Option, ...]:
    values = component.get("values")
    if not isinstance(values, list):
        return ()
    return tuple(
        Option(str(v["value"]), str(v.get("label") or v["value"]))
        for v in values
        if isinstance(v, Mapping) and v.get("value") not in (None, "")
    )


def _limits(component: Mapping[str, Any], kind: Kind, key: str, problems: dict[str, str]) -> Limits:
    validate, properties = _mapping(component.get("validate")), _mapping(component.get("properties"))
    pattern = str(properties.get("format") or validate.get("validationType") or "")
    if pattern and pattern not in FORMATS and pattern != "custom":
        problems[key] = f"没有“{pattern}”这种内置格式。"
    try:
        return Limits(
            min_length=_whole(validate.get("minLength")),
            max_length=_whole(validate.get("maxLength")) or DEFAULT_LENGTH.get(kind),
            minimum=_decimal(validate.get("min")),
            maximum=_decimal(validate.get("max")),
            decimals=_whole(component.get("decimalDigits")),
            pattern=pattern if pattern in FORMATS else None,
            not_past=component.get("disallowPassedDates") is True,
            not_future=str(properties.get("not_future", "")).lower() == "true",
            days_ahead=_whole(properties.get("days_ahead")),
            not_before=_text_or_none(properties.get("not_before")),
        )
    except (ValueError, InvalidOperation):
        problems[key] = "校验规则中的长度、大小、天数须为数字。"
        return Limits()


def _whole(value: object) -> int | None:
    return None if value in (None, "") else int(str(value))


def _decimal(value: object) -> Decimal | None:
    if value in (None, ""):
        return None
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError
    return number


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _text_or_none(value: object) -> str | None:
    return str(value) if value not in (None, "", False) else None
