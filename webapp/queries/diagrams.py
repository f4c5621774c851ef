"""A diagram with the token 流程图: which elements are done, active or ahead, in marks and in words."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from webapp.domain.event import accounts
from webapp.engine import drawing_text
from webapp.persistence.models import history, repository, runtime
from webapp.persistence.unit_of_work import Reads
from webapp.queries.parts import Diagram, Step
from webapp.queries.tasks import user_names

TOLD = frozenset({"userTask", "receiveTask", "startEvent", "endEvent", "intermediateCatchEvent"})


def of_instance(reads: Reads, instance_id: str, definition: Any, version: int, url: str) -> Diagram:
    """The diagram of an instance with the steps taken and open, in words; what lies ahead is left to the picture."""
    rows = {
        row["element_id"]: row
        for row in reads.all(runtime.work_item, instance_id=instance_id, order=("opened_at",))
    }
    names = user_names(reads, {row["completed_by"] for row in rows.values() if row["completed_by"]})
    marks = marks_of(reads, instance_id)
    return drawn(instance_id, definition, version, url, marks, rows, names)


def drawn(
    instance_id: str,
    definition: Any,
    version: int,
    url: str,
    marks: Mapping[str, str],
    rows: Mapping[str, Mapping[str, Any]],
    names: Mapping[str, str],
) -> Diagram:
    """A diagram with marks, and its steps in words; ``rows``: the newest task of an element."""
    steps = [
        _step(node, marks[node.id], rows.get(node.id), names)
        for node in definition.nodes.values()
        if (node.kind in TOLD or node.topic) and node.id in marks
    ]
    return Diagram(instance_id, definition.name, definition.key, version, url, tuple(steps))


def _step(node: Any, state: str, row: Mapping[str, Any] | None, names: Mapping[str, str]) -> Step:
    at: datetime | None = row["closed_at"] if row else None
    who = names.get(row["completed_by"] or "", "") if row else ""
    return Step(node.id, node.name or node.id, state, at, who)


def marks_of(reads: Reads, instance_id: str, *, until: int | None = None) -> dict[str, str]:
    """Element id → done, active or cancelled, from the history's own account of what was entered and left.

    ``until``: the number of the last event to look at, for a picture of an earlier day.
    """
    found: dict[str, str] = {}
    for row in reads.fetch_all(_moves(reads, instance_id, until)):
        facts = json.loads(row["body"])["facts"]
        for part in accounts(facts):
            if part.get("instance_id") == instance_id:
                for kind, element in part.get("moves", ()):
                    found[element] = {"entered": "active", "left": "done", "cancelled": "cancelled"}[kind]
    return found


def _moves(reads: Reads, instance_id: str, until: int | None) -> Select[Any]:
    instance = reads.one(runtime.process_instance, id=instance_id)
    table = history.history_event
    stream = instance["stream"] if instance else ""
    query = select(table.c.body).where(table.c.stream == stream).order_by(table.c.seq)
    return query if until is None else query.where(table.c.seq <= until)


def xml_of(reads: Reads, bundle_digest: str, key: str) -> str:
    """The diagram's XML out of its bundle."""
    rows = reads.all(repository.bundle_file, bundle_digest=bundle_digest)
    name = next((row for row in rows if row["name"] == f"{key}.bpmn"), None) or next(
        row for row in rows if row["name"].endswith(".bpmn")
    )
    content = reads.get(repository.content, digest=name["content_digest"])
    return drawing_text(bytes(content["bytes"]))


def text_of(content: bytes) -> str:
    """A stored diagram as text for those who show it, whatever encoding its file has."""
    return drawing_text(content)
