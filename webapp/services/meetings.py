"""Verbs on meetings 会议: plan, attend, open, recuse, vote, record, decide, close (F02–F05)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from uuid_utils import uuid7

from webapp.domain import attendance, events, meetings
from webapp.domain.access import Actor, require_role
from webapp.domain.errors import Conflict, Invalid, NotAllowed, Reason, RuleBroken
from webapp.persistence.models import meetings as tables
from webapp.persistence.models import people
from webapp.services import attachments, ballots, meeting_members, messages, readiness, recusals, sealing
from webapp.services.attachments import Upload
from webapp.services.meeting_room import (
    case_event,
    item_facts,
    meeting_facts,
    meeting_row,
    require_recorder,
    system_event,
    take_item,
)
from webapp.services.office import Work

BODIES = ("dept", "committee")
PRESENCES = frozenset({"present", "absent", "leave"})
LONGEST_PLACE = 80
LONGEST_REASON = 100
LONGEST_NOTE = 200


def plan(
    work: Work,
    actor: Actor,
    *,
    body: str,
    held_on: date,
    place: str,
    number: str,
    item_ids: Sequence[str],
    secret: bool = False,
) -> str:
    """Call a meeting 召集会议 with an agenda fixed beforehand → its id."""
    if body not in BODIES:
        raise Invalid({"body": "请选择部务会或党委（党组）会议。"})
    if not place.strip() or len(place) > LONGEST_PLACE or not number.strip():
        raise Invalid({"place": "请填写会次和地点。"})
    with work:
        require_role(actor, *meetings.RECORDER_ROLES[body], day=work.today)
        attendance.require_within_a_year(held_on, work.today)
        committee_id = _committee_of(work, actor, body)
        meeting_id = str(uuid7())
        row = {
            "id": meeting_id,
            "body": body,
            "committee_id": committee_id,
            "number": number.strip()[:60],
            "held_on": held_on,
            "place": place.strip(),
            "is_secret": secret,
            "status": "planned",
            "created_by": actor.user_id,
        }
        work.insert(tables.meeting, row)
        members = meeting_members.on_day(work, committee_id, body, held_on)
        work.insert(tables.meeting_member, [{"meeting_id": meeting_id, **member} for member in members])
        readiness.place(work, actor, meeting_id, row, item_ids)
        about = {"meeting_id": meeting_id, "body": body, "secret": secret}
        facts = {**about, "held_on": held_on.isoformat(), "items": list(item_ids)}
        work.commit(system_event(events.MeetingPlanned, work, actor, facts))
    return meeting_id


def _committee_of(work: Work, actor: Actor, body: str) -> str:
    """The committee whose office or organisation department the recorder serves."""
    roles = meetings.RECORDER_ROLES[body]
    at = [grant.organisation_id for grant in actor.grants_on(work.today) if grant.role in roles]
    rows = work.all(people.authority_body, organisation_id=[one for one in at if one])
    for row in rows:
        if row["valid_from"] <= work.today and (row["valid_to"] is None or work.today <= row["valid_to"]):
            return str(row["committee_id"])
    for one in at:
        if one and work.all(people.authority_body, committee_id=one, limit=1):
            return one
    raise NotAllowed("您的单位没有对应的党委（党组），不能召集会议。")


def add_items(work: Work, actor: Actor, *, meeting_id: str, item_ids: Sequence[str]) -> None:
    """Put further items on the agenda before the meeting opens; never during it (no 临时动议, F02)."""
    with work:
        row = meeting_row(work, meeting_id)
        require_recorder(work, actor, row)
        if row["status"] != "planned":
            raise RuleBroken([Reason("OFF_AGENDA", "会议已召开，不得临时增加议题，请列入下次会议。", "F02")])
        readiness.place(work, actor, meeting_id, row, item_ids)
        work.commit(
            system_event(events.ItemPlaced, work, actor, {"meeting_id": meeting_id, "items": list(item_ids)})
        )


def attend(
    work: Work,
    actor: Actor,
    *,
    meeting_id: str,
    presence: Mapping[str, str],
    reasons: Mapping[str, str] | None = None,
) -> None:
    """Record who is present 签到: 应到 are all members; by the recorder, until the meeting is closed.

    ``reasons``: why somebody is absent, by person; sealed, as they are personal.
    """
    with work:
        row = meeting_row(work, meeting_id)
        require_recorder(work, actor, row)
        if row["status"] not in ("planned", "open"):
            raise Conflict("会议已结束或取消，到会情况不能再改。")
        # Who sits on the body may have changed since the page was drawn: who has left is passed over.
        before = {one["person_id"] for one in work.all(tables.meeting_member, meeting_id=meeting_id)}
        changed = meeting_members.recount(work, row)
        members = {one["person_id"] for one in work.all(tables.meeting_member, meeting_id=meeting_id)}
        _require_sound(presence, before | members)
        presence = {person: value for person, value in presence.items() if person in members}
        _require_may_attend(work, row, presence)
        for person_id, value in presence.items():
            where = {"meeting_id": meeting_id, "person_id": person_id}
            work.update(tables.meeting_member, where, {"presence": value})
        told = {p: why.strip()[:LONGEST_REASON] for p, why in (reasons or {}).items() if p in members}
        given = {f"reason.{p}": why for p, why in told.items() if why}
        sealed = sealing.seal_values(work, given, case_id=None, owner_kind="meeting", owner_id=meeting_id)
        facts = {
            "meeting_id": meeting_id,
            "presence": sorted([p, v] for p, v in presence.items()),
            "fields": sealed,
            **changed,
        }
        work.commit(system_event(events.AttendanceRecorded, work, actor, facts))


def _require_sound(presence: Mapping[str, str], members: set[str]) -> None:
    wrong = {f"attendance.{p}": "请选择实到、缺席或请假。" for p, v in presence.items() if v not in PRESENCES}
    wrong |= {f"attendance.{p}": "不是本次会议的组成人员。" for p in presence if p not in members}
    if wrong:
        raise Invalid(wrong)


def _require_may_attend(work: Work, row: Mapping[str, Any], presence: Mapping[str, str]) -> None:
    items = work.all(tables.agenda_item, meeting_id=row["id"], status=["voting", "decided"])
    decided = any(one["status"] == "decided" for one in items)
    attendance.require_on_its_day(row["held_on"], work.today, presence, decided=decided)
    if items:
        attendance.require_not_lowered(meeting_facts(work, row), presence)


def open_(work: Work, actor: Actor, *, meeting_id: str) -> None:
    """Open the meeting 开会, on its day, with the quorum (F03)."""
    with work:
        row = meeting_row(work, meeting_id)
        require_recorder(work, actor, row)
        if row["status"] != "planned":
            raise Conflict("会议已经召开或结束，请刷新。")
        if row["held_on"] > work.today:
            raise RuleBroken([Reason("MEETING_NOT_OPEN", "会议日期未到，不能召开。", "F02")])
        changed = meeting_members.recount(work, row)
        meetings.require_quorum(meeting_facts(work, row))
        work.update(tables.meeting, {"id": meeting_id}, {"status": "open", "opened_at": work.now})
        work.commit(system_event(events.MeetingOpened, work, actor, {"meeting_id": meeting_id, **changed}))


def start_vote(work: Work, actor: Actor, *, item_id: str) -> None:
    """Put an item to the vote 付表决; the quorum holds for this item, recused members not counted."""
    with work:
        item, row = take_item(work, actor, item_id)
        require_recorder(work, actor, row)
        if row["status"] != "open":
            raise RuleBroken([Reason("MEETING_NOT_OPEN", "会议未召开，不能付表决。", "F02")])
        meetings.require_on_its_day(row["held_on"], work.today)
        meetings.require_quorum(meeting_facts(work, row), item_facts(work, item).barred)
        recusals.require_settled(work, item, row)
        readiness.require(work, item)
        where = {"id": item_id, "status": "scheduled"}
        opened = work.update(tables.agenda_item, where, {"status": "voting"})
        opened.just_one("本议题已在表决或已有结果，请刷新。")
        work.commit(case_event(events.VotingOpened, work, actor, item, {}))


def vote(work: Work, actor: Actor, *, item_id: str, choice: str) -> None:
    """Cast one's own ballot 表决, once; of a secret one (无记名) only the count is kept.

    Who may is ``domain.meetings.require_may_vote``.
    """
    with work:
        item, row = take_item(work, actor, item_id)
        facts = item_facts(work, item)
        meetings.require_may_vote(actor, meeting_facts(work, row), facts, choice)
        meetings.require_on_its_day(row["held_on"], work.today)
        ballots.cast(work, actor, item_id, choice, secret=facts.is_secret)
        told = {} if facts.is_secret else {"choice": choice}
        about = {"person_id": actor.person_id, "entry": "own_screen", **told}
        work.commit(case_event(events.BallotCast, work, actor, item, about))


def record(
    work: Work,
    actor: Actor,
    *,
    item_id: str,
    counts: Mapping[str, int],
    on_paper: bool = False,
    scan: Upload | None = None,
    note: str = "",
) -> str:
    """The recorder enters what the meeting did 代录: counts only, 未表决 (``silent``) among them → the result.

    ``scan``: the signed minutes or ballots, kept on the item's case; an entry on paper is marked so for ever.
    Once the day is over the papers count, and ballots cast on the screens without a result are void.
    """
    with work:
        item, row = take_item(work, actor, item_id)
        require_recorder(work, actor, row)
        facts, standing = meeting_facts(work, row), item_facts(work, item)
        meetings.require_may_record(actor, facts, standing)
        meetings.require_on_its_day(row["held_on"], work.today, has_scan=on_paper and scan is not None)
        if standing.voted and row["held_on"] == work.today:
            raise Conflict("已有成员在线表决，不能再代录票数；请由其余成员表决后计票。")
        recusals.require_settled(work, item, row)
        void = {"void_ballots": len(ballots.of_item(work, item_id))} if standing.voted else {}
        if standing.state == "waiting":
            readiness.require(work, item)
        tally = _tally(facts, standing, counts)
        attendance.require_whole_count(tally, counts.get("silent", 0))
        result = _decide(work, actor, item, tally, on_paper=on_paper)
        entry = "paper" if on_paper else "recorder"
        kept = _keep_papers(work, actor, item, scan, note)
        told = {**_count_facts(tally), "entry": entry, **void, **kept}
        work.commit(case_event(events.VotesRecorded, work, actor, item, told))
    return result


def note_silence(work: Work, actor: Actor, *, item_id: str, person_id: str) -> None:
    """The recorder notes that a member present did not vote 注明未表决; the count goes on without that ballot."""
    with work:
        item, row = take_item(work, actor, item_id)
        require_recorder(work, actor, row)
        facts, standing = meeting_facts(work, row), item_facts(work, item)
        meetings.require_may_record(actor, facts, standing)
        meetings.require_on_its_day(row["held_on"], work.today)
        meetings.require_may_note_silence(person_id, standing, facts)
        part = {
            "item_id": item_id,
            "person_id": person_id,
            "voted_at": work.now,
            "entered_by": actor.user_id,
        }
        work.insert(tables.item_participation, part)
        work.commit(case_event(events.SilenceNoted, work, actor, item, {"person_id": person_id}))


def _keep_papers(
    work: Work, actor: Actor, item: Mapping[str, Any], scan: Upload | None, note: str
) -> dict[str, Any]:
    work.actor_id = actor.user_id
    facts: dict[str, Any] = {}
    if scan is not None:
        facts["attachment"] = attachments.keep(work, item["case_id"], None, scan, purpose=attachments.MINUTES)
    if note.strip():
        given = {"note": note.strip()[:LONGEST_NOTE]}
        facts["fields"] = sealing.seal_values(
            work, given, case_id=item["case_id"], owner_kind="agenda_item", owner_id=item["id"]
        )
    return facts


def _tally(meeting: meetings.Meeting, item: meetings.Item, counts: Mapping[str, int]) -> meetings.Tally:
    present = meeting.present & meeting.members
    return meetings.Tally(
        entitled=len(meeting.members),
        present=len(present),
        recused=len(present & item.barred),
        agree=counts.get("agree", 0),
        disagree=counts.get("disagree", 0),
        defer=counts.get("defer", 0),
        abstain=counts.get("abstain", 0),
        rules=meeting.rules,
    )


def decide(work: Work, actor: Actor, *, item_id: str) -> str:
    """Count the ballots and fix the result 计票; nobody's vote may be missing → the result."""
    with work:
        item, row = take_item(work, actor, item_id)
        require_recorder(work, actor, row)
        facts, standing = meeting_facts(work, row), item_facts(work, item)
        meetings.require_on_its_day(row["held_on"], work.today)
        recusals.require_settled(work, item, row)
        meetings.require_may_close_item(standing, facts)
        tally = meetings.tally_of(facts, standing, ballots.of_item(work, item_id))
        result = _decide(work, actor, item, tally, on_paper=False)
        work.commit(case_event(events.ItemDecided, work, actor, item, _count_facts(tally)))
    return result


