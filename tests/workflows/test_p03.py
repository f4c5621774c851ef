"""回访: every path of p03_return_visit."""

from datetime import date
from typing import Any

import pytest

from tests.workflows import coverage_c3
from tests.workflows.coverage import missing
from tests.workflows.walker import Walk, definition

DUE = date(2026, 4, 13)
PAIR = ["visitor-1", "visitor-2"]
VISIT: dict[str, Any] = {
    "track": "up_down",
    "care": "education",
    "visit_kind": "periodic",
    "mentor_id": "mentor-1",
    "excluded_ids": ["cadre-1", "mentor-1", "handler-1"],
    "latest_end": "2027-01-11",
}


def fallen_due(**facts: Any) -> Walk:
    variables = {
        "caseId": "case-1",
        "cadreId": "cadre-1",
        "plan_id": "plan-1",
        "visit_id": "visit-1",
        "visit_kind": facts.get("visit_kind", "periodic"),
        "due_on": "2026-04-13",
    }
    fakes = {"read_visit": VISIT | facts, "raise_assessment_item": {"assessment_item_id": "item-1"}}
    return Walk("p03_return_visit", day=DUE, fakes=fakes, variables=variables, start="visit_fell_due")


def prepared(**facts: Any) -> Walk:
    walk = fallen_due(**facts)
    discipline = walk.open == {"prepare_visit_discipline"}
    walk.complete("prepare_visit_discipline" if discipline else "prepare_visit", visitors=PAIR)
    return walk


def held(signing: str = "paper", attitude: str = "accept", **facts: Any) -> Walk:
    walk = prepared(**facts)
    answers = {
        "visit_outcome": "held",
        "held_on": "2026-04-13",
        "subject_attitude": attitude,
        "signing": signing,
    }
    walk.complete("hold_visit", **answers)
    return walk


def signed(**options: Any) -> Walk:
    walk = held(**options)
    walk.complete("sign_visit")
    walk.complete("sign_visit")
    return walk


def graded(
    grade: str = "good",
    clue: str = "none",
    change: str = "no",
    owners: list[str] | None = None,
    **options: Any,
) -> Walk:
    walk = signed(**options)
    walk.complete("unit_section")
    answers = {"grade": grade, "clue": clue, "propose_class_change": change}
    walk.complete(
        "grade_visit", **answers, follow_up_owners=owners, follow_up_due="2026-05-29" if owners else None
    )
    return walk


@pytest.mark.parametrize(
    ("track", "element"),
    [
        ("up_down", "prepare_visit"),
        ("handling", "prepare_visit"),
        ("party", "prepare_visit_discipline"),
        ("admin", "prepare_visit_discipline"),
    ],
)
def test_who_handled_the_case_visits(track: str, element: str) -> None:
    assert fallen_due(track=track).open == {element}


@pytest.mark.parametrize(
    "visitors",
    [
        None,
        [],
        ["visitor-1"],
        ["visitor-1", "visitor-1"],
        ["visitor-1", "mentor-1"],
        ["cadre-1", "visitor-1"],
        ["handler-1", "visitor-1"],
    ],
)
def test_fewer_than_two_visitors_or_one_who_must_keep_away_is_prepared_again(
    visitors: list[str] | None,
) -> None:
    walk = fallen_due()

    walk.complete("prepare_visit", visitors=visitors)

    assert walk.open == {"prepare_visit"}


def test_the_visitors_named_hold_the_visit() -> None:
    walk = prepared()

    assert walk.open == {"hold_visit"}
    assert walk.people["hold_visit"] == ("visitor-1", "visitor-2")
    assert walk.due("hold_visit") == DUE


@pytest.mark.parametrize("make", [fallen_due, prepared])
def test_an_overdue_visit_goes_to_supervision_after_7_15_and_30_days(make: Any) -> None:
    walk = make()
    working = set(walk.open)

    walk.until(date(2026, 4, 19))
    assert walk.open == working
    walk.until(date(2026, 4, 20))
    assert walk.open == working | {"supervise_7"}
    walk.until(date(2026, 4, 28))
    assert walk.open == working | {"supervise_7", "supervise_15"}
    walk.until(date(2026, 5, 13))
    assert walk.open == working | {"supervise_7", "supervise_15", "supervise_30"}


def test_a_visit_held_in_time_is_never_pressed_for() -> None:
    walk = held()

    walk.until(date(2026, 6, 1))

    assert not {"supervise_7", "supervise_15", "supervise_30"} & set(walk.visited)


def test_pressing_does_not_stop_the_visit() -> None:
    walk = prepared()
    walk.until(date(2026, 4, 20))

    walk.complete("supervise_7")
    walk.complete(
        "hold_visit", visit_outcome="held", held_on="2026-04-21", subject_attitude="accept", signing="paper"
    )

    assert walk.open == {"sign_visit"}


def test_both_visitors_sign_each_for_themselves() -> None:
    walk = held()
    assignees = sorted(task.assignee for task in walk.tasks.values())
    assert assignees == PAIR

    walk.complete("sign_visit")

    assert walk.open == {"sign_visit"}
    walk.complete("sign_visit")
    assert walk.open == {"unit_section"}


