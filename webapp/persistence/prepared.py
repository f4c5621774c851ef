"""Changes compiled once: they cost little more than the driver asks; many new rows are one statement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.engine import CursorResult

from webapp.persistence import statements

# PostgreSQL takes 65,535 values in one statement; beyond this the driver pipelines the rows one by one.
MOST_VALUES = 4096
Processor = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """The text of an INSERT for a number of rows, and how each column's value is handed to the driver."""

    text: str
    count: int
    columns: tuple[tuple[str, Processor], ...]
    named: bool

    def execute(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """One statement for all rows."""
        if self.named:
            self._execute_named(connection, rows)
            return
        values = [tuple(_bound(row[name], process) for name, process in self.columns) for row in rows]
        connection.exec_driver_sql(self.text, values if len(values) > 1 else values[0])

    def _execute_named(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        values = [
            {f"{name}_{index}": _bound(row[name], process) for name, process in self.columns}
            for index, row in _numbered(rows, self.count)
        ]
        if self.count == len(rows):
            together = {key: value for row in values for key, value in row.items()}
            connection.exec_driver_sql(self.text, together)
        else:
            connection.exec_driver_sql(self.text, values)


def _numbered(rows: Sequence[Mapping[str, Any]], count: int) -> list[tuple[int, Mapping[str, Any]]]:
    return list(enumerate(rows)) if count == len(rows) else [(0, row) for row in rows]


def _bound(value: Any, process: Processor) -> Any:
    return process(value) if process is not None else value


def insert_rows(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any]]:
    """Insert the rows in one statement → the whole rows; what no row names gets its default or NULL."""
    names, whole = statements.completed(table, rows)
    named = connection.dialect.positional is False
    count = len(whole) if named and len(whole) * len(names) <= MOST_VALUES else 1
    _prepare(table, names, count, connection.dialect).execute(connection, whole)
    return whole


@lru_cache(1024)
def _prepare(table: Table, names: tuple[str, ...], count: int, dialect: Dialect) -> Prepared:
    compiled = statements.inserting(table, names, count).compile(dialect=dialect)
    types = {name: table.c[name].type.dialect_impl(dialect) for name in names}
    processors = tuple((name, kind.bind_processor(dialect)) for name, kind in types.items())
    return Prepared(str(compiled), count, processors, named=dialect.positional is False)


@dataclass(frozen=True, slots=True)
class Change:
    """The text of an UPDATE or DELETE, and how each bound value is handed to the driver, in order."""

    text: str
    binds: tuple[tuple[str, Processor], ...]
    named: bool

    def execute(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult[Any]:
        """Rows given back come as the driver has them."""
        if self.named:
            by_name = {name: _bound(values[name], process) for name, process in self.binds}
            return connection.exec_driver_sql(self.text, by_name)
        return connection.exec_driver_sql(
            self.text, tuple(_bound(values[name], process) for name, process in self.binds)
        )


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
    types = {name: compiled.binds[name].type.dialect_impl(dialect) for name in order}
    binds = tuple((name, types[name].bind_processor(dialect)) for name in order)
    return Change(str(compiled), binds, named=dialect.positional is False)
