"""One meeting 会议 with its agenda, as a member, the recorder or an auditor may see it (F02–F05).

Before the result nobody sees a count; afterwards counts only, never who chose what.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from webapp.domain import meetings as rules
from webapp.domain.access import Actor
from webapp.domain.errors import NotFound, Refused
from webapp.domain.workdays import local_date
from webapp.persistence.models import cases, history, people
from webapp.persistence.models import meetings as tables
from webapp.persistence.unit_of_work import Reads, Row
from webapp.queries import cadres, pickers, recusals, waits
from webapp.queries.meeting_views import ItemView, MeetingView, MemberLine, Recusal, remarks_of
from webapp.queries.meetings import (
    ITEM,
    MATTERS,
    MEETING,
    MEMBER,
    WaitingItem,
    matter_words,
    may_know,
    of_its_house,
    serves,
    visible,
    waiting,
)
from webapp.queries.parts import FileRef, Option, Problem

STATES: Mapping[str, rules.ItemState] = {
    "scheduled": "waiting",
    "voting": "voting",
    "put_off": "put_off",
    "decided": "decided",
}
RULE_ZH = "应到会成员三分之二以上到会方能举行；赞成票超过应到会成员半数为通过；回避者仍计入应到会人数。"
# Gives the files of an item's paper entry by attachment id.
Files = Callable[[Sequence[str]], Mapping[str, FileRef]]
Reasons = Mapping[str, str]
# What is put forward, by case and by whether it leads down or up.
Proposals = Mapping[tuple[str, str], str]
DOWN, UP = "down", "up"
WAY_OF = {one: DOWN if one.startswith("adjustment") else UP for one in MATTERS if one != "probation_end"}
WAYS_UP = {"promotion": "提拔", "further_use": "进一步使用", "same_level": "平级重新任职"}


@dataclass(frozen=True, slots=True)
class _Room:
    """What the items of one page are judged with."""

    actor: Actor
    row: Row
    meeting: rules.Meeting
    records: bool
    posts: Mapping[str, cadres.Post]
    names: Mapping[str, str]
    recused: Mapping[str, Mapping[str, recusals.Line]]
    # By item: members whose kinship with the cadre waits for the second person.
    unsettled: Mapping[str, tuple[str, ...]]
    voted: Mapping[str, frozenset[str]]
    mine: Mapping[str, str]
    entries: Mapping[str, Mapping[str, Any]]
    proposals: Proposals
    files: Mapping[str, FileRef]
    reasons: Reasons
    # Why nobody votes today; empty on the day of the meeting.
    over: tuple[str, ...]


def show(
    reads: Reads,
    actor: Actor,
    meeting_id: str,
    *,
    day: date,
    files: Files,
    reasons: Reasons,
    problems: Sequence[Problem] = (),
) -> MeetingView:
    """The meeting page; NotFound where the actor may not see it.

    ``reasons``: person → why absent, and ``recusal.<item>.<person>`` → why that person steps aside.
    """
    records = serves(actor, rules.RECORDER_ROLES, day).label("records")
    row = reads.fetch(select(MEETING, records).where(MEETING.c.id == meeting_id, visible(actor, day)))
    if row is None:
        raise NotFound("没有找到该会议，或您无权查看。")
    members = reads.fetch_all(_members(meeting_id))
    items = reads.fetch_all(_items(actor, meeting_id))
    meeting = _meeting(row, members)
    posts = cadres.posts(reads, {*meeting.members, *(item["person_id"] for item in items)}, day)
    room = _room(reads, actor, row, meeting, members, items, posts, files)
    over = waits.of_day(row["held_on"], day)
    room = replace(room, recused=recusals.in_own_words(room.recused, reasons), reasons=reasons, over=over)
    may = _may(row, bool(row["records"]), day)
    return _view(
        room,
        tuple(_member(one, posts, reasons) for one in members),
        tuple(_item(number, item, room) for number, item in enumerate(items, 1)),
        may,
        waiting(reads, actor, day, row["body"]) if "add_item" in may else (),
        tuple(problems),
    )


def _view(
    room: _Room,
    members: tuple[MemberLine, ...],
    items: tuple[ItemView, ...],
    may: frozenset[str],
    further: tuple[WaitingItem, ...],
    problems: tuple[Problem, ...],
) -> MeetingView:
    row, meeting = room.row, room.meeting
    expected, present = len(meeting.members), len(meeting.present)
    needed = meeting.rules.present_needed(expected)
    return MeetingView(
        id=row["id"],
        title=row["number"],
        body=row["body"],
        held_on=row["held_on"],
        place=row["place"] or "",
        state=row["status"],
        rule=RULE_ZH,
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
        members=members,
        expected=expected,
        present=present,
        absent=sum(one.attendance in ("absent", "leave") for one in members),
        quorum_needed=needed,
        has_quorum=present >= needed,
        items=items,
        may=may,
        problems=problems,
        my_member_id=room.actor.person_id if room.actor.person_id in meeting.members else None,
        votes_secret=row["is_secret"],
        choices=meeting.rules.choices,
        waiting=further,
    )


def _members(meeting_id: str) -> Any:
    person = people.person
    joined = select(MEMBER, person.c.name).join(person, person.c.id == MEMBER.c.person_id)
    return joined.where(MEMBER.c.meeting_id == meeting_id).order_by(MEMBER.c.position, MEMBER.c.person_id)


def _items(actor: Actor, meeting_id: str) -> Any:
    person, case = people.person, cases.case_file
    return (
        select(ITEM, person.c.name.label("subject"), case.c.number.label("case_no"))
        .join(person, person.c.id == ITEM.c.person_id)
        .join(case, case.c.id == ITEM.c.case_id)
        .where(ITEM.c.meeting_id == meeting_id, may_know(actor))
        .order_by(ITEM.c.position, ITEM.c.id)
    )


def _meeting(row: Row, members: Sequence[Row]) -> rules.Meeting:
    present = frozenset(one["person_id"] for one in members if one["presence"] == "present")
    chair = next((one["person_id"] for one in members if one["is_chair"]), "")
    return rules.Meeting(
        row["id"], row["status"], frozenset(one["person_id"] for one in members), present, chair
    )


def _member(row: Row, posts: Mapping[str, cadres.Post], reasons: Reasons) -> MemberLine:
    person = cadres.person_ref(row["person_id"], row["name"], posts)
    away = row["presence"] in ("absent", "leave")
    reason = reasons.get(row["person_id"], "") if away else ""
    return MemberLine(row["person_id"], person, row["is_chair"], row["presence"], reason)


def _may(row: Row, records: bool, day: date) -> frozenset[str]:
    if not records:
        return frozenset()
    may = {
        "planned": {"attend", "add_item", "change", *(["open"] if row["held_on"] <= day else [])},
        "open": {"attend", "record", "close", *(["vote"] if row["held_on"] == day else [])},
        "closed": {"record"},
    }
    return frozenset(may.get(row["status"], set()))


def _room(
    reads: Reads,
    actor: Actor,
    row: Row,
    meeting: rules.Meeting,
    members: Sequence[Row],
    items: Sequence[Row],
    posts: Mapping[str, cadres.Post],
    files: Files,
) -> _Room:
    ids = [item["id"] for item in items]
    entries, proposals = _told(reads, items)
    names: dict[str, str] = {one["person_id"]: one["name"] for one in members}
    names |= cadres.names(reads, [one["actor_id"] for one in entries.values()])
    voted: dict[str, set[str]] = {}
    part, choice = tables.item_participation, tables.item_choice
    for one in reads.fetch_all(select(part.c.item_id, part.c.person_id).where(part.c.item_id.in_(ids))):
        voted.setdefault(one["item_id"], set()).add(one["person_id"])
    own = select(choice.c.item_id, choice.c.choice).where(choice.c.item_id.in_(ids))
    own = own.where(choice.c.person_id == actor.person_id)
    mine = {one["item_id"]: one["choice"] for one in reads.fetch_all(own)} if actor.person_id else {}
    kept = [one["attachment_id"] for one in entries.values() if one.get("attachment_id")]
    return _Room(
        actor=actor,
        row=row,
        meeting=meeting,
        records=bool(row["records"]),
        posts=posts,
        names=names,
        recused=recusals.of_items(reads, items, meeting.members),
        unsettled=recusals.unsettled(reads, items, meeting.members) if row["records"] else {},
        voted={item_id: frozenset(people_) for item_id, people_ in voted.items()},
        mine=mine,
        entries=entries,
        proposals=proposals,
        files=files(kept),
        reasons={},
        over=(),
    )


def _told(reads: Reads, items: Sequence[Row]) -> tuple[dict[str, Mapping[str, Any]], Proposals]:
    """From the cases' chains: who entered a result for whom, and what the newest proposal of a case says."""
    event = history.history_event
    query = select(event.c.case_id, event.c.kind, event.c.actor_id, event.c.body).where(
        event.c.case_id.in_(sorted({item["case_id"] for item in items})),
        event.c.kind.in_(("votes_recorded", "task_completed", "paper_recorded")),
    )
    entries: dict[str, Mapping[str, Any]] = {}
    proposals: dict[tuple[str, str], str] = {}
    ways_up: dict[str, tuple[str, str]] = {}
    for row in reads.fetch_all(query.order_by(event.c.stream, event.c.seq)):
        facts = json.loads(row["body"]).get("facts", {})
        if row["kind"] == "votes_recorded":
            scan = facts.get("attachment", {}).get("attachment_id", "")
            entries[facts["item_id"]] = {**facts, "attachment_id": scan, "actor_id": row["actor_id"]}
            continue
        known = dict(facts.get("variables", []))
        if manner := known.get("manner"):
            proposals[row["case_id"], DOWN] = f"建议{cadres.measure_words('up_down', str(manner))}。"
        elif known.get("branch") in WAYS_UP and known.get("post_id"):
            ways_up[row["case_id"]] = (str(known["branch"]), str(known["post_id"]))
    posts = pickers.named(reads, "post", [post_id for _, post_id in ways_up.values()])
    for case_id, (branch, post_id) in ways_up.items():
        proposals[case_id, UP] = f"拟{WAYS_UP[branch]}，拟任{_post_words(posts.get(post_id))}。"
    return entries, proposals


