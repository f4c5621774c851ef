"""Verbs on an item besides its vote 议题事务: put it off, take it up again, make its ballot secret."""

from collections.abc import Mapping
from typing import Any

from uuid_utils import uuid7

from webapp.domain import events, meetings
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid
from webapp.persistence.models import meetings as tables
from webapp.persistence.models import runtime
from webapp.services import messages, sealing
from webapp.services.cases import take_case
from webapp.services.meeting_room import (
    case_event,
    item_facts,
    meeting_facts,
    require_recorder,
    take_item,
)
from webapp.services.office import Work

LONGEST_REASON = 200
# The steps at which a decision is made but not yet carried out; only there can it be reconsidered.
UNDECIDED_AGAIN: Mapping[str, frozenset[str]] = {
    "p01_down_adjustment": frozenset({"record_decision", "confirm_deviation", "after_not_passed"}),
    "p04_reinstatement": frozenset({"draft_notice"}),
}


def put_off(work: Work, actor: Actor, *, item_id: str, reason: str) -> None:
    """Put the vote off 暂缓表决 where opinions differ widely; the process files the item for a later meeting."""
    told = _told(reason)
    with work:
        item, row = take_item(work, actor, item_id)
        require_recorder(work, actor, row)
        meetings.require_may_put_off(meeting_facts(work, row), item_facts(work, item))
        values = {"status": "put_off", "result": "deferred", "decided_at": work.now}
        where = {"id": item_id, "status": ["scheduled", "voting"]}
        if work.update(tables.agenda_item, where, values).count != 1:
            raise Conflict("本议题已有结果或已暂缓，请刷新。")
        messages.send(
            work,
            case_id=item["case_id"],
            element_id=f"agenda:{item_id}",
            message="meeting_result",
            correlation=item_id,
            variables={
                "meeting_outcome": "deferred",
                "decided_on": row["held_on"].isoformat(),
                "meeting_id": row["id"],
            },
        )
        facts = {"fields": _sealed(work, item, "put_off", told)}
        work.commit(case_event(events.ItemDeferred, work, actor, item, facts))


def reconsider(work: Work, actor: Actor, *, item_id: str, in_favour: int, reason: str) -> str:
    """Take a decided item up again 复议 → the new item, which waits for a later meeting and names the old one.

    More than half of the members must be in favour; refused once the decision is being carried out.
    """
    told = _told(reason)
    with work:
        item, row = take_item(work, actor, item_id)
        require_recorder(work, actor, row)
        case = take_case(work, actor, item["case_id"])
        if item["status"] != "decided" or case.status != "open":
            raise Conflict("只有已作出决定、卷宗尚未办结的议题可以复议。")
        members = work.all(tables.meeting_member, meeting_id=row["id"])
        meetings.require_may_reconsider(len(members), in_favour)
        _require_not_carried_out(work, item)
        _require_newest(work, item)
        again = work.all(tables.agenda_item, earlier_id=item_id)
        if any(one["status"] != "recalled" for one in again):
            raise Conflict("本议题已经提请复议。")
        new_id = str(uuid7())
        kept = ("body", "committee_id", "case_id", "instance_id", "person_id", "matter")
        work.insert(
            tables.agenda_item,
            {
                **{name: item[name] for name in kept},
                "id": new_id,
                "status": "waiting",
                "filed_at": work.now,
                "earlier_id": item_id,
                "in_favour": in_favour,
                "is_secret": item["is_secret"],
            },
        )
        facts = {
            "new_item_id": new_id,
            "in_favour": in_favour,
            "fields": _sealed(work, item, "reconsider", told),
        }
        work.commit(case_event(events.ItemReconsidered, work, actor, item, facts))
    return new_id


def _require_not_carried_out(work: Work, item: Mapping[str, Any]) -> None:
    open_items = work.all(runtime.work_item, instance_id=item["instance_id"], status="open")
    steps = {one["element_id"] for one in open_items}
    keys = {one["process_key"] for one in open_items}
    allowed = frozenset().union(*(UNDECIDED_AGAIN.get(key, frozenset()) for key in keys))
    if item["body"] != "committee" or not steps & allowed:
        raise Conflict("决定已经进入执行或者尚未到可以复议的环节，不能复议；需要改变的，另行提出并重新决定。")


def _require_newest(work: Work, item: Mapping[str, Any]) -> None:
    """A decision that a later one on the same matter has taken the place of is not reconsidered any more."""
    items = work.all(tables.agenda_item, instance_id=item["instance_id"], body=item["body"])
    if any(one["in_favour"] is None and one["filed_at"] > item["filed_at"] for one in items):
        raise Conflict("该事项此后又提交会议研究，只能对最近一次的决定提请复议。")


def set_secret(work: Work, actor: Actor, *, item_id: str, secret: bool) -> None:
    """Choose 无记名 or open ballots for an item, before anybody has voted."""
    with work:
        item, row = take_item(work, actor, item_id)
        require_recorder(work, actor, row)
        if row["status"] not in ("planned", "open") or item["status"] != "scheduled":
            raise Conflict("本议题已付表决或已有结果，表决方式不能再改。")
        work.update(tables.agenda_item, {"id": item_id}, {"is_secret": secret})
        work.commit(case_event(events.BallotManner, work, actor, item, {"secret": secret}))


def _told(reason: str) -> str:
    told = reason.strip()
    if not told or len(told) > LONGEST_REASON:
        raise Invalid({"reason": f"请写明理由，不超过{LONGEST_REASON}字。"})
    return told


def _sealed(work: Work, item: Mapping[str, Any], kind: str, told: str) -> list[dict[str, str]]:
    given = {f"{kind}.{item['id']}": told}
    return sealing.seal_values(
        work, given, case_id=item["case_id"], owner_kind="meeting", owner_id=item["meeting_id"]
    )
