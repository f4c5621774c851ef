"""The checks of the history 校验 that were made: by whom, of what, with which outcome."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from webapp.persistence.models import cases
from webapp.persistence.models.history import check, stream
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


@dataclass(frozen=True, slots=True)
class Whole:
    """The newest check of everything: how far it is, or what it found; ``findings`` as they were kept."""

    status: str
    who: str
    asked_at: datetime
    finished_at: datetime | None
    done: int
    total: int
    streams: int
    problems: int
    findings: tuple[tuple[str, int, str | None, str], ...]
    failure: str

    @property
    def is_open(self) -> bool:
        """True while it waits or runs."""
        return self.status in ("waiting", "running")

    @property
    def percent(self) -> int:
        """How much of it is done; never quite all before it is over."""
        return min(99, self.done * 100 // self.total) if self.total else 0

    @property
    def events(self) -> int:
        """How many records it read, each of them twice."""
        return self.total // 2


def newest(reads: Reads) -> Whole | None:
    """The newest check of everything, None before the first."""
    row = next(iter(reads.all(check, order=("-asked_at", "-id"), limit=1)), None)
    if row is None:
        return None
    return Whole(
        status=row["status"],
        who=cadres.names(reads, [row["asked_by"]])[row["asked_by"]],
        asked_at=row["asked_at"],
        finished_at=row["finished_at"],
        done=row["done"],
        total=row["total"],
        streams=row["streams"],
        problems=row["problems"],
        findings=tuple((name, seq, case, words) for name, seq, case, _code, words in row["findings"]),
        failure=row["failure"] or "",
    )


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
