"""Rows of a look-up → the facts access is decided on, and the standing of one case in a transaction."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from webapp.domain import access, events
from webapp.domain.access import Actor, Candidate, CaseFacts, TaskFacts
from webapp.domain.errors import Conflict, NotAllowed, NotFound
from webapp.domain.lifecycle import REINSTATED
from webapp.domain.roles import APART
from webapp.engine import Definition
from webapp.persistence import finders
from webapp.persistence.models import cases, people, runtime
from webapp.persistence.models import identity as accounts
from webapp.services import identity
from webapp.services.dossier import mentors_of
from webapp.services.office import Work

STATES: Mapping[str, Any] = {"open": "open", "completed": "done", "cancelled": "cancelled"}


@dataclass(slots=True)
class CaseStanding:
    """A case as it stands inside the transaction; delegates keep it in step with its row."""

    id: str
    number: str
    person_id: str
    committee_id: str
    unit_id: str
    stage: str
    status: str
    talked_on: date | None
    stream: str
    policy: Mapping[str, Any]
    bodies: Mapping[str, str]


def standing(work: Work, row: Mapping[str, Any]) -> CaseStanding | None:
    """The case of a loaded row, None where the instance has no case."""
    if row["case_id"] is None:
        return None
    bodies = {"committee": row["case_committee_id"], "unit": row["case_unit_id"]}
    return CaseStanding(
        id=row["case_id"],
        number=row["case_number"],
        person_id=row["case_person_id"],
        committee_id=row["case_committee_id"],
        unit_id=row["case_unit_id"],
        stage=row["case_stage"],
        status=row["case_status"],
        talked_on=row["case_talked_on"],
        stream=row["case_stream"],
        policy=row["case_policy"],
        bodies=bodies | finders.bodies_of(row["bodies"], work.today),
    )


def case_facts(
    row: Mapping[str, Any],
    case: CaseStanding | None,
    people: frozenset[str] = frozenset(),
    done_by: Mapping[str, frozenset[str]] = MappingProxyType({}),
    mentors: frozenset[str] = frozenset(),
) -> CaseFacts | None:
    """What the guards need of a case; ``people``: persons the diagram named for the task at hand, ``done_by``:
    who did the elements it is kept apart from, ``mentors``: who helps the cadre, where that bars from the task.
    """
    if case is None:
        return None
    kin = [*finders.ids(row["kin"]), *finders.ids(row["kin_back"])]
    # An appeal knows no time limit and stops for nothing: it is answered on a closed or suspended case too (F12).
    is_appeal = row.get("process_key") == "p10_appeal"
    return CaseFacts(
        case_id=case.id,
        subject_person_id=case.person_id,
        silent=case.talked_on is None,
        is_open=case.status != "closed" or is_appeal,
        is_suspended=case.status == "suspended" and not is_appeal,
        relatives=frozenset(kin),
        excluded=frozenset(finders.ids(row["excluded"])),
        organisations=case.bodies,
        named={"verification_team": people} if people else {},
        done_by=done_by,
        mentors=mentors,
        agenda=frozenset(one for (one,) in finders.entries(row["agenda"])),
    )


def task_facts(row: Mapping[str, Any], definition: Definition) -> TaskFacts:
    """What the guards need of a task."""
    node = definition.nodes[row["element_id"]]
    signed = "signOff" in node.extras
    candidates, persons = set(), set()
    for role, organisation, person in finders.entries(row["candidates"]):
        if role:
            candidates.add(Candidate(role, finders.as_id(organisation)))
        if person_id := finders.as_id(person):
            persons.add(person_id)
    return TaskFacts(
        task_id=row["id"],
        element_id=row["element_id"],
        state=STATES[row["status"]],
        candidates=frozenset(candidates),
        candidate_people=frozenset(persons),
        assignee=row["assignee_id"],
        # A signature is given in person, and nobody gives two of them.
        is_decisive=signed or node.extras.get("decisive") == "true",
        separate_from=frozenset(
            [*node.extras.get("separateFrom", "").split(), *([node.id] if signed else [])]
        ),
        recusal=frozenset(node.extras.get("recusal", "").split()),
        completed_by=row["completed_by"],
    )


class Desk:
    """A task taken up in a transaction, with everything its guards are decided on."""

    def __init__(self, work: Work, row: Mapping[str, Any]) -> None:
        self.row = row
        self.definition: Definition = work.definition(row["definition_digest"], row["definition_key"])
        self.case: CaseStanding | None = standing(work, row)
        self.task = task_facts(row, self.definition)
        apart = self.task.separate_from if self.case else frozenset()
        done_by = finders.done_by(work, row, apart) if apart else {}
        mentored = self.case is not None and "mentor" in self.task.recusal
        mentors = mentors_of(work, self.case.person_id) if self.case and mentored else frozenset()
        self.case_facts = case_facts(row, self.case, self.task.candidate_people, done_by, mentors)

    def set_aside_lapsed(self, work: Work, actor: Actor) -> None:
        """A claim counts as none once its holder may no longer do the task: a role that ended by its date."""
        holder_id = self.task.assignee
        if holder_id is None or holder_id == actor.user_id:
            return
        try:
            holder = identity.actor_of(work, holder_id)
        except NotFound:
            holder = None
        if holder is None or not access.may_do(holder, self.task, self.case_facts, work.today):
            self.task = replace(self.task, assignee=None)

    @property
    def case_id(self) -> str | None:
        """The case's id, if any."""
        return self.case.id if self.case else None


