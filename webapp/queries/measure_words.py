"""What is to be noticed of a registered measure 措施, in a word or two."""

from collections.abc import Mapping
from typing import Any

ENDED = {"revoked": "已撤销", "ended": "已结束"}


def note_of(measure: Mapping[str, Any]) -> str:
    """Revoked, ended, entered late."""
    ended = ENDED.get(measure["ended_by"] or "", "")
    return "，".join(one for one in (ended, "补录" if measure["is_late_entry"] else "") if one)
