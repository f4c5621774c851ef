"""Days on the forms of supervising and visiting: what was done lies behind, what is promised lies ahead."""

from datetime import date

import pytest

from tests.workflows.walker import definition
from webapp.domain.fields import fields_of, flat
from webapp.domain.forms import read

TODAY = date(2026, 11, 22)
DONE = [
    ("p02_tracking", "p02_press_note", "pressed_on"),
    ("p02a_periodic_note", "p02a_press_note", "pressed_on"),
    ("p03_return_visit", "p03_supervision", "pressed_on"),
    ("p03_return_visit", "p03_visit_record", "held_on"),
    ("p03_return_visit", "p03_visitor_signature", "signed_on"),
    ("p03_return_visit", "p03_refusal", "witnessed_on"),
]
PROMISED = [
    ("p03_return_visit", "p03_supervision", "promised_on"),
    ("p03_return_visit", "p03_visit_record", "postponed_to"),
    ("p03_return_visit", "p03_grade", "follow_up_due"),
]


def problem(key: str, form: str, field: str, day: str) -> str | None:
    """What the form says of a day, None when it takes it."""
    fields = tuple(fields_of(definition(key).forms[form]))
    keys = frozenset(one.key for one in flat(fields))
    _, problems = read(fields, {field: day}, keys, today=TODAY)
    return problems.get(field)


@pytest.mark.parametrize(("key", "form", "field"), DONE)
def test_what_was_done_was_done_by_today(key: str, form: str, field: str) -> None:
    assert "不能晚于今天" in str(problem(key, form, field, "2026-11-23"))
    assert problem(key, form, field, "2026-11-22") is None


@pytest.mark.parametrize(("key", "form", "field"), PROMISED)
def test_what_is_promised_lies_ahead_and_within_reach(key: str, form: str, field: str) -> None:
    assert "不能早于今天" in str(problem(key, form, field, "2026-11-21"))
    assert "今后10年" in str(problem(key, form, field, "2199-01-01"))
    assert problem(key, form, field, "2026-12-31") is None
