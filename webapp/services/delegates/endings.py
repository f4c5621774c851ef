"""How a case ends 卷宗办结."""

from collections.abc import Mapping
from typing import Any

from uuid_utils import uuid7

from webapp.persistence.models import cases, runtime
from webapp.services.advance import Call
from webapp.services.delegates.inputs import text
from webapp.services.delegates.plans import close_reuse_plans

ENDS_TRACKING = frozenset(
    {"tracking_closed", "reopened", "ended_for_cause", "reinstated", "probation_failed"}
)
AFTER_REUSE = frozenset({"reinstated", "probation_failed"})


def close_case(call: Call) -> Mapping[str, object]:
    """Close the case with its outcome; visits and notes still in hand are called off, nobody could finish them."""
    outcome = text(call, "outcome")
    values = {
        "status": "closed",
        "outcome": outcome,
        "stage": "closed",
        "stage_since": call.work.now,
        "closed_at": call.work.now,
    }
    call.work.update(cases.case_file, {"id": call.case.id}, values)
    call.case.status, call.case.stage = "closed", "closed"
    if outcome in AFTER_REUSE:
        close_reuse_plans(call, outcome)
    _call_off(call)
    joined = _close_joined(call, values) if outcome in ENDS_TRACKING else []
    # What was meant for a process of these cases finds nobody any more.
    stale = {"correlation": [call.case.id, *joined], "status": "waiting"}
    call.work.update(runtime.outbox, stale, {"status": "cancelled"})
    return {"outcome": outcome, "joined": joined}


def _close_joined(call: Call, values: Mapping[str, Any]) -> list[str]:
    """Cases whose measures had joined this plan (F14) and in which nothing goes on any more end with it."""
    work = call.work
    rows = work.all(cases.case_file, person_id=call.case.person_id, status="open", order=("id",))
    others = [row["id"] for row in rows if row["id"] != call.case.id]
    busy = {row["case_id"] for row in work.all(runtime.process_instance, case_id=others, status="running")}
    decided = {row["case_id"] for row in work.all(cases.measure, case_id=others)}
    joined = [one for one in others if one in decided and one not in busy]
    work.update(cases.case_file, {"id": joined}, values)
    return joined


def _call_off(call: Call) -> None:
    """A job for every other instance of the case, save those that wait for a message: these end by their diagrams."""
    running = call.work.all(runtime.process_instance, case_id=call.case.id, status="running", order=("id",))
    waiting = {
        row["instance_id"] for row in call.work.all(runtime.message_subscription, case_id=call.case.id)
    }
    # An appeal is answered whatever becomes of the case (F12).
    waiting |= {row["instance_id"] for row in call.work.all(cases.appeal, case_id=call.case.id)}
    rows = [
        {
            "id": str(uuid7()),
            "kind": "cancel",
            "status": "due",
            "due_at": call.work.now,
            "instance_id": row["id"],
            "case_id": call.case.id,
            "element_id": call.element_id,
            "payload": {},
            "attempts": 0,
            "created_at": call.work.now,
        }
        for row in running
        if row["id"] != call.run.instance_id and row["id"] not in waiting
    ]
    if rows:
        call.work.insert(runtime.job, rows)
