"""The tracking ledger 跟踪台账: plans, visits and notes that the actor may see, by server-side pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, Select, and_, case, func, or_, select

from webapp.domain.access import Actor
from webapp.domain.people import search_word
from webapp.domain.tracking import EVALUATION_BEFORE_DAYS
from webapp.persistence.models import cases, people
from webapp.persistence.models import tracking as tables
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries.cadres import valid_on
from webapp.queries.parts import MOST_COUNTED, PAGE_SIZE, Option, Paging, like, paging
from webapp.queries.visibility import is_stranger, visible_cases

CLASSES = ("A", "B", "C")
DUES = ("overdue", "month", "none", "ending")
MONTH = timedelta(days=30)
TO_COME = ("planned", "started")

PLAN, VISIT, CASE = tables.tracking_plan, tables.visit, cases.case_file
MENTOR = people.person.alias("mentor")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the ledger is searched for."""

    q: str = ""
    tracking_class: str = ""
    due: str = ""
    unit: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One plan of the ledger; ``care``: 关心联系 rather than tracking."""

    id: str
    case_id: str
    subject: str
    subject_post: str
    unit: str
    tracking_class: str
    mentor: str
    next_visit_on: date | None
    last_visit_on: date | None
    visits_done: int
    visits_planned: int
    impact_ends_on: date | None
    state: str
    care: bool


@dataclass(frozen=True, slots=True)
class TrackingView:
    """One page of the ledger; a count is None beyond what is counted exactly."""

    q: str
    tracking_class: str
    due: str
    unit: str
    units: tuple[Option, ...]
    rows: tuple[PlanRow, ...]
    paging: Paging
    counts: Mapping[str, int | None]
    is_filtered: bool


def index(reads: Reads, actor: Actor, asked: Asked, *, day: date) -> TrackingView:
    """One page of the plans the actor may see: open ones first, the next visit first."""
    seen = visible_plans(actor, day)
    conditions = [seen, *_asked_for(asked, day)]
    next_on = _of_visits(func.min(VISIT.c.due_on), VISIT.c.status.in_(TO_COME))
    query = _ledger(day, next_on).where(*conditions)
    query = query.order_by(PLAN.c.status != "open", next_on.is_(None), next_on, PLAN.c.id)
    rows = reads.fetch_all(query.limit(PAGE_SIZE + 1).offset(PAGE_SIZE * (asked.page - 1)))
    counts = _counts(reads, seen, day)
    filtered = bool(asked.q or asked.tracking_class or asked.unit)
    total = None if filtered else counts.get(asked.due or "all")
    return TrackingView(
        q=asked.q,
        tracking_class=asked.tracking_class,
        due=asked.due,
        unit=asked.unit,
        units=_units(reads, seen, day),
        rows=tuple(_row(row) for row in rows[:PAGE_SIZE]),
        paging=paging(asked.page, len(rows), total),
        counts=counts,
        is_filtered=filtered,
    )


def every(reads: Reads, actor: Actor, asked: Asked, *, day: date, most: int) -> tuple[PlanRow, ...]:
    """All plans the actor may see that fit, by unit and name; at most ``most``."""
    next_on = _of_visits(func.min(VISIT.c.due_on), VISIT.c.status.in_(TO_COME))
    query = _ledger(day, next_on).where(visible_plans(actor, day), *_asked_for(asked, day))
    query = query.order_by(people.organisation.c.code, people.person.c.name, PLAN.c.id).limit(most)
    return tuple(_row(row) for row in reads.fetch_all(query))


def visible_plans(actor: Actor, day: date) -> ColumnElement[bool]:
    """True for plans of visible cases, and for the helper's 帮带责任人 own ones once the talk is recorded."""
    through = PLAN.c.case_id.in_(select(CASE.c.id).where(visible_cases(actor, day)))
    if actor.person_id is None:
        return through
    helped = and_(
        PLAN.c.mentor_id == actor.person_id,
        PLAN.c.released_on.is_not(None),
        is_stranger(actor.person_id, PLAN.c.person_id),
    )
    return or_(through, helped)


def _of_visits(value: ColumnElement[Any], *where: ColumnElement[bool]) -> ScalarSelect[Any]:
    return select(value).where(VISIT.c.plan_id == PLAN.c.id, *where).correlate(PLAN).scalar_subquery()


