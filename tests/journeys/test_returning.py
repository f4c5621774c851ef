"""A task sent back 退回修改 to where its diagram says, with a reason."""

import pytest

from tests.journeys.office import Journey
from tests.journeys.ways import CADRE
from webapp.domain.errors import Invalid, NotAllowed
from webapp.persistence.models import cases, history
from webapp.services import tasks
from webapp.services.demo import scenes

REASON = "请补充说明与本人谈话的情况。"


def waiting_for_approval(journey: Journey) -> str:
    """Proposed for verification, waiting for the head."""
    case_id = journey.open_case("ganbu1", CADRE)
    journey.do(case_id, "assess", "jiandu1", assessment_outcome="open_case")
    journey.do(
        case_id, "propose_opening", "fubuzhang1", conflict_declared="no", opening_proposal_outcome="submit"
    )
    return case_id


def send_back(journey: Journey, login: str, task_id: str, reason: str = REASON, key: str = "k1") -> object:
    """The verb, by a login."""
    return tasks.send_back(journey.begin(), journey.actor(login), task_id=task_id, reason=reason, key=key)


def test_a_task_goes_back_to_where_the_diagram_says_with_the_reason_sealed(journey: Journey) -> None:
    case_id = waiting_for_approval(journey)
    task_id = journey.task(case_id, "approve_opening")["id"]

    first = send_back(journey, "changwei03", task_id)

    assert journey.elements(case_id) == {"propose_opening"}
    assert send_back(journey, "changwei03", task_id) == first
    assert journey.events(case_id).count("task_returned") == 1
    (sealed,) = journey.rows(cases.sealed_value, owner_kind="return", owner_id=task_id)
    assert REASON.encode() not in bytes(sealed["ciphertext"])
    bodies = [row["body"] for row in journey.rows(history.history_event, case_id=case_id)]
    assert not [
        body for body in bodies if REASON in (body if isinstance(body, str) else bytes(body).decode())
    ]
    journey.check()


def test_nothing_goes_back_without_a_reason_by_a_stranger_or_where_no_way_is_drawn(journey: Journey) -> None:
    case_id = waiting_for_approval(journey)
    task_id = journey.task(case_id, "approve_opening")["id"]
    with pytest.raises(Invalid) as invalid:
        send_back(journey, "changwei03", task_id, reason="  ")
    assert set(invalid.value.problems) == {"return_reason"}
    with pytest.raises(NotAllowed, match="承办人"):
        send_back(journey, "ganbu1", task_id)
    other = journey.open_case("ganbu1", scenes.person("温霜降"))
    with pytest.raises(NotAllowed, match="没有退回的去处"):
        send_back(journey, "jiandu1", journey.task(other, "assess")["id"])
    assert journey.elements(case_id) == {"approve_opening"}
