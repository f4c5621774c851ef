"""The bell 唤醒: a worker sleeps until a job or message is filed, by whatever process on whatever machine."""

from threading import Event
from typing import Any, cast

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

CHANNEL = "zaishang_work"


class Bell:
    """One worker's bell. PostgreSQL rings it at every commit that files work; on SQLite only ``ring`` does."""

    def __init__(self, engine: Engine) -> None:
        """Nothing is opened before the first ``wait``."""
        self._engine = engine
        self._rung = Event()
        self._line: psycopg.Connection[Any] | None = None

    def ring(self) -> None:
        """Wake the worker of this process."""
        self._rung.set()

    def wait(self, seconds: float) -> bool:
        """Sleep until rung → True, or until the time is over → False. Also sleeps when the database is away."""
        if self._engine.dialect.name == "sqlite":
            return self._wait_here(seconds)
        try:
            return any(self._listening().notifies(timeout=seconds, stop_after=1))
        except (psycopg.Error, SQLAlchemyError):
            self.close()
            return self._wait_here(seconds)

    def _wait_here(self, seconds: float) -> bool:
        rung = self._rung.wait(seconds)
        self._rung.clear()
        return rung

    def _listening(self) -> psycopg.Connection[Any]:
        if self._line is None:
            pooled = self._engine.raw_connection()
            # Taken out of the pool for good: it lives as long as the worker.
            pooled.detach()
            line = cast("psycopg.Connection[Any]", pooled.dbapi_connection)
            line.autocommit = True
            line.execute(f"LISTEN {CHANNEL}")
            self._line = line
        return self._line

    def close(self) -> None:
        """Stop listening."""
        line, self._line = self._line, None
        if line is not None:
            line.close()
