"""The floors: a real step's statements through the bare driver, and the least web application around them."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request
from sqlalchemy import Engine, event

Statement = tuple[str, Any, bool]


class Recorder:
    """Notes the statements an engine sends, exactly as they reach the driver."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.seen: list[Statement] = []

    @contextmanager
    def listening(self) -> Iterator[list[Statement]]:
        """Statements sent meanwhile."""
        self.seen = []
        event.listen(self.engine, "before_cursor_execute", self._see)
        try:
            yield self.seen
        finally:
            event.remove(self.engine, "before_cursor_execute", self._see)

    def _see(
        self, _connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool
    ) -> None:
        self.seen.append((statement, values, many))


class Floor:
    """The bare driver on a copy of the database."""

    def __init__(self, connection: Any, kind: str) -> None:
        self.connection = connection
        self.is_sqlite = kind == "sqlite"

    def replay(self, statements: Sequence[Statement]) -> None:
        """The statements in one transaction, every row fetched."""
        cursor = self.connection.cursor()
        if self.is_sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        for statement, values, many in statements:
            if many:
                cursor.executemany(statement, values)
            else:
                cursor.execute(statement, values)
            if cursor.description is not None:
                cursor.fetchall()
        if self.is_sqlite:
            cursor.execute("COMMIT")
        else:
            self.connection.commit()

    def knows(self, token: str) -> bool:
        """The least authentication: one look-up by an indexed column, in its own transaction."""
        mark = "?" if self.is_sqlite else "%s"
        cursor = self.connection.cursor()
        cursor.execute(f"SELECT id, active FROM user_account WHERE fs_uniquifier = {mark}", (token,))
        row = cursor.fetchone()
        self.connection.rollback()
        return row is not None


def least_app(floor: Floor, pending: list[Sequence[Statement]]) -> Flask:
    """Authenticate a token, run the statements that lie ready, answer."""
    app = Flask("floor")

    @app.post("/step")
    def step() -> tuple[dict[str, object], int]:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        hashlib.sha256(token.encode()).hexdigest()
        if not floor.knows(token):
            return {}, 401
        outcome = request.form["f.outcome"]
        floor.replay(pending.pop())
        return {"outcome": outcome}, 200

    return app


class Caller:
    """Calls an application as a server would, without a test client's own weight."""

    def __init__(self, app: Flask, headers: Mapping[str, str]) -> None:
        self.app = app
        self.headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}

    def ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        """The status and the body."""
        body = urlencode(form or {}).encode()
        path, _, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost:8000",
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": BytesIO(body), "wsgi.errors": BytesIO(),
            "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
            "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/x-www-form-urlencoded", **self.headers,
        }  # fmt: skip
        status: list[int] = []
        parts = self.app.wsgi_app(environ, lambda line, _headers, _error=None: status.append(int(line[:3])))
        whole = b"".join(parts)
        closing = getattr(parts, "close", None)
        if closing is not None:
            closing()
        return status[0], whole


def as_json(value: object) -> str:
    """Figures as text."""
    return json.dumps(value, ensure_ascii=False, indent=2)
