"""What may later happen to a registered measure 更正、撤销、变更、延长: rules, and what it then says.

A correction mends an error of registration; all else needs a new decision. A period is never shortened for
good behaviour (F27): it ends early only when its decision is revoked or changed by review.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from webapp.domain.appeals import is_heavier
from webapp.domain.errors import Conflict, Invalid, Reason, RuleBroken
from webapp.domain.impact import extended_probation
from webapp.domain.measures import Measure
from webapp.domain.measures import measure as kind_of
from webapp.domain.workdays import add_months, zh_date

ChangeKind = Literal["correct", "revoke", "change", "extend", "end"]
EndedBy = Literal["revoked", "ended"]

KINDS_ZH: dict[ChangeKind, str] = {
    "correct": "更正登记",
    "revoke": "撤销措施",
    "change": "复查变更",
    "extend": "延长留党察看",
    "end": "结束停职检查",
}
PROBATION_MONTHS = {"party_probation_one_year": 12, "party_probation_two_years": 24}
EXTENDED = "party_probation_two_years"
LONGEST_ORGAN = 120
LONGEST_NUMBER = 80


@dataclass(frozen=True, slots=True)
class Registered:
    """What the register says of a measure: kind, organ, number and dates of its decision."""

    track: str
    kind: str
    organ: str
    document_no: str
    decided_on: date
    effective_on: date
    months_decided: int | None = None

    @property
    def measure(self) -> Measure:
        """The kind of measure; Invalid when the track has no such kind."""
        return kind_of(self.track, self.kind)


@dataclass(frozen=True, slots=True)
class Standing:
    """A measure as it stands: what is registered, when rights were restored, how and when it ended early."""

    registered: Registered
    restored_on: date | None = None
    ended_on: date | None = None
    ended_by: EndedBy | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change 更正或后续决定 with the organ, number and day of the paper it rests on.

    ``new``: what the register shall say, for a correction and a change by review.
    """

    kind: ChangeKind
    organ: str
    document_no: str
    decided_on: date
    new: Registered | None = None


def changed(standing: Standing, change: Change, today: date) -> Standing:
    """The measure after the change; Invalid, Conflict or RuleBroken with the reason when it may not be."""
    _require_paper(change, today)
    if standing.ended_on is not None:
        raise Conflict(f"该措施已于{zh_date(standing.ended_on)}撤销或结束，不能再作更改。")
    if change.kind == "correct":
        return _corrected(standing, change, today)
    if change.decided_on < standing.registered.decided_on:
        raise Invalid({"decided_on": "后续决定的日期不能早于原决定日期，请核对。"})
    if change.kind == "revoke":
        return replace(standing, ended_on=change.decided_on, ended_by="revoked")
    if change.kind == "change":
        return _reviewed(standing, change)
    return _extended(standing, change) if change.kind == "extend" else _ended(standing, change)


def _require_paper(change: Change, today: date) -> None:
    problems = {}
    if not change.organ.strip() or len(change.organ) > LONGEST_ORGAN:
        problems["organ"] = f"请填写依据文件的作出机关，不超过{LONGEST_ORGAN}字。"
    if not change.document_no.strip() or len(change.document_no) > LONGEST_NUMBER:
        problems["document_no"] = f"请填写依据文件的文号，不超过{LONGEST_NUMBER}字。"
    if change.decided_on > today:
        problems["decided_on"] = "依据文件的日期不能晚于今天。"
    if problems:
        raise Invalid(problems)


def _corrected(standing: Standing, change: Change, today: date) -> Standing:
    new = _new(change)
    if new == standing.registered:
        raise Invalid({"kind": "没有更正任何内容，请核对后填写。"})
    if new.decided_on > today:
        raise Invalid({"new_decided_on": "决定日期不能晚于今天。"})
    if new.effective_on < new.decided_on:
        raise Invalid({"effective_on": "生效日期不能早于决定日期，请核对。"})
    if new.effective_on > today:
        raise Invalid({"effective_on": "生效日期不能晚于今天：影响期从生效之日起算。"})
    keeps = new.kind in PROBATION_MONTHS
    return replace(standing, registered=new, restored_on=standing.restored_on if keeps else None)


