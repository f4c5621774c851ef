"""How the installation stands 运行状况: figures for the machine that watches, no personal data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, Table, bindparam, func, select

from webapp.persistence.models import history, runtime
from webapp.persistence.unit_of_work import Reads


@dataclass(frozen=True, slots=True)
class Condition:
    """What waits and what is late, counted at one moment; ages in seconds of the office's clock."""

    jobs_due: int
    oldest_job_seconds: float
    messages_waiting: int
    incidents_open: int
    tasks_open: int
    tasks_overdue: int
    events: int
    last_event_at: datetime | None


def read(reads: Reads, moment: datetime) -> Condition:
    """The condition at ``moment``, in one statement."""
    row = reads.fetch(_query(), {"moment": moment})
    assert row is not None
    first = row["first_due"]
    return Condition(
        row["jobs_due"],
        max(0.0, (moment - first).total_seconds()) if first else 0.0,
        row["messages_waiting"],
        row["incidents_open"],
        row["tasks_open"],
        row["tasks_overdue"],
        row["events"] or 0,
        row["last_event_at"],
    )


def _query() -> Select[Any]:
    job, box, task = runtime.job, runtime.outbox, runtime.work_item
    now = bindparam("moment", type_=job.c.due_at.type)
    is_due = (job.c.status.in_(("due", "leased")), job.c.due_at <= now)
    return select(
        _count(job, *is_due).label("jobs_due"),
        select(func.min(job.c.due_at)).where(*is_due).scalar_subquery().label("first_due"),
        _count(box, box.c.status == "waiting").label("messages_waiting"),
        _count(runtime.incident, runtime.incident.c.resolved_at.is_(None)).label("incidents_open"),
        _count(task, task.c.status == "open").label("tasks_open"),
        _count(task, task.c.status == "open", task.c.due_at <= now).label("tasks_overdue"),
        select(func.sum(history.stream.c.seq)).scalar_subquery().label("events"),
        select(func.max(history.stream.c.recorded_at)).scalar_subquery().label("last_event_at"),
    )


def _count(table: Table, *where: Any) -> ScalarSelect[Any]:
    return select(func.count()).select_from(table).where(*where).scalar_subquery()
