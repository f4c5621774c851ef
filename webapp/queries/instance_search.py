"""Process instances found by many conditions 流程实例检索, running or over; only of files the reader reads whole."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from webapp.domain.access import Actor
from webapp.domain.formats import is_id
from webapp.persistence.models import cases, identity, repository, runtime
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import conditions
from webapp.queries.conditions import Asked, Condition
from webapp.queries.visibility import whole_cases

INSTANCE, DEFINITION, CASE = runtime.process_instance, repository.definition, cases.case_file
LINK = runtime.process_call
USER: Any = identity.User.__table__
IS_LIVE = INSTANCE.c.status.in_(("running", "suspended"))

FILTERS: dict[str, Condition] = {
    "processInstanceId": conditions.same_id(INSTANCE.c.id),
    "processInstanceIds": conditions.among_ids(INSTANCE.c.id),
    "businessKey": conditions.equals(CASE.c.number),
    "businessKeyLike": conditions.like(CASE.c.number),
    "processInstanceBusinessKey": conditions.equals(CASE.c.number),
    "processInstanceBusinessKeyIn": conditions.among(CASE.c.number),
    "processInstanceBusinessKeyLike": conditions.like(CASE.c.number),
    "processDefinitionId": conditions.definition_id(INSTANCE.c.definition_id),
    "processDefinitionKey": conditions.equals(DEFINITION.c.key),
    "processDefinitionKeyIn": conditions.among(DEFINITION.c.key),
    "processDefinitionName": conditions.equals(DEFINITION.c.name),
    "withoutTenantId": conditions.only(INSTANCE.c.id.is_not(None)),
    "active": conditions.only(INSTANCE.c.status == "running"),
    "suspended": conditions.only(INSTANCE.c.status == "suspended"),
    "finished": conditions.only(~IS_LIVE),
    "unfinished": conditions.only(IS_LIVE),
    "completed": conditions.only(INSTANCE.c.status == "finished"),
    "externallyTerminated": conditions.only(INSTANCE.c.status == "cancelled"),
    "startedBefore": conditions.before(INSTANCE.c.started_at),
    "startedAfter": conditions.after(INSTANCE.c.started_at),
    "finishedBefore": conditions.before(INSTANCE.c.ended_at),
    "finishedAfter": conditions.after(INSTANCE.c.ended_at),
    "superProcessInstance": lambda caller: INSTANCE.c.id.in_(
        select(LINK.c.instance_id).where(conditions.same_id(LINK.c.caller_id)(caller))
    ),
    "subProcessInstance": lambda called: INSTANCE.c.id.in_(
        select(LINK.c.caller_id).where(conditions.same_id(LINK.c.instance_id)(called))
    ),
    "starter_id": conditions.equals(INSTANCE.c.started_by),
}
ORDERS: dict[str, Any] = {
    "instanceId": INSTANCE.c.id,
    "definitionKey": DEFINITION.c.key,
    "definitionId": INSTANCE.c.definition_id,
    "definitionName": DEFINITION.c.name,
    "definitionVersion": DEFINITION.c.version,
    "businessKey": CASE.c.number,
    "startTime": INSTANCE.c.started_at,
    "endTime": INSTANCE.c.ended_at,
}


def may_see(actor: Actor, day: date) -> ColumnElement[bool]:
    """Of cases whose whole file the actor reads; without a case, the actor's own."""
    whole = INSTANCE.c.case_id.in_(select(CASE.c.id).where(whole_cases(actor, day)))
    return or_(whole, and_(INSTANCE.c.case_id.is_(None), INSTANCE.c.started_by == actor.user_id))


def _query(actor: Actor, asked: Asked, day: date, *, live: bool) -> Select[Any]:
    source = INSTANCE.join(DEFINITION, DEFINITION.c.id == INSTANCE.c.definition_id).outerjoin(
        CASE, CASE.c.id == INSTANCE.c.case_id
    )
    columns = [
        INSTANCE.c.id, INSTANCE.c.case_id, INSTANCE.c.status, INSTANCE.c.started_at, INSTANCE.c.ended_at,
        INSTANCE.c.definition_id, INSTANCE.c.stream, DEFINITION.c.key, DEFINITION.c.name, DEFINITION.c.version,
        DEFINITION.c.digest, CASE.c.number, INSTANCE.c.started_by,
    ]  # fmt: skip
    query = select(*columns).select_from(source).where(may_see(actor, day))
    query = query.where(IS_LIVE) if live else query
    return query.where(*conditions.where(FILTERS, asked))


def logins(reads: Reads, ids: Iterable[str]) -> dict[str, str]:
    """Log-ins by user id; what is no id stands for itself: ``system``."""
    wanted = sorted({one for one in ids if is_id(one)})
    rows = reads.fetch_all(select(USER.c.id, USER.c.username).where(USER.c.id.in_(wanted))) if wanted else []
    return {row["id"]: row["username"] for row in rows}


def user_id(reads: Reads, login: str) -> str | None:
    """The account behind a log-in; None for nobody's."""
    row = reads.fetch(select(USER.c.id).where(USER.c.username == login))
    return str(row["id"]) if row else None


def with_starter(reads: Reads, asked: Asked) -> Asked:
    """``startedBy`` as a log-in → the user's id; nobody's where there is no such log-in."""
    if asked.get("startedBy") is None:
        return asked
    return {**asked, "starter_id": user_id(reads, asked["startedBy"]) or ""}


def found(
    reads: Reads, actor: Actor, asked: Asked, sorting: Iterable[tuple[str, bool]], day: date, *, live: bool
) -> list[Row]:
    """One stretch of the instances; ``live``: only those that still run."""
    query = _query(actor, with_starter(reads, asked), day, live=live)
    return reads.fetch_all(conditions.page(query, ORDERS, asked, sorting, INSTANCE.c.id))


def count(reads: Reads, actor: Actor, asked: Asked, day: date, *, live: bool) -> int:
    """How many there are."""
    return conditions.count(reads, _query(actor, with_starter(reads, asked), day, live=live))


def one(reads: Reads, actor: Actor, instance_id: str, day: date, *, live: bool = False) -> Row | None:
    """One instance the actor may see, None where there is none."""
    return reads.fetch(_query(actor, {"processInstanceId": instance_id}, day, live=live))
