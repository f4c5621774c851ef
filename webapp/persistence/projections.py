"""The tables a replay of the history rebuilds 可重建的表, and how their rows are written into an event.

Master data are dated rows and not replayed; drafts, leases and stored replies are bookkeeping. None of these
tables holds a personal value; the two reasons that people write in their own words are left out.
"""

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, LargeBinary, Table, Uuid

from webapp.persistence.models import cases, corrections, meetings, repository, runtime, tracking

NOTHING: frozenset[str] = frozenset()
LEASE = frozenset({"attempts", "lease_owner", "lease_until", "last_error"})
LOCK = frozenset({"worker", "held_by", "locked_until", "retries", "error"})
IN_OWN_WORDS = frozenset({"reason"})
# Table → columns left out.
PROJECTIONS: Mapping[Table, frozenset[str]] = {
    cases.case_file: NOTHING,
    cases.case_number: NOTHING,
    cases.case_exclusion: IN_OWN_WORDS,
    cases.measure: NOTHING,
    cases.measure_change: NOTHING,
    cases.impact_period: NOTHING,
    cases.eligibility_check: NOTHING,
    cases.four_must: NOTHING,
    cases.publicity: NOTHING,
    cases.objection: NOTHING,
    cases.appeal: NOTHING,
    cases.own_receipt: NOTHING,
    runtime.process_instance: frozenset({"state"}),
    runtime.process_call: NOTHING,
    runtime.work_item: NOTHING,
    runtime.work_candidate: NOTHING,
    runtime.job: LEASE,
    runtime.external_task: LOCK,
    runtime.message_subscription: NOTHING,
    runtime.outbox: NOTHING,
    corrections.correction: NOTHING,
    corrections.version_change: IN_OWN_WORDS,
    repository.standing: NOTHING,
    repository.switch: IN_OWN_WORDS,
    tracking.tracking_plan: NOTHING,
    tracking.visit: NOTHING,
    tracking.visit_visitor: NOTHING,
    tracking.periodic_note: NOTHING,
    tracking.assessment_item: NOTHING,
    meetings.meeting: NOTHING,
    meetings.meeting_member: NOTHING,
    meetings.agenda_item: NOTHING,
    meetings.item_recusal: IN_OWN_WORDS,
    meetings.item_participation: NOTHING,
    meetings.item_choice: NOTHING,
}
BY_NAME: Mapping[str, Table] = {table.name: table for table in PROJECTIONS}

Row = Mapping[str, Any]
Key = tuple[Any, ...]
Narrow = Callable[[Any], Any]
# What waits for the keys of the rows a change touched.
Told = Callable[[Sequence[Key]], None]


@dataclass(frozen=True, slots=True)
class Shape:
    """How rows of one table are recorded: its key, and for each column kept the way to a narrow value."""

    table: Table
    name: str
    keys: tuple[str, ...]
    columns: Mapping[str, Narrow]

    def key_of(self, row: Row) -> Key:
        """The primary key as it is recorded."""
        return tuple(self.columns[name](row[name]) for name in self.keys)

    def narrow(self, values: Row) -> dict[str, Any]:
        """The recorded columns of a row or change, without the key."""
        keys, columns = self.keys, self.columns
        return {name: columns[name](v) for name, v in values.items() if name in columns and name not in keys}


@cache
def shape_of(table: Table) -> Shape | None:
    """How a table is recorded; None for one that is not."""
    left_out = PROJECTIONS.get(table)
    if left_out is None:
        return None
    columns = {str(column.name): _narrowing(column.type) for column in table.c if column.name not in left_out}
    if table is runtime.job:
        columns["status"] = _without_lease
    # Plain texts: the schema's own kind of text is slow to hash and to check.
    return Shape(table, str(table.name), tuple(str(column.name) for column in table.primary_key), columns)


def is_secret(table: Table, row: Row) -> bool:
    """A ballot without its voter 无记名票: what was chosen is never put beside who acted."""
    return table is meetings.item_choice and row.get("person_id") is None


def _narrowing(kind: Any) -> Narrow:
    if isinstance(kind, LargeBinary):
        raise TypeError("bytes do not enter the history")
    if isinstance(kind, JSON):
        return _as_text
    return _as_id if isinstance(kind, Uuid) else _plain


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not enter the history")


def _as_id(value: Any) -> Any:
    if value is None or isinstance(value, UUID):
        return None if value is None else str(value)
    return value if len(value) == 36 and value == value.lower() else str(UUID(value))


def _as_text(value: Any) -> str:
    """A JSON column as text: its keys and numbers are free, those of the history are not."""
    if value == {}:
        return "{}"
    text = json.dumps(_whole(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return unicodedata.normalize("NFC", text)


def _whole(value: Any) -> Any:
    """What both databases give back for it: whole numbers have no fraction, keys are text."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {str(name): _whole(item) for name, item in value.items()}
    return [_whole(item) for item in value] if isinstance(value, list | tuple) else value


def _without_lease(value: Any) -> Any:
    """A leased job is a due one that somebody is busy with."""
    return "due" if value == "leased" else value


class Changes:
    """What one transaction does to the projections, in order: ``[table, act, keys, values]``."""

    def __init__(self) -> None:
        self._all: list[list[Any]] = []

    @property
    def entries(self) -> list[list[Any]]:
        """Everything that has touched a row."""
        return [entry for entry in self._all if entry[2]]

    def inserted(self, table: Table, rows: Iterable[Row]) -> None:
        """Rows that are new; an empty column is not mentioned."""
        shape = shape_of(table)
        if shape is None:
            return
        for row in rows:
            if not is_secret(table, row):
                values = {name: value for name, value in shape.narrow(row).items() if value is not None}
                self._all.append([shape.name, "insert", [list(shape.key_of(row))], values])

    def put(self, table: Table, row: Row) -> None:
        """A row that is new or takes the place of the one with its key."""
        shape = shape_of(table)
        if shape is not None:
            self._all.append([shape.name, "put", [list(shape.key_of(row))], shape.narrow(row)])

    def updated(self, table: Table, values: Row) -> Told:
        """Rows that get the values; what is given back is to be told their keys."""
        shape = shape_of(table)
        narrow = shape.narrow(values) if shape is not None else {}
        return self._awaiting([str(table.name), "update", [], narrow]) if narrow else _untold

    def deleted(self, table: Table) -> Told:
        """Rows that go; what is given back is to be told their keys."""
        return self._awaiting([str(table.name), "delete", [], {}])

    def _awaiting(self, entry: list[Any]) -> Told:
        self._all.append(entry)

        def told(keys: Sequence[Key]) -> None:
            entry[2] = sorted(list(key) for key in keys)

        return told


def _untold(_keys: Sequence[Key]) -> None:
    """Nothing of the change is recorded."""
