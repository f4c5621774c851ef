"""Working days, months and filing deadlines (Civil Code 201–203)."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain.errors import Invalid
from webapp.domain.workdays import (
    Calendar,
    add_months,
    filing_deadline,
    local_date,
    start_of_day,
    zh_date,
)

NATIONAL_WEEK = {date(2026, 10, d): False for d in range(1, 8)} | {
    date(2026, 9, 27): True,
    date(2026, 10, 10): True,
}
CALENDAR = Calendar(NATIONAL_WEEK, frozenset({2025, 2026}))
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
QUIET = settings(database=None, deadline=None, max_examples=150)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 30), 1, date(2026, 2, 28)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 18, date(2028, 2, 29)),
        (date(2026, 2, 28), 1, date(2026, 3, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_a_month_ends_on_the_corresponding_day_or_the_last_of_the_month(start, months, expected):
    assert add_months(start, months) == expected


@QUIET
@given(DAYS, st.integers(0, 120))
def test_adding_months_lands_in_the_right_month_and_never_on_a_later_day(day, months):
    reached = add_months(day, months)
    assert (reached.year * 12 + reached.month) - (day.year * 12 + day.month) == months
    assert reached.day <= day.day


@QUIET
@given(DAYS, st.integers(0, 60))
def test_counting_back_the_workdays_gives_the_number_that_was_added(day, n):
    reached = CALENDAR.add_workdays(day, n)
    assert CALENDAR.workdays_between(day, reached) == n
    assert n == 0 or CALENDAR.is_workday(reached)


def test_a_make_up_sunday_is_worked_and_the_national_week_is_not():
    assert CALENDAR.is_workday(date(2026, 9, 27))
    assert not CALENDAR.is_workday(date(2026, 10, 1))
    assert CALENDAR.add_workdays(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert CALENDAR.add_workdays(date(2026, 10, 8), 2) == date(2026, 10, 10)


def test_a_deadline_that_ends_in_the_national_week_moves_behind_it_and_says_so():
    deadline = filing_deadline(date(2026, 9, 3), months=1, calendar=CALENDAR)
    assert deadline.on == date(2026, 10, 8)
    assert "顺延至2026年10月8日" in deadline.explanation
    assert not deadline.unofficial


def test_the_start_day_is_not_counted():
    assert filing_deadline(date(2026, 11, 2), days=30, calendar=CALENDAR).on == date(2026, 12, 2)
    assert filing_deadline(date(2026, 11, 2), workdays=5, calendar=CALENDAR).on == date(2026, 11, 9)


def test_a_deadline_on_a_saturday_moves_to_monday():
    assert filing_deadline(date(2026, 10, 29), days=30, calendar=CALENDAR).on == date(2026, 11, 30)


def test_a_year_without_a_published_table_is_marked_unofficial():
    deadline = filing_deadline(date(2026, 12, 20), months=1, calendar=CALENDAR)
    assert deadline.unofficial
    assert "尚未公布" in deadline.explanation
    assert filing_deadline(date(2026, 12, 25), workdays=10, calendar=CALENDAR).unofficial


def test_a_deadline_needs_exactly_one_unit():
    for units in ({}, {"months": 1, "days": 2}):
        with pytest.raises(Invalid):
            filing_deadline(date(2026, 1, 1), calendar=CALENDAR, **units)
    with pytest.raises(Invalid):
        filing_deadline(date(2026, 1, 1), days=-3, calendar=CALENDAR)
    with pytest.raises(Invalid):
        add_months(date(2026, 1, 1), 10**6)


def test_an_appeal_on_the_last_evening_is_in_time_and_at_midnight_late():
    deadline = filing_deadline(date(2026, 11, 2), days=30, calendar=CALENDAR)
    last_evening = datetime(2026, 12, 2, 15, 59, 59, tzinfo=UTC)
    assert not deadline.has_passed(local_date(last_evening))
    assert deadline.has_passed(local_date(last_evening + timedelta(seconds=1)))


def test_a_business_day_begins_at_sixteen_hours_utc_of_the_day_before():
    assert start_of_day(date(2026, 11, 22)) == datetime(2026, 11, 21, 16, tzinfo=UTC)
    new_york = timezone(timedelta(hours=-5))
    assert local_date(datetime(2026, 11, 21, 11, tzinfo=new_york)) == date(2026, 11, 22)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(Invalid):
        local_date(datetime(2026, 11, 22))


def test_dates_are_written_as_offices_write_them():
    assert zh_date(date(2026, 11, 2)) == "2026年11月2日"
