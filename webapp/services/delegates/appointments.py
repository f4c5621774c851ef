"""Appointments 任免 as dated rows: an adjustment takes effect, a reinstatement, a probation and its end."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from uuid_utils import uuid7

from webapp.domain import probation
from webapp.domain.errors import Invalid, Reason, RuleBroken
from webapp.persistence import counting
from webapp.persistence.models import cases, people, runtime
from webapp.services import eligibility, publicity
from webapp.services.advance import Call
from webapp.services.delegates.inputs import day, flag, text, text_or_none

# What the roster and papers call who was relieved of a post and given no other: it tells nothing of why.
WITHOUT_POST = "干部"


def apply_adjustment(call: Call) -> Mapping[str, object]:
    """End the present post and, where there is one, begin the new one 任免生效."""
    manner, effective_on = text(call, "manner"), day(call, "effective_on")
    decided = [row["decided_on"] for row in call.work.all(cases.measure, case_id=call.case.id)]
    if decided and effective_on < max(decided):
        raise Invalid({"effective_on": "任免生效日期不能早于决定日期。"})
    target, document_no = text_or_none(call, "target_post_id"), text_or_none(call, "document_no")
    end_current(call, effective_on)
    if target is None:
        _leave_post(call, effective_on)
        return {"appointment_id": None}
    return {"appointment_id": begin(call, target, effective_on, manner, document_no)}


def end_current(call: Call, effective_on: date) -> None:
    """Every post still held ends the day before."""
    where = {"person_id": call.case.person_id, "valid_to": None}
    call.work.update(people.appointment, where, {"valid_to": effective_on - timedelta(days=1)})


def begin(call: Call, post_id: str, effective_on: date, manner: str, document_no: str | None) -> str:
    """A new appointment, and the cadre's unit and title from the same day → its id."""
    appointment_id = str(uuid7())
    row = {
        "id": appointment_id,
        "person_id": call.case.person_id,
        "post_id": post_id,
        "valid_from": effective_on,
        "manner": manner,
        "document_no": document_no,
        "case_id": call.case.id,
    }
    call.work.insert(people.appointment, row)
    _move_cadre(call, post_id, effective_on)
    return appointment_id


def _leave_post(call: Call, effective_on: date) -> None:
    """免职 without a new post: from that day the cadre leads nothing and has no title; the rank stays."""
    current = call.work.one(people.cadre, person_id=call.case.person_id, valid_to=None)
    if current is not None:
        _change_cadre(call, current, {"title": WITHOUT_POST, "is_leading": False}, effective_on)


def _move_cadre(call: Call, post_id: str, effective_on: date) -> None:
    post = call.work.get(people.post, id=post_id)
    current = call.work.one(people.cadre, person_id=call.case.person_id, valid_to=None)
    if current is None:
        return
    if current["unit_id"] != post["organisation_id"]:
        _hand_over(call, current["unit_id"], post["organisation_id"])
    values: dict[str, Any] = {
        "unit_id": post["organisation_id"],
        "title": post["title"],
        "rank": post["rank"],
        "is_leading": post["kind"] != "rank_only",
    }
    _change_cadre(call, current, values, effective_on)


def _change_cadre(
    call: Call, current: Mapping[str, Any], values: Mapping[str, Any], effective_on: date
) -> None:
    if current["valid_from"] >= effective_on:
        call.work.update(people.cadre, _key(current), values)
        return
    call.work.update(people.cadre, _key(current), {"valid_to": effective_on - timedelta(days=1)})
    call.work.insert(people.cadre, {**current, **values, "valid_from": effective_on, "valid_to": None})


def _hand_over(call: Call, old_unit: str, new_unit: str) -> None:
    """The new unit takes over what the cadre's open cases ask of the unit; the old one loses sight of them."""
    work = call.work
    mine = work.all(
        cases.case_file, person_id=call.case.person_id, unit_id=old_unit, status=["open", "suspended"]
    )
    moved = [row["id"] for row in mine]
    work.update(cases.case_file, {"id": moved}, {"unit_id": new_unit})
    items = [row["id"] for row in work.all(runtime.work_item, case_id=moved, status="open")]
    asked = work.all(runtime.work_candidate, work_item_id=items, organisation_id=old_unit)
    if asked:
        work.update(
            runtime.work_candidate, {"id": [row["id"] for row in asked]}, {"organisation_id": new_unit}
        )
        held = {"id": sorted({row["work_item_id"] for row in asked}), "status": "open"}
        work.update(runtime.work_item, held, {"assignee_id": None})
    if call.case.unit_id == old_unit:
        call.case.unit_id, call.case.bodies = new_unit, {**call.case.bodies, "unit": new_unit}


