"""Why a due day is the day it is 时限依据, in words."""

from datetime import date

import pytest

from webapp.domain import due_basis
from webapp.domain.workdays import add_months

DAY = date(2026, 8, 31)
VALUES = {"effective_on": "2026-08-31", "plan.opened_on": "2026-03-02T08:00:00", "n": 3}


def told(text: str, due_on: date) -> str:
    found = due_basis.of_expression(text, DAY, VALUES.get)
    if found is None:
        return ""
    assert due_basis.read(found.stored) == found
    return found.words(due_on)


@pytest.mark.parametrize(
    ("text", "due_on", "words"),
    [
        ('=today() + duration("P6M")', add_months(DAY, 6), "2026年8月31日 + 6个月，当月末日"),
        ('=date(effective_on) + duration("P1M")', date(2026, 9, 30), "2026年8月31日 + 1个月，当月末日"),
        ('=today() + duration("P1Y")', date(2027, 8, 31), "2026年8月31日 + 1年"),
        ('= now() + duration("P10D")', date(2026, 9, 10), "2026年8月31日 + 10天"),
        ("=add working days(today(), 5)", date(2026, 9, 7), "2026年8月31日 + 5个工作日"),
        ("=add working days(date(plan.opened_on), 10)", date(2026, 3, 16), "2026年3月2日 + 10个工作日"),
    ],
)
def test_a_simple_count_is_told_with_its_first_day_and_the_end_of_a_short_month(
    text: str, due_on: date, words: str
) -> None:
    assert told(text, due_on) == words


@pytest.mark.parametrize(
    "text",
    ["=date(due_on)", "P3D", '=date(n) + duration("P1M")', "=a + b", "", '=date(gone) + duration("P1M")'],
)
def test_what_is_no_simple_count_is_not_explained(text: str) -> None:
    assert told(text, DAY) == ""


def test_a_visit_whole_months_after_its_plan_is_told_so() -> None:
    assert due_basis.counted(DAY, date(2027, 2, 28)) == "2026年8月31日 + 6个月，当月末日"
    assert due_basis.counted(DAY, date(2027, 2, 27)) == ""
    assert due_basis.counted(DAY, DAY) == ""


def test_what_nobody_wrote_is_not_read() -> None:
    assert [due_basis.read(one) for one in (None, "", "x", "2026-08-31+P6", "2026-08-31")][:3] == [None] * 3
