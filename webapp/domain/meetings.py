"""Collective decisions 部务会、常委会: who may vote, the tally, deferral and reconsideration.

Votes exist only inside an open meeting, by members signed in as present; never by circulation (F02–F05).
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Reason, RuleBroken
from webapp.domain.workdays import add_months, zh_date

Choice = Literal["agree", "disagree", "defer", "abstain"]
Result = Literal["passed", "not_passed", "deferred", "no_quorum"]
MeetingState = Literal["planned", "open", "closed", "cancelled"]
ItemState = Literal["waiting", "voting", "put_off", "decided"]
Entry = Literal["own_screen", "recorder", "paper"]

# Days between the agenda and the meeting, unless the office's rules set another number 提前通知.
NOTICE_DAYS = 1
# How long an opinion of another organ stands, as the four musts do (F09).
OPINION_MONTHS = 6

# Who calls a body's meetings, notes attendance and enters results 会议记录人.
RECORDER_ROLES: dict[str, tuple[str, ...]] = {
    "dept": ("meeting_recorder",),
    "committee": ("committee_office", "meeting_recorder"),
}
CHOICES_ZH: dict[Choice, str] = {"agree": "同意", "disagree": "不同意", "defer": "缓议", "abstain": "弃权"}
RESULTS_ZH: dict[Result, str] = {
    "passed": "同意（通过）",
    "not_passed": "未通过",
    "deferred": "缓议",
    "no_quorum": "到会人数不足，不能表决",
}
ENTRIES_ZH: dict[Entry, str] = {
    "own_screen": "本人表决",
    "recorder": "会议记录人代录",
    "paper": "线下办理，经办人代录",
}

ENTERED_ZH = (
    "本议题结果已经录入，不能重录。录入有误的：决定尚未执行的，由会议记录人在本议题上提请复议；"
    "已登记为措施的，在卷宗的措施登记里办理更正。"
)


@dataclass(frozen=True, slots=True)
class VotingRules:
    """How a body votes 议事规则: policy values with the central defaults.

    ``quorum``: present ≥ this share of members (F03). ``majority``: agree > this share of those who should
    attend (F04). ``abstain``: a local rule has 弃权. ``chair_last``: the chief's open ballot comes last.
    """

    quorum: Fraction = Fraction(2, 3)
    majority: Fraction = Fraction(1, 2)
    abstain: bool = False
    chair_last: bool = True

    def present_needed(self, entitled: int) -> int:
        """The least number of members present for an item."""
        return -(-entitled * self.quorum.numerator // self.quorum.denominator)

    def agree_needed(self, entitled: int) -> int:
        """The least number of 同意 for passing: strictly more than the share."""
        return entitled * self.majority.numerator // self.majority.denominator + 1

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The choices on a ballot."""
        return ("agree", "disagree", "defer", "abstain") if self.abstain else ("agree", "disagree", "defer")


CENTRAL_RULES = VotingRules()


@dataclass(frozen=True, slots=True)
class Tally:
    """The count of one item 表决结果统计.

    ``entitled`` 应到会成员; ``present`` 实到, signed in; ``recused`` those present who left for this item.
    Recused members stay in both denominators. Invalid when the numbers contradict one another.
    """

    entitled: int
    present: int
    recused: int
    agree: int
    disagree: int
    defer: int
    abstain: int = 0
    rules: VotingRules = CENTRAL_RULES

    def __post_init__(self) -> None:
        """Refuse impossible numbers."""
        problems = _impossible(self)
        if problems:
            raise Invalid(problems)

    @property
    def present_for_item(self) -> int:
        """Members present and not recused."""
        return self.present - self.recused

    @property
    def cast(self) -> int:
        """Ballots counted."""
        return self.agree + self.disagree + self.defer + self.abstain

    @property
    def result(self) -> Result:
        """Passed, not passed, deferred (more than half for 缓议), or without quorum."""
        if self.present_for_item < self.rules.present_needed(self.entitled):
            return "no_quorum"
        if self.agree >= self.rules.agree_needed(self.entitled):
            return "passed"
        if self.defer >= self.rules.agree_needed(self.entitled):
            return "deferred"
        return "not_passed"

    @property
    def explanation(self) -> str:
        """The sentence for the minutes."""
        need_present, need_agree = (
            self.rules.present_needed(self.entitled),
            self.rules.agree_needed(self.entitled),
        )
        silent = self.present_for_item - self.cast
        votes = f"同意{self.agree}票、不同意{self.disagree}票、缓议{self.defer}票"
        votes += f"、弃权{self.abstain}票" if self.rules.abstain else ""
        votes += f"、未表决{silent}人" if silent else ""
        return (
            f"应到{self.entitled}人，实到{self.present}人，回避{self.recused}人，参加本项表决{self.present_for_item}人"
            f"（须不少于{need_present}人）；{votes}（通过须同意不少于{need_agree}票）。"
            f"结果：{RESULTS_ZH[self.result]}。"
        )


