"""Comments 备注 on a task, sealed like every personal value."""

from collections.abc import Mapping
from typing import Any

from uuid_utils import uuid7

from webapp.domain import events
from webapp.domain.access import Actor
from webapp.domain.errors import Invalid
from webapp.persistence.models import cases
from webapp.services import sealing
from webapp.services.desk import require_may_add, take, task_event
from webapp.services.office import Work

LONGEST = 2000


def add(work: Work, actor: Actor, *, task_id: str, text: str) -> str:
    """Add a comment by one who may see the task → its id."""
    written = text.strip()
    if not written or len(written) > LONGEST:
        raise Invalid({"text": f"沟通内容应为1至{LONGEST}字，现为{len(written)}字。"})
    with work:
        desk = take(work, task_id)
        require_may_add(actor, desk, work.today)
        if desk.case_id is None:
            raise Invalid({"text": "该待办不属于工作卷宗，不能在此沟通。"})
        comment_id = str(uuid7())
        row = {
            "id": comment_id,
            "case_id": desk.case_id,
            "work_item_id": task_id,
            "user_id": actor.user_id,
            "written_at": work.now,
        }
        work.insert(cases.comment, row)
        sealed = sealing.seal_values(
            work, {"text": written}, case_id=desk.case_id, owner_kind="comment", owner_id=comment_id
        )
        facts = {"comment_id": comment_id, "fields": sealed}
        work.commit(task_event(events.CommentAdded, work, desk, actor, facts))
    return comment_id


def of_task(reads: Any, task_id: str) -> list[Mapping[str, Any]]:
    """The comments of a task, oldest first; their texts are sealed values."""
    found: list[Mapping[str, Any]] = reads.all(cases.comment, work_item_id=task_id, order=("written_at",))
    return found
