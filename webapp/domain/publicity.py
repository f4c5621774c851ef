"""Publicity before appointment 任前公示 (F06): when owed, how long, what holds it, what it must not say."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from webapp.domain.errors import Reason, RuleBroken
from webapp.domain.workdays import Calendar, Deadline, filing_deadline, zh_date

Finding = Literal["unfounded", "not_affecting", "affecting"]

LEAST_WORKDAYS = 5
FINDINGS_ZH: dict[Finding, str] = {
    "unfounded": "不属实",
    "not_affecting": "不影响任用",
    "affecting": "影响任用",
}
# The earlier handling, case numbers and ID numbers are never published.
_UNPUBLISHED = re.compile(
    r"处分|重新使用|重新任用|影响期|组织处理|不适宜担任|诫勉|问责|免职|降职|撤职|卷宗|[0-9]{17}[0-9Xx]"
)


@dataclass(frozen=True, slots=True)
class PublicityPolicy:
    """Local choices 公示口径: length, and whether the first day counts."""

    workdays: int = LEAST_WORKDAYS
    first_day_counts: bool = False


DEFAULT_POLICY = PublicityPolicy()


@dataclass(frozen=True, slots=True)
class Objection:
    """One 公示期反映: its state and, once concluded, the finding."""

    objection_id: str
    received_on: date
    is_concluded: bool = False
    finding: str | None = None


def closing_day(starts_on: date, calendar: Calendar, policy: PublicityPolicy = DEFAULT_POLICY) -> Deadline:
    """The last day, in working days; RuleBroken for fewer than five (it cannot be shortened)."""
    if policy.workdays < LEAST_WORKDAYS:
        sentence = f"公示期不得少于{LEAST_WORKDAYS}个工作日。"
        raise RuleBroken([Reason("PUBLICITY_SHORT", sentence, "F06")])
    counted_from = starts_on - timedelta(days=1) if policy.first_day_counts else starts_on
    return filing_deadline(counted_from, workdays=policy.workdays, calendar=calendar)


def reasons_against_starting(*, decided_on: date | None, starts_on: date, today: date) -> list[Reason]:
    """Why a notice may not go up on a day: before the decision, or in the past (its words: ``formats``)."""
    reasons: list[Reason] = []
    if decided_on is None or starts_on < decided_on:
        reasons.append(Reason("PUBLICITY_BEFORE_DECISION", "公示须在讨论决定之后进行。", "F06"))
    if starts_on < today:
        reasons.append(Reason("PUBLICITY_PAST", "公示起始日不能早于今天。", "F06"))
    return reasons


def unpublished_words(text: str) -> tuple[str, ...]:
    """What a notice says and must not: the earlier handling, case numbers, ID numbers (not quoted back)."""
    found = sorted(set(_UNPUBLISHED.findall(text)))
    return tuple(dict.fromkeys(word if len(word) < 17 else "身份证号" for word in found))


def reasons_against_appointing(
    ends_on: date | None, objections: Iterable[Objection], today: date
) -> list[Reason]:
    """Why the appointment must wait: the period runs, or an objection is open or weighs against it (F06)."""
    reasons: list[Reason] = []
    if ends_on is None:
        reasons.append(Reason("PUBLICITY_MISSING", "尚未公示。", "F06"))
    elif today <= ends_on:
        reasons.append(Reason("PUBLICITY_RUNNING", f"公示期至{zh_date(ends_on)}，期满前不得任职。", "F06"))
    kept = list(objections)
    waiting = sum(not objection.is_concluded for objection in kept)
    if waiting:
        reasons.append(Reason("OBJECTION_OPEN", f"有{waiting}件公示期反映尚未查清，查清前不得任职。", "F06"))
    if any(objection.finding == "affecting" for objection in kept):
        reasons.append(Reason("OBJECTION_FOUNDED", "公示期反映经查影响任用，须提请重新讨论。", "F06"))
    return reasons


def reasons_left_open(count: int) -> list[Reason]:
    """Why the appointment must wait for letters of an earlier publicity 前次公示 that are not settled (F06)."""
    if not count:
        return []
    return [Reason("OBJECTION_OPEN", f"前次公示有{count}件反映尚未查清，查清前不得任职。", "F06")]
