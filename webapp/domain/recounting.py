"""Impact periods counted anew 重新核算 after a measure was corrected, revoked or changed, by the rules of D1."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from webapp.domain import impact
from webapp.domain.impact import BarKind, CountingPolicy, ImpactPeriod


@dataclass(frozen=True, slots=True)
class Term:
    """One bar of a measure: its months, and whether its end waits for a later decision 止期未定."""

    bar: BarKind
    months: int | None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """A measure as counting needs it; ``ended_on``: the day a later decision ended it, revoked or not."""

    measure_id: str
    track: str
    kind: str
    starts_on: date
    decided_on: date
    terms: tuple[Term, ...]
    months_decided: int | None = None
    restored_on: date | None = None
    ended_on: date | None = None
    is_revoked: bool = False
    policy: CountingPolicy = impact.DEFAULT_POLICY


def recount(measures: Iterable[Counted]) -> Mapping[tuple[str, BarKind], ImpactPeriod]:
    """(measure id, bar) → its period, the earlier measure first: a later one stands on the rest of its track.

    What was revoked leaves no rest: the later measure counts from its own day.
    """
    found: dict[tuple[str, BarKind], ImpactPeriod] = {}
    running: list[ImpactPeriod] = []
    for one in sorted(measures, key=lambda each: (each.starts_on, each.decided_on, each.measure_id)):
        periods = {(one.measure_id, term.bar): _period(one, term, running) for term in one.terms}
        if not one.is_revoked:
            running += periods.values()
        found |= periods
    return found


def _period(one: Counted, term: Term, running: list[ImpactPeriod]) -> ImpactPeriod:
    table = [each.months for each in one.terms]
    months = None if term.is_open else impact.months_of_bar(term.months or 0, table, one.months_decided)
    period = impact.period(
        one.starts_on, months, one.policy, bar=term.bar, basis=f"{one.track}.{one.kind}", track=one.track,
        running=running,
    )  # fmt: skip
    if term.is_open and one.restored_on is not None and term.months is not None:
        period = impact.after_restoration(period, one.restored_on, term.months, one.policy)
    return period if one.ended_on is None else _ended(period, one.ended_on)


def _ended(period: ImpactPeriod, on: date) -> ImpactPeriod:
    """Ended by decision on the day, never later than it would have run; before its first day it never began."""
    if period.ends_on is not None and period.ends_on <= on:
        return period
    if on < period.starts_on:
        return replace(period, ends_on=period.starts_on - timedelta(days=1), explanation="未及生效即被撤销。")
    return impact.ended_by_decision(period, on)
