"""跟踪管理 and 帮带记实: every path of p02_tracking and p02a_periodic_note."""

from datetime import date
from typing import Any

import pytest

from tests.workflows import coverage_c2
from tests.workflows.coverage import missing
from tests.workflows.walker import Walk

OPENED = date(2026, 1, 12)
PLAN: dict[str, Any] = {
    "latest_end": "2027-01-11",
    "tracking_until": "2027-01-11",
    "months": 12,
    "track": "up_down",
    "kind": "lateral_transfer",
    "tracking_class": "A",
    "care": "education",
    "disputes": False,
    "last_grade": None,
    "appeal_pending": False,
    "probation_in_party": False,
    "opened_on": "2026-01-12",
    "mentor_id": None,
}


def tracking(**plan: Any) -> tuple[Walk, dict[str, Any]]:
    facts = PLAN | plan
    fakes = {
        "read_plan": lambda _inputs: dict(facts),
        "plan_visits": {"first_due": "2026-04-12"},
        "reschedule_visits": {"next_due": None},
    }
    variables = {"caseId": "case-1", "cadreId": "cadre-1", "unitId": "unit-1", "plan_id": "plan-1"}
    return Walk("p02_tracking", day=OPENED, fakes=fakes, variables=variables, start="tracking_started"), facts


def with_file(**plan: Any) -> tuple[Walk, dict[str, Any]]:
    walk, facts = tracking(**plan)
    walk.message("talk_registered")
    file = "open_file_discipline" if facts["track"] in ("party", "admin") else "open_file"
    walk.complete(file, tracking_class=facts["tracking_class"])
    return walk, facts


def settled(**plan: Any) -> tuple[Walk, dict[str, Any]]:
    """A plan with mentor, post and measures, waiting for the end of the period."""
    walk, facts = with_file(**plan)
    walk.complete("make_care_plan" if facts["care"] == "care" else "make_plan", mentor_id="mentor-1")
    walk.complete("approve_plan", plan_outcome="approved")
    walk.complete("arrange_post")
    walk.complete("arrange_measures")
    return walk, facts


def evaluated(unit_grade: str = "good", new_clue: str = "none", **plan: Any) -> tuple[Walk, dict[str, Any]]:
    walk, facts = settled(**plan)
    walk.until(date(2026, 12, 12))
    walk.complete("evaluate_by_unit", unit_grade=unit_grade)
    walk.complete("check_new_clues", new_clue=new_clue)
    walk.complete("evaluate")
    return walk, facts


def concluding(**options: Any) -> tuple[Walk, dict[str, Any]]:
    walk, facts = evaluated(**options)
    walk.until(date(2027, 1, 12))
    return walk, facts


def test_nothing_opens_for_anyone_before_the_talk_is_recorded() -> None:
    walk, _ = tracking()

    assert walk.waiting == {"talk_registered", "terminated_before_talk"}
    assert not walk.open
    assert not walk.asked


@pytest.mark.parametrize(
    ("track", "file"),
    [
        ("up_down", "open_file"),
        ("handling", "open_file"),
        ("party", "open_file_discipline"),
        ("admin", "open_file_discipline"),
    ],
)
def test_the_file_is_opened_by_the_organ_of_the_track(track: str, file: str) -> None:
    walk, _ = tracking(track=track)

    walk.message("talk_registered")

    assert walk.open == {file}
    assert walk.due(file) == date(2026, 1, 26)


def test_visits_are_planned_from_the_class_before_the_mentor_is_named() -> None:
    walk, _ = with_file(tracking_class="C")

    assert walk.calls("set_class") == [{"plan_id": "plan-1", "tracking_class": "C", "reason": "opened"}]
    assert walk.calls("plan_visits")[0] | {} == {
        "plan_id": "plan-1",
        "first_within_months": 1,
        "every_months": 3,
        "before_expiry_days": 60,
        "at_rights_restored": False,
        "max_per_year": 12,
        "avoid_handlers": False,
    }
    assert walk.open == {"make_plan"}


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ({}, (3, 6, 30, 2)),
        ({"months": 18}, (2, 6, 60, 2)),
        ({"months": 24}, (2, 6, 60, 2)),
        ({"months": 36}, (1, 6, 60, 2)),
        ({"months": None, "tracking_until": None}, (1, 6, 60, 2)),
        ({"probation_in_party": True, "months": 12}, (1, 6, 60, 2)),
        ({"disputes": True}, (1, 3, 60, 2)),
        ({"last_grade": "poor"}, (1, 3, 60, 2)),
        ({"tracking_class": "C"}, (1, 3, 60, 12)),
        ({"care": "care"}, (3, 6, 30, 2)),
    ],
)
def test_the_schedule_follows_the_table(plan: dict[str, Any], expected: tuple[int, ...]) -> None:
    walk, _ = with_file(**plan)

    asked = walk.calls("plan_visits")[0]
    got = (
        asked["first_within_months"],
        asked["every_months"],
        asked["before_expiry_days"],
        asked["max_per_year"],
    )
    assert got == expected


