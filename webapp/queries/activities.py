"""What an instance has passed through 经过的节点, from the history's own account of what was entered and left."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from webapp.domain.event import accounts
from webapp.persistence.models import history, identity, runtime
from webapp.persistence.unit_of_work import Reads

USER: Any = identity.User.__table__


@dataclass(slots=True)
class Activity:
    """One passage through a node: when, and for a task which and whose."""

    id: str
    element_id: str
    name: str
    kind: str
    started_at: datetime
    ended_at: datetime | None = None
    cancelled: bool = False
    task_id: str | None = None
    assignee: str | None = None


def of_instance(reads: Reads, instance: Mapping[str, Any], definition: Any) -> list[Activity]:
    """Every passage of the instance, oldest first."""
    table = history.history_event
    query = select(table.c.body, table.c.effective_at).where(table.c.stream == instance["stream"])
    found: list[Activity] = []
    waiting: dict[str, list[Activity]] = {}
    for row in reads.fetch_all(query.order_by(table.c.seq)):
        facts = json.loads(row["body"])["facts"]
        for part in accounts(facts):
            if part.get("instance_id") == instance["id"]:
                for how, element in part.get("moves", ()):
                    _move(found, waiting, definition, instance["id"], how, element, row["effective_at"])
    _name_tasks(reads, instance["id"], found)
    return found


def _move(
    found: list[Activity],
    waiting: dict[str, list[Activity]],
    definition: Any,
    instance_id: str,
    how: str,
    element: str,
    at: datetime,
) -> None:
    if how == "entered":
        node = definition.nodes.get(element)
        one = Activity(
            f"{element}:{instance_id}:{len(found) + 1}",
            element,
            node.name if node else "",
            kind_of(node) if node else "",
            at,
        )
        found.append(one)
        waiting.setdefault(element, []).append(one)
    elif waiting.get(element):
        done = waiting[element].pop(0)
        done.ended_at, done.cancelled = at, how == "cancelled"


def kind_of(node: Any) -> str:
    """The kind of a node in Camunda's words: noneEndEvent, intermediateTimer, startEvent, userTask."""
    if node.kind == "startEvent":
        return f"{node.event}StartEvent" if node.event == "message" else "startEvent"
    if node.kind == "endEvent":
        return f"{node.event or 'none'}EndEvent"
    if node.kind == "boundaryEvent":
        return f"boundary{(node.event or '').capitalize()}"
    if node.kind == "intermediateCatchEvent":
        return f"intermediate{'MessageCatch' if node.event == 'message' else (node.event or '').capitalize()}"
    if node.kind == "intermediateThrowEvent":
        return f"intermediate{(node.event or 'none').capitalize()}Throw"
    return str(node.kind)


def _name_tasks(reads: Reads, instance_id: str, found: list[Activity]) -> None:
    """A task's passage names the task: the n-th of an element is the n-th that was opened for it."""
    item = runtime.work_item
    query = (
        select(item.c.id, item.c.element_id, USER.c.username)
        .select_from(item.outerjoin(USER, USER.c.id == item.c.assignee_id))
        .where(item.c.instance_id == instance_id)
        .order_by(item.c.opened_at, item.c.id)
    )
    tasks: dict[str, list[Mapping[str, Any]]] = {}
    for row in reads.fetch_all(query):
        tasks.setdefault(row["element_id"], []).append(row)
    for one in found:
        if tasks.get(one.element_id):
            row = tasks[one.element_id].pop(0)
            one.task_id, one.assignee = row["id"], row["username"]
