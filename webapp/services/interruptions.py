"""Verbs that interrupt a case 暂停、恢复、因故终止 or one process 撤销流程, and one that stops the way up."""

from collections.abc import Mapping
from typing import Any

from webapp import engine as bpmn
from webapp.domain import access, events, tracking
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, NotFound, Reason, RuleBroken
from webapp.domain.lifecycle import REINSTATED
from webapp.persistence.models import cases as tables
from webapp.persistence.models import meetings, people, repository, runtime
from webapp.persistence.models import tracking as plans
from webapp.services import advance, calls, instances, sealing, way_up
from webapp.services.cases import take_case
from webapp.services.delegates.plans import PLAN_MESSAGES, cancel_rows
from webapp.services.desk import CaseStanding
from webapp.services.incidents import fault
from webapp.services.office import Work

DECIDERS = ("org_dept_head", "org_dept_deputy_head", "discipline_organ")
HEADS = ("org_dept_head", "org_dept_deputy_head")
# Why a case ends before its time; the first three end tracking too, whatever period still runs.
CAUSES: Mapping[str, tracking.Ending | None] = {
    "died": "died",
    "retired": "retired",
    "left_service": "left_service",
    "other": None,
}
LONGEST_REASON = 500
# What stands in the record for a process outside all cases that a program deletes as its protocol has it.
UNSAID = "经接口删除，未附理由"


def suspend(work: Work, actor: Actor, *, case_id: str, reason: str) -> None:
    """Suspend a case 暂停办理: nothing is completed or voted on, no clock fires, messages wait.

    Impact periods and other legal terms run on; they are dates, not clocks of the case. So does an appeal (F12).
    Conflict while an item of the case is being voted on: its meeting could neither count nor end.
    """
    told = _told(reason)
    with work:
        case = _take(work, actor, case_id, "open")
        _require_no_vote(work, case_id=case_id)
        work.update(tables.case_file, {"id": case_id}, {"status": "suspended"})
        values = {"status": "suspended", "suspended_at": work.now}
        running = [row["id"] for row in _running(work, case_id)]
        work.update(runtime.process_instance, {"id": running}, values)
        clocks = _without_appeals(work, case_id, work.all(runtime.job, case_id=case_id, status="due"))
        work.update(runtime.job, {"id": clocks, "status": "due"}, {"status": "suspended"})
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

    RuleBroken for any other cause while the cadre's tracking is led on this case (F14), or a decision of it waits
    for its talk; an appeal is answered whatever becomes of the case (F12).
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
            elif CAUSES[cause] is None:
                _require_nothing_untold(work, case)
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
    """Stop the reinstatement process 终止重新任用程序; the case goes on being what it was before.

    Conflict once the post is given: from then on the process leads the probation to its appraisal (F11).
    """
    told = _told(reason)
    try:
        with work:
            _stop(work, actor, case_id, told)
    except bpmn.EngineError as error:
        raise fault(work.office, error) from error


def cancel(work: Work, actor: Actor, *, instance_id: str, reason: str) -> None:
    """Cancel one process 撤销流程: the way up of a case is stopped, what belongs to no case is cancelled freely.

    RuleBroken for every other process of a case: only the case ends as a whole, with what hangs on it (F14).
    A reason has to be given for a process of a case; for one outside the record says that none was.
    """
    try:
        with work:
            row = work.one(runtime.process_instance, id=instance_id)
            if row is None:
                raise NotFound("没有找到该流程实例。")
            if calls.is_awaited(work, instance_id):
                raise Conflict("该流程由另一流程调用，不能单独撤销；请办理或者撤销调用它的流程。")
            if row["case_id"] is None:
                _cancel_alone(work, actor, instance_id, _told(reason.strip() or UNSAID))
            else:
                _cancel_on_case(work, actor, row, reason)
    except bpmn.EngineError as error:
        raise fault(work.office, error) from error


def _cancel_on_case(work: Work, actor: Actor, row: Mapping[str, Any], reason: str) -> None:
    _take(work, actor, row["case_id"], "open")
    told = _told(reason)
    if row["status"] != "running":
        raise Conflict("该流程目前已暂停或已结束。")
    if _key(work, row) != way_up.PROCESS:
        sentence = "工作卷宗中的流程不能单独撤销，请在卷宗页办理因故终止。"
        raise RuleBroken([Reason("CASE_PROCESS", sentence)])
    _stop(work, actor, row["case_id"], told)


def _cancel_alone(work: Work, actor: Actor, instance_id: str, told: str) -> None:
    access.require_role(actor, *HEADS, day=work.today)
    facts = _cancel(work, instance_id)
    stream = str(work.get(runtime.process_instance, id=instance_id)["stream"])
    sealed = sealing.seal_values(
        work, {"reason": told}, case_id=None, owner_kind="cancel", owner_id=instance_id
    )
    event = events.ProcessCancelled(
        actor=actor, effective_at=work.now, stream=stream, facts={"fields": sealed, **facts}
    )
    work.commit(event)