def _reviewed(standing: Standing, change: Change) -> Standing:
    """A review puts a lighter measure of the same track in the place of the first; it counts from that one's day."""
    new, old = _new(change), standing.registered
    if (new.track, new.kind, new.months_decided) == (old.track, old.kind, old.months_decided):
        raise Invalid({"kind": "变更后的措施与原措施相同，请核对。"})
    reasons = _reasons_against_heavier(old, new)
    if reasons:
        raise RuleBroken(reasons)
    keeps = new.kind in PROBATION_MONTHS
    registered = replace(old, track=new.track, kind=new.kind, months_decided=new.months_decided)
    return replace(standing, registered=registered, restored_on=standing.restored_on if keeps else None)


def _reasons_against_heavier(old: Registered, new: Registered) -> list[Reason]:
    """What is heavier, longer or of another track is no review but a new decision, on a case of its own."""
    if new.track != old.track:
        sentence = "复查变更只能在原措施的类别之内；改用另一类措施的，须作出新的决定，另行登记。"
        return [Reason("REVIEW_OTHER_TRACK", sentence)]
    before, after = (old.kind, old.months_decided), (new.kind, new.months_decided)
    return [heavier()] if is_heavier(old.track, before, after) else []


def heavier() -> Reason:
    """Why a review may not put something heavier or longer in the place of a decision."""
    sentence = "复查变更不能加重措施或者延长影响期；需要加重的，须按程序作出新的决定，另行登记。"
    return Reason("REVIEW_HEAVIER", sentence)


def require_not_longer(before: date | None, after: date | None) -> None:
    """RuleBroken when a review would let a period end later than the decision it reviews."""
    if before is not None and (after is None or after > before):
        raise RuleBroken([heavier()])


def require_no_appeal_runs(is_running: bool) -> None:
    """RuleBroken while a 复核 or 申诉 against the measure waits for its answer: its result decides."""
    if is_running:
        sentence = "对这项决定的复核、申诉正在办理，措施由其处理决定确定；请待答复送达后再提出或复核更改。"
        raise RuleBroken([Reason("APPEAL_RUNNING", sentence, "F12")])


def require_decided_by_committee(registered: Registered, change: Change, passed_on: frozenset[date]) -> None:
    """What the committee decided is changed by the committee alone: a later item it passed on the paper's day."""
    if change.kind != "change" or registered.track != "up_down":
        return
    if change.decided_on not in passed_on or change.decided_on == registered.decided_on:
        sentence = (
            f"调整决定由党委（党组）会议作出，变更也须经会议讨论决定；{zh_date(change.decided_on)}"
            "没有本卷宗通过的变更议题。因复核、申诉变更的，在复核、申诉中办理。"
        )
        raise RuleBroken([Reason("REVIEW_UNDECIDED", sentence)])


