"""The list of cases 工作卷宗 and what the page of one shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, literal, select

from webapp.domain import due_basis
from webapp.domain.access import Actor
from webapp.domain.people import search_word
from webapp.domain.roles import AUDITING, SEATED, STANDING_SIGHT, role
from webapp.domain.workdays import local_date
from webapp.persistence.models import cases, meetings, people, repository, runtime
from webapp.persistence.unit_of_work import Reads
from webapp.queries import ribbon
from webapp.queries.briefs import MATTERS
from webapp.queries.parts import PAGE_SIZE, Option, Paging, StageMark, paging
from webapp.queries.tasks import user_names
from webapp.queries.visibility import visible_cases

SORTS = ("-updated", "opened", "-opened", "due")
STATES = ("", "open", "suspended", "closed")
BODIES_ZH = {"dept": "部务会", "committee": "常委会"}
PROGRAM = "program"
CASE, ITEM = cases.case_file, runtime.work_item


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in the list."""

    id: str
    case_no: str
    subject: str
    subject_post: str
    matter: str
    ribbon: tuple[StageMark, ...]
    stage_since: date | None
    state: str
    waits_for: str
    next_due_on: date | None
    opened_on: date
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CasesView:
    """The list of cases."""

    q: str
    stage: str
    state: str
    unit: str
    sort: str
    units: tuple[Option, ...]
    rows: tuple[CaseRow, ...]
    paging: Paging
    is_filtered: bool
    may_start: bool
    may_register: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What the list was asked for."""

    q: str = ""
    stage: str = ""
    state: str = ""
    unit: str = ""
    sort: str = "-updated"
    page: int = 1


@dataclass(frozen=True, slots=True)
class CaseTask:
    """A task of a case."""

    id: str
    name: str
    process_name: str
    state: str
    who: str
    created_at: datetime
    due_on: date | None
    due_rule: str
    completed_at: datetime | None
    may_open: bool


def show(reads: Reads, actor: Actor, wish: Wish, *, today: date, pages: frozenset[str]) -> CasesView:
    """One page of the cases the actor may see."""
    found = reads.fetch_all(_query(actor, wish, today))
    rows = found[:PAGE_SIZE]
    marks = ribbon.of_cases(reads, list(rows))
    # What a case waits for inside the organs in charge is told to those who read the whole file.
    inside = bool(actor.roles_on(today) & (STANDING_SIGHT | SEATED.keys() | AUDITING))
    waits = _waits(reads, [row["id"] for row in rows]) if inside else {}
    return CasesView(
        q=wish.q,
        stage=wish.stage,
        state=wish.state,
        unit=wish.unit,
        sort=wish.sort,
        units=_units(reads),
        rows=tuple(_row(row, marks[row["id"]], waits.get(row["id"])) for row in rows),
        paging=paging(wish.page, len(found)),
        is_filtered=bool(wish.q or wish.stage or wish.state or wish.unit),
        may_start="cases.start" in pages,
        may_register="measures.new" in pages,
    )


def _query(actor: Actor, wish: Wish, today: date) -> Select[Any]:
    cadre = people.cadre
    source = CASE.join(people.person, people.person.c.id == CASE.c.person_id).outerjoin(
        cadre, and_(cadre.c.person_id == CASE.c.person_id, cadre.c.valid_to.is_(None))
    )
    query = select(*CASE.c, people.person.c.name.label("subject"), cadre.c.title).select_from(source)
    query = query.where(visible_cases(actor, today))
    if wish.q:
        typed = search_word(wish.q)
        token = people.person_token
        named = select(token.c.person_id).where(token.c.token == typed)
        query = query.where(CASE.c.person_id.in_(named) | CASE.c.number.contains(typed, autoescape=True))
    if wish.state:
        query = query.where(CASE.c.status == wish.state)
    if wish.unit:
        query = query.where(CASE.c.unit_id == wish.unit)
    if wish.stage:
        query = query.where(CASE.c.id.in_(_in_part(wish.stage)))
    orders = {
        "-updated": CASE.c.stage_since.desc(),
        "opened": CASE.c.opened_at,
        "-opened": CASE.c.opened_at.desc(),
        "due": CASE.c.stage_since,
    }
    return (
        query.order_by(orders[wish.sort], CASE.c.id).limit(PAGE_SIZE + 1).offset(PAGE_SIZE * (wish.page - 1))
    )


def _in_part(part: str) -> Select[Any]:
    """Cases with a running process of that part of the ribbon."""
    keys = [key for key, one in ribbon.PART_OF_PROCESS.items() if one == part]
    instance, definition = runtime.process_instance, repository.definition
    joined = instance.join(definition, definition.c.id == instance.c.definition_id)
    running = and_(
        definition.c.key.in_(keys), instance.c.status == "running", instance.c.case_id.is_not(None)
    )
    return select(instance.c.case_id).select_from(joined).where(running)


def _units(reads: Reads) -> tuple[Option, ...]:
    rows = reads.all(people.organisation, kind="unit", order=("name",))
    return tuple(Option(row["id"], row["name"]) for row in rows)


def _waits(reads: Reads, ids: list[str]) -> dict[str, Mapping[str, Any]]:
    """Of each case the open task that falls due first."""
    if not ids:
        return {}
    number = func.row_number().over(
        partition_by=ITEM.c.case_id, order_by=(ITEM.c.due_at.is_(None), ITEM.c.due_at, ITEM.c.id)
    )
    ranked = select(ITEM.c.case_id, ITEM.c.name, ITEM.c.due_at, number.label("place")).where(
        ITEM.c.case_id.in_(ids), ITEM.c.status == "open"
    )
    first = ranked.subquery()
    found = {row["case_id"]: row for row in reads.fetch_all(select(first).where(first.c.place == 1))}
    return _meetings_awaited(reads, [one for one in ids if one not in found]) | found


def _meetings_awaited(reads: Reads, ids: list[str]) -> dict[str, Mapping[str, Any]]:
    """Cases in which nobody has a task because a meeting 会议 or a program outside 外部程序 is awaited."""
    if not ids:
        return {}
    item = meetings.agenda_item
    query = select(item.c.case_id, item.c.body).where(
        item.c.case_id.in_(ids), item.c.status.in_(("waiting", "scheduled", "voting"))
    )
    outside = runtime.external_task
    programs = select(outside.c.case_id, literal(PROGRAM).label("body")).where(
        outside.c.case_id.in_(ids), outside.c.status == "open"
    )
    # The last one counts: of a case that waits for both, the meeting is said.
    rows = sorted(reads.fetch_all(programs.union_all(query)), key=lambda row: row["body"] != PROGRAM)
    names = {**BODIES_ZH, PROGRAM: "外部程序"}
    return {row["case_id"]: {"name": f"等待{names[row['body']]}", "due_at": None} for row in rows}


def meeting_awaited(reads: Reads, case_id: str) -> str:
    """“等待部务会”, “等待常委会” or “等待外部程序”, '' when none of them is awaited."""
    found = _meetings_awaited(reads, [case_id]).get(case_id)
    return str(found["name"]) if found else ""


def _row(row: Mapping[str, Any], marks: tuple[StageMark, ...], waits: Mapping[str, Any] | None) -> CaseRow:
    return CaseRow(
        id=row["id"],
        case_no=row["number"],
        subject=row["subject"],
        subject_post=row["title"] or "",
        matter=MATTERS.get(row["origin"], ""),
        ribbon=marks,
        stage_since=local_date(row["stage_since"]),
        state=row["status"],
        waits_for=waits["name"] if waits else "",
        next_due_on=local_date(waits["due_at"]) if waits and waits["due_at"] else None,
        opened_on=local_date(row["opened_at"]),
        updated_at=row["stage_since"],
    )


def case_tasks(reads: Reads, case_id: str, names: Mapping[str, str]) -> tuple[CaseTask, ...]:
    """The tasks of a case, open ones first; held-back ones are not told."""
    rows = [row for row in reads.all(ITEM, case_id=case_id, order=("opened_at", "id")) if not row["withheld"]]
    users = {row["assignee_id"] or row["completed_by"] for row in rows} - {None}
    people_names = user_names(reads, {str(one) for one in users})
    waiting = _candidates(reads, [row["id"] for row in rows if row["status"] == "open"])
    rows.sort(key=lambda row: row["status"] != "open")
    return tuple(_task(row, names, people_names, waiting) for row in rows)


def _task(
    row: Mapping[str, Any],
    names: Mapping[str, str],
    people_names: Mapping[str, str],
    waiting: Mapping[str, str],
) -> CaseTask:
    holder = row["completed_by"] or row["assignee_id"]
    state = "claimed" if row["status"] == "open" and row["assignee_id"] else row["status"]
    return CaseTask(
        id=row["id"],
        name=row["name"],
        process_name=names.get(row["process_key"], row["process_key"]),
        state=state,
        who=people_names.get(holder, "") if holder else waiting.get(row["id"], ""),
        created_at=row["opened_at"],
        due_on=local_date(row["due_at"]) if row["due_at"] else None,
        due_rule=due_basis.words(row["due_basis"], row["due_at"]),
        completed_at=row["closed_at"],
        may_open=True,
    )


def _candidates(reads: Reads, ids: list[str]) -> dict[str, str]:
    """Who may take each open task, in words."""
    if not ids:
        return {}
    found: dict[str, list[str]] = {}
    rows = reads.all(runtime.work_candidate, work_item_id=ids)
    named = sorted({row["person_id"] for row in rows if row["person_id"]})
    persons = {row["id"]: row["name"] for row in reads.all(people.person, id=named)} if named else {}
    for row in rows:
        words = role(row["role"]).zh if row["role"] else persons.get(row["person_id"], "")
        found.setdefault(row["work_item_id"], []).append(words)
    return {task: "、".join(dict.fromkeys(words)) for task, words in found.items()}


def instances(reads: Reads, case_id: str) -> list[Mapping[str, Any]]:
    """The process instances of a case with their definitions, oldest first."""
    instance, definition = runtime.process_instance, repository.definition
    columns = [
        instance.c.id,
        instance.c.status,
        definition.c.key,
        definition.c.name,
        definition.c.version,
        definition.c.digest,
    ]
    joined = instance.join(definition, definition.c.id == instance.c.definition_id)
    return reads.fetch_all(
        select(*columns)
        .select_from(joined)
        .where(instance.c.case_id == case_id)
        .order_by(instance.c.started_at)
    )


def own_tasks(reads: Reads, actor: Actor, case_id: str, day: date) -> frozenset[str]:
    """Ids of the case's tasks that are offered to the actor or were done by the actor."""
    rows = reads.all(ITEM, case_id=case_id)
    done = {row["id"] for row in rows if actor.user_id in (row["completed_by"], row["assignee_id"])}
    ids = [row["id"] for row in rows if row["status"] == "open" and not row["withheld"]]
    held = {(grant.role, grant.organisation_id) for grant in actor.desks_on(day)}
    offered = reads.all(runtime.work_candidate, work_item_id=ids) if ids else []
    fitting = {
        one["work_item_id"]
        for one in offered
        if (one["role"], one["organisation_id"]) in held
        or (actor.person_id and one["person_id"] == actor.person_id)
    }
    return frozenset(done | fitting)


def own_files(reads: Reads, actor: Actor, case_id: str, tasks: frozenset[str]) -> frozenset[str]:
    """Ids of the case's files that lie with the actor's own tasks or were stored by the actor."""
    table = cases.attachment
    columns = [table.c.id, table.c.work_item_id, table.c.stored_by]
    rows = reads.fetch_all(select(*columns).where(table.c.case_id == case_id))
    return frozenset(
        row["id"] for row in rows if row["stored_by"] == actor.user_id or row["work_item_id"] in tasks
    )
