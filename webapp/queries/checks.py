"""The checks of the history 校验 that were made: by whom, of what, with which outcome."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from webapp.persistence.models import cases
from webapp.persistence.models.history import stream
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import cadres, records

EVENT = records.EVENT
NEWEST = 20


@dataclass(frozen=True, slots=True)
class Check:
    """One check that was made."""

    id: str
    at: datetime
    who: str
    scope: str
    events: int
    problems: int


def made(reads: Reads) -> tuple[Check, ...]:
    """The newest checks, newest first."""
    query = select(EVENT).where(EVENT.c.kind == "history_verified")
    rows = reads.fetch_all(query.order_by(EVENT.c.recorded_at.desc(), EVENT.c.seq.desc()).limit(NEWEST))
    who = cadres.names(reads, [row["actor_id"] for row in rows])
    return tuple(_check(row, who[str(row["actor_id"])]) for row in rows)


def _check(row: Row, who: str) -> Check:
    facts: dict[str, Any] = json.loads(row["body"]).get("facts", {})
    scope = facts.get("scope", "all")
    return Check(
        id=records.event_id(row["stream"], row["seq"]),
        at=row["effective_at"],
        who=who,
        scope="全部" if scope == "all" else f"{len(scope)}卷",
        events=int(facts.get("events", 0)),
        problems=int(facts.get("findings_count", 0)),
    )


def size(reads: Reads) -> int:
    """How many records a check of everything reads."""
    row = reads.fetch(select(func.sum(stream.c.seq).label("n")))
    return int(row["n"] or 0) if row else 0


def case_numbers(reads: Reads, ids: set[str]) -> dict[str, str]:
    """The numbers of cases by id."""
    if not ids:
        return {}
    table = cases.case_file
    rows = reads.fetch_all(select(table.c.id, table.c.number).where(table.c.id.in_(sorted(ids))))
    return {row["id"]: row["number"] for row in rows}
