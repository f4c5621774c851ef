"""May this person do this? 权限: roles by organisation and day, recusal 回避, separation of duties, silence.

Every guard takes the actor, the values and the day, and refuses with a sentence; nothing is read here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from webapp.domain.actors import Actor as Actor
from webapp.domain.actors import Grant as Grant
from webapp.domain.actors import system_actor as system_actor
from webapp.domain.errors import Conflict, NotAllowed, NotFound
from webapp.domain.roles import APART, AUDITING, RECEIVING, SEATED, SILENT_UNTIL_TALK, STANDING_SIGHT
from webapp.domain.roles import ROLES as ROLES
from webapp.domain.roles import Role as Role
from webapp.domain.roles import role as role

TaskState = Literal["open", "done", "cancelled"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One (role, organisation) that may take a task 候选岗位; organisation None: named persons only."""

    role: str
    organisation_id: str | None


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What the guards need of a task 待办: ``assignee`` is the user who has claimed it.

    ``is_decisive``: 表决、谈话、考察签字 and the like, done in person only. ``separate_from``: element ids
    that must have been done by other persons, ``process:<key>`` for all of a process. ``candidate_people``:
    person ids named by the diagram. ``completed_by``: the user who did it.
    ``recusal``: who else steps aside, by ``zaishang:recusal``: subject, relatives, mentor.
    """

    task_id: str
    element_id: str
    state: TaskState
    candidates: frozenset[Candidate] = frozenset()
    candidate_people: frozenset[str] = frozenset()
    assignee: str | None = None
    is_decisive: bool = False
    separate_from: frozenset[str] = frozenset()
    recusal: frozenset[str] = frozenset()
    completed_by: str | None = None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the guards need of a case 工作卷宗. Persons by id; ``done_by``: element id → identities.

    ``organisations``: body → organisation that answers for it; ``named``: role → persons named in the case;
    ``excluded``: declared recusals; ``silent``: the talk with the cadre is not recorded yet; ``agenda``: the
    bodies (dept, committee) on whose agenda it has come; ``working``: user ids with a task of it, open or done.
    """

    case_id: str
    subject_person_id: str
    silent: bool
    is_open: bool = True
    is_suspended: bool = False
    relatives: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    organisations: Mapping[str, str] = field(default_factory=dict)
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)
    done_by: Mapping[str, frozenset[str]] = field(default_factory=dict)
    mentors: frozenset[str] = frozenset()
    agenda: frozenset[str] = frozenset()
    working: frozenset[str] = frozenset()

    def recused(self, rules: frozenset[str]) -> frozenset[str]:
        """The persons who step aside 回避 under the rules a diagram names for a task."""
        by_rule = {
            "subject": frozenset({self.subject_person_id}),
            "relatives": self.relatives,
            "mentor": self.mentors,
        }
        return frozenset(person for rule in rules for person in by_rule.get(rule, ()))

    @property
    def barred(self) -> frozenset[str]:
        """Everybody for whom this case does not exist: the subject, relatives, the recused (F05, F23)."""
        return self.relatives | self.excluded | {self.subject_person_id}


def require_may_see_case(actor: Actor, case: CaseFacts, day: date) -> None:
    """NotFound unless the actor's roles have standing sight, or the actor is named, has a task in it, or audits.

    For the subject, relatives and recused persons the case does not exist; the unit's roles and the helper
    see nothing before the talk is recorded.
    """
    if actor.kind == "system":
        return
    if actor.person_id in case.barred:
        raise NotFound
    if actor.roles_on(day) & APART:
        _require_auditor(actor, day)
        return
    if actor.user_id in case.working or _is_named(actor, case):
        return
    if not any(_counts(grant, case) for grant in actor.grants_on(day)):
        raise NotFound


def sees_whole_file(actor: Actor, case: CaseFacts, day: date) -> bool:
    """True for roles with standing sight and for auditors; all others see the part that is theirs only.

    Who reported, who said what, the debate and the votes never reach them (domain rule of silence, F23, F25).
    """
    if actor.kind == "system" or actor.roles_on(day) & AUDITING:
        return True
    return any(_counts(grant, case) and role(grant.role).body != "unit" for grant in actor.grants_on(day))


