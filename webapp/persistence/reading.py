"""Look-ups in one transaction 查阅: rows as frozen mappings, the locked heads of chains, a page's reading."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType, TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, Executable, Select, Table
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import SQLAlchemyError

from webapp.domain.errors import Conflict, NotFound, Refused
from webapp.domain.event import Event
from webapp.persistence import ledger, statements
from webapp.persistence.failures import translate
from webapp.persistence.ledger import Head
from webapp.persistence.prepared import looking
from webapp.persistence.transaction import Transaction

Row = Mapping[str, Any]
NOTHING: Mapping[str, object] = MappingProxyType({})


class Reads:
    """Look-ups in an open transaction; rows come as frozen mappings by column name."""

    frozen = False

    def __init__(self, engine: Engine, *, now: datetime) -> None:
        self.engine = engine
        self.now = now
        self._open: Transaction | None = None

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.engine.dialect.name

    @property
    def _connection(self) -> Connection:
        return self._transaction.whole

    @property
    def _transaction(self) -> Transaction:
        if self._open is None:
            raise RuntimeError("there is no open transaction: use it within `with`")
        return self._open

    def one(self, table: Table, *, lock: bool = False, **where: Any) -> Row | None:
        """The one row that fits, None when there is none; a list asks for one of, None for empty."""
        found = self._select(table, where, (), 1, lock)
        return found[0] if found else None

    def get(self, table: Table, *, lock: bool = False, **where: Any) -> Row:
        """The one row that fits; NotFound when there is none."""
        found = self.one(table, lock=lock, **where)
        if found is None:
            raise NotFound(kind=table.name)
        return found

    def all(
        self,
        table: Table,
        *,
        order: Sequence[str] = (),
        limit: int | None = None,
        lock: bool = False,
        **where: Any,
    ) -> list[Row]:
        """Every row that fits; ``order`` names columns, ``-name`` for descending."""
        return self._select(table, where, tuple(order), limit, lock)

    def _select(
        self, table: Table, where: Mapping[str, Any], order: tuple[str, ...], limit: int | None, lock: bool
    ) -> list[Row]:
        kinds, values = statements.shape(where)
        if limit is not None:
            values["w__limit"] = limit
        query = statements.reading(table, kinds, order, limit is not None, lock)
        if any(kind == statements.IN for _, kind in kinds):
            return self.fetch_all(query, values)
        return self.look_all(query, values)

    def look(self, query: Select[Any], values: Mapping[str, Any]) -> Row | None:
        """The first row of a query that is built once a process and binds no lists."""
        found = self.look_all(query, values)
        return found[0] if found else None

    def look_all(self, query: Select[Any], values: Mapping[str, Any]) -> list[Row]:
        """Every row of a query that is built once a process and binds no lists."""
        prepared = looking(query, self._transaction.dialect)
        with translated():
            rows = prepared.rows(self._transaction, values)
        names = prepared.names
        return [MappingProxyType(dict(zip(names, row, strict=True))) for row in rows]

    def ask(self, query: Select[Any], values: Mapping[str, Any]) -> Callable[[], Row | None]:
        """As ``look``, for somebody who has more to send before the answer is needed: call what is given back."""
        prepared = looking(query, self._transaction.dialect)
        told: list[list[tuple[Any, ...]]] = []
        with translated():
            prepared.post(self._transaction, values, told.append)

        def first() -> Row | None:
            if not told:
                with translated():
                    self._transaction.flush()
            row = next(iter(told[0]), None)
            return MappingProxyType(dict(zip(prepared.names, row, strict=True))) if row is not None else None

        return first

    def fetch(self, query: Executable, values: Mapping[str, Any] | None = None) -> Row | None:
        """The first row of a prepared query, None when there is none."""
        result = self._execute(query, values)
        row = result.first()
        return MappingProxyType(dict(zip(result.keys(), row, strict=True))) if row is not None else None

    def fetch_all(self, query: Executable, values: Mapping[str, Any] | None = None) -> list[Row]:
        """Every row of a prepared query."""
        result = self._execute(query, values)
        keys = tuple(result.keys())
        return [MappingProxyType(dict(zip(keys, row, strict=True))) for row in result]

    def _execute(self, query: Executable, values: Mapping[str, Any] | None = None) -> CursorResult[Any]:
        try:
            return self._connection.execute(query, values)
        except SQLAlchemyError as error:
            refusal = translate(error)
            if refusal is None:
                raise
            raise refusal from error

    def _begin(self, *, writing: bool, lone: bool = False) -> None:
        if self._open is not None:
            raise RuntimeError("this transaction is open already")
        isolation = "REPEATABLE READ" if self.frozen and self.dialect == "postgresql" else None
        with translated():
            self._open = Transaction(self.engine, writing=writing, isolation=isolation, lone=lone)

    def _end(self) -> None:
        """Close; whatever was not committed is rolled back."""
        transaction, self._open = self._open, None
        if transaction is not None:
            with translated():
                transaction.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the transaction; a database error that got this far becomes a refusal."""
        self._end()
        refusal = translate(error) if error is not None else None
        if refusal is not None:
            raise refusal from error


