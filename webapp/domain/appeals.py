"""Appeals 复核、申诉: where to, how long, and that they neither suspend nor aggravate (F12)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from webapp.domain.errors import NotFound, Reason
from webapp.domain.workdays import Calendar, Deadline, filing_deadline


@dataclass(frozen=True, slots=True)
class Window:
    """One remedy 救济途径: to whom, days or months to file and to decide; 0 means no fixed time.

    ``after``: the remedies whose answer opens this one; none: it is open against the decision itself.
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


# Defaults; an office keeps its own as policy values.
WINDOWS: Mapping[str, Window] = {
    window.code: window
    for window in (
        Window("review", "复核（公务员法）", "原处理机关", file_days=30, decide_days=30),
        Window(
            "appeal", "申诉（公务员法）", "同级公务员主管部门或上一级机关",
            file_days=15, decide_days=60, extend_days=30, after=frozenset({"review"}),
        ),
        Window(
            "direct_appeal", "直接申诉（公务员法）", "同级公务员主管部门或上一级机关",
            file_days=30, decide_days=60, extend_days=30,
        ),
        Window(
            "second_appeal", "再申诉（省以下机关）", "上一级机关", file_days=30, decide_days=60,
            after=frozenset({"appeal", "direct_appeal"}),
        ),
        Window("party_appeal", "党纪处分申诉", "批准处分的党委或纪委", decide_months=3),
        Window("accountability_appeal", "问责申诉", "作出问责决定的党组织", file_months=1, decide_months=1),
        Window("handling_appeal", "组织处理申诉", "作出决定的党委（党组）", file_months=1, decide_months=1),
        Window("sanction_review", "政务处分复审", "作出决定的监察机关", file_months=1, decide_months=1),
        Window(
            "sanction_second_review", "政务处分复核", "上一级监察机关", file_months=1, decide_months=2,
            after=frozenset({"sanction_review"}),
        ),
    )
}  # fmt: skip
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


def decide_by(remedy: Window, accepted_on: date, calendar: Calendar) -> Deadline | None:
    """The last day to decide, from acceptance and without extension; None where none is fixed."""
    return _deadline(accepted_on, remedy.decide_days, remedy.decide_months, calendar)


def _deadline(start: date, days: int, months: int, calendar: Calendar) -> Deadline | None:
    if not days and not months:
        return None
    return filing_deadline(start, days=days, months=months, calendar=calendar)


def is_in_time(deadline: Deadline | None, filed_on: date) -> bool:
    """True when filed in time; the last day counts to 24:00, and no limit is always in time."""
    return deadline is None or not deadline.has_passed(filed_on)


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
