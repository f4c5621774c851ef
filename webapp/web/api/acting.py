"""One verb for one request 办理: the same request twice is done once, and what was shown is logged before it leaves."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import orjson
from flask import request

from webapp.domain import events
from webapp.domain.errors import Invalid, NotFound
from webapp.domain.formats import is_id
from webapp.domain.history import digest
from webapp.services import repeats
from webapp.services.office import Work
from webapp.web.formatting import new_key
from webapp.web.session import current_actor, now, office

T = TypeVar("T")
LONGEST_KEY = 80
HEADER = "Idempotency-Key"


def key() -> str:
    """The idempotency key 防重编号 of the request, made here when none came."""
    given = request.headers.get(HEADER, "").strip()
    if len(given) > LONGEST_KEY or not given.isprintable() or not given.isascii():
        raise Invalid({HEADER: f"应为不超过{LONGEST_KEY}个字符的英文、数字。"})
    return given or new_key()


def once(verb: Callable[[Work], T], body: object = None) -> T | Mapping[str, Any]:
    """What the verb gives back, or the reply kept of the same request before; only with a key sent along."""
    if not request.headers.get(HEADER):
        return verb(office().begin())
    return repeats.once(office(), current_actor().user_id, key(), _digest(body), verb)


def _digest(body: object) -> str:
    sent = orjson.dumps(body, option=orjson.OPT_SORT_KEYS, default=str)
    return digest(f"{request.method} {request.path}?".encode() + request.query_string + b"\n" + sent)


def read_event(what: str, **facts: object) -> events.Event:
    """The access event 查阅留痕 of an API answer: ids and counts only."""
    facts = {"what": f"api:{what}", **facts}
    return events.Read(actor=current_actor(), effective_at=now(), facts=facts)


def id_of(text: str) -> str:
    """An id out of a path; NotFound for text that is none."""
    if not is_id(text):
        raise NotFound
    return text
