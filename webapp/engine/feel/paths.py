"""``a.b`` 取值: entries of contexts, properties of dates, times, durations and ranges."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from .calls import named_function
from .temporal import offset_of
from .values import Range, Run, Scope, Value, YearsMonths, to_feel

Reader = Callable[[Any], Value]


def _whole(days: timedelta) -> tuple[int, int, int, int, int]:
    length = abs(days)
    sign = -1 if days < timedelta() else 1
    hours, rest = divmod(length.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return sign, sign * length.days, sign * hours, sign * minutes, sign * seconds


def _months_part(value: YearsMonths, *, years: bool) -> Decimal:
    sign = -1 if value.months < 0 else 1
    whole, rest = divmod(abs(value.months), 12)
    return Decimal(sign * (whole if years else rest))


def _zone_name(value: Any) -> str | None:
    zone = value.tzinfo
    return zone.key if isinstance(zone, ZoneInfo) else None


_DAY: dict[str, Reader] = {
    "year": lambda v: Decimal(v.year),
    "month": lambda v: Decimal(v.month),
    "day": lambda v: Decimal(v.day),
    "weekday": lambda v: Decimal(v.isoweekday()),
}
_CLOCK: dict[str, Reader] = {
    "hour": lambda v: Decimal(v.hour),
    "minute": lambda v: Decimal(v.minute),
    "second": lambda v: Decimal(v.second),
    "time offset": offset_of,
    "timezone": _zone_name,
}
PROPERTIES: dict[type, dict[str, Reader]] = {
    date: _DAY,
    datetime: {**_DAY, **_CLOCK},
    time: _CLOCK,
    timedelta: {
        "days": lambda v: Decimal(_whole(v)[1]),
        "hours": lambda v: Decimal(_whole(v)[2]),
        "minutes": lambda v: Decimal(_whole(v)[3]),
        "seconds": lambda v: Decimal(_whole(v)[4]),
    },
    YearsMonths: {
        "years": lambda v: _months_part(v, years=True),
        "months": lambda v: _months_part(v, years=False),
    },
    Range: {
        "start": lambda v: v.low,
        "end": lambda v: v.high,
        "start included": lambda v: v.low_closed,
        "end included": lambda v: v.high_closed,
    },
}


def read_path(run: Run, value: Value, name: str) -> Value:
    """The entry or property of a value; of a list, the list of its elements' entries; else null."""
    kind = type(value)
    if kind is dict:
        return value.get(name)
    if kind is list:
        run.charge(len(value))
        return [read_path(run, item, name) for item in value]
    readers = PROPERTIES.get(kind)
    if readers is None or name not in readers:
        return None
    return readers[name](value)


def root_path(root: str, keys: tuple[str, ...]) -> Callable[[Scope], Value]:
    """A path from a variable, read without converting what lies beside it."""

    def read(scope: Scope) -> Value:
        run = scope.run
        names = scope.vars
        if root not in names:
            return _rest(run, named_function(run, root), keys)
        value: Value = names[root]
        for place, key in enumerate(keys):
            if type(value) is not dict:
                return _rest(run, to_feel(run, value), keys[place:])
            value = value.get(key)
        return to_feel(run, value)

    return read


def _rest(run: Run, value: Value, keys: tuple[str, ...]) -> Value:
    for key in keys:
        value = read_path(run, value, key)
    return value
