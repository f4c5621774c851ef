"""The working-day calendar 工作日历 seeded from published data; each later year is entered by an administrator."""

from datetime import date, timedelta

import chinese_calendar
from chinese_calendar.constants import holidays, workdays

from webapp.persistence.models import administration
from webapp.services.office import Work

FIRST_YEAR = 2019


def is_there(work: Work) -> bool:
    """True once some year's calendar has been entered."""
    return bool(work.all(administration.calendar_year, limit=1))


def seed(work: Work) -> None:
    """Write every exception to Monday–Friday the library knows of, once, inside the caller's transaction."""
    if is_there(work):
        return
    last = max(day.year for day in holidays)
    rows = []
    day = date(FIRST_YEAR, 1, 1)
    while day.year <= last:
        worked = chinese_calendar.is_workday(day)
        if worked != (day.weekday() < 5):
            name = workdays.get(day) or holidays.get(day) or ""
            rows.append({"day": day, "is_workday": worked, "note": str(name)[:80]})
        day += timedelta(days=1)
    work.insert(administration.calendar_day, rows)
    years = [{"year": year, "source": "国务院办公厅节假日安排"} for year in range(FIRST_YEAR, last + 1)]
    work.insert(administration.calendar_year, years)
