"""Range functions 区间函数: how two points or ranges lie to each other."""

import re
from decimal import Decimal

from ..operators import both, equal, in_range, order
from ..temporal import parse_at_literal, parse_date, parse_datetime, parse_duration, parse_time
from ..tokens import unescape
from ..values import Range, Run, Value
from .registry import builtin

_END = r"""(-?\d[\d.]{0,40}|@?"(?:[^"\\]|\\.){0,100}"|[a-z ]{4,13}\(\s*"[^"]{0,100}"\s*\))"""
_RANGE = re.compile(rf"\s*([\[\](])\s*{_END}?\s*\.\.\s*{_END}?\s*([\]\[)])\s*")
_READERS = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_datetime,
    "duration": parse_duration,
}


def _read_end(source: str) -> Value:
    """The literal at one end of a written range; ValueError when it is none."""
    if source.startswith("@"):
        value = parse_at_literal(unescape(source[1:]))
    elif source.startswith('"'):
        value = unescape(source)
    elif source.endswith(")"):
        name, _, rest = source.partition("(")
        reader = _READERS.get(name.strip())
        value = reader(rest[:-1].strip()[1:-1]) if reader is not None else None
    else:
        value = Decimal(source)
    if value is None:
        raise ValueError
    return value


@builtin("range(from: string)")
def range_from_text(run: Run, source: str) -> Value:
    """A range written as text, its ends literals; null when it runs backwards."""
    match = _RANGE.fullmatch(source) if len(source) < 300 else None
    if match is None:
        return None
    opening, low, high, closing = match.groups()
    low_closed, high_closed = opening == "[", closing == "]"
    if (low is None and (low_closed or high is None)) or (high is None and high_closed):
        return None
    first = None if low is None else _read_end(low)
    last = None if high is None else _read_end(high)
    if low is not None and high is not None and _order(first, last) > 0:
        return None
    return Range(first, last, low_closed, high_closed)


def _span(value: Value) -> Range:
    return value if type(value) is Range else Range(value, value)


def _order(left: Value, right: Value) -> int:
    result = order(left, right)
    if result is None:
        raise ValueError
    return result


def _before(first: Range, second: Range) -> bool:
    way = _order(first.high, second.low)
    return way < 0 or (way == 0 and not (first.high_closed and second.low_closed))


def _low(first: Range, second: Range) -> int:
    """How the beginnings lie: -1 when the first begins earlier."""
    way = _order(first.low, second.low)
    return way or int(second.low_closed) - int(first.low_closed)


def _high(first: Range, second: Range) -> int:
    """How the ends lie: -1 when the first ends earlier."""
    way = _order(first.high, second.high)
    return way or int(first.high_closed) - int(second.high_closed)


@builtin("before(point1: any, point2: any)")
def before(run: Run, first: Value, second: Value) -> Value:
    """The first ends before the second begins."""
    return _before(_span(first), _span(second))


@builtin("after(point1: any, point2: any)")
def after(run: Run, first: Value, second: Value) -> Value:
    """The first begins after the second ends."""
    return _before(_span(second), _span(first))


@builtin("meets(range1: range, range2: range)")
def meets(run: Run, first: Range, second: Range) -> Value:
    """The first ends exactly where the second begins."""
    return _order(first.high, second.low) == 0 and first.high_closed and second.low_closed


@builtin("met by(range1: range, range2: range)")
def met_by(run: Run, first: Range, second: Range) -> Value:
    """The second ends exactly where the first begins."""
    return meets(run, second, first)


@builtin("overlaps(range1: range, range2: range)")
def overlaps(run: Run, first: Range, second: Range) -> Value:
    """The two have a part in common."""
    return not _before(first, second) and not _before(second, first)


@builtin("overlaps before(range1: range, range2: range)")
def overlaps_before(run: Run, first: Range, second: Range) -> Value:
    """The first begins earlier and ends inside the second."""
    return _low(first, second) < 0 and not _before(first, second) and _high(first, second) <= 0


@builtin("overlaps after(range1: range, range2: range)")
def overlaps_after(run: Run, first: Range, second: Range) -> Value:
    """The first begins inside the second and ends later."""
    return _low(first, second) > 0 and not _before(second, first) and _high(first, second) >= 0


@builtin("finishes(point: any, range: range)")
def finishes(run: Run, first: Value, second: Range) -> Value:
    """The first ends with the second."""
    span = _span(first)
    return _high(span, second) == 0 and _low(span, second) >= 0


@builtin("finished by(range: range, point: any)")
def finished_by(run: Run, first: Range, second: Value) -> Value:
    """The second ends with the first."""
    return finishes(run, second, first)


@builtin("includes(range: range, point: any)")
def includes(run: Run, first: Range, second: Value) -> Value:
    """The second lies inside the first."""
    if type(second) is not Range:
        return in_range(second, first)
    return _low(second, first) >= 0 and _high(second, first) <= 0


@builtin("during(point: any, range: range)")
def during(run: Run, first: Value, second: Range) -> Value:
    """The first lies inside the second."""
    return includes(run, second, first)


@builtin("starts(point: any, range: range)")
def starts(run: Run, first: Value, second: Range) -> Value:
    """The first begins with the second."""
    span = _span(first)
    return _low(span, second) == 0 and _high(span, second) <= 0


@builtin("started by(range: range, point: any)")
def started_by(run: Run, first: Range, second: Value) -> Value:
    """The second begins with the first."""
    return starts(run, second, first)


@builtin("coincides(point1: any, point2: any)")
def coincides(run: Run, first: Value, second: Value) -> Value:
    """The two are the same point or range."""
    return both(True, equal(run, first, second))