class _Translated:
    """See ``translated``."""

    __slots__ = ()

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, Refused) or not isinstance(error, Exception):
            return
        refusal = translate(error)
        if refusal is not None:
            raise refusal from error


_TRANSLATED = _Translated()


def translated() -> _Translated:
    """Turn a database error into the refusal it stands for; faults of the program pass as they are."""
    return _TRANSLATED


class Chained(Reads):
    """Look-ups, and the locked heads of the chains that events are appended to."""

    def __init__(self, engine: Engine, *, now: datetime) -> None:
        super().__init__(engine, now=now)
        self._heads: dict[str, Head] = {}

    def lock_stream(self, name: str) -> None:
        """Lock a chain until the end of the transaction, with the database's clock; begin it when new."""
        found = self._head(name)
        if found is None:
            self._execute(statements.first_head(self.dialect), {"name": name})
            found = self._head(name)
        if found is None:
            raise Conflict
        self.adopt_head(name, found["seq"], found["digest"], found["clock"])

    def _head(self, name: str) -> Row | None:
        return self.look(statements.head(self.dialect), {"name": name})

    def adopt_head(self, name: str, seq: int, digest: str, clock: datetime) -> None:
        """Take over a head that another look-up of this transaction has locked."""
        self._heads[name] = Head(name, seq, digest, clock)

    def _append(self, events: Sequence[Event], beside: Mapping[str, object] = NOTHING) -> None:
        """``beside``: facts of the first event that only the transaction knows."""
        # One order for all: two commands that write to the same two chains never wait for each other.
        for name in sorted({event.stream for event in events} - self._heads.keys()):
            self.lock_stream(name)
        with translated():
            ledger.append(self._transaction, events, self._heads, beside)


class Reading(Chained):
    """A page's look-ups in one deferred transaction, and the event that says who read what.

    ``frozen``: every look-up sees the database as it was at the first one (SQLite always does). ``lone``: there
    is only one.
    """

    def __init__(self, engine: Engine, *, now: datetime, frozen: bool = False, lone: bool = False) -> None:
        super().__init__(engine, now=now)
        self.frozen = frozen
        self.lone = lone

    def __enter__(self) -> Self:
        self._heads = {}
        self._begin(writing=False, lone=self.lone)
        return self

    def each(self, table: Table, **where: Any) -> Iterator[Row]:
        """Every row that fits, a thousand in memory at a time."""
        kinds, values = statements.shape(where)
        for row in self.stream(statements.reading(table, kinds, (), False, False), values):
            yield row._asdict()

    def stream(self, query: Executable, values: Mapping[str, Any] | None = None) -> Iterator[Any]:
        """The rows of a prepared query, a thousand in memory at a time."""
        with translated():
            yield from self._connection.execute(query, values, execution_options={"yield_per": 1000})

    def disclose(self, event: Event, *more: Event) -> None:
        """Write the access event 查阅留痕 and commit it, before any byte leaves; ends the look-ups."""
        self._end()
        self._begin(writing=True)
        self._append((event, *more))
        with translated():
            self._transaction.commit()
        self._end()
