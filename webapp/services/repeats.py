"""A request that came twice 重复提交: the second gets the first one's answer."""

from collections.abc import Callable, Mapping
from typing import Any, Self, TypeVar

from webapp.domain.errors import Refused
from webapp.domain.event import Event
from webapp.persistence.models import runtime
from webapp.persistence.unit_of_work import reply_of
from webapp.services import reads
from webapp.services.office import Office, Work

T = TypeVar("T")
# What a verb that makes something tells in its event, and its caller wants to know again.
MADE = (
    "meeting_id",
    "objection_id",
    "instance_id",
    "result",
    "correction_id",
    "version_change_id",
    "definition_switch_id",
    "outbox_ids",
    "reached",
    "change_id",
    "draft_id",
    "derived",
)


def answered(office: Office, actor_id: str, key: str, request_digest: str) -> Mapping[str, Any] | None:
    """The reply meanwhile given to this key, asked after a Conflict; Refused when it was another request's.

    Of two equal requests at the same moment the second waits for the first, and then finds its work done.
    """
    with reads.begin(office) as look:
        known = look.one(runtime.idempotency, actor_id=actor_id, key=key)
    return reply_of(known["reply"], known["request_digest"], request_digest) if known else None


class _Once(Work):
    """A unit of work whose commit also keeps that this request has been answered."""

    def __init__(self, office: Office, promise: tuple[str, str, str]) -> None:
        super().__init__(office)
        self._asked = promise

    def __enter__(self) -> Self:
        super().__enter__()
        self.promise(*self._asked)
        return self

    def commit(self, event: Event, *more: Event, reply: Mapping[str, Any] | None = None) -> None:
        made = {name: event.facts[name] for name in MADE if name in event.facts}
        super().commit(event, *more, reply=reply or made)


def once(
    office: Office, actor_id: str, key: str, request_digest: str, verb: Callable[[Work], T]
) -> T | Mapping[str, Any]:
    """What the verb gives back; the ids it made, as kept, when the same request was done before under the key.

    Refused when the key was another request's.
    """
    known = answered(office, actor_id, key, request_digest)
    if known is not None:
        return known
    try:
        return verb(_Once(office, (actor_id, key, request_digest)))
    except Refused:
        # Whatever the second of two equal requests was told when it came too late.
        known = answered(office, actor_id, key, request_digest)
        if known is None:
            raise
        return known
