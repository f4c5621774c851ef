"""One tracking plan 跟踪管理方案: visits, notes, measures, periods and what changed in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from webapp.domain import due_basis
from webapp.domain.access import Actor
from webapp.domain.errors import NotFound
from webapp.domain.roles import SILENT_UNTIL_TALK
from webapp.domain.tracking import CONCLUSIONS, ENDINGS_ZH
from webapp.domain.visits import KINDS_ZH
from webapp.persistence.models import cases, people, runtime
from webapp.persistence.models import tracking as tables
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import cadres, paper_links, records, ribbon
from webapp.queries.parts import Event, MeasureLine, Period, PersonRef, StageMark
from webapp.queries.tracking import MENTOR, PLAN, VISIT, visible_plans, with_cadre

VISIT_KINDS: Mapping[str, str] = {
    **{str(code): words for code, words in KINDS_ZH.items()},
    "rights_restored": "恢复权利时回访",
    "care": "关心联系",
    "after_reuse": "任用后回访",
}
NOTE_KINDS = {"mentor": "帮带记实", "annual": "年度小结"}
ENDED: Mapping[str, str] = {
    **CONCLUSIONS,
    **{str(code): words for code, words in ENDINGS_ZH.items()},
    "closed": "结束跟踪",
    "reopened": "转入新的核实或处理",
    "terminated": "因故终止",
    "recommended": "建议重新任用",
    "reinstated": "任用后回访结束",
    "probation_failed": "试用期满不合格",
    "measure_added": "受到新的处理，另行跟踪",
}
# Acts of services that change a plan.
CHANGING = frozenset(
    {"open_tracking", "set_class", "assign_mentor", "extend_plan", "close_plan", "reschedule_visits"}
)
MOST_EVENTS = 300
PLAN_FORMS = ("p02_tracking_plan", "p02_care_plan")


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit 回访; ``state``: planned, due, overdue, held, missed or cancelled."""

    id: str
    number: int
    kind: str
    due_on: date
    held_on: date | None
    state: str
    visitors: str
    grade: str
    summary: str
    task_id: str | None
    due_rule: str
    record_id: str | None = None


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One periodic note 帮带记实."""

    id: str
    due_on: date
    written_on: date | None
    kind: str
    author: str
    state: str
    task_id: str | None


@dataclass(frozen=True, slots=True)
class PlanView:
    """The page of one plan."""

    id: str
    case_id: str
    case_no: str
    subject: PersonRef
    unit: str
    tracking_class: str
    care: bool
    mentor: PersonRef | None
    mentor_since: date | None
    opened_on: date
    closed_on: date | None
    conclusion: str
    state: str
    ribbon: tuple[StageMark, ...]
    goals: str
    measures: tuple[MeasureLine, ...]
    periods: tuple[Period, ...]
    visits: tuple[VisitLine, ...]
    notes: tuple[NoteLine, ...]
    changes: tuple[Event, ...]


def show(
    reads: Reads, actor: Actor, plan_id: str, *, day: date, definitions: records.Definitions | None = None
) -> PlanView:
    """The plan page without its sealed goals; NotFound where the actor may not see it."""
    row = reads.fetch(_plan(day).where(PLAN.c.id == plan_id, visible_plans(actor, day)))
    if row is None:
        raise NotFound("没有找到该跟踪管理方案，或您无权查看。")
    open_items = reads.fetch_all(_open_items(row["case_id"]))
    graded = bool(actor.roles_on(day) - SILENT_UNTIL_TALK)
    case = {"id": row["case_id"], "opened_at": row["case_opened_at"], "status": row["case_status"]}
    mentor = PersonRef(row["mentor_id"], row["mentor"], "") if row["mentor_id"] else None
    return PlanView(
        id=row["id"],
        case_id=row["case_id"],
        case_no=row["case_no"],
        subject=PersonRef(row["person_id"], row["subject"], row["post"] or ""),
        unit=row["unit"] or "",
        tracking_class=row["tracking_class"],
        care=row["care"] == "care",
        mentor=_with_post(reads, mentor, day),
        mentor_since=row["mentor_on"],
        opened_on=row["opened_on"],
        closed_on=row["closed_on"],
        conclusion=ENDED.get(row["conclusion"] or "", row["conclusion"] or ""),
        state=row["status"],
        ribbon=ribbon.of_cases(reads, [case])[row["case_id"]],
        goals="",
        measures=cadres.measures(reads, actor, row["person_id"], day),
        periods=cadres.periods(reads, actor, row["person_id"], day),
        visits=_with_records(
            _visits(reads, row, open_items, day, graded=graded),
            paper_links.visit_records(reads, plan_id) if graded else {},
        ),
        notes=_notes(reads, row, open_items, day),
        changes=_changes(reads, row["case_id"], definitions),
    )


def _plan(day: date) -> Select[Any]:
    person, case = people.person, cases.case_file
    columns: list[Any] = [
        PLAN,
        person.c.name.label("subject"),
        people.cadre.c.title.label("post"),
        people.organisation.c.name.label("unit"),
        MENTOR.c.name.label("mentor"),
        case.c.number.label("case_no"),
        case.c.opened_at.label("case_opened_at"),
        case.c.status.label("case_status"),
    ]
    query: Select[Any] = select(*columns).select_from(PLAN).join(person, person.c.id == PLAN.c.person_id)
    query = query.join(case, case.c.id == PLAN.c.case_id)
    return with_cadre(query, PLAN.c.person_id, day).outerjoin(MENTOR, MENTOR.c.id == PLAN.c.mentor_id)


def _with_post(reads: Reads, mentor: PersonRef | None, day: date) -> PersonRef | None:
    if mentor is None:
        return None
    return cadres.person_ref(mentor.id, mentor.name, cadres.posts(reads, [mentor.id], day))


def _open_items(case_id: str) -> Select[Any]:
    item = runtime.work_item
    query = select(item.c.id, item.c.instance_id, item.c.process_key, item.c.element_id)
    return query.where(item.c.case_id == case_id, item.c.status == "open").order_by(
        item.c.opened_at, item.c.id
    )


def _visits(
    reads: Reads, plan: Row, open_items: Sequence[Row], day: date, *, graded: bool
) -> tuple[VisitLine, ...]:
    """The visits in order; the grade is the organs' own page and not shown to the unit or the helper."""
    rows = reads.fetch_all(
        select(VISIT).where(VISIT.c.plan_id == plan["id"]).order_by(VISIT.c.due_on, VISIT.c.id)
    )
    names = _visitors(reads, [row["id"] for row in rows])
    tasks: dict[str, str] = {}
    for item in open_items:
        tasks.setdefault(item["instance_id"], item["id"])
    return tuple(
        VisitLine(
            id=row["id"],
            number=number,
            kind=VISIT_KINDS.get(row["kind"], row["kind"]),
            due_on=row["due_on"],
            held_on=row["held_on"],
            state=_state(row, day, done="held"),
            visitors="、".join(names.get(row["id"], ())),
            grade=row["grade"] or "" if graded else "",
            summary="",
            task_id=tasks.get(row["instance_id"]) if row["instance_id"] else None,
            due_rule=due_basis.counted(plan["opened_on"], row["due_on"]),
        )
        for number, row in enumerate(rows, 1)
    )


