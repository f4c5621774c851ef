"""Verbs on appeals 复核、申诉: file one, on the own page or from paper; confirm what was told (F12, F13)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from uuid_utils import uuid7

from webapp.domain import access, appeals, events
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Reason, RuleBroken
from webapp.domain.history import canonical, digest
from webapp.domain.workdays import zh_date
from webapp.persistence import finders
from webapp.persistence.models import cases as tables
from webapp.services import attachments, instances, sealing
from webapp.services.attachments import Upload
from webapp.services.desk import CaseStanding, case_facts, require_sight, standing
from webapp.services.office import Work

PROCESS = "p10_appeal"
# Who enters what the cadre hands in on paper 代录, at the organs that answer for the case.
FILERS = ("cadre_section", "cadre_supervision", "appeal_committee", "petition_dept", "trial_dept")
LONGEST = 5000


@dataclass(frozen=True, slots=True)
class Filing:
    """What is handed in 申请书: the text, files; on paper also the day it came and why it came late."""

    text: str
    filed_on: date | None = None
    late_reason: str = ""
    uploads: Sequence[Upload] = field(default_factory=tuple)

    def digest_for(self, measure_id: str, route: str) -> str:
        """What makes two filings the same one: the decision, the remedy, the text and the files."""
        body = {
            "measure": measure_id,
            "route": route,
            "text": self.text.strip(),
            "filed_on": self.filed_on.isoformat() if self.filed_on else None,
            "late_reason": self.late_reason.strip(),
            "uploads": [one.digest for one in self.uploads],
        }
        return digest(canonical(body))


def file(work: Work, actor: Actor, *, measure_id: str, route: str, filing: Filing, key: str) -> str:
    """File an appeal against a measure → its id; by the cadre concerned, or entered from the cadre's paper.

    Refused late, with the last day, unless the receiving organ notes why it takes it all the same. Execution
    goes on: nothing of the case is touched (F12).
    """
    _require_filled(filing)
    with work:
        known = work.remember(actor.user_id, key, filing.digest_for(measure_id, route))
        if known is not None:
            return str(known["appeal_id"])
        work.actor_id = actor.user_id
        measure, case, row = _take(work, actor, measure_id)
        is_own = actor.person_id == case.person_id
        way = _way(work, measure, row, route)
        late = _require_in_time(way, filing, is_own=is_own, today=work.today)
        entry, on = "online" if is_own else "paper", filing.filed_on or work.today
        filed = Filed(str(uuid7()), measure_id, way, filing, on, entry, late)
        facts = _open(work, actor, case, filed)
        event = events.AppealReceived(
            actor=actor, effective_at=work.now, case_id=case.id, stream=case.stream, facts=facts
        )
        work.commit(event, reply={"appeal_id": filed.id})
    return filed.id


def _require_filled(filing: Filing) -> None:
    text = filing.text.strip()
    if not text or len(text) > LONGEST:
        raise Invalid({"text": f"请写明请求和理由，不超过{LONGEST}字。"})


def _take(
    work: Work, actor: Actor, measure_id: str
) -> tuple[Mapping[str, Any], CaseStanding, Mapping[str, Any]]:
    """The measure with its case, locked; NotFound for all but the cadre told of it and those who may enter."""
    measure = work.one(tables.measure, id=measure_id)
    row = finders.load_case(work, measure["case_id"]) if measure else None
    case = standing(work, row) if row else None
    facts = case_facts(row, case) if row else None
    if measure is None or row is None or case is None or facts is None:
        raise NotFound("没有找到该项决定，或您无权查看。")
    if actor.person_id == case.person_id:
        access.require_may_see_own_file(actor, facts)
    else:
        require_sight(work, actor, facts)
        _require_may_enter(actor, case, work.today)
    if case.talked_on is None:
        raise Conflict("决定还没有告知本人，复核、申诉的期限尚未开始。")
    return measure, case, row


def _require_may_enter(actor: Actor, case: CaseStanding, day: date) -> None:
    places = case.bodies.values()
    if not any(actor.holds(role, place, day) for role in FILERS for place in places):
        raise NotAllowed("复核、申诉由干部本人提出，或者由组织部门、纪检监察机关的承办人代录。")


def told_on(row: Mapping[str, Any]) -> date:
    """From when the time to file counts: the written notice, else the talk."""
    found: date = row["case_told_on"] or row["case_talked_on"]
    return found


def _way(work: Work, measure: Mapping[str, Any], row: Mapping[str, Any], route: str) -> "Way":
    remedy = appeals.window(route)
    earlier = [
        appeals.Earlier(one["route"], one["answered_on"])
        for one in work.all(tables.appeal, measure_id=measure["id"])
    ]
    open_to = appeals.routes(measure["track"], measure["kind"], told_on(row), earlier, work.calendar())
    found = next((one for one in open_to if one.window.code == route), None)
    if any(one.answered_on is None for one in earlier):
        raise Conflict("对这项决定已有一件复核、申诉正在办理，请待其答复后再提出。")
    if found is None or measure["ended_by"] == "revoked":
        raise RuleBroken([Reason("APPEAL_NOT_OPEN", f"对这项决定目前不能提出“{remedy.zh}”。", "F12")])
    return Way(found, max([told_on(row), *(one.answered_on for one in earlier if one.answered_on)]))


@dataclass(frozen=True, slots=True)
class Way:
    """The remedy used, and from which day it could be."""

    route: appeals.Route
    known_on: date


def _require_in_time(way: Way, filing: Filing, *, is_own: bool, today: date) -> bool:
    """True for a late filing that the receiving organ takes with a reason; RuleBroken for any other late one."""
    filed_on = filing.filed_on or today
    if not is_own and not filing.uploads:
        raise Invalid({"scan": "请上传本人签名的申请书扫描件。"})
    if filed_on > today or filed_on < way.known_on:
        raise Invalid({"filed_on": f"收到日期应在{zh_date(way.known_on)}（告知之日）以后、今天以前。"})
    if way.route.is_open(filed_on):
        return False
    if not is_own and filing.late_reason.strip():
        return True
    deadline = way.route.deadline
    assert deadline is not None
    sentence = (
        f"“{way.route.window.zh}”的期限已于{zh_date(deadline.on)}届满（{deadline.explanation.rstrip('。')}）。"
        "因不可抗力等正当理由耽误的，请向受理机关书面说明，由受理机关登记并注明理由。"
    )
    raise RuleBroken([Reason("APPEAL_LATE", sentence, "F12")])


def _open(work: Work, actor: Actor, case: CaseStanding, filed: "Filed") -> dict[str, object]:
    """Start the process, write the row, seal the text and the files → what the event says."""
    remedy, accept_by = filed.way.route.window, appeals.accept_by(filed.on, work.calendar())
    definition = finders.latest_definition(work, PROCESS)
    if definition is None:
        raise NotFound(f"流程“{PROCESS}”尚未部署，请联系流程设计员。")
    variables = {
        "appeal_id": filed.id,
        "route": remedy.code,
        "body": remedy.body,
        "accept_by": accept_by.on.isoformat(),
    }
    run, applied = instances.begin(work, definition, case, variables=variables, started_by=actor.user_id)
    work.insert(tables.appeal, _row(work, case, filed, run.instance_id))
    return {
        "appeal_id": filed.id,
        "route": remedy.code,
        "measure_id": filed.measure_id,
        "filed_how": filed.entry,
        **_sealed(work, case, filed),
        **applied.facts,
    }


@dataclass(frozen=True, slots=True)
class Filed:
    """An appeal that may be filed: what was checked of it, and how it comes in."""

    id: str
    measure_id: str
    way: Way
    filing: Filing
    on: date
    entry: str
    late: bool


def _row(work: Work, case: CaseStanding, filed: Filed, instance_id: str) -> dict[str, object]:
    deadline = filed.way.route.deadline
    return {
        "id": filed.id,
        "case_id": case.id,
        "measure_id": filed.measure_id,
        "person_id": case.person_id,
        "instance_id": instance_id,
        "route": filed.way.route.window.code,
        "status": "filed",
        "entry": filed.entry,
        "is_late": filed.late,
        "known_on": filed.way.known_on,
        "file_by": deadline.on if deadline else None,
        "filed_on": filed.on,
        "registered_at": work.now,
    }


def _sealed(work: Work, case: CaseStanding, filed: Filed) -> dict[str, object]:
    values = {"text": filed.filing.text.strip()}
    if filed.late:
        values["late_reason"] = filed.filing.late_reason.strip()
    kept = [attachments.keep(work, case.id, None, one, purpose="appeal") for one in filed.filing.uploads]
    sealed = sealing.seal_values(work, values, case_id=case.id, owner_kind="appeal", owner_id=filed.id)
    names = [commitment for one in kept for commitment in one["fields"]]
    return {"fields": sealed + names, "attachments": kept}


def confirm_told(work: Work, actor: Actor, *, case_id: str, remark: str) -> None:
    """The cadre confirms having read what was told 本人确认, once, with a remark of the own if wished."""
    told = remark.strip()
    if len(told) > LONGEST:
        raise Invalid({"remark": f"意见不超过{LONGEST}字。"})
    with work:
        row = finders.load_case(work, case_id)
        case = standing(work, row) if row else None
        facts = case_facts(row, case) if row else None
        if case is None or facts is None:
            raise NotFound("没有找到您的这一事项。")
        access.require_may_see_own_file(actor, facts)
        if case.talked_on is None:
            raise NotFound("没有找到您的这一事项。")
        if work.one(tables.own_receipt, case_id=case.id):
            raise Conflict("您已经确认过，不需要再次确认。")
        work.insert(tables.own_receipt, {"case_id": case.id, "confirmed_at": work.now})
        sealed = sealing.seal_values(
            work,
            {"remark": told} if told else {},
            case_id=case.id,
            owner_kind="own_receipt",
            owner_id=case.id,
        )
        work.commit(
            events.SubjectNotified(
                actor=actor,
                effective_at=work.now,
                case_id=case.id,
                stream=case.stream,
                facts={"fields": sealed},
            )
        )
