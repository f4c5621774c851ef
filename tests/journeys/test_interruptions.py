"""A case suspended, resumed, ended for cause; the way up stopped."""

from datetime import timedelta

import pytest

from tests.journeys.office import Journey
from tests.journeys.ways import CADRE, publish_and_appoint, to_tracking
from webapp.domain.errors import Conflict, Invalid, NotAllowed, RuleBroken
from webapp.persistence.models import cases, runtime, tracking
from webapp.persistence.models import meetings as meeting_tables
from webapp.services import appeals, instances, interruptions, jobs, meetings, messages, tasks
from webapp.services.demo import scenes

WHY = "等待有关机关的核查结论。"


def suspend(journey: Journey, case_id: str, by: str = "changwei03") -> None:
    interruptions.suspend(journey.begin(), journey.actor(by), case_id=case_id, reason=WHY)


def resume(journey: Journey, case_id: str) -> None:
    interruptions.resume(journey.begin(), journey.actor("changwei03"), case_id=case_id)


def test_on_a_suspended_case_nothing_is_completed_claimed_or_voted_on(journey_on_both: Journey) -> None:
    journey = journey_on_both
    case_id = scenes.open_and_verify(journey, CADRE)
    task = journey.task(case_id, "propose")["id"]

    suspend(journey, case_id)

    with pytest.raises(Conflict, match="已暂停办理"):
        journey.complete("ganbu1", task, proposal_outcome="submit")
    with pytest.raises(Conflict, match="已暂停办理"):
        tasks.claim(journey.begin(), journey.actor("ganbu1"), task_id=task)
    with pytest.raises(Conflict):
        suspend(journey, case_id)
    resume(journey, case_id)
    tasks.claim(journey.begin(), journey.actor("ganbu1"), task_id=task)
    assert journey.events(case_id)[-3:] == ["case_suspended", "case_resumed", "task_claimed"]
    journey.check()


def test_an_item_of_a_suspended_case_is_not_put_to_the_vote(before_committee: tuple[Journey, str]) -> None:
    journey, case_id = before_committee
    meeting_id, items = journey.call("committee", [case_id])
    journey.attend(meeting_id)

    suspend(journey, case_id)

    with pytest.raises(Conflict, match="已暂停办理"):
        meetings.start_vote(journey.begin(), journey.actor("shiweiban"), item_id=items[0])


def test_clocks_stand_still_and_what_fell_due_fires_on_the_day_of_resuming(journey: Journey) -> None:
    case_id = to_tracking(journey)
    first = journey.rows(runtime.job, case_id=case_id, status="due", order=("due_at",))[0]["due_at"]
    suspend(journey, case_id)
    journey.wait((first - journey.now).days + 3)
    assert journey.rows(runtime.job, case_id=case_id, status=["due", "leased", "done"], due_at=first) == []
    assert jobs.run_due(journey.office, "worker") == 0
    open_before = journey.elements(case_id)

    resume(journey, case_id)
    journey.settle()

    (fired,) = journey.rows(runtime.job, case_id=case_id, status="done")[-1:]
    assert fired["due_at"] > first + timedelta(days=2)
    assert journey.elements(case_id) != open_before
    assert journey.rows(runtime.incident) == []
    journey.check()


def test_a_message_to_a_suspended_case_waits_for_it(before_committee: tuple[Journey, str]) -> None:
    journey, case_id = before_committee
    meeting_id, items = journey.call("committee", [case_id])
    journey.attend(meeting_id)
    recorder = journey.actor("shiweiban")
    meetings.start_vote(journey.begin(), recorder, item_id=items[0])
    journey.office.deliver = None
    meetings.record(journey.begin(), recorder, item_id=items[0], counts={"agree": 11})
    suspend(journey, case_id)

    assert messages.deliver_all(journey.office) == 0
    resume(journey, case_id)
    messages.deliver_all(journey.office)

    assert "record_decision" in journey.elements(case_id)
    journey.check()


