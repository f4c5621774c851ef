"""Readiness 就绪检查: a trigger is fired in a rolled-back transaction, as plain look-ups may still work without."""

from webapp.domain import events
from webapp.domain.access import system_actor
from webapp.services.office import Office


def require_ready(office: Office) -> None:
    """DatabaseUnavailable when the database cannot take an event."""
    work = office.begin()
    with work:
        work.lock_stream("system")
        event = events.HistoryVerified(
            actor=system_actor("health"), effective_at=work.now, facts={"probe": True}
        )
        work.rehearse(event)
