"""Verbs that interrupt a case 暂停、恢复、因故终止, and one that stops the way up."""

from collections.abc import Mapping
from typing import Any

from webapp import engine as bpmn
from webapp.domain import access, events, tracking
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, Reason, RuleBroken
from webapp.persistence.models import cases as tables
from webapp.persistence.models import meetings, repository, runtime
from webapp.persistence.models import tracking as plans
from webapp.services import advance, instances, sealing
from webapp.services.cases import take_case
from webapp.services.delegates.plans import PLAN_MESSAGES, cancel_rows
from webapp.services.desk import CaseStanding
from webapp.services.incidents import fault
from webapp.services.office import Work

DECIDERS = ("org_dept_head", "org_dept_deputy_head", "discipline_organ")
WAY_UP = "p04_reinstatement"
# Why a case ends before its time; the first three end tracking too, whatever period still runs.
CAUSES: Mapping[str, tracking.Ending | None] = {
    "died": "died",
    "retired": "retired",
    "left_service": "left_service",
    "other": None,
}
LONGEST_REASON = 500


def suspend(work: Work, actor: Actor, *, case_id: str, reason: str) -> None:
    """Suspend a case 暂停办理: nothing is completed or voted on, no clock fires, messages wait.

    Impact periods and other legal terms run on; they are dates, not clocks of the case.
    """
    told = _told(reason)
    with work:
        case = _take(work, actor, case_id, "open")
        work.update(tables.case_file, {"id": case_id}, {"status": "suspended"})
        values = {"status": "suspended", "suspended_at": work.now}
        work.update(runtime.process_instance, {"case_id": case_id, "status": "running"}, values)
        work.update(runtime.job, {"case_id": case_id, "status": "due"}, {"status": "suspended"})
        _commit(work, actor, case, events.CaseSuspended, {"fields": _sealed(work, case, told)})


def resume(work: Work, actor: Actor, *, case_id: str, reason: str = "") -> None:
    """Resume a case 恢复办理: what fell due meanwhile fires at once, dated today; the rest keeps its day."""
    with work:
        case = _take(work, actor, case_id, "suspended")
        work.update(tables.case_file, {"id": case_id}, {"status": "open"})
        values = {"status": "running", "suspended_at": None}
        work.update(runtime.process_instance, {"case_id": case_id, "status": "suspended"}, values)
        waiting = work.all(runtime.job, case_id=case_id, status="suspended")
        overdue = [row["id"] for row in waiting if row["due_at"] < work.now]
        if overdue:
            work.update(runtime.job, {"id": overdue}, {"status": "due", "due_at": work.now})
        work.update(runtime.job, {"case_id": case_id, "status": "suspended"}, {"status": "due"})
        work.after_commit(work.office.wake)
        told = {"fields": _sealed(work, case, reason.strip())} if reason.strip() else {}
        _commit(work, actor, case, events.CaseResumed, {**told, "overdue_clocks": len(overdue)})


def end(work: Work, actor: Actor, *, case_id: str, cause: str, reason: str) -> None:
    """End a case for cause 因故终止: tasks, clocks and agenda items fall away, tracking too where the cause ends it.

    RuleBroken for any other cause while the cadre's tracking is led on this case (F14).
    """
    told = _told(reason)
    if cause not in CAUSES:
        raise Invalid({"cause": "请选择终止的原因。"})
    try:
        with work:
            case = _take(work, actor, case_id, "open")
            plan = work.one(plans.tracking_plan, person_id=case.person_id, status="open", lock=True)
            mine = plan if plan is not None and plan["case_id"] == case_id else None
            if mine is not None:
                _close_plan(work, mine, CAUSES[cause])
            cancelled = [_cancel(work, row["id"]) for row in _running(work, case_id)]
            _withdraw(work, case_id=case_id)
            values = {"status": "closed", "outcome": "ended_for_cause", "stage": "closed"}
            at = {"stage_since": work.now, "closed_at": work.now}
            work.update(tables.case_file, {"id": case_id}, values | at)
            facts = {"cause": cause, "instances": cancelled, "fields": _sealed(work, case, told)}
            _commit(work, actor, case, events.CaseEnded, facts)
    except bpmn.EngineError as error:
        raise fault(work.office, error) from error