def test_a_case_ends_for_cause_with_its_tasks_clocks_and_items(journey_on_both: Journey) -> None:
    journey = journey_on_both
    case_id = scenes.open_and_verify(journey, CADRE)
    scenes.propose_and_consult(
        journey, case_id, manner="convert_to_rank_only", post_id=scenes.post("fgj:rank")
    )
    end = {"case_id": case_id, "cause": "other", "reason": "经复议未通过，不再调整。"}

    with pytest.raises(NotAllowed):
        interruptions.end(journey.begin(), journey.actor("ganbu1"), **end)
    with pytest.raises(Invalid):
        interruptions.end(journey.begin(), journey.actor("changwei03"), **{**end, "cause": "bored"})
    interruptions.end(journey.begin(), journey.actor("changwei03"), **end)

    assert (journey.case(case_id)["status"], journey.case(case_id)["outcome"]) == (
        "closed",
        "ended_for_cause",
    )
    assert journey.elements(case_id) == set()
    assert journey.item(case_id)["status"] == "recalled"
    assert journey.rows(runtime.job, case_id=case_id, status="due") == []
    assert journey.rows(runtime.message_subscription, case_id=case_id) == []
    journey.check()


def test_tracking_ends_with_the_person_and_for_no_lesser_cause(journey: Journey) -> None:
    case_id = to_tracking(journey)
    head = journey.actor("changwei03")

    with pytest.raises(RuleBroken) as refused:
        interruptions.end(journey.begin(), head, case_id=case_id, cause="other", reason="表现好。")
    assert refused.value.reasons[0].article == "F14"
    interruptions.end(journey.begin(), head, case_id=case_id, cause="retired", reason="到龄退休。")

    plan = journey.plan(CADRE)
    assert (plan["status"], plan["conclusion"]) == ("closed", "retired")
    assert journey.rows(tracking.visit, plan_id=plan["id"], status="planned") == []
    journey.check()


def test_the_way_up_is_stopped_and_can_be_proposed_again(on_the_way_up: tuple[Journey, str]) -> None:
    journey, case_id = on_the_way_up
    scenes.initiate(journey, case_id, branch="same_level", post_id=scenes.post("wlj:deputy"))
    head = journey.actor("changwei03")

    interruptions.stop_way_up(journey.begin(), head, case_id=case_id, reason="职数调整。")

    assert journey.instance(case_id, "p04_reinstatement")["status"] == "cancelled"
    assert journey.row(meeting_tables.agenda_item, case_id=case_id, body="dept", status="recalled")
    assert (journey.case(case_id)["status"], journey.case(case_id)["stage"]) == ("open", "tracking")
    with pytest.raises(Conflict):
        interruptions.stop_way_up(journey.begin(), head, case_id=case_id, reason="职数调整。")
    journey.check()


def test_the_way_up_is_not_stopped_once_the_post_is_given(on_the_way_up: tuple[Journey, str]) -> None:
    journey, case_id = on_the_way_up
    scenes.initiate(journey, case_id, branch="promotion", post_id=scenes.post("jyj:deputy"))
    scenes.examine(journey, case_id, branch="promotion")
    scenes.decide_way_up(journey, case_id)
    publish_and_appoint(journey, case_id)

    with pytest.raises(Conflict, match="任职已经生效"):
        interruptions.stop_way_up(
            journey.begin(), journey.actor("changwei03"), case_id=case_id, reason="职数调整。"
        )
    with pytest.raises(RuleBroken):
        interruptions.end(
            journey.begin(), journey.actor("changwei03"), case_id=case_id, cause="other", reason="职数调整。"
        )

    assert journey.instance(case_id, "p04_reinstatement")["status"] == "running"
    journey.check()


def test_a_case_is_not_suspended_while_its_item_is_voted_on(before_committee: tuple[Journey, str]) -> None:
    journey, case_id = before_committee
    meeting_id, items = journey.call("committee", [case_id])
    journey.attend(meeting_id)
    meetings.start_vote(journey.begin(), journey.actor("shiweiban"), item_id=items[0])

    with pytest.raises(Conflict, match="正在表决"):
        suspend(journey, case_id)

    assert journey.enter(items[0], agree=11) == "passed"
    journey.end(meeting_id)
    journey.check()


def cancel(journey: Journey, case_id: str, process: str, by: str) -> None:
    instance_id = journey.instance(case_id, process)["id"]
    interruptions.cancel(journey.begin(), journey.actor(by), instance_id=instance_id, reason=WHY)