def _impossible(tally: Tally) -> dict[str, str]:
    numbers = {
        "present": tally.present,
        "recused": tally.recused,
        "agree": tally.agree,
        "disagree": tally.disagree,
        "defer": tally.defer,
        "abstain": tally.abstain,
    }
    problems = {name: "人数、票数不能为负。" for name, number in numbers.items() if number < 0}
    if tally.entitled < 1:
        problems["entitled"] = "应到会成员至少1人。"
    if tally.present > tally.entitled:
        problems["present"] = f"实到{tally.present}人多于应到{tally.entitled}人。"
    if tally.recused > tally.present:
        problems["recused"] = "回避人数多于实到人数（缺席者不计入回避）。"
    if tally.cast > tally.present_for_item:
        problems["agree"] = f"票数合计{tally.cast}多于参加本项表决的{tally.present_for_item}人。"
    if tally.abstain and not tally.rules.abstain:
        problems["abstain"] = "本会议事规则没有弃权一项，请在同意、不同意、缓议中选择。"
    return problems


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting 会议 as the vote needs it: members and those signed in, by person id."""

    meeting_id: str
    state: MeetingState
    members: frozenset[str]
    present: frozenset[str]
    chair: str
    rules: VotingRules = CENTRAL_RULES


@dataclass(frozen=True, slots=True)
class Item:
    """One agenda item 议题: the person it is about, the relatives, the recused, those who voted (person ids).

    ``voted`` holds participation only, also members noted as 未表决, never the choice.
    """

    item_id: str
    state: ItemState
    subject_person_id: str | None = None
    relatives: frozenset[str] = frozenset()
    recused: frozenset[str] = frozenset()
    voted: frozenset[str] = frozenset()
    is_secret: bool = False

    @property
    def barred(self) -> frozenset[str]:
        """Everybody who must leave for this item (F05)."""
        own = frozenset({self.subject_person_id}) if self.subject_person_id else frozenset[str]()
        return own | self.relatives | self.recused


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot 表决票 with how it came in; ``person_id`` is None on a secret one, for ever."""

    choice: Choice
    entry: Entry
    person_id: str | None = None


def require_may_vote(actor: Actor, meeting: Meeting, item: Item, choice: str) -> None:
    """The member may cast this choice now: open meeting, present, not recused, not kin, once (F02–F05)."""
    if actor.kind == "system" or actor.person_id is None:
        raise NotAllowed("表决只能由会议成员本人进行，系统和未登记人员的账号不能表决。")
    require_may_see_item(actor, item)
    if actor.person_id not in meeting.members:
        raise NotAllowed("您不是本次会议的组成人员，列席人员不参加表决。")
    if actor.person_id in item.recused:
        raise NotAllowed("您已回避本议题，不参加本项讨论和表决。")
    _require_voting(meeting, item)
    if actor.person_id not in meeting.present:
        raise RuleBroken([Reason("NOT_PRESENT", "您未签到到会。缺席成员的书面意见不计入票数。", "F03")])
    if actor.person_id in item.voted:
        raise Conflict("您已对本议题表决，不能重复表决。")
    require_choice(choice, meeting.rules)
    _require_chair_last(actor.person_id, meeting, item)


def require_may_see_item(actor: Actor, item: Item) -> None:
    """NotFound for the person concerned and the relatives: the item does not exist for them (F05, F23)."""
    require_may_know(actor, item.subject_person_id, item.relatives)


def require_may_know(actor: Actor, subject: str | None, relatives: AbstractSet[str]) -> None:
    """NotFound for the person concerned 本人 and the relatives (F05)."""
    if actor.person_id is not None and (actor.person_id == subject or actor.person_id in relatives):
        raise NotFound


