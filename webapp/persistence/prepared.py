"""Changes compiled once: they cost little more than the driver asks; many new rows are one statement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Select, Table

from webapp.domain.errors import Conflict
from webapp.persistence import statements
from webapp.persistence.direct import Processor, Query, bound, to_driver
from webapp.persistence.transaction import Transaction

# PostgreSQL takes 65,535 values in one statement; beyond this the driver pipelines the rows one by one.
MOST_VALUES = 4096


@dataclass(frozen=True, slots=True)
class Prepared:
    """The text of an INSERT for a number of rows, and how each column's value is handed to the driver."""

    text: str
    count: int
    columns: tuple[tuple[str, Processor], ...]
    named: bool

    def execute(self, transaction: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
        """One statement for all rows; what the database refuses may come out later, see ``Transaction.post``."""
        if self.named:
            self._execute_named(transaction, rows)
            return
        values = [
            [row[name] if process is None else process(row[name]) for name, process in self.columns]
            for row in rows
        ]
        many = len(values) > 1
        transaction.post(self.text, values if many else values[0], many=many)

    def _execute_named(self, transaction: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
        values = [
            {f"{name}_{index}": bound(row[name], process) for name, process in self.columns}
            for index, row in _numbered(rows, self.count)
        ]
        if self.count == len(rows):
            together = {key: value for row in values for key, value in row.items()}
            transaction.post(self.text, together)
        else:
            transaction.post(self.text, values, many=True)


def _numbered(rows: Sequence[Mapping[str, Any]], count: int) -> list[tuple[int, Mapping[str, Any]]]:
    return list(enumerate(rows)) if count == len(rows) else [(0, row) for row in rows]


def insert_rows(
    transaction: Transaction, table: Table, rows: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any]]:
    """Insert the rows in one statement → the whole rows; what no row names gets its default or NULL."""
    names, whole = statements.completed(table, rows)
    named = transaction.dialect.positional is False
    count = len(whole) if named and len(whole) * len(names) <= MOST_VALUES else 1
    _prepare(table, names, count, transaction.dialect).execute(transaction, whole)
    return whole


@lru_cache(1024)
def _prepare(table: Table, names: tuple[str, ...], count: int, dialect: Dialect) -> Prepared:
    compiled = statements.inserting(table, names, count).compile(dialect=dialect)
    processors = tuple((name, to_driver(table.c[name].type, dialect)) for name in names)
    return Prepared(str(compiled), count, processors, named=dialect.positional is False)


@dataclass(frozen=True, slots=True)
class Change:
    """The text of an UPDATE or DELETE, and how each bound value is handed to the driver, in order."""

    text: str
    binds: tuple[tuple[str, Processor], ...]
    named: bool

    def execute(
        self, transaction: Transaction, values: Mapping[str, Any], then: "Callable[[Changed], None]"
    ) -> None:
        """``then`` is told what came of it, now or later; rows given back come as the driver has them."""
        given = [(name, bound(values[name], process)) for name, process in self.binds]
        bare = dict(given) if self.named else [one for _, one in given]
        transaction.post(self.text, bare, lambda cursor: then(_changed(cursor)))


@dataclass(frozen=True, slots=True)
class Changed:
    """How many rows an UPDATE or DELETE touched, and what it gave back of them; None when nothing was asked."""

    count: int
    rows: Sequence[Mapping[str, Any]] | None = None


def _changed(cursor: Any) -> Changed:
    if cursor.description is None:
        return Changed(cursor.rowcount)
    names = [one[0] for one in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    cursor.close()
    return Changed(len(rows), rows)


class Touched:
    """How many rows an UPDATE or DELETE touched; on PostgreSQL it is sent only when somebody has to know."""

    __slots__ = ("_count", "_flush", "_sentence")

    def __init__(self, flush: Callable[[], None]) -> None:
        self._flush = flush
        self._count: int | None = None
        self._sentence: str | None = None

    @property
    def count(self) -> int:
        """The number, asked for now."""
        if self._count is None:
            self._flush()
        assert self._count is not None
        return self._count

    def just_one(self, otherwise: str = "") -> None:
        """Conflict when it was not one row: now if that is known, else before anything is committed."""
        self._sentence = otherwise
        self._require()

    def tell(self, count: int) -> None:
        """For the transaction, when the database has said it."""
        self._count = count
        self._require()

    def _require(self) -> None:
        if self._sentence is not None and self._count not in (None, 1):
            raise Conflict(self._sentence) if self._sentence else Conflict


@lru_cache(2048)
def changing(
    table: Table,
    kinds: statements.Shape,
    names: tuple[str, ...] | None,
    back: tuple[str, ...],
    dialect: Dialect,
) -> Change:
    """An UPDATE of the named columns, a DELETE for None; not for conditions with lists."""
    statement = (
        statements.deleting(table, kinds, back)
        if names is None
        else statements.updating(table, kinds, names, back)
    )
    compiled: Any = statement.compile(dialect=dialect)
    order = compiled.positiontup or tuple(compiled.binds)
    binds = tuple((name, to_driver(compiled.binds[name].type, dialect)) for name in order)
    return Change(str(compiled), binds, named=dialect.positional is False)


@lru_cache(2048)
def looking(query: Select[Any], dialect: Dialect) -> Query:
    """A look-up compiled once; not for one with lists, nor for one that is built anew each time."""
    return Query(query, dialect)
