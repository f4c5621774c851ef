"""What is registered as decided is what the meeting passed; a deviation needs minutes, reason and a second person."""

import pytest

from tests.journeys.office import Journey
from tests.journeys.test_step_rules import refused
from tests.journeys.ways import AWAY, CADRE
from webapp.domain.errors import Invalid, NotAllowed
from webapp.persistence.models import cases, runtime
from webapp.services import tasks
from webapp.services.demo import scenes
from webapp.services.demo.scenes import post
from webapp.services.demo.staff import PAPER

LATERAL = {
    "decided_manner": "lateral_transfer", "target_post_id": post("jyj:deputy"), "tracking_class": "A",
    "legal_act_needed": "no",
}  # fmt: skip


def passed(journey: Journey) -> str:
    """降职 was proposed, and passed by the committee."""
    case_id = scenes.open_and_verify(journey, CADRE)
    scenes.propose_and_consult(journey, case_id, manner="demotion", post_id=post(AWAY))
    journey.meet("committee", case_id)
    return case_id


def deviate(journey: Journey, case_id: str) -> None:
    """The committee's office registers something else, with the minutes."""
    task_id = journey.task(case_id, "record_decision")["id"]
    given = {**LATERAL, "decision_deviates": "yes", "deviation_note": "会议讨论后改为平职调整。"}
    posted, uploads = journey.answers(task_id, given)
    tasks.complete(
        journey.begin(),
        journey.actor("shiweiban"),
        task_id=task_id,
        posted=posted,
        key=f"deviate-{task_id}",
        uploads={**uploads, "minutes": [PAPER]},
    )


def test_a_clerk_does_not_put_another_decision_in_the_place_of_the_one_passed(journey: Journey) -> None:
    case_id = passed(journey)

    assert refused(journey, case_id, "record_decision", "shiweiban", **LATERAL) == ["NOT_AS_PASSED"]
    other_post = {**LATERAL, "decided_manner": "demotion"}
    assert refused(journey, case_id, "record_decision", "shiweiban", **other_post) == ["NOT_AS_PASSED"]
    claimed = {**LATERAL, "decision_deviates": "yes"}
    assert refused(journey, case_id, "record_decision", "shiweiban", **claimed) == ["NO_MINUTES"]
    with pytest.raises(Invalid) as unexplained:
        journey.complete(
            "shiweiban", journey.task(case_id, "record_decision")["id"], **claimed, deviation_note=" "
        )
    assert set(unexplained.value.problems) == {"deviation_note"}
    same = {**other_post, "target_post_id": post(AWAY), "decision_deviates": "yes"}
    assert refused(journey, case_id, "record_decision", "shiweiban", **same) == ["NO_DEVIATION"]
    assert journey.rows(cases.measure, case_id=case_id) == []


def test_the_proposer_does_not_register_what_was_decided_on_the_own_proposal(journey: Journey) -> None:
    case_id = passed(journey)

    with pytest.raises(NotAllowed):
        journey.do(case_id, "record_decision", "ganbu1", **LATERAL)


def test_a_deviation_counts_once_a_second_person_has_confirmed_it_by_the_minutes(journey: Journey) -> None:
    case_id = passed(journey)
    deviate(journey, case_id)
    assert journey.elements(case_id) == {"confirm_deviation"}
    assert journey.rows(cases.measure, case_id=case_id) == []
    # Minutes, wherever they are handed in: they tell the votes and go along with no bundle.
    (entry,) = journey.rows(
        runtime.work_item, case_id=case_id, element_id="record_decision", status="completed"
    )
    assert [row["purpose"] for row in journey.rows(cases.attachment, work_item_id=entry["id"])] == ["minutes"]

    journey.do(case_id, "confirm_deviation", "fubuzhang1", deviation_outcome="returned")
    # Sent back: what was voted on is still what the register is held against.
    assert refused(journey, case_id, "record_decision", "shiweiban", **LATERAL) == ["NOT_AS_PASSED"]
    deviate(journey, case_id)
    journey.do(case_id, "confirm_deviation", "fubuzhang1", deviation_outcome="confirmed")

    assert journey.row(cases.measure, case_id=case_id)["kind"] == "lateral_transfer"
    assert journey.elements(case_id) == {"talk"}
    journey.check()
