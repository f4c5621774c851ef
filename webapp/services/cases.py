"""Verbs on cases 工作卷宗: open one by either door, declare a recusal, register restored rights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from uuid_utils import uuid7

from webapp.domain import access, events
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.domain.history import canonical, digest
from webapp.domain.lifecycle import BEFORE_DECISION
from webapp.domain.measure_changes import PROBATION_MONTHS, require_may_restore
from webapp.engine import Complete, EngineError
from webapp.persistence import finders
from webapp.persistence.models import administration, people, runtime
from webapp.persistence.models import cases as tables
from webapp.services import (
    advance,
    attachments,
    decision_entry,
    forms,
    incidents,
    instances,
    recounting,
    relieving,
    sealing,
    seats,
)
from webapp.services.attachments import Upload
from webapp.services.desk import CaseStanding, case_facts, require_sight, standing
from webapp.services.dossier import relatives_of
from webapp.services.facts import pairs, plain
from webapp.services.forms import Posted
from webapp.services.office import Work, bodies

# Which process a door leads into, and who may open it.
DOORS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "up_down": ("p01_down_adjustment", ("cadre_section", "cadre_supervision")),
    "sanction": (
        "p06_sanction_intake",
        ("cadre_section", "cadre_supervision", "handling_dept", "trial_dept", "case_mgmt"),
    ),
}
Uploads = Mapping[str, Sequence[Upload]]
# Who registers that rights were restored 恢复党员权利.
RESTORERS = ("discipline_organ", "trial_dept", "handling_dept", "case_mgmt", "cadre_supervision")
LONGEST_REASON = 100
# Who may note a recusal for somebody else; everybody may step aside.
RECUSERS = ("cadre_supervision", "org_dept_head", "org_dept_deputy_head")
NUMBER_WORDS = {"up_down": "调", "sanction": "处"}


def open_(
    work: Work,
    actor: Actor,
    *,
    door: str,
    person_id: str,
    posted: Posted,
    key: str,
    uploads: Uploads | None = None,
) -> Mapping[str, Any]:
    """Open a case on a cadre and fill the first form of its process, in one transaction → case and tasks.

    ``door``: ``up_down`` (a signal 日常了解信息) or ``sanction`` (a decision already made). NotAllowed outside
    the actor's 干部管理权限, also for the own file and relatives'.
    """
    try:
        return _open(work, actor, door, person_id, Submitted(posted, uploads or {}, key))
    except EngineError as error:
        raise incidents.fault(work.office, error) from error


def _open(work: Work, actor: Actor, door: str, person_id: str, submitted: "Submitted") -> Mapping[str, Any]:
    process_key, roles = DOORS[door]
    with work:
        known = work.remember(actor.user_id, submitted.key, submitted.digest_for(door, person_id))
        if known is not None:
            return known
        work.actor_id = actor.user_id
        cadre = _cadre(work, person_id)
        _require_may_open(work, actor, cadre, roles)
        # Two who register the same cadre at one moment: the second waits and finds the case of the first.
        work.get(people.cadre, person_id=person_id, valid_from=cadre["valid_from"], lock=True)
        _require_none_running(work, actor, person_id, door)
        definition = finders.latest_definition(work, process_key)
        if definition is None:
            raise NotFound(f"流程“{process_key}”尚未部署，请联系流程设计员。")
        case = _new_case(work, actor, cadre, door)
        run, applied = instances.begin(work, definition, case, variables={}, started_by=actor.user_id)
        reply, first = _first_task(work, actor, run, applied, submitted)
        facts = {"person_id": person_id, "number": case.number, "door": door, **applied.facts, "first": first}
        opened = events.CaseOpened(
            actor=actor, effective_at=work.now, case_id=case.id, stream=case.stream, facts=facts
        )
        work.commit(opened, reply=reply)
    return reply


@dataclass(frozen=True, slots=True)
class Submitted:
    """What was handed in at the door: posted strings, files by field, the idempotency key."""

    posted: Posted
    uploads: Uploads
    key: str

    def digest_for(self, door: str, person_id: str) -> str:
        """What makes two requests the same one."""
        body = {
            "door": door,
            "person": person_id,
            "posted": sorted([name, plain(value)] for name, value in self.posted.items()),
            "uploads": sorted([key, [one.digest for one in files]] for key, files in self.uploads.items()),
        }
        return digest(canonical(body))


def _cadre(work: Any, person_id: str) -> Mapping[str, Any]:
    found: Any = work.one(people.cadre, person_id=person_id, valid_to=None) if person_id else None
    if found is None:
        raise Invalid({"cadre": "请选择一名在册干部。"})
    row: Mapping[str, Any] = found
    return row


def _require_may_open(work: Work, actor: Actor, cadre: Mapping[str, Any], roles: tuple[str, ...]) -> None:
    if actor.person_id is not None and actor.person_id in {
        cadre["person_id"],
        *relatives_of(work, cadre["person_id"]),
    }:
        raise NotAllowed("不得办理本人及亲属的事项，请由其他同志登记。")
    places = bodies(work, committee_id=cadre["committee_id"], unit_id=cadre["unit_id"], day=work.today)
    held = [(role, place) for role in roles for place in places.values()]
    if not any(actor.holds(role, place, work.today) for role, place in held):
        raise NotAllowed("该干部不在您的干部管理权限范围内，不能登记。")


def _require_none_running(work: Work, actor: Actor, person_id: str, door: str) -> None:
    """One matter, one file: no second way down beside one before its decision; it is named to who may see it."""
    if door != "up_down":
        return
    rows = work.all(tables.case_file, person_id=person_id, origin=door, status=["open", "suspended"])
    running = [row for row in rows if row["stage"] in BEFORE_DECISION]
    if not running:
        return
    named = "、".join(row["number"] for row in running if _may_see(work, actor, row["id"]))
    where = f"卷宗{named}" if named else "另一卷宗"
    sentence = f"该干部的情况正在{where}中核实处理，请在该卷宗中补充，不另行登记。"
    raise Invalid({"cadre": sentence})


def _may_see(work: Work, actor: Actor, case_id: str) -> bool:
    try:
        take_case(work, actor, case_id)
    except NotFound:
        return False
    return True


def _new_case(work: Work, actor: Actor, cadre: Mapping[str, Any], door: str) -> CaseStanding:
    case_id = str(uuid7())
    stream = f"case:{case_id}"
    work.lock_stream(stream)
    policy = policy_of(work)
    row = {
        "id": case_id,
        "number": _number(work, cadre["committee_id"], door),
        "person_id": cadre["person_id"],
        "committee_id": cadre["committee_id"],
        "unit_id": cadre["unit_id"],
        "origin": door,
        "stage": "signal" if door == "up_down" else "measure_intake",
        "stage_since": work.now,
        "status": "open",
        "policy": policy,
        "stream": stream,
        "opened_at": work.now,
        "opened_by": actor.user_id,
    }
    work.insert(tables.case_file, row)
    return CaseStanding(
        id=case_id,
        number=str(row["number"]),
        person_id=cadre["person_id"],
        committee_id=cadre["committee_id"],
        unit_id=cadre["unit_id"],
        stage=str(row["stage"]),
        status="open",
        talked_on=None,
        stream=stream,
        policy=policy,
        bodies=bodies(work, committee_id=cadre["committee_id"], unit_id=cadre["unit_id"], day=work.today),
    )


def policy_of(work: Any) -> dict[str, Any]:
    """The policy values in force today, copied to the case so that later changes do not reach it (F19)."""
    found: dict[str, Any] = {}
    for row in work.all(administration.policy_value, order=("valid_from",)):
        if row["valid_from"] <= work.today:
            found[row["key"]] = row["value"]
    return found


def _number(work: Work, committee_id: str, door: str) -> str:
    """卷宗编号: year, door, a running number of the committee without gaps."""
    where = {"committee_id": committee_id, "year": work.today.year}
    row = work.one(tables.case_number, lock=True, **where)
    if row is None:
        # The year's first two cases come at one moment: the second waits, and finds the row of the first.
        work.get(people.organisation, id=committee_id, lock=True)
        row = work.one(tables.case_number, lock=True, **where)
    if row is None:
        work.insert(tables.case_number, {**where, "last": 1})
        last = 1
    else:
        last = row["last"] + 1
        work.update(tables.case_number, where, {"last": last})
    return f"{work.today.year}-{NUMBER_WORDS[door]}-{last:04d}"


def _first_task(
    work: Work, actor: Actor, run: advance.Run, applied: advance.Applied, submitted: Submitted
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The registering form is filled together with the opening: nothing stays half-open."""
    task = applied.opened[0]
    fields = forms.fields_of_task(run.definition, task.form_key)
    case_id = run.case.id if run.case else None
    stored, attached = attachments.keep_posted(work, case_id, task.id, forms.every(fields), submitted.uploads)
    person_id = run.case.person_id if run.case else ""
    posted = {**submitted.posted, **stored}
    answers = decision_entry.fill(work, run.definition.key, person_id, fields, posted, case_id)
    values = {
        "status": "completed",
        "closed_at": work.now,
        "completed_by": actor.user_id,
        "assignee_id": actor.user_id,
    }
    work.update(runtime.work_item, {"id": task.id}, values)
    sealed = sealing.seal_values(work, answers.personal, case_id=case_id, owner_kind="form", owner_id=task.id)
    done = advance.apply(run, Complete(task.id, answers.variables))
    facts = {
        "work_item_id": task.id,
        "element_id": task.element_id,
        "form_key": task.form_key or "",
        "fields": sealed,
        "attachments": attached,
        "variables": pairs(answers.variables),
        **done.facts,
    }
    opened = [{"id": one.id, "name": one.name} for one in done.opened]
    return {"case_id": case_id, "instance_id": run.instance_id, "opened": opened}, facts


