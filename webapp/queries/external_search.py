"""External tasks found by many conditions 外部任务检索: for the programs that do them, and the administrator."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, and_, or_, select

from webapp.domain.access import Actor, require_role
from webapp.persistence.models import cases, repository, runtime
from webapp.persistence.statements import clock
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import conditions
from webapp.queries.conditions import Asked, Condition

TASK, INSTANCE = runtime.external_task, runtime.process_instance
DEFINITION, CASE = repository.definition, cases.case_file
MAY_READ = ("external_worker", "system_admin")
HAS_RETRIES = or_(TASK.c.retries.is_(None), TASK.c.retries > 0)

FILTERS: dict[str, Condition] = {
    "externalTaskId": conditions.same_id(TASK.c.id),
    "externalTaskIdIn": conditions.among_ids(TASK.c.id),
    "topicName": conditions.equals(TASK.c.topic),
    "workerId": conditions.equals(TASK.c.worker),
    "activityId": conditions.equals(TASK.c.element_id),
    "activityIdIn": conditions.among(TASK.c.element_id),
    "processInstanceId": conditions.same_id(TASK.c.instance_id),
    "processInstanceIdIn": conditions.among_ids(TASK.c.instance_id),
    "processDefinitionId": conditions.definition_id(INSTANCE.c.definition_id),
    "lockExpirationBefore": conditions.before(TASK.c.locked_until),
    "lockExpirationAfter": conditions.after(TASK.c.locked_until),
    "active": conditions.only(INSTANCE.c.status == "running"),
    "suspended": conditions.only(INSTANCE.c.status == "suspended"),
    "withRetriesLeft": conditions.only(HAS_RETRIES),
    "noRetriesLeft": conditions.only(TASK.c.retries == 0),
}
ORDERS: dict[str, Any] = {
    "id": TASK.c.id,
    "lockExpirationTime": TASK.c.locked_until,
    "processInstanceId": TASK.c.instance_id,
    "processDefinitionKey": TASK.c.process_key,
    "createTime": TASK.c.opened_at,
}


def _query(reads: Reads, actor: Actor, asked: Asked, day: Any) -> Select[Any]:
    require_role(actor, *MAY_READ, day=day)
    source = TASK.join(INSTANCE, INSTANCE.c.id == TASK.c.instance_id)
    source = source.join(DEFINITION, DEFINITION.c.id == INSTANCE.c.definition_id)
    source = source.outerjoin(CASE, CASE.c.id == TASK.c.case_id)
    columns = [
        *TASK.c, DEFINITION.c.version, INSTANCE.c.definition_id, INSTANCE.c.status.label("instance_status"),
        CASE.c.number,
    ]  # fmt: skip
    query = select(*columns).select_from(source).where(TASK.c.status == "open")
    held = and_(TASK.c.worker.is_not(None), TASK.c.locked_until > clock(reads.dialect))
    locked = {"locked": conditions.only(held), "notLocked": conditions.only(~held | TASK.c.worker.is_(None))}
    return query.where(*conditions.where({**FILTERS, **locked}, asked))


def found(
    reads: Reads, actor: Actor, asked: Asked, sorting: Iterable[tuple[str, bool]], day: Any
) -> list[Row]:
    """One stretch of the open external tasks."""
    query = _query(reads, actor, asked, day)
    return reads.fetch_all(conditions.page(query, ORDERS, asked, sorting, TASK.c.id))


def count(reads: Reads, actor: Actor, asked: Asked, day: Any) -> int:
    """How many there are."""
    return conditions.count(reads, _query(reads, actor, asked, day))


def some(reads: Reads, actor: Actor, ids: list[str], day: Any) -> list[Row]:
    """The open external tasks with these ids, in this order."""
    rows = reads.fetch_all(_query(reads, actor, {"externalTaskIdIn": ids}, day)) if ids else []
    by_id = {row["id"]: row for row in rows}
    return [by_id[one] for one in ids if one in by_id]
