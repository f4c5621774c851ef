"""Withdrawing an item 撤回上会 before its meeting has opened: the process that filed it takes it back."""

from collections.abc import Mapping
from typing import Any

from webapp.domain import access, events
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, NotFound, Refused
from webapp.persistence.models import meetings as tables
from webapp.persistence.models import runtime
from webapp.services import cases, messages, sealing
from webapp.services.office import Work

RECALLED = "agenda_item_recalled"
MAY_WITHDRAW = ("org_dept_head", "org_dept_deputy_head", "meeting_recorder", "committee_office")


def withdraw(work: Work, actor: Actor, *, item_id: str, reason: str) -> None:
    """Take an item off the list 撤回议题, with a written reason; Conflict once its meeting has opened.

    Refused where the process does not wait for a withdrawal: then the meeting itself defers the item.
    """
    if not reason.strip():
        raise Invalid({"reason": "请写明撤回议题的理由。"})
    with work:
        item = work.one(tables.agenda_item, id=item_id)
        if item is None:
            raise NotFound("没有找到该议题，或您无权查看。")
        case = cases.take_case(work, actor, item["case_id"])
        access.require_role(actor, *MAY_WITHDRAW, day=work.today)
        _require_not_taken_up(work, item)
        _require_heard(work, item_id)
        values = {"status": "recalled", "meeting_id": None, "position": None}
        where = {"id": item_id, "status": ["waiting", "scheduled"]}
        if work.update(tables.agenda_item, where, values) != 1:
            raise Conflict("该议题已在表决、已有结果或已撤回，请刷新。")
        messages.send(
            work,
            case_id=case.id,
            element_id=f"agenda:{item_id}",
            message=RECALLED,
            correlation=item_id,
            variables={},
        )
        sealed = sealing.seal_values(
            work, {"reason": reason.strip()}, case_id=case.id, owner_kind="withdrawal", owner_id=item_id
        )
        facts = {"item_id": item_id, "matter": item["matter"], "fields": sealed}
        work.commit(
            events.ItemWithdrawn(
                actor=actor, effective_at=work.now, case_id=case.id, stream=case.stream, facts=facts
            )
        )


def _require_not_taken_up(work: Work, item: Mapping[str, Any]) -> None:
    if item["meeting_id"] is None:
        return
    meeting = work.get(tables.meeting, id=item["meeting_id"], lock=True)
    if meeting["status"] != "planned":
        raise Conflict("会议已经召开，不能撤回议题；需要再议的请由会议作出缓议。")


def _require_heard(work: Work, item_id: str) -> None:
    if not work.all(runtime.message_subscription, message=RECALLED, correlation=item_id, limit=1):
        raise Refused("该议题所在的流程不接受撤回，请由会议作出缓议。")
