"""A request that came twice 重复提交: the second gets the first one's answer."""

from collections.abc import Mapping
from typing import Any

from webapp.persistence.models import runtime
from webapp.persistence.unit_of_work import reply_of
from webapp.services import reads
from webapp.services.office import Office


def answered(office: Office, actor_id: str, key: str, request_digest: str) -> Mapping[str, Any] | None:
    """The reply meanwhile given to this key, asked after a Conflict; Refused when it was another request's.

    Of two equal requests at the same moment the second waits for the first, and then finds its work done.
    """
    with reads.begin(office) as look:
        known = look.one(runtime.idempotency, actor_id=actor_id, key=key)
    return reply_of(known["reply"], known["request_digest"], request_digest) if known else None