def _post_words(post: Option | None) -> str:
    return f"{post.hint.partition('　')[0]}{post.label}" if post else "职务见动议材料"


def _facts(item: Row, room: _Room) -> rules.Item:
    """What the rules need of an item; relatives are among the recused here."""
    return rules.Item(
        item_id=item["id"],
        state=STATES.get(item["status"], "waiting"),
        subject_person_id=item["person_id"],
        recused=frozenset(room.recused[item["id"]]),
        voted=room.voted.get(item["id"], frozenset()),
        is_secret=bool(room.row["is_secret"] or item["is_secret"]),
    )


def _item(number: int, item: Row, room: _Room) -> ItemView:
    recused, facts = room.recused[item["id"]], _facts(item, room)
    voted = facts.voted
    decided = facts.state == "decided" and item["agree"] is not None
    cast = _counted(item) if decided else len(voted)
    able = item["present"] - item["recused"] if decided else len(room.meeting.present - facts.barred)
    entry = room.entries.get(item["id"], {})
    me = room.actor.person_id or ""
    file = room.files.get(str(entry.get("attachment_id", "")))
    return ItemView(
        id=item["id"],
        number=item["position"] or number,
        case_id=item["case_id"],
        case_no=item["case_no"],
        subject=item["subject"],
        subject_post=room.posts.get(item["person_id"], cadres.Post()).words,
        matter=matter_words(item["matter"]),
        proposal=room.proposals.get((item["case_id"], WAY_OF.get(item["matter"], "")), ""),
        state=facts.state,
        recused=tuple(_recusal(room, item, member, line) for member, line in sorted(recused.items())),
        unsettled=tuple(room.names.get(one, "") for one in room.unsettled.get(item["id"], ())),
        my_vote=room.mine.get(item["id"], "cast") if me in voted and not entry.get("void_ballots") else "",
        i_am_recused=me in recused,
        may_vote=not room.over and waits.may_vote(room.actor, room.meeting, facts),
        may_record=room.records and waits.may_record(room.actor, room.meeting, facts),
        vote_waits=waits.of_vote(room.actor, room.meeting, facts, room.over),
        count_waits=waits.of_count(room.meeting, facts, room.over) if room.records else (),
        silent=_silent(room, facts),
        **{name: item[name] if decided else None for name in ("agree", "disagree", "defer", "abstain")},
        cast=cast,
        not_cast=max(able - cast, 0),
        result=item["result"] or "",
        arithmetic=(_tally(item).explanation,) if decided else (),
        recorded_by=room.names.get(str(entry.get("actor_id", "")), ""),
        files=(file,) if file else (),
        secret=facts.is_secret,
        remarks=remarks_of(item, room.reasons, int(entry.get("void_ballots", 0))),
        may=_may_item(room, item, facts),
    )


