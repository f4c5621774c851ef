"""Probation 试用期 of one year after promotion to listed non-elected posts (F11)."""

from dataclasses import dataclass
from datetime import date

from webapp.domain.errors import Reason
from webapp.domain.impact import end_of
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