def take(work: Work, task_id: str, *, actor_id: str = "", key: str = "") -> Desk:
    """Load and lock a task; NotFound when there is none."""
    row = finders.load_task(work, task_id, actor_id=actor_id, key=key)
    if row is None:
        raise NotFound("没有找到该待办，它可能已被撤销，或您无权查看。")
    return Desk(work, row)


@contextmanager
def naming_the_holder(work: Work) -> Iterator[None]:
    """A refusal because somebody else holds the task 签收 says who it is: that is whom to ask for it."""
    try:
        yield
    except Conflict as refused:
        holder = refused.details.get("held_by")
        if not isinstance(holder, str):
            raise
        sentence = refused.sentence.replace("他人", identity.name_of(work, holder))
        raise Conflict(sentence, **refused.details) from None


def require_sight(work: Work, actor: Actor, facts: CaseFacts) -> None:
    """As ``access.require_may_see_case``, where a task of the case offered to the actor or done by the actor counts.

    So does, for the petition office, a publicity that runs, or is over while the post is not given.
    """
    try:
        access.require_may_see_case(actor, facts, work.today)
    except NotFound:
        if not _has_task(work, actor, facts) and not _receives(work, actor, facts):
            raise
        access.require_may_see_case(actor, replace(facts, working=frozenset({actor.user_id})), work.today)


def _receives(work: Work, actor: Actor, facts: CaseFacts) -> bool:
    if not access.receives_objections(actor, facts, work.today):
        return False
    states = {row["status"] for row in work.all(cases.publicity, case_id=facts.case_id)}
    if "open" in states or "closed" not in states:
        return "open" in states
    # A letter of the last days is entered later, until the post is given or the attempt has ended (F06).
    rising = work.get(cases.case_file, id=facts.case_id)["stage"] == "up"
    given = work.all(people.appointment, case_id=facts.case_id, manner=list(REINSTATED), limit=1)
    return rising and not given


def _has_task(work: Work, actor: Actor, facts: CaseFacts) -> bool:
    items = work.all(runtime.work_item, case_id=facts.case_id, withheld=False)
    if any(item["completed_by"] == actor.user_id for item in items):
        return True
    ids = [item["id"] for item in items if item["status"] == "open"]
    offered = work.all(runtime.work_candidate, work_item_id=ids) if ids else []
    desks = access.desks_in(actor, facts, work.today)
    return any(
        (actor.person_id is not None and row["person_id"] == actor.person_id)
        or (row["role"] is not None and Candidate(row["role"], row["organisation_id"]) in desks)
        for row in offered
    )


def require_may_add(actor: Actor, desk: Desk, day: date) -> None:
    """Comments and files come from those who work on the case, while it is open; auditors and 三员 only look."""
    access.require_may_see_task(actor, desk.task, desk.case_facts, day)
    if actor.roles_on(day) & APART:
        raise NotAllowed("系统管理、安全保密、审计和流程设计人员只能查阅，不能在卷宗中添加内容。")
    if desk.case_facts is not None and not desk.case_facts.is_open:
        raise Conflict("该工作卷宗已经办结，不能再添加内容。")


def task_event(
    kind: type[events.Event], work: Work, desk: Desk, actor: Actor, facts: Mapping[str, Any]
) -> events.Event:
    """The event of a verb on a task, on its instance's chain."""
    base = {
        "work_item_id": desk.row["id"],
        "element_id": desk.row["element_id"],
        "process_key": desk.row["process_key"],
        "definition_digest": desk.row["definition_digest"],
    }
    return kind(
        actor=actor,
        stream=desk.row["stream_name"],
        case_id=desk.case_id,
        effective_at=work.now,
        facts={**base, **facts},
    )


def places(work: Work, case: CaseStanding | None, code: str) -> list[str | None]:
    """Where a role is asked for: the body of the case; without a case, wherever somebody holds the role today."""
    if case is not None:
        return [case.bodies.get(access.role(code).body)]
    today = work.today
    valid = [
        one["organisation_id"]
        for one in work.all(accounts.role_grant, role=code)
        if one["valid_from"] <= today and not (one["valid_to"] and one["valid_to"] < today)
    ]
    return sorted({one for one in valid if one}) or [None]