def stop_way_up(work: Work, actor: Actor, *, case_id: str, reason: str) -> None:
    """Stop the reinstatement process 终止重新任用程序; the case goes on being what it was before."""
    told = _told(reason)
    try:
        with work:
            case = _take(work, actor, case_id, "open")
            row = next((one for one in _running(work, case_id) if _key(work, one) == WAY_UP), None)
            if row is None:
                raise Conflict("该卷宗目前没有进行中的重新任用程序。")
            cancelled = _cancel(work, row["id"])
            _withdraw(work, case_id=case_id, instance_id=row["id"])
            facts = {**cancelled, "fields": _sealed(work, case, told)}
            _commit(work, actor, case, events.ProcessCancelled, facts)
    except bpmn.EngineError as error:
        raise fault(work.office, error) from error


def _take(work: Work, actor: Actor, case_id: str, status: str) -> CaseStanding:
    case = take_case(work, actor, case_id)
    access.require_role_for(actor, case.bodies, *DECIDERS, day=work.today)
    if case.status != status:
        raise Conflict(
            {
                "open": "该工作卷宗目前没有暂停。",
                "suspended": "该工作卷宗已经暂停办理，请先恢复办理。",
                "closed": "该工作卷宗已经办结。",
            }[case.status]
        )
    return case


def _told(reason: str) -> str:
    told = reason.strip()
    if not told or len(told) > LONGEST_REASON:
        raise Invalid({"reason": f"请写明理由，不超过{LONGEST_REASON}字。"})
    return told


def _running(work: Work, case_id: str) -> list[Mapping[str, Any]]:
    return work.all(runtime.process_instance, case_id=case_id, status="running", order=("started_at", "id"))


def _key(work: Work, instance: Mapping[str, Any]) -> str:
    return str(work.get(repository.definition, id=instance["definition_id"])["key"])


def _cancel(work: Work, instance_id: str) -> Mapping[str, object]:
    run, _ = instances.load(work, instance_id)
    facts = advance.apply(run, bpmn.Cancel("cancelled")).facts
    ended = {"status": "cancelled", "ended_at": work.now}
    work.update(runtime.process_instance, {"id": instance_id}, ended)
    return facts


def _withdraw(work: Work, **where: Any) -> None:
    """What no meeting has decided leaves the agenda; a publicity that runs ends; messages find nobody."""
    gone = {"status": "recalled", "meeting_id": None, "position": None}
    work.update(meetings.agenda_item, {**where, "status": ["waiting", "scheduled"]}, gone)
    if work.all(meetings.agenda_item, status="voting", **where):
        raise Conflict("该卷宗的议题正在表决，请待会议有结果后再办理。")
    case_id = where["case_id"]
    work.update(tables.publicity, {"case_id": case_id, "status": "open"}, {"status": "cancelled"})
    if "instance_id" not in where:
        stale = {"case_id": case_id, "status": ["due", "suspended"]}
        work.update(runtime.job, stale, {"status": "cancelled"})
        work.update(runtime.outbox, {"case_id": case_id, "status": "waiting"}, {"status": "cancelled"})


def _close_plan(work: Work, plan: Mapping[str, Any], ending: tracking.Ending | None) -> None:
    if ending is None:
        sentence = "干部正在跟踪管理中，除去世、退休、离开公职外，不得终止；决定被撤销的，在措施页办理撤销。"
        raise RuleBroken([Reason("TRACKING_OPEN", sentence, "F14")])
    values = {"status": "closed", "conclusion": ending, "closed_on": work.today}
    work.update(plans.tracking_plan, {"id": plan["id"]}, values)
    cancel_rows(work, plan["id"])
    stale = {"message": PLAN_MESSAGES, "correlation": plan["person_id"], "status": "waiting"}
    work.update(runtime.outbox, stale, {"status": "cancelled"})


def _sealed(work: Work, case: CaseStanding, told: str) -> list[dict[str, str]]:
    return sealing.seal_values(
        work, {"reason": told}, case_id=case.id, owner_kind="interruption", owner_id=case.id
    )


def _commit(
    work: Work, actor: Actor, case: CaseStanding, kind: type[events.Event], facts: Mapping[str, Any]
) -> None:
    work.commit(kind(actor=actor, effective_at=work.now, case_id=case.id, stream=case.stream, facts=facts))
