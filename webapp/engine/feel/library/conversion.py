"""Conversion functions 转换函数."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from ..temporal import (
    make_date,
    months_between,
    parse_date,
    parse_datetime,
    parse_duration,
    parse_time,
)
from ..values import Run, Value, YearsMonths
from ..writing import write
from .registry import builtin

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)


@builtin("string(from: any)")
def string(run: Run, value: Value) -> Value:
    """The text of a value; null stays null."""
    return None if value is None else write(run, value)


@builtin("number(from: string, grouping separator?: string?, decimal separator?: string?)")
def number(run: Run, source: str, grouping: str | None = None, point: str | None = None) -> Value:
    """A number read from text; separators are one of blank, comma and dot."""
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", ".") or point == (grouping or ""):
        return None
    if grouping is not None:
        source = source.replace(grouping, "")
    if point is not None:
        source = source.replace(point, ".")
    return Decimal(source) if len(source) < 100 and _NUMBER.fullmatch(source) else None


@builtin("number(from: number)")
def same_number(run: Run, value: Decimal) -> Value:
    """A number is itself."""
    return value


@builtin("date(from: string)")
def date_from_text(run: Run, source: str) -> Value:
    """A day read from text."""
    return parse_date(source)


@builtin("date(from: day)")
def date_from_day(run: Run, source: date) -> Value:
    """The day of a date and time."""
    return source.date() if isinstance(source, datetime) else source


@builtin("date(year: number, month: number, day: number)")
def date_from_parts(run: Run, year: Decimal, month: Decimal, day: Decimal) -> Value:
    """The day of three whole numbers."""
    return make_date(int(year), int(month), int(day))


@builtin("time(from: string)")
def time_from_text(run: Run, source: str) -> Value:
    """A time of day read from text."""
    return parse_time(source)


@builtin("time(from: day)")
def time_from_day(run: Run, source: date) -> Value:
    """The time of day of a date and time; midnight UTC of a date."""
    if isinstance(source, datetime):
        return source.timetz()
    return parse_time("00:00:00Z")


@builtin("time(from: time)")
def time_from_time(run: Run, source: time) -> Value:
    """A time of day is itself."""
    return source


@builtin("time(hour: number, minute: number, second: number, offset?: days?)")
def time_from_parts(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None
) -> Value:
    """The time of day of its parts."""
    micro = int(second % 1 * 1_000_000)
    clock = time(int(hour), int(minute), int(second), micro)
    if offset is None:
        return clock
    zone = parse_time(f"00:00:00{_offset_text(offset)}")
    return None if zone is None else clock.replace(tzinfo=zone.tzinfo)


def _offset_text(offset: timedelta) -> str:
    seconds = abs(int(offset.total_seconds()))
    sign = "-" if offset < timedelta() else "+"
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


@builtin("date and time(from: string)")
def datetime_from_text(run: Run, source: str) -> Value:
    """A date and time read from text."""
    return parse_datetime(source)


@builtin("date and time(from: datetime)")
def datetime_from_datetime(run: Run, source: datetime) -> Value:
    """A date and time is itself."""
    return source


@builtin("date and time(date: day, time: time)")
def datetime_from_parts(run: Run, day: date, clock: time) -> Value:
    """A day and a time of day together."""
    return datetime(
        day.year, day.month, day.day, clock.hour, clock.minute, clock.second, clock.microsecond, clock.tzinfo
    )


@builtin("duration(from: string)")
def duration(run: Run, source: str) -> Value:
    """A duration of either kind read from text."""
    return parse_duration(source)


@builtin("duration(from: duration)")
def same_duration(run: Run, source: timedelta | YearsMonths) -> Value:
    """A duration is itself."""
    return source


@builtin("years and months duration(from: day, to: day)")
def years_and_months(run: Run, start: date, end: date) -> Value:
    """The whole months between two days."""
    return months_between(start, end)
