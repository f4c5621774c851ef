"""Verbs on registered measures 措施: propose a correction or later decision, agree as second person, refuse."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from uuid_utils import uuid7

from webapp.domain import access, events
from webapp.domain import measure_changes as rules
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid, NotFound
from webapp.domain.measure_changes import Change, ChangeKind, Registered, changed
from webapp.domain.registration import against_term
from webapp.persistence import finders
from webapp.persistence.models import cases as tables
from webapp.persistence.models import meetings, runtime
from webapp.services import charts, looking, recounting, sealing
from webapp.services.cases import take_case
from webapp.services.desk import CaseStanding, standing
from webapp.services.dossier import appeal_runs
from webapp.services.identity import USERS
from webapp.services.impact_table import months_of, terms_of
from webapp.services.office import Office, Work

DISCIPLINE = frozenset({"party", "admin"})
# Who proposes and who agrees, by the organ that answers for the track.
PROPOSERS = {
    True: ("trial_dept", "handling_dept", "case_mgmt", "discipline_organ", "cadre_supervision"),
    False: ("cadre_section", "cadre_supervision"),
}
SIGNERS = {
    True: ("discipline_organ", "cadre_supervision", "org_dept_head", "org_dept_deputy_head"),
    False: ("cadre_supervision", "org_dept_head", "org_dept_deputy_head"),
}
EVENTS: Mapping[str, type[events.Event]] = {
    "correct": events.MeasureCorrected,
    "revoke": events.MeasureRevoked,
    "change": events.MeasureReviewed,
    "extend": events.ProbationExtended,
    "end": events.SuspensionEnded,
}
# The matter under which the committee decides on an adjustment 调整决定.
DECISION = "adjustment_decision"
LONGEST_REASON = 500


def propose(work: Work, actor: Actor, *, measure_id: str, change: Change, reason: str) -> str:
    """Propose a change 提出更正或变更 with reason and paper → its id; nothing moves until a second person agrees."""
    told = reason.strip()
    if not told or len(told) > LONGEST_REASON:
        raise Invalid({"reason": f"请写明理由，不超过{LONGEST_REASON}字。"})
    with work:
        row, case = _take(work, actor, measure_id, PROPOSERS)
        if work.one(tables.measure_change, measure_id=measure_id, status="proposed"):
            raise Conflict("该措施已有一项更改等待复核，请先复核或退回。")
        before = recounting.standing_of(row)
        after = changed(before, change, work.today)
        _require_may_change(work, row, change)
        change_id = str(uuid7())
        work.insert(
            tables.measure_change,
            {
                "id": change_id,
                "measure_id": measure_id,
                "case_id": case.id,
                "kind": change.kind,
                "status": "proposed",
                "organ": change.organ.strip(),
                "document_no": change.document_no.strip(),
                "decided_on": change.decided_on,
                "before": recounting.words_of(before),
                "after": recounting.words_of(after),
                "proposed_by": actor.user_id,
                "proposed_at": work.now,
            },
        )
        sealed = sealing.seal_values(
            work, {"reason": told}, case_id=case.id, owner_kind="measure_change", owner_id=change_id
        )
        facts = {"change_id": change_id, "change": change.kind, "measure_id": measure_id, "fields": sealed}
        _commit(work, actor, case, events.MeasureChangeProposed, facts)
    return change_id


def confirm(work: Work, actor: Actor, *, change_id: str) -> None:
    """Agree as second person 复核同意: the change takes effect, periods and tracking with it."""
    with work:
        row, case = _open_change(work, actor, change_id)
        access.require_second_person(actor, _identities(work, row["proposed_by"]))
        measure = work.get(tables.measure, id=row["measure_id"])
        if recounting.words_of(recounting.standing_of(measure)) != row["before"]:
            raise Conflict("该措施在提出后已有变化，请退回并重新提出。")
        change = change_of(row)
        _require_may_change(work, measure, change)
        facts = recounting.apply(work, case, row["measure_id"], change, change_id=change_id)
        if change.kind == "change":
            _require_none_longer(facts["periods"])
        _settle(work, actor, change_id, "agreed")
        facts |= {"change_id": change_id, "proposed_by": row["proposed_by"]}
        _commit(work, actor, case, EVENTS[row["kind"]], facts)


def _require_may_change(work: Work, measure: Mapping[str, Any], change: Change) -> None:
    """No change while an appeal against the measure runs, and none of the committee's decision without it."""
    rules.require_no_appeal_runs(appeal_runs(work, measure["id"]))
    items = work.all(
        meetings.agenda_item, case_id=measure["case_id"], matter=DECISION, status="decided", result="passed"
    )
    held = work.all(meetings.meeting, id=[one["meeting_id"] for one in items]) if items else []
    passed_on = frozenset(one["held_on"] for one in held)
    registered = recounting.standing_of(measure).registered
    rules.require_decided_by_committee(registered, change, passed_on)
    rules.require_deciding_organ(registered, change, passed_on, _manners_passed(work, items))
    if rules.needs_term_checked(registered, change) and change.new is not None:
        _require_term(work, measure["case_id"], change.new)


