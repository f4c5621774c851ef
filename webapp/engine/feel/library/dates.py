"""Date and time functions 日期函数; the clock reading is given, never taken."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from ..values import Run, Value
from .registry import builtin

SHANGHAI = timezone(timedelta(hours=8))
"""Legal days are those of Beijing time, which has had no other offset since 1992."""
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@builtin("now()")
def now(run: Run) -> Value:
    """The clock reading given to the evaluation, in Beijing time; null when none was given."""
    if run.now is None:
        return None
    return run.now.astimezone(SHANGHAI) if run.now.tzinfo is not None else run.now


@builtin("today()")
def today(run: Run) -> Value:
    """The legal day of the clock reading."""
    moment = now(run)
    return moment.date() if isinstance(moment, datetime) else None


@builtin("day of week(date: day)")
def day_of_week(run: Run, day: date) -> Value:
    """The English name of the weekday."""
    return DAYS[day.weekday()]


@builtin("day of year(date: day)")
def day_of_year(run: Run, day: date) -> Value:
    """1 for the first of January."""
    return Decimal(day.timetuple().tm_yday)


@builtin("week of year(date: day)")
def week_of_year(run: Run, day: date) -> Value:
    """The ISO week."""
    return Decimal(day.isocalendar().week)


@builtin("month of year(date: day)")
def month_of_year(run: Run, day: date) -> Value:
    """The English name of the month."""
    return MONTHS[day.month - 1]
