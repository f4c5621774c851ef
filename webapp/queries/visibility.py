"""Which cases an actor may see 可见范围, as a condition every list puts into its own statement (F05, F23).

The same rule as ``domain.access.require_may_see_case``, for many rows at once.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, FromClause, Select, and_, false, or_, select, true

from webapp.domain.access import Actor, Grant
from webapp.domain.lifecycle import REINSTATED
from webapp.domain.roles import APART, AUDITING, RECEIVING, SEATED, SILENT_UNTIL_TALK, STANDING_SIGHT, role
from webapp.persistence.models import cases, meetings, people, runtime

# A cadre's own account opens the own page only, never the files of colleagues in the same unit.
OWN_PAGE_ONLY = frozenset({"subject"})


def visible_cases(actor: Actor, day: date, case: FromClause = cases.case_file) -> ColumnElement[bool]:
    """True for the rows of ``case`` (case_file or an alias of it) that the actor may see on the day.

    Auditors see all, designers and administrators none, roles with standing sight what they answer for, all
    others the cases with a task offered to them or done by them; never the own file, a relative's, or one
    recused from.
    """
    if actor.kind == "system":
        return true()
    clear = not_barred(actor.person_id, case)
    roles = actor.roles_on(day)
    if roles & APART:
        return clear if roles & AUDITING else false()
    grants = [grant for grant in actor.grants_on(day) if grant.role not in OWN_PAGE_ONLY]
    ways = [_answered_by(grant, day, case) for grant in grants if grant.organisation_id and _has_sight(grant)]
    # A member of a body may have a task before the item is filed.
    asked = [one for one in grants if one.organisation_id and (one.role in SEATED or not _has_sight(one))]
    ways += [_offered_to(grant, case) for grant in asked]
    ways += [_in_publicity(grant, day, case) for grant in grants if grant.role in RECEIVING]
    ways += [_offered_to(grant, case) for grant in actor.stand_ins_on(day)]
    ways.append(_done_by(actor.user_id, case))
    if actor.person_id is not None:
        ways.append(_named_in(actor.person_id, case))
    return and_(clear, or_(*_distinct(ways)))


def whole_cases(actor: Actor, day: date, case: FromClause = cases.case_file) -> ColumnElement[bool]:
    """True for the cases whose whole file the actor reads, as ``domain.access.sees_whole_file`` says."""
    if actor.kind == "system":
        return true()
    clear = not_barred(actor.person_id, case)
    roles = actor.roles_on(day)
    if roles & APART:
        return clear if roles & AUDITING else false()
    held = [one for one in actor.grants_on(day) if one.organisation_id and _has_sight(one)]
    grants = [one for one in held if role(one.role).body != "unit"]
    ways = [_answered_by(grant, day, case) for grant in grants]
    return and_(clear, or_(*_distinct(ways))) if ways else false()


def not_barred(person_id: str | None, case: FromClause = cases.case_file) -> ColumnElement[bool]:
    """True where the person is neither the subject nor a relative nor recused 回避."""
    if person_id is None:
        return true()
    exclusion = cases.case_exclusion
    recused = select(exclusion.c.case_id).where(exclusion.c.person_id == person_id)
    return and_(is_stranger(person_id, case.c.person_id), case.c.id.not_in(recused))


def is_stranger(person_id: str, column: ColumnElement[str]) -> ColumnElement[bool]:
    """True where the person in ``column`` is neither the given one nor on file as a relative, either way."""
    kin = people.kinship
    one_way = select(kin.c.relative_id).where(kin.c.person_id == person_id)
    other_way = select(kin.c.person_id).where(kin.c.relative_id == person_id)
    return and_(column != person_id, column.not_in(one_way), column.not_in(other_way))


def _distinct(ways: Iterable[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for way in ways:
        if not any(way.compare(other) for other in found):
            found.append(way)
    return found


def _has_sight(grant: Grant) -> bool:
    return grant.role in STANDING_SIGHT or grant.role in SEATED or role(grant.role).body == "unit"


def _offered_to(grant: Grant, case: FromClause) -> ColumnElement[bool]:
    """An open task of the case is offered to the role at the organisation."""
    item, candidate = runtime.work_item, runtime.work_candidate
    offered = (
        select(item.c.case_id)
        .join(candidate, candidate.c.work_item_id == item.c.id)
        .where(candidate.c.organisation_id == grant.organisation_id, candidate.c.role == grant.role)
        .where(item.c.status == "open", item.c.withheld.is_(False), item.c.case_id.is_not(None))
    )
    here = case.c.id.in_(offered)
    return and_(here, not_barred(grant.on_behalf_of, case)) if grant.on_behalf_of else here


def _in_publicity(grant: Grant, day: date, case: FromClause) -> ColumnElement[bool]:
    """A publicity of the case runs, or is over and the post not given; the organ of the grant receives letters."""
    publicity, given = cases.publicity, people.appointment
    running = select(publicity.c.case_id).where(publicity.c.status == "open")
    over = select(publicity.c.case_id).where(publicity.c.status == "closed")
    done = select(given.c.case_id).where(given.c.manner.in_(REINSTATED), given.c.case_id.is_not(None))
    late = and_(case.c.stage == "up", case.c.id.in_(over), case.c.id.not_in(done))
    return and_(_through(role(grant.role).body, grant, day, case), or_(case.c.id.in_(running), late))


def _done_by(user_id: str, case: FromClause) -> ColumnElement[bool]:
    """A task of the case was done by the user."""
    item = runtime.work_item
    return case.c.id.in_(
        select(item.c.case_id).where(item.c.completed_by == user_id, item.c.case_id.is_not(None))
    )


def _answered_by(grant: Grant, day: date, case: FromClause) -> ColumnElement[bool]:
    """The organisation of the grant answers for its body 机构 on the case."""
    body = role(grant.role).body
    answered = case.c.unit_id == grant.organisation_id if body == "unit" else _through(body, grant, day, case)
    if grant.role in SEATED:
        item = meetings.agenda_item
        answered = and_(
            answered, case.c.id.in_(select(item.c.case_id).where(item.c.body == SEATED[grant.role]))
        )
    if grant.role in SILENT_UNTIL_TALK:
        answered = and_(answered, case.c.talked_on.is_not(None))
    return answered


def _through(body: str, grant: Grant, day: date, case: FromClause) -> ColumnElement[bool]:
    managed = case.c.committee_id.in_(committees_answered_by(body, grant.organisation_id, day))
    return or_(case.c.committee_id == grant.organisation_id, managed) if body == "committee" else managed


def committees_answered_by(body: str, organisation_id: str | None, day: date) -> Select[tuple[str]]:
    """SELECT the committees in whose name the organisation answers for the body on the day (干部管理权限)."""
    table = people.authority_body
    return select(table.c.committee_id).where(
        table.c.body == body,
        table.c.organisation_id == organisation_id,
        table.c.valid_from <= day,
        or_(table.c.valid_to.is_(None), table.c.valid_to >= day),
    )


def _named_in(person_id: str, case: FromClause) -> ColumnElement[bool]:
    """An open task that has reached the person names them: 核实组, 考察组, 帮带责任人 …"""
    item, candidate = runtime.work_item, runtime.work_candidate
    named = (
        select(item.c.case_id)
        .join(candidate, candidate.c.work_item_id == item.c.id)
        .where(candidate.c.person_id == person_id, item.c.status == "open", item.c.withheld.is_(False))
        .where(item.c.case_id.is_not(None))
    )
    return case.c.id.in_(named)
