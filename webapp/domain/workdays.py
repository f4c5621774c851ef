"""Working days 工作日, months and filing deadlines in the business zone Asia/Shanghai.

The holiday table is a value handed in; a year without official data is counted by weekday and says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache

from webapp.domain.errors import Invalid

# A fixed offset: China has kept UTC+8 without summer time since 1991, so no zone database is needed.
BUSINESS_ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
MAX_DAYS = 36_600
MAX_MONTHS = 1_200


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked 工作日历: exceptions to Monday–Friday, and the years officially published."""

    overrides: Mapping[date, bool]
    years_known: frozenset[int]

    def is_workday(self, day: date) -> bool:
        """True on a working day, make-up days 调休上班日 included."""
        return self.overrides.get(day, day.weekday() < 5)

    def add_workdays(self, day: date, n: int) -> date:
        """The n-th working day after ``day``, which itself is not counted; Invalid when n < 0."""
        _require_within(n, MAX_DAYS, "工作日数")
        reached = day
        for _ in range(n):
            reached = self.next_workday(reached + timedelta(days=1))
        return reached

    def next_workday(self, day: date) -> date:
        """``day`` itself if worked, else the first working day after it."""
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day

    def workdays_between(self, first: date, last: date) -> int:
        """How many working days lie after ``first`` up to and including ``last`` (0 when none)."""
        return sum(self.is_workday(first + timedelta(days=i + 1)) for i in range((last - first).days))

    def is_official(self, years: Iterable[int]) -> bool:
        """True when the published holiday table covers every one of the years."""
        return self.years_known.issuperset(years)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a filing period 期限届满日, with how it was counted.

    ``unofficial``: a year it touches has no published holiday table yet.
    """

    on: date
    explanation: str
    unofficial: bool

    def has_passed(self, today: date) -> bool:
        """True from the day after the last day; the last day counts to 24:00 (Civil Code 203)."""
        return today > self.on


def add_months(day: date, n: int) -> date:
    """The corresponding day n months later, or that month's last day where it is missing (Civil Code 202)."""
    _require_within(n, MAX_MONTHS, "月数")
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, days_in_month(year, month + 1)))


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


def filing_deadline(
    start: date, *, months: int = 0, days: int = 0, workdays: int = 0, calendar: Calendar
) -> Deadline:
    """The last day to file or answer 期限 (Civil Code 201–203): exactly one unit is given.

    The start day is not counted; month ends clamp; a last day on a holiday moves to the next working day.
    Invalid when no unit or more than one is given.
    """
    if sum(bool(n) for n in (months, days, workdays)) != 1:
        raise Invalid({"period": "期限应当且只能用月、日、工作日中的一种表示。"})
    if workdays:
        return _workday_deadline(start, workdays, calendar)
    _require_within(days, MAX_DAYS, "日数")
    plain = add_months(start, months) if months else start + timedelta(days=days)
    last = calendar.next_workday(plain)
    length = f"{months}个月" if months else f"{days}日"
    rule = "次日起算" if days else "次日起算，按月的对应日届满，无对应日的为当月末日"
    moved = f"，{zh_date(plain)}为休息日，顺延至{zh_date(last)}" if last != plain else ""
    unofficial = not calendar.is_official({plain.year, last.year})
    text = f"自{zh_date(start)}起{length}，{rule}，至{zh_date(plain)}{moved}{_caveat(unofficial)}。"
    return Deadline(last, text, unofficial)


def _workday_deadline(start: date, workdays: int, calendar: Calendar) -> Deadline:
    last = calendar.add_workdays(start, workdays)
    unofficial = not calendar.is_official(range(start.year, last.year + 1))
    text = f"自{zh_date(start)}次日起算{workdays}个工作日，至{zh_date(last)}{_caveat(unofficial)}。"
    return Deadline(last, text, unofficial)


def _caveat(unofficial: bool) -> str:
    return "（所涉年度节假日安排尚未公布，暂按周一至周五推算）" if unofficial else ""


def _require_within(n: int, most: int, what: str) -> None:
    if not 0 <= n <= most:
        raise Invalid({"period": f"{what}应在0到{most}之间，现为{n}。"})


def start_of_day(day: date) -> datetime:
    """The instant (UTC) at which the day begins in Asia/Shanghai."""
    return datetime.combine(day, time.min, BUSINESS_ZONE).astimezone(UTC)


@lru_cache(256)
def local_date(instant: datetime) -> date:
    """The legal date of an aware instant in Asia/Shanghai; Invalid for a naive one."""
    if instant.tzinfo is None:
        raise Invalid({"instant": "时间缺少时区，无法确定日期。"})
    return instant.astimezone(BUSINESS_ZONE).date()


def zh_date(day: date) -> str:
    """``2026年11月22日``."""
    return f"{day.year}年{day.month}月{day.day}日"
