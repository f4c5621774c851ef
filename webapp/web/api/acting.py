"""One verb for one request 办理: the same request twice is done once, and what was shown is logged before it leaves."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import orjson
from flask import request

from webapp.domain import events
from webapp.domain.errors import Invalid, NotFound
from webapp.domain.formats import is_id
from webapp.domain.history import digest
from webapp.services import repeats
from webapp.services.office import Work
from webapp.web.api import lists
from webapp.web.api.registry import NOTHING, Asked
from webapp.web.formatting import new_key
from webapp.web.session import current_actor, now, office, reading, today

T = TypeVar("T")
# A look-up takes the reads, the actor, the filters, and the day; a list also its order.
Search = Callable[..., Sequence[Mapping[str, Any]]]
Count = Callable[..., int]
# Under which name the ids that were shown stand in the record of the look, where it is not the list's own.
LOGGED_AS = {"external_tasks": "tasks"}
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


def listed(asked: Asked, search: Search, shape: Callable[[Mapping[str, Any]], Any], what: str) -> list[Any]:
    """What a search finds for the request, shaped; who was shown which ids is logged before."""
    wanted, sorting = lists.taken(asked)
    with reading() as reads:
        rows = search(reads, current_actor(), wanted, sorting, today())
        reads.disclose(read_event(what, **{LOGGED_AS.get(what, what): [row["id"] for row in rows]}))
    return [shape(row) for row in rows]


def counted(asked: Asked, count: Count) -> dict[str, int]:
    """How many a search finds for the request; its paging aside."""
    with reading() as reads:
        return {"count": count(reads, current_actor(), lists.taken(asked)[0], today())}


def refused(asked: Asked, reject: Callable[..., T], **which: str) -> Any:
    """A second person does not agree, for the reason sent 不同意."""
    once(lambda one: reject(one, current_actor(), reason=asked.body["reason"], **which), asked.body)
    return NOTHING


def id_of(text: str) -> str:
    """An id out of a path; NotFound for text that is none."""
    if not is_id(text):
        raise NotFound
    return text
