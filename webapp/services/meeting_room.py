"""A meeting 会议 and an item as the rules judge them, read and locked in the caller's transaction."""

from collections.abc import Mapping
from typing import Any

from webapp.domain import events, meetings
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, NotAllowed, NotFound
from webapp.persistence import finders
from webapp.persistence.models import meetings as tables
from webapp.persistence.models import people
from webapp.services import ballots
from webapp.services.office import Work

STATES: Mapping[str, meetings.ItemState] = {
    "scheduled": "waiting",
    "voting": "voting",
    "put_off": "put_off",
    "decided": "decided",
}


def meeting_row(work: Work, meeting_id: str) -> Mapping[str, Any]:
    """The meeting, locked; NotFound when there is none."""
    row = work.one(tables.meeting, id=meeting_id, lock=True)
    if row is None:
        raise NotFound("没有找到该会议，或您无权查看。")
    return row


def take_item(work: Work, actor: Actor, item_id: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """An item on an agenda with its meeting, and its case locked, for any verb on it.

    NotFound when it is on no agenda, and for the person concerned and the relatives (F05).
    """
    item = work.one(tables.agenda_item, id=item_id)
    if item is None or item["meeting_id"] is None:
        raise NotFound("没有找到该议题，或它尚未列入会议。")
    meeting = meeting_row(work, item["meeting_id"])
    work.lock_stream(f"case:{item['case_id']}")
    # Read once more under the lock: what was decided, put off or moved meanwhile is no longer as it was.
    item = work.get(tables.agenda_item, id=item_id)
    if item["meeting_id"] != meeting["id"]:
        raise Conflict("该议题刚刚有变化，请刷新后再办理。")
    case = finders.load_case(work, item["case_id"])
    meetings.require_may_know(actor, item["person_id"], _kin(case))
    return item, meeting


def _kin(case: Mapping[str, Any] | None) -> frozenset[str]:
    return (
        frozenset()
        if case is None
        else frozenset([*finders.ids(case["kin"]), *finders.ids(case["kin_back"])])
    )


def require_recorder(work: Work, actor: Actor, meeting: Mapping[str, Any]) -> None:
    """NotAllowed unless the actor records meetings of this body 会议记录人; NotFound for strangers to the committee."""
    roles = meetings.RECORDER_ROLES[meeting["body"]]
    found = work.all(people.authority_body, committee_id=meeting["committee_id"])
    places = {meeting["committee_id"], *(row["organisation_id"] for row in found)}
    if not any(actor.holds(role, place, work.today) for role in roles for place in places):
        if not any(one.organisation_id in places for one in actor.grants_on(work.today)):
            raise NotFound("没有找到该会议，或您无权查看。")
        raise NotAllowed("会议事务由会议记录人或党委办公室办理，您没有此项权限。")


def meeting_facts(work: Work, row: Mapping[str, Any]) -> meetings.Meeting:
    """What the rules need of a meeting."""
    members = work.all(tables.meeting_member, meeting_id=row["id"])
    chair = next((one["person_id"] for one in members if one["is_chair"]), "")
    present = frozenset(one["person_id"] for one in members if one["presence"] == "present")
    return meetings.Meeting(
        row["id"], row["status"], frozenset(m["person_id"] for m in members), present, chair
    )


def item_facts(work: Work, item: Mapping[str, Any]) -> meetings.Item:
    """What the rules need of an item: kin and the recused with it."""
    case = finders.load_case(work, item["case_id"])
    if case is not None and case["case_status"] == "suspended":
        raise Conflict("该议题的工作卷宗已暂停办理，恢复办理后再讨论表决。")
    excluded = [] if case is None else finders.ids(case["excluded"])
    recused = [one["person_id"] for one in work.all(tables.item_recusal, item_id=item["id"])]
    voted = [one["person_id"] for one in work.all(tables.item_participation, item_id=item["id"])]
    state = STATES[item["status"]]
    meeting = work.get(tables.meeting, id=item["meeting_id"])
    is_secret = ballots.is_secret(meeting, item)
    return meetings.Item(
        item["id"],
        state,
        item["person_id"],
        _kin(case),
        frozenset([*recused, *excluded]),
        frozenset(voted),
        is_secret=is_secret,
    )


def system_event(
    kind: type[events.Event], work: Work, actor: Actor, facts: Mapping[str, Any]
) -> events.Event:
    """An event of the meeting itself."""
    return kind(actor=actor, effective_at=work.now, stream="system", facts=facts)


def case_event(
    kind: type[events.Event], work: Work, actor: Actor, item: Mapping[str, Any], facts: Mapping[str, Any]
) -> events.Event:
    """An event of an item, on its case's chain."""
    base = {"item_id": item["id"], "meeting_id": item["meeting_id"], "matter": item["matter"]}
    return kind(actor=actor, effective_at=work.now, case_id=item["case_id"], facts={**base, **facts})
