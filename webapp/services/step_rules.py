"""What the regulations ask of one step 办结条件 beyond its form: judged when it is completed, by whoever does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp.domain import adjustment, appraisals, visits
from webapp.domain.errors import Invalid, Reason, RuleBroken
from webapp.domain.workdays import local_date, zh_date
from webapp.persistence.models import cases, meetings, runtime, tracking
from webapp.services import decision_entry, dossier, eligibility, publicity, way_up
from webapp.services.desk import Desk
from webapp.services.forms import Answers
from webapp.services.identity import USERS
from webapp.services.office import Work


@dataclass(frozen=True, slots=True)
class Step:
    """A step about to be completed 待办结环节: the task, what was answered, what the process knew before."""

    work: Work
    desk: Desk
    answers: Answers
    known: Mapping[str, Any]

    def value(self, name: str) -> Any:
        """An answer, or what the process knew; personal answers too."""
        if name in self.answers.personal:
            return self.answers.personal[name]
        return self.answers.variables.get(name, self.known.get(name))

    def signers(self, element_id: str) -> frozenset[str]:
        """The persons who completed an element of this case."""
        work = self.work
        done = work.all(
            runtime.work_item, case_id=self.desk.case_id, element_id=element_id, status="completed"
        )
        users = work.all(USERS, id=sorted({row["completed_by"] for row in done if row["completed_by"]}))
        return frozenset(row["person_id"] for row in users if row["person_id"])


Rule = Callable[[Step], list[Reason]]


def require(work: Work, desk: Desk, answers: Answers, known: Mapping[str, Any]) -> None:
    """RuleBroken with all the reasons that keep the step from being completed."""
    rule = RULES.get((desk.row["process_key"], desk.row["element_id"]))
    reasons = rule(Step(work, desk, answers, known)) if rule else []
    if reasons:
        raise RuleBroken(reasons)


def _opening(step: Step) -> list[Reason]:
    """提出启动核实意见: never by somebody who says to be close to the cadre (F05)."""
    if step.value("conflict_declared") == "yes":
        sentence = (
            "您已申明与干部有应当回避的关系，不能提出启动核实意见。请转办给其他负责人，并在卷宗页登记回避。"
        )
        raise Invalid({"conflict_declared": sentence})
    return []


def _finding(step: Step) -> list[Reason]:
    """核实认定: by a whole, signed team nobody of which must step aside, with the subject heard (F01, F05, F13)."""
    if step.value("determination_outcome") in ("more_work", "ended_for_cause"):
        return []
    facts = step.desk.case_facts
    verification = adjustment.Verification(
        team=tuple(step.value("verifiers") or ()),
        signed_by=step.signers("sign_report"),
        subject_heard=bool(step.signers("hear_subject")),
        findings={str(code): "determined" for code in step.value("situation_codes") or ()},
        barred=facts.barred if facts else frozenset(),
    )
    return adjustment.reasons_against_finding(verification)


def _proposal(step: Step) -> list[Reason]:
    """调整建议: leaving what the table advises is explained, a lighter way countersigned (F20)."""
    if step.value("proposal_outcome") != "submit":
        return []
    advice = step.known.get("manner_advice")
    told = advice if isinstance(advice, Mapping) else {}
    proposal = adjustment.Proposal(
        manner=str(step.value("manner")),
        advised=frozenset(str(told[name]) for name in ("manner", "alternative") if told.get(name)),
        reason=f"{step.value('deviation_reason') or ''}{step.value('lighter_reason') or ''}",
        countersigned=step.value("lighter_track") == "yes",
    )
    return adjustment.reasons_against_proposal(proposal)


def _talk(step: Step) -> list[Reason]:
    """谈话: after the decision, by two, with the remedy told in writing, signed or the refusal noted (F13)."""
    if step.value("talk_outcome") == "ended_for_cause":
        return []
    decided = [row["decided_on"] for row in step.work.all(cases.measure, case_id=step.desk.case_id)]
    talk = adjustment.Talk(
        held_on=date.fromisoformat(str(step.value("talked_on"))[:10]),
        talkers=tuple(step.value("talkers") or ()),
        remedy_notified=step.value("remedy_notified") is True,
        subject_signed=step.value("talk_signed") == "signed",
        refusal_note=str(step.value("not_signed_note") or ""),
    )
    return adjustment.reasons_against_talk(talk, decided_on=max(decided, default=None), today=step.work.today)


def _probation_passed(step: Step) -> list[Reason]:
    """试用期满考核: nobody passes while a matter of the cadre is open, or a measure bars the confirmation (F11)."""
    if step.value("probation_outcome") != "pass" or step.desk.case is None:
        return []
    matters = eligibility.open_matters(step.work, step.desk.case.person_id)
    found = [
        Reason("OPEN_MATTER", f"{matter}尚未办结，结论作出前不能认定试用期满合格。") for matter in matters
    ]
    known = {**step.known, "probation_outcome": "pass"}
    return found + eligibility.barred_from_passing(step.work, known, step.work.today)


def _registering(step: Step) -> list[Reason]:
    """登记决定: what the meeting passed, or a deviation borne out by the minutes (F02, F20)."""
    reasons = _reconsidered(step)
    item = step.known.get("committee_item")
    told = item if isinstance(item, Mapping) else {}
    # A case that came to the committee before the item kept its proposal is judged by the proposal's own answers.
    source = told if told.get("proposed_manner") else {
        "proposed_manner": step.known.get("manner"), "proposed_post_id": step.known.get("target_post_id"),
    }  # fmt: skip
    registered = adjustment.Registered(
        proposed_manner=_id(source.get("proposed_manner")),
        proposed_post=_id(source.get("proposed_post_id")),
        manner=str(step.value("decided_manner")),
        post=_id(step.value("target_post_id")),
        deviates=step.value("decision_deviates") == "yes",
        note=str(step.value("deviation_note") or ""),
        minutes=bool(step.value("minutes")),
    )
    return reasons + adjustment.reasons_against_registering(registered)


def _id(value: object) -> str | None:
    return str(value) if value else None


def _annual_summary(step: Step) -> list[Reason]:
    """年度小结: the year's appraisal is none that the measure forbids (D6)."""
    told = step.known.get("appraisal")
    if not isinstance(told, Mapping):
        return []
    return appraisals.reasons_against_grade(
        str(step.value("appraisal_grade")),
        effect=str(told.get("effect")),
        allows_excellent=told.get("allows_excellent") is True,
    )


