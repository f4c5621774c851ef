"""Processes that start by a condition 条件启动: asked after every step that changed variables, started on their own.

The start is a row in the outbox, so it has its own transaction, its retry and its incident, as messages have.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from webapp import engine as bpmn
from webapp.persistence import finders
from webapp.persistence.models import repository, runtime
from webapp.services.office import Work
from webapp.services.outbox import outbox_row

# A version published by another process of the server is seen after this long.
KEPT_SECONDS = 60.0
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Watched:
    """The definitions a condition starts, and the variables before the step."""

    rows: tuple[Row, ...]
    before: Mapping[str, Any]


def heard(definition: bpmn.Definition) -> dict[str, str]:
    """The message names by which conditions start a definition, each with its start event."""
    return {_name(definition.key, one): one for one in bpmn.starts_by_condition(definition)}


def _name(key: str, element_id: str) -> str:
    return f"condition:{sha256(f'{key}:{element_id}'.encode()).hexdigest()[:40]}"


def watch(work: Work, state: bytes | None, command: bpmn.Command) -> Watched | None:
    """What to compare the step with; None where no process starts by a condition, which is nearly always.

    Variables an instance is started with count as there before: nothing starts because something was started.
    """
    rows = _definitions(work)
    if not rows:
        return None
    if state is not None:
        return Watched(rows, bpmn.variables(state))
    return Watched(rows, command.variables if isinstance(command, bpmn.Start) else {})


def _definitions(work: Work) -> tuple[Row, ...]:
    office, moment = work.office, time.monotonic()
    if office._conditional is None or moment - office._conditional[0] > KEPT_SECONDS:
        newest = finders.latest_definitions(work, resting=False)
        found = [row for row in newest if heard(work.definition(row["digest"], row["key"]))]
        office._conditional = (moment, tuple(found))
    return office._conditional[1]


def notice(work: Work, watched: Watched | None, after: Mapping[str, Any], case_id: str | None) -> None:
    """In the transaction of the step: a row for every process whose condition has just come true."""
    if watched is None or after == watched.before:
        return
    rows = []
    for row in watched.rows:
        definition = work.definition(row["digest"], row["key"])
        met = bpmn.conditions_met(definition, watched.before, after, now=work.now, functions=work.functions())
        if met and not _rests(work, row["id"]):
            rows += [_row(work, row["key"], one, values, case_id) for one, values in met.items()]
    if rows:
        work.insert(runtime.outbox, rows)
        work.after_commit(work.office.wake)


def names_of(work: Work, key: str) -> set[str]:
    """The message names by which conditions start the newest version of a process."""
    rows = [row for row in _definitions(work) if row["key"] == key]
    return {name for row in rows for name in heard(work.definition(row["digest"], row["key"]))}


def holding(
    work: Work, values: Mapping[str, Any], case_id: str | None, key: str | None
) -> dict[str, dict[str, Any]]:
    """Outbox rows for what the variables fulfil now, by message name; ``key``: of one process alone."""
    found = {}
    for row in _definitions(work):
        definition = work.definition(row["digest"], row["key"])
        if key in (None, row["key"]) and not _rests(work, row["id"]):
            met = bpmn.conditions_met(definition, {}, values, now=work.now, functions=work.functions())
            for element_id, needed in met.items():
                found[_name(row["key"], element_id)] = _row(work, row["key"], element_id, needed, case_id)
    return found


def _rests(work: Work, definition_id: str) -> bool:
    """Stopped or taken away since the definitions were looked up 暂停启动: what comes true meanwhile starts nothing."""
    standing = work.one(repository.standing, definition_id=definition_id)
    return standing is not None and standing["state"] != "active"


def _row(
    work: Work, key: str, element_id: str, values: Mapping[str, Any], case_id: str | None
) -> dict[str, Any]:
    return outbox_row(
        instance_id=None,
        seq=0,
        element_id=element_id,
        case_id=case_id,
        message=_name(key, element_id),
        correlation=None,
        variables=dict(values),
        at=work.now,
    )
