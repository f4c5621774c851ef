"""SQL constructs built once and kept, one for every shape of look-up and change: a step only binds values."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    Insert,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningDelete, ReturningUpdate

from webapp.domain.history import GENESIS
from webapp.persistence.database import Instant
from webapp.persistence.models.history import stream

KEPT = 2048
IN, IS, NULL = "in", "is", "null"
Shape = tuple[tuple[str, str], ...]


def shape(where: Mapping[str, Any]) -> tuple[Shape, dict[str, Any]]:
    """What kind of condition each value asks for (equal, one of, empty), and the values to bind."""
    kinds: list[tuple[str, str]] = []
    values: dict[str, Any] = {}
    for name, given in where.items():
        value = _alone(given)
        if value is None:
            kinds.append((name, NULL))
        elif isinstance(value, list | tuple | set | frozenset):
            kinds.append((name, IN))
            values[f"w_{name}"] = list(value)
        else:
            kinds.append((name, IS))
            values[f"w_{name}"] = value
    return tuple(kinds), values


def _alone(value: Any) -> Any:
    """One of one is that one; an empty value in a list stands for no row, alone for an empty column."""
    if not isinstance(value, list | tuple | set | frozenset) or len(value) != 1:
        return value
    (only,) = value
    return value if only is None else only


def _condition(table: Table, kinds: Shape) -> ColumnElement[bool]:
    return and_(true(), *(_one(table.c[name], name, kind) for name, kind in kinds))


def _one(column: ColumnElement[Any], name: str, kind: str) -> ColumnElement[bool]:
    if kind == NULL:
        return column.is_(None)
    if kind == IN:
        return column.in_(bindparam(f"w_{name}", expanding=True))
    return column == bindparam(f"w_{name}", type_=column.type)


@lru_cache(KEPT)
def reading(table: Table, kinds: Shape, order: tuple[str, ...], limited: bool, lock: bool) -> Select[Any]:
    """SELECT every column of the table; ``order`` names columns, ``-name`` for descending."""
    query = select(*table.c).where(_condition(table, kinds)).order_by(*_ordered(table, order))
    if limited:
        query = query.limit(bindparam("w__limit"))
    return query.with_for_update() if lock else query


def _ordered(table: Table, order: Iterable[str]) -> list[ColumnElement[Any]]:
    return [table.c[name[1:]].desc() if name.startswith("-") else table.c[name].asc() for name in order]


@lru_cache(KEPT)
def updating(
    table: Table, kinds: Shape, names: tuple[str, ...], back: tuple[str, ...]
) -> Update | ReturningUpdate[Any]:
    """UPDATE the named columns (bound as ``v_<name>``), giving back the columns ``back`` (see ``returned``)."""
    values = {name: bindparam(f"v_{name}", type_=table.c[name].type) for name in names}
    change = update(table).where(_condition(table, kinds)).values(values)
    return change.returning(*_returned(table, back)) if back else change


@lru_cache(KEPT)
def deleting(table: Table, kinds: Shape, back: tuple[str, ...]) -> Delete | ReturningDelete[Any]:
    """DELETE, giving back the columns ``back``."""
    change = delete(table).where(_condition(table, kinds))
    return change.returning(*_returned(table, back)) if back else change


CLOCK = "clock"


def _returned(table: Table, back: tuple[str, ...]) -> list[ColumnElement[Any]]:
    """Columns by name; ``CLOCK`` stands for PostgreSQL's clock at the moment the row has been locked."""
    return [clock("postgresql").label(CLOCK) if name == CLOCK else table.c[name] for name in back]


@lru_cache(KEPT)
def inserting(table: Table, names: tuple[str, ...], count: int) -> Insert:
    """INSERT of ``count`` rows in one VALUES list, bound as ``<name>_<index>``."""
    types = {name: table.c[name].type for name in names}
    rows = [
        {name: bindparam(f"{name}_{index}", type_=kind) for name, kind in types.items()}
        for index in range(count)
    ]
    return insert(table).values(rows)


@lru_cache(KEPT)
def putting(table: Table, names: tuple[str, ...], dialect: str) -> Insert:
    """INSERT a row or, where its primary key is there, UPDATE it."""
    keys = [column.name for column in table.primary_key]
    values = {name: bindparam(name, type_=table.c[name].type) for name in names}
    others = [name for name in names if name not in keys]
    query = (postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)).values(values)
    if not others:
        return query.on_conflict_do_nothing(index_elements=keys)
    changed = {name: query.excluded[name] for name in others}
    return query.on_conflict_do_update(index_elements=keys, set_=changed)


@lru_cache(KEPT)
def _defaults(table: Table) -> dict[str, Any]:
    columns = (column for column in table.c if column.default is not None and column.default.is_scalar)
    return {column.name: getattr(column.default, "arg", None) for column in columns}


def completed(
    table: Table, rows: Sequence[Mapping[str, Any]]
) -> tuple[tuple[str, ...], Sequence[Mapping[str, Any]]]:
    """The columns that any row names or that have a default, in table order; every row made whole with them.

    TypeError for a column the table does not have.
    """
    given = tuple(rows[0])
    alike = all(tuple(row) == given for row in rows[1:])
    if not alike:
        given = tuple(set().union(*rows))
    names, defaults = _filled(table, given)
    if alike and len(names) == len(given):
        return names, rows
    return names, [{**defaults, **row} for row in rows]


@lru_cache(KEPT)
def _filled(table: Table, given: tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The columns of an INSERT in table order, and what stands in those a row does not name."""
    defaults = _defaults(table)
    named = {*defaults, *given}
    # A plain text: the schema's own kind of text is slow to hash.
    names = tuple(str(column.name) for column in table.c if column.name in named)
    if len(names) != len(named):
        unknown = sorted(named - set(names))
        raise TypeError(f"{table.name} has no column {', '.join(unknown)}")
    return names, {name: defaults.get(name) for name in names}


def clock(dialect: str) -> ColumnElement[Any]:
    """The time on the database's clock, aware UTC."""
    if dialect == "postgresql":
        return func.clock_timestamp(type_=Instant())
    return literal_column("strftime('%Y-%m-%d %H:%M:%f000', 'now')", type_=Instant())


def chain_clock(dialect: str) -> ColumnElement[Any]:
    """The database's clock, never before the newest event of the ``stream`` row in the same query."""
    latest = func.greatest if dialect == "postgresql" else func.max
    return latest(clock(dialect), stream.c.recorded_at, type_=Instant())


@lru_cache
def head(dialect: str) -> Select[Any]:
    """The head of one chain, locked, with the clock."""
    query = select(stream.c.seq, stream.c.digest, chain_clock(dialect).label("clock"))
    return query.where(stream.c.name == bindparam("name")).with_for_update()


@lru_cache
def first_head(dialect: str) -> Insert:
    """The head of a chain that has no event yet; does nothing where another transaction was first."""
    query = postgresql.insert(stream) if dialect == "postgresql" else sqlite.insert(stream)
    first = {"name": bindparam("name"), "seq": 0, "digest": GENESIS, "recorded_at": clock(dialect)}
    return query.values(first).on_conflict_do_nothing(index_elements=["name"])
