"""Instants from ISO texts and FEEL values; calendar months clamp to the month end (Civil Code art. 202).

Wall-clock arithmetic happens in Asia/Shanghai, results are absolute UTC. This is the plain addition of a
period to an instant; legal deadlines (start day not counted, holidays) are rules of ``domain``.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
LONGEST = timedelta(days=36525)
_PERIOD = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_CYCLE = re.compile(r"R(\d{0,5})/(P.+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time: calendar months, then exact time."""

    months: int = 0
    rest: timedelta = timedelta()

    def times(self, count: int) -> "Period":
        """The period taken ``count`` times."""
        return Period(self.months * count, self.rest * count)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repeating timer 循环: how often (None for without end) and the period between."""

    repeats: int | None
    period: Period


class BadTime(ValueError):
    """A text or value that is no usable time; ``zh`` and ``en`` say why."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en
        super().__init__(en)


def add(start: datetime, period: Period) -> datetime:
    """``start`` plus ``period``; months land on the same day or the month's last day, in Asia/Shanghai."""
    local = start.astimezone(ZONE)
    if period.months:
        years, month = divmod(local.month - 1 + period.months, 12)
        year = local.year + years
        if not 1 <= year <= 9998:
            raise BadTime("时间超出可表示的范围。", "The instant is out of range.")
        day = min(local.day, monthrange(year, month + 1)[1])
        local = local.replace(year=year, month=month + 1, day=day)
    return local.astimezone(UTC) + period.rest


def read_period(text: str) -> Period:
    """The ISO 8601 period in ``text``; whole numbers only, longer than nothing, at most 100 years."""
    found = _PERIOD.fullmatch(text)
    if found is None or not any(found.groups()):
        raise BadTime(
            f"“{text}”不是有效的时长，请写成 P1Y6M、P10D 或 PT2H 这样的形式，数字用半角整数。",
            f'"{text}" is no valid duration; write P1Y6M, P10D or PT2H with plain whole numbers.',
        )
    if max(len(group) for group in found.groups() if group) > 9:
        raise _too_long(text)
    years, months, weeks, days, hours, minutes, seconds = (int(group or 0) for group in found.groups())
    if days + weeks * 7 > LONGEST.days or hours > 900_000 or minutes > 53_000_000:
        raise _too_long(text)
    rest = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return check_period(Period(years * 12 + months, rest), text)


def check_period(period: Period, text: str) -> Period:
    """``period`` itself, if it is longer than nothing and at most 100 years."""
    if period.months < 0 or period.rest < timedelta() or period == Period():
        raise BadTime(f"时长“{text}”必须大于零。", f'The duration "{text}" must be longer than nothing.')
    if period.months > 1200 or period.rest + timedelta(days=period.months * 30) > LONGEST:
        raise _too_long(text)
    return period


def _too_long(text: str) -> BadTime:
    return BadTime(f"时长“{text}”超过一百年，请检查。", f'The duration "{text}" is over 100 years.')


def read_cycle(text: str) -> Cycle:
    """The ISO 8601 repetition ``R[n]/period`` in ``text``; the period is at least one minute."""
    found = _CYCLE.fullmatch(text)
    if found is None or found.group(1) == "0":
        raise BadTime(
            f"“{text}”不是有效的循环，请写成 R/P1M 或 R3/P10D 这样的形式。",
            f'"{text}" is no valid cycle; write R/P1M or R3/P10D.',
        )
    period = read_period(found.group(2))
    if not period.months and period.rest < timedelta(minutes=1):
        raise BadTime(f"循环“{text}”的间隔不能短于一分钟。", f'The cycle "{text}" repeats within a minute.')
    return Cycle(int(found.group(1)) if found.group(1) else None, period)


def read_instant(text: str) -> datetime:
    """The UTC instant of an ISO date (00:00 in Asia/Shanghai) or date-time (Asia/Shanghai when no offset)."""
    try:
        if _DATE.fullmatch(text):
            return of_date(date.fromisoformat(text))
        if _INSTANT.fullmatch(text):
            return of_datetime(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        pass
    raise BadTime(
        f"“{text}”不是有效的日期，请写成 2026-03-01 或 2026-03-01T09:00:00 这样的形式。",
        f'"{text}" is no valid date; write 2026-03-01 or 2026-03-01T09:00:00.',
    )


def of_date(day: date) -> datetime:
    """00:00 of ``day`` in Asia/Shanghai, as UTC."""
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


def of_datetime(moment: datetime) -> datetime:
    """``moment`` as UTC; without an offset it is read in Asia/Shanghai."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).astimezone(UTC)


def due(value: Any, now: datetime) -> datetime:
    """The instant that ``value`` means, seen from ``now``: a date, a date-time, a duration or its ISO text."""
    if isinstance(value, datetime):
        return of_datetime(value)
    if isinstance(value, date):
        return of_date(value)
    if isinstance(value, str):
        text = value.strip()
        return add(now, read_period(text)) if text[:1] in ("P", "-") else read_instant(text)
    return add(now, period_of(value))


def period_of(value: Any) -> Period:
    """The period that ``value`` means: a FEEL duration of either kind or an ISO text."""
    if isinstance(value, str):
        return read_period(value.strip())
    if isinstance(value, timedelta):
        return check_period(Period(0, value), str(value))
    months = getattr(value, "months", None)
    if isinstance(months, int):
        return check_period(Period(months), f"P{months}M")
    raise BadTime(
        f"表达式的结果“{value}”不是日期、日期时间或时长。",
        f'The result "{value}" is no date, date and time or duration.',
    )
