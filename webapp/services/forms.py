"""Form answers 填写内容 → process variables and personal values, judged by the pinned form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from webapp.domain import forms
from webapp.domain.errors import Invalid, NotFound
from webapp.domain.fields import PICKERS, Field
from webapp.engine import Definition, feel
from webapp.persistence.models import cases, people
from webapp.services.dossier import relatives_of
from webapp.services.office import Work

Posted = Mapping[str, str | list[str]]
TABLES = {
    "person": people.person,
    "people": people.person,
    "member": people.person,
    "organisation": people.organisation,
    "post": people.post,
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What a form gave: ``variables`` may enter the process, ``personal`` stays sealed beside it."""

    variables: Mapping[str, object]
    personal: Mapping[str, object]


def fields_of_task(definition: Definition, form_key: str | None) -> tuple[Field, ...]:
    """The fields of a task's form; a task without a form has none."""
    if not form_key:
        return ()
    schema = definition.forms.get(form_key)
    if schema is None:
        raise NotFound(f"流程版本中没有表单“{form_key}”。")
    return _fields(definition.digest, form_key, _Held(schema))


class _Held:
    """A schema as a cache argument: one bundle's form never changes, so identity is enough."""

    __slots__ = ("schema",)

    def __init__(self, schema: Mapping[str, object]) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)


@lru_cache(maxsize=512)
def _fields(_digest: str, _form_key: str, held: _Held) -> tuple[Field, ...]:
    return forms.fields_of(held.schema)


def visible_keys(
    fields: tuple[Field, ...], posted: Posted, variables: Mapping[str, object], *, now: datetime
) -> frozenset[str]:
    """Keys of the fields shown, their FEEL conditions judged on what has been typed so far."""
    if not any(field.condition for field in forms.flat(fields)):
        return frozenset(field.key for field in forms.flat(fields))
    inputs = frozenset(field.key for field in forms.flat(fields))
    typed, _ = forms.read(fields, _known(fields, posted), inputs)
    context = {**{field.key: None for field in forms.flat(fields)}, **variables, **typed}
    shown: set[str] = set()
    _collect(fields, context, now, shown)
    return frozenset(shown)


def _collect(
    fields: tuple[Field, ...], context: Mapping[str, object], now: datetime, shown: set[str]
) -> None:
    for field in fields:
        if field.condition and _is_hidden(field.condition, context, now):
            continue
        shown.add(field.key)
        if field.kind == "group":
            _collect(field.fields, context, now, shown)


def _is_hidden(condition: str, context: Mapping[str, object], now: datetime) -> bool:
    return compiled(condition).evaluate(context, now=now) is True


@lru_cache(maxsize=2048)
def compiled(source: str) -> feel.Expression:
    """A FEEL text compiled once a process; the leading ``=`` of form-js is optional."""
    return feel.compile(source.strip().removeprefix("="))


def _known(fields: tuple[Field, ...], posted: Posted) -> dict[str, str | list[str]]:
    keys = {field.key for field in forms.flat(fields) if field.is_input and not field.read_only}
    return {name: value for name, value in posted.items() if name.partition(".")[0] in keys}


def fill(
    work: Work,
    fields: tuple[Field, ...],
    posted: Posted,
    variables: Mapping[str, object],
    *,
    case_id: str | None = None,
) -> Answers:
    """Check the posted strings against the form; Invalid with every problem, by posted name.

    ``case_id``: the case whose attachments a file field may name.
    """
    shown = visible_keys(fields, posted, variables, now=work.now)
    answers, problems = forms.read(fields, posted, shown, today=work.today)
    problems |= _unknown_choices(work, fields, answers, problems)
    problems |= _barred_choices(work, fields, answers, variables)
    problems |= _unknown_files(work, fields, answers, case_id)
    problems |= _too_few(fields, answers, problems)
    problems |= _unticked(fields, answers, problems)
    if problems:
        raise Invalid(problems)
    by_key = {field.key: field for field in forms.flat(fields)}
    named = {
        by_key[key].variable: as_variable(value) for key, value in answers.items() if by_key[key].variable
    }
    personal = {
        key: value for key, value in answers.items() if not by_key[key].variable and not _is_blank(value)
    }
    return Answers(variables={name: value for name, value in named.items() if name}, personal=personal)


def _is_blank(value: object) -> bool:
    return value is None or value == "" or value == []


