"""Locks on external tasks 外部任务: who may work on one, until when; real time, as leases on jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_, select, update

from webapp.persistence.jobs import after_span, span
from webapp.persistence.models import cases, repository, runtime
from webapp.persistence.statements import clock
from webapp.persistence.unit_of_work import UnitOfWork

TASK, INSTANCE = runtime.external_task, runtime.process_instance


@dataclass(frozen=True, slots=True)
class Topic:
    """What a program asks for 主题: the topic, for how long, and of which processes or case."""

    name: str
    lock: timedelta
    process_keys: tuple[str, ...] = ()
    definition_ids: tuple[str, ...] = ()
    number: str | None = None


def claim(work: UnitOfWork, topic: Topic, *, most: int, worker: str, user_id: str) -> list[str]:
    """Lock open tasks of a topic that nobody holds, oldest first → their ids, in that order.

    Two workers never get the same one (PostgreSQL passes over rows another one holds); a lock that has run out is
    taken over. Tasks of suspended instances and those without retries left wait.
    """
    found = (
        select(TASK.c.id)
        .select_from(TASK.join(INSTANCE, INSTANCE.c.id == TASK.c.instance_id))
        .where(TASK.c.status == "open", TASK.c.topic == topic.name, INSTANCE.c.status == "running")
        .where(or_(TASK.c.locked_until.is_(None), TASK.c.locked_until <= clock(work.dialect)))
        .where(or_(TASK.c.retries.is_(None), TASK.c.retries > 0), *_narrowed(topic))
        .order_by(TASK.c.opened_at, TASK.c.id)
        .limit(most)
        .with_for_update(skip_locked=True, of=TASK)
        .cte("found")
    )
    values = {"worker": worker, "held_by": user_id, "locked_until": after_span(work.dialect)}
    query = update(TASK).where(TASK.c.id.in_(select(found.c.id))).values(values)
    rows = work.fetch_all(
        query.returning(TASK.c.id, TASK.c.opened_at), {"span": span(work.dialect, topic.lock)}
    )
    return [row["id"] for row in sorted(rows, key=lambda row: (row["opened_at"], row["id"]))]


def _narrowed(topic: Topic) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if topic.process_keys:
        found.append(TASK.c.process_key.in_(topic.process_keys))
    if topic.definition_ids:
        known = select(repository.definition.c.id).where(repository.definition.c.id.in_(topic.definition_ids))
        found.append(INSTANCE.c.definition_id.in_(known))
    if topic.number is not None:
        of_case = select(cases.case_file.c.id).where(cases.case_file.c.number == topic.number)
        found.append(TASK.c.case_id.in_(of_case))
    return found


def hold(work: UnitOfWork, task_id: str, wait: timedelta, **values: Any) -> None:
    """Keep an open task from being fetched for a time; the values are of the lock alone."""
    one = TASK.c.id == bindparam("task", type_=TASK.c.id.type)
    query = update(TASK).where(one, TASK.c.status == "open")
    query = query.values({**values, "locked_until": after_span(work.dialect)})
    work.fetch_all(query.returning(TASK.c.id), {"task": task_id, "span": span(work.dialect, wait)})
