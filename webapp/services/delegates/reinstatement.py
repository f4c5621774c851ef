"""Reinstatement 重新任用: its facts, the gate D3 with all reasons, publicity and its objections."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from uuid_utils import uuid7

from webapp.domain import publicity as rules
from webapp.domain.errors import Invalid, RuleBroken
from webapp.domain.people import move_between
from webapp.persistence.models import cases, people
from webapp.services import eligibility, publicity
from webapp.services.advance import Call
from webapp.services.delegates.appointments import WITHOUT_POST
from webapp.services.delegates.inputs import day, number, text, text_or_none
from webapp.services.dossier import measures_that_stand
from webapp.services.office import Work

PARTY_MEMBERS = ("中共党员", "中共预备党员")


def read_reinstatement_facts(call: Call) -> Mapping[str, object]:
    """What the rules of p04 ask of the cadre's past and the target post; no write."""
    work, person_id = call.work, call.case.person_id
    post = work.get(people.post, id=text(call, "post_id"))
    cadre = work.one(people.cadre, person_id=person_id, valid_to=None)
    person = work.get(people.person, id=person_id)
    measures = measures_that_stand(work, person_id)
    policy = call.case.policy
    if cadre is not None:
        _require_branch(text(call, "branch"), cadre["rank"], post["rank"])
    kind = post["kind"]
    return {
        "measure_kinds": sorted({f"{row['track']}.{row['kind']}" for row in measures}),
        "report_all": bool(policy.get("report_all", False)),
        "chief": kind == "department_chief",
        "elected": post["is_elected"],
        "special_post": bool(policy.get("special_posts")) and post["id"] in policy.get("special_posts", ()),
        "published_at_term": False,
        "from_rank_only": cadre is not None and _is_rank_only(cadre),
        "dual_managed": cadre is not None and cadre["dual_manager_id"] is not None,
        "non_party": person["party"] not in PARTY_MEMBERS,
        "post_kind": _post_kind(post),
        "publicity_same_level": bool(policy.get("publicity_same_level", False)),
    }


def _require_branch(branch: str, former_rank: str, target_rank: str) -> None:
    """Nobody rises 提拔 under the name of a move at the same level, past recommendation, 四必 and 公示."""
    if branch != "promotion" and move_between(former_rank, target_rank) == "promotion":
        sentence = f"拟任职务层次（{target_rank}）高于现任层次（{former_rank}），属于提拔，请按提拔办理。"
        raise Invalid({"branch": sentence})


def _is_rank_only(cadre: Mapping[str, Any]) -> bool:
    """职级公务员; who was relieved and given no post is none."""
    return not cadre["is_leading"] and cadre["title"] != WITHOUT_POST


def _post_kind(post: Mapping[str, Any]) -> str:
    if post["is_elected"]:
        return "elected"
    if post["kind"] == "department_chief":
        return "department_chief"
    return "listed_non_elected" if post["has_probation"] else "other"


def check_eligibility(call: Call) -> Mapping[str, object]:
    """Ask D3 and keep the answer with every reason (F07–F10)."""
    work, branch = call.work, text(call, "branch")
    if branch not in ("promotion", "further_use", "same_level"):
        raise Invalid({"branch": "请选择提拔、进一步使用或平级重新任职。"})
    step, post_id = text(call, "step"), text_or_none(call, "post_id")
    verdict = eligibility.check(
        work,
        call.case.person_id,
        action=branch,  # type: ignore[arg-type]
        step=step,
        today=work.today,
        post_id=post_id,
        variables=call.variables,
    )
    codes = sorted({reason.code for reason in verdict.reasons})
    for must, check in eligibility.musts_of(call.variables).items():
        row = {"case_id": call.case.id, "kind": must, "signed_on": check.dated_on}
        work.put(cases.four_must, {**row, "result": "pass" if check.passed else "fail"})
    work.insert(
        cases.eligibility_check,
        {
            "id": str(uuid7()),
            "case_id": call.case.id,
            "person_id": call.case.person_id,
            "branch": branch,
            "step": step,
            "post_id": post_id,
            "eligible": verdict.eligible,
            "reason_codes": codes,
            "checked_on": work.today,
        },
    )
    return {"eligible": verdict.eligible, "reason_codes": codes}


def record_not_reinstated(call: Call) -> Mapping[str, object]:
    """This attempt ends at a gate; the case stays open and a later attempt may start."""
    call.work.update(
        cases.case_file, {"id": call.case.id}, {"stage": "tracking", "stage_since": call.work.now}
    )
    call.case.stage = "tracking"
    return {"gate": text(call, "gate")}


def open_publicity(call: Call) -> Mapping[str, object]:
    """Open the publicity 任前公示: at least five working days (F06)."""
    starts_on, days = day(call, "starts_on"), number(call, "working_days")
    if days < rules.LEAST_WORKDAYS:
        raise Invalid({"working_days": f"公示不少于{rules.LEAST_WORKDAYS}个工作日。"})
    # A local rule may ask for more days, never for fewer; as it stood when the case was opened (F19).
    days = max(days, int(call.case.policy.get("publicity_workdays", rules.LEAST_WORKDAYS)))
    decided_on = _decided_on(call)
    reasons = rules.reasons_against_starting(
        decided_on=decided_on, starts_on=starts_on, today=call.work.today
    )
    if reasons:
        raise RuleBroken(reasons)
    closing = rules.closing_day(starts_on, call.work.calendar(), rules.PublicityPolicy(workdays=days))
    row = {
        "id": str(uuid7()),
        "case_id": call.case.id,
        "kind": text(call, "kind"),
        "starts_on": starts_on,
        "working_days": days,
        "ends_on": closing.on,
        "closes_on": closing.on + timedelta(days=1),
        "status": "open",
    }
    # One that the committee has taken back is over: nobody writes to it, or finds the case by it, any more.
    call.work.update(cases.publicity, {"case_id": call.case.id, "status": "open"}, {"status": "closed"})
    call.work.insert(cases.publicity, row)
    return {
        "publicity_id": row["id"],
        "ends_on": closing.on.isoformat(),
        "closes_on": (closing.on + timedelta(days=1)).isoformat(),
    }


def _decided_on(call: Call) -> date | None:
    """The day of the committee's decision that the process was told."""
    told = call.variables.get("decided_on")
    return date.fromisoformat(str(told)[:10]) if told else None


def close_publicity(call: Call) -> Mapping[str, object]:
    """Count the objections; the publicity closes only when none is open."""
    return close(call.work, text(call, "publicity_id"))


def close(work: Work, publicity_id: str) -> dict[str, object]:
    """The count of objections, and the row closed when all are concluded; one upheld stops the appointment.

    What an earlier round of the cadre's left open is counted with it: the letters are settled first (F06).
    """
    row = work.get(cases.publicity, id=publicity_id)
    person_id = work.get(cases.case_file, id=row["case_id"])["person_id"]
    objections = work.all(cases.objection, publicity_id=publicity_id, order=("id",))
    still_open = [one for one in objections if one["concluded_on"] is None]
    waiting = len(still_open) + publicity.left_open(work, person_id, publicity_id)
    if not waiting:
        work.update(cases.publicity, {"id": publicity_id}, {"status": "closed"})
        upheld = [one["id"] for one in objections if one["conclusion"] == "affecting"]
        if upheld:
            publicity.stop_appointment(work, row["case_id"], upheld[0])
    return {"open_objections": waiting, "objections": len(objections)}
