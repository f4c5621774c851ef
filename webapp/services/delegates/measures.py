"""Measures 处理处分调整措施 on a case: the register, the impact periods, consent by silence, the talk."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from uuid_utils import uuid7

from webapp.domain import impact
from webapp.domain.errors import Invalid
from webapp.domain.measures import measure as kind_of
from webapp.persistence.models import cases, runtime, tracking
from webapp.services.advance import Call
from webapp.services.delegates import plans
from webapp.services.delegates.inputs import day, flag, number_or_none, text, text_or_none, whole
from webapp.services.dossier import policy_of, running_periods
from webapp.services.office import Work

BARS: tuple[impact.BarKind, ...] = ("promotion", "equal", "leading")


def register_measure(call: Call) -> Mapping[str, object]:
    """Enter a decision in the register of measures 登记措施; its kind must be in the catalogue."""
    kind = kind_of(text(call, "track"), text(call, "kind"))
    decided_on, effective_on = day(call, "decided_on"), day(call, "effective_on")
    if decided_on > call.work.today:
        raise Invalid({"decided_on": "决定日期不能晚于今天。"})
    if effective_on < decided_on:
        raise Invalid({"effective_on": "生效日期不能早于决定日期，请核对。"})
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
            "document_no": text_or_none(call, "document_no"),
            "decided_on": decided_on,
            "effective_on": effective_on,
            "months_decided": number_or_none(call, "months_decided"),
            "is_late_entry": flag(call, "late_entry"),
            "registered_at": call.work.now,
        },
    )
    return {"measure_id": measure_id}


def open_impact_periods(call: Call) -> Mapping[str, object]:
    """Compute and open the impact periods 影响期起算 from D1's months, on top of the same track's rest."""
    work, measure_id = call.work, text(call, "measure_id")
    row = work.get(cases.measure, id=measure_id)
    months: Any = call.inputs.get("months") or {}
    bars = bars_of(months)
    running = running_periods(work, call.case.person_id)
    found = impact.periods(
        bars,
        row["effective_on"],
        policy_of(call.case.policy),
        basis=f"{row['track']}.{row['kind']}",
        track=row["track"],
        running=running,
        months_decided=row["months_decided"],
    )
    rows = [_period_row(call, measure_id, one, months) for one in found]
    if rows:
        work.insert(cases.impact_period, rows)
    end = impact.latest_end([*running, *found])
    return {"latest_end": end.on.isoformat() if end.on else None, "period_ids": [one["id"] for one in rows]}


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
    """Show held-back tasks and date the plan's release."""
    work.update(
        runtime.work_item, {"case_id": case_id, "status": "open", "withheld": True}, {"withheld": False}
    )
    work.update(tracking.tracking_plan, {"case_id": case_id, "released_on": None}, {"released_on": day_})
