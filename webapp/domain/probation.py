"""Probation 试用期 of one year after promotion to listed non-elected posts (F11)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from webapp.domain.errors import Reason
from webapp.domain.impact import Action, ImpactPeriod, bars_against, end_of
from webapp.domain.measures import Measure
from webapp.domain.workdays import zh_date

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Probation:
    """One 试用期: first and last day."""

    starts_on: date
    ends_on: date


def begin(decided_on: date) -> Probation:
    """The year from the day of the committee's decision."""
    return Probation(decided_on, end_of(decided_on, MONTHS))


@dataclass(frozen=True, slots=True)
class Received:
    """A measure that stands against the cadre 受到的处分、处理, with its document and its periods."""

    kind: Measure
    decided_on: date
    document_no: str
    periods: tuple[ImpactPeriod, ...]


def reasons_while_barred(
    received: Iterable[Received], action: Action, on: date, *, leading_post: bool = True
) -> list[Reason]:
    """Each measure whose bar 影响期 forbids on the day what the probation was given for (D3#1, F11).

    The appointment itself was judged by D3, so what bars now has come in since.
    """
    wanted = bars_against(action, leading_post=leading_post)
    reasons: list[Reason] = []
    for one in received:
        running = [period for period in one.periods if period.bar in wanted and period.bars_on(on)]
        if running:
            reasons.append(Reason("PROBATION_BARRED", _barred(one, running), "F11"))
    return reasons


def _barred(one: Received, running: list[ImpactPeriod]) -> str:
    known = [period.ends_on for period in running if period.ends_on]
    until = f"至{zh_date(max(known))}" if len(known) == len(running) else "截止日未定"
    named = "，".join(filter(None, (f"{zh_date(one.decided_on)}决定", one.document_no)))
    return (
        f"任职以后登记了{one.kind.zh}（{named}），影响期{until}，期间不能转正；"
        "请待影响期满后再办，或者按试用期考核不合格提请研究。"
    )


def reasons_against_confirming(
    ends_on: date, today: date, *, appraised: bool, open_matters: tuple[str, ...] = ()
) -> list[Reason]:
    """Why 正式任职 must wait: the year runs, no appraisal passed yet, or a matter of the cadre is open."""
    reasons: list[Reason] = []
    if today <= ends_on:
        reasons.append(
            Reason("PROBATION_RUNNING", f"试用期至{zh_date(ends_on)}，期满后方可正式任职。", "F11")
        )
    if not appraised:
        reasons.append(Reason("PROBATION_APPRAISAL", "尚未完成试用期满考核，或者考核未合格。", "F11"))
    reasons += [Reason("OPEN_MATTER", f"{matter}尚未办结，结论作出前暂缓。") for matter in open_matters]
    return reasons
