"""What the signs do 运算: arithmetic, equality, order and logic, null for kinds that do not fit."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

from .temporal import add_months, add_to_time, time_key
from .values import NUMBERS, Range, Run, Value, YearsMonths, text

LIST_COST = 8
MICRO = timedelta(microseconds=1)
Pair = tuple[type, type]


def equal(run: Run, left: Value, right: Value, depth: int = 0) -> bool | None:
    """Equality; null when the kinds differ, and null equals only null."""
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is not type(right):
        return None
    if kind is list:
        return _equal_lists(run, left, right, depth)
    if kind is dict:
        return _equal_contexts(run, left, right, depth)
    if kind is time:
        return time_key(left) == time_key(right)
    if kind is Range:
        return _equal_ranges(run, left, right)
    return bool(left == right)


def _equal_ranges(run: Run, left: Range, right: Range) -> bool:
    flags = (left.low_closed, left.high_closed) == (right.low_closed, right.high_closed)
    ends = equal(run, left.low, right.low) is True and equal(run, left.high, right.high) is True
    return flags and ends


def _equal_lists(run: Run, left: list[Value], right: list[Value], depth: int) -> bool | None:
    run.charge(1 + len(left) // LIST_COST)
    if len(left) != len(right) or depth > 40:
        return False
    results = [equal(run, a, b, depth + 1) for a, b in zip(left, right, strict=True)]
    return None if None in results and False not in results else all(results)


def _equal_contexts(run: Run, left: dict[str, Value], right: dict[str, Value], depth: int) -> bool | None:
    run.charge(1 + len(left) // LIST_COST)
    if left.keys() != right.keys() or depth > 40:
        return False
    results = [equal(run, left[key], right[key], depth + 1) for key in left]
    return None if None in results and False not in results else all(results)


ORDERED = frozenset({Decimal, str, date, datetime, timedelta, YearsMonths})


def order(left: Value, right: Value) -> int | None:
    """-1, 0 or 1; null when the two cannot be ordered."""
    kind = type(left)
    if kind is not type(right):
        return None
    if kind is time:
        left, right = time_key(left), time_key(right)
        if left[0] != right[0]:
            return None
    elif kind not in ORDERED:
        return None
    try:
        return int(left > right) - int(left < right)
    except TypeError:  # one date and time with a zone, the other without
        return None


def less(left: Value, right: Value) -> bool | None:
    """``<``"""
    result = order(left, right)
    return None if result is None else result < 0


def less_equal(left: Value, right: Value) -> bool | None:
    """``<=``"""
    result = order(left, right)
    return None if result is None else result <= 0


def greater(left: Value, right: Value) -> bool | None:
    """``>``"""
    result = order(left, right)
    return None if result is None else result > 0


def greater_equal(left: Value, right: Value) -> bool | None:
    """``>=``"""
    result = order(left, right)
    return None if result is None else result >= 0


def negate_truth(value: Value) -> bool | None:
    """``not``: null unless a boolean."""
    return not value if value is True or value is False else None


def between(value: Value, low: Value, high: Value) -> bool | None:
    """``value between low and high``, both ends included."""
    return both(greater_equal(value, low), less_equal(value, high))


def both(left: Value, right: Value) -> bool | None:
    """Three-valued ``and``."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def in_range(value: Value, span: Range) -> bool | None:
    """Whether a value lies in a range; null when it cannot be compared with an end."""
    low: bool | None = True
    high: bool | None = True
    if span.low is not None:
        low = greater_equal(value, span.low) if span.low_closed else greater(value, span.low)
    if span.high is not None:
        high = less_equal(value, span.high) if span.high_closed else less(value, span.high)
    return both(low, high)


def _decimal(function: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Run, Value, Value], Value]:
    def apply(run: Run, left: Value, right: Value) -> Value:
        try:
            result = function(left, right)
        except ArithmeticError:
            return None
        return result if result.is_finite() else None

    return apply


def _concat(run: Run, left: Value, right: Value) -> Value:
    return text(run, left + right)


def _moved(run: Run, day: Value, length: Value) -> Value:
    return add_months(day, length.months)


def _moved_back(run: Run, day: Value, length: Value) -> Value:
    return add_months(day, -length.months)


def _safe(function: Callable[[Value, Value], Value]) -> Callable[[Run, Value, Value], Value]:
    def apply(run: Run, left: Value, right: Value) -> Value:
        try:
            return function(left, right)
        except (ArithmeticError, TypeError, ValueError):
            return None

    return apply


def _date_plus_days(day: Value, length: Value) -> Value:
    moved = datetime.combine(day, time()) + length
    return moved.date()


def _instant(value: date) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time(), tzinfo=timezone.utc)  # noqa: UP017


