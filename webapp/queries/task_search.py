"""Tasks found by many conditions 待办检索: what programs filter, sort and page; only what the pages would show."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select, true

from webapp.domain.access import Actor
from webapp.domain.roles import APART
from webapp.persistence.models import cases, identity, repository, runtime
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import conditions
from webapp.queries.conditions import Asked, Condition
from webapp.queries.inbox import reachable
from webapp.queries.visibility import whole_cases

ITEM, CANDIDATE, CASE = runtime.work_item, runtime.work_candidate, cases.case_file
INSTANCE, DEFINITION = runtime.process_instance, repository.definition
USER: Any = identity.User.__table__
GRANT = identity.role_grant


def _offered(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    return ITEM.c.id.in_(select(CANDIDATE.c.work_item_id).where(*where))


def _to_groups(codes: Sequence[str]) -> ColumnElement[bool]:
    return _offered(CANDIDATE.c.role.in_(list(codes)))


def _to_user(login: str, day: date) -> ColumnElement[bool]:
    """Offered to a user by name, or to a role the user holds at that organisation on the day."""
    person = select(USER.c.person_id).where(USER.c.username == login).scalar_subquery()
    held = (
        select(literal(1))
        .select_from(GRANT.join(USER, USER.c.id == GRANT.c.user_id))
        .where(
            USER.c.username == login,
            GRANT.c.role == CANDIDATE.c.role,
            GRANT.c.organisation_id == CANDIDATE.c.organisation_id,
            GRANT.c.valid_from <= day,
            or_(GRANT.c.valid_to.is_(None), GRANT.c.valid_to >= day),
        )
        .correlate(CANDIDATE)
        .exists()
    )
    return _offered(or_(CANDIDATE.c.person_id == person, held))


NAMES: dict[str, Condition] = {
    "processInstanceId": conditions.same_id(ITEM.c.instance_id),
    "processInstanceIdIn": conditions.among_ids(ITEM.c.instance_id),
    "processInstanceBusinessKey": conditions.equals(CASE.c.number),
    "processInstanceBusinessKeyIn": conditions.among(CASE.c.number),
    "processInstanceBusinessKeyLike": conditions.like(CASE.c.number),
    "processDefinitionId": conditions.definition_id(INSTANCE.c.definition_id),
    "processDefinitionKey": conditions.equals(ITEM.c.process_key),
    "processDefinitionKeyIn": conditions.among(ITEM.c.process_key),
    "processDefinitionName": conditions.equals(DEFINITION.c.name),
    "processDefinitionNameLike": conditions.like(DEFINITION.c.name),
    "taskDefinitionKey": conditions.equals(ITEM.c.element_id),
    "taskDefinitionKeyIn": conditions.among(ITEM.c.element_id),
    "taskDefinitionKeyLike": conditions.like(ITEM.c.element_id),
    "executionId": conditions.same_id(ITEM.c.instance_id),
}
OPEN: dict[str, Condition] = NAMES | {
    "taskId": conditions.same_id(ITEM.c.id),
    "taskIdIn": conditions.among_ids(ITEM.c.id),
    "name": conditions.equals(ITEM.c.name),
    "nameLike": conditions.like(ITEM.c.name),
    "nameNotEqual": conditions.unlike(conditions.equals(ITEM.c.name)),
    "nameNotLike": conditions.unlike(conditions.like(ITEM.c.name)),
    "assigneeLike": conditions.like(USER.c.username),
    "assignee": conditions.equals(USER.c.username),
    "assigneeIn": conditions.among(USER.c.username),
    "assigned": conditions.only(ITEM.c.assignee_id.is_not(None)),
    "unassigned": conditions.only(ITEM.c.assignee_id.is_(None)),
    "candidateGroup": lambda code: _to_groups([code]),
    "candidateGroups": _to_groups,
    "withCandidateGroups": conditions.only(_offered(CANDIDATE.c.role.is_not(None))),
    "withoutCandidateGroups": conditions.only(~_offered(CANDIDATE.c.role.is_not(None))),
    "withoutTenantId": conditions.only(true()),
    "priority": conditions.equals(ITEM.c.priority),
    "minPriority": lambda least: ITEM.c.priority >= least,
    "maxPriority": lambda most: ITEM.c.priority <= most,
    "dueDate": conditions.equals(ITEM.c.due_at),
    "dueBefore": conditions.before(ITEM.c.due_at),
    "dueAfter": conditions.after(ITEM.c.due_at),
    "withoutDueDate": conditions.only(ITEM.c.due_at.is_(None)),
    "followUpDate": conditions.equals(ITEM.c.follow_up_at),
    "followUpBefore": conditions.before(ITEM.c.follow_up_at),
    "followUpAfter": conditions.after(ITEM.c.follow_up_at),
    "followUpBeforeOrNotExistent": lambda at: or_(ITEM.c.follow_up_at.is_(None), ITEM.c.follow_up_at < at),
    "createdOn": conditions.equals(ITEM.c.opened_at),
    "createdBefore": conditions.before(ITEM.c.opened_at),
    "createdAfter": conditions.after(ITEM.c.opened_at),
    "active": conditions.only(INSTANCE.c.status == "running"),
    "suspended": conditions.only(INSTANCE.c.status == "suspended"),
}
IS_OVER = ITEM.c.status != "open"
CLOSED: dict[str, Condition] = NAMES | {
    "taskId": conditions.same_id(ITEM.c.id),
    "taskName": conditions.equals(ITEM.c.name),
    "taskNameLike": conditions.like(ITEM.c.name),
    "taskAssignee": conditions.equals(USER.c.username),
    "taskPriority": conditions.equals(ITEM.c.priority),
    "taskDueDate": conditions.equals(ITEM.c.due_at),
    "taskDueDateBefore": conditions.before(ITEM.c.due_at),
    "taskDueDateAfter": conditions.after(ITEM.c.due_at),
    "finished": conditions.only(IS_OVER),
    "unfinished": conditions.only(~IS_OVER),
    "processFinished": conditions.only(INSTANCE.c.status != "running"),
    "processUnfinished": conditions.only(INSTANCE.c.status == "running"),
    "startedBefore": conditions.before(ITEM.c.opened_at),
    "startedAfter": conditions.after(ITEM.c.opened_at),
    "finishedBefore": conditions.before(ITEM.c.closed_at),
    "finishedAfter": conditions.after(ITEM.c.closed_at),
}
# A candidate's question is about what nobody has claimed, unless asked otherwise.
OF_CANDIDATES = frozenset({"candidateGroup", "candidateGroups", "candidateUser", "withCandidateGroups"})
ORDERS: dict[str, Any] = {
    "id": ITEM.c.id,
    "name": ITEM.c.name,
    "priority": ITEM.c.priority,
    "assignee": USER.c.username,
    "created": ITEM.c.opened_at,
    "dueDate": ITEM.c.due_at,
    "followUpDate": ITEM.c.follow_up_at,
    "instanceId": ITEM.c.instance_id,
    "executionId": ITEM.c.instance_id,
}
PAST_ORDERS: dict[str, Any] = {
    "taskId": ITEM.c.id,
    "taskName": ITEM.c.name,
    "taskDefinitionKey": ITEM.c.element_id,
    "assignee": USER.c.username,
    "priority": ITEM.c.priority,
    "startTime": ITEM.c.opened_at,
    "endTime": ITEM.c.closed_at,
    "dueDate": ITEM.c.due_at,
    "followUpDate": ITEM.c.follow_up_at,
    "processInstanceId": ITEM.c.instance_id,
    "processDefinitionId": INSTANCE.c.definition_id,
}


def may_see(actor: Actor, day: date) -> ColumnElement[bool]:
    """The tasks whose page the actor could open, for many rows at once; held-back ones are told to nobody."""
    whole = ITEM.c.case_id.in_(select(CASE.c.id).where(whole_cases(actor, day)))
    return and_(ITEM.c.withheld.is_(False), or_(whole, and_(reachable(actor), _own(actor, day))))


def _own(actor: Actor, day: date) -> ColumnElement[bool]:
    """Offered to the actor, held or done by the actor."""
    if actor.roles_on(day) & APART:
        return false()
    ways = [
        and_(CANDIDATE.c.role == grant.role, CANDIDATE.c.organisation_id == grant.organisation_id)
        for grant in actor.grants_on(day)
        if grant.organisation_id
    ]
    if actor.person_id is not None:
        ways.append(CANDIDATE.c.person_id == actor.person_id)
    mine = or_(ITEM.c.assignee_id == actor.user_id, ITEM.c.completed_by == actor.user_id)
    return or_(mine, _offered(or_(*ways))) if ways else mine


def _query(actor: Actor, day: date, asked: Asked, filters: dict[str, Condition]) -> Select[Any]:
    source = (
        ITEM.join(INSTANCE, INSTANCE.c.id == ITEM.c.instance_id)
        .join(DEFINITION, DEFINITION.c.id == INSTANCE.c.definition_id)
        .outerjoin(CASE, CASE.c.id == ITEM.c.case_id)
        .outerjoin(USER, USER.c.id == func.coalesce(ITEM.c.completed_by, ITEM.c.assignee_id))
    )
    columns = [
        *ITEM.c, USER.c.username.label("assignee"), INSTANCE.c.definition_id, DEFINITION.c.version,
        INSTANCE.c.status.label("instance_status"), CASE.c.number,
    ]  # fmt: skip
    query = select(*columns).select_from(source).where(may_see(actor, day))
    return query.where(*conditions.where(filters, asked))


def _open(actor: Actor, day: date, asked: Asked) -> Select[Any]:
    query = _query(actor, day, asked, OPEN).where(ITEM.c.status == "open")
    if asked.get("candidateUser") is not None:
        query = query.where(_to_user(asked["candidateUser"], day))
    about_candidates = any(asked.get(name) is not None for name in OF_CANDIDATES)
    free = about_candidates and not asked.get("includeAssignedTasks")
    return query.where(ITEM.c.assignee_id.is_(None) if free else true())


def open_tasks(
    reads: Reads, actor: Actor, asked: Asked, sorting: Iterable[tuple[str, bool]], day: date
) -> list[Row]:
    """One stretch of the open tasks the actor could open."""
    query = _open(actor, day, asked)
    return reads.fetch_all(conditions.page(query, ORDERS, asked, sorting, ITEM.c.id))


def count_open(reads: Reads, actor: Actor, asked: Asked, day: date) -> int:
    """How many there are."""
    return conditions.count(reads, _open(actor, day, asked))


def past_tasks(
    reads: Reads, actor: Actor, asked: Asked, sorting: Iterable[tuple[str, bool]], day: date
) -> list[Row]:
    """One stretch of all tasks there ever were, open ones too."""
    query = _query(actor, day, asked, CLOSED)
    return reads.fetch_all(conditions.page(query, PAST_ORDERS, asked, sorting, ITEM.c.id))


def count_past(reads: Reads, actor: Actor, asked: Asked, day: date) -> int:
    """How many there are."""
    return conditions.count(reads, _query(actor, day, asked, CLOSED))


def task(reads: Reads, actor: Actor, task_id: str, day: date) -> Row | None:
    """One task the actor could open, open or not; None where there is none."""
    return reads.fetch(_query(actor, day, {"taskId": task_id}, OPEN))
