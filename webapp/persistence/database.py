"""The metadata, naming and column types shared by every table, on SQLite and PostgreSQL alike."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, DateTime, Engine, MetaData, Uuid, create_engine, event, make_url
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)


class Database(SQLAlchemy):
    """Flask-SQLAlchemy whose engines are opened by ``open_engine``: pages, workers and tests behave alike."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Any) -> Engine:
        url = options.pop("url")
        options.pop("echo_pool", None)
        return open_engine(url, **options)


db = Database(metadata=metadata)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite keeps it naive, so the zone is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON().with_variant(JSONB(), "postgresql")
"""A JSON column; never holds personal data."""


def uuid_type() -> Uuid[str]:
    """A UUID in its 36-character text form on both databases."""
    return Uuid(as_uuid=False)


# A transaction that means to write takes the write lock at once: an upgrade half-way may be refused.
WRITING = {"writing": True}
SQLITE_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "recursive_triggers = ON",
    "trusted_schema = OFF",
    "temp_store = MEMORY",
)
UNWAITING = "synchronous = NORMAL"
BUSY_SECONDS = 5
POSTGRES_SETTINGS = (
    "-c timezone=UTC -c lock_timeout=5s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"
)
STATEMENTS_KEPT = 512


def open_engine(url: Any, *, guarded: bool = True, durable: bool = True, **options: Any) -> Engine:
    """An engine on SQLite (``sqlite:////path``) or PostgreSQL (``postgresql://…``), made ready for use.

    ``guarded`` denies the connection itself schema changes and attached files (SQLite; on PostgreSQL that is
    the application role's part); only migrations do without. ``durable=False`` does not wait for the disk at
    every commit: a lost machine may lose the last acts, never tear one; for a demo's loader.
    """
    address = make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    is_sqlite = address.get_backend_name() == "sqlite"
    settings = _sqlite_settings() if is_sqlite else _postgres_settings(durable)
    to_driver = settings.pop("connect_args") | options.pop("connect_args", {})
    # An error's text may reach a log: it tells the statement, never the values.
    engine = create_engine(address, connect_args=to_driver, hide_parameters=True, **settings | options)
    if is_sqlite:
        _prepare_sqlite(engine, guarded, SQLITE_PRAGMAS if durable else (*SQLITE_PRAGMAS, UNWAITING))
    return engine


def _sqlite_settings() -> dict[str, Any]:
    return {
        **JSON_SETTINGS,
        "connect_args": {"timeout": BUSY_SECONDS, "cached_statements": STATEMENTS_KEPT},
    }


def _postgres_settings(durable: bool) -> dict[str, Any]:
    options = POSTGRES_SETTINGS if durable else f"{POSTGRES_SETTINGS} -c synchronous_commit=off"
    return {
        **JSON_SETTINGS,
        "pool_size": 10,
        "max_overflow": 10,
        "pool_timeout": 5,
        "pool_recycle": 1800,
        # The driver's own prepared statements end with every rollback; see ``pipeline``.
        "connect_args": {"options": options, "connect_timeout": 5, "prepare_threshold": None},
    }


def _dump_json(value: Any) -> str:
    return orjson.dumps(value, default=_plain).decode()


def _load_json(text: Any) -> Any:
    # SQLite keeps a bare JSON number as a number.
    return text if isinstance(text, int | float) else orjson.loads(text)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be stored as JSON")


JSON_SETTINGS = {"json_serializer": _dump_json, "json_deserializer": _load_json}


def _prepare_sqlite(engine: Engine, guarded: bool, pragmas: Sequence[str]) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, _record: Any) -> None:
        # The driver would begin transactions by its own rules; here "begin" below is the only one who does.
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()
        if guarded:
            connection.set_authorizer(_authorise)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("begun"):
            return
        writing = options.get("writing")
        raw: Any = connection.connection.dbapi_connection
        raw.execute("BEGIN IMMEDIATE" if writing else "BEGIN").close()


DENIED = frozenset(
    {
        sqlite3.SQLITE_ATTACH,
        sqlite3.SQLITE_DETACH,
        sqlite3.SQLITE_ALTER_TABLE,
        sqlite3.SQLITE_CREATE_INDEX,
        sqlite3.SQLITE_CREATE_TABLE,
        sqlite3.SQLITE_CREATE_TEMP_TABLE,
        sqlite3.SQLITE_CREATE_TEMP_TRIGGER,
        sqlite3.SQLITE_CREATE_TEMP_VIEW,
        sqlite3.SQLITE_CREATE_TRIGGER,
        sqlite3.SQLITE_CREATE_VIEW,
        sqlite3.SQLITE_CREATE_VTABLE,
        sqlite3.SQLITE_DROP_INDEX,
        sqlite3.SQLITE_DROP_TABLE,
        sqlite3.SQLITE_DROP_TRIGGER,
        sqlite3.SQLITE_DROP_VIEW,
        sqlite3.SQLITE_DROP_VTABLE,
    }
)
LOOKING = frozenset(
    {
        "foreign_key_check",
        "foreign_key_list",
        "index_info",
        "index_list",
        "index_xinfo",
        "integrity_check",
        "quick_check",
        "table_info",
        "table_xinfo",
        "wal_checkpoint",
    }
)
CHANGES = (sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE)


def _authorise(action: int, first: str | None, second: str | None, *_where: str | None) -> int:
    """Deny schema changes, other files and setting pragmas: a flaw in a query must not reach that far."""
    if action in DENIED or (action == sqlite3.SQLITE_PRAGMA and second is not None and first not in LOOKING):
        return sqlite3.SQLITE_DENY
    if action in CHANGES and first == "sqlite_master":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK
