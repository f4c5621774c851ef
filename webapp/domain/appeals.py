"""Appeals 复核、申诉: where to, how long, and that they neither suspend nor aggravate (F12)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from webapp.domain.errors import NotFound, Reason
from webapp.domain.measures import MEASURES
from webapp.domain.workdays import Calendar, Deadline, filing_deadline


@dataclass(frozen=True, slots=True)
class Window:
    """One remedy 救济途径: to whom, days or months to file and to decide; 0 means no fixed time.

    ``after``: the remedies whose answer opens this one; none: it is open against the decision itself.
    ``panel``: how many review it at least; ``odd``: one panel a case, of an odd number (公务员申诉).
    ``body``: which organ handles it, or registers what a higher one does.
    """

    code: str
    zh: str
    to: str
    file_days: int = 0
    file_months: int = 0
    decide_days: int = 0
    decide_months: int = 0
    extend_days: int = 0
    after: frozenset[str] = frozenset()
    panel: int = 2
    odd: bool = False
    body: Literal["org_dept", "discipline"] = "org_dept"


# Defaults; an office keeps its own as policy values.
WINDOWS: Mapping[str, Window] = {
    window.code: window
    for window in (
        Window("review", "复核（公务员法）", "原处理机关", file_days=30, decide_days=30),
        Window(
            "appeal", "申诉（公务员法）", "同级公务员主管部门或上一级机关",
            file_days=15, decide_days=60, extend_days=30, after=frozenset({"review"}),
            panel=3, odd=True,
        ),
        Window(
            "direct_appeal", "直接申诉（公务员法）", "同级公务员主管部门或上一级机关",
            file_days=30, decide_days=60, extend_days=30, panel=3, odd=True,
        ),
        Window(
            "second_appeal", "再申诉（省以下机关）", "上一级机关", file_days=30, decide_days=60,
            after=frozenset({"appeal", "direct_appeal"}), panel=3, odd=True,
        ),
        Window("party_appeal", "党纪处分申诉", "批准处分的党委或纪委", decide_months=3, body="discipline"),
        Window("accountability_appeal", "问责申诉", "作出问责决定的党组织", file_months=1, decide_months=1),
        Window("handling_appeal", "组织处理申诉", "作出决定的党委（党组）", file_months=1, decide_months=1),
        Window(
            "sanction_review", "政务处分复审", "作出决定的监察机关", file_months=1, decide_months=1, body="discipline",
        ),
        Window(
            "sanction_second_review", "政务处分复核", "上一级监察机关", file_months=1, decide_months=2,
            after=frozenset({"sanction_review"}), body="discipline",
        ),
    )
}  # fmt: skip
# The receiving organ says within so many days whether it takes the appeal up (2008 text; 依据待核).
ACCEPT_DAYS = 30
# How long before the last day to decide those in charge are reminded.
REMIND_DAYS = 10
OPEN = frozenset({"filed", "accepted"})
STATES_ZH: Mapping[str, str] = {
    "filed": "已提出",
    "accepted": "已受理",
    "rejected": "不予受理",
    "upheld": "维持原决定",
    "changed": "变更原决定",
    "revoked": "撤销原决定",
    "redo": "责令重新作出决定",
}
RESULTS = frozenset({"upheld", "changed", "revoked", "redo"})
# 平职调整 and 转任职级 are not on the list of matters open to 复核、申诉 under the 公务员法.
NOT_LISTED = frozenset({"up_down.lateral_transfer", "up_down.convert_to_rank_only"})
_OF_TRACK: Mapping[str, tuple[str, ...]] = {
    "up_down": ("review", "direct_appeal", "appeal", "second_appeal"),
    "party": ("party_appeal",),
    "admin": ("sanction_review", "sanction_second_review"),
    "handling": ("handling_appeal",),
    "accountability": ("accountability_appeal",),
}
# Of these two the person chooses one: who appeals directly asks for no 复核 any more.
_INSTEAD = {"review": "direct_appeal", "direct_appeal": "review"}


@dataclass(frozen=True, slots=True)
class Earlier:
    """A remedy used before against the same decision; ``answered_on`` None while it is being handled."""

    route: str
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class Route:
    """A remedy open to the person 可以走的途径, and the last day to use it (None: no limit)."""

    window: Window
    deadline: Deadline | None

    def is_open(self, day: date) -> bool:
        """True when filing on the day is in time."""
        return is_in_time(self.deadline, day)


def routes(
    track: str, kind: str, told_on: date, earlier: Iterable[Earlier], calendar: Calendar
) -> tuple[Route, ...]:
    """The remedies against a decision from the day the person was told, given those used before.

    None while one is being handled, and none where the law lists none (平职调整、转任职级, 诫勉).
    """
    used = {one.route: one.answered_on for one in earlier}
    if any(answered is None for answered in used.values()):
        return ()
    found = []
    for code in () if f"{track}.{kind}" in NOT_LISTED else _OF_TRACK.get(track, ()):
        known_on = _known_on(WINDOWS[code], told_on, used)
        if code not in used and _INSTEAD.get(code) not in used and known_on is not None:
            found.append(Route(WINDOWS[code], file_by(WINDOWS[code], known_on, calendar)))
    return tuple(found)


def _known_on(remedy: Window, told_on: date, used: Mapping[str, date | None]) -> date | None:
    """From when the time to file counts: the telling, or the answer that opens this remedy."""
    if not remedy.after:
        return told_on
    return max((on for code, on in used.items() if on and code in remedy.after), default=None)


def window(code: str) -> Window:
    """The remedy of a code; NotFound when there is none."""
    found = WINDOWS.get(code)
    if found is None:
        raise NotFound(f"没有“{code}”这种复核、申诉途径。")
    return found


def file_by(remedy: Window, known_on: date, calendar: Calendar) -> Deadline | None:
    """The last day to file, from the day the person knew; None where there is no limit."""
    return _deadline(known_on, remedy.file_days, remedy.file_months, calendar)


def accept_by(filed_on: date, calendar: Calendar) -> Deadline:
    """The day by which the receiving organ says whether it takes the appeal up."""
    return filing_deadline(filed_on, days=ACCEPT_DAYS, calendar=calendar)


def decide_by(
    remedy: Window, accepted_on: date, calendar: Calendar, *, is_extended: bool = False
) -> Deadline | None:
    """The last day to decide, from acceptance, longer by the remedy's extension; None where none is fixed."""
    more = remedy.extend_days if is_extended else 0
    return _deadline(accepted_on, remedy.decide_days + more, remedy.decide_months, calendar)