def test_while_an_appeal_is_pending_the_schedule_stays_and_the_handlers_keep_away() -> None:
    walk, _ = with_file(appeal_pending=True)

    asked = walk.calls("plan_visits")[0]
    assert (asked["first_within_months"], asked["avoid_handlers"]) == (3, True)


def test_supervision_presses_when_no_mentor_is_named_within_a_month() -> None:
    walk, _ = with_file()

    assert walk.due("plan_overdue") == date(2026, 2, 12)
    walk.until(date(2026, 2, 12))

    assert walk.open == {"make_plan", "press_for_plan"}
    walk.complete("press_for_plan")
    assert walk.open == {"make_plan"}


def test_a_plan_sent_back_returns_to_its_author() -> None:
    walk, _ = with_file()
    walk.complete("make_plan", mentor_id="mentor-1")

    walk.complete("approve_plan", plan_outcome="returned")

    assert walk.open == {"make_plan"}
    assert not walk.calls("assign_mentor")


@pytest.mark.parametrize(
    ("tracking_class", "frequency"), [("A", "quarterly"), ("B", "monthly"), ("C", "monthly")]
)
def test_notes_are_quarterly_and_monthly_only_for_those_watched(tracking_class: str, frequency: str) -> None:
    walk, _ = settled(tracking_class=tracking_class)

    assert walk.calls("assign_mentor") == [{"plan_id": "plan-1", "mentor_id": "mentor-1"}]
    assert walk.calls("plan_notes") == [{"plan_id": "plan-1", "frequency": frequency}]


@pytest.mark.parametrize(("months", "day"), [(12, date(2026, 12, 12)), (18, date(2026, 11, 12))])
def test_the_evaluation_begins_30_or_60_days_before_the_end(months: int, day: date) -> None:
    walk, _ = settled(months=months)

    assert walk.due("review_due") == day
    walk.until(day)
    assert walk.open == {"evaluate_by_unit", "check_new_clues"}


def test_a_changed_plan_moves_visits_notes_and_the_evaluation() -> None:
    walk, facts = settled()
    facts |= {"latest_end": "2028-01-11", "tracking_until": "2028-01-11", "months": 24, "tracking_class": "B"}

    walk.message("plan_changed", change_reason="measure_added")

    assert walk.calls("reschedule_visits")[0]["reason"] == "measure_added"
    assert walk.calls("reschedule_visits")[0]["immediate"] is False
    assert walk.calls("plan_notes")[-1]["frequency"] == "monthly"
    assert walk.due("review_due") == date(2027, 11, 12)


def test_a_poor_visit_brings_an_extra_visit_at_once() -> None:
    walk, facts = settled()
    facts |= {"tracking_class": "C", "last_grade": "poor"}

    walk.message("plan_changed", change_reason="poor_grade")

    assert walk.calls("reschedule_visits")[0]["immediate"] is True


def test_an_open_end_waits_for_the_rights_to_be_restored() -> None:
    walk, facts = settled(
        latest_end=None, tracking_until=None, months=None, probation_in_party=True, track="party"
    )
    assert walk.waiting == {"rights_restored", "plan_changed_while_open", "terminated_while_open"}
    facts |= {"latest_end": "2029-01-11", "tracking_until": "2029-01-11", "months": 36}

    walk.message("rights_restored", change_reason="rights_restored")

    assert walk.calls("reschedule_visits")[0]["at_rights_restored"] is True
    assert walk.due("review_due") == date(2028, 11, 12)


def test_no_conclusion_before_the_period_is_over() -> None:
    walk, _ = evaluated()

    assert not walk.open
    walk.until(date(2027, 1, 11))
    assert not walk.open
    walk.until(date(2027, 1, 12))
    assert walk.open == {"conclude"}