def _manners_passed(work: Work, items: Sequence[Mapping[str, Any]]) -> frozenset[str] | None:
    """What the meetings were asked to pass; None where nobody noted it, or the minutes have borne out a deviation."""
    found = set()
    for one in items:
        deviated = {
            "instance_id": one["instance_id"],
            "element_id": "confirm_deviation",
            "status": "completed",
        }
        asked = charts.asked_to_pass(work, one)
        if asked is None or work.all(runtime.work_item, limit=1, **deviated):
            return None
        found.add(asked)
    return frozenset(found)


def _require_term(work: Work, case_id: str, new: Registered) -> None:
    """A term stated anew is one the kind can have, as at the registration of a decision."""
    terms = terms_of(months_of(work, new.track, new.kind, case_id=case_id))
    if sentence := against_term(new.measure, new.months_decided, terms):
        raise Invalid({"months_decided": sentence})


def _require_none_longer(moved: Sequence[Mapping[str, Any]]) -> None:
    for one in moved:
        before, after = one["before"], one["after"]
        rules.require_not_longer(
            date.fromisoformat(before) if before else None, date.fromisoformat(after) if after else None
        )


def reject(work: Work, actor: Actor, *, change_id: str, reason: str) -> None:
    """Refuse a proposed change 不同意, with a written reason; whoever proposed it may take it back."""
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid({"reason": f"请写明不同意的理由，不超过{LONGEST_REASON}字。"})
    with work:
        row, case = _open_change(work, actor, change_id)
        _settle(work, actor, change_id, "refused")
        sealed = sealing.seal_values(
            work,
            {"refusal": reason.strip()},
            case_id=case.id,
            owner_kind="measure_change",
            owner_id=change_id,
        )
        facts = {"change_id": change_id, "measure_id": row["measure_id"], "fields": sealed}
        _commit(work, actor, case, events.MeasureChangeRejected, facts)


def change_of(row: Mapping[str, Any]) -> Change:
    """A stored proposal as the rules take it."""
    kind: ChangeKind = row["kind"]
    new = registered_of(row["after"]) if kind in ("correct", "change") else None
    return Change(kind, row["organ"], row["document_no"], row["decided_on"], new)


def registered_of(words: Mapping[str, Any]) -> Registered:
    """What the register shall say, out of a proposal's codes and dates."""
    track, _, kind = str(words["measure"]).partition(".")
    return Registered(
        track=track,
        kind=kind,
        organ=str(words.get("organ", "")),
        document_no=str(words.get("document_no", "")),
        decided_on=date.fromisoformat(str(words["decided_on"])),
        effective_on=date.fromisoformat(str(words["effective_on"])),
        months_decided=words.get("months_decided"),
    )


def look(office: Office, actor: Actor, measure_id: str) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """A measure for one who sees its whole case → its row, and who answers for the case; else NotFound."""
    with office.glance() as work:
        row = work.one(tables.measure, id=measure_id)
    if row is None or not looking.at_case(office, actor, row["case_id"]):
        raise NotFound("没有找到该措施，或您无权查看。")
    with office.glance() as work:
        loaded = finders.load_case(work, row["case_id"])
        case = standing(work, loaded) if loaded else None
    return row, case.bodies if case else {}


def roles_for(track: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who proposes and who agrees to a change of a measure of the track."""
    return PROPOSERS[track in DISCIPLINE], SIGNERS[track in DISCIPLINE]


def _take(
    work: Work, actor: Actor, measure_id: str, roles: Mapping[bool, tuple[str, ...]]
) -> tuple[Mapping[str, Any], CaseStanding]:
    row = work.one(tables.measure, id=measure_id)
    if row is None:
        raise NotFound("没有找到该措施，或您无权查看。")
    case = take_case(work, actor, row["case_id"])
    access.require_role_for(actor, case.bodies, *roles[row["track"] in DISCIPLINE], day=work.today)
    return row, case


def _open_change(work: Work, actor: Actor, change_id: str) -> tuple[Mapping[str, Any], CaseStanding]:
    row = work.one(tables.measure_change, id=change_id)
    if row is None:
        raise NotFound("没有找到该项更改，或您无权查看。")
    roles = {one: (*SIGNERS[one], *PROPOSERS[one]) for one in (True, False)}
    own = row["proposed_by"] == actor.user_id
    _, case = _take(work, actor, row["measure_id"], roles if own else SIGNERS)
    return row, case


def _settle(work: Work, actor: Actor, change_id: str, status: str) -> None:
    values = {"status": status, "settled_by": actor.user_id, "settled_at": work.now}
    if work.update(tables.measure_change, {"id": change_id, "status": "proposed"}, values).count != 1:
        raise Conflict("该项更改已经复核，请刷新。")


def _identities(work: Work, user_id: str) -> list[str]:
    """The account and the person behind it."""
    user = work.one(USERS, id=user_id)
    return [user_id, *([user["person_id"]] if user and user["person_id"] else [])]


def _commit(
    work: Work, actor: Actor, case: CaseStanding, kind: type[events.Event], facts: Mapping[str, Any]
) -> None:
    work.commit(kind(actor=actor, effective_at=work.now, case_id=case.id, stream=case.stream, facts=facts))
