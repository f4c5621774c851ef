"""Steps of an appeal 复核、申诉: taken up or not, longer time, its result, the answer to the cadre (F01, F12)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from uuid_utils import uuid7

from webapp.domain import appeals as rules
from webapp.domain.errors import Invalid, NotFound, Reason, RuleBroken
from webapp.domain.measure_changes import Change, ChangeKind
from webapp.domain.measures import measure as kind_of
from webapp.domain.registration import against_term
from webapp.persistence.models import cases
from webapp.services import recounting
from webapp.services.advance import Call
from webapp.services.delegates.inputs import day, ids, number_or_none, text, text_or_none
from webapp.services.dossier import handlers_of
from webapp.services.impact_table import months_of, terms_of


def _appeal(call: Call) -> Mapping[str, Any]:
    row = call.work.one(cases.appeal, id=text(call, "appeal_id"))
    if row is None:
        raise NotFound("没有找到该件复核、申诉。")
    return row


def accept_appeal(call: Call) -> Mapping[str, object]:
    """Taken up 受理 or not; from acceptance the time to decide counts."""
    row = _appeal(call)
    if text(call, "acceptance") != "accepted":
        call.work.update(cases.appeal, {"id": row["id"]}, {"status": "rejected"})
        return {"decide_by": None, "remind_on": None}
    today = call.work.today
    by = rules.decide_by(rules.window(row["route"]), today, call.work.calendar())
    on = by.on if by else None
    call.work.update(
        cases.appeal, {"id": row["id"]}, {"status": "accepted", "accepted_on": today, "decide_by": on}
    )
    return _clock(on)


def _clock(on: Any) -> dict[str, object]:
    remind_on = on - timedelta(days=rules.REMIND_DAYS) if on else None
    return {
        "decide_by": on.isoformat() if on else None,
        "remind_on": remind_on.isoformat() if remind_on else None,
    }


def extend_appeal(call: Call) -> Mapping[str, object]:
    """Longer time to decide 延长办理期限, once, where the remedy knows of it."""
    row = _appeal(call)
    remedy = rules.window(row["route"])
    if not remedy.extend_days or row["is_extended"]:
        raise RuleBroken([Reason("APPEAL_EXTENDED", f"“{remedy.zh}”的办理期限不能（再次）延长。")])
    by = rules.decide_by(remedy, row["accepted_on"], call.work.calendar(), is_extended=True)
    on = by.on if by else None
    call.work.update(cases.appeal, {"id": row["id"]}, {"is_extended": True, "decide_by": on})
    return _clock(on)


def check_panel(call: Call) -> Mapping[str, object]:
    """Who reviews did not handle, and there are enough of them."""
    row, reviewers = _appeal(call), frozenset(ids(call, "reviewers"))
    reasons = rules.reasons_against_panel(rules.window(row["route"]), reviewers)
    reasons += rules.reasons_against_outcome(
        is_heavier=False, handlers=handlers_of(call.work, row["case_id"]), reviewers=reviewers
    )
    if reasons:
        raise RuleBroken(reasons)
    return {}


def decide_appeal(call: Call) -> Mapping[str, object]:
    """The result 处理决定: upheld, changed, revoked or to be done again; never heavier than what was appealed."""
    row, result = _appeal(call), text(call, "result")
    if result not in rules.RESULTS:
        raise Invalid({"appeal_result": "请选择维持、变更、撤销或者责令重新作出决定。"})
    decided_on = day(call, "decided_on")
    if decided_on > call.work.today or decided_on < row["accepted_on"]:
        raise Invalid({"decided_on": "处理决定的日期应在受理以后、今天以前。"})
    measure = call.work.get(cases.measure, id=row["measure_id"])
    new = _new(call, measure) if result == "changed" else (None, None)
    heavier = new[0] is not None and _is_heavier(call, measure, new[0], new[1])
    reasons = rules.reasons_against_outcome(
        is_heavier=heavier,
        handlers=handlers_of(call.work, row["case_id"]),
        reviewers=frozenset(ids(call, "reviewers")),
    )
    if reasons:
        raise RuleBroken(reasons)
    values = {
        "status": result,
        "decided_on": decided_on,
        "decided_by": call.work.actor_id,
        "organ": text(call, "organ")[:120],
        "document_no": text(call, "document_no"),
        "new_kind": new[0],
        "new_months": new[1],
    }
    call.work.update(cases.appeal, {"id": row["id"]}, values)
    return {"result": result}


def _new(call: Call, measure: Mapping[str, Any]) -> tuple[str, int | None]:
    kind, months = text_or_none(call, "new_kind"), number_or_none(call, "new_months")
    if kind is None:
        raise Invalid({"new_kind": "请选择变更后的措施种类。"})
    if (kind, months) == (measure["kind"], measure["months_decided"]):
        raise Invalid({"new_kind": "变更后的措施与原决定相同；没有变更的，请选择维持。"})
    return kind, months


def _is_heavier(call: Call, measure: Mapping[str, Any], kind: str, months: int | None) -> bool:
    """A heavier kind or a longer term; Invalid for a term that the kind cannot have."""
    track, case_id = measure["track"], measure["case_id"]
    terms = [terms_of(months_of(call.work, track, one, case_id=case_id)) for one in (measure["kind"], kind)]
    order = rules.is_heavier(track, (measure["kind"], measure["months_decided"]), (kind, months))
    if not order and (sentence := against_term(kind_of(track, kind), months, terms[1])):
        raise Invalid({"new_months": sentence})
    return order or rules.is_longer((terms[0], measure["months_decided"]), (terms[1], months))


def answer_appeal(call: Call) -> Mapping[str, object]:
    """The answer has reached the cadre 送达: from now on it stands on the own page, and opens the next remedy."""
    row, delivered_on = _appeal(call), day(call, "delivered_on")
    earliest = row["decided_on"] or row["filed_on"]
    if delivered_on > call.work.today or delivered_on < earliest:
        raise Invalid({"delivered_on": "送达日期应在作出决定以后、今天以前。"})
    call.work.update(cases.appeal, {"id": row["id"]}, {"answered_on": delivered_on})
    return {}


def apply_appeal_result(call: Call) -> Mapping[str, object]:
    """A decision revoked or changed by the appeal takes effect 撤销、变更生效: the register, the periods, the tracking.

    Decided by one person, answered by another step: no further second person is asked (F27).
    """
    row, work = _appeal(call), call.work
    measure = work.get(cases.measure, id=row["measure_id"])
    before = recounting.standing_of(measure)
    kind: ChangeKind = "change" if row["status"] == "changed" else "revoke"
    new = replace(before.registered, kind=row["new_kind"], months_decided=row["new_months"])
    change = Change(
        kind, row["organ"], row["document_no"], row["decided_on"], new if kind == "change" else None
    )
    change_id = str(uuid7())
    facts = recounting.apply(work, call.case, measure["id"], change, change_id=change_id)
    work.insert(
        cases.measure_change,
        {
            "id": change_id,
            "measure_id": measure["id"],
            "case_id": row["case_id"],
            "kind": kind,
            "status": "agreed",
            "organ": row["organ"],
            "document_no": row["document_no"],
            "decided_on": row["decided_on"],
            "before": facts["before"],
            "after": facts["after"],
            "proposed_by": row["decided_by"],
            "proposed_at": work.now,
            "settled_by": work.actor_id,
            "settled_at": work.now,
        },
    )
    return {"change_id": change_id, "moved": [one["period_id"] for one in facts["periods"]]}
