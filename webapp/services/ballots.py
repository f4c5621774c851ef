"""Ballots 表决票 as rows: an open one beside its voter, a secret one as a mere count (无记名)."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from webapp.domain import meetings
from webapp.domain.access import Actor
from webapp.persistence.models import meetings as tables
from webapp.services.office import Work


def is_secret(meeting: Mapping[str, Any], item: Mapping[str, Any]) -> bool:
    """无记名: set for the whole meeting or for the item."""
    return bool(meeting["is_secret"] or item["is_secret"])


def cast(work: Work, actor: Actor, item_id: str, choice: str, *, secret: bool) -> None:
    """Keep who took part, and the choice: beside the name, or added to a count that names nobody."""
    part = {
        "item_id": item_id,
        "person_id": actor.person_id,
        "voted_at": work.now,
        "entered_by": actor.user_id,
    }
    work.insert(tables.item_participation, part)
    if secret:
        _count(work, item_id, choice)
        return
    row = {"item_id": item_id, "person_id": actor.person_id, "choice": choice, "count": 1}
    work.insert(tables.item_choice, {"id": str(uuid4()), **row})


def _count(work: Work, item_id: str, choice: str) -> None:
    """One row a choice, all made with the first ballot: neither their order nor their ids tell who chose what."""
    held = {row["choice"]: row["count"] for row in work.all(tables.item_choice, item_id=item_id)}
    if not held:
        rows = [
            {"id": str(uuid4()), "item_id": item_id, "person_id": None, "choice": code, "count": 0}
            for code in sorted(meetings.CHOICES_ZH)
        ]
        work.insert(tables.item_choice, rows)
    where = {"item_id": item_id, "person_id": None, "choice": choice}
    work.update(tables.item_choice, where, {"count": held.get(choice, 0) + 1})


def of_item(work: Work, item_id: str) -> list[meetings.Ballot]:
    """Every ballot cast on the screens."""
    rows = work.all(tables.item_choice, item_id=item_id)
    return [
        meetings.Ballot(row["choice"], "own_screen", row["person_id"])
        for row in rows
        for _ in range(row["count"])
    ]
