"""Files 附件: allowed by signature, sealed, content known by digest."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from uuid_utils import uuid7

from webapp.crypto import sealing as crypto
from webapp.domain import events
from webapp.domain.access import Actor
from webapp.domain.errors import Invalid
from webapp.domain.fields import Field
from webapp.persistence.models import cases
from webapp.services import file_kinds, sealing
from webapp.services.desk import require_may_add, take, task_event
from webapp.services.office import Work

LARGEST = 20 * 1024 * 1024
LONGEST_NAME = 120
# The field of a form and the purpose of a file that hold minutes 会议纪要: they tell who said and chose what.
MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in: its name as given, its bytes."""

    name: str
    data: bytes
    field: str = "file"

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, hex."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def media_type(self) -> str:
        """The type by content and name; Invalid for what is not allowed."""
        try:
            return file_kinds.media_type(self.clean_name, self.data)
        except file_kinds.Unfit as why:
            raise Invalid({self.field: f"“{self.clean_name}”{why}"}) from None

    @property
    def clean_name(self) -> str:
        """The last part of the name without control and direction characters."""
        last = self.name.replace("\\", "/").rpartition("/")[2]
        kept = "".join(
            c
            for c in last
            if c.isprintable() and c not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        )
        return kept[-LONGEST_NAME:] or "未命名文件"


def keep(
    work: Work, case_id: str | None, work_item_id: str | None, upload: Upload, *, purpose: str
) -> dict[str, Any]:
    """Store a file sealed in this transaction → what its event must say: id, digest, size, the name's commitment.

    Invalid when empty, too large or of a refused type.
    """
    if not upload.data:
        raise Invalid({upload.field: f"“{upload.clean_name}”是空文件，请重新选择。"})
    if len(upload.data) > LARGEST:
        raise Invalid({upload.field: f"“{upload.clean_name}”超过20兆字节，请压缩后再上传。"})
    if case_id is None:
        raise Invalid({upload.field: "该待办不属于工作卷宗，不能存放附件。"})
    attachment_id = str(uuid7())
    sealed = crypto.seal_bytes(work.office.keyring, upload.data, aad=attachment_id)
    work.insert(
        cases.attachment,
        {
            "id": attachment_id,
            "case_id": case_id,
            "work_item_id": work_item_id,
            "purpose": purpose,
            "media_type": upload.media_type,
            "size": len(upload.data),
            "digest": upload.digest,
            "ciphertext": sealed.ciphertext,
            "wrapped_key": sealed.wrapped_key,
            "key_id": sealed.key_id,
            "stored_at": work.now,
            "stored_by": work.actor_id,
        },
    )
    name = sealing.seal_values(
        work, {"name": upload.clean_name}, case_id=case_id, owner_kind="attachment", owner_id=attachment_id
    )
    return {"attachment_id": attachment_id, "digest": upload.digest, "size": len(upload.data), "fields": name}


def keep_posted(
    work: Work,
    case_id: str | None,
    work_item_id: str,
    fields: Sequence[Field],
    uploads: Mapping[str, Sequence[Upload]],
) -> tuple[dict[str, str | list[str]], list[dict[str, Any]]]:
    """Store the files posted with a form → (ids by field key, facts for the event); Invalid by field key."""
    pickers = {one.key: one for one in fields if one.kind == "filepicker" and not one.read_only}
    found: dict[str, str | list[str]] = {}
    facts: list[dict[str, Any]] = []
    for key in sorted(key for key, files in uploads.items() if files):
        files = [replace(one, field=key) for one in uploads[key]]
        if key not in pickers:
            raise Invalid({key: "表单中没有这一附件栏，请刷新页面后重新上传。"})
        if len(files) > 1 and not pickers[key].multiple:
            raise Invalid({key: f"“{pickers[key].name}”只能上传一个文件。"})
        purpose = MINUTES if key == MINUTES else "form"
        kept = [keep(work, case_id, work_item_id, one, purpose=purpose) for one in files]
        ids = [str(one["attachment_id"]) for one in kept]
        found[key] = ids if pickers[key].multiple else ids[0]
        facts += kept
    return found, facts


def add(work: Work, actor: Actor, *, task_id: str, upload: Upload, note: str = "") -> str:
    """Add a file to a task 上传附件 by one who may see it."""
    with work:
        desk = take(work, task_id)
        require_may_add(actor, desk, work.today)
        work.actor_id = actor.user_id
        kept = keep(work, desk.case_id, task_id, upload, purpose="task")
        attachment_id = str(kept["attachment_id"])
        facts = {**kept, "fields": [*kept["fields"], *_note(work, desk.case_id, attachment_id, note)]}
        work.commit(task_event(events.AttachmentAdded, work, desk, actor, facts))
    return attachment_id


def _note(work: Work, case_id: str | None, attachment_id: str, note: str) -> list[dict[str, str]]:
    if not note.strip():
        return []
    return sealing.seal_values(
        work, {"note": note.strip()}, case_id=case_id, owner_kind="attachment", owner_id=attachment_id
    )