def take_case(work: Work, actor: Actor, case_id: str) -> CaseStanding:
    """Load and lock a case the actor may see; NotFound otherwise."""
    row = finders.load_case(work, case_id)
    case = standing(work, row) if row else None
    facts = case_facts(row, case) if row else None
    if case is None or facts is None:
        raise NotFound("没有找到该工作卷宗，或您无权查看。")
    require_sight(work, actor, facts)
    return case


def declare_recusal(work: Work, actor: Actor, *, case_id: str, person_id: str, reason: str) -> None:
    """Keep a person out of a case 回避; open tasks held by that person go back to the group."""
    with work:
        case = take_case(work, actor, case_id)
        if person_id != actor.person_id:
            access.require_role(actor, *RECUSERS, day=work.today)
            _require_not_seated(work, case.id, person_id)
        if case.status != "open":
            raise Conflict("该工作卷宗已经办结，不再登记回避。")
        if work.one(tables.case_exclusion, case_id=case.id, person_id=person_id):
            raise Conflict("该同志已登记回避。")
        row = {
            "case_id": case.id,
            "person_id": person_id,
            "reason": "declared",
            "since": work.now,
        }
        work.insert(tables.case_exclusion, row)
        relieving.in_case(work, case.id, person_id)
        # Why somebody steps aside is personal: kinship, enmity.
        told = {"reason": reason.strip()[:LONGEST_REASON]} if reason.strip() else {}
        sealed = sealing.seal_values(work, told, case_id=case.id, owner_kind="recusal", owner_id=person_id)
        facts = {"person_id": person_id, "fields": sealed}
        work.commit(
            events.RecusalDeclared(
                actor=actor, effective_at=work.now, case_id=case.id, stream=case.stream, facts=facts
            )
        )


