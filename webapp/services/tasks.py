"""Verbs on tasks 待办: claim 签收, release 退回科室待办, complete 办结, send back 退回修改."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp import engine as bpmn
from webapp.domain import access, events
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid
from webapp.domain.fields import Field
from webapp.domain.history import canonical, digest
from webapp.engine import Complete
from webapp.persistence.models import runtime
from webapp.persistence.unit_of_work import reply_of
from webapp.services import (
    advance,
    attachments,
    forms,
    identity,
    incidents,
    paper,
    repeats,
    returning,
    sealing,
    step_rules,
)
from webapp.services.attachments import Upload
from webapp.services.desk import Desk, naming_the_holder, take, task_event
from webapp.services.facts import pairs, plain
from webapp.services.forms import Posted
from webapp.services.office import Work

Reply = Mapping[str, Any]
Uploads = Mapping[str, Sequence[Upload]]
LONGEST_REASON = 200
# A task that nobody holds.
FREE: Mapping[str, None] = {"assignee_id": None, "on_behalf_id": None}
# What a program sent, by the field's key or its process variable → as a browser would have posted it.
Reader = Callable[[Sequence[Field], Mapping[str, Any], Uploads], tuple[Posted, Uploads]]


def claim(work: Work, actor: Actor, *, task_id: str) -> None:
    """Take a task for oneself 签收; Conflict when somebody else holds it."""
    with work:
        desk = take(work, task_id)
        desk.set_aside_lapsed(work, actor)
        with naming_the_holder(work):
            access.require_may_claim(actor, desk.task, desk.case_facts, work.today)
        if desk.task.assignee == actor.user_id:
            return
        values = {"assignee_id": actor.user_id, "on_behalf_id": _principal(desk, actor, work.today)}
        # A holder whose role has ended is still on the row.
        free = {"id": task_id, "status": "open", "assignee_id": desk.row["assignee_id"]}
        if work.update(runtime.work_item, free, values).count != 1:
            raise Conflict("该待办刚刚已由他人签收，请刷新后查看。")
        work.commit(task_event(events.TaskClaimed, work, desk, actor, _for_whom(values["on_behalf_id"])))


def release(work: Work, actor: Actor, *, task_id: str, reason: str = "") -> None:
    """Give a claimed task back to the group 退回科室待办."""
    with work:
        desk = take(work, task_id)
        access.require_may_release(actor, desk.task, desk.case_facts, work.today)
        work.update(runtime.work_item, {"id": task_id, "status": "open"}, FREE)
        sealed = _seal(work, desk, {"reason": reason} if reason else {}, "release")
        work.commit(task_event(events.TaskReleased, work, desk, actor, {"fields": sealed}))


def transfer(work: Work, actor: Actor, *, task_id: str, receiver_id: str, reason: str) -> None:
    """Hand a claimed task to a colleague of the same role and organisation 转办; never 表决、谈话、考察签字."""
    told = reason.strip()
    if not told or len(told) > LONGEST_REASON:
        raise Invalid({"reason": f"请写明转办的理由，不超过{LONGEST_REASON}字。"})
    with work:
        desk = take(work, task_id)
        receiver = identity.actor_of(work, receiver_id)
        access.require_may_transfer(actor, receiver, desk.task, desk.case_facts, work.today)
        mine = {"id": task_id, "status": "open", "assignee_id": actor.user_id}
        if work.update(runtime.work_item, mine, {**FREE, "assignee_id": receiver.user_id}).count != 1:
            raise Conflict("该待办刚刚已有变化，请刷新后查看。")
        sealed = _seal(work, desk, {"reason": told}, "transfer")
        facts = {"receiver_id": receiver.user_id, "fields": sealed}
        work.commit(task_event(events.TaskTransferred, work, desk, actor, facts))


def complete(
    work: Work,
    actor: Actor,
    *,
    task_id: str,
    posted: Mapping[str, Any],
    key: str,
    on_paper: paper.Paper | None = None,
    uploads: Uploads | None = None,
    reader: Reader | None = None,
) -> Reply:
    """Complete a task 办结 and return what it opened; the same key again returns the first reply.

    ``uploads``: files by the key of their field, kept in the same transaction. ``reader``: makes posted strings
    of what a program sent, when the fields are known. Invalid for wrong answers,
    NotAllowed or NotFound by ``domain.access``, Conflict when it is closed already, EngineFault with an
    incident when the diagram itself fails.
    """
    return _hand_in(work, actor, task_id, Submission(posted, uploads or {}, on_paper, reader), key)


def send_back(work: Work, actor: Actor, *, task_id: str, reason: str, key: str) -> Reply:
    """Send a task back 退回修改 to where its diagram says, with a reason; as binding as completing it.

    Invalid without a reason, NotAllowed where no way back is drawn; otherwise as ``complete``.
    """
    return _hand_in(work, actor, task_id, Submission({}, {}, returned=returning.reason_of(reason)), key)


def _hand_in(work: Work, actor: Actor, task_id: str, submission: "Submission", key: str) -> Reply:
    try:
        return _complete(work, actor, task_id, submission, key)
    except bpmn.EngineError as error:
        raise incidents.fault(work.office, error, task_id=task_id) from error
    except Conflict:
        known = repeats.answered(work.office, actor.user_id, key, submission.digest_for(task_id))
        if known is None:
            raise
        return known


def _complete(work: Work, actor: Actor, task_id: str, submission: "Submission", key: str) -> Reply:
    request = submission.digest_for(task_id)
    on_paper = submission.on_paper
    with work:
        work.actor_id = actor.user_id
        desk = take(work, task_id, actor_id=actor.user_id, key=key)
        if desk.row["known_request_digest"] is not None:
            return reply_of(desk.row["known_reply"], desk.row["known_request_digest"], request)
        work.promise(actor.user_id, key, request)
        desk.set_aside_lapsed(work, actor)
        decider = paper.decider(work, actor, desk, on_paper) if on_paper else actor
        with naming_the_holder(work):
            access.require_may_complete(decider, desk.task, desk.case_facts, work.today)
        reply, facts = _finish(work, desk, decider, submission)
        if on_paper:
            facts |= {
                "entered_by": actor.user_id,
                "decided_by": decider.user_id,
                "decided_on": on_paper.decided_on.isoformat(),
            }
        work.commit(task_event(submission.event, work, desk, actor, facts), reply=reply)
    return reply


@dataclass(frozen=True, slots=True)
class Submission:
    """What was handed in 提交内容: posted strings, files by field, and what was done on paper."""

    posted: Mapping[str, Any]
    uploads: Uploads
    on_paper: paper.Paper | None = None
    reader: Reader | None = None
    # Why the task is sent back; empty when it is answered.
    returned: str = ""

    def read(self, fields: Sequence[Field]) -> tuple[Posted, Uploads]:
        """Posted strings and files by the key of their field."""
        if self.reader is None:
            return self.posted, self.uploads
        return self.reader(fields, self.posted, self.uploads)

    @property
    def event(self) -> type[events.Event]:
        """What the history calls it."""
        if self.on_paper:
            return events.PaperRecorded
        return events.TaskReturned if self.returned else events.TaskCompleted

    def digest_for(self, task_id: str) -> str:
        """What makes two requests the same one."""
        scans = [one.digest for one in self.on_paper.scans] if self.on_paper else []
        body = {
            "task_id": task_id,
            "posted": sorted([name, plain(value)] for name, value in self.posted.items()),
            "uploads": sorted([key, [one.digest for one in files]] for key, files in self.uploads.items()),
            "returned": self.returned,
            "paper": [self.on_paper.decided_by, self.on_paper.decided_on, scans] if self.on_paper else [],
        }
        return digest(canonical(body))


def _finish(work: Work, desk: Desk, decider: Actor, submission: Submission) -> tuple[Reply, dict[str, Any]]:
    row, on_paper = desk.row, submission.on_paper
    run = run_of(work, desk)
    answers, attached = _answers(work, desk, submission)
    values = {
        "status": "completed",
        "closed_at": work.now,
        "completed_by": decider.user_id,
        "assignee_id": decider.user_id,
        "on_behalf_id": _principal(desk, decider, work.today),
        "on_paper": on_paper is not None,
    }
    closed = work.update(runtime.work_item, {"id": row["id"], "status": "open"}, values)
    closed.just_one("该待办刚刚已由他人办结，请刷新后查看。")
    sealed = _seal(work, desk, answers.personal, "form")
    if on_paper:
        sealed += paper.store(work, desk, on_paper)
    if submission.returned:
        sealed += _seal(work, desk, {"reason": submission.returned}, "return")
    applied = advance.apply(run, Complete(row["id"], answers.variables))
    facts = {
        "form_key": row["form_key"] or "",
        "fields": sealed,
        "attachments": attached,
        "variables": pairs(answers.variables),
        "decisive": desk.task.is_decisive,
        **_for_whom(values["on_behalf_id"]),
        **applied.facts,
    }
    reply = {
        "task_id": row["id"],
        "case_id": desk.case_id,
        "finished": applied.finished,
        "opened": [{"id": one.id, "name": one.name} for one in applied.opened],
    }
    return reply, facts


def _principal(desk: Desk, actor: Actor, day: date) -> str | None:
    """The account for whom the actor stands in on this task 代理; None in the own right."""
    grant = access.acting_for(actor, desk.task, desk.case_facts, day)
    return grant.principal[0] if grant and grant.principal else None


def _for_whom(principal: object) -> dict[str, object]:
    return {"on_behalf_of": principal} if principal else {}


def _answers(work: Work, desk: Desk, submission: Submission) -> tuple[forms.Answers, list[dict[str, Any]]]:
    """What the form gave, or the one answer that sends back, with the files kept for it."""
    row = desk.row
    if submission.returned:
        return returning.answers(desk.definition.nodes[row["element_id"]]), []
    fields = forms.fields_of_task(desk.definition, row["form_key"])
    every = forms.every(fields)
    posted, uploads = submission.read(every)
    stored, attached = attachments.keep_posted(work, desk.case_id, row["id"], every, uploads)
    variables = {**bpmn.variables(row["instance_state"]), **row["locals"]}
    answers = forms.fill(work, fields, {**posted, **stored}, variables, case_id=desk.case_id)
    step_rules.require(work, desk, answers, variables)
    return answers, attached


def run_of(work: Work, desk: Desk) -> advance.Run:
    """The instance of a taken task, ready to be moved; Conflict when it does not run."""
    row = desk.row
    if row["instance_status"] != "running":
        raise Conflict("该流程目前已暂停或已结束，不能办理。请联系管理员恢复后再办。")
    return advance.Run(
        work=work,
        instance_id=row["instance_id"],
        definition_id=row["definition_id"],
        definition=desk.definition,
        state=row["instance_state"],
        rev=row["instance_rev"],
        stream=row["stream_name"],
        case=desk.case,
    )


def _seal(work: Work, desk: Desk, values: Mapping[str, object], kind: str) -> list[dict[str, str]]:
    return sealing.seal_values(work, values, case_id=desk.case_id, owner_kind=kind, owner_id=desk.row["id"])
