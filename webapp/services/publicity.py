"""Verbs on the publicity 任前公示: objections come in and are concluded; and what they hold (F06)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from uuid_utils import uuid7

from webapp.domain import access, events
from webapp.domain import publicity as rules
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, Reason
from webapp.domain.workdays import zh_date
from webapp.persistence import finders
from webapp.persistence.models import cases as tables
from webapp.services import messages, sealing, way_up
from webapp.services.cases import take_case
from webapp.services.office import Work

RECEIVERS = ("cadre_supervision", "discipline_organ", "petition_dept")
# Heard by the appointment 公示任职 of the way up.
UPHELD = "objection_upheld"
CONCLUDERS = ("cadre_supervision", "discipline_organ")


def receive_objection(
    work: Work, actor: Actor, *, case_id: str, manner: str, received_on: date, text: str
) -> str:
    """Note an objection 公示期反映 → its id; it holds the appointment until concluded.

    One that came in during the publicity is noted until the post is given, however late it is entered (F06).
    """
    with work:
        case = take_case(work, actor, case_id)
        access.require_role(actor, *RECEIVERS, day=work.today)
        publicity = way_up.publicity_of(work, case.id)
        if publicity is None:
            raise Conflict("该卷宗目前没有进行中的公示，任职已经生效或者本次任用已经结束的，按信访举报办理。")
        last = work.today if publicity["status"] == "open" else min(publicity["ends_on"], work.today)
        if not publicity["starts_on"] <= received_on <= last:
            span = f"{zh_date(publicity['starts_on'])}至{zh_date(last)}之间"
            raise Invalid({"received_on": f"收到日期应在{span}。"})
        objection_id = str(uuid7())
        row = {
            "id": objection_id,
            "publicity_id": publicity["id"],
            "received_on": received_on,
            "manner": manner[:30],
        }
        work.insert(tables.objection, row)
        sealed = sealing.seal_values(
            work, {"text": text}, case_id=case.id, owner_kind="objection", owner_id=objection_id
        )
        facts = {"objection_id": objection_id, "publicity_id": publicity["id"], "fields": sealed}
        work.commit(
            events.ObjectionReceived(
                actor=actor, effective_at=work.now, case_id=case.id, stream=case.stream, facts=facts
            )
        )
    return objection_id


def conclude_objection(work: Work, actor: Actor, *, objection_id: str, finding: str) -> None:
    """Conclude an objection 核查结论; only then may the publicity close.

    Upheld, it stops the appointment under way, at once or when the publicity closes: the committee decides anew (F06).
    """
    if finding not in ("unfounded", "not_affecting", "affecting"):
        raise Invalid({"finding": "请选择不属实、不影响任用或影响任用。"})
    with work:
        row = work.get(tables.objection, id=objection_id)
        publicity = work.get(tables.publicity, id=row["publicity_id"])
        case = take_case(work, actor, publicity["case_id"])
        access.require_role(actor, *CONCLUDERS, day=work.today)
        values = {"conclusion": finding, "concluded_on": work.today}
        if work.update(tables.objection, {"id": objection_id, "concluded_on": None}, values).count != 1:
            raise Conflict("该反映已有核查结论。")
        facts: dict[str, object] = {"objection_id": objection_id, "finding": finding}
        if finding == "affecting" and publicity["status"] == "closed":
            facts["stopped"] = stop_appointment(work, case.id, objection_id)
        work.commit(
            events.ObjectionConcluded(
                actor=actor, effective_at=work.now, case_id=case.id, stream=case.stream, facts=facts
            )
        )


def stop_appointment(work: Work, case_id: str, objection_id: str) -> bool:
    """Tell the appointment that one is upheld; False where none is under way, or its diagram is older than this."""
    if not finders.receivers(work, UPHELD, case_id):
        return False
    messages.send(
        work, case_id=case_id, element_id=f"objection:{objection_id}", message=UPHELD, correlation=case_id,
        variables={},
    )  # fmt: skip
    return True


def left_open(work: Work, person_id: str, publicity_id: str | None) -> int:
    """How many letters of the cadre's other publicities, on whatever case, wait for their finding."""
    mine = [row["id"] for row in work.all(tables.case_file, person_id=person_id)]
    rounds = [row["id"] for row in work.all(tables.publicity, case_id=mine) if row["id"] != publicity_id]
    return len(work.all(tables.objection, publicity_id=rounds, concluded_on=None)) if rounds else 0


def reasons_against_appointing(work: Work, person_id: str, variables: Mapping[str, Any]) -> list[Reason]:
    """Why nobody takes the post: the publicity owed is missing, runs, or is objected to (F06).

    ``variables``: of the running p04, which knows whether a publicity is owed and which one was opened; what came
    in during an earlier round has to be settled too.
    """
    duty, opened = variables.get("publicity_duty"), variables.get("publicity")
    is_owed = isinstance(duty, Mapping) and duty.get("required") is True
    row = work.one(tables.publicity, id=opened["publicity_id"]) if isinstance(opened, Mapping) else None
    earlier = rules.reasons_left_open(left_open(work, person_id, row["id"] if row else None))
    if not is_owed and row is None:
        return earlier
    objections = work.all(tables.objection, publicity_id=row["id"]) if row else []
    kept = [
        rules.Objection(one["id"], one["received_on"], one["concluded_on"] is not None, one["conclusion"])
        for one in objections
    ]
    return rules.reasons_against_appointing(row["ends_on"] if row else None, kept, work.today) + earlier
