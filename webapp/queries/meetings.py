"""Meetings 会议: the list an actor may see, and the items waiting for one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, FromClause, and_, false, func, or_, select, true

from webapp.domain.access import Actor
from webapp.domain.meetings import RECORDER_ROLES
from webapp.domain.roles import AUDITING
from webapp.domain.workdays import local_date
from webapp.persistence.models import cases, people
from webapp.persistence.models import meetings as tables
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries.parts import MOST_COUNTED, PAGE_SIZE, FormView, Paging, paging
from webapp.queries.visibility import is_stranger

BODIES = ("dept", "committee")
STATES = ("planned", "open", "closed", "cancelled")
# The same as in the verbs: who calls a meeting, signs members in and enters results.
LEADING = {"dept": ("org_dept_head",), "committee": ("org_dept_head", "committee_secretary")}
MATTERS = {
    "adjustment_proposal": "调整建议",
    "adjustment_decision": "调整决定",
    "reinstatement_initiation": "重新任用动议",
    "examination_target": "确定考察对象",
    "reinstatement": "重新任用",
    "probation_end": "试用期满任职",
}
MOST_WAITING = 200

MEETING, MEMBER, ITEM = tables.meeting, tables.meeting_member, tables.agenda_item


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting of the list; items about the reader or relatives are not counted."""

    id: str
    title: str
    body: str
    held_on: date
    place: str
    state: str
    items: int
    decided: int
    present: int
    expected: int


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """An item no meeting has on its agenda yet."""

    id: str
    case_id: str
    case_no: str
    subject: str
    matter: str
    body: str
    since: date


@dataclass(frozen=True, slots=True)
class MeetingsView:
    """The list of meetings."""

    body: str
    state: str
    rows: tuple[MeetingRow, ...]
    waiting: tuple[WaitingItem, ...]
    paging: Paging
    may_create: bool


@dataclass(frozen=True, slots=True)
class MeetingNewView:
    """The form for calling a meeting, with the items that may be put on its agenda."""

    form: FormView
    waiting: tuple[WaitingItem, ...]
    chosen: tuple[str, ...]


def index(reads: Reads, actor: Actor, *, body: str, state: str, page: int, day: date) -> MeetingsView:
    """One page of the meetings the actor may see, newest first."""
    conditions = [visible(actor, day)]
    if body in BODIES:
        conditions.append(MEETING.c.body == body)
    if state in STATES:
        conditions.append(MEETING.c.status == state)
    query = (
        select(MEETING)
        .add_columns(*_counts(actor))
        .where(*conditions)
        .order_by(MEETING.c.held_on.desc(), MEETING.c.id.desc())
    )
    rows = reads.fetch_all(query.limit(PAGE_SIZE + 1).offset(PAGE_SIZE * (page - 1)))
    counted = select(MEETING.c.id).where(*conditions).limit(MOST_COUNTED + 1).subquery()
    total = reads.fetch(select(func.count().label("n")).select_from(counted))
    found = tuple(_row(row) for row in rows[:PAGE_SIZE])
    return MeetingsView(
        body=body if body in BODIES else "",
        state=state if state in STATES else "",
        rows=found,
        waiting=waiting(reads, actor, day),
        paging=paging(page, len(rows), total["n"] if total else None),
        may_create=may_create(actor, day),
    )


def _row(row: Row) -> MeetingRow:
    return MeetingRow(
        row["id"], row["number"], row["body"], row["held_on"], row["place"] or "", row["status"],
        row["items"], row["decided"], row["present"], row["expected"],
    )  # fmt: skip


def coming(reads: Reads, actor: Actor, day: date, *, most: int = 3) -> tuple[MeetingRow, ...]:
    """The next meetings the actor may see, those under way first."""
    query = (
        select(MEETING)
        .add_columns(*_counts(actor))
        .where(visible(actor, day), MEETING.c.status.in_(("planned", "open")), MEETING.c.held_on >= day)
        .order_by(MEETING.c.held_on, MEETING.c.id)
        .limit(most)
    )
    return tuple(_row(row) for row in reads.fetch_all(query))


