"""What the page of one meeting 会议 shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from webapp.queries.meetings import WaitingItem
from webapp.queries.parts import FileRef, PersonRef, Problem


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member 组成人员 and whether present; ``id`` is the person's."""

    id: str
    person: PersonRef
    chair: bool
    attendance: str
    reason: str


@dataclass(frozen=True, slots=True)
class Recusal:
    """A member who leaves for an item 回避.

    ``since``: when that was entered; ``fresh``: after the item was filed; ``may_undo``: by the reader.
    """

    member_id: str
    name: str
    reason: str
    since: date | None = None
    fresh: bool = False
    may_undo: bool = False


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item of the agenda 议题; the counts are None until there is a result."""

    id: str
    number: int
    case_id: str | None
    case_no: str
    subject: str
    subject_post: str
    matter: str
    proposal: str
    state: str
    recused: tuple[Recusal, ...]
    unsettled: tuple[str, ...]
    my_vote: str
    i_am_recused: bool
    may_vote: bool
    may_record: bool
    vote_waits: tuple[str, ...]
    count_waits: tuple[str, ...]
    silent: tuple[Recusal, ...]
    agree: int | None
    disagree: int | None
    defer: int | None
    abstain: int | None
    cast: int
    not_cast: int
    result: str
    arithmetic: tuple[str, ...]
    recorded_by: str
    files: tuple[FileRef, ...]
    secret: bool
    remarks: tuple[str, ...]
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class MeetingView:
    """The page of one meeting."""

    id: str
    title: str
    body: str
    held_on: date
    place: str
    state: str
    rule: str
    opened_at: datetime | None
    closed_at: datetime | None
    members: tuple[MemberLine, ...]
    expected: int
    present: int
    absent: int
    quorum_needed: int
    has_quorum: bool
    items: tuple[ItemView, ...]
    may: frozenset[str]
    problems: tuple[Problem, ...]
    my_member_id: str | None
    votes_secret: bool
    choices: tuple[str, ...]
    waiting: tuple[WaitingItem, ...]
    # What is to be known of the meeting itself: cancelled or moved and why, called for a day off.
    notices: tuple[str, ...] = ()


def notices_of(state: str, reasons: Mapping[str, str], *, day_off: bool) -> tuple[str, ...]:
    """Why a meeting was moved or cancelled, and that a coming one falls on a day nobody works."""
    found = []
    if state == "cancelled":
        found.append(
            f"会议已取消：{reasons.get('cancelled', '')}。议题已回到等待上会。".replace("。。", "。")
        )
    elif "moved" in reasons:
        found.append(f"会议曾改期：{reasons['moved']}。".replace("。。", "。"))
    if state == "planned" and day_off:
        found.append("会议日期不是工作日，请核对；确需在休息日开会的，请提前告知组成人员。")
    return tuple(found)


def remarks_of(item: Mapping[str, Any], reasons: Mapping[str, str], void: int) -> tuple[str, ...]:
    """What else is to be known of an item: taken up again, put off and why, ballots void."""
    found = []
    if item["in_favour"] is not None:
        found.append(f"复议议题：经应到会成员{item['in_favour']}人同意提请复议，原议题及结果见此前会议。")
    elif item["earlier_id"] is not None:
        found.append("此前会议缓议或暂缓表决，本次再次提请。")
    for kind, words in (("put_off", "暂缓表决"), ("reconsider", "提请复议")):
        why = reasons.get(f"{kind}.{item['id']}")
        if why:
            found.append(f"{words}的理由：{why}")
    if item["status"] == "put_off":
        found.append("本议题由承办环节再次提请，列入以后的会议。")
    if void:
        found.append(f"会后凭会议纸面记录代录结果，此前在线所投的{void}票作废。")
    return tuple(found)
