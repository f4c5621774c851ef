"""A program with a token: what the tests of the API ask with."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.site import Site
from webapp.services import tokens
from webapp.services.office import Office


class Program:
    """A client of the API that signs in with a token of one user."""

    def __init__(self, app: Flask, login: str, *, checked: Any = None) -> None:
        office: Office = app.extensions["office"]
        self.token = tokens.create(office, login=login, label="测试", days=2)
        self.client: FlaskClient = app.test_client(use_cookies=False)
        self.checked = checked or (lambda answer: answer)

    def ask(self, method: str, path: str, *, status: int | None = None, **more: Any) -> TestResponse:
        """Any request; ``status`` is asserted when given."""
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        answer = self.checked(self.client.open(path, method=method, headers=headers, **more))
        if status is not None:
            assert answer.status_code == status, answer.text
        return answer

    def get(self, path: str, *, status: int | None = 200, **query: Any) -> Any:
        """GET → the JSON answered."""
        return self.ask("GET", path, query_string=query, status=status).json

    def post(
        self, path: str, body: Any = None, *, status: int | None = None, key: str = "", **more: Any
    ) -> TestResponse:
        """POST JSON, with an idempotency key when given."""
        headers = {"Idempotency-Key": key} if key else {}
        return self.ask(
            "POST", path, json=body if body is not None else {}, status=status, headers=headers, **more
        )


def program(site: Site, login: str) -> Program:
    """A program of a user of a site."""
    return Program(site.app, login, checked=site.checked)


def values(**plain: Any) -> dict[str, Mapping[str, Any]]:
    """Variables with their values alone, as a program may write them."""
    return {name: {"value": value} for name, value in plain.items()}
