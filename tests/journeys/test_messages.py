"""Messages between processes: each reaches its one receiver, or somebody is told."""

from collections.abc import Mapping
from typing import Any

from tests.journeys.office import Journey
from tests.journeys.ways import AWAY, CADRE, RANK_ONLY
from webapp.domain.errors import Refused
from webapp.persistence.models import runtime
from webapp.services import incidents, jobs, messages
from webapp.services.demo import scenes
from webapp.services.demo.scenes import post

Place = tuple[Journey, str]


def refuse(*_: Any) -> Mapping[str, object]:
    raise Refused("跟踪方案暂时读不出来。")


def test_a_message_that_cannot_be_taken_in_becomes_an_incident_and_goes_on_after_a_retry(
    before_committee: Place,
) -> None:
    journey, case_id = before_committee
    journey.meet("committee", case_id)
    scenes.decide(journey, case_id, manner=RANK_ONLY, post_id=post(AWAY))
    sound = journey.office.delegates
    journey.office.delegates = {**sound, "read_plan": refuse}
    scenes.talk_and_appoint(journey, case_id)
    assert journey.elements(case_id) == set()
    (incident,) = journey.rows(runtime.incident)
    assert (incident["code"], incident["case_id"]) == ("MESSAGE_FAILED", case_id)

    journey.office.delegates = sound
    incidents.retry(journey.begin(), journey.actor("xitong"), incident_id=incident["id"])

    assert journey.elements(case_id) == {"open_file"}
    assert journey.row(runtime.incident, id=incident["id"])["resolved_by"] == journey.actor("xitong").user_id


def test_a_job_that_fails_becomes_an_incident_and_runs_after_a_retry(journey: Journey) -> None:
    case_id = scenes.open_and_verify(journey, CADRE)
    given = {**scenes.PLAIN, "dual_managed": "yes"}
    journey.do(case_id, "propose", "ganbu1", manner=RANK_ONLY, target_post_id=post(AWAY), **given)
    journey.meet("dept", case_id)
    sound = journey.office.delegates
    journey.office.delegates = {**sound, "record_deemed_consent": refuse}
    journey.wait(32)
    (incident,) = journey.rows(runtime.incident)
    assert (incident["code"], incident["element_id"]) == ("JOB_FAILED", "dual_silent")
    assert "consult_dual_manager" in journey.elements(case_id)

    journey.office.delegates = sound
    incidents.retry(journey.begin(), journey.actor("xitong"), incident_id=incident["id"])
    jobs.run_due(journey.office, "worker")

    assert journey.elements(case_id) == {"consult_discipline", "consult_leader"}
    assert journey.row(runtime.job, id=incident["job_id"])["status"] == "done"


def test_nothing_begins_on_a_closed_case(journey: Journey) -> None:
    case_id = journey.open_case("ganbu1", CADRE)
    journey.do(case_id, "assess", "ganbu1", assessment_outcome="dismissed")
    with journey.begin() as work:
        messages.send(
            work, case_id=case_id, element_id="late", message="note_due", correlation=None,
            variables={"note_id": case_id, "note_kind": "mentor", "due_on": "2024-03-04"},
        )  # fmt: skip
        work.commit(incidents.event(work, case_id, "TEST", None))

    messages.deliver_all(journey.office)

    assert [row["status"] for row in journey.rows(runtime.outbox)] == ["cancelled"]
    assert journey.elements(case_id) == set()
    journey.check()
