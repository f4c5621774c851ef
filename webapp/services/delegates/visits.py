"""Return visits 回访 as plan rows; a job starts each visit's process some days before it falls due (D5)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from uuid_utils import uuid7

from webapp.domain import visits as rules
from webapp.domain.errors import Invalid, NotFound, Reason, RuleBroken
from webapp.domain.workdays import add_months, start_of_day
from webapp.persistence.models import cases, runtime
from webapp.persistence.models import tracking as tables
from webapp.services.advance import Call
from webapp.services.delegates.inputs import day, flag, ids, number, number_or_none, text, text_or_none
from webapp.services.delegates.plans import plan_row, tracked_until
from webapp.services.dossier import (
    handlers_of,
    has_open_appeal,
    relatives_of,
    told_end,
    told_measures,
    visit_not_before,
)
from webapp.services.identity import USERS

# A visit is prepared before its day: the talk with the unit, the outline, the choice of visitors.
PREPARATION = timedelta(days=15)
SPECIAL_WITHIN = timedelta(days=7)
HORIZON_MONTHS = 24
# Where the grounds of a grade are written.
GRADED = ("grade_visit", "grade_evidence")


def plan_visits(call: Call) -> Mapping[str, object]:
    """Write the plan's visits from D5's row, once; asked again it changes nothing."""
    row = plan_row(call)
    planned = call.work.all(tables.visit, plan_id=row["id"], order=("due_on",))
    if not planned:
        visits = _schedule(call, row)
        _write(call, row, visits)
        return {"first_due": min(one.due_on for one in visits).isoformat() if visits else None}
    return {"first_due": planned[0]["due_on"].isoformat()}


def _schedule(
    call: Call, row: Mapping[str, Any], *, restored_on: date | None = None
) -> Sequence[rules.PlannedVisit]:
    until = tracked_until(call.work, row)
    frequency = rules.Frequency(
        first_within_months=number(call, "first_within_months"),
        every_months=number(call, "every_months"),
        before_expiry_days=number(call, "before_expiry_days"),
        at_restoration=flag(call, "at_rights_restored"),
    )
    most = number_or_none(call, "max_per_year")
    policy = rules.VisitPolicy(most_a_year=most) if most else rules.DEFAULT_POLICY
    return rules.schedule(
        frequency,
        row["opened_on"],
        until,
        tracking_class=row["tracking_class"],
        restored_on=restored_on,
        horizon=None if until else add_months(row["opened_on"], HORIZON_MONTHS),
        policy=policy,
    )


def _write(call: Call, row: Mapping[str, Any], visits: Sequence[rules.PlannedVisit]) -> None:
    rows = [_visit_row(row, one.kind, max(one.due_on, call.work.today)) for one in visits]
    if not rows:
        return
    call.work.insert(tables.visit, rows)
    call.work.insert(runtime.job, [visit_job(call, one) for one in rows])


def _visit_row(plan: Mapping[str, Any], kind: str, due_on: date) -> dict[str, Any]:
    code = "rights_restored" if kind == "restoration" else kind
    if plan["care"] == "care" and code != "after_reuse":
        code = "care"
    return {
        "id": str(uuid7()),
        "plan_id": plan["id"],
        "case_id": plan["case_id"],
        "kind": code,
        "due_on": due_on,
        "status": "planned",
    }


def visit_job(call: Call, visit: Mapping[str, Any]) -> dict[str, Any]:
    """The job that starts p03 for a visit, in time to prepare it."""
    starts = max(start_of_day(visit["due_on"]) - PREPARATION, call.work.now)
    return {
        "id": str(uuid7()),
        "kind": "message",
        "status": "due",
        "due_at": starts,
        "case_id": visit["case_id"],
        "element_id": f"visit:{visit['id']}",
        "payload": {
            "message": "visit_due",
            "correlation": visit["id"],
            "variables": {
                "visit_id": visit["id"],
                "plan_id": visit["plan_id"],
                "visit_kind": visit["kind"],
                "due_on": visit["due_on"].isoformat(),
            },
        },
        "attempts": 0,
        "created_at": call.work.now,
    }


def reschedule_visits(call: Call) -> Mapping[str, object]:
    """Replace the visits not yet begun; those held count towards the cap; ``immediate`` adds one within days."""
    row = plan_row(call)
    kept = call.work.all(tables.visit, plan_id=row["id"], status=["held", "started"])
    _drop_planned(call, row["id"])
    restored = call.work.today if text(call, "reason") == "rights_restored" else None
    last = max((one["held_on"] or one["due_on"] for one in kept), default=None)
    planned = [one for one in _schedule(call, row, restored_on=restored) if one.due_on >= call.work.today]
    fresh = [one for one in planned if _is_still_due(one, last)]
    if flag(call, "immediate"):
        fresh.append(rules.PlannedVisit("special", call.work.today + SPECIAL_WITHIN))
    _write(call, row, fresh)
    return {"next_due": min((one.due_on.isoformat() for one in fresh), default=None)}


def _is_still_due(visit: rules.PlannedVisit, last: date | None) -> bool:
    """Not where a visit was held or begun shortly before; the one at the return of rights is owed in any case."""
    if last is None or visit.kind == "restoration":
        return True
    return visit.kind != "first" and (visit.due_on - last).days >= rules.MERGE_DAYS


def _drop_planned(call: Call, plan_id: str) -> None:
    planned = call.work.all(tables.visit, plan_id=plan_id, status="planned")
    if not planned:
        return
    elements = [f"visit:{one['id']}" for one in planned]
    call.work.update(runtime.job, {"element_id": elements, "status": "due"}, {"status": "cancelled"})
    call.work.update(tables.visit, {"plan_id": plan_id, "status": "planned"}, {"status": "cancelled"})


def _visit(call: Call) -> Mapping[str, Any]:
    row = call.work.one(tables.visit, id=text(call, "visit_id"))
    if row is None:
        raise NotFound("没有找到该次回访。")
    return row


def read_visit(call: Call) -> Mapping[str, object]:
    """What the visit's process must know; marks the row as begun."""
    visit, work = _visit(call), call.work
    plan = work.get(tables.tracking_plan, id=visit["plan_id"])
    measures = told_measures(work, plan["person_id"], plan["case_id"], order=("-decided_on",))
    work.update(tables.visit, {"id": visit["id"]}, {"status": "started", "instance_id": call.run.instance_id})
    barred = {plan["person_id"], *relatives_of(work, plan["person_id"])}
    if has_open_appeal(work, plan["person_id"]):
        # 申诉期间，原承办人回避回访.
        barred |= handlers_of(work, visit["case_id"])
    end = told_end(work, plan["person_id"], plan["case_id"])
    return {
        "track": measures[0]["track"] if measures else "up_down",
        "care": plan["care"],
        "visit_kind": visit["kind"],
        "mentor_id": plan["mentor_id"],
        "excluded_ids": sorted(barred | ({plan["mentor_id"]} if plan["mentor_id"] else set())),
        "latest_end": end.isoformat() if end else None,
    }