def receives_objections(actor: Actor, case: CaseFacts, day: date) -> bool:
    """True for those who take in what people write while a publicity of the case runs 公示期反映 (C4)."""
    place = case.organisations.get("discipline")
    return actor.person_id not in case.barred and any(
        grant.role in RECEIVING and grant.organisation_id == place for grant in actor.grants_on(day)
    )


def is_candidate(actor: Actor, task: TaskFacts, case: CaseFacts | None, day: date) -> bool:
    """True when the task is offered to the actor 承办人: by role, by name, or as the cadre's own task."""
    return _is_candidate(actor, task, case, day)


def _require_auditor(actor: Actor, day: date) -> None:
    if not actor.roles_on(day) & AUDITING:
        raise NotFound


def _counts(grant: Grant, case: CaseFacts) -> bool:
    body = role(grant.role).body
    # A cadre's own account opens the own page only, never the files of colleagues in the same unit.
    if grant.role == "subject" or grant.organisation_id is None:
        return False
    if case.organisations.get(body) != grant.organisation_id or not _has_sight(grant.role, case):
        return False
    return not _is_silenced(grant.role, case)


def _has_sight(role_code: str, case: CaseFacts) -> bool:
    if role_code in STANDING_SIGHT or role(role_code).body == "unit":
        return True
    return SEATED.get(role_code) in case.agenda


def desks_in(actor: Actor, case: CaseFacts, day: date) -> frozenset[Candidate]:
    """The (role, organisation) whose tasks of the case show it to the actor."""
    return frozenset(
        Candidate(grant.role, grant.organisation_id)
        for grant in actor.desks_on(day)
        if grant.role != "subject"
        and grant.on_behalf_of not in case.barred
        and not _is_silenced(grant.role, case)
    )


def _is_silenced(role_code: str, case: CaseFacts) -> bool:
    return case.silent and role_code in SILENT_UNTIL_TALK


def _is_named(actor: Actor, case: CaseFacts) -> bool:
    return any(
        actor.person_id in people and not _is_silenced(role_code, case)
        for role_code, people in case.named.items()
    )


def require_may_see_own_file(actor: Actor, case: CaseFacts) -> None:
    """The cadre may read the own summary 本人页 once the talk is recorded; NotFound for all others."""
    if actor.person_id is None or actor.person_id != case.subject_person_id or case.silent:
        raise NotFound


def require_may_see_task(actor: Actor, task: TaskFacts, case: CaseFacts | None, day: date) -> None:
    """A task is seen with its case; the subject's own task (签收送达, 陈述) by the subject after the talk."""
    if case is None:
        if actor.kind == "user" and not _is_candidate(actor, task, None, day):
            raise NotFound
        return
    if _is_subjects_own(actor, task, case):
        return
    if (
        actor.person_id not in case.barred
        and not actor.roles_on(day) & APART
        and _is_theirs(actor, task, case, day)
    ):
        return
    require_may_see_case(actor, case, day)


def _is_theirs(actor: Actor, task: TaskFacts, case: CaseFacts, day: date) -> bool:
    """Done by the actor, or open and offered."""
    if task.state != "open":
        return task.completed_by == actor.user_id
    named = _is_named_for(actor, task, case)
    return named or bool(desks_in(actor, case, day) & task.candidates)


def _is_subjects_own(actor: Actor, task: TaskFacts, case: CaseFacts) -> bool:
    named_alone = task.candidate_people == {case.subject_person_id}
    is_theirs = named_alone or any(candidate.role == "subject" for candidate in task.candidates)
    is_open_to_them = "subject" not in task.recusal and not case.silent
    return is_theirs and actor.person_id == case.subject_person_id and is_open_to_them


def require_may_claim(actor: Actor, task: TaskFacts, case: CaseFacts | None, day: date) -> None:
    """签收: an open, unclaimed task whose candidate the actor is, not kept out by an earlier part."""
    _require_may_act(actor, task, case, day)
    if actor.kind == "system":
        raise NotAllowed("系统不能签收待办，须由承办人签收。")
    if task.assignee is not None and task.assignee != actor.user_id:
        raise Conflict("该待办已由他人签收，请刷新后查看。", held_by=task.assignee)


