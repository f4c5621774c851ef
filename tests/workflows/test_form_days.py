"""Days on the forms: what was done lies behind, what is promised lies ahead, what ends ends after it began."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from webapp.domain.errors import Invalid
from webapp.domain.fields import Field, fields_of, flat
from webapp.domain.forms import read
from webapp.queries import parts
from webapp.web.forms import draw
from webapp.web.posting import Form

WORKFLOWS = Path(__file__).parents[2] / "workflows"
TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
DONE = [
    ("p02_tracking", "p02_press_note", "pressed_on"),
    ("p02a_periodic_note", "p02a_press_note", "pressed_on"),
    ("p03_return_visit", "p03_supervision", "pressed_on"),
    ("p03_return_visit", "p03_visit_record", "held_on"),
    ("p03_return_visit", "p03_visitor_signature", "signed_on"),
    ("p03_return_visit", "p03_refusal", "witnessed_on"),
    ("p01_down_adjustment", "formalities", "effective_on"),
    ("p01_down_adjustment", "down_talk", "remedy_delivered_on"),
    ("p01_down_adjustment", "subject_statement", "statement_on"),
    ("p04_reinstatement", "p04_appointment_notice", "effective_on"),
    ("p04_reinstatement", "p04_appointment_talk", "talked_on"),
    ("p04_reinstatement", "p04_recommendation", "recommended_on"),
    ("p04_reinstatement", "p04_dual_letter", "dual_sent_on"),
    ("p04_reinstatement", "p04_dual_reply", "dual_replied_on"),
    ("p04_reinstatement", "p04_superior_reply", "replied_on"),
    ("p06_sanction_intake", "decision", "effective_on"),
    ("p06_sanction_intake", "execution_formalities", "post_effective_on"),
]
PROMISED = [
    ("p03_return_visit", "p03_supervision", "promised_on"),
    ("p03_return_visit", "p03_visit_record", "postponed_to"),
    ("p03_return_visit", "p03_grade", "follow_up_due"),
]


def schema(key: str, form: str) -> Any:
    """A form as it is shipped."""
    return json.loads((WORKFLOWS / key / "forms" / f"{form}.json").read_text())


def problem(key: str, form: str, field: str, day: str) -> str | None:
    """What the form says of a day, None when it takes it."""
    fields = tuple(fields_of(schema(key, form)))
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


def days(fields: Sequence[Field]) -> Iterator[Field]:
    """The fields of days, in groups and rows too."""
    for one in fields:
        if one.kind in ("date", "datetime"):
            yield one
        yield from days(one.fields)


FORMS = sorted((file.parts[-3], file.stem) for file in WORKFLOWS.glob("*/forms/*.json"))


@pytest.mark.parametrize(("key", "form"), FORMS)
def test_every_day_asked_for_says_how_far_ahead_it_may_lie(key: str, form: str) -> None:
    asked = [one for one in days(fields_of(schema(key, form))) if not one.read_only]

    assert [one.key for one in asked if not one.validate.bounds_the_future] == []


@pytest.mark.parametrize(
    ("key", "form", "field", "last", "beyond"),
    [
        ("p04_reinstatement", "p04_publicity_notice", "publicity_from", "2026-12-23", "2026-12-24"),
        ("p04_reinstatement", "p04_examination_setup", "notice_from", "2026-12-23", "2034-01-02"),
        ("p01_down_adjustment", "opening_approval", "verification_due", "2027-05-24", "2027-05-25"),
    ],
)
def test_what_is_planned_lies_within_the_days_its_form_allows(
    key: str, form: str, field: str, last: str, beyond: str
) -> None:
    assert problem(key, form, field, last) is None
    assert "不能晚于今后" in str(problem(key, form, field, beyond))


@pytest.mark.parametrize(
    ("key", "form", "first", "last"),
    [
        ("p01_down_adjustment", "verification_report", "verified_from", "verified_to"),
        ("p01_down_adjustment", "superior_reply", "superior_asked_on", "superior_replied_on"),
        ("p04_reinstatement", "p04_examination_setup", "notice_from", "notice_until"),
    ],
)
def test_what_ends_does_not_end_before_it_begins(key: str, form: str, first: str, last: str) -> None:
    fields = tuple(fields_of(schema(key, form)))
    keys = frozenset(one.key for one in flat(fields))

    def said(until: str) -> str:
        _, problems = read(fields, {first: "2026-11-10", last: until}, keys, today=TODAY)
        return problems.get(last, "")

    assert "不能早于" in said("2026-11-09")
    assert said("2026-11-10") == ""


def test_in_a_row_too_what_ends_does_not_end_before_it_begins() -> None:
    fields = tuple(fields_of(schema("p02_tracking", "p02_assistance_measures")))
    (table,) = [one for one in flat(fields) if any(sub.key == "measure_until" for sub in one.fields)]
    posted = {f"{table.key}.0.measure_from": "2026-11-10", f"{table.key}.0.measure_until": "2026-11-09"}

    _, problems = read(fields, posted, frozenset(one.key for one in flat(fields)), today=TODAY)

    assert "不能早于" in problems[f"{table.key}.0.measure_until"]


def test_a_form_that_compares_with_a_day_it_has_not_is_refused() -> None:
    wrong = {
        "components": [{"type": "datetime", "subtype": "date", "key": "b", "properties": {"not_before": "a"}}]
    }

    with pytest.raises(Invalid) as refused:
        fields_of(wrong)

    assert "没有“a”" in refused.value.problems["b"]


def drawn(key: str, form: str, **posted: str) -> dict[str, parts.Field]:
    """The day fields of a form as a browser gets them, by html name."""
    found: dict[str, parts.Field] = {}
    fields = tuple(fields_of(schema(key, form)))
    shown = draw(None, fields, Form(posted=dict(posted)), variables={}, now=NOON, problems={})
    waiting = list(shown.fields)
    while waiting:
        one = waiting.pop()
        found |= {one.name.removeprefix("f."): one} if one.kind == "date" else {}
        waiting += [*one.fields, *(cell for row in one.rows for cell in row)]
    return found


PICKED = {"organisation", "post", "person", "people", "member"}


@pytest.mark.parametrize(("key", "form"), FORMS)
def test_a_browser_offers_the_very_days_the_rules_take(key: str, form: str) -> None:
    fields = {one.key: one for one in flat(fields_of(schema(key, form)))}
    if {one.kind for one in fields.values()} & PICKED:
        spans = {name: one.validate.span(TODAY) for name, one in fields.items() if one.kind == "date"}
    else:
        spans = {
            name: tuple(date.fromisoformat(day) if day else None for day in (one.min, one.max))
            for name, one in drawn(key, form).items()
            if "." not in name
        }
    for name, (first, last) in spans.items():
        limits = fields[name].validate
        assert (first, last) == limits.span(TODAY)
        for day in (one for one in (first, last) if one is not None):
            assert problem(key, form, name, day.isoformat()) is None
        if first is not None:
            assert problem(key, form, name, (first - timedelta(days=1)).isoformat()) is not None
        if last is not None:
            assert problem(key, form, name, (last + timedelta(days=1)).isoformat()) is not None


def test_what_ends_is_offered_from_the_day_typed_as_its_beginning() -> None:
    typed = drawn("p04_reinstatement", "p04_examination_setup", notice_from="2026-12-01")
    assert typed["notice_until"].min == "2026-12-01"
    odd = drawn("p04_reinstatement", "p04_examination_setup", notice_from="某日")
    assert odd["notice_until"].min == drawn("p04_reinstatement", "p04_examination_setup")["notice_until"].min
