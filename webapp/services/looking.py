"""Looking at a task or a case 查看: the same guards as for acting, without a lock or a change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp import engine as bpmn
from webapp.crypto import sealing as crypto
from webapp.domain import access, events
from webapp.domain.access import Actor
from webapp.domain.errors import NotFound, Refused
from webapp.domain.workdays import zh_date
from webapp.persistence import finders
from webapp.persistence.models import cases
from webapp.services import forms, returning, sealing
from webapp.services.desk import (
    Desk,
    case_facts,
    naming_the_holder,
    require_may_add,
    require_sight,
    standing,
    take,
)
from webapp.services.office import Office, Work
from webapp.services.paper import ENTERERS


@dataclass(frozen=True, slots=True)
class Sight:
    """A task as its page may show it: ``may`` holds the verbs open to the actor."""

    row: Mapping[str, Any]
    definition: bpmn.Definition
    node: bpmn.Node
    variables: Mapping[str, Any]
    fields: tuple[Any, ...]
    case_id: str | None
    may: frozenset[str]
    why_not: str
    why_me: tuple[str, ...]
    # False for the unit, the helper and the cadre: they see what is theirs, never who said what.
    whole: bool = True
    decisive: bool = False


def at_task(office: Office, actor: Actor, task_id: str) -> Sight:
    """See a task; NotFound where it does not exist for the actor."""
    work = office.glance()
    with work:
        desk = take(work, task_id)
        access.require_may_see_task(actor, desk.task, desk.case_facts, work.today)
        whole = desk.case_facts is None or access.sees_whole_file(actor, desk.case_facts, work.today)
        if not whole and not _is_own(work, actor, desk):
            raise NotFound
        may, why_not = _verbs(work, actor, desk)
        fields = forms.fields_of_task(desk.definition, desk.row["form_key"])
        return Sight(
            row=desk.row,
            definition=desk.definition,
            node=desk.definition.nodes[desk.row["element_id"]],
            variables=_variables(desk),
            fields=fields,
            case_id=desk.case_id,
            may=may,
            why_not=why_not,
            why_me=_why(work, actor, desk),
            whole=whole,
            decisive=desk.task.is_decisive,
        )


def _is_own(work: Work, actor: Actor, desk: Desk) -> bool:
    """A task offered to the actor or done by the actor."""
    if desk.row["completed_by"] == actor.user_id:
        return True
    return desk.row["status"] == "open" and access.is_candidate(actor, desk.task, desk.case_facts, work.today)


def _variables(desk: Desk) -> Mapping[str, Any]:
    return bpmn.variables(desk.row["instance_state"]) if desk.row["instance_state"] else {}


def _verbs(work: Work, actor: Actor, desk: Desk) -> tuple[frozenset[str], str]:
    may = _additions(work, actor, desk)
    if desk.row["status"] != "open":
        return frozenset(may - {"attach"}), ""
    if desk.case is not None and _may_enter(work, actor, desk):
        may.add("paper")
    desk.set_aside_lapsed(work, actor)
    try:
        with naming_the_holder(work):
            access.require_may_complete(actor, desk.task, desk.case_facts, work.today)
    except Refused as refused:
        return frozenset(may), refused.sentence
    may |= {"complete", "draft"}
    if returning.targets(desk.definition, desk.definition.nodes[desk.row["element_id"]]):
        may.add("return")
    may.add("release" if desk.task.assignee == actor.user_id else "claim")
    if "release" in may and not desk.task.is_decisive:
        may.add("transfer")
    return frozenset(may), ""


def _additions(work: Work, actor: Actor, desk: Desk) -> set[str]:
    try:
        require_may_add(actor, desk, work.today)
    except Refused:
        return set()
    return {"comment", "attach"} if desk.case_id else set()


def _may_enter(work: Work, actor: Actor, desk: Desk) -> bool:
    assert desk.case is not None
    return any(actor.holds(role, one, work.today) for role in ENTERERS for one in desk.case.bodies.values())


def _why(work: Work, actor: Actor, desk: Desk) -> tuple[str, ...]:
    """为什么由我办理: the grant or the naming that makes the task the actor's."""
    found = []
    if actor.person_id in desk.task.candidate_people:
        found.append("流程中指定由您本人办理")
    for grant in actor.grants_on(work.today):
        if access.Candidate(grant.role, grant.organisation_id) in desk.task.candidates:
            since = grant.valid_from
            found.append(
                f"您担任“{access.role(grant.role).zh}”（{since.year}年{since.month}月{since.day}日起）"
            )
    found += [
        f"您代理{grant.principal[1]}的“{access.role(grant.role).zh}”（至{zh_date(grant.valid_to)}）"
        for grant in actor.stand_ins_on(work.today)
        if grant.principal
        and grant.valid_to
        and access.Candidate(grant.role, grant.organisation_id) in desk.task.candidates
    ]
    if found and desk.case is not None and desk.task.candidates:
        found.append(f"本卷宗（{desk.case.number}）属您单位的干部管理权限")
    return tuple(found)


def at_case(office: Office, actor: Actor, case_id: str) -> bool:
    """NotFound unless the actor may see the case → whether the whole file or only the own part of it."""
    work = office.glance()
    with work:
        row = finders.load_case(work, case_id)
        case = standing(work, row) if row else None
        facts = case_facts(row, case) if row else None
        if facts is None or case is None:
            raise NotFound("没有找到该工作卷宗，或您无权查看。")
        require_sight(work, actor, facts)
        return access.sees_whole_file(actor, facts, work.today)


def values_of(reads: Any, office: Office, owner_kind: str, owner_id: str) -> dict[str, object]:
    """The sealed values of one owner, by field; erased ones are left out."""
    rows = reads.all(cases.sealed_value, owner_kind=owner_kind, owner_id=owner_id)
    found = {row["field"]: sealing.open_row(office.keyring, row) for row in rows}
    return {field: value for field, value in found.items() if value is not None}


def many_values(
    reads: Any, office: Office, owner_kind: str, owner_ids: list[str]
) -> dict[str, dict[str, object]]:
    """The sealed values of several owners in one statement."""
    found: dict[str, dict[str, object]] = {owner: {} for owner in owner_ids}
    if not owner_ids:
        return found
    for row in reads.all(cases.sealed_value, owner_kind=owner_kind, owner_id=owner_ids):
        found[row["owner_id"]][row["field"]] = sealing.open_row(office.keyring, row)
    return found


def attachment(office: Office, actor: Actor, attachment_id: str) -> tuple[Mapping[str, Any], str, bytes]:
    """A file for one who may see its case → its row, name and bytes; the read is recorded first."""
    work = office.glance()
    with work:
        row = work.one(cases.attachment, id=attachment_id)
    if row is None:
        raise NotFound("没有找到该附件，或您无权查看。")
    if not at_case(office, actor, row["case_id"]) and row["stored_by"] != actor.user_id:
        # The unit and the helper open what lies with their own tasks, nothing else of the file.
        if row["work_item_id"] is None:
            raise NotFound("没有找到该附件，或您无权查看。")
        at_task(office, actor, row["work_item_id"])
    with office.begin() as log:
        values = values_of(log, office, "attachment", attachment_id)
        facts = {"what": "attachment", "attachment_id": attachment_id, "digest": row["digest"]}
        log.commit(events.Read(actor=actor, effective_at=log.now, facts=facts))
    data = crypto.open_bytes(office.keyring, row["ciphertext"], row["wrapped_key"], attachment_id)
    return row, str(values.get("name", "附件")), data
