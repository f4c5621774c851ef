"""Dates, times and durations 日期、时间、时长: reading, writing and calendar arithmetic."""

import calendar
import re
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from .values import YearsMonths

_DATE = re.compile(r"(-?(?:\d{4}|[1-9]\d{4,8}))-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(\.\d{1,9})?"
    r"(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][\w+-]*(?:/[\w+-]+){0,2})?",
    re.ASCII,
)
_MONTHS = re.compile(r"(-)?P(?=\d)(?:(\d{1,9})Y)?(?:(\d{1,10})M)?", re.ASCII)
_DAYS = re.compile(
    r"(-)?P(?=.)(?:(\d{1,12})D)?"
    r"(?:T(?=\d)(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,15})(\.\d{0,9})?S)?)?",
    re.ASCII,
)


def parse_date(text: str) -> date | None:
    """``2024-05-01``; years 1 to 9999, null otherwise."""
    match = _DATE.fullmatch(text)
    return make_date(*(int(part) for part in match.groups())) if match else None


def make_date(year: int, month: int, day: int) -> date | None:
    """A calendar day, or null when there is none such."""
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def parse_time(text: str) -> time | None:
    """``08:30:00``, with ``Z``, ``+08:00`` or ``@Asia/Shanghai`` if wanted."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second, fraction, zone = match.groups()
    try:
        return time(int(hour), int(minute), int(second), _micro(fraction), _zone(zone))
    except (ValueError, OverflowError):
        return None


def parse_datetime(text: str) -> datetime | None:
    """``2024-05-01T08:30:00`` with a zone if wanted; a date alone means its midnight."""
    day_text, mark, time_text = text.partition("T")
    day = parse_date(day_text)
    if day is None:
        return None
    if not mark:
        return datetime.combine(day, time())
    clock = parse_time(time_text)
    return datetime.combine(day, clock) if clock is not None else None


def _micro(fraction: str | None) -> int:
    return int(fraction[1:7].ljust(6, "0")) if fraction else 0


def _zone(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text == "Z":
        return timezone.utc  # noqa: UP017 - one spelling for both uses of the class here
    if text.startswith("@"):
        try:
            return ZoneInfo(text[1:])
        except (KeyError, OSError, ValueError) as error:
            raise ValueError(text) from error
    parts = [int(part) for part in text[1:].split(":")] + [0]
    if parts[0] > 14 or parts[1] > 59 or parts[2] > 59:
        raise ValueError(text)
    offset = timedelta(hours=parts[0], minutes=parts[1], seconds=parts[2])
    return timezone(-offset if text[0] == "-" else offset)


def parse_duration(text: str) -> YearsMonths | timedelta | None:
    """``P1Y6M`` or ``P10DT2H``; the two kinds do not mix."""
    match = _MONTHS.fullmatch(text)
    if match is not None and (match.group(2) or match.group(3)):
        months = int(match.group(2) or 0) * 12 + int(match.group(3) or 0)
        return YearsMonths(-months if match.group(1) else months)
    match = _DAYS.fullmatch(text)
    if match is None or text.endswith("T"):
        return None
    sign, days, hours, minutes, seconds, fraction = match.groups()
    try:
        length = timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=int(seconds or 0),
            microseconds=_micro(fraction) if fraction and len(fraction) > 1 else 0,
        )
    except OverflowError:
        return None
    return -length if sign else length


def parse_at_literal(text: str) -> Any:
    """The value of ``@"…"``: date, date and time, time or duration; null when it is none."""
    if text.lstrip("-").startswith("P"):
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_datetime(text)
    return parse_date(text) or parse_time(text)


def add_months(day: date, months: int) -> date | None:
    """The same day some months on, the last of the month when it has no such day; keeps a time of day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        return None
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


def months_between(start: date, end: date) -> YearsMonths:
    """Whole months from one day to another, negative backwards."""
    months = (end.year - start.year) * 12 + end.month - start.month
    late, early = _in_month(end), _in_month(start)
    if months > 0 and late < early:
        months -= 1
    elif months < 0 and late > early:
        months += 1
    return YearsMonths(months)


def _in_month(day: date) -> tuple[int, time]:
    return day.day, day.timetz().replace(tzinfo=None) if isinstance(day, datetime) else time()


def add_to_time(clock: time, length: timedelta) -> time:
    """A time of day moved on, around midnight."""
    moved = datetime.combine(date(2000, 1, 2), clock.replace(tzinfo=None)) + timedelta(
        seconds=length.seconds, microseconds=length.microseconds
    )
    return moved.time().replace(tzinfo=clock.tzinfo)


def offset_of(value: time | datetime) -> timedelta | None:
    """The distance from UTC; a named zone of a bare time is taken on 1 January 2000."""
    if isinstance(value, time):
        return datetime.combine(date(2000, 1, 1), value).utcoffset()
    return value.utcoffset()


def time_key(clock: time) -> tuple[bool, timedelta]:
    """(has an offset, seconds since midnight UTC or local): what times are compared by."""
    offset = offset_of(clock)
    since = timedelta(
        hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond
    )
    return (False, since) if offset is None else (True, since - offset)


def write_zone(value: time | datetime) -> str:
    """``Z``, ``+08:00``, ``@Asia/Shanghai`` or empty."""
    zone = value.tzinfo
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    offset = offset_of(value) or timedelta()
    if not offset:
        return "Z"
    seconds = abs(int(offset.total_seconds()))
    sign = "-" if offset < timedelta() else "+"
    tail = f":{seconds % 60:02}" if seconds % 60 else ""
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}{tail}"


def write_time(value: time | datetime) -> str:
    """A time of day in ISO form, without a fraction of zero."""
    fraction = f".{value.microsecond:06}".rstrip("0") if value.microsecond else ""
    return f"{value.hour:02}:{value.minute:02}:{value.second:02}{fraction}{write_zone(value)}"


def write_datetime(value: datetime) -> str:
    """A date and time in ISO form."""
    return f"{value.year:04}-{value.month:02}-{value.day:02}T{write_time(value)}"


def write_months(value: YearsMonths) -> str:
    """``P1Y6M``; nothing is ``P0M``."""
    years, months = divmod(abs(value.months), 12)
    body = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
    return f"{'-' if value.months < 0 else ''}P{body}"


def write_days(value: timedelta) -> str:
    """``P1DT2H``; nothing is ``PT0S``."""
    length = abs(value)
    hours, rest = divmod(length.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{length.microseconds:06}".rstrip("0") if length.microseconds else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds or fraction:
        clock += f"{seconds}{fraction}S"
    body = (f"{length.days}D" if length.days else "") + (f"T{clock}" if clock else "")
    return f"{'-' if value < timedelta() else ''}P{body or 'T0S'}"