def _reconsidered(step: Step) -> list[Reason]:
    """复议: nothing is carried out while that of the decision at hand waits, nor against its result."""
    again = _taken_up_again(step)
    if any(one["status"] != "decided" for one in again):
        return [Reason("RECONSIDERED", "该决定正在复议，复议有结果之前不能办理。")]
    newest = max(again, key=lambda one: one["decided_at"], default=None)
    passed = step.desk.row["element_id"] != "after_not_passed"
    if newest is None or (newest["result"] == "passed") == passed:
        return []
    if not passed and step.answers.variables.get("not_passed_outcome") in ("propose_again", "verify_again"):
        return []
    way_out = "终止重新任用程序" if step.desk.row["process_key"] == way_up.PROCESS else "办理因故终止"
    what = (
        f"经复议未予通过，不能执行原决定，请{way_out}" if passed else "经复议已予通过，不能办结，请重新提出"
    )
    return [Reason("RECONSIDERED", f"该议题{what}。")]


def _taken_up_again(step: Step) -> list[Mapping[str, Any]]:
    """The reconsiderations of the decision that this process has waited for last."""
    items = step.work.all(
        meetings.agenda_item,
        instance_id=step.desk.row["instance_id"],
        body="committee",
        order=("filed_at", "id"),
    )
    first = max((n for n, one in enumerate(items) if one["in_favour"] is None), default=0)
    return [one for one in items[first:] if one["in_favour"] is not None and one["status"] != "recalled"]


def _published(step: Step) -> list[Reason]:
    """任职谈话: not while an objection that came in during the publicity is open or weighs (F06)."""
    case = step.desk.case
    return publicity.reasons_against_appointing(step.work, case.person_id, step.known) if case else []


def _dual_letter(step: Step) -> list[Reason]:
    """发函征求协管方意见: the month of silence counts from a letter of this attempt, sent by today (F24)."""
    sent_on = date.fromisoformat(str(step.value("dual_sent_on"))[:10])
    work, row = step.work, step.desk.row
    proposed = work.all(
        runtime.work_item, instance_id=row["instance_id"], element_id="initiate", status="completed"
    )
    begun = min((local_date(one["closed_at"]) for one in proposed), default=work.today)
    if begun <= sent_on <= work.today:
        return []
    sentence = (
        f"发函日期应在本次动议之日（{zh_date(begun)}）至今天之间，一个月未答复视为同意的期限自该日起算。"
    )
    return [Reason("DUAL_LETTER", sentence, "F24")]


def _decision(step: Step) -> list[Reason]:
    """登记决定, sent back and entered again: the same as at the door, said at the fields."""
    found = _wrong_entry(step, step.answers.variables)
    if found:
        raise Invalid(found)
    return []


def _entry_checked(step: Step) -> list[Reason]:
    """复核登记: what cannot be is not confirmed by a second person either, but sent back."""
    if step.value("entry_outcome") != "confirmed":
        return []
    found = _wrong_entry(step, step.known)
    if found:
        told = "".join(dict.fromkeys(found.values()))
        raise Invalid({"entry_outcome": f"登记内容有误，请选“退回修改”或“撤销”：{told}"})
    return []


def _wrong_entry(step: Step, values: Mapping[str, Any]) -> dict[str, str]:
    case = step.desk.case
    return decision_entry.problems(step.work, case.person_id, values, case_id=case.id) if case else {}


def _held(step: Step) -> list[Reason]:
    """回访: on a day after the talk and the visits before it; said at the field, not when all have signed."""
    visit = step.work.one(tracking.visit, id=str(step.known.get("visit_id") or ""))
    held_on = step.answers.variables.get("held_on")
    if visit is None or not isinstance(held_on, str):
        return []
    first = dossier.visit_not_before(step.work, visit)
    sentence = visits.against_day(date.fromisoformat(held_on[:10]), first, step.work.today)
    if sentence:
        raise Invalid({"held_on": sentence})
    return []


RULES: Mapping[tuple[str, str], Rule] = {
    ("p01_down_adjustment", "propose_opening"): _opening,
    ("p01_down_adjustment", "determine"): _finding,
    ("p01_down_adjustment", "propose"): _proposal,
    ("p01_down_adjustment", "talk"): _talk,
    ("p01_down_adjustment", "record_decision"): _registering,
    ("p01_down_adjustment", "confirm_deviation"): _reconsidered,
    ("p01_down_adjustment", "after_not_passed"): _reconsidered,
    ("p03_return_visit", "hold_visit"): _held,
    ("p04_reinstatement", "draft_notice"): _reconsidered,
    ("p02a_periodic_note", "write_annual_summary"): _annual_summary,
    ("p04_reinstatement", "appointment_talk"): _published,
    ("p04_reinstatement", "send_dual_letter"): _dual_letter,
    ("p06_sanction_intake", "register_decision"): _decision,
    ("p06_sanction_intake", "check_entry"): _entry_checked,
    ("p06_sanction_intake", "announce"): _talk,
    ("p04_reinstatement", "appraise_probation"): _probation_passed,
}
