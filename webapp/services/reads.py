"""A page's look-ups 查阅 at the office's clock."""

from datetime import UTC, datetime

from webapp.persistence.unit_of_work import Reading
from webapp.services.office import Office, clock_offset


def begin(office: Office, *, frozen: bool = False, lone: bool = False) -> Reading:
    """Look-ups in one deferred transaction; ``frozen`` shows all of them one moment of the database.

    ``lone``: a single look-up, without a transaction around it.
    """
    return Reading(office.engine, now=datetime.now(UTC), frozen=frozen, lone=lone)


def clock(office: Office) -> datetime:
    """The office's now: the real one plus the demo's shift."""
    with begin(office, lone=True) as reads:
        return reads.now + clock_offset(reads)
