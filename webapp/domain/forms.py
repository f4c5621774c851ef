"""Posted strings → checked answers 填写内容, by a field list. Pure: look-ups and FEEL are done by the caller.

``fields_of`` and the values live in ``fields`` and are offered here too.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal

from webapp.domain import formats
from webapp.domain.fields import FARTHEST, MANY, PICKERS, ROWS, Field, Limits, Option, fields_of, flat
from webapp.domain.formats import Wrong
from webapp.domain.workdays import BUSINESS_ZONE

__all__ = ["Field", "Limits", "Option", "fields_of", "flat", "read", "row_name"]

Posted = str | list[str]
# Answered by choosing, not by writing.
CHOSEN = PICKERS | {"select", "radio", "filepicker"}
MOST_ROWS = 200
MOST_CHOICES = 500


@dataclass(frozen=True, slots=True)
class _Reader:
    """What one reading needs besides the posted strings."""

    posted: Mapping[str, Posted]
    choices: Mapping[str, Collection[str]]
    today: date | None
    problems: dict[str, str] = field(default_factory=dict)


def read(
    fields: Sequence[Field],
    posted: Mapping[str, Posted],
    visible: AbstractSet[str],
    *,
    choices: Mapping[str, Collection[str]] | None = None,
    today: date | None = None,
) -> tuple[dict[str, object], dict[str, str]]:
    """(answers, problems): typed answers by field key, sentences by posted name.

    ``visible``: keys of the fields shown; an answer to a hidden, read-only or unknown field is a problem.
    ``choices``: allowed values of pickers and server-filled lists, by field key; a server-filled list
    without an entry allows nothing. ``today``: for fields that forbid past or future days.
    Types: str, Decimal, date, time, datetime (UTC), bool, list[str], list[dict]; an empty optional is None.
    """
    reader = _Reader(posted, choices or {}, today)
    answers: dict[str, object] = {}
    taken: set[str] = set()
    for one in flat(fields):
        names = _names(one, posted)
        taken |= names
        if not one.is_input:
            continue
        if one.key not in visible or one.read_only:
            _refuse_uninvited(one, names, reader)
            continue
        answers[one.key] = _rows(one, reader) if one.kind in ROWS else _answer(one, one.key, reader)
    _compare(flat(fields), answers, reader)
    for name in sorted(set(posted) - taken):
        reader.problems[name] = f"表单中没有“{name[:60]}”这一栏，请刷新页面后重新填写。"
    return answers, reader.problems


def _compare(
    fields: Iterable[Field], answers: Mapping[str, object], reader: _Reader, prefix: str = ""
) -> None:
    """What ends does not end before it begins: days beside each other, in a form or in a row."""
    known = {one.key: one for one in fields}
    for one in known.values():
        first, last = answers.get(one.validate.not_before or ""), answers.get(one.key)
        if isinstance(first, date) and isinstance(last, date) and last < first:
            begins = known[str(one.validate.not_before)].name
            reader.problems[prefix + one.key] = f"“{one.name}”不能早于“{begins}”。"


def row_name(table: str, index: int, key: str) -> str:
    """The posted name of a cell: ``table.0.key``; rows count from 0."""
    return f"{table}.{index}.{key}"


def _names(one: Field, posted: Mapping[str, Posted]) -> set[str]:
    if one.kind not in ROWS:
        return {one.key} if one.is_input else set()
    keys = {sub.key for sub in one.fields if sub.is_input and not sub.read_only}
    return {name for name in posted if _is_cell(name, one.key, keys)}


def _is_cell(name: str, table: str, keys: set[str]) -> bool:
    if not name.startswith(table + "."):
        return False
    index, _, key = name.removeprefix(table + ".").partition(".")
    return key in keys and index.isascii() and index.isdigit() and len(index) <= 3


def _refuse_uninvited(one: Field, names: set[str], reader: _Reader) -> None:
    if any(_strings(reader.posted.get(name)) for name in names):
        why = "由系统填写，不能修改" if one.read_only else "按当前情形不需填写"
        reader.problems[one.key] = f"“{one.name}”{why}，请刷新页面后重新提交。"


def _rows(table: Field, reader: _Reader) -> list[dict[str, object]]:
    names = _names(table, reader.posted)
    indexes = sorted({int(name.removeprefix(table.key + ".").partition(".")[0]) for name in names})
    inputs = [sub for sub in table.fields if sub.is_input and not sub.read_only]
    if len(indexes) > MOST_ROWS:
        reader.problems[table.key] = f"“{table.name}”最多填写{MOST_ROWS}行。"
        return []
    rows: list[dict[str, object]] = []
    for index in indexes:
        cells = {sub.key: row_name(table.key, index, sub.key) for sub in inputs}
        if any(_strings(reader.posted.get(name)) for name in cells.values()):
            rows.append({sub.key: _answer(sub, cells[sub.key], reader) for sub in inputs})
            _compare(inputs, rows[-1], reader, row_name(table.key, index, ""))
    if table.required and not rows:
        reader.problems[table.key] = f"请填写“{table.name}”，至少一行。"
    return rows


def _strings(value: Posted | None) -> list[str]:
    written = [value] if isinstance(value, str) else (value or [])
    return [text for text in written if text.strip()]


def _answer(one: Field, name: str, reader: _Reader) -> object:
    written = _strings(reader.posted.get(name))
    try:
        if one.kind == "checkbox":
            return _checkbox(one, written)
        if one.kind in MANY or (one.kind == "filepicker" and one.multiple):
            return _many(one, name, written, reader)
        return _single(one, name, written, reader)
    except Wrong as wrong:
        reader.problems[name] = f"“{one.name}”{wrong}"
        return None


def _checkbox(one: Field, written: list[str]) -> bool:
    if any(text not in ("on", "true", "1") for text in written):
        raise Wrong("的值无法识别，请重新勾选。")
    if one.required and not written:
        raise Wrong("须勾选确认。")
    return bool(written)


def _many(one: Field, name: str, written: list[str], reader: _Reader) -> list[str]:
    if not written and one.required:
        raise Wrong("为必填项，请至少选择一项。")
    if len(written) > MOST_CHOICES:
        raise Wrong(f"最多选择{MOST_CHOICES}项。")
    chosen = list(dict.fromkeys(written))
    for text in chosen:
        _choice(one, name, text, reader)
    return chosen


def _single(one: Field, name: str, written: list[str], reader: _Reader) -> object:
    if len(written) > 1:
        raise Wrong("只能填写一个值。")
    if not written:
        if one.required:
            raise Wrong(f"为必填项，请{'选择' if one.kind in CHOSEN else '填写'}。")
        return None
    if one.kind in _READERS:
        return _READERS[one.kind](written[0], one.validate, reader.today)
    _choice(one, name, written[0], reader)
    return written[0]


def _choice(one: Field, name: str, text: str, reader: _Reader) -> None:
    """The value is an option; a picker's and a file's value is an id, and among the choices when given."""
    if one.kind in PICKERS or one.kind == "filepicker":
        allowed = reader.choices.get(one.key)
        if not formats.is_id(text) or (allowed is not None and text not in allowed):
            raise Wrong("的选择无效或已不可用，请重新选择。")
        return
    listed: Collection[str] = {option.value for option in one.options}
    if one.options_from is not None:
        listed = reader.choices.get(one.key, listed)
    if text not in listed:
        raise Wrong("的选择不在选项之内，请重新选择。")


def _read_text(written: str, limits: Limits, today: date | None) -> str:
    text = formats.clean(written)
    if limits.min_length is not None and len(text) < limits.min_length:
        raise Wrong(f"不少于{limits.min_length}字，现为{len(text)}字。")
    if limits.max_length is not None and len(text) > limits.max_length:
        raise Wrong(f"不超过{limits.max_length}字，现为{len(text)}字。")
    return formats.require_format(text, limits.pattern) if limits.pattern else text


def _read_number(written: str, limits: Limits, today: date | None) -> Decimal:
    number = formats.number(written)
    digits = -int(number.as_tuple().exponent)
    if limits.decimals is not None and digits > limits.decimals:
        places = f"最多保留{limits.decimals}位小数" if limits.decimals else "应为整数"
        raise Wrong(f"{places}。")
    if limits.minimum is not None and number < limits.minimum:
        raise Wrong(f"不小于{limits.minimum}。")
    if limits.maximum is not None and number > limits.maximum:
        raise Wrong(f"不大于{limits.maximum}。")
    return number


def _read_date(written: str, limits: Limits, today: date | None) -> date:
    return _within(formats.day(written), limits, today)


def _read_instant(written: str, limits: Limits, today: date | None) -> datetime:
    day_part, _, time_part = formats.narrow(written).replace("T", " ").partition(" ")
    day = _within(formats.day(day_part), limits, today)
    return datetime.combine(day, formats.clock(time_part), BUSINESS_ZONE).astimezone(UTC)


def _read_time(written: str, limits: Limits, today: date | None) -> time:
    return formats.clock(written)


def _within(day: date, limits: Limits, today: date | None) -> date:
    first, last = limits.span(today) if today is not None else (None, None)
    if first is not None and day < first:
        raise Wrong("不能早于今天。")
    if last is not None and day > last:
        ahead = f"今后{FARTHEST}年" if limits.days_ahead is None else f"今后{limits.days_ahead}天"
        raise Wrong(f"不能晚于{'今天' if last == today else ahead}。")
    return day


_READERS: Mapping[str, Callable[[str, Limits, date | None], object]] = {
    "textfield": _read_text,
    "textarea": _read_text,
    "number": _read_number,
    "date": _read_date,
    "datetime": _read_instant,
    "time": _read_time,
}