def _count_facts(tally: meetings.Tally) -> dict[str, Any]:
    names = ("entitled", "present", "recused", "agree", "disagree", "defer", "abstain", "result")
    return {name: getattr(tally, name) for name in names}


def _decide(
    work: Work, actor: Actor, item: Mapping[str, Any], tally: meetings.Tally, *, on_paper: bool
) -> str:
    """Fix the result and tell the waiting process; without a quorum there is no result."""
    if tally.result == "no_quorum":
        raise RuleBroken([Reason("NO_QUORUM", tally.explanation, "F03")])
    values = {**_count_facts(tally), "status": "decided", "decided_at": work.now, "on_paper": on_paper}
    where = {"id": item["id"], "status": ["scheduled", "voting"]}
    work.update(tables.agenda_item, where, values).just_one("本议题已有结果，请刷新。")
    if item["in_favour"] is not None:
        # 复议: the first result has moved the process on; what the second changes is for people to do.
        return tally.result
    meeting = work.get(tables.meeting, id=item["meeting_id"])
    messages.send(
        work,
        case_id=item["case_id"],
        element_id=f"agenda:{item['id']}",
        message="meeting_result",
        correlation=item["id"],
        variables={
            "meeting_outcome": tally.result,
            "decided_on": meeting["held_on"].isoformat(),
            "meeting_id": meeting["id"],
        },
    )
    return tally.result


def close(work: Work, actor: Actor, *, meeting_id: str) -> None:
    """Close the meeting 散会; what was not decided goes back to wait for the next one."""
    with work:
        row = meeting_row(work, meeting_id)
        require_recorder(work, actor, row)
        if row["status"] != "open":
            raise Conflict("会议未在召开中，请刷新。")
        voting = work.all(tables.agenda_item, meeting_id=meeting_id, status="voting")
        if voting:
            raise RuleBroken(
                [Reason("VOTES_MISSING", f"还有{len(voting)}个议题正在表决，请先计票或代录结果。")]
            )
        back = {"status": "waiting", "meeting_id": None, "position": None}
        work.update(tables.agenda_item, {"meeting_id": meeting_id, "status": "scheduled"}, back)
        work.update(tables.meeting, {"id": meeting_id}, {"status": "closed", "closed_at": work.now})
        work.commit(system_event(events.MeetingClosed, work, actor, {"meeting_id": meeting_id}))
