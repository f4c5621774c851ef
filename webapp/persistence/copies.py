"""Copies of a whole database 数据库副本: one moment of it, made while others go on working."""

import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine, make_url, text

from webapp.domain.errors import NotAllowed, NotFound

PAGES_AT_A_TIME = 2048
CHAINS = "SELECT name, seq, digest FROM stream"
MISSING_TOOL = "没有找到 {tool}：请安装 PostgreSQL 客户端（Debian 软件包 postgresql-client）后再试。"


class Chain(NamedTuple):
    """The end of one chain."""

    name: str
    seq: int
    digest: str


def make(engine: Engine, owner_url: str | None, target: Path) -> list[Chain]:
    """Copy the database to ``target`` → the ends of the chains in the copy.

    A SQLite file, or PostgreSQL's custom dump made by ``pg_dump`` on the very snapshot the chains are read in.
    """
    if engine.dialect.name == "sqlite":
        _copy_sqlite(Path(engine.url.database or ""), target)
        return _chains_of_file(target)
    address = make_url(owner_url or engine.url).set(drivername="postgresql")
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        chains = [Chain(*row) for row in connection.execute(text(CHAINS))]
        where = f"--dbname={address.render_as_string(hide_password=False)}"
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}", where)
    return chains


def require_readable(copy: Path, dialect: str) -> None:
    """NotAllowed when the copy cannot be read to its end."""
    if dialect == "sqlite":
        _check_sqlite(copy)
    else:
        _run("pg_restore", "--list", str(copy))


def restore(copy: Path, url: str) -> None:
    """Put a PostgreSQL dump into an empty database; NotAllowed when it refuses."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    _run("pg_restore", "--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={address}", str(copy))


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.is_file():
        raise NotFound(f"没有找到数据库文件 {source}，请检查 ZAISHANG_HOME 或 DATABASE_URL。")
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new, pages=PAGES_AT_A_TIME)
        new.execute("PRAGMA journal_mode = DELETE").close()


def _chains_of_file(copy: Path) -> list[Chain]:
    with closing(_only_reading(copy)) as connection:
        return [Chain(*row) for row in connection.execute(CHAINS)]


def _only_reading(copy: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)


def _check_sqlite(copy: Path) -> None:
    try:
        with closing(_only_reading(copy)) as connection:
            found = connection.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.DatabaseError:
        found = "unreadable"
    if found != "ok":
        raise NotAllowed(f"副本 {copy.name} 已经损坏，不能用来恢复，请换另一份备份。")


def _run(tool: str, *words: str) -> None:
    path = shutil.which(tool)
    if path is None:
        raise NotFound(MISSING_TOOL.format(tool=tool))
    command: Sequence[str] = (path, *words)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        why = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "")
        raise NotAllowed(f"{tool} 没有完成：{why[:300]}")