def _recusal(room: _Room, item: Row, member: str, line: recusals.Line) -> Recusal:
    may = room.row["status"] in ("planned", "open") and item["status"] == "scheduled" and line.is_noted
    is_own = line.declared_by == member
    may = may and (room.actor.person_id == member if is_own else room.records)
    fresh = line.since is not None and line.since >= item["filed_at"]
    since = local_date(line.since) if line.since is not None else None
    return Recusal(member, room.names.get(member, ""), line.why, since, fresh, may)


def _may_item(room: _Room, item: Row, facts: rules.Item) -> frozenset[str]:
    """What the recorder may do with an item besides its vote."""
    if not room.records or room.actor.person_id in facts.barred:
        return frozenset()
    state, may = room.row["status"], set()
    if state in ("planned", "open") and facts.state == "waiting":
        may.add("manner")
    if state == "planned" and facts.state == "waiting":
        may.add("withdraw")
    if facts.state in ("waiting", "voting") and _may_be_put_off(room.meeting, facts):
        may.add("put_off")
    if facts.state == "decided" and room.row["body"] == "committee" and state in ("open", "closed"):
        may.add("reconsider")
    return frozenset(may)


def _may_be_put_off(meeting: rules.Meeting, facts: rules.Item) -> bool:
    try:
        rules.require_may_put_off(meeting, facts)
    except Refused:
        return False
    return True