def _key(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"person_id": row["person_id"], "valid_from": row["valid_from"]}


def appoint(call: Call) -> Mapping[str, object]:
    """Reinstate 任职: the term counts from the day of the decision, probation only where owed.

    RuleBroken with every reason of the publicity and of D3, asked again in this transaction (F06–F08).
    """
    decided_on, effective_on = day(call, "decided_on"), day(call, "effective_on")
    if effective_on < decided_on:
        raise Invalid({"effective_on": "任职日期不能早于决定日期。"})
    # Held until the end: no measure of the cadre is registered, and nobody else takes the last place, meanwhile.
    counting.hold(call.work, call.case.person_id)
    post = call.work.get(people.post, id=text(call, "post_id"), lock=True)
    reasons = [
        *publicity.reasons_against_appointing(call.work, call.case.person_id, call.variables),
        *_ineligible(call, post["id"]),
    ]
    if reasons:
        raise RuleBroken(reasons)
    manner = "probation" if flag(call, "probation") else "reinstatement"
    end_current(call, effective_on)
    appointment_id = begin(call, post["id"], effective_on, manner, text_or_none(call, "document_no"))
    if not flag(call, "probation"):
        return {"appointment_id": appointment_id, "probation_ends_on": None}
    ends_on = probation.begin(decided_on).ends_on
    call.work.update(people.appointment, {"id": appointment_id}, {"probation_ends_on": ends_on})
    return {"appointment_id": appointment_id, "probation_ends_on": ends_on.isoformat()}


def _ineligible(call: Call, post_id: str) -> list[Reason]:
    """What D3 has against the cadre and the post at the moment of appointing (F07, F08)."""
    verdict = eligibility.check(
        call.work,
        call.case.person_id,
        action=call.variables.get("branch", "promotion"),
        step="appointment",
        today=call.work.today,
        post_id=post_id,
        variables=call.variables,
    )
    return list(verdict.reasons)


def confirm_appointment(call: Call) -> Mapping[str, object]:
    """Confirm after probation 正式任职: its last day is over, the appraisal passed, nothing open or barring (F11)."""
    row = call.work.get(people.appointment, id=text(call, "appointment_id"))
    ends_on = row["probation_ends_on"]
    if ends_on is not None:
        reasons = probation.reasons_against_confirming(
            ends_on,
            call.work.today,
            appraised=call.variables.get("probation_outcome") == "pass",
            open_matters=eligibility.open_matters(call.work, row["person_id"]),
        )
        reasons += eligibility.barred_from_confirming(call.work, row["id"], call.variables, call.work.today)
        if reasons:
            raise RuleBroken(reasons)
    call.work.update(people.appointment, {"id": row["id"]}, {"confirmed_on": call.work.today})
    return {"confirmed_on": call.work.today.isoformat()}


def end_probation_appointment(call: Call) -> Mapping[str, object]:
    """End a post held on probation 免去试任职务, back to the former rank (F11)."""
    row = call.work.get(people.appointment, id=text(call, "appointment_id"))
    call.work.update(people.appointment, {"id": row["id"], "valid_to": None}, {"valid_to": call.work.today})
    _former_rank(call, row["valid_from"])
    return {"ended_on": call.work.today.isoformat()}


def _former_rank(call: Call, appointed_on: date) -> None:
    """From the next day the rank and title are again those before the probation (F11)."""
    rows = call.work.all(people.cadre, person_id=call.case.person_id, order=("-valid_from",))
    before = next((row for row in rows if row["valid_from"] < appointed_on), None)
    current = next((row for row in rows if row["valid_to"] is None), None)
    if before is None or current is None:
        return
    former = {name: before[name] for name in ("rank", "title", "is_leading", "unit_id")}
    call.work.update(people.cadre, _key(current), {"valid_to": call.work.today})
    from_tomorrow = call.work.today + timedelta(days=1)
    call.work.insert(people.cadre, {**current, **former, "valid_from": from_tomorrow, "valid_to": None})
