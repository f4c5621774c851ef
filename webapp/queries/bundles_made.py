"""The bundles of a case that were taken along 导出过的证据包."""

import json
from dataclasses import dataclass
from datetime import datetime

from webapp.domain.exporting import PURPOSES
from webapp.persistence.unit_of_work import Reads
from webapp.queries import cadres, records
from webapp.queries.history_pages import Sought
from webapp.queries.history_scope import body_text

EVENT = records.EVENT
NEWEST = 20


@dataclass(frozen=True, slots=True)
class Made:
    """One export: by whom, what for, and the digest it is known by."""

    id: str
    at: datetime
    who: str
    purpose: str
    digest: str


def of_case(reads: Reads, case_id: str) -> tuple[Made, ...]:
    """The newest exports of a case's bundle, newest first."""
    named = body_text(reads).like(f'%"case_id":"{case_id}"%')
    rows = reads.fetch_all(Sought((EVENT.c.kind == "exported", named)).rows().limit(NEWEST))
    who = cadres.names(reads, [row["actor_id"] for row in rows])
    found = []
    for row in rows:
        facts = json.loads(row["body"])["facts"]
        if facts.get("what") == "case.bundle" and facts.get("case_id") == case_id:
            name, purpose = who[str(row["actor_id"])], PURPOSES.get(facts["purpose"], "")
            place = records.event_id(row["stream"], row["seq"])
            found.append(Made(place, row["effective_at"], name, purpose, facts["digest"]))
    return tuple(found)
