"""Periodic notes 帮带记实 and annual summaries as plan rows, and 研判事项 raised from what they say."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from uuid_utils import uuid7

from webapp.domain.errors import Invalid, NotFound
from webapp.domain.people import APPRAISALS_ZH
from webapp.domain.workdays import add_months, start_of_day
from webapp.persistence.models import people, runtime
from webapp.persistence.models import tracking as tables
from webapp.services import appraisal_table
from webapp.services.advance import Call
from webapp.services.delegates.inputs import text, text_or_none
from webapp.services.delegates.plans import plan_row, tracked_until
from webapp.services.dossier import told_measures

EVERY = {"monthly": 1, "quarterly": 3}
HORIZON_MONTHS = 24
YEAR_END = (12, 15)


def plan_notes(call: Call) -> Mapping[str, object]:
    """Write the note rows of a frequency and one summary a calendar year; rows not begun are replaced."""
    row, frequency = plan_row(call), text(call, "frequency")
    if frequency not in EVERY:
        raise Invalid({"frequency": "帮带记实频次只能是每月或每季度。"})
    _drop(call, row["id"])
    today = call.work.today
    until = tracked_until(call.work, row) or add_months(today, HORIZON_MONTHS)
    days = [("mentor", one) for one in _mentor_days(row["opened_on"], today, until, EVERY[frequency])]
    days += [
        ("annual", date(year, *YEAR_END))
        for year in range(today.year, until.year + 1)
        if today < date(year, *YEAR_END) <= until
    ]
    rows = [_row(row, kind, due_on) for kind, due_on in days]
    if rows:
        call.work.insert(tables.periodic_note, rows)
        call.work.insert(runtime.job, [_job(call, row, one) for one in rows])
    call.work.update(tables.tracking_plan, {"id": row["id"]}, {"note_frequency": frequency})
    return {}


def _mentor_days(opened_on: date, today: date, until: date, every: int) -> list[date]:
    found, n = [], every
    while (due_on := add_months(opened_on, n)) <= until:
        if due_on > today:
            found.append(due_on)
        n += every
    return found


def _row(plan: Mapping[str, Any], kind: str, due_on: date) -> dict[str, Any]:
    return {"id": str(uuid7()), "plan_id": plan["id"], "kind": kind, "due_on": due_on, "status": "planned"}


def _job(call: Call, plan: Mapping[str, Any], note: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "kind": "message",
        "status": "due",
        "due_at": max(start_of_day(note["due_on"]), call.work.now),
        "case_id": plan["case_id"],
        "element_id": f"note:{note['id']}",
        "payload": {
            "message": "note_due",
            "correlation": note["id"],
            "variables": {
                "note_id": note["id"],
                "plan_id": plan["id"],
                "note_kind": note["kind"],
                "due_on": note["due_on"].isoformat(),
            },
        },
        "attempts": 0,
        "created_at": call.work.now,
    }


def _drop(call: Call, plan_id: str) -> None:
    planned = call.work.all(tables.periodic_note, plan_id=plan_id, status="planned")
    if planned:
        elements = [f"note:{one['id']}" for one in planned]
        call.work.update(runtime.job, {"element_id": elements, "status": "due"}, {"status": "cancelled"})
        call.work.update(
            tables.periodic_note, {"plan_id": plan_id, "status": "planned"}, {"status": "cancelled"}
        )


def _note(call: Call) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    note = call.work.one(tables.periodic_note, id=text(call, "note_id"))
    if note is None:
        raise NotFound("没有找到该次帮带记实。")
    return note, call.work.get(tables.tracking_plan, id=note["plan_id"])


def read_note(call: Call) -> Mapping[str, object]:
    """What the note's process must know; marks the row as begun."""
    note, plan = _note(call)
    measures = told_measures(call.work, plan["person_id"], plan["case_id"])
    call.work.update(tables.periodic_note, {"id": note["id"]}, {"status": "started"})
    return {
        "writer_ids": [plan["mentor_id"]] if plan["mentor_id"] else [],
        "care": plan["care"],
        **appraisal_table.asked(measures, note["due_on"].year),
    }


def record_note(call: Call) -> Mapping[str, object]:
    """The note is written and checked; an annual summary tells the year's appraisal 年度考核结果."""
    note, plan = _note(call)
    grade = call.variables.get("appraisal_grade")
    if note["kind"] == "annual" and grade in APPRAISALS_ZH:
        row = {"person_id": plan["person_id"], "year": note["due_on"].year, "grade": grade}
        call.work.put(people.appraisal, row)
    call.work.update(tables.periodic_note, {"id": note["id"]}, {"status": "done", "done_on": call.work.today})
    return {}


def raise_assessment_item(call: Call) -> Mapping[str, object]:
    """Something to look at 研判事项; it opens no case, people do."""
    item_id = str(uuid7())
    call.work.insert(
        tables.assessment_item,
        {
            "id": item_id,
            "person_id": call.case.person_id,
            "case_id": call.case.id,
            "source": text(call, "source"),
            "reason": text_or_none(call, "reason") or "unspecified",
            "raised_on": call.work.today,
            "status": "open",
        },
    )
    return {"assessment_item_id": item_id}
