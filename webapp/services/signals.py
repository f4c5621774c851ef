"""Signals 信号: one row in the outbox for everybody who waits when a signal is thrown, delivered one by one.

A waiting signal is kept as a subscription under its own id, so that a signal row has exactly one receiver.
"""

from collections.abc import Mapping
from typing import Any

from webapp import engine as bpmn
from webapp.persistence import finders
from webapp.persistence.models import runtime
from webapp.services.office import Work
from webapp.services.outbox import outbox_row


def awaited(name: str) -> str:
    """The message name under which a signal is awaited and sent."""
    return f"signal:{name}"


def starting(name: str, key: str) -> str:
    """The message name under which a signal starts the process ``key``."""
    return f"signal:{name}:{key}"


def receivers(work: Work, name: str, instance_id: str | None) -> list[tuple[str, str | None]]:
    """Message name and correlation of everybody a signal reaches, other instances and processes to be started."""
    waiting = work.all(runtime.message_subscription, message=awaited(name), order=("opened_at", "id"))
    found: list[tuple[str, str | None]] = [
        (awaited(name), row["correlation"]) for row in waiting if row["instance_id"] != instance_id
    ]
    for row in finders.latest_definitions(work, resting=False):
        if name in work.definition(row["digest"], row["key"]).signals_starting:
            found.append((starting(name, row["key"]), None))
    return found


def rows(work: Work, instance_id: str, case_id: str | None, one: bpmn.OutSignal) -> list[dict[str, Any]]:
    """The outbox rows of a signal thrown by an instance."""
    return [
        outbox_row(
            instance_id=None,
            seq=0,
            element_id=one.element_id,
            case_id=case_id,
            message=message,
            correlation=correlation,
            variables=dict(one.variables),
            at=work.now,
        )
        for message, correlation in receivers(work, one.signal, instance_id)
    ]


def starters(definition: bpmn.Definition, row: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The message names by which signals start a definition, each with its row."""
    return {starting(name, row["key"]): row for name in definition.signals_starting}
