"""Dates, times and durations."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from webapp.engine import feel

NOW = datetime(2024, 2, 29, 17, 30, tzinfo=UTC)


def value(source: str) -> object:
    """The value of a source as JSON, at half past one on the first of March in Shanghai."""
    return feel.to_json(feel.compile(source).evaluate({}, now=NOW))


ARITHMETIC = [
    ('@"2024-01-31" + @"P1M"', "2024-02-29"),
    ('@"2023-01-31" + @"P1M"', "2023-02-28"),
    ('@"2024-02-29" + @"P1Y"', "2025-02-28"),
    ('@"2024-03-31" - @"P1M"', "2024-02-29"),
    ('@"2024-08-31" + @"P6M"', "2025-02-28"),
    ('@"P18M" + @"2024-01-15"', "2025-07-15"),
    ('@"2024-01-31" + @"P30D"', "2024-03-01"),
    ('@"2024-03-01" - @"P1D"', "2024-02-29"),
    ('@"2024-03-01" - @"2024-02-01"', "P29D"),
    ('@"2024-02-01" - @"2024-03-01"', "-P29D"),
    ('@"2024-01-31T22:00:00" + @"PT3H"', "2024-02-01T01:00:00"),
    ('@"2024-01-31T22:00:00" + @"P1M"', "2024-02-29T22:00:00"),
    ('@"2024-01-01T10:00:00+08:00" - @"2024-01-01T00:00:00Z"', "PT2H"),
    ('@"2024-01-01T10:00:00" - @"2024-01-01T00:00:00Z"', None),
    ('@"23:30:00" + @"PT1H"', "00:30:00"),
    ('@"10:00:00" - @"08:30:00"', "PT1H30M"),
    ('@"P1Y" + @"P6M"', "P1Y6M"),
    ('@"P1Y" - @"P18M"', "-P6M"),
    ('@"P1Y" * 1.5', "P1Y6M"),
    ('@"P1D" / 2', "PT12H"),
    ('@"P2D" / @"P1D"', 2),
    ('@"P1Y" / @"P6M"', 2),
    ('@"P1Y" + @"P1D"', None),
    ('-@"P1Y2M"', "-P1Y2M"),
    ('@"9999-12-31" + @"P1D"', None),
    ('@"9999-12-31" + @"P1M"', None),
    ('@"2024-01-01" + 1', None),
]
ORDER = [
    ('@"2024-01-01" < @"2024-01-02"', True),
    ('@"2024-01-01T08:00:00+08:00" = @"2024-01-01T00:00:00Z"', True),
    ('@"10:00:00+08:00" = @"02:00:00Z"', True),
    ('@"10:00:00" < @"10:00:00Z"', None),
    ('@"P1Y" > @"P11M"', True),
    ('@"P1Y" = @"P12M"', True),
    ('@"PT24H" = @"P1D"', True),
    ('@"2024-01-01" = @"2024-01-01T00:00:00"', None),
    ('@"P1Y" > @"P1D"', None),
]
PARTS = [
    ('@"2024-02-29".year', 2024),
    ('@"2024-02-29".month', 2),
    ('@"2024-02-29".day', 29),
    ('@"2024-02-29".weekday', 4),
    ('@"2024-02-29T10:11:12".hour', 10),
    ('@"2024-02-29T10:11:12+08:00".time offset', "PT8H"),
    ('@"10:11:12@Asia/Shanghai".timezone', "Asia/Shanghai"),
    ('@"P1Y6M".months', 6),
    ('@"P1Y6M".years', 1),
    ('@"-P1DT2H".days', -1),
    ('@"P1DT2H3M4S".hours', 2),
    ('@"P1D".months', None),
    ('@"2024-02-29".hour', None),
    ('day of week(@"2024-02-29")', "Thursday"),
    ('day of year(@"2024-02-29")', 60),
    ('week of year(@"2024-12-30")', 1),
    ('month of year(@"2024-02-29")', "February"),
]
MAKING = [
    ('date("2024-02-30")', None),
    ('date("2024-2-3")', None),
    ('date("02024-02-03")', None),
    ("date(2024, 2, 29)", "2024-02-29"),
    ("date(2023, 2, 29)", None),
    ('date(@"2024-05-01T10:00:00")', "2024-05-01"),
    ('date and time("2024-05-01")', "2024-05-01T00:00:00"),
    ('date and time(@"2024-05-01", @"08:00:00")', "2024-05-01T08:00:00"),
    ('date and time("2024-05-01T25:00:00")', None),
    ("time(8, 30, 0)", "08:30:00"),
    ('time(8, 30, 0, @"PT8H")', "08:30:00+08:00"),
    ('time("08:30:00Z")', "08:30:00Z"),
    ('time("08:30:00@No/Where")', None),
    ('time(@"2024-05-01T08:30:00")', "08:30:00"),
    ('duration("P1Y6M")', "P1Y6M"),
    ('duration("P6M10D")', None),
    ('duration("P")', None),
    ('duration("PT")', None),
    ('duration("PT1.5S")', "PT1.5S"),
    ('years and months duration(@"2023-08-15", @"2024-08-14")', "P11M"),
    ('years and months duration(@"2023-08-15", @"2024-08-15")', "P1Y"),
    ('years and months duration(@"2024-08-15", @"2023-08-16")', "-P11M"),
    ("today()", "2024-03-01"),
    ("now()", "2024-03-01T01:30:00+08:00"),
]


@pytest.mark.parametrize(("source", "expected"), [*ARITHMETIC, *ORDER, *PARTS, *MAKING])
def test_the_calendar_is_the_legal_one(source: str, expected: object) -> None:
    assert value(source) == expected


def test_there_is_no_clock_unless_it_is_given() -> None:
    assert feel.compile("now()").evaluate({}) is None
    assert feel.compile("today()").evaluate({}) is None


def test_python_dates_come_in_and_go_out_as_they_are() -> None:
    result = feel.compile('[d, m, d + @"P1M"]').evaluate({"d": date(2024, 1, 31), "m": NOW})

    assert result == [date(2024, 1, 31), NOW, date(2024, 2, 29)]


def test_a_time_of_day_is_a_python_time() -> None:
    assert feel.compile('@"08:30:00"').evaluate({}) == time(8, 30)
