"""Items for a meeting 议题: a process puts one on the agenda and waits for the result."""

from collections.abc import Mapping

from uuid_utils import uuid7

from webapp.persistence.models import meetings
from webapp.services.advance import Call
from webapp.services.delegates.inputs import text, text_or_none

# What the body is asked to pass, kept beside the item: later answers do not change what was voted on.
PROPOSED = ("proposed_manner", "proposed_post_id")


def put_on_agenda(call: Call) -> Mapping[str, object]:
    """Put the case on the list of what the next meeting of the body takes up 提请上会."""
    item_id = str(uuid7())
    matter = text(call, "matter")
    call.work.insert(
        meetings.agenda_item,
        {
            "id": item_id,
            "body": text(call, "body"),
            "committee_id": call.case.committee_id,
            "case_id": call.case.id,
            "instance_id": call.run.instance_id,
            "person_id": call.case.person_id,
            "matter": matter,
            "status": "waiting",
            "filed_at": call.work.now,
            "earlier_id": _put_off_before(call, matter),
        },
    )
    put = {name: text_or_none(call, name) for name in PROPOSED if name in call.inputs}
    return {"agenda_item_id": item_id, **put}


def _put_off_before(call: Call, matter: str) -> str | None:
    """The item on the same matter that a meeting has put off, which this one takes up again."""
    rows = call.work.all(
        meetings.agenda_item,
        order=("-decided_at", "-id"),
        limit=1,
        instance_id=call.run.instance_id,
        matter=matter,
        result="deferred",
    )
    return rows[0]["id"] if rows else None


def recall_agenda_item(call: Call) -> Mapping[str, object]:
    """Withdraw an item no meeting has decided 撤回议题; nothing happens when it is decided already."""
    where = {"id": text(call, "agenda_item_id"), "status": ["waiting", "scheduled"]}
    changed = call.work.update(meetings.agenda_item, where, {"status": "recalled", "meeting_id": None})
    return {"recalled": changed.count == 1}
