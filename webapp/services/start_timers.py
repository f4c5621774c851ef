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
    filed = work.all(runtime.job, kind=KIND, status=["due", "leased", "failed"])
    old = [job["id"] for job in filed if job["payload"]["key"] == row["key"]]
    if old:
        work.update(runtime.job, {"id": old}, {"status": "cancelled"})
    try:
        timers = bpmn.start_timers(definition, now=work.now, functions=work.functions())
    except bpmn.EngineError as error:
        raise Invalid({error.element_id or row["key"]: error.zh}) from error
    if timers:
        work.insert(runtime.job, [_job(work, row, one) for one in timers])


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
