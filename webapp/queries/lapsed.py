"""Tasks whose holder may do them no more 签收失效, because what they were claimed under has ended by its date."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, String, Table, and_, cast, func, or_, select, union_all

from webapp.persistence.models import identity, runtime

ITEM, CANDIDATE = runtime.work_item, runtime.work_candidate


def holder(day: date) -> ColumnElement[bool]:
    """The task's holder may do it no more: what it was claimed under has ended by its date.

    Asked of few: only of holders with something that has ended. Counted by the task's own rows, so that the cost
    does not grow with the tasks of the desk.
    """
    grant, named = identity.role_grant, identity.substitution
    ended = union_all(
        select(grant.c.user_id).where(grant.c.valid_to < day),
        select(named.c.substitute_id).where(named.c.valid_to < day),
    )
    roles = [grant.c.user_id == ITEM.c.assignee_id, grant.c.valid_from <= day]
    roles.append(or_(grant.c.valid_to.is_(None), grant.c.valid_to >= day))
    stood = [named.c.substitute_id == ITEM.c.assignee_id, named.c.ended_at.is_(None)]
    stood += [named.c.valid_from <= day, named.c.valid_to >= day]
    return and_(
        ITEM.c.assignee_id.in_(ended),
        _offers(grant, roles) == 0,
        _offers(named, stood) == 0,
        _names_holder() == 0,
    )


def _offers(held: Table, conditions: Sequence[ColumnElement[bool]]) -> ScalarSelect[int]:
    """How many of the desks the task is offered to the holder has; found by the task, never by the desk."""
    offered = CANDIDATE.alias("held_by")
    same_desk = and_(
        func.coalesce(offered.c.role, "") == held.c.role,
        cast(offered.c.organisation_id, String) == cast(held.c.organisation_id, String),
    )
    query = select(func.count()).select_from(offered.join(held, same_desk))
    return query.where(offered.c.work_item_id == ITEM.c.id, *conditions).correlate(ITEM).scalar_subquery()


def _names_holder() -> ScalarSelect[int]:
    offered, user = CANDIDATE.alias("named_by"), identity.User.__table__
    same = cast(offered.c.person_id, String) == cast(user.c.person_id, String)
    query = select(func.count()).select_from(offered.join(user, same))
    mine = [offered.c.work_item_id == ITEM.c.id, user.c.id == ITEM.c.assignee_id]
    return query.where(*mine).correlate(ITEM).scalar_subquery()
