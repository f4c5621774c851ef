"""Measures 处理处分调整措施 on a case: the register, the impact periods, consent by silence, the talk."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from uuid_utils import uuid7

from webapp.domain import impact
from webapp.domain.errors import Invalid, RuleBroken
from webapp.domain.measures import measure as kind_of
from webapp.persistence import counting
from webapp.persistence.models import cases, runtime, tracking
from webapp.services import recounting
from webapp.services.advance import Call
from webapp.services.delegates import plans
from webapp.services.delegates.inputs import day, flag, number_or_none, text, text_or_none, whole
from webapp.services.dossier import latest_end, policy_of, registered_before
from webapp.services.office import Work

BARS: tuple[impact.BarKind, ...] = ("promotion", "equal", "leading")


def register_measure(call: Call) -> Mapping[str, object]:
    """Enter a decision in the register of measures 登记措施; its kind must be in the catalogue."""
    # From here on one registration of the cadre waits for the other: what they count builds on one another.
    counting.hold(call.work, call.case.person_id)
    kind = kind_of(text(call, "track"), text(call, "kind"))
    decided_on, effective_on = day(call, "decided_on"), day(call, "effective_on")
    if decided_on > call.work.today:
        raise Invalid({"decided_on": "决定日期不能晚于今天。"})
    if effective_on < decided_on:
        raise Invalid({"effective_on": "生效日期不能早于决定日期，请核对。"})
    number = text_or_none(call, "document_no") or ""
    known = registered_before(call.work, call.case.person_id, kind.track, kind.code, number)
    if known:
        raise RuleBroken([known])
    measure_id = str(uuid7())
    call.work.insert(
        cases.measure,
        {
            "id": measure_id,
            "case_id": call.case.id,
            "person_id": call.case.person_id,
            "track": kind.track,
            "kind": kind.code,
            "organ": text_or_none(call, "organ"),
            "document_no": number or None,
            "decided_on": decided_on,
            "effective_on": effective_on,
            "months_decided": number_or_none(call, "months_decided"),
            "is_late_entry": flag(call, "late_entry"),
            "registered_at": call.work.now,
        },
    )
    return {"measure_id": measure_id}


def open_impact_periods(call: Call) -> Mapping[str, object]:
    """Open the impact periods 影响期起算 by D1's months, and count every later one of the track anew.

    A decision entered late stands before those entered earlier: they build on its rest, whichever case they are in.
    """
    work, measure_id, person_id = call.work, text(call, "measure_id"), call.case.person_id
    counting.hold(work, person_id)
    row = work.get(cases.measure, id=measure_id)
    months: Any = call.inputs.get("months") or {}
    found = impact.periods(
        bars_of(months),
        row["effective_on"],
        policy_of(call.case.policy),
        basis=f"{row['track']}.{row['kind']}",
        track=row["track"],
        months_decided=row["months_decided"],
    )
    rows = [_period_row(call, measure_id, one, months) for one in found]
    if rows:
        work.insert(cases.impact_period, rows)
    own = [one["id"] for one in rows]
    moved = recounting.recount(work, person_id, {row["track"]}, measure_id)
    end = latest_end(work, person_id)
    return {
        "latest_end": end.isoformat() if end else None,
        "period_ids": own,
        "recounted": [one for one in moved if one["period_id"] not in own],
    }


def bars_of(months: Mapping[str, Any]) -> list[impact.Bar]:
    """What a row of D1 bars, and for how long."""
    return [bar for bar in (_bar(months, name) for name in BARS) if bar is not None]


def _bar(months: Mapping[str, Any], name: impact.BarKind) -> impact.Bar | None:
    """A row's months for one bar; ``open_until`` leaves the end to a later decision."""
    value = whole(months.get(name))
    if months.get("open_until") and (value is not None or name == "promotion"):
        return impact.Bar(name, None)
    return impact.Bar(name, value) if value else None


def _period_row(
    call: Call, measure_id: str, one: impact.ImpactPeriod, months: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "case_id": call.case.id,
        "person_id": call.case.person_id,
        "measure_id": measure_id,
        "bar": one.bar,
        "months": whole(months.get(one.bar)),
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "rule": one.rule,
    }


def record_deemed_consent(call: Call) -> Mapping[str, object]:
    """Silence of the dual manager for a month counts as consent and is recorded as such (F24)."""
    return {
        "consulted": text(call, "consulted"),
        "asked_on": day(call, "asked_on").isoformat(),
        "deemed_on": day(call, "deemed_on").isoformat(),
        "manner": "deemed_consent",
    }


def record_talk(call: Call) -> Mapping[str, object]:
    """The talk 谈话 is recorded: from now on the cadre, the helper and the unit see the case."""
    talked_on = day(call, "talked_on")
    if talked_on > call.work.today:
        raise Invalid({"talked_on": "谈话日期不能晚于今天。"})
    decided = [row["decided_on"] for row in call.work.all(cases.measure, case_id=call.case.id)]
    if decided and talked_on < max(decided):
        raise Invalid({"talked_on": "谈话日期不能早于决定日期。"})
    call.case.talked_on = talked_on
    told_on = _told_on(call, talked_on)
    call.work.update(cases.case_file, {"id": call.case.id}, {"talked_on": talked_on, "told_on": told_on})
    plans.join_once_told(call)
    release(call.work, call.case.id, talked_on)
    return {}


def _told_on(call: Call, talked_on: date) -> date:
    """The day the remedies were handed over in writing, as the talk's form notes it; else the talk told them."""
    noted = call.variables.get("remedy_delivered_on")
    told_on = date.fromisoformat(str(noted)[:10]) if noted else talked_on
    if told_on > call.work.today:
        raise Invalid({"remedy_delivered_on": "书面告知送达日期不能晚于今天。"})
    return max(told_on, talked_on)


def release(work: Work, case_id: str, day_: date) -> None:
    """Show held-back tasks and date the plan's release, never before the plan was there."""
    work.update(
        runtime.work_item, {"case_id": case_id, "status": "open", "withheld": True}, {"withheld": False}
    )
    for plan in work.all(tracking.tracking_plan, case_id=case_id, released_on=None):
        released_on = max(day_, plan["opened_on"])
        work.update(tracking.tracking_plan, {"id": plan["id"]}, {"released_on": released_on})
