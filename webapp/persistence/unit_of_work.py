"""One command, one transaction 工作单元: read, change, and commit with the event that says what was done."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Self

from sqlalchemy import Dialect, Engine, Table

from webapp.domain.errors import Refused
from webapp.domain.event import Event
from webapp.persistence import statements
from webapp.persistence.models.administration import login_failure, setting
from webapp.persistence.models.designs import trial_run
from webapp.persistence.models.history import check
from webapp.persistence.models.runtime import draft_value, idempotency, job
from webapp.persistence.prepared import Change, Changed, Touched, changing, insert_rows
from webapp.persistence.projections import Changes, Shape, Told, is_secret, shape_of
from webapp.persistence.reading import Chained, Reading, Reads, Row, translated
from webapp.persistence.statements import chain_clock as database_clock

__all__ = ["Reading", "Reads", "Row", "UnitOfWork", "database_clock"]

Rows = Mapping[str, Any] | Sequence[Mapping[str, Any]]
logger = logging.getLogger(__name__)

NEVER = datetime.min.replace(tzinfo=UTC)
# What may be kept without an event: nothing in it is an act on a case, and none of it is history.
BOOKKEEPING = frozenset({job, draft_value, login_failure, setting, trial_run, check})


class UnitOfWork(Chained):
    """A command's transaction: ``with work: … work.commit(event)``; without the commit nothing is kept.

    Takes the write lock at once (SQLite), or row locks as it reads (PostgreSQL, READ COMMITTED). Used again
    after its end it is a new transaction. Conflict when another command was first; DatabaseUnavailable when
    the database is locked, full or gone.
    """

    # A look at what a verb would see takes no lock and is never committed.
    writes = True

    def __init__(self, engine: Engine, *, now: datetime) -> None:
        super().__init__(engine, now=now)
        self._promise: dict[str, Any] | None = None
        self._changed: set[Table] = set()
        self._changes = Changes()
        self._latest = NEVER
        self._callbacks: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        self._heads, self._promise = {}, None
        self._changed, self._callbacks = set(), []
        self._changes, self._latest = Changes(), NEVER
        self._begin(writing=self.writes)
        return self

    def insert(self, table: Table, rows: Rows) -> None:
        """Insert one row or many in one statement; what no row names gets its default or stays empty."""
        many = [rows] if type(rows) is dict or isinstance(rows, Mapping) else rows
        if many:
            self._changed.add(table)
            with translated():
                whole = insert_rows(self._transaction, table, many)
            self._changes.inserted(table, whole)

    def put(self, table: Table, row: Mapping[str, Any]) -> None:
        """Insert the row, or change the one with its primary key."""
        self._changed.add(table)
        names, (whole,) = statements.completed(table, [row])
        self._execute(statements.putting(table, names, self.dialect), whole)
        self._changes.put(table, whole)

    def update(self, table: Table, where: Mapping[str, Any], values: Mapping[str, Any]) -> Touched:
        """Change the rows that fit → how many there were, for whoever asks."""
        recorded = shape_of(table) is not None and not is_secret(table, where)
        told = self._changes.updated(table, values) if recorded else None
        return self._change(table, where, values, told)

    def delete(self, table: Table, where: Mapping[str, Any]) -> Touched:
        """Delete the rows that fit → how many there were, for whoever asks."""
        return self._change(table, where, None, self._changes.deleted(table) if shape_of(table) else None)

    def flush(self) -> None:
        """Send what waits to be sent together: what the database refuses, and what must hold, comes out here."""
        with translated():
            self._transaction.flush()

    def _change(
        self,
        table: Table,
        where: Mapping[str, Any],
        values: Mapping[str, Any] | None,
        told: Told | None,
    ) -> Touched:
        """UPDATE with the values, DELETE for None; a condition with lists is written out each time."""
        self._changed.add(table)
        kinds, bound = statements.shape(where)
        if values:
            bound.update((f"v_{name}", value) for name, value in values.items())
        names = None if values is None else tuple(values)
        way = _way(table, kinds, names, self._transaction.dialect)
        touched = Touched(self.flush)
        then = self._telling(way, bound, told, touched)
        if way.prepared is None:
            then(self._written_out(table, kinds, names, way.back, bound))
            return touched
        with translated():
            way.prepared.execute(self._transaction, bound, then)
        return touched

    def _written_out(
        self,
        table: Table,
        kinds: statements.Shape,
        names: tuple[str, ...] | None,
        back: tuple[str, ...],
        bound: Mapping[str, Any],
    ) -> Changed:
        statement = (
            statements.deleting(table, kinds, back)
            if names is None
            else statements.updating(table, kinds, names, back)
        )
        result = self._execute(statement, bound)
        if not result.returns_rows:
            return Changed(result.rowcount)
        rows = [dict(row) for row in result.mappings()]
        return Changed(len(rows), rows)

    def _telling(
        self, way: "Way", bound: Mapping[str, Any], told: Told | None, touched: Touched
    ) -> Callable[[Changed], None]:
        """Whom the outcome of a change is told: the history its keys, whoever asked how many there were.

        The clock each row was locked at is kept: an event is never recorded before a change it waited for, so
        the order of recording is the order in which two commands changed the same row.
        """
        shape = way.shape
        if shape is None:
            return lambda result: touched.tell(result.count)
        alone = shape.key_of({name: bound[f"w_{name}"] for name in shape.keys}) if way.names_one else None

        def tell(result: Changed) -> None:
            rows = result.rows or ()
            if rows and statements.CLOCK in rows[0]:
                self._latest = max(self._latest, *(row[statements.CLOCK] for row in rows))
            keys = [alone] * result.count if alone is not None else [shape.key_of(row) for row in rows]
            if told is not None:
                told(keys)
            touched.tell(len(keys))

        return tell

    def remember(self, actor_id: str, key: str, request_digest: str) -> Row | None:
        """The reply given before to the same request 重复提交; else None, and the commit keeps this one's.

        Lock the chain first: of two equal requests at once the second then waits and finds the reply.
        """
        known = self.one(idempotency, actor_id=actor_id, key=key)
        if known is None:
            self.promise(actor_id, key, request_digest)
            return None
        return reply_of(known["reply"], known["request_digest"], request_digest)

    def promise(self, actor_id: str, key: str, request_digest: str) -> None:
        """Keep the reply of this command under the key, without asking whether there is one already."""
        self._promise = {"actor_id": actor_id, "key": key, "request_digest": request_digest}

    def commit(self, event: Event, *more: Event, reply: Mapping[str, Any] | None = None) -> None:
        """The only way to commit: append every event to its chain, keep the reply, make it all last.

        The first event also tells what became of the replayed tables (``changes``). TypeError for what is no
        event. The reply must hold no personal data.
        """
        events = (event, *more)
        if not all(isinstance(one, Event) for one in events):
            raise TypeError("a commit needs the events that say what was done")
        self._hear()
        changes = self._changes.entries
        for head in self._heads.values():
            head.clock = max(head.clock, self._latest)
        self._append(events, {"changes": changes} if changes else {})
        if self._promise is not None:
            recorded = self._heads[event.stream].clock
            self.insert(idempotency, {**self._promise, "reply": reply or {}, "created_at": recorded})
        self._make_it_last()

    def rehearse(self, event: Event) -> None:
        """Append an event and leave it to be rolled back: shows that the chain's triggers fire."""
        self._append((event,))
        self.flush()

    def settle(self) -> None:
        """Keep bookkeeping alone: leases on jobs, drafts, failed log-ins. TypeError for any other change."""
        acts = sorted(table.name for table in self._changed - BOOKKEEPING)
        if acts:
            raise TypeError(f"a change of {', '.join(acts)} needs an event")
        self._hear()
        self._make_it_last()

    def _hear(self) -> None:
        with translated():
            self._transaction.hear()

    def _make_it_last(self) -> None:
        with translated():
            self._transaction.commit()
        callbacks = self._callbacks
        self._end()
        for callback in callbacks:
            _run(callback)

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call when this transaction has been committed, to wake a worker; its failure changes nothing."""
        self._callbacks.append(callback)


@dataclass(frozen=True, slots=True)
class Way:
    """How a change of one shape goes to the database, and what is recorded of it.

    ``names_one``: the condition gives the whole key. ``back``: what is given back of a replayed table: keys that
    the condition does not name, PostgreSQL's clock. ``prepared``: None for a condition with lists.
    """

    shape: Shape | None
    names_one: bool
    back: tuple[str, ...]
    prepared: Change | None


@lru_cache(2048)
def _way(table: Table, kinds: statements.Shape, names: tuple[str, ...] | None, dialect: Dialect) -> Way:
    shape = shape_of(table)
    names_one = shape is not None and all((key, statements.IS) in kinds for key in shape.keys)
    back = () if shape is None or names_one else shape.keys
    if shape is not None and dialect.name == "postgresql":
        back = (*back, statements.CLOCK)
    if any(kind == statements.IN for _, kind in kinds):
        return Way(shape, names_one, back, None)
    return Way(shape, names_one, back, changing(table, kinds, names, back, dialect))


def reply_of(reply: Row, digest: str, request_digest: str) -> Row:
    """The stored reply of the same request; Refused when the key was used for another one."""
    if digest != request_digest:
        raise Refused("这个提交编号已用于另一项操作，请刷新页面后重新提交。")
    return MappingProxyType(dict(reply))


def _run(callback: Callable[[], None]) -> None:
    try:
        callback()
    except Exception:
        logger.exception("a call after the commit failed; the commit stands")
