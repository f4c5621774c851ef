"""Recusal 回避 from one item: declared by the member or noted by the recorder, and taken back before the vote."""

from collections.abc import Mapping
from typing import Any

from webapp.domain import events
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, NotAllowed
from webapp.persistence.models import identity
from webapp.persistence.models import meetings as tables
from webapp.services import kinship, sealing
from webapp.services.meeting_room import case_event, require_recorder, take_item
from webapp.services.office import Work

LONGEST_REASON = 100


def recuse(work: Work, actor: Actor, *, item_id: str, person_id: str, reason: str) -> None:
    """Note a recusal 回避 for one item, by the member or the recorder, before that member has voted."""
    with work:
        item, row = take_item(work, actor, item_id)
        if actor.person_id != person_id:
            require_recorder(work, actor, row)
            if not reason.strip():
                raise Invalid({"reason": "登记他人回避的，请写明回避的原因。"})
        if item["status"] == "decided":
            raise Conflict("本议题已有结果，回避情况不能再改。")
        if work.one(tables.item_participation, item_id=item_id, person_id=person_id):
            raise Conflict("该成员已对本议题表决，不能再登记回避。")
        if not work.one(tables.meeting_member, meeting_id=row["id"], person_id=person_id):
            raise Invalid({"member_id": "不是本次会议的组成人员。"})
        entry = {"item_id": item_id, "person_id": person_id, "reason": "declared"}
        work.insert(tables.item_recusal, {**entry, "entered_by": actor.user_id})
        # Why somebody steps aside is personal: kinship, enmity.
        why = reason.strip()[:LONGEST_REASON]
        told = {f"recusal.{item_id}.{person_id}": why} if why else {}
        sealed = sealing.seal_values(
            work, told, case_id=item["case_id"], owner_kind="meeting", owner_id=row["id"]
        )
        facts = {"person_id": person_id, "fields": sealed}
        work.commit(case_event(events.RecusalDeclared, work, actor, item, facts))


def readmit(work: Work, actor: Actor, *, item_id: str, person_id: str, reason: str) -> None:
    """Take a recusal noted by mistake back 撤销回避登记, before the vote and with a reason.

    What a member has declared only that member takes back. Conflict once the item is put to the vote.
    """
    told = reason.strip()[:LONGEST_REASON]
    if not told:
        raise Invalid({"reason": "请写明撤销回避登记的理由。"})
    with work:
        item, row = take_item(work, actor, item_id)
        entry = work.one(tables.item_recusal, item_id=item_id, person_id=person_id)
        if entry is None:
            raise Conflict("该成员对本议题没有回避登记。")
        if item["status"] != "scheduled":
            raise Conflict("本议题已付表决或已有结果，回避情况不能再改。")
        is_own = _declared_by(work, entry) == person_id
        if is_own and actor.person_id != person_id:
            raise NotAllowed("该成员本人声明回避，只能由本人撤回。")
        if not is_own:
            require_recorder(work, actor, row)
        work.delete(tables.item_recusal, {"item_id": item_id, "person_id": person_id})
        sealed = sealing.seal_values(
            work,
            {f"readmitted.{item_id}.{person_id}": told},
            case_id=item["case_id"],
            owner_kind="meeting",
            owner_id=row["id"],
        )
        facts = {"person_id": person_id, "fields": sealed}
        work.commit(case_event(events.RecusalWithdrawn, work, actor, item, facts))


def _declared_by(work: Work, entry: Mapping[str, Any]) -> str | None:
    user = work.one(identity.User.__table__, id=entry["entered_by"])
    return user["person_id"] if user else None


def require_settled(work: Work, item: Mapping[str, Any], meeting: Mapping[str, Any]) -> None:
    """RuleBroken while it is open whether one of the meeting's members is kin to the cadre."""
    members = work.all(tables.meeting_member, meeting_id=meeting["id"])
    kinship.require_settled(work, item, [one["person_id"] for one in members])