def committee_of(reads: Reads, meeting_id: str) -> str:
    """The name of the committee a meeting belongs to."""
    place = people.organisation
    row = reads.fetch(
        select(place.c.name)
        .join(MEETING, MEETING.c.committee_id == place.c.id)
        .where(MEETING.c.id == meeting_id)
    )
    return str(row["name"]) if row else ""


def papers(reads: Reads, ids: Sequence[str]) -> list[Row]:
    """The attachments of paper entries, without their bytes."""
    if not ids:
        return []
    table = cases.attachment
    columns = [table.c[name] for name in ("id", "media_type", "size", "digest", "stored_at", "stored_by")]
    return reads.fetch_all(select(*columns).where(table.c.id.in_(ids)))


def require_item(reads: Reads, actor: Actor, meeting_id: str, item_id: str, day: date) -> None:
    """NotFound unless it is on this agenda, and for strangers to the committee and those kept from it (F05)."""
    near = or_(visible(actor, day), of_its_house(actor, day))
    seen = select(MEETING.c.id).where(MEETING.c.id == meeting_id, near)
    known = select(ITEM.c.id).where(ITEM.c.id == item_id, ITEM.c.meeting_id.in_(seen), may_know(actor))
    if not cadres.is_id(item_id) or reads.fetch(known) is None:
        raise NotFound("没有找到该议题，或您无权查看。")


def _counted(item: Row) -> int:
    return int(item["agree"] + item["disagree"] + item["defer"] + item["abstain"])


def _tally(item: Row) -> rules.Tally:
    names = ("entitled", "present", "recused", "agree", "disagree", "defer", "abstain")
    return rules.Tally(**{name: item[name] for name in names})


def _silent(room: _Room, item: rules.Item) -> tuple[Recusal, ...]:
    """Whom the recorder may note as not having voted."""
    waiting = waits.silent(room.meeting, item) if room.records and not room.over else ()
    return tuple(Recusal(one, room.names.get(one, ""), "") for one in waiting)