def _stop(work: Work, actor: Actor, case_id: str, told: str) -> None:
    case = _take(work, actor, case_id, "open")
    row = next((one for one in _running(work, case_id) if _key(work, one) == way_up.PROCESS), None)
    if row is None:
        raise Conflict("该卷宗目前没有进行中的重新任用程序。")
    if work.all(people.appointment, case_id=case_id, manner=list(REINSTATED), limit=1):
        raise Conflict("任职已经生效，重新任用程序不能终止；试用期不合格的，在试用期满考核中免去试任职务。")
    cancelled = _cancel(work, row["id"])
    _withdraw(work, case_id=case_id, instance_id=row["id"])
    _put_back(work, case)
    facts = {**cancelled, "fields": _sealed(work, case, told)}
    _commit(work, actor, case, events.ProcessCancelled, facts)


def _put_back(work: Work, case: CaseStanding) -> None:
    """The stage before the way up: a return visit in hand, else tracking."""
    in_hand = work.all(runtime.work_item, case_id=case.id, stage="visit", status="open", limit=1)
    stage = "visit" if in_hand else "tracking"
    work.update(tables.case_file, {"id": case.id}, {"stage": stage, "stage_since": work.now})


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
    """What runs on the case, appeals left out."""
    order = ("started_at", "id")
    rows = work.all(runtime.process_instance, case_id=case_id, status="running", order=order)
    mine = set(_without_appeals(work, case_id, rows, "id"))
    return [row for row in rows if row["id"] in mine]


def _without_appeals(
    work: Work, case_id: str, rows: list[Mapping[str, Any]], instance: str = "instance_id"
) -> list[str]:
    """Ids of the rows that belong to no appeal: one goes its own way whatever becomes of the case (F12)."""
    appeals = {row["instance_id"] for row in work.all(tables.appeal, case_id=case_id)}
    return [row["id"] for row in rows if row[instance] not in appeals]


def _key(work: Work, instance: Mapping[str, Any]) -> str:
    return str(work.get(repository.definition, id=instance["definition_id"])["key"])


def _cancel(work: Work, instance_id: str) -> Mapping[str, object]:
    if work.get(runtime.process_instance, id=instance_id)["status"] == "cancelled":
        # It went with the process that had called it.
        return {"instance_id": instance_id}
    run, _ = instances.load(work, instance_id)
    facts = advance.apply(run, bpmn.Cancel("cancelled")).facts
    ended = {"status": "cancelled", "ended_at": work.now}
    work.update(runtime.process_instance, {"id": instance_id}, ended)
    return facts


def _withdraw(work: Work, **where: Any) -> None:
    """What no meeting has decided leaves the agenda; a publicity that runs ends; messages find nobody."""
    gone = {"status": "recalled", "meeting_id": None, "position": None}
    work.update(meetings.agenda_item, {**where, "status": ["waiting", "scheduled"]}, gone)
    _require_no_vote(work, **where)
    case_id = where["case_id"]
    work.update(tables.publicity, {"case_id": case_id, "status": "open"}, {"status": "cancelled"})
    if "instance_id" not in where:
        for table, waiting in ((runtime.job, ["due", "suspended"]), (runtime.outbox, ["waiting"])):
            stale = _without_appeals(work, case_id, work.all(table, case_id=case_id, status=waiting))
            work.update(table, {"id": stale, "status": waiting}, {"status": "cancelled"})


def _require_no_vote(work: Work, **where: Any) -> None:
    if work.all(meetings.agenda_item, status="voting", **where):
        raise Conflict("该卷宗的议题正在表决，请待会议有结果后再办理。")


def _close_plan(work: Work, plan: Mapping[str, Any], ending: tracking.Ending | None) -> None:
    if ending is None:
        sentence = "干部正在跟踪管理中，除去世、退休、离开公职外，不得终止；决定被撤销的，在措施页办理撤销。"
        raise RuleBroken([Reason("TRACKING_OPEN", sentence, "F14")])
    values = {"status": "closed", "conclusion": ending, "closed_on": work.today}
    work.update(plans.tracking_plan, {"id": plan["id"]}, values)
    cancel_rows(work, plan["id"])
    stale = {"message": PLAN_MESSAGES, "correlation": plan["person_id"], "status": "waiting"}
    work.update(runtime.outbox, stale, {"status": "cancelled"})


def _require_nothing_untold(work: Work, case: CaseStanding) -> None:
    """A decision that stands is told to the cadre and joins the tracking: its case does not end before (F13, F14)."""
    standing = work.all(tables.measure, case_id=case.id, ended_by=None, limit=1)
    if standing and case.talked_on is None:
        sentence = (
            "决定已经登记，还没有与本人谈话，不得终止；决定撤销或者登记有误的，在措施页办理撤销、更正。"
        )
        raise RuleBroken([Reason("TALK_OWED", sentence, "F13")])


def _sealed(work: Work, case: CaseStanding, told: str) -> list[dict[str, str]]:
    return sealing.seal_values(
        work, {"reason": told}, case_id=case.id, owner_kind="interruption", owner_id=case.id
    )


def _commit(
    work: Work, actor: Actor, case: CaseStanding, kind: type[events.Event], facts: Mapping[str, Any]
) -> None:
    work.commit(kind(actor=actor, effective_at=work.now, case_id=case.id, stream=case.stream, facts=facts))
