"""A substitute's work counts as the principal's too: in the history, and where duties are separated."""

from datetime import timedelta

from tests.journeys.office import Journey
from tests.journeys.ways import CADRE
from webapp.persistence import finders
from webapp.persistence.models import history, runtime
from webapp.services import substitutes


def test_what_a_substitute_does_is_done_by_both_and_replays(journey_on_both: Journey) -> None:
    journey = journey_on_both
    case_id = journey.open_case("ganbu1", CADRE)
    journey.do(case_id, "assess", "ganbu1", assessment_outcome="mild_measure")
    principal = journey.actor("ganbu2")
    grant = next(one for one in principal.grants if one.role == "cadre_section")
    substitutes.name(
        journey.begin(),
        principal,
        substitute_id=journey.actor("dangan").user_id,
        role="cadre_section",
        organisation_id=str(grant.organisation_id),
        valid_from=journey.today,
        valid_to=journey.today + timedelta(days=3),
        reason="休假",
    )
    journey._actors.clear()

    journey.do(case_id, "handle_mild", "dangan", mild_measure_kind="admonishment")

    task = journey.row(runtime.work_item, case_id=case_id, element_id="handle_mild")
    both = {journey.actor("dangan").user_id, principal.user_id}
    assert {task["completed_by"], task["on_behalf_id"]} == both
    told = [
        row for row in journey.rows(history.history_event, case_id=case_id) if b"handle_mild" in row["body"]
    ]
    assert any(f'"on_behalf_of":"{principal.user_id}"'.encode() in row["body"] for row in told)
    with journey.begin() as work:
        row = {"case_id": case_id, "element_id": "other", "opened_at": task["opened_at"]}
        key = f"process:{task['process_key']}"
        done = finders.done_by(work, row, frozenset({"handle_mild", key}))
    assert done["handle_mild"] == both
    assert both <= done[key]
    journey.check()
