"""Processes that start by time 定时启动: one job for each such start event of the newest version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from uuid_utils import uuid7

from webapp import engine as bpmn
from webapp.domain.errors import Invalid
from webapp.persistence.models import runtime
from webapp.services.office import Work

KIND = "start_timer"


def replace(work: Work, row: Mapping[str, Any], definition: bpmn.Definition) -> None:
    """In the transaction of a deployment: the jobs of the version before are called off, the new ones filed.

    Invalid for a time without sense.
    """
    call_off(work, row["key"])
    try:
        timers = bpmn.start_timers(definition, now=work.now, functions=work.functions())
    except bpmn.EngineError as error:
        raise Invalid({error.element_id or row["key"]: error.zh}) from error
    if timers:
        work.insert(runtime.job, [_job(work, row, one) for one in timers])


def call_off(work: Work, key: str) -> None:
    """No start of the process is due any more."""
    filed = work.all(runtime.job, kind=KIND, status=["due", "leased", "failed", "suspended"])
    old = [job["id"] for job in filed if job["payload"]["key"] == key]
    if old:
        work.update(runtime.job, {"id": old}, {"status": "cancelled"})


def rest(work: Work, definition_id: str) -> None:
    """The starts of a version that is stopped 暂停启动 wait; one that a worker holds already parks itself."""
    waiting = _of(work, definition_id, "due")
    if waiting:
        work.update(runtime.job, {"id": waiting, "status": "due"}, {"status": "suspended"})


def resume(work: Work, definition_id: str) -> None:
    """What fell due while the version rested starts once, dated today; the rest keeps its instant."""
    resting = work.all(runtime.job, kind=KIND, status="suspended")
    mine = [job for job in resting if job["payload"]["definition_id"] == definition_id]
    overdue = [job["id"] for job in mine if job["due_at"] < work.now]
    if overdue:
        work.update(runtime.job, {"id": overdue}, {"status": "due", "due_at": work.now})
    later = [job["id"] for job in mine if job["id"] not in overdue]
    if later:
        work.update(runtime.job, {"id": later}, {"status": "due"})
    work.after_commit(work.office.wake)


def _of(work: Work, definition_id: str, status: str) -> list[str]:
    filed = work.all(runtime.job, kind=KIND, status=status)
    return [job["id"] for job in filed if job["payload"]["definition_id"] == definition_id]


def follow(work: Work, row: Mapping[str, Any], job: Mapping[str, Any], noticed: datetime) -> None:
    """In the transaction of a start: the job of the next round, if there is one."""
    definition = work.definition(row["digest"], row["key"])
    found = bpmn.next_start(
        definition, job["element_id"], job["payload"]["memo"], now=work.now, seen_at=noticed
    )
    if found is not None:
        work.insert(runtime.job, _job(work, row, found))


def _job(work: Work, row: Mapping[str, Any], timer: bpmn.StartTimer) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "kind": KIND,
        "status": "due",
        "due_at": timer.due_at,
        "instance_id": None,
        "case_id": None,
        "element_id": timer.element_id,
        "payload": {"key": row["key"], "definition_id": row["id"], "memo": dict(timer.memo)},
        "attempts": 0,
        "created_at": work.now,
    }