def _date_difference(left: Value, right: Value) -> timedelta | None:
    first, second = _instant(left), _instant(right)
    if (first.tzinfo is None) != (second.tzinfo is None):
        return None
    if first.tzinfo is None or second.tzinfo is None:
        return first - second
    return first.astimezone(timezone.utc) - second.astimezone(timezone.utc)  # noqa: UP017


def _time_difference(left: Value, right: Value) -> timedelta | None:
    first, second = time_key(left), time_key(right)
    return first[1] - second[1] if first[0] == second[0] else None


def _times_months(length: YearsMonths, factor: Decimal) -> YearsMonths:
    return _months(Decimal(length.months) * factor)


def _months(number: Decimal) -> YearsMonths:
    if abs(number) > 10**12:
        raise OverflowError
    return YearsMonths(int(number))


def _times_days(length: timedelta, factor: Decimal) -> timedelta:
    return timedelta(microseconds=int(Decimal(length // MICRO) * factor))


def _shift(clock: time, length: timedelta, sign: int) -> time:
    return add_to_time(clock, length * sign)


TIMES: dict[Pair, Callable[[Run, Value, Value], Value]] = {
    (Decimal, Decimal): _decimal(NUMBERS.multiply),
    (YearsMonths, Decimal): _safe(_times_months),
    (Decimal, YearsMonths): _safe(lambda a, b: _times_months(b, a)),
    (timedelta, Decimal): _safe(_times_days),
    (Decimal, timedelta): _safe(lambda a, b: _times_days(b, a)),
}
PLUS: dict[Pair, Callable[[Run, Value, Value], Value]] = {
    (Decimal, Decimal): _decimal(NUMBERS.add),
    (str, str): _concat,
    (date, YearsMonths): _moved,
    (datetime, YearsMonths): _moved,
    (YearsMonths, date): lambda run, a, b: add_months(b, a.months),
    (YearsMonths, datetime): lambda run, a, b: add_months(b, a.months),
    (YearsMonths, YearsMonths): _safe(lambda a, b: YearsMonths(a.months + b.months)),
    (date, timedelta): _safe(_date_plus_days),
    (timedelta, date): _safe(lambda a, b: _date_plus_days(b, a)),
    (datetime, timedelta): _safe(lambda a, b: a + b),
    (timedelta, datetime): _safe(lambda a, b: b + a),
    (timedelta, timedelta): _safe(lambda a, b: a + b),
    (time, timedelta): _safe(lambda a, b: _shift(a, b, 1)),
    (timedelta, time): _safe(lambda a, b: _shift(b, a, 1)),
}
MINUS: dict[Pair, Callable[[Run, Value, Value], Value]] = {
    (Decimal, Decimal): _decimal(NUMBERS.subtract),
    (date, YearsMonths): _moved_back,
    (datetime, YearsMonths): _moved_back,
    (YearsMonths, YearsMonths): _safe(lambda a, b: YearsMonths(a.months - b.months)),
    (date, timedelta): _safe(lambda a, b: _date_plus_days(a, -b)),
    (datetime, timedelta): _safe(lambda a, b: a - b),
    (timedelta, timedelta): _safe(lambda a, b: a - b),
    (time, timedelta): _safe(lambda a, b: _shift(a, b, -1)),
    (time, time): _safe(_time_difference),
    **dict.fromkeys(
        ((date, date), (datetime, datetime), (date, datetime), (datetime, date)), _safe(_date_difference)
    ),
}
OVER: dict[Pair, Callable[[Run, Value, Value], Value]] = {
    (Decimal, Decimal): _decimal(NUMBERS.divide),
    (YearsMonths, Decimal): _safe(lambda a, b: _months(NUMBERS.divide(Decimal(a.months), b))),
    (timedelta, Decimal): _safe(
        lambda a, b: timedelta(microseconds=int(NUMBERS.divide(Decimal(a // MICRO), b)))
    ),
    (YearsMonths, YearsMonths): _safe(lambda a, b: NUMBERS.divide(Decimal(a.months), Decimal(b.months))),
    (timedelta, timedelta): _safe(lambda a, b: NUMBERS.divide(Decimal(a // MICRO), Decimal(b // MICRO))),
}
POWER: dict[Pair, Callable[[Run, Value, Value], Value]] = {(Decimal, Decimal): _decimal(NUMBERS.power)}
ARITHMETIC = {"+": PLUS, "-": MINUS, "*": TIMES, "/": OVER, "**": POWER}
COMPARISON: dict[str, Callable[[Value, Value], bool | None]] = {
    "<": less,
    "<=": less_equal,
    ">": greater,
    ">=": greater_equal,
}


def negative(value: Value) -> Value:
    """``-value`` of a number or duration."""
    kind = type(value)
    if kind is Decimal:
        return NUMBERS.minus(value)
    if kind is timedelta:
        return -value
    return YearsMonths(-value.months) if kind is YearsMonths else None
