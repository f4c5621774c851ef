"""A form handed in twice 重复提交, by a double click or a page reloaded: it is done once, and answered alike."""

import hmac
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, TypeVar

from flask import current_app, request

from webapp.services import repeats
from webapp.services.office import Work
from webapp.web.formatting import new_key
from webapp.web.session import current_actor, office, work

T = TypeVar("T")
FIELD = "idempotency_key"
LONGEST_KEY = 80
# Of the page, not of what was written on it.
TOKENS = (FIELD, "csrf_token")


def form_key() -> str:
    """The idempotency key 防重编号 that the form was drawn with; a new one for a form that brings none."""
    return _sent() or new_key()


def once(verb: Callable[[Work], T]) -> T | Mapping[str, Any]:
    """What the verb gives back, or the ids it made when this very form was handed in before.

    Refused when the form was altered and handed in again under the key of what is done already.
    """
    sent = _sent()
    if not sent:
        return verb(work())
    return repeats.once(office(), current_actor().user_id, sent, _mark(), verb)


def made(given: object, name: str) -> str:
    """An id that a verb gave back, or that is kept under this name of the time it was done."""
    return str(given[name]) if isinstance(given, Mapping) else str(given)


def _sent() -> str:
    return request.form.get(FIELD, "")[:LONGEST_KEY]


def _mark() -> str:
    """A keyed digest of the form: what people wrote cannot be guessed from what is kept of it."""
    secret = sha256(f"once:{current_app.secret_key!r}".encode()).digest()
    mark = hmac.new(
        secret, f"{request.method} {request.full_path}".encode("utf-8", "surrogatepass"), "sha256"
    )
    for name, values in sorted(request.form.lists()):
        if name not in TOKENS:
            _add(mark, name, *values)
    for name, files in sorted(request.files.lists()):
        for one in files:
            one.stream.seek(0)
            _add(mark, name, one.filename or "", sha256(one.stream.read()).hexdigest())
            one.stream.seek(0)
    return mark.hexdigest()


def _add(mark: hmac.HMAC, *texts: str) -> None:
    """Each text after its length, so that no two forms run together into one."""
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        mark.update(len(data).to_bytes(8) + data)
