"""Tracking plans 跟踪管理方案: one per cadre, opened the day of the decision, never closed too early (F14)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from uuid_utils import uuid7

from webapp.domain import tracking as rules
from webapp.domain.errors import Invalid, NotFound, RuleBroken
from webapp.domain.workdays import add_months
from webapp.persistence.models import cases, runtime
from webapp.persistence.models import tracking as tables
from webapp.services import messages
from webapp.services.advance import Call
from webapp.services.delegates.inputs import day, text, text_or_none
from webapp.services.dossier import (
    has_open_appeal,
    last_visit_grade,
    measures_that_stand,
    relatives_of,
    running_periods,
    told_end,
    told_measures,
    told_periods,
)
from webapp.services.office import Work

CLASSES = ("A", "B", "C")
# From light to grave: which track's rules of care hold when several measures meet in one plan.
MONTHS_WITHOUT_BAR = 12
# What the plan's process hears of; once it is closed nobody waits for them any more.
PLAN_MESSAGES = ("plan_changed", "rights_restored", "tracking_terminated")
GRAVITY = ("clear", "mild", "personal_matters", "up_down", "handling", "accountability", "admin", "party")


def open_tracking(call: Call) -> Mapping[str, object]:
    """Open the cadre's plan the same day, or let the measure join the one that runs (F14).

    What is entered late when its period is over is put on record only: there is nothing left to track.
    """
    tracking_class, person_id = text(call, "tracking_class"), call.case.person_id
    if tracking_class not in CLASSES:
        raise Invalid({"tracking_class": "联系类别只能是一般、重点、专项。"})
    _require_same_day(call)
    running = call.work.one(tables.tracking_plan, person_id=person_id, status="open", lock=True)
    if running is not None:
        if _is_after_reuse(call.work, running) and _is_over(call):
            return {"plan_id": None, "is_new": False}
        return _join(call, running, tracking_class, text(call, "care"))
    if _is_over(call):
        return {"plan_id": None, "is_new": False}
    return _open(call, tracking_class, text(call, "care"), day(call, "opened_on"))


def _open(call: Call, tracking_class: str, care: str, opened_on: date) -> Mapping[str, object]:
    plan_id, person_id = str(uuid7()), call.case.person_id
    call.work.insert(
        tables.tracking_plan,
        {
            "id": plan_id,
            "person_id": person_id,
            "case_id": call.case.id,
            "tracking_class": tracking_class,
            "care": care,
            "opened_on": opened_on,
            "latest_end": told_end(call.work, person_id, call.case.id),
            "status": "open",
        },
    )
    _tell(call, "tracking_opened", {"plan_id": plan_id})
    return {"plan_id": plan_id, "is_new": True}


def _is_over(call: Call) -> bool:
    """True for a measure entered late 补录 when every period of the cadre is over, or a year if it bars nothing."""
    named = text_or_none(call, "measure_id")
    measure = call.work.one(cases.measure, id=named) if named else None
    if measure is None or not measure["is_late_entry"]:
        return False
    today = call.work.today
    if any(not one.is_over(today) for one in running_periods(call.work, call.case.person_id)):
        return False
    barred = call.work.all(cases.impact_period, measure_id=measure["id"], limit=1)
    return bool(barred) or add_months(measure["effective_on"], MONTHS_WITHOUT_BAR) <= today


def _require_same_day(call: Call) -> None:
    """The plan opens the day its measure takes effect; a measure entered late has passed that day (F14)."""
    named = text_or_none(call, "measure_id")
    measure = call.work.one(cases.measure, id=named) if named else None
    if measure is None or measure["is_late_entry"]:
        return
    reasons = rules.reasons_against_opening_on(day(call, "opened_on"), measure["effective_on"])
    if reasons:
        raise RuleBroken(reasons)


def _join(call: Call, running: Mapping[str, Any], tracking_class: str, care: str) -> Mapping[str, object]:
    """Join the plan led on another case only once the talk was held: until then its readers learn nothing.

    Education asked for by one measure is owed whatever the others ask for. Visits after reinstatement alone are no
    tracking: a measure taken in that time opens a plan of its own in their place.
    """
    result = {"plan_id": running["id"], "is_new": False}
    if call.case.talked_on is None and running["case_id"] != call.case.id:
        return {**result, "tracking_class": tracking_class, "care": care}
    if _is_after_reuse(call.work, running):
        _end_reuse_plan(call.work, running, "measure_added")
        return _open(call, tracking_class, care, call.work.today)
    values = {
        "latest_end": told_end(call.work, call.case.person_id, running["case_id"]),
        "tracking_class": max(running["tracking_class"], tracking_class),
        "care": "care" if care == running["care"] == "care" else "education",
    }
    call.work.update(tables.tracking_plan, {"id": running["id"]}, values)
    # Its last measure was revoked while its case rested: this one goes on with it.
    messages.call_off(call.work, element_id=f"measures:{running['id']}", message="tracking_terminated")
    _tell(call, "plan_changed", {"plan_id": running["id"], "change_reason": "measure_added"})
    return result


def join_once_told(call: Call) -> None:
    """The talk is held: the measure that waited for it joins the plan, or opens one if that plan has ended."""
    waited: Any = call.variables.get("plan")
    if not isinstance(waited, Mapping) or "tracking_class" not in waited:
        return
    person_id = call.case.person_id
    if all(row["case_id"] != call.case.id for row in measures_that_stand(call.work, person_id)):
        return
    running = call.work.one(tables.tracking_plan, person_id=person_id, status="open", lock=True)
    tracking_class, care = str(waited["tracking_class"]), str(waited["care"])
    if running is None:
        _open(call, tracking_class, care, call.work.today)
    else:
        _join(call, running, tracking_class, care)


def _tell(call: Call, message: str, variables: dict[str, Any]) -> None:
    messages.send(
        call.work,
        case_id=call.case.id,
        element_id=f"{call.element_id}:{call.run.instance_id}",
        message=message,
        correlation=call.case.person_id,
        variables=variables,
    )


def plan_row(call: Call) -> Mapping[str, Any]:
    """The plan an input names; NotFound when there is none."""
    row = call.work.one(tables.tracking_plan, id=text(call, "plan_id"))
    if row is None:
        raise NotFound("没有找到该跟踪管理方案。")
    return row


def read_plan(call: Call) -> Mapping[str, object]:
    """One snapshot of the plan with its told measures and periods; writes only the instance it is led by."""
    row, work = plan_row(call), call.work
    measures = told_measures(work, row["person_id"], row["case_id"], order=("decided_on",))
    gravest = max(measures, key=lambda one: GRAVITY.index(one["track"]), default=None)
    end = told_end(work, row["person_id"], row["case_id"])
    if end != row["latest_end"] or row["instance_id"] is None:
        work.update(
            tables.tracking_plan, {"id": row["id"]}, {"latest_end": end, "instance_id": call.run.instance_id}
        )
    return {
        "latest_end": _iso(end),
        "tracking_until": _iso(tracked_until(work, row)),
        "months": _longest(work, measures),
        "track": gravest["track"] if gravest else "up_down",
        "kind": gravest["kind"] if gravest else "",
        "tracking_class": row["tracking_class"],
        "care": row["care"],
        "disputes": row["disputes"],
        "last_grade": last_visit_grade(work, row["id"]),
        "appeal_pending": has_open_appeal(work, row["person_id"]),
        "probation_in_party": any(str(one["kind"]).startswith("party_probation") for one in measures),
        "opened_on": _iso(row["opened_on"]),
        "mentor_id": row["mentor_id"],
    }


def tracked_until(work: Any, row: Mapping[str, Any]) -> date | None:
    """The last day of tracking: the latest impact end or a longer term set; None while an end is 未定.

    A measure that bars nothing is followed for a year all the same.
    """
    running = told_periods(work, row["person_id"], row["case_id"])
    if any(period.ends_on is None for period in running):
        return None
    ends = [*(period.ends_on for period in running if period.ends_on), row["extended_until"]]
    known = [one for one in ends if one and one >= row["opened_on"]]
    return max(known) if known else add_months(row["opened_on"], MONTHS_WITHOUT_BAR)


def _longest(work: Any, measures: Sequence[Mapping[str, Any]]) -> int | None:
    rows = work.all(cases.impact_period, measure_id=[row["id"] for row in measures], bar="promotion")
    return max((row["months"] for row in rows if row["months"]), default=None)


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def set_class(call: Call) -> Mapping[str, object]:
    """The class 联系类别 from today on; only the intensity of tracking, never a period (F27)."""
    tracking_class, reason = text(call, "tracking_class"), text_or_none(call, "reason")
    if tracking_class not in CLASSES:
        raise Invalid({"tracking_class": "联系类别只能是一般、重点、专项。"})
    values: dict[str, Any] = {"tracking_class": tracking_class}
    if reason == "disputes":
        values["disputes"] = True
    call.work.update(tables.tracking_plan, {"id": text(call, "plan_id")}, values)
    return {}


def assign_mentor(call: Call) -> Mapping[str, object]:
    """Name the helper 帮带责任人, never the cadre or a relative."""
    row, mentor_id = plan_row(call), text(call, "mentor_id")
    plan = rules.Plan(row["id"], row["person_id"], row["opened_on"])
    rules.require_may_mentor(mentor_id, plan, relatives_of(call.work, row["person_id"]))
    values = {"mentor_id": mentor_id, "mentor_on": call.work.today}
    call.work.update(tables.tracking_plan, {"id": row["id"]}, values)
    return {}


def extend_plan(call: Call) -> Mapping[str, object]:
    """Track longer or closer; an impact period never moves by it (F27)."""
    values = {"extended_until": day(call, "until"), "tracking_class": text(call, "tracking_class")}
    call.work.update(tables.tracking_plan, {"id": text(call, "plan_id")}, values)
    return {}


def close_plan(call: Call) -> Mapping[str, object]:
    """End the plan 结束跟踪; refused before the latest impact end unless ended for cause (F14)."""
    row, conclusion = plan_row(call), text(call, "conclusion")
    plan = rules.Plan(
        row["id"],
        row["person_id"],
        row["opened_on"],
        row["status"],
        row["tracking_class"],
        row["mentor_id"],
        row["mentor_on"],
        row["care"] == "care",
    )
    ending = _ending(call, row, conclusion)
    begun = call.work.all(tables.visit, plan_id=row["id"], status="started")
    rules.require_may_close(
        plan,
        running_periods(call.work, row["person_id"]),
        call.work.today,
        ending=ending,
        visits_open=sum(one["due_on"] <= call.work.today for one in begun),
    )
    kept = ending if ending == "decision_revoked" else conclusion
    values = {"status": "closed", "conclusion": kept, "closed_on": call.work.today}
    call.work.update(tables.tracking_plan, {"id": row["id"]}, values)
    cancel_rows(call.work, row["id"])
    stale = {"message": PLAN_MESSAGES, "correlation": row["person_id"], "status": "waiting"}
    call.work.update(runtime.outbox, stale, {"status": "cancelled"})
    return {}


def _ending(call: Call, row: Mapping[str, Any], conclusion: str) -> rules.Ending:
    """Why the plan ends; where every measure it rests on was revoked, for that reason."""
    if conclusion != "terminated":
        return "concluded"
    has_measures = bool(call.work.all(cases.measure, person_id=row["person_id"], limit=1))
    revoked = has_measures and not told_measures(call.work, row["person_id"], row["case_id"])
    return "decision_revoked" if revoked else "left_service"


def close_reuse_plans(call: Call, conclusion: str) -> None:
    """The plan of the visits after reinstatement ends with its case."""
    mine = call.work.all(
        tables.tracking_plan, person_id=call.case.person_id, case_id=call.case.id, status="open"
    )
    for row in mine:
        _end_reuse_plan(call.work, row, conclusion)


def _is_after_reuse(work: Work, plan: Mapping[str, Any]) -> bool:
    """True for a plan that only holds the visits after reinstatement 任用后回访: no process of tracking leads it."""
    return plan["instance_id"] is None and bool(
        work.all(tables.visit, plan_id=plan["id"], kind="after_reuse", limit=1)
    )


def _end_reuse_plan(work: Work, plan: Mapping[str, Any], conclusion: str) -> None:
    values = {"status": "closed", "conclusion": conclusion, "closed_on": work.today}
    work.update(tables.tracking_plan, {"id": plan["id"]}, values)
    cancel_rows(work, plan["id"])


def cancel_rows(work: Work, plan_id: str) -> None:
    """Visits and notes not begun fall away, with the jobs that would have started them."""
    visits = work.all(tables.visit, plan_id=plan_id, status="planned")
    notes = work.all(tables.periodic_note, plan_id=plan_id, status="planned")
    elements = [f"visit:{row['id']}" for row in visits] + [f"note:{row['id']}" for row in notes]
    if elements:
        work.update(runtime.job, {"element_id": elements, "status": "due"}, {"status": "cancelled"})
    work.update(tables.visit, {"plan_id": plan_id, "status": "planned"}, {"status": "cancelled"})
    work.update(tables.periodic_note, {"plan_id": plan_id, "status": "planned"}, {"status": "cancelled"})