def _require_not_seated(work: Work, case_id: str, person_id: str) -> None:
    """A member of the deciding body is not kept from its vote by one other person's entry (F03, F05)."""
    if person_id in seats.of_case(work, work.get(tables.case_file, id=case_id)):
        raise NotAllowed(
            "会议组成人员的回避由本人声明，或者由会议记录人在会议上登记；有亲属关系的，在人员页登记亲属关系，由第二人确认。"
        )


def restore_rights(
    work: Work, actor: Actor, *, case_id: str, restored_on: date, organ: str, document_no: str
) -> list[str]:
    """Register the decision 恢复党员权利: the open-ended periods of 留党察看 end so many months later → measure ids.

    ``organ``, ``document_no``: of the decision that restores them, without which nothing moves. Conflict when no
    留党察看 of the case waits for it; RuleBroken before its one or two years have run.
    """
    decision = {"organ": organ.strip()[:120], "document_no": document_no.strip()[:80]}
    with work:
        case = take_case(work, actor, case_id)
        access.require_role_for(actor, case.bodies, *RESTORERS, day=work.today)
        if not all(decision.values()):
            raise Invalid({"document_no": "请填写作出恢复党员权利决定的机关和文号。"})
        if restored_on > work.today:
            raise Invalid({"restored_on": "恢复党员权利的日期不能晚于今天。"})
        waiting = _under_probation(work, case_id)
        if not waiting:
            raise Conflict("该卷宗没有截止日未定的留党察看影响期。")
        for row in waiting:
            require_may_restore(recounting.standing_of(row).registered, restored_on)
            work.update(tables.measure, {"id": row["id"]}, {"restored_on": restored_on})
        moved = recounting.recount(work, case.person_id, {"party"}, waiting[0]["id"])
        recounting.tell_tracking(
            work, case, "rights_restored", message="rights_restored", restored_on=restored_on.isoformat()
        )
        facts = {"restored_on": restored_on.isoformat(), "periods": moved, **decision}
        event = events.RightsRestored(
            actor=actor, effective_at=work.now, case_id=case.id, stream=case.stream, facts=facts
        )
        work.commit(event)
    return [str(row["id"]) for row in waiting]


def _under_probation(work: Work, case_id: str) -> list[Mapping[str, Any]]:
    waiting = work.all(tables.measure, case_id=case_id, track="party", restored_on=None, ended_on=None)
    return [row for row in waiting if row["kind"] in PROBATION_MONTHS]
