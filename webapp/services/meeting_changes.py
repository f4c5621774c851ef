"""A meeting that does not come about: cancelled 取消会议, or moved 改期; its processes go on waiting."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from webapp.domain import attendance, events
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid
from webapp.domain.workdays import zh_date
from webapp.persistence.models import meetings as tables
from webapp.services import meeting_members, sealing
from webapp.services.meeting_room import meeting_row, require_recorder, system_event
from webapp.services.office import Work

LONGEST_REASON = 200


def cancel(work: Work, actor: Actor, *, meeting_id: str, reason: str) -> int:
    """Cancel a meeting that has not opened 取消会议 → how many items wait again for another one."""
    told = _told(reason)
    with work:
        row = _not_opened(work, actor, meeting_id)
        back = {"status": "waiting", "meeting_id": None, "position": None}
        items = work.all(tables.agenda_item, meeting_id=meeting_id, status="scheduled")
        work.update(tables.agenda_item, {"meeting_id": meeting_id, "status": "scheduled"}, back)
        fits = {"id": meeting_id, "status": "planned"}
        work.update(tables.meeting, fits, {"status": "cancelled", "closed_at": work.now})
        facts = {"items": sorted(one["id"] for one in items), "fields": _sealed(work, row, "cancelled", told)}
        work.commit(system_event(events.MeetingCancelled, work, actor, {"meeting_id": meeting_id, **facts}))
    return len(items)


def move(work: Work, actor: Actor, *, meeting_id: str, held_on: date, reason: str) -> None:
    """Hold a meeting that has not opened on a later day 改期, with its agenda and the members of that day.

    Presence noted so far is void. Invalid for an earlier day, one that is over, or one more than a year ahead.
    """
    told = _told(reason)
    with work:
        row = _not_opened(work, actor, meeting_id)
        attendance.require_within_a_year(held_on, work.today)
        if held_on <= row["held_on"] or held_on < work.today:
            sentence = (
                f"改期须晚于原定的{zh_date(row['held_on'])}，且不早于今天；需要提前的，请取消后重新安排。"
            )
            raise Invalid({"held_on": sentence})
        before = row["held_on"]
        work.update(tables.meeting, {"id": meeting_id, "status": "planned"}, {"held_on": held_on})
        work.update(tables.meeting_member, {"meeting_id": meeting_id}, {"presence": "unset"})
        changed = meeting_members.recount(work, {**row, "held_on": held_on})
        facts = {
            "held_on": held_on.isoformat(),
            "before": before.isoformat(),
            "fields": _sealed(work, row, "moved", told),
            **changed,
        }
        work.commit(system_event(events.MeetingMoved, work, actor, {"meeting_id": meeting_id, **facts}))


def _not_opened(work: Work, actor: Actor, meeting_id: str) -> Mapping[str, Any]:
    row = meeting_row(work, meeting_id)
    require_recorder(work, actor, row)
    if row["status"] != "planned":
        raise Conflict("会议已经召开、结束或取消，不能取消或改期；没有议完的议题在会议结束后回到等待上会。")
    return row


def _told(reason: str) -> str:
    told = reason.strip()
    if not told or len(told) > LONGEST_REASON:
        raise Invalid({"reason": f"请写明理由，不超过{LONGEST_REASON}字。"})
    return told


def _sealed(work: Work, row: Mapping[str, Any], kind: str, told: str) -> list[dict[str, str]]:
    given = {kind: told}
    return sealing.seal_values(work, given, case_id=None, owner_kind="meeting", owner_id=row["id"])
