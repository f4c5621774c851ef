"""Rows of external tasks 外部任务, written in the step that opens or ends them."""

from collections.abc import Iterable

from webapp import engine as bpmn
from webapp.persistence.models.runtime import external_task
from webapp.services.office import Work


def write(
    work: Work, instance_id: str, case_id: str | None, process_key: str, calls: Iterable[bpmn.ServiceCall]
) -> None:
    """One row for every call that waits for a program outside."""
    rows = [
        {
            "id": one.id,
            "instance_id": instance_id,
            "case_id": case_id,
            "process_key": process_key,
            "element_id": one.element_id,
            "topic": one.topic,
            "status": "open",
            "inputs": dict(one.inputs),
            "opened_at": work.now,
        }
        for one in calls
        if one.topic is not None
    ]
    if rows:
        work.insert(external_task, rows)


def told(calls: Iterable[bpmn.ServiceCall]) -> list[list[str]]:
    """What an event says of them: topic and element."""
    return [[one.topic, one.element_id] for one in calls if one.topic is not None]


def call_off(work: Work, ids: list[str]) -> None:
    """What the diagram no longer waits for; a task that its program has just finished is closed already."""
    if ids:
        gone = {"status": "cancelled", "closed_at": work.now}
        work.update(external_task, {"id": ids, "status": "open"}, gone)