def require_choice(choice: str, rules: VotingRules) -> None:
    """Invalid unless the choice is on this body's ballot (弃权 only where a local rule has it)."""
    if choice not in rules.choices:
        names = "、".join(CHOICES_ZH[c] for c in rules.choices)
        raise Invalid({"choice": f"请在{names}中选择一项。"})


def _require_voting(meeting: Meeting, item: Item) -> None:
    if meeting.state != "open":
        sentence = "会议未召开或已结束，不得以传阅、逐个征求意见代替会议表决。"
        raise RuleBroken([Reason("MEETING_NOT_OPEN", sentence, "F02")])
    if item.state == "decided":
        raise Conflict("本议题已有结果，需要再议的按复议程序办理。")
    if item.state != "voting":
        raise RuleBroken([Reason("ITEM_NOT_VOTING", "本议题尚未进入表决或已暂缓表决。", "F02")])


def _require_chair_last(person_id: str, meeting: Meeting, item: Item) -> None:
    if not meeting.rules.chair_last or item.is_secret or person_id != meeting.chair:
        return
    waiting = meeting.present - item.barred - item.voted - {person_id}
    if waiting:
        raise RuleBroken([Reason("CHAIR_LAST", f"主要负责同志末位表态：还有{len(waiting)}名成员未表决。")])


def require_may_record(actor: Actor, meeting: Meeting, item: Item) -> None:
    """The recorder may enter what the meeting did 代录: a person, not concerned, the meeting held."""
    if actor.kind == "system":
        raise NotAllowed("会议结果须由经办人录入，系统不能代录。")
    require_may_see_item(actor, item)
    if actor.person_id is not None and actor.person_id in item.recused:
        raise NotAllowed("您已回避本议题，不能代录结果。")
    if meeting.state in ("planned", "cancelled"):
        raise RuleBroken([Reason("MEETING_NOT_OPEN", "会议尚未召开，不能录入表决结果。", "F02")])
    if item.state == "decided":
        raise Conflict(ENTERED_ZH)


def tally_of(meeting: Meeting, item: Item, ballots: Sequence[Ballot]) -> Tally:
    """Count the ballots of an item; Invalid when an open ballot is not a present, unrecused member's own."""
    names = [ballot.person_id for ballot in ballots if ballot.person_id is not None]
    if item.is_secret and names:
        raise Invalid({"ballots": "无记名表决只记票数，不得记载个人选择。"})
    able = (meeting.present & meeting.members) - item.barred
    if not item.is_secret and (len(set(names)) != len(ballots) or not able.issuperset(names)):
        raise Invalid({"ballots": "记名表决每名到会且未回避的成员只能有一票。"})
    count: Mapping[str, int] = {choice: sum(b.choice == choice for b in ballots) for choice in CHOICES_ZH}
    return Tally(
        entitled=len(meeting.members),
        present=len(meeting.present & meeting.members),
        recused=len(meeting.present & meeting.members & item.barred),
        agree=count["agree"],
        disagree=count["disagree"],
        defer=count["defer"],
        abstain=count["abstain"],
        rules=meeting.rules,
    )


def require_may_close_item(item: Item, meeting: Meeting) -> None:
    """An item closes once every present, unrecused member has voted or is noted as 未表决."""
    _require_voting(meeting, item)
    if item.voted & item.barred:
        sentence = "有成员表决之后被登记为须回避，所投的票不能计入：请暂缓表决，列入以后的会议重新表决。"
        raise RuleBroken([Reason("VOTED_THEN_RECUSED", sentence, "F05")])
    waiting = not_voted(item, meeting)
    if waiting:
        sentence = f"还有{len(waiting)}名到会成员未表决，请表决或注明“未表决”后再计票。"
        raise RuleBroken([Reason("VOTES_MISSING", sentence)])


def require_may_put_off(meeting: Meeting, item: Item) -> None:
    """暂缓表决 is decided in the open meeting, before any ballot is cast that still counts."""
    if meeting.state != "open":
        sentence = "会议未召开或已结束，不能作出暂缓表决。"
        raise RuleBroken([Reason("MEETING_NOT_OPEN", sentence, "F02")])
    able = len((meeting.present & meeting.members) - item.barred)
    is_void = bool(item.voted & item.barred) or able < meeting.rules.present_needed(len(meeting.members))
    if item.voted and not is_void:
        raise Conflict("已有成员表决，不能再暂缓；不成熟的意见请以“缓议”表决。")


