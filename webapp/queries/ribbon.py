"""The ribbon 下 → 跟踪 → 回访 → 再上 that every case carries: where it stands, since when."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from webapp.domain.workdays import local_date
from webapp.persistence.models import repository, runtime, tracking
from webapp.persistence.unit_of_work import Reads
from webapp.queries.parts import StageMark

PARTS = ("down", "tracking", "visit", "up")
PART_OF_PROCESS = {
    "p01_down_adjustment": "down",
    "p10_appeal": "down",
    "p06_sanction_intake": "down",
    "p02_tracking": "tracking",
    "p02a_periodic_note": "tracking",
    "p03_return_visit": "visit",
    "p04_reinstatement": "up",
}


def part_of(process_key: str) -> str:
    """The ribbon part of a process; ``down`` for one it does not know."""
    return PART_OF_PROCESS.get(process_key, "down")


def of_cases(reads: Reads, rows: list[Mapping[str, Any]]) -> dict[str, tuple[StageMark, ...]]:
    """The ribbons of several cases (rows of case_file) in two statements."""
    ids = [row["id"] for row in rows]
    if not ids:
        return {}
    begun: dict[tuple[str, str], date] = {}
    for row in reads.fetch_all(_begun(ids)):
        key = (row["case_id"], part_of(row["key"]))
        begun[key] = min(begun.get(key, date.max), local_date(row["since"]))
    visited = {row["case_id"]: row["since"] for row in reads.fetch_all(_visited(ids))}
    return {row["id"]: _marks(row, begun, visited.get(row["id"])) for row in rows}


def _begun(ids: list[str]) -> Select[Any]:
    instance, definition = runtime.process_instance, repository.definition
    return (
        select(instance.c.case_id, definition.c.key, func.min(instance.c.started_at).label("since"))
        .join(definition, definition.c.id == instance.c.definition_id)
        .where(instance.c.case_id.in_(ids))
        .group_by(instance.c.case_id, definition.c.key)
    )


def _visited(ids: list[str]) -> Select[Any]:
    visit = tracking.visit
    return (
        select(visit.c.case_id, func.min(visit.c.held_on).label("since"))
        .where(visit.c.case_id.in_(ids), visit.c.held_on.is_not(None))
        .group_by(visit.c.case_id)
    )


def _marks(
    row: Mapping[str, Any], begun: Mapping[tuple[str, str], date], visited: date | None
) -> tuple[StageMark, ...]:
    since = {
        "down": local_date(row["opened_at"]),
        "tracking": begun.get((row["id"], "tracking")),
        "visit": visited or begun.get((row["id"], "visit")),
        "up": begun.get((row["id"], "up")),
    }
    reached = [part for part in PARTS if since[part] is not None]
    here = reached[-1] if row["status"] != "closed" else ""
    return tuple(
        StageMark(part, _state(part, here, since, row["status"]), since[part], None) for part in PARTS
    )


def _state(part: str, here: str, since: Mapping[str, date | None], status: str) -> str:
    if since[part] is None:
        return "skipped" if status == "closed" else "ahead"
    # Tracking and visiting go on together until the way up begins.
    if part == here or (part == "tracking" and here == "visit"):
        return "now"
    return "done"