def with_cadre(query: Select[Any], person_id: ColumnElement[str], day: date) -> Select[Any]:
    """The query with the cadre's present post and unit beside it, absent ones as NULL."""
    cadre, unit = people.cadre, people.organisation
    serving = and_(cadre.c.person_id == person_id, valid_on(cadre, day))
    return query.outerjoin(cadre, serving).outerjoin(unit, unit.c.id == cadre.c.unit_id)


def _ledger(day: date, next_on: ScalarSelect[Any]) -> Select[Any]:
    person: FromClause = people.person
    done = VISIT.c.status == "held"
    columns: list[Any] = [
        PLAN,
        person.c.name.label("subject"),
        people.cadre.c.title.label("post"),
        people.organisation.c.name.label("unit"),
        MENTOR.c.name.label("mentor"),
        next_on.label("next_on"),
        _of_visits(func.max(VISIT.c.held_on)).label("last_on"),
        _of_visits(func.count(), done).label("done"),
        _of_visits(func.count(), VISIT.c.status != "cancelled").label("planned"),
    ]
    query: Select[Any] = select(*columns).select_from(PLAN).join(person, person.c.id == PLAN.c.person_id)
    return with_cadre(query, PLAN.c.person_id, day).outerjoin(MENTOR, MENTOR.c.id == PLAN.c.mentor_id)


def _asked_for(asked: Asked, day: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.q:
        token = people.person_token
        named = select(token.c.person_id).where(token.c.token == search_word(asked.q))
        unit = people.organisation.c.name.like(like(asked.q), escape="\\")
        found.append(or_(PLAN.c.person_id.in_(named), unit))
    if asked.tracking_class in CLASSES:
        found.append(PLAN.c.tracking_class == asked.tracking_class)
    if asked.unit:
        found.append(people.organisation.c.id == asked.unit)
    if asked.due in DUES:
        found.append(_due(asked.due, day))
    return found


def _due(code: str, day: date) -> ColumnElement[bool]:
    """One list of the ledger as a condition on the plan."""
    to_come = (
        select(VISIT.c.id).where(VISIT.c.plan_id == PLAN.c.id, VISIT.c.status.in_(TO_COME)).correlate(PLAN)
    )
    is_open = PLAN.c.status == "open"
    if code == "overdue":
        return and_(is_open, to_come.where(VISIT.c.due_on < day).exists())
    if code == "month":
        return and_(is_open, to_come.where(VISIT.c.due_on.between(day, day + MONTH)).exists())
    if code == "none":
        return and_(is_open, ~to_come.exists())
    until = day + timedelta(days=EVALUATION_BEFORE_DAYS)
    return and_(is_open, PLAN.c.latest_end.between(day, until))


def _counts(reads: Reads, seen: ColumnElement[bool], day: date) -> dict[str, int | None]:
    codes = ("overdue", "month", "ending")
    flags = [case((_due(code, day), 1), else_=0).label(code) for code in codes]
    inner = select(PLAN.c.id, *flags).where(seen).limit(MOST_COUNTED + 1).subquery()
    sums = [func.coalesce(func.sum(inner.c[code]), 0).label(code) for code in codes]
    row = reads.fetch(select(func.count().label("all"), *sums).select_from(inner))
    if row is None or row["all"] > MOST_COUNTED:
        return dict.fromkeys(("all", *codes), None)
    return {code: int(row[code]) for code in ("all", *codes)}


def _units(reads: Reads, seen: ColumnElement[bool], day: date) -> tuple[Option, ...]:
    unit = people.organisation
    query: Select[Any] = select(unit.c.id, unit.c.name).distinct().select_from(PLAN)
    query = with_cadre(query, PLAN.c.person_id, day).where(seen, unit.c.id.is_not(None)).order_by(unit.c.name)
    return tuple(Option(row["id"], row["name"]) for row in reads.fetch_all(query))


def _row(row: Row) -> PlanRow:
    return PlanRow(
        id=row["id"],
        case_id=row["case_id"],
        subject=row["subject"],
        subject_post=row["post"] or "",
        unit=row["unit"] or "",
        tracking_class=row["tracking_class"],
        mentor=row["mentor"] or "",
        next_visit_on=row["next_on"],
        last_visit_on=row["last_on"],
        visits_done=row["done"],
        visits_planned=row["planned"],
        impact_ends_on=row["latest_end"],
        state=row["status"],
        care=row["care"] == "care",
    )
