"""How cadres stand 状况: bars, tracking, probation and open cases, from the cases the actor may see alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from webapp.domain import impact
from webapp.domain.access import Actor
from webapp.persistence.models import cases, people, tracking
from webapp.persistence.unit_of_work import Reads
from webapp.queries.visibility import visible_cases

STATUSES: Mapping[str, str] = {
    "none": "无限制记录",
    "barred": "影响期内",
    "tracked": "跟踪管理中",
    "probation": "试用期内",
}
CASE, PERIOD, MEASURE, PLAN = cases.case_file, cases.impact_period, cases.measure, tracking.tracking_plan


@dataclass(frozen=True, slots=True)
class Standing:
    """One cadre's standing; ``bar_until`` None when nothing bars, or the end is open."""

    status: str = "none"
    bar_until: date | None = None
    open_cases: int = 0


def standings(reads: Reads, actor: Actor, ids: Sequence[str], day: date) -> dict[str, Standing]:
    """The standing of each person; what a case the actor may not see says, does not exist."""
    if not ids:
        return {}
    open_cases: dict[str, int] = {}
    seen = (CASE.c.status != "closed", visible_cases(actor, day))
    for row in reads.fetch_all(select(CASE.c.person_id).where(CASE.c.person_id.in_(ids), *seen)):
        open_cases[row["person_id"]] = open_cases.get(row["person_id"], 0) + 1
    bars = _bars(reads, actor, ids, day)
    tracked = _tracked(reads, actor, ids, day)
    probation = _on_probation(reads, ids, day)
    found = {}
    for one in ids:
        running = bars.get(one, ())
        status = (
            "barred"
            if running
            else "tracked"
            if one in tracked
            else "probation"
            if one in probation
            else "none"
        )
        found[one] = Standing(status, impact.latest_end(running).on, open_cases.get(one, 0))
    return found


def _bars(reads: Reads, actor: Actor, ids: Sequence[str], day: date) -> dict[str, list[impact.ImpactPeriod]]:
    found: dict[str, list[impact.ImpactPeriod]] = {}
    for row in _period_rows(reads, actor, ids, day):
        period = _period_of(row)
        if period.bars_on(day):
            found.setdefault(row["person_id"], []).append(period)
    return found


def _period_rows(reads: Reads, actor: Actor, ids: Sequence[str], day: date) -> Sequence[Mapping[str, Any]]:
    """Impact periods of visible cases with the measures they rest on."""
    query = (
        select(*PERIOD.c, MEASURE.c.track, MEASURE.c.kind)
        .join(MEASURE, MEASURE.c.id == PERIOD.c.measure_id)
        .join(CASE, CASE.c.id == PERIOD.c.case_id)
        .where(PERIOD.c.person_id.in_(ids), visible_cases(actor, day))
    )
    return reads.fetch_all(query)


def _period_of(row: Mapping[str, Any]) -> impact.ImpactPeriod:
    """A row as the value the rules count with."""
    basis = f"{row['track']}.{row['kind']}"
    return impact.ImpactPeriod(row["bar"], row["starts_on"], row["ends_on"], basis, row["rule"], row["track"])


def _tracked(reads: Reads, actor: Actor, ids: Sequence[str], day: date) -> set[str]:
    query = select(PLAN.c.person_id).join(CASE, CASE.c.id == PLAN.c.case_id)
    rows = reads.fetch_all(
        query.where(PLAN.c.person_id.in_(ids), PLAN.c.status == "open", visible_cases(actor, day))
    )
    return {row["person_id"] for row in rows}


def _on_probation(reads: Reads, ids: Sequence[str], day: date) -> set[str]:
    held = people.appointment
    query = select(held.c.person_id).where(
        held.c.person_id.in_(ids),
        held.c.valid_to.is_(None),
        held.c.confirmed_on.is_(None),
        held.c.probation_ends_on >= day,
    )
    return {row["person_id"] for row in reads.fetch_all(query)}