def test_no_single_process_of_a_case_is_cancelled_but_the_way_up(
    on_the_way_up: tuple[Journey, str],
) -> None:
    journey, case_id = on_the_way_up
    scenes.initiate(journey, case_id, branch="same_level", post_id=scenes.post("wlj:deputy"))

    with pytest.raises(NotAllowed):
        cancel(journey, case_id, "p04_reinstatement", "ganbu1")
    cancel(journey, case_id, "p04_reinstatement", "fubuzhang1")

    assert journey.instance(case_id, "p04_reinstatement")["status"] == "cancelled"
    assert journey.row(meeting_tables.agenda_item, case_id=case_id, body="dept", status="recalled")
    assert journey.case(case_id)["stage"] == "tracking"
    with pytest.raises(Conflict):
        cancel(journey, case_id, "p04_reinstatement", "fubuzhang1")
    journey.check()


@pytest.mark.parametrize("by", ["fubuzhang1", "changwei03"])
def test_a_case_never_loses_the_process_that_leads_it(before_committee: tuple[Journey, str], by: str) -> None:
    journey, case_id = before_committee

    with pytest.raises(RuleBroken) as refused:
        cancel(journey, case_id, "p01_down_adjustment", by)

    assert "因故终止" in refused.value.reasons[0].sentence
    assert journey.instance(case_id, "p01_down_adjustment")["status"] == "running"
    assert journey.item(case_id)["status"] == "waiting"
    journey.check()


def test_tracking_is_not_cancelled_with_its_plan_left_open(journey: Journey) -> None:
    case_id = to_tracking(journey)

    with pytest.raises(RuleBroken) as refused:
        cancel(journey, case_id, "p02_tracking", "changwei03")

    assert "因故终止" in refused.value.reasons[0].sentence
    assert journey.instance(case_id, "p02_tracking")["status"] == "running"


def test_a_process_that_belongs_to_no_case_is_cancelled_by_the_head(journey: Journey) -> None:
    instance_id = instances.start(
        journey.begin(), journey.actor("ganbu1"), key="p04_reinstatement", variables={}
    )
    stop = {"instance_id": instance_id, "reason": WHY}
    with pytest.raises(NotAllowed):
        interruptions.cancel(journey.begin(), journey.actor("ganbu1"), **stop)

    interruptions.cancel(journey.begin(), journey.actor("changwei03"), **stop)

    assert journey.row(runtime.process_instance, id=instance_id)["status"] == "cancelled"
    assert journey.rows(runtime.work_item, instance_id=instance_id, status="open") == []
    journey.check()


def appeal(journey: Journey) -> tuple[str, str]:
    """A demotion tracked, and the cadre asks for a review → case, appeal."""
    case_id = to_tracking(journey, manner="demotion")
    (measure,) = journey.rows(cases.measure, case_id=case_id)
    appeal_id = appeals.file(
        journey.begin(), journey.actor("benren"), measure_id=measure["id"], route="review",
        filing=appeals.Filing("请求复核。"), key="appeal",
    )  # fmt: skip
    return case_id, appeal_id


def answer(journey: Journey, case_id: str) -> None:
    """Not taken up, and the cadre told so."""
    journey.do(case_id, "accept", "shensu", acceptance="rejected")
    journey.do(case_id, "answer", "shensu", delivery_signed="signed")


def test_an_appeal_is_answered_although_its_case_has_ended(journey: Journey) -> None:
    case_id, appeal_id = appeal(journey)
    head = journey.actor("changwei03")

    interruptions.end(journey.begin(), head, case_id=case_id, cause="retired", reason="到龄退休。")

    assert journey.elements(case_id) == {"accept"}
    answer(journey, case_id)
    assert journey.row(cases.appeal, id=appeal_id)["answered_on"] == journey.today
    assert journey.rows(runtime.job, case_id=case_id, status="due") == []
    journey.check()


def test_an_appeal_and_its_clock_go_on_while_its_case_is_suspended(journey: Journey) -> None:
    case_id, appeal_id = appeal(journey)
    journey.do(case_id, "accept", "shensu", acceptance="accepted")
    instance_id = journey.row(cases.appeal, id=appeal_id)["instance_id"]
    (clock,) = journey.rows(runtime.job, instance_id=instance_id)

    suspend(journey, case_id)

    assert journey.instance(case_id, "p02_tracking")["status"] == "suspended"
    tasks.claim(journey.begin(), journey.actor("shensu"), task_id=journey.task(case_id, "review")["id"])
    journey.until(clock["due_at"].date() + timedelta(days=1))
    assert "press" in journey.elements(case_id)
    resume(journey, case_id)
    journey.check()
