"""A measure changed, its cadre's impact periods counted anew, and the tracking told, in the caller's transaction."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from uuid_utils import uuid7

from webapp.domain import impact
from webapp.domain.errors import Refused
from webapp.domain.measure_changes import Change, Registered, Standing, changed
from webapp.persistence import counting
from webapp.persistence.models import cases, tracking
from webapp.services import messages
from webapp.services.desk import CaseStanding
from webapp.services.dossier import policy_of, told_end, told_measures
from webapp.services.impact_table import months_of
from webapp.services.office import Work

Row = Mapping[str, Any]
BARS: tuple[impact.BarKind, ...] = ("promotion", "equal", "leading")
# What tracking hears a change called; the plan is read anew at each.
REASONS: Mapping[str, str] = {
    "correct": "measure_corrected",
    "revoke": "measure_revoked",
    "change": "measure_changed",
    "extend": "probation_extended",
    "end": "suspension_ended",
}


def standing_of(row: Row) -> Standing:
    """A row of the register as the rules judge it."""
    registered = Registered(
        track=row["track"],
        kind=row["kind"],
        organ=row["organ"] or "",
        document_no=row["document_no"] or "",
        decided_on=row["decided_on"],
        effective_on=row["effective_on"],
        months_decided=row["months_decided"],
    )
    return Standing(registered, row["restored_on"], row["ended_on"], row["ended_by"])


def apply(
    work: Work, case: CaseStanding, measure_id: str, change: Change, *, change_id: str | None = None
) -> dict[str, Any]:
    """Let a change take effect 更正、撤销、变更、延长生效 → facts for the event, which the caller commits.

    Invalid, Conflict or RuleBroken by ``domain.measure_changes.changed``; NotFound for no such measure.
    """
    row = work.get(cases.measure, id=measure_id, lock=True)
    before = standing_of(row)
    after = changed(before, change, work.today)
    work.update(cases.measure, {"id": measure_id}, columns_of(after))
    if change.kind in ("correct", "change"):
        _renew_terms(work, case, row, after, change)
    tracks = {before.registered.track, after.registered.track}
    moved = recount(work, case.person_id, tracks, change_id or measure_id)
    tell_tracking(work, case, REASONS[change.kind])
    return {
        "measure_id": measure_id,
        "organ": change.organ,
        "document_no": change.document_no,
        "decided_on": change.decided_on.isoformat(),
        "before": words_of(before),
        "after": words_of(after),
        "periods": moved,
    }


def columns_of(standing: Standing) -> dict[str, Any]:
    """The register's columns of a measure as it stands."""
    registered = standing.registered
    return {
        "track": registered.track,
        "kind": registered.kind,
        "organ": registered.organ or None,
        "document_no": registered.document_no or None,
        "decided_on": registered.decided_on,
        "effective_on": registered.effective_on,
        "months_decided": registered.months_decided,
        "restored_on": standing.restored_on,
        "ended_on": standing.ended_on,
        "ended_by": standing.ended_by,
    }


def words_of(standing: Standing) -> dict[str, Any]:
    """A measure in codes and dates, as the history and the page of changes keep it."""
    values = {name: value for name, value in columns_of(standing).items() if value is not None}
    values["measure"] = f"{values.pop('track')}.{values.pop('kind')}"
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _renew_terms(work: Work, case: CaseStanding, row: Row, after: Standing, change: Change) -> None:
    """The bars of the measure's new kind, by D1; a bar it no longer has ends with the review, or never was."""
    registered, measure_id = after.registered, row["id"]
    months = months_of(work, registered.track, registered.kind, case_id=case.id)
    if not months:
        raise Refused("影响期核算表（D1）尚未部署，不能重新核算，请联系流程设计员。")
    wanted = {bar: months.get(bar) for bar in BARS if _bars(months, bar)}
    held = {one["bar"]: one for one in work.all(cases.impact_period, measure_id=measure_id)}
    for bar, one in held.items():
        if bar in wanted:
            values = {"months": _whole(wanted[bar]), "starts_on": registered.effective_on}
            work.update(cases.impact_period, {"id": one["id"]}, values)
        else:
            _drop(work, one, change)
    added = [
        _row(case, measure_id, bar, _whole(wanted[bar]), registered) for bar in wanted if bar not in held
    ]
    if added:
        work.insert(cases.impact_period, added)


def _bars(months: Mapping[str, Any], bar: str) -> bool:
    return bool(_whole(months.get(bar))) or (bar == "promotion" and bool(months.get("open_until")))


def _whole(value: object) -> int | None:
    return None if value is None else int(str(value).split(".", maxsplit=1)[0])


def _drop(work: Work, period: Row, change: Change) -> None:
    if change.kind == "correct":
        work.delete(cases.impact_period, {"id": period["id"]})
    elif period["ends_on"] is None or period["ends_on"] > change.decided_on:
        # Told apart by its months: it barred until the review and is not counted again.
        values = {"ends_on": change.decided_on, "months": None}
        work.update(cases.impact_period, {"id": period["id"]}, values)


def _row(
    case: CaseStanding, measure_id: str, bar: str, months: int | None, registered: Registered
) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "case_id": case.id,
        "person_id": case.person_id,
        "measure_id": measure_id,
        "bar": bar,
        "months": months,
        "starts_on": registered.effective_on,
        "ends_on": None,
        "rule": policy_of(case.policy).rule,
    }


def recount(work: Work, person_id: str, tracks: set[str], origin: str) -> list[dict[str, Any]]:
    """Count the cadre's periods of these tracks anew (D1), one command at a time → what moved, for the event."""
    counting.hold(work, person_id)
    measures = [row for row in work.all(cases.measure, person_id=person_id) if row["track"] in tracks]
    rows = work.all(cases.impact_period, measure_id=[row["id"] for row in measures], order=("id",))
    counted = counting.recount(measures, rows)
    moved = []
    for one in rows:
        period = counted.get(one["id"])
        if period is None or (period.starts_on, period.ends_on) == (one["starts_on"], one["ends_on"]):
            continue
        values = {"starts_on": period.starts_on, "ends_on": period.ends_on, "recomputed_from": origin}
        work.update(cases.impact_period, {"id": one["id"]}, values)
        moved.append(_moved(one, period))
    return moved


def _moved(row: Row, period: impact.ImpactPeriod) -> dict[str, Any]:
    before, after = row["ends_on"], period.ends_on
    return {
        "period_id": row["id"],
        "bar": row["bar"],
        "starts_on": period.starts_on.isoformat(),
        "before": before.isoformat() if before else None,
        "after": after.isoformat() if after else None,
    }


def tell_tracking(
    work: Work, case: CaseStanding, reason: str, *, message: str = "plan_changed", **variables: Any
) -> None:
    """Date the cadre's plan anew and let its process hear of it; without any measure left tracking ends.

    A measure of another case joins the plan at its talk: until then the plan's readers learn nothing of it.
    """
    plan = work.one(tracking.tracking_plan, person_id=case.person_id, status="open", lock=True)
    if plan is None:
        return
    if case.talked_on is None and plan["case_id"] != case.id:
        return
    goes_on = bool(told_measures(work, case.person_id, plan["case_id"]))
    ends = {"latest_end": told_end(work, case.person_id, plan["case_id"])}
    work.update(tracking.tracking_plan, {"id": plan["id"]}, ends)
    messages.send(
        work,
        case_id=plan["case_id"],
        element_id=f"measures:{plan['id']}",
        message=message if goes_on else "tracking_terminated",
        correlation=case.person_id,
        variables={"plan_id": plan["id"], "change_reason": reason, **variables},
    )
