"""Registered measures as the rules count them 影响期核算: rows of the register turned into ``recounting.Counted``."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from webapp.domain import impact, recounting
from webapp.domain.measures import measure as kind_of
from webapp.persistence.models import cases, people

Row = Mapping[str, Any]


def hold(work: Any, person_id: str) -> None:
    """Lock the cadre until the end of the transaction: periods that build on one another are counted one by one."""
    work.get(people.person, id=person_id, lock=True)


def counted(row: Row, periods: Sequence[Row]) -> recounting.Counted:
    """A measure with its bars; what a review took away has no months any more and stays as it ended."""
    mine = [one for one in periods if one["measure_id"] == row["id"]]
    is_open = kind_of(row["track"], row["kind"]).open_ended
    rule = mine[0]["rule"] if mine else impact.END_BARRED
    return recounting.Counted(
        measure_id=row["id"],
        track=row["track"],
        kind=row["kind"],
        starts_on=row["effective_on"],
        decided_on=row["decided_on"],
        terms=tuple(
            recounting.Term(one["bar"], one["months"], is_open)
            for one in mine
            if one["months"] or (is_open and one["ends_on"] is None)
        ),
        months_decided=row["months_decided"],
        restored_on=row["restored_on"],
        ended_on=row["ended_on"],
        is_revoked=row["ended_by"] == "revoked",
        policy=impact.CountingPolicy(end_day_barred=rule == impact.END_BARRED),
    )


def recount(measures: Iterable[Row], periods: Sequence[Row]) -> dict[str, impact.ImpactPeriod]:
    """Period id → the period counted anew from these measures alone; without those that are no longer counted."""
    found = recounting.recount(counted(row, periods) for row in measures)
    keys = {(one["measure_id"], one["bar"]): one["id"] for one in periods}
    return {keys[key]: period for key, period in found.items()}


def without_untold(
    reads: Any, person_id: str, *, known: Collection[str] = ()
) -> dict[str, impact.ImpactPeriod]:
    """Period id → the period as one counts it who does not know of measures not talked about yet 谈话之前.

    ``known``: cases known all the same. Empty when there is nothing to keep back: the register then holds.
    """
    measures = reads.all(cases.measure, person_id=person_id)
    silent = untold_cases(reads, measures) - set(known)
    if not silent:
        return {}
    told = [row for row in measures if row["case_id"] not in silent]
    ids = [row["id"] for row in told]
    return recount(told, reads.all(cases.impact_period, measure_id=ids) if ids else [])


def untold_cases(reads: Any, measures: Iterable[Row]) -> set[str]:
    """The cases of these measures whose talk is not recorded yet."""
    ids = sorted({row["case_id"] for row in measures})
    return {row["id"] for row in reads.all(cases.case_file, id=ids, talked_on=None)} if ids else set()


def as_counted(row: Row, instead: Mapping[str, impact.ImpactPeriod]) -> Row:
    """A row of ``impact_period`` with the days it is to be told with."""
    other = instead.get(row["id"])
    return row if other is None else {**row, "starts_on": other.starts_on, "ends_on": other.ends_on}