def _counts(actor: Actor) -> list[ColumnElement[int]]:
    items = select(func.count()).where(ITEM.c.meeting_id == MEETING.c.id, may_know(actor))
    members = select(func.count()).where(MEMBER.c.meeting_id == MEETING.c.id)
    return [
        items.scalar_subquery().label("items"),
        items.where(ITEM.c.status == "decided").scalar_subquery().label("decided"),
        members.where(MEMBER.c.presence == "present").scalar_subquery().label("present"),
        members.scalar_subquery().label("expected"),
    ]


def may_create(actor: Actor, day: date) -> bool:
    """True for recorders 会议记录人 and the committee's office."""
    return bool(called_by(actor, day))


def called_by(actor: Actor, day: date) -> tuple[str, ...]:
    """The bodies whose meetings the actor may call: each has a recorder of its own."""
    return tuple(body for body in BODIES if actor.roles_on(day) & set(RECORDER_ROLES[body]))


def may_know(actor: Actor, item: FromClause = ITEM) -> ColumnElement[bool]:
    """True for items not about the actor or a relative, on cases the actor is not kept out of (F05)."""
    if actor.person_id is None:
        return true()
    exclusion = cases.case_exclusion
    kept_out = select(exclusion.c.case_id).where(exclusion.c.person_id == actor.person_id)
    return and_(is_stranger(actor.person_id, item.c.person_id), item.c.case_id.not_in(kept_out))


def visible(actor: Actor, day: date) -> ColumnElement[bool]:
    """True for meetings the actor is a member of, records or leads; auditors see all."""
    if actor.roles_on(day) & AUDITING:
        return true()
    mine = select(MEMBER.c.meeting_id).where(MEMBER.c.person_id == actor.person_id)
    ways = [serves(actor, RECORDER_ROLES, day), serves(actor, LEADING, day)]
    return or_(MEETING.c.id.in_(mine), *ways) if actor.person_id else or_(*ways)


def of_its_house(actor: Actor, day: date) -> ColumnElement[bool]:
    """True for meetings of the committees the actor works for, in whatever role."""
    places = sorted({one.organisation_id for one in actor.grants_on(day) if one.organisation_id})
    return _answered(places, MEETING) if places else false()


def serves(
    actor: Actor, roles: dict[str, tuple[str, ...]], day: date, table: FromClause = MEETING
) -> ColumnElement[bool]:
    """True for rows (body, committee) of committees whose body the actor holds one of the roles for."""
    held = [(grant.role, grant.organisation_id) for grant in actor.grants_on(day) if grant.organisation_id]
    ways = [
        and_(table.c.body == body, _answered(places, table))
        for body, codes in roles.items()
        if (places := sorted({place for role, place in held if role in codes}))
    ]
    return or_(*ways) if ways else false()


def _answered(places: list[str], table: FromClause) -> ColumnElement[bool]:
    body = people.authority_body
    through = select(body.c.committee_id).where(body.c.organisation_id.in_(places))
    return or_(table.c.committee_id.in_(places), table.c.committee_id.in_(through))


def waiting(reads: Reads, actor: Actor, day: date, body: str = "") -> tuple[WaitingItem, ...]:
    """The items that a recorder may put on an agenda, the oldest first."""
    case, person = cases.case_file, people.person
    query = (
        select(
            ITEM.c.id,
            ITEM.c.case_id,
            ITEM.c.matter,
            ITEM.c.body,
            ITEM.c.filed_at,
            case.c.number,
            person.c.name,
        )
        .join(case, case.c.id == ITEM.c.case_id)
        .join(person, person.c.id == ITEM.c.person_id)
        .where(ITEM.c.status == "waiting", serves(actor, RECORDER_ROLES, day, ITEM), may_know(actor))
        .order_by(ITEM.c.filed_at, ITEM.c.id)
        .limit(MOST_WAITING)
    )
    if body in BODIES:
        query = query.where(ITEM.c.body == body)
    return tuple(
        WaitingItem(
            row["id"], row["case_id"], row["number"], row["name"], matter_words(row["matter"]), row["body"],
            local_date(row["filed_at"]),
        )
        for row in reads.fetch_all(query)
    )  # fmt: skip


def matter_words(code: str) -> str:
    """What an item is about; its code where a diagram names a new matter."""
    return MATTERS.get(code, code)


def ids_of(rows: Iterable[WaitingItem]) -> list[str]:
    """The case ids of waiting items, for the record of who read them."""
    return sorted({row.case_id for row in rows})