def require_may_complete(actor: Actor, task: TaskFacts, case: CaseFacts | None, day: date) -> None:
    """办结: as for claiming, and nobody else holds it. The system completes only what is not decisive."""
    _require_may_act(actor, task, case, day)
    if actor.kind == "user" and task.assignee is not None and task.assignee != actor.user_id:
        sentence = "该待办已由他人签收，您不能办结。如需接办，请签收人先退回科室待办。"
        raise Conflict(sentence, held_by=task.assignee)


def require_may_release(actor: Actor, task: TaskFacts, case: CaseFacts | None, day: date) -> None:
    """退回科室待办: only the holder, or the system when the holder has lost the role."""
    require_may_see_task(actor, task, case, day)
    _require_open(task, case)
    if task.assignee is None:
        raise Conflict("该待办目前无人签收，无须退回。")
    if actor.kind == "user" and task.assignee != actor.user_id:
        raise NotAllowed("只有签收人本人可以退回科室待办。")


def require_may_transfer(
    actor: Actor, receiver: Actor, task: TaskFacts, case: CaseFacts | None, day: date
) -> None:
    """转办: the holder hands a task to another candidate; never for decisive acts."""
    require_may_release(actor, task, case, day)
    if task.is_decisive:
        raise NotAllowed("表决、谈话、考察签字等须本人办理，不得转办、代理或加签。")
    if receiver.kind == "system" or receiver.identity == actor.identity:
        raise NotAllowed("请选择另一名承办人作为转办对象。")
    try:
        _require_may_act(receiver, task, case, day)
    except (NotFound, NotAllowed):
        # One sentence for every ground: which one would tell the sender about kinship or recusal.
        raise NotAllowed("所选人员不能承办此事项，请另选他人。") from None
    if not desks_shared(actor, receiver, task, day):
        raise NotAllowed("转办只能在同一单位、同一岗位的人员之间进行，请另选他人。")


def desks_shared(actor: Actor, receiver: Actor, task: TaskFacts, day: date) -> frozenset[Candidate]:
    """The (role, organisation) of the task that both hold in their own right."""
    held = [{Candidate(g.role, g.organisation_id) for g in one.grants_on(day)} for one in (actor, receiver)]
    return frozenset(held[0] & held[1] & task.candidates)


def may_do(actor: Actor, task: TaskFacts, case: CaseFacts | None, day: date) -> bool:
    """False once whoever has claimed a task may no longer do it: the role has ended, kinship, recusal."""
    try:
        _require_may_act(actor, task, case, day)
    except (NotFound, NotAllowed):
        return False
    return True


def _require_may_act(actor: Actor, task: TaskFacts, case: CaseFacts | None, day: date) -> None:
    require_may_see_task(actor, task, case, day)
    _require_open(task, case)
    if actor.kind == "system":
        if task.is_decisive:
            raise NotAllowed("此事项须由人决定，系统不能代为办理。")
        return
    if case is not None and actor.roles_on(day) & APART:
        raise NotAllowed("系统管理、安全保密、审计和流程设计人员不承办工作卷宗中的事项。")
    if not _is_candidate(actor, task, case, day):
        raise NotAllowed(_not_candidate(actor, task, day))
    if case is not None and actor.person_id in case.recused(task.recusal):
        raise NotAllowed("按本环节的回避规则，您须回避（本人、近亲属或帮带责任人），请由他人办理。")
    _require_separate(actor, task, case)


def _not_candidate(actor: Actor, task: TaskFacts, day: date) -> str:
    stands_in = any(grant.role in _roles(task) for grant in actor.stand_ins_on(day))
    if task.is_decisive and stands_in:
        return "表决、谈话、考察签字等须本人办理，代理人不能办理。"
    names = "、".join(sorted(role(code).zh for code in _roles(task)))
    return f"此事项由{names or '指定人员'}办理，您不是承办人。"


def _roles(task: TaskFacts) -> frozenset[str]:
    return frozenset(candidate.role for candidate in task.candidates)


