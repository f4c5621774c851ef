"""What stands of a cadre over all cases 干部现状: impact periods, kin; read by delegates, gates and pages alike."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from webapp.domain import impact
from webapp.persistence.models import cases, people


def policy_of(policy: Mapping[str, Any]) -> impact.CountingPolicy:
    """The counting policy copied to the case when it was opened (F19)."""
    return impact.CountingPolicy(end_day_barred=bool(policy.get("end_day_barred", True)))


def measures_that_stand(reads: Any, person_id: str, order: tuple[str, ...] = ()) -> list[Mapping[str, Any]]:
    """The cadre's measures over all cases, without those revoked 已撤销: in law these never were."""
    rows = reads.all(cases.measure, person_id=person_id, order=order)
    return [row for row in rows if row["ended_by"] != "revoked"]


def running_periods(reads: Any, person_id: str) -> list[impact.ImpactPeriod]:
    """Every impact period of a cadre, over all cases 各卷宗合并."""
    measures = {row["id"]: row for row in reads.all(cases.measure, person_id=person_id)}
    rows = reads.all(cases.impact_period, person_id=person_id, order=("starts_on",))
    return [
        impact.ImpactPeriod(
            bar=row["bar"],
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
            basis=f"{measures[row['measure_id']]['track']}.{measures[row['measure_id']]['kind']}",
            rule=row["rule"],
            track=measures[row["measure_id"]]["track"],
        )
        for row in rows
    ]


def latest_end(reads: Any, person_id: str) -> date | None:
    """The latest end of a cadre's periods, None while one is open or when there is none."""
    return impact.latest_end(running_periods(reads, person_id)).on


def relatives_of(reads: Any, person_id: str) -> list[str]:
    """Persons kin to somebody, both ways."""
    return [
        *(row["relative_id"] for row in reads.all(people.kinship, person_id=person_id)),
        *(row["person_id"] for row in reads.all(people.kinship, relative_id=person_id)),
    ]