def test_a_period_that_grew_during_the_evaluation_sends_it_back_to_wait() -> None:
    walk, facts = settled()
    walk.until(date(2026, 12, 12))
    walk.complete("evaluate_by_unit", unit_grade="good")
    walk.complete("check_new_clues", new_clue="none")
    facts |= {"latest_end": "2028-06-30", "tracking_until": "2028-06-30", "months": 24}

    walk.complete("evaluate")

    assert not walk.open
    assert walk.due("review_due") == date(2028, 5, 1)


def test_a_change_takes_the_conclusion_off_the_desk() -> None:
    walk, facts = concluding()
    facts |= {"latest_end": "2028-06-30", "tracking_until": "2028-06-30", "months": 24}

    walk.message("plan_changed_at_conclusion", change_reason="measure_added")

    assert not walk.open
    assert "review_due" in walk.waiting


def test_tracking_ends_when_the_head_closes_it() -> None:
    walk, _ = concluding()

    walk.complete("conclude", conclusion="closed")

    assert walk.finished
    assert walk.calls("close_plan") == [{"plan_id": "plan-1", "conclusion": "closed"}]
    assert walk.calls("close_case") == [{"outcome": "tracking_closed"}]
    assert not walk.sent


def test_a_recommendation_starts_reinstatement_and_leaves_the_case_open() -> None:
    walk, _ = concluding()

    walk.complete("conclude", conclusion="recommended")

    assert walk.finished
    assert [(out.message, out.correlation) for out in walk.sent] == [("reinstatement_recommended", "cadre-1")]
    assert not walk.calls("close_case")


@pytest.mark.parametrize("options", [{"new_clue": "open"}, {"new_clue": "found"}, {"unit_grade": "poor"}])
def test_nobody_is_recommended_with_an_open_matter_or_a_poor_grade(options: dict[str, str]) -> None:
    walk, _ = concluding(**options)

    walk.complete("conclude", conclusion="recommended")

    assert walk.open == {"evaluate"}
    assert not walk.calls("close_plan")


@pytest.mark.parametrize(("conclusion", "expected"), [("extended", "A"), ("intensified", "C")])
def test_tracking_can_be_prolonged_without_touching_the_impact_period(conclusion: str, expected: str) -> None:
    walk, facts = concluding()
    facts["tracking_until"] = "2027-07-31"

    walk.complete("conclude", conclusion=conclusion, extended_until="2027-07-31", new_class="C")

    assert walk.calls("extend_plan") == [
        {"plan_id": "plan-1", "until": "2027-07-31", "tracking_class": expected}
    ]
    assert walk.calls("reschedule_visits")[-1]["reason"] == "extended"
    assert walk.due("review_due") == date(2027, 7, 1)


def test_a_prolongation_without_a_date_goes_back() -> None:
    walk, _ = concluding()

    walk.complete("conclude", conclusion="extended", extended_until=None)

    assert walk.open == {"evaluate"}


def test_reopening_registers_where_it_went() -> None:
    walk, _ = concluding()

    walk.complete("conclude", conclusion="reopened")
    walk.complete("register_elsewhere", elsewhere_kind="discipline", elsewhere_result="accepted")

    assert walk.finished
    assert walk.calls("close_case") == [{"outcome": "reopened"}]


def test_the_head_may_send_the_evaluation_back() -> None:
    walk, _ = concluding()

    walk.complete("conclude", conclusion="returned")

    assert walk.open == {"evaluate"}


def test_care_is_summed_up_without_votes_or_discipline() -> None:
    walk, _ = settled(care="care")

    walk.until(date(2026, 12, 12))
    assert walk.open == {"evaluate"}
    walk.complete("evaluate")
    walk.until(date(2027, 1, 12))
    walk.complete("conclude", conclusion="recommended")

    assert walk.finished
    assert "make_plan" not in walk.visited
    assert [out.message for out in walk.sent] == ["reinstatement_recommended"]