def _unknown_choices(
    work: Work, fields: tuple[Field, ...], answers: Mapping[str, object], problems: Mapping[str, str]
) -> dict[str, str]:
    """Picked persons, posts and organisations must exist; one look-up a kind, none without pickers."""
    found: dict[str, str] = {}
    picked: dict[str, list[tuple[Field, list[str]]]] = {}
    for field in forms.flat(fields):
        value = answers.get(field.key)
        if field.kind in PICKERS and value and field.key not in problems:
            picked.setdefault(field.kind, []).append((field, _ids(value)))
    for kind, uses in picked.items():
        wanted = sorted({one for _, ids in uses for one in ids})
        there = {row["id"] for row in work.all(TABLES[kind], id=wanted)}
        for field, ids in uses:
            if not there.issuperset(ids):
                found[field.key] = f"“{field.name}”的选择已不存在，请重新选择。"
    return found


def _barred_choices(
    work: Work, fields: tuple[Field, ...], answers: Mapping[str, object], variables: Mapping[str, object]
) -> dict[str, str]:
    """Nobody concerned is picked for a part in the case: the cadre, relatives, the recused (F05)."""
    picked = {
        field: _ids(answers.get(field.key))
        for field in forms.flat(fields)
        if field.kind in ("person", "people") and answers.get(field.key)
    }
    subject = variables.get("cadreId")
    if not picked or not isinstance(subject, str):
        return {}
    excluded = work.all(cases.case_exclusion, case_id=variables.get("caseId"))
    barred = {subject, *relatives_of(work, subject), *(row["person_id"] for row in excluded)}
    return {
        field.key: f"“{field.name}”中有干部本人、亲属或者已登记回避的同志，请更换。"
        for field, ids in picked.items()
        if barred.intersection(ids)
    }


def _unknown_files(
    work: Work, fields: tuple[Field, ...], answers: Mapping[str, object], case_id: str | None
) -> dict[str, str]:
    """A file field names attachments of this very case."""
    named = {
        field.key: _ids(answers.get(field.key)) for field in forms.flat(fields) if field.kind == "filepicker"
    }
    wanted = sorted({one for ids in named.values() for one in ids})
    if not wanted:
        return {}
    there = {row["id"] for row in work.all(cases.attachment, id=wanted, case_id=case_id)}
    return {key: "附件不属于本卷宗，请重新上传。" for key, ids in named.items() if not there.issuperset(ids)}


def _ids(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value else []


def _too_few(
    fields: tuple[Field, ...], answers: Mapping[str, object], problems: Mapping[str, str]
) -> dict[str, str]:
    """Pickers with ``at_least``: the fewest persons to be named (核实组两人以上)."""
    found: dict[str, str] = {}
    for field in forms.flat(fields):
        least, value = int(dict(field.properties).get("at_least", 0)), _ids(answers.get(field.key))
        if value and len(value) < least and field.key not in problems:
            found[field.key] = f"“{field.name}”不少于{least}人，现为{len(value)}人。"
    return found


def _unticked(
    fields: tuple[Field, ...], answers: Mapping[str, object], problems: Mapping[str, str]
) -> dict[str, str]:
    """Checklists with ``all_when`` (field=value): with that answer every item has been gone through."""
    found: dict[str, str] = {}
    for field in forms.flat(fields):
        key, _, value = dict(field.properties).get("all_when", "").partition("=")
        if not key or answers.get(key) != value or field.key in problems:
            continue
        ticked = _ids(answers.get(field.key))
        left = [option.label for option in field.options if option.value not in ticked]
        if left:
            found[field.key] = f"“{field.name}”还缺：{'、'.join(left)}。逐项核对无误后再作此结论。"
    return found


def as_variable(value: object) -> object:
    """A typed answer as a process variable: JSON types, dates as ISO text, whole decimals as integers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return [as_variable(item) for item in value]
    if isinstance(value, Mapping):
        return {name: as_variable(item) for name, item in value.items()}
    return value


def every(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """All fields, members of groups included."""
    return tuple(forms.flat(fields))


def faulty(condition: str) -> str | None:
    """Why a display condition is not valid FEEL, in Chinese; None when it is."""
    try:
        compiled(condition)
    except feel.FeelSyntaxError as error:
        return error.zh
    return None


def revealing(fields: tuple[Field, ...]) -> frozenset[str]:
    """Keys of the fields that decide whether another one is shown."""
    inputs = [field for field in forms.flat(fields) if field.is_input]
    named = {
        name for field in forms.flat(fields) if field.condition for name in compiled(field.condition).names
    }
    return frozenset(field.key for field in inputs if field.key in named or field.variable in named)