def _is_candidate(actor: Actor, task: TaskFacts, case: CaseFacts | None, day: date) -> bool:
    if actor.person_id is not None and actor.person_id in task.candidate_people:
        return True
    if case is not None and (_is_named_for(actor, task, case) or _is_subjects_own(actor, task, case)):
        return True
    return any(_fits(grant, task, case) for grant in actor.desks_on(day))


def acting_for(actor: Actor, task: TaskFacts, case: CaseFacts | None, day: date) -> Grant | None:
    """The grant by which the actor does the task in somebody's place 代理; None for one's own right."""
    own = replace(actor, grants=actor.grants_on(day))
    if _is_candidate(own, task, case, day):
        return None
    return next((grant for grant in actor.stand_ins_on(day) if _fits(grant, task, case)), None)


def _is_named_for(actor: Actor, task: TaskFacts, case: CaseFacts) -> bool:
    return any(
        actor.person_id in case.named.get(code, frozenset()) and not _is_silenced(code, case)
        for code in _roles(task)
    )


def _fits(grant: Grant, task: TaskFacts, case: CaseFacts | None) -> bool:
    if Candidate(grant.role, grant.organisation_id) not in task.candidates:
        return False
    if task.is_decisive and grant.on_behalf_of is not None:
        return False
    if case is None:
        return True
    aside = case.barred | case.recused(task.recusal)
    if grant.on_behalf_of in aside or _is_silenced(grant.role, case):
        return False
    return not _done_by(grant, task, case)


def _done_by(grant: Grant, task: TaskFacts, case: CaseFacts) -> bool:
    """Whom the holder stands in for has done an earlier part: the substitute is kept apart with the principal."""
    if grant.on_behalf_of is None:
        return False
    behind = {grant.on_behalf_of, *(grant.principal or ())[:1]}
    return any(case.done_by.get(element, frozenset()) & behind for element in task.separate_from)


def _require_open(task: TaskFacts, case: CaseFacts | None) -> None:
    if task.state != "open":
        raise Conflict("该待办已经办结或撤销，请刷新待办列表。")
    if case is not None and case.is_suspended:
        raise Conflict("该工作卷宗已暂停办理，恢复办理后才能继续；已填写的内容可以先保存草稿。")
    if case is not None and not case.is_open:
        raise Conflict("该工作卷宗已经办结，不再受理新的办理。")


def _require_separate(actor: Actor, task: TaskFacts, case: CaseFacts | None) -> None:
    if case is None:
        return
    own = {actor.identity, actor.user_id}
    clash = sorted(e for e in task.separate_from if case.done_by.get(e, frozenset()) & own)
    if clash:
        raise NotAllowed(
            "您已办理本卷宗的前序环节，按提出、核实、审批相互分离的要求，此环节须由他人办理。", elements=clash
        )


def require_role(actor: Actor, *role_codes: str, day: date) -> None:
    """NotAllowed unless the actor holds one of the roles anywhere; names them in the sentence."""
    if not actor.roles_on(day) & set(role_codes):
        names = "、".join(role(code).zh for code in role_codes)
        raise NotAllowed(f"此操作限{names}办理。")


def holds_for(actor: Actor, bodies: Mapping[str, str], role_codes: Iterable[str], day: date) -> bool:
    """True when one of the roles is held at the organisation that answers for it; ``bodies``: the case's."""
    return any(actor.holds(code, bodies.get(role(code).body), day) for code in role_codes)


def require_role_for(actor: Actor, bodies: Mapping[str, str], *role_codes: str, day: date) -> None:
    """NotAllowed unless one of the roles is held where it counts for this case, not in another organ."""
    if not holds_for(actor, bodies, role_codes, day):
        names = "、".join(role(code).zh for code in role_codes)
        raise NotAllowed(f"此操作限{names}办理。")


def require_second_person(actor: Actor, first_identities: Iterable[str]) -> None:
    """NotAllowed when the actor is one of those who did the first half (发布、授权、留存清理 need two)."""
    if {actor.identity, actor.user_id} & set(first_identities):
        raise NotAllowed("此操作须由第二人复核，提出人本人不能复核。")