def _deadline(start: date, days: int, months: int, calendar: Calendar) -> Deadline | None:
    if not days and not months:
        return None
    return filing_deadline(start, days=days, months=months, calendar=calendar)


def is_in_time(deadline: Deadline | None, filed_on: date) -> bool:
    """True when filed in time; the last day counts to 24:00, and no limit is always in time."""
    return deadline is None or not deadline.has_passed(filed_on)


def is_heavier(track: str, old: tuple[str, int | None], new: tuple[str, int | None]) -> bool:
    """True when the new (kind, months decided) weighs more than the old one of the same track.

    The catalogue names the kinds of a track from light to grave; a longer term decided is heavier too.
    """
    order = [one.code for one in MEASURES if one.track == track]
    if new[0] not in order:
        return True
    ranks = order.index(old[0]), order.index(new[0])
    # Of two kinds only terms that were both decided compare; of one kind the usual term counts as none.
    comparable = ranks[0] == ranks[1] or None not in (old[1], new[1])
    return ranks[1] > ranks[0] or (comparable and (new[1] or 0) > (old[1] or 0))


def is_longer(old: tuple[Sequence[int], int | None], new: tuple[Sequence[int], int | None]) -> bool:
    """True when the new term lasts longer: each as the months of its bars by D1 and those the decision states.

    Where the old one has no months its end waits for a later decision, and nothing is longer.
    """
    ends = [max([*terms, stated or 0], default=0) for terms, stated in (old, new)]
    return bool(old[0]) and ends[1] > ends[0]


def reasons_against_panel(remedy: Window, reviewers: frozenset[str]) -> list[Reason]:
    """One panel a case: enough people, an odd number where a 公正委员会 decides."""
    if len(reviewers) < remedy.panel or (remedy.odd and len(reviewers) % 2 == 0):
        odd = "单数" if remedy.odd else ""
        return [Reason("PANEL_SIZE", f"审理组应为{remedy.panel}人以上{odd}，现为{len(reviewers)}人。")]
    return []


def reasons_against_outcome(
    *, is_heavier: bool, handlers: frozenset[str], reviewers: frozenset[str]
) -> list[Reason]:
    """F12, F01: an appeal never makes it worse, and is not reviewed by those who handled the case."""
    reasons: list[Reason] = []
    if is_heavier:
        reasons.append(Reason("APPEAL_HEAVIER", "不得因申诉加重处理。", "F12"))
    if handlers & reviewers:
        reasons.append(Reason("REVIEWER_HANDLED", "原经办、原审批人员不得参加复核、申诉办理。", "F01"))
    return reasons
