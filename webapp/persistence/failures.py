"""What the database refuses or cannot do, as refusals a person can read."""

import sqlite3
from typing import Any

from sqlalchemy import exc

from webapp.domain.errors import Conflict, Refused

# The words with which the history's triggers refuse an event that does not follow the head of its chain.
HEAD_MOVED = "history must follow its head"

CONFLICTS = frozenset({"23505", "40001", "40P01"})
# Text that is no id, or holds what the database cannot keep: wrong input, whoever let it through.
UNREADABLE = frozenset({"22P02", "22P05", "22021"})
UNAVAILABLE_CLASSES = ("08", "53", "57", "58")
UNAVAILABLE_CODES = frozenset({"55P03", "25006"})
SQLITE_CONFLICTS = frozenset(
    {
        "SQLITE_CONSTRAINT_UNIQUE",
        "SQLITE_CONSTRAINT_PRIMARYKEY",
        "SQLITE_CONSTRAINT_ROWID",
        "SQLITE_BUSY_SNAPSHOT",
    }
)
SQLITE_UNAVAILABLE = (
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_READONLY",
    "SQLITE_CANTOPEN",
)


class Unreadable(Refused):
    """提交的内容中有无法识别的编号或字符，请刷新页面后重新填写。"""


class DatabaseUnavailable(Refused):
    """数据库暂时繁忙或无法连接，本次操作没有保存，请稍后重试。"""

    status = 503


def translate(error: BaseException) -> Refused | None:
    """The refusal a database error stands for; None for a fault of the program, which stays as it is."""
    if isinstance(error, exc.TimeoutError):
        return DatabaseUnavailable()
    raw = error.orig if isinstance(error, exc.DBAPIError) else error
    if isinstance(raw, sqlite3.Error):
        return _from_sqlite(raw)
    if isinstance(error, exc.DBAPIError):
        return _from_postgres(raw, error)
    return None


def _from_sqlite(raw: sqlite3.Error) -> Refused | None:
    name: str = getattr(raw, "sqlite_errorname", "")
    if name in SQLITE_CONFLICTS or HEAD_MOVED in str(raw):
        return Conflict()
    return DatabaseUnavailable() if name.startswith(SQLITE_UNAVAILABLE) else None


def _from_postgres(raw: Any, error: exc.DBAPIError) -> Refused | None:
    code = str(getattr(raw, "sqlstate", None) or "")
    if code in CONFLICTS or HEAD_MOVED in str(raw):
        return Conflict()
    if code in UNREADABLE or (isinstance(error, exc.DataError) and not code):
        return Unreadable()
    if error.connection_invalidated or code in UNAVAILABLE_CODES or code.startswith(UNAVAILABLE_CLASSES):
        return DatabaseUnavailable()
    return DatabaseUnavailable() if isinstance(error, exc.OperationalError) and not code else None