def test_the_subject_reads_and_signs_on_the_own_page() -> None:
    walk = held(signing="online")
    assert walk.people["subject_sign"] == ("cadre-1",)

    walk.complete("subject_sign", subject_answer="signed")

    assert walk.open == {"sign_visit"}
    assert "note_refusal" not in walk.visited


def test_a_refusal_is_noted_with_reason_and_witness() -> None:
    at_the_visit = held(signing="refused")
    on_the_page = held(signing="online")
    on_the_page.complete("subject_sign", subject_answer="refused")

    for walk in (at_the_visit, on_the_page):
        assert walk.open == {"note_refusal"}
        walk.complete("note_refusal")
        assert walk.open == {"sign_visit"}


def test_a_subject_who_stays_silent_holds_nothing_up() -> None:
    walk = held(signing="online")

    walk.until(date(2026, 4, 21))

    assert walk.open == {"note_refusal"}


def test_a_good_visit_is_recorded_with_its_visitors_and_ends() -> None:
    walk = graded()

    assert walk.finished
    assert walk.calls("record_visit") == [
        {"visit_id": "visit-1", "held_on": "2026-04-13", "grade": "good", "visitors": PAIR}
    ]
    assert not walk.sent


def test_nothing_is_recorded_before_unit_and_visitors_have_spoken() -> None:
    walk = signed()
    walk.complete("unit_section")

    assert walk.open == {"grade_visit"}
    assert not walk.calls("record_visit")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"grade": "poor"}, "poor_grade"),
        ({"attitude": "dispute"}, "disputes"),
        ({"change": "yes"}, "class_review"),
    ],
)
def test_a_poor_visit_changes_the_class_and_the_schedule_but_only_by_a_leader(
    options: dict[str, str], reason: str
) -> None:
    walk = graded(**options)
    assert walk.open == {"review_class"}

    walk.complete("review_class", new_class="C")

    assert walk.finished
    assert walk.calls("set_class") == [{"plan_id": "plan-1", "tracking_class": "C", "reason": reason}]
    assert [(out.message, out.correlation) for out in walk.sent] == [("plan_changed", "cadre-1")]
    assert walk.sent[0].variables["change_reason"] == reason


def test_a_new_clue_is_handed_over_and_the_visit_still_ends() -> None:
    walk = graded(clue="found")
    assert walk.open == {"register_clue"}
    assert walk.calls("record_visit")

    walk.complete("register_clue", clue_result="received")

    assert walk.finished


def test_every_follow_up_goes_to_its_own_owner() -> None:
    walk = graded(owners=["owner-1", "owner-2"])

    assert sorted(task.assignee for task in walk.tasks.values()) == ["owner-1", "owner-2"]
    assert walk.due("do_follow_up") == date(2026, 5, 29)
    walk.complete("do_follow_up")
    assert not walk.finished
    walk.complete("do_follow_up")
    assert walk.finished


def test_a_visit_can_be_put_off_with_a_new_day() -> None:
    walk = prepared()

    walk.complete("hold_visit", visit_outcome="postponed", postponed_to="2026-04-27", visit_reason="illness")

    assert walk.finished
    assert walk.calls("postpone_visit") == [
        {"visit_id": "visit-1", "new_due": "2026-04-27", "reason": "illness"}
    ]


def test_death_ends_the_visit_without_a_grade() -> None:
    walk = prepared()

    walk.complete("hold_visit", visit_outcome="cancelled", visit_reason="death")

    assert walk.finished
    assert walk.calls("cancel_visit") == [{"visit_id": "visit-1", "reason": "death"}]
    assert not walk.calls("record_visit")


def test_care_is_never_graded() -> None:
    walk = signed(care="care", visit_kind="care")
    assert walk.open == {"sum_up_care"}

    walk.complete("sum_up_care", follow_up_owners=["owner-1"], follow_up_due="2026-05-29")

    assert walk.calls("record_visit")[0]["grade"] is None
    assert walk.open == {"do_follow_up"}
    assert "review_class" not in walk.visited


def test_care_that_meets_a_dispute_changes_no_class() -> None:
    walk = signed(care="care", attitude="dispute")

    walk.complete("sum_up_care", follow_up_owners=None, follow_up_due=None)

    assert walk.finished
    assert not walk.sent


def test_a_poor_visit_after_reinstatement_becomes_a_matter_for_assessment() -> None:
    walk = graded(grade="poor", visit_kind="after_reuse")

    assert walk.finished
    assert walk.calls("raise_assessment_item") == [{"source": "reuse_visit", "reason": "poor_grade"}]
    assert not walk.sent


def test_signature_and_grade_are_decisive_and_keep_relatives_away() -> None:
    nodes = definition("p03_return_visit").nodes

    for element in ("sign_visit", "grade_visit"):
        assert nodes[element].extras["decisive"] == "true"
        assert "relatives" in nodes[element].extras["recusal"]


def test_every_row_of_c3_has_its_place() -> None:
    assert missing(coverage_c3.COVERAGE) == []