def require_deciding_organ(
    registered: Registered, change: Change, passed_on: frozenset[date], passed: frozenset[str] | None = None
) -> None:
    """Kind and term are corrected by a paper of the organ that decided, or to what its meeting passed.

    ``passed_on``: days on which the committee passed an adjustment in the case; empty where it was entered late.
    ``passed``: the manners it was asked to pass, None where they are not known or the meeting decided otherwise.
    """
    if change.kind != "correct" or change.new is None or not _moves_term(registered, change.new):
        return
    organ = registered.organ or change.new.organ.strip()
    if change.organ.strip() != organ or change.new.organ.strip() != organ:
        sentence = (
            f"更正措施的种类、期限或者生效日，须以原决定机关（{organ}）的文件为依据；作出机关登记有误的，先单独更正。"
            "决定内容要改变的，由原决定机关按复查变更办理，或者另行作出决定后登记。"
        )
        raise RuleBroken([Reason("CORRECTED_WITHOUT_ORGAN", sentence)])
    if registered.track == "up_down" and passed_on and change.new.decided_on not in passed_on:
        sentence = (
            f"调整决定由党委（党组）会议作出，{zh_date(change.new.decided_on)}没有本卷宗通过的决定议题；"
            "登记与会议决定不符的，更正为会议决定的内容和日期；决定要改变的，提请会议复议或者再行讨论决定。"
        )
        raise RuleBroken([Reason("CORRECTED_WITHOUT_MEETING", sentence)])
    if registered.track == "up_down" and passed and change.new.kind not in {registered.kind, *passed}:
        names = "、".join(kind_of("up_down", one).zh for one in sorted(passed))
        sentence = (
            f"会议表决通过的是“{names}”，登记只能更正为会议通过的方式；决定要改变的，提请会议再行讨论决定。"
        )
        raise RuleBroken([Reason("CORRECTED_WITHOUT_MEETING", sentence)])


def needs_term_checked(old: Registered, change: Change) -> bool:
    """True where a change gives the measure another kind or term, which that kind must be able to have."""
    new = change.new
    return new is not None and (old.track, old.kind, old.months_decided) != (
        new.track,
        new.kind,
        new.months_decided,
    )


def _moves_term(old: Registered, new: Registered) -> bool:
    names = ("track", "kind", "months_decided", "effective_on")
    return any(getattr(old, name) != getattr(new, name) for name in names)


def _new(change: Change) -> Registered:
    if change.new is None:
        raise Invalid({"kind": "请填写更改后的内容。"})
    kind_of(change.new.track, change.new.kind)
    return change.new


def _extended(standing: Standing, change: Change) -> Standing:
    """留党察看 of one year becomes two, once, decided while the year runs or the day after it."""
    old = standing.registered
    if old.track != "party" or old.kind not in PROBATION_MONTHS or standing.restored_on is not None:
        sentence = "只有尚未恢复党员权利的留党察看可以延长期限。"
        raise RuleBroken([Reason("PROBATION_EXTENDED", sentence)])
    extended_probation(PROBATION_MONTHS[old.kind])
    last = add_months(old.effective_on, PROBATION_MONTHS[old.kind])
    if change.decided_on > last:
        sentence = f"一年期至{zh_date(last)}已满，期满后不能再决定延长。"
        raise RuleBroken([Reason("PROBATION_EXTENDED", sentence)])
    return replace(standing, registered=replace(old, kind=EXTENDED))


def _ended(standing: Standing, change: Change) -> Standing:
    if standing.registered.measure.key != "handling.suspension":
        sentence = "影响期不因表现提前结束；只有停职检查可以另行决定结束，其他措施须经撤销或复查变更。"
        raise RuleBroken([Reason("IMPACT_SHORTENED", sentence, "F27")])
    return replace(standing, ended_on=change.decided_on, ended_by="ended")


def kinds_open_to(standing: Standing) -> tuple[ChangeKind, ...]:
    """Which changes the measure could undergo, for the page that offers them."""
    if standing.ended_on is not None:
        return ()
    found: list[ChangeKind] = ["correct", "revoke", "change"]
    if standing.registered.kind == "party_probation_one_year" and standing.restored_on is None:
        found.append("extend")
    if standing.registered.measure.key == "handling.suspension":
        found.append("end")
    return tuple(found)


def require_may_restore(registered: Registered, restored_on: date) -> None:
    """恢复党员权利 is decided when the 留党察看 has run its one or two years, never before."""
    if registered.kind not in PROBATION_MONTHS:
        raise Conflict("只有留党察看可以登记恢复党员权利。")
    over = add_months(registered.effective_on, PROBATION_MONTHS[registered.kind])
    if restored_on < over:
        sentence = f"留党察看期至{zh_date(over)}方满，期满前不能恢复党员权利。"
        raise RuleBroken([Reason("PROBATION_RUNNING", sentence)])
