"""The vertical timeline 办理过程 of a case: the records that matter to somebody who wants to know what was done."""

from webapp.persistence.unit_of_work import Reads
from webapp.queries import records
from webapp.queries.parts import Event

MOST = 200
# Steps of handling, told on the history page; here they would hide what was decided.
QUIET = frozenset({"draft_saved", "task_claimed", "task_released", "read", "incident_raised"})

# What the machinery does by itself matters only where it did something that has words.
MACHINERY = frozenset({"job_run", "message_delivered"})


def of_case(reads: Reads, case_id: str) -> tuple[Event, ...]:
    """The newest events of a case, oldest first."""
    return newest(reads, case_id)[0]


def newest(reads: Reads, case_id: str) -> tuple[tuple[Event, ...], bool]:
    """The newest events of a case, oldest first, and whether there are older ones that are not among them."""
    found = reads.fetch_all(records.of_case(case_id, limit=MOST + 1))
    rows = [row for row in found[:MOST] if row["kind"] not in QUIET]
    lines = [one for one in records.lines_of(reads, rows) if one.lines or one.kind not in MACHINERY]
    return tuple(reversed(lines)), len(found) > MOST