def postpone_visit(call: Call) -> Mapping[str, object]:
    """Give the visit a new due day with a reason; its process starts again for that day."""
    visit, new_due = _visit(call), day(call, "new_due")
    if new_due <= call.work.today:
        raise Invalid({"new_due": "改期后的回访日期应晚于今天。"})
    call.work.update(tables.visit, {"id": visit["id"]}, {"due_on": new_due, "status": "planned"})
    call.work.insert(runtime.job, visit_job(call, {**visit, "due_on": new_due}))
    return {}


def cancel_visit(call: Call) -> Mapping[str, object]:
    """The visit will not be held; the reason stands in the history."""
    call.work.update(tables.visit, {"id": _visit(call)["id"]}, {"status": "cancelled"})
    return {"reason": text(call, "reason")}


def record_visit(call: Call) -> Mapping[str, object]:
    """File a visit held (F16): at least two visitors, none barred, a grade."""
    visit, visitors = _visit(call), list(dict.fromkeys(ids(call, "visitors")))
    plan = call.work.get(tables.tracking_plan, id=visit["plan_id"])
    grade, held_on = text_or_none(call, "grade"), day(call, "held_on")
    begun: Any = call.variables.get("visit")
    # As the visit was begun: a sanction may have made education of the plan meanwhile.
    is_care = (begun if isinstance(begun, Mapping) and "care" in begun else plan)["care"] == "care"
    record = rules.VisitRecord(
        held_on=held_on,
        visitors=tuple(visitors),
        signed_by=_signers(call, "sign_visit"),
        grade=grade or ("good" if is_care else ""),
        has_evidence=_is_written(call, *(("sum_up_care", "care_summary") if is_care else GRADED)),
        subject_person_id=plan["person_id"],
        subject_signed="signed" in (call.variables.get("subject_answer"), _on_paper(call)),
        refusal_noted=_is_written(call, "note_refusal", "refusal_reason"),
        mentor_person_id=plan["mentor_id"],
        relatives=frozenset(relatives_of(call.work, plan["person_id"])),
        not_before=visit_not_before(call.work, visit),
    )
    reasons: list[Reason] = rules.reasons_against_filing(record, call.work.today)
    if reasons:
        raise RuleBroken(reasons)
    values = {"status": "held", "held_on": held_on, "grade": grade}
    call.work.update(tables.visit, {"id": visit["id"]}, values)
    call.work.insert(tables.visit_visitor, [{"visit_id": visit["id"], "person_id": one} for one in visitors])
    return {}