@pytest.mark.parametrize(
    "where", ["terminated_before_talk", "tracking_terminated", "terminated_while_open", "terminated_late"]
)
def test_death_or_leaving_ends_tracking_at_every_wait(where: str) -> None:
    makers = {
        "terminated_before_talk": tracking,
        "tracking_terminated": settled,
        "terminated_while_open": lambda: settled(latest_end=None, tracking_until=None, months=None),
        "terminated_late": evaluated,
    }
    walk, _ = makers[where]()

    walk.message(where, termination_reason="death")

    assert walk.finished
    assert walk.calls("close_plan") == [{"plan_id": "plan-1", "conclusion": "terminated"}]
    assert walk.calls("close_case") == [{"outcome": "ended_for_cause"}]


def test_a_change_while_waiting_for_rights_or_for_the_end_is_recomputed() -> None:
    waiting, _ = settled(latest_end=None, tracking_until=None, months=None)
    waiting.message("plan_changed_while_open", change_reason="measure_added")
    late, _ = evaluated()
    late.message("plan_changed_late", change_reason="measure_added")

    assert len(waiting.calls("reschedule_visits")) == len(late.calls("reschedule_visits")) == 1


NOTE: dict[str, Any] = {
    "writer_ids": ["mentor-1"],
    "care": "education",
    "track": "party",
    "kind": "warning",
    "year_of_measure": True,
    "probation_in_party": False,
    "under_investigation": False,
}


def note(note_kind: str, **facts: Any) -> Walk:
    variables = {
        "caseId": "case-1",
        "cadreId": "cadre-1",
        "note_id": "note-1",
        "note_kind": note_kind,
        "due_on": "2026-03-31",
    }
    fakes = {"read_note": NOTE | facts, "raise_assessment_item": {"assessment_item_id": "item-1"}}
    return Walk(
        "p02a_periodic_note", day=date(2026, 3, 31), fakes=fakes, variables=variables, start="note_fell_due"
    )


def test_the_mentor_writes_the_note_and_the_section_reads_it() -> None:
    walk = note("mentor")
    assert walk.people["write_note"] == ("mentor-1",)

    walk.complete("write_note")
    walk.complete("check_note", check_outcome="accepted")

    assert walk.finished
    assert walk.calls("record_note") == [{"note_id": "note-1", "grade": None, "risk": None}]


def test_without_a_mentor_the_unit_writes_and_a_note_sent_back_returns() -> None:
    walk = note("mentor", writer_ids=[])
    walk.complete("write_unit_note")

    walk.complete("check_note", check_outcome="returned")

    assert walk.open == {"write_unit_note"}


@pytest.mark.parametrize(
    ("facts", "effect"),
    [
        ({}, "not_excellent"),
        ({"kind": "serious_warning"}, "comments_only"),
        ({"kind": "revoke_party_post"}, "incompetent"),
        ({"kind": "party_probation_one_year"}, "incompetent"),
        (
            {"kind": "party_probation_one_year", "year_of_measure": False, "probation_in_party": True},
            "comments_only",
        ),
        ({"under_investigation": True}, "no_grade_until_closed"),
        ({"track": "mild", "kind": "admonishment"}, "not_excellent"),
        ({"track": "admin", "kind": "demerit"}, "by_rule"),
        ({"year_of_measure": False}, "normal"),
        ({"track": "up_down", "kind": "lateral_transfer"}, "normal"),
    ],
)
def test_the_year_of_the_measure_decides_the_annual_appraisal(facts: dict[str, Any], effect: str) -> None:
    walk = note("annual", **facts)

    assert walk.variables["appraisal"]["effect"] == effect
    assert walk.open == {"write_annual_summary"}


def test_a_worrying_summary_becomes_a_matter_for_assessment_not_a_case() -> None:
    walk = note("annual")
    walk.complete("write_annual_summary", note_grade="poor", note_risk="high")

    walk.complete("check_note", check_outcome="attention", note_reason="absent")

    assert walk.calls("raise_assessment_item") == [{"source": "note", "reason": "absent"}]
    assert walk.calls("record_note") == [{"note_id": "note-1", "grade": "poor", "risk": "high"}]


@pytest.mark.parametrize(("kind", "writers"), [("mentor", ["mentor-1"]), ("mentor", []), ("annual", [])])
def test_a_late_note_is_pressed_for_after_a_week(kind: str, writers: list[str]) -> None:
    walk = note(kind, writer_ids=writers)

    walk.until(date(2026, 4, 7))

    assert "press_for_note" in walk.open
    walk.complete("press_for_note")
    assert len(walk.open) == 1


def test_every_row_of_c2_has_its_place() -> None:
    assert missing(coverage_c2.COVERAGE) == []