def not_voted(item: Item, meeting: Meeting) -> frozenset[str]:
    """Members present and not recused from whom nothing has come yet."""
    return frozenset((meeting.present & meeting.members) - item.barred - item.voted)


def require_may_note_silence(person_id: str, item: Item, meeting: Meeting) -> None:
    """注明未表决: for a member who is there, need not leave, and has not voted."""
    _require_voting(meeting, item)
    if person_id not in not_voted(item, meeting):
        raise Conflict("该成员已表决、已回避或者未到会，不能注明未表决。")


def require_may_reconsider(entitled: int, in_favour: int) -> None:
    """复议 needs more than half of the members; Invalid for impossible numbers."""
    if not 0 <= in_favour <= entitled:
        raise Invalid({"in_favour": "同意复议的人数应在0与应到会成员数之间。"})
    if 2 * in_favour <= entitled:
        needed = entitled // 2 + 1
        sentence = f"复议须经应到会成员半数以上同意（不少于{needed}人），现为{in_favour}人。"
        raise RuleBroken([Reason("RECONSIDER", sentence)])


def require_on_its_day(held_on: date, today: date, *, has_scan: bool = False) -> None:
    """Votes are cast and entered on the day of the meeting; afterwards only its signed papers count 凭纸面补录."""
    if held_on == today or (held_on < today and has_scan):
        return
    sentence = "表决在会议当日进行；会后只能凭会议纸面记录（扫描件）代录结果，不得倒填会议日期。"
    raise RuleBroken([Reason("NOT_ON_ITS_DAY", sentence, "F02")])


def require_announced(held_on: date, known_on: date, notice_days: int = NOTICE_DAYS) -> None:
    """An item stands on the agenda so many days before the meeting: nothing is moved on the spot 临时动议 (F02).

    ``known_on``: when it came on the agenda, or, for a meeting entered after it was held, when it was filed.
    """
    earliest = known_on + timedelta(days=notice_days)
    if held_on < earliest:
        sentence = (
            f"议题须至少提前{notice_days}天列入议程，不得临时动议：请列入{zh_date(earliest)}及以后的会议。"
        )
        raise RuleBroken([Reason("OFF_AGENDA", sentence, "F02")])


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether an item may be discussed 上会条件: papers missing, the day of each opinion, replies owed."""

    missing_papers: tuple[str, ...] = ()
    opinions: Mapping[str, date] = field(default_factory=dict)
    report_owed: bool = False
    report_answered: bool = False


def reasons_against_discussion(readiness: Readiness, today: date) -> list[Reason]:
    """Everything that keeps an item off the table: 材料不全, 意见过期, 上级未答复 (F02, F09, F10)."""
    reasons = [
        Reason("PAPER_MISSING", f"缺少{paper}，程序不完备的不提交会议讨论。", "F02")
        for paper in readiness.missing_papers
    ]
    reasons += [
        Reason(
            "OPINION_STALE", f"{opinion}出具于{zh_date(day)}，已超过{OPINION_MONTHS}个月，请重新征求。", "F09"
        )
        for opinion, day in readiness.opinions.items()
        if add_months(day, OPINION_MONTHS) < today
    ]
    if readiness.report_owed and not readiness.report_answered:
        sentence = "须事先报告上级的事项尚未得到答复，不得提交讨论。"
        reasons.append(Reason("NO_SUPERIOR_APPROVAL", sentence, "F10"))
    return reasons


def require_quorum(meeting: Meeting, recused: AbstractSet[str] | None = None) -> None:
    """Enough members are present for the meeting, or for an item, whose recused ones do not count (F03)."""
    present = len((meeting.present & meeting.members) - (recused or frozenset()))
    needed = meeting.rules.present_needed(len(meeting.members))
    if present < needed:
        what, note = ("会议", "，请先登记到会") if recused is None else ("本项", "（回避者不计）")
        sentence = f"到会{present}人，{what}须有不少于{needed}名成员到会{note}。"
        raise RuleBroken([Reason("NO_QUORUM", sentence, "F03")])
