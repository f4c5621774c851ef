"""The history's chains 办理记录: append to them, walk them, find where one is broken."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from webapp.domain import history
from webapp.domain.event import Event
from webapp.persistence.models.history import history_event, stream
from webapp.persistence.prepared import insert_rows
from webapp.persistence.transaction import Transaction

SUITE = "sha256"
COMPARED = ("kind", "schema_version", "case_id", "actor_id", "previous", "recorded_at", "effective_at")
STREAMED = {"yield_per": 1000}


@dataclass(slots=True)
class Head:
    """Where a chain ends: the number and digest of its newest event, and the time for the next one."""

    stream: str
    seq: int
    digest: str
    clock: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """Where and how the stored history does not hold 校验发现的问题."""

    stream: str
    seq: int
    case_id: str | None
    code: str
    sentence: str


def append(
    transaction: Transaction, events: Sequence[Event], heads: dict[str, Head], beside: Mapping[str, object]
) -> None:
    """Chain the events to their locked heads and store them in one statement.

    The database moves each head itself, and refuses an event that does not follow it. ``beside``: facts that the
    first event also tells.
    """
    first, *more = events
    rows = [_row(first, heads[first.stream], {**first.facts, **beside})]
    rows += [_row(event, heads[event.stream], event.facts) for event in more]
    insert_rows(transaction, history_event, rows)


def _row(event: Event, head: Head, facts: Mapping[str, object]) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "stream": event.stream,
        "seq": head.seq + 1,
        "kind": event.kind,
        "schema_version": event.schema,
        "case_id": event.case_id,
        "actor_id": event.actor.user_id,
        "recorded_at": head.clock,
        "effective_at": event.effective_at,
    }
    body, digest = history.entry(head.digest, {**columns, "suite": SUITE, "facts": facts}, SUITE)
    row = {**columns, "previous": head.digest, "digest": digest, "body": body}
    head.seq, head.digest = head.seq + 1, digest
    return row


_WALK = (
    select(history_event)
    .where(history_event.c.stream == bindparam("stream"), history_event.c.seq > bindparam("after"))
    .order_by(history_event.c.seq)
)
_ALL = select(history_event).order_by(history_event.c.stream, history_event.c.seq)
_SOME = _ALL.where(history_event.c.stream.in_(bindparam("streams", expanding=True)))
_HEADS = select(stream.c.name, stream.c.seq, stream.c.digest)
_SOME_HEADS = _HEADS.where(stream.c.name.in_(bindparam("streams", expanding=True)))


def walk(connection: Connection, name: str, *, after: int = 0) -> Iterator[Any]:
    """The stored events of one stream in order, as rows, without holding them all."""
    yield from connection.execute(_WALK, {"stream": name, "after": after}, execution_options=STREAMED)


Tick = Callable[[], None]
"""Called for every event that was read, by whoever shows how far a check has come."""


def quiet() -> None:
    """The tick of a check nobody watches."""


def verify(connection: Connection, streams: Sequence[str] | None = None, tick: Tick = quiet) -> list[Finding]:
    """Recompute every chain (or those named) from the stored bytes → what does not hold, empty when all does.

    Checked: digests, links, gaps, the indexed columns against the bytes, each chain's end against its head.
    """
    values = {} if streams is None else {"streams": list(streams)}
    heads_query, events_query = (_HEADS, _ALL) if streams is None else (_SOME_HEADS, _SOME)
    heads = {row.name: (row.seq, row.digest) for row in connection.execute(heads_query, values)}
    rows = connection.execute(events_query, values, execution_options=STREAMED)
    return list(_findings(rows, heads, tick))


def _findings(rows: Iterable[Any], heads: dict[str, tuple[int, str]], tick: Tick) -> Iterator[Finding]:
    last: history.Entry | None = None
    case_id: str | None = None
    for row in rows:
        tick()
        if last is not None and last.stream != row.stream:
            yield from _end_faults(last, case_id, heads.pop(last.stream, None))
            last = None
        link, body = _entry(row)
        yield from _link_faults(row, link, body, last)
        last, case_id = link, row.case_id
    if last is not None:
        yield from _end_faults(last, case_id, heads.pop(last.stream, None))
    for name, (seq, _digest) in heads.items():
        if seq:
            yield Finding(name, seq, None, "MISSING", f"应有{seq}条记录，一条也没有找到。")


def _entry(row: Any) -> tuple[history.Entry, dict[str, Any]]:
    try:
        body = json.loads(row.body)
    except ValueError:
        body = {}
    body = body if isinstance(body, dict) else {}
    # Whoever writes to a SQLite file by hand may leave a text where bytes were.
    data = row.body if isinstance(row.body, bytes) else str(row.body).encode()
    return history.Entry(row.stream, row.seq, data, row.digest, str(body.get("suite", SUITE))), body


def _link_faults(
    row: Any, link: history.Entry, body: dict[str, Any], last: history.Entry | None
) -> Iterator[Finding]:
    found = history.first_broken([link], after=last)
    if found:
        yield Finding(row.stream, row.seq, row.case_id, found.code, found.sentence)
    elif any(_differs(getattr(row, name), body.get(name)) for name in COMPARED):
        yield Finding(row.stream, row.seq, row.case_id, "COLUMN", f"第{row.seq}条记录：登记栏与内容不一致。")


def _differs(column: Any, stored: Any) -> bool:
    if isinstance(column, datetime):
        return not isinstance(stored, str) or datetime.fromisoformat(stored) != column
    return bool(column != stored)


def _end_faults(last: history.Entry, case_id: str | None, head: tuple[int, str] | None) -> Iterator[Finding]:
    if head is None:
        yield Finding(last.stream, last.seq, case_id, "HEAD", "没有这一卷记录的卷首登记。")
    elif head != (last.seq, last.digest):
        sentence = f"卷首登记为第{head[0]}条，实际最后一条为第{last.seq}条，记录被截短或改动过。"
        yield Finding(last.stream, last.seq, case_id, "HEAD", sentence)
