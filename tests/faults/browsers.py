"""Browsers of the fault tests: signed in, posting forms over HTTP, again when the server has died."""

import http.client
import queue
import secrets
import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from webapp.web.session import SESSION_KEY

HOST = "127.0.0.1"
TRIES = 6
# A form is sent again until its server is up: the slowest start on a busy machine.
LONGEST_WAIT = 60.0
POSTED: Mapping[str, str] = {"f.outcome": "yes", "f.remark_0": "同意"}
CLOSE = ""


class Desk:
    """What a browser needs to be somebody: a session's cookie and its token, and how to read an answer's."""

    def __init__(self, app: Flask, session_key: str) -> None:
        plain = secrets.token_hex(20)
        self.name = str(app.config["SESSION_COOKIE_NAME"])
        self.signing: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = self.signing.dumps({SESSION_KEY: session_key, "csrf_token": plain})
        token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(plain)
        self.headers = {
            "Cookie": f"{self.name}={cookie}",
            "X-CSRFToken": str(token),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        app.extensions["office"].engine.dispose()

    def said(self, answer: http.client.HTTPResponse) -> list[Any]:
        """What the next page would tell the person, out of the session the answer sets."""
        for header in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = header.partition("=")
            if name == self.name:
                return list(self.signing.loads(value.partition(";")[0]).get("_flashes", []))
        return []


class Browser:
    """One browser at one server, in a thread of its own; the answers go into the common list."""

    def __init__(self, desk: Desk, port: int, answers: dict[str, list[Any]]) -> None:
        self.desk, self.port, self.answers = desk, port, answers
        self.is_served = False
        self._forms: queue.Queue[str] = queue.Queue()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def is_idle(self) -> bool:
        """True when every form was answered."""
        return self._forms.unfinished_tasks == 0

    def post(self, task_id: str) -> None:
        """Fill in the form of a task and send it."""
        self._forms.put(task_id)

    def close(self) -> None:
        """No further form."""
        self._forms.put(CLOSE)

    def _run(self) -> None:
        while task_id := self._forms.get():
            self.answers[task_id].append(self._submit(task_id))
            self._forms.task_done()

    def _submit(self, task_id: str) -> Mapping[str, Any] | str:
        """The answer, or the refusal after several tries; the key says that it is always the same request."""
        refusal, began, attempt = "", time.monotonic(), 0
        while attempt < TRIES and time.monotonic() - began < LONGEST_WAIT:
            try:
                status, answer = self._ask(task_id)
            except (OSError, http.client.HTTPException) as broken:
                # The server has died or is not up yet.
                refusal = f"no answer: {type(broken).__name__}"
                time.sleep(0.02)
                continue
            if status == http.client.SEE_OTHER:
                return answer
            attempt, refusal = attempt + 1, f"{status}: {answer}"
            if status != http.client.CONFLICT:
                break
            time.sleep(0.01 * attempt)
        return refusal

    def _ask(self, task_id: str) -> tuple[int, Mapping[str, Any]]:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=LONGEST_WAIT)
        try:
            form = urlencode({**POSTED, "idempotency_key": f"key-{task_id}"})
            connection.request("POST", f"/tasks/{task_id}/complete", form, self.desk.headers)
            answer = connection.getresponse()
            answer.read()
            self.is_served = True
            return answer.status, {"to": answer.headers.get("Location"), "said": self.desk.said(answer)}
        finally:
            connection.close()
