"""Probation 试用期 of one year after promotion to listed non-elected posts (F11)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from webapp.domain.errors import Reason
from webapp.domain.impact import end_of
from webapp.domain.people import Post
from webapp.domain.workdays import zh_date

Outcome = Literal["confirmed", "not_confirmed"]

OUTCOMES_ZH: dict[Outcome, str] = {
    "confirmed": "试用期满考核合格，正式任职",
    "not_confirmed": "不胜任，免去试任职务，按试任前职务层次安排",
}


@dataclass(frozen=True, slots=True)
class ProbationPolicy:
    """Length and the kinds of post it is owed for; a department's chief has none."""

    months: int = 12
    appraisal_before_days: int = 30
    post_kinds: frozenset[str] = frozenset({"department_deputy", "internal_head", "internal_deputy"})


DEFAULT_POLICY = ProbationPolicy()


@dataclass(frozen=True, slots=True)
class Probation:
    """One 试用期: first and last day, when the appraisal begins, and the rank before it."""

    starts_on: date
    ends_on: date
    appraisal_from: date
    former_rank: str


def is_owed(move: str, post: Post, policy: ProbationPolicy = DEFAULT_POLICY) -> bool:
    """True for 提拔 to a listed, non-elected post; never for the chief of a department."""
    return (
        move == "promotion" and not post.is_elected and not post.is_chief and post.kind in policy.post_kinds
    )


def begin(decided_on: date, former_rank: str, policy: ProbationPolicy = DEFAULT_POLICY) -> Probation:
    """The year from the day of the committee's decision."""
    ends_on = end_of(decided_on, policy.months)
    return Probation(decided_on, ends_on, ends_on - timedelta(days=policy.appraisal_before_days), former_rank)


def reasons_against_confirming(
    probation: Probation, today: date, *, appraised: bool, measure_pending: bool
) -> list[Reason]:
    """Why 正式任职 must wait: the year runs, no appraisal yet, or a matter is open."""
    reasons: list[Reason] = []
    if today <= probation.ends_on:
        reasons.append(
            Reason("PROBATION_RUNNING", f"试用期至{zh_date(probation.ends_on)}，期满后方可正式任职。", "F11")
        )
    if not appraised:
        reasons.append(Reason("PROBATION_APPRAISAL", "尚未完成试用期满考核。", "F11"))
    if measure_pending:
        reasons.append(Reason("OPEN_MATTER", "有正在办理的核查、审查事项，结论作出前暂缓。"))
    return reasons


def rank_after(probation: Probation, outcome: Outcome, target_rank: str) -> str:
    """The rank afterwards: the new one when confirmed, the prior one otherwise (F11)."""
    return target_rank if outcome == "confirmed" else probation.former_rank
