"""Drafts 草稿 of a task's form: sealed field by field, one set a person, gone when the task is done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from webapp.crypto import sealing as crypto
from webapp.domain import access, events
from webapp.domain.access import Actor
from webapp.domain.errors import Invalid
from webapp.persistence.models import runtime
from webapp.services import forms, sealing
from webapp.services.desk import naming_the_holder, take, task_event
from webapp.services.forms import Posted
from webapp.services.office import Work

LARGEST_DRAFT = 200_000


def save(work: Work, actor: Actor, *, task_id: str, posted: Posted) -> None:
    """Keep what has been typed so far, unjudged; only known fields, only by one who may complete the task."""
    if sum(len(str(value)) for value in posted.values()) > LARGEST_DRAFT:
        raise Invalid({"": "草稿内容过长，请分段填写或改用附件。"})
    with work:
        desk = take(work, task_id)
        with naming_the_holder(work):
            access.require_may_complete(actor, desk.task, desk.case_facts, work.today)
        known = {
            field.key for field in forms.every(forms.fields_of_task(desk.definition, desk.row["form_key"]))
        }
        kept = {name: value for name, value in posted.items() if name.partition(".")[0] in known and value}
        work.delete(runtime.draft_value, {"work_item_id": task_id, "user_id": actor.user_id})
        if kept:
            work.insert(
                runtime.draft_value, [_row(work, task_id, actor, name, kept[name]) for name in sorted(kept)]
            )
        work.commit(task_event(events.DraftSaved, work, desk, actor, {"fields_count": len(kept)}))


def _row(work: Work, task_id: str, actor: Actor, name: str, value: str | list[str]) -> dict[str, Any]:
    aad = sealing.aad(f"{task_id}:{actor.user_id}", name)
    sealed = crypto.seal(work.office.keyring, value, aad=aad)
    return {
        "work_item_id": task_id,
        "user_id": actor.user_id,
        "field": name,
        "ciphertext": sealed.ciphertext,
        "wrapped_key": sealed.wrapped_key,
        "key_id": sealed.key_id,
        "saved_at": work.now,
    }


def read(reading: Any, keyring: Any, actor: Actor, task_id: str) -> Mapping[str, str | list[str]]:
    """The actor's own draft of a task, by posted name."""
    rows = reading.all(runtime.draft_value, work_item_id=task_id, user_id=actor.user_id)
    found: dict[str, str | list[str]] = {}
    for row in rows:
        aad = sealing.aad(f"{task_id}:{actor.user_id}", row["field"])
        found[row["field"]] = crypto.open_(keyring, row["ciphertext"], row["wrapped_key"], aad)  # type: ignore[assignment]
    return found


def saved_at(reading: Any, actor: Actor, task_id: str) -> datetime | None:
    """When the actor's draft of a task was saved."""
    rows = reading.all(runtime.draft_value, work_item_id=task_id, user_id=actor.user_id, limit=1)
    found: datetime | None = rows[0]["saved_at"] if rows else None
    return found