def _on_paper(call: Call) -> str | None:
    """The cadre signed the record on the spot 当场签字."""
    return "signed" if call.variables.get("signing") == "paper" else None


def _done(call: Call, element_id: str) -> Sequence[Mapping[str, Any]]:
    """The completed tasks of an element of this visit's process."""
    return call.work.all(
        runtime.work_item,
        instance_id=call.run.instance_id,
        element_id=element_id,
        status="completed",
    )


def _signers(call: Call, element_id: str) -> frozenset[str]:
    """The persons who completed an element by their own hand, or on paper by name."""
    users = sorted({row["completed_by"] for row in _done(call, element_id)})
    return frozenset(row["person_id"] for row in call.work.all(USERS, id=users) if row["person_id"])


def _is_written(call: Call, element_id: str, field: str) -> bool:
    """True when a task of the element holds this answer; what it says stays sealed."""
    owners = [row["id"] for row in _done(call, element_id)]
    return bool(call.work.all(cases.sealed_value, owner_id=owners, field=field, limit=1))


def open_reuse_tracking(call: Call) -> Mapping[str, object]:
    """Two visits in the first year after reinstatement 任用后回访, in a plan of their own."""
    count, months = number(call, "visits"), number(call, "within_months")
    plan_id = str(uuid7())
    today = call.work.today
    running = call.work.one(tables.tracking_plan, person_id=call.case.person_id, status="open")
    plan: dict[str, Any] = {
        "id": running["id"] if running else plan_id,
        "person_id": call.case.person_id,
        "case_id": call.case.id,
        "tracking_class": "A",
        "care": "education",
        "opened_on": today,
        "released_on": today,
        "extended_until": add_months(today, months),
        "status": "open",
    }
    if running is None:
        call.work.insert(tables.tracking_plan, plan)
    rows = [
        _visit_row(plan, "after_reuse", add_months(today, months * n // count) - timedelta(days=15))
        for n in range(1, count + 1)
    ]
    call.work.insert(tables.visit, rows)
    call.work.insert(runtime.job, [visit_job(call, one) for one in rows])
    return {"plan_id": plan["id"]}