def _with_records(lines: tuple[VisitLine, ...], records_of: Mapping[str, str]) -> tuple[VisitLine, ...]:
    """The lines with the task whose record 回访记录 can be printed."""
    return tuple(replace(one, record_id=records_of.get(one.id)) for one in lines)


def _visitors(reads: Reads, ids: Sequence[str]) -> dict[str, list[str]]:
    visitor, person = tables.visit_visitor, people.person
    query = select(visitor.c.visit_id, person.c.name).join(person, person.c.id == visitor.c.person_id)
    found: dict[str, list[str]] = {}
    for row in (
        reads.fetch_all(query.where(visitor.c.visit_id.in_(ids)).order_by(person.c.name)) if ids else ()
    ):
        found.setdefault(row["visit_id"], []).append(row["name"])
    return found


def _state(row: Row, day: date, *, done: str) -> str:
    """The state in the page's words: begun or past its day counts as due or overdue."""
    if row["status"] in ("planned", "started"):
        late = row["due_on"] < day
        return "overdue" if late else "due" if row["status"] == "started" else "planned"
    return done if row["status"] in ("held", "done") else str(row["status"])


def _notes(reads: Reads, plan: Row, open_items: Sequence[Row], day: date) -> tuple[NoteLine, ...]:
    note = tables.periodic_note
    query = select(note).where(note.c.plan_id == plan["id"], note.c.status != "cancelled")
    rows = reads.fetch_all(query.order_by(note.c.due_on, note.c.id))
    # A note's row does not name its instance: begun notes and open tasks are both in the order they fell due.
    begun = [row["id"] for row in rows if row["status"] == "started"]
    writing = [item["id"] for item in open_items if item["process_key"] == "p02a_periodic_note"]
    tasks = dict(zip(begun, writing, strict=True)) if len(begun) == len(writing) else {}
    by_mentor = plan["mentor"] or plan["unit"] or ""
    return tuple(
        NoteLine(
            id=row["id"],
            due_on=row["due_on"],
            written_on=row["done_on"],
            kind=NOTE_KINDS.get(row["kind"], str(row["kind"])),
            author=by_mentor if row["kind"] == "mentor" else plan["unit"] or "",
            state=_state(row, day, done="written"),
            task_id=tasks.get(row["id"]),
        )
        for row in rows
    )


def _changes(reads: Reads, case_id: str, definitions: records.Definitions | None) -> tuple[Event, ...]:
    """The events in which a service changed the plan, newest first."""
    rows = [
        row
        for row in reads.fetch_all(records.of_case(case_id, limit=MOST_EVENTS))
        if CHANGING & {one.get("delegate") for one in records.acts_of(records.facts_of(row))}
    ]
    return records.lines_of(reads, rows, definitions)


def plan_task(reads: Reads, case_id: str) -> str | None:
    """The task whose form holds the plan's goals, None before it is made."""
    item = runtime.work_item
    query = select(item.c.id).where(
        item.c.case_id == case_id, item.c.form_key.in_(PLAN_FORMS), item.c.status == "completed"
    )
    row = reads.fetch(query.order_by(item.c.closed_at.desc()).limit(1))
    return row["id"] if row else None
