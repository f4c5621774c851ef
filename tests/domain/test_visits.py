"""Return visits: schedule, caps, overdue, records."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain.errors import Invalid
from webapp.domain.visits import (
    Frequency,
    PlannedVisit,
    VisitRecord,
    reasons_against_filing,
    schedule,
)
from webapp.domain.workdays import add_months

SHORT, LONG = Frequency(3, 6, 30), Frequency(2, 6, 60)
INTENSIVE = Frequency(1, 3, 60, immediate=False)


def days(visits):
    return [(visit.kind, visit.due_on) for visit in visits]


def test_a_year_has_a_first_visit_and_one_before_expiry():
    assert days(schedule(SHORT, date(2026, 3, 15), date(2027, 3, 14))) == [
        ("first", date(2026, 6, 15)),
        ("pre_expiry", date(2027, 2, 12)),
    ]


def test_a_longer_period_is_visited_every_half_year_within_the_cap():
    assert days(schedule(LONG, date(2026, 1, 1), date(2027, 12, 31))) == [
        ("first", date(2026, 3, 1)),
        ("periodic", date(2026, 9, 1)),
        ("periodic", date(2027, 3, 1)),
        ("pre_expiry", date(2027, 11, 1)),
    ]


def test_quarterly_visits_from_the_thirty_first_do_not_drift():
    visits = schedule(INTENSIVE, date(2026, 1, 31), date(2028, 1, 30), tracking_class="C")
    periodic = [visit.due_on for visit in visits if visit.kind == "periodic"]
    assert periodic[:4] == [date(2026, 5, 31), date(2026, 8, 31), date(2026, 11, 30), date(2027, 2, 28)]


def test_only_class_c_is_visited_more_than_twice_a_year():
    often = Frequency(1, 3, 60)
    start, end = date(2026, 1, 1), date(2027, 12, 31)
    ordinary = schedule(often, start, end, tracking_class="B")
    assert sum(v.due_on < date(2027, 1, 1) for v in ordinary) == 2
    assert len(schedule(often, start, end, tracking_class="C")) > len(ordinary)


def test_an_open_period_is_planned_up_to_a_horizon_and_visited_when_rights_are_restored():
    open_ended = Frequency(1, 6, 60, at_restoration=True)
    start = date(2026, 5, 6)
    visits = schedule(open_ended, start, None, restored_on=date(2027, 5, 20), horizon=date(2028, 5, 5))
    assert ("restoration", date(2027, 5, 20)) in days(visits)
    assert all(visit.kind != "pre_expiry" for visit in visits)
    with pytest.raises(Invalid):
        schedule(open_ended, start, None)


def test_an_immediate_first_visit_is_due_on_the_day():
    assert schedule(Frequency(1, 3, 60, immediate=True), date(2026, 1, 1), date(2026, 12, 31))[
        0
    ] == PlannedVisit("first", date(2026, 1, 1))


@settings(database=None, deadline=None, max_examples=100)
@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(6, 60),
    st.integers(1, 3),
    st.sampled_from([3, 6, 12, 36]),
    st.sampled_from(["A", "B", "C"]),
)
def test_every_full_year_has_a_visit_and_none_falls_outside_the_period(start, months, first, every, cls):
    end = add_months(start, months)
    visits = schedule(Frequency(first, every, 30), start, end, tracking_class=cls)
    assert all(start <= visit.due_on <= end for visit in visits)
    for year in range(months // 12):
        low, high = add_months(start, 12 * year), add_months(start, 12 * (year + 1))
        held = sum(low <= visit.due_on < high for visit in visits)
        assert held >= 1
        assert cls == "C" or held <= 3


def record(**changes):
    return VisitRecord(**{
        "held_on": date(2026, 6, 1), "visitors": ("a", "b"), "signed_by": frozenset({"a", "b"}), "grade": "good",
        "has_evidence": True, "subject_person_id": "zhong", "subject_signed": True, **changes,
    })  # fmt: skip


def codes(one):
    return [reason.code for reason in reasons_against_filing(one, date(2026, 6, 2))]


def test_a_full_record_is_filed():
    assert codes(record()) == []
    assert codes(record(subject_signed=False, refusal_noted=True)) == []


@pytest.mark.parametrize(("changes", "code"), [
    ({"visitors": ("a",), "signed_by": frozenset({"a"})}, "VISITORS"),
    ({"visitors": ("a", "a")}, "VISITORS"),
    ({"signed_by": frozenset({"a"})}, "VISITORS_UNSIGNED"),
    ({"grade": ""}, "GRADE"),
    ({"has_evidence": False}, "EVIDENCE"),
    ({"subject_signed": False}, "SUBJECT_SIGNATURE"),
    ({"held_on": date(2026, 7, 1)}, "HELD_ON"),
    ({"relatives": frozenset({"b"})}, "VISITOR_RECUSAL"),
    ({"subject_person_id": "a"}, "VISITOR_RECUSAL"),
    ({"handlers_to_avoid": frozenset({"a"})}, "VISITOR_HANDLED"),
])  # fmt: skip
def test_a_record_without_two_signed_visitors_a_grade_and_evidence_is_refused(changes, code):
    assert code in codes(record(**changes))


def test_the_helper_is_not_the_only_judge():
    assert "MENTOR_ALONE" in codes(record(visitors=("a",), signed_by=frozenset({"a"}), mentor_person_id="a"))
