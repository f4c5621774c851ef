"""Rows of the outbox 发件箱: what waits for its receiver."""

from datetime import datetime, timedelta
from typing import Any

from uuid_utils import uuid7

MESSAGE_LIFE = timedelta(days=400)


def outbox_row(
    *,
    instance_id: str | None,
    seq: int,
    element_id: str,
    case_id: str | None,
    message: str,
    correlation: str | None,
    variables: dict[str, Any],
    at: datetime,
) -> dict[str, Any]:
    """A message 消息 waiting for its receiver, dated with the sender's own instant so that "the same day" holds."""
    return {
        "id": str(uuid7()),
        "instance_id": instance_id,
        "seq": seq,
        "element_id": element_id,
        "case_id": case_id,
        "message": message,
        "correlation": correlation,
        "variables": variables,
        "effective_at": at,
        "expires_at": at + MESSAGE_LIFE,
        "status": "waiting",
    }
