"""One registry of operations 接口目录: routes, checks and the OpenAPI document come out of what handlers declare."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from flask import Blueprint, Response, make_response, request
from werkzeug.datastructures import FileStorage

from webapp.web.api import reading
from webapp.web.api.schema import Schema

NOTHING = object()
Handler = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Param:
    """One query parameter 查询参数."""

    name: str
    schema: Schema
    words: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """A request that runs in the tests 示例: by whom, with which body or query; ids in paths are filled in."""

    by: str = "ganbu1"
    body: Any = None
    query: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What came in, checked and typed: the query by name, the JSON body, a multipart form."""

    query: Mapping[str, Any]
    body: Mapping[str, Any]
    form: Mapping[str, str]
    files: tuple[FileStorage, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path, with everything its document says."""

    method: str
    path: str
    name: str
    summary: str
    tag: str
    handler: Handler
    query: tuple[Param, ...] = ()
    body: Schema | None = None
    form: Schema | None = None
    answer: Schema | None = None
    status: int = 200
    media: str = "application/json"
    examples: tuple[Example, ...] = ()

    @property
    def writes(self) -> bool:
        """True for what changes something: an idempotency key may come with it."""
        return self.method != "GET" and not self.name.startswith(("query_", "evaluate_"))


class Door:
    """One entrance of the API: a prefix with its operations and its blueprint."""

    def __init__(self, name: str, prefix: str) -> None:
        self.name, self.prefix = name, prefix
        self.page = Blueprint(name, __name__, url_prefix=prefix)
        self.operations: list[Operation] = []

    def get(self, path: str, **more: Any) -> Callable[[Handler], Handler]:
        """Register a GET."""
        return self._register("GET", path, **more)

    def post(self, path: str, **more: Any) -> Callable[[Handler], Handler]:
        """Register a POST."""
        return self._register("POST", path, **more)

    def put(self, path: str, **more: Any) -> Callable[[Handler], Handler]:
        """Register a PUT."""
        return self._register("PUT", path, **more)

    def delete(self, path: str, **more: Any) -> Callable[[Handler], Handler]:
        """Register a DELETE."""
        return self._register("DELETE", path, **more)

    def _register(self, method: str, path: str, **more: Any) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            name = handler.__name__.strip("_")
            words = (handler.__doc__ or "").strip().splitlines()[0]
            if "answer" not in more:
                more.setdefault("status", 204)
            operation = Operation(
                method, path, name, words, handler.__module__.rpartition(".")[2], handler, **more
            )
            self.operations.append(operation)
            self.page.add_url_rule(path, name, _answering(operation), methods=[method])
            return handler

        return register


def _answering(operation: Operation) -> Callable[..., Response]:
    """The view of an operation: read and check what came in, call the handler, write what it gives back."""

    def view(**path: str) -> Response:
        asked = Asked(
            query=reading.query(operation.query, request.args),
            body=reading.body(operation.body, request) if operation.body is not None else {},
            form=reading.form(operation.form, request) if operation.form is not None else {},
            files=tuple(one for name in request.files for one in request.files.getlist(name))
            if operation.form is not None
            else (),
        )
        found = operation.handler(asked, **path)
        if isinstance(found, Response):
            return found
        if found is NOTHING or found is None:
            return make_response("", 204)
        return Response(orjson.dumps(found), operation.status, mimetype="application/json")

    return view
