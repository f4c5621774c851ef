"""Stretches of a case's way 示例办理片段: who does what, from the first signal to the last visit."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from webapp.services.demo.organisation import fixed
from webapp.services.demo.staff import Staff

Answers = Mapping[str, Mapping[str, Any]]

HELD: Mapping[str, Any] = {"visit_outcome": "held", "subject_attitude": "accept", "signing": "paper"}
GOOD: Mapping[str, Any] = {"grade": "good", "clue": "none", "propose_class_change": "no"}
# What comes up again and again while a cadre is tracked, and how it is answered.
ROUTINE: Answers = {
    "prepare_visit": {},
    "prepare_visit_discipline": {},
    "hold_visit": HELD,
    "subject_sign": {"subject_answer": "signed"},
    "sign_visit": {},
    "unit_section": {},
    "grade_visit": GOOD,
    "sum_up_care": {},
    "supervise_7": {},
    "supervise_15": {},
    "supervise_30": {},
    "write_note": {},
    "write_unit_note": {},
    "write_annual_summary": {"note_grade": "good", "note_risk": "low"},
    "check_note": {"check_outcome": "accepted"},
    "press_for_note": {},
    "press_for_plan": {},
}
STRIDE = 12
PLAIN: Mapping[str, Any] = {
    "managed_above": "no", "elected_post": "no", "dual_managed": "no", "non_party": "no", "post_type": "deputy",
    "lighter_track": "no", "proposal_outcome": "submit",
}  # fmt: skip


def person(name: str) -> str:
    """The id of a person of the demo."""
    return fixed("person", name)


def post(code: str) -> str:
    """The id of a post of the demo: ``fgj:deputy``."""
    return fixed("post", code)


def open_and_verify(staff: Staff, person_id: str, *, situation: str = "U08_insufficient_ability") -> str:
    """Signal, assessment, opening and verification by two, to the determination → case id."""
    case_id = staff.open_case(
        "ganbu1", person_id, source="annual_appraisal", situation_codes=[situation], severity_reported="high",
        source_count=2, credibility="plausible",
    )  # fmt: skip
    staff.do(case_id, "assess", "jiandu1", assessment_outcome="open_case")
    staff.do(
        case_id, "propose_opening", "fubuzhang1", conflict_declared="no", opening_proposal_outcome="submit"
    )
    verifiers = [staff.person("heshi1"), staff.person("heshi2")]
    staff.do(case_id, "approve_opening", "changwei03", opening_outcome="approved", verifiers=verifiers)
    staff.do(case_id, "hear_subject", "heshi1", statement_listeners=verifiers, statement_signed="signed")
    staff.do(case_id, "verify", "heshi2")
    staff.each(case_id, "sign_report", signature_outcome="signed")
    found = {"severity": "medium", "violation_found": "no", "cause_kind": "personal"}
    staff.do(
        case_id,
        "determine",
        "fubuzhang1",
        situation_codes=[situation],
        determination_outcome="unsuited",
        **found,
    )
    return case_id


def propose_and_consult(staff: Staff, case_id: str, *, manner: str, post_id: str, days: int = 0) -> None:
    """The proposal, the department's meeting, the opinions and the check: the item waits for the committee."""
    staff.do(case_id, "propose", "ganbu1", manner=manner, target_post_id=post_id, **PLAIN)
    staff.wait(days)
    staff.meet("dept", case_id)
    staff.do(case_id, "consult_discipline", "jiwei", discipline_opinion="agree")
    staff.do(case_id, "consult_leader", "changwei02", leader_opinion="agree")
    staff.do(case_id, "consolidate", "ganbu1", consultation_outcome="submit")
    staff.do(case_id, "check_materials", "fubuzhang2", materials_outcome="complete")


def decide(staff: Staff, case_id: str, *, manner: str, post_id: str, tracking_class: str = "A") -> None:
    """The committee's office registers what the committee has decided."""
    given = {"decided_manner": manner, "target_post_id": post_id, "tracking_class": tracking_class}
    staff.do(case_id, "record_decision", "shiweiban", legal_act_needed="no", **given)


def talk_and_appoint(staff: Staff, case_id: str) -> None:
    """The talk by two, the formalities, the papers filed."""
    talkers = [staff.person("changwei03"), staff.person("ganbu1")]
    staff.do(case_id, "talk", "changwei03", talk_outcome="accepted", talkers=talkers, talk_signed="signed")
    staff.do(case_id, "formalities", "ganbu1")
    staff.do(case_id, "file_papers", "dangan")


def set_up_tracking(staff: Staff, case_id: str, *, mentor: str, tracking_class: str = "A") -> None:
    """The file, the plan with its helper, approval, the post and the measures of help."""
    opening = staff.elements(case_id) & {"open_file", "open_file_discipline"}
    staff.do(case_id, opening.pop(), tracking_class=tracking_class)
    staff.do(case_id, "make_plan", mentor_id=mentor)
    staff.do(case_id, "approve_plan", "fubuzhang1", plan_outcome="approved")
    staff.do(case_id, "arrange_post")
    staff.do(case_id, "arrange_measures", "peiyang")


def live(
    staff: Staff,
    case_id: str,
    until: date,
    *,
    leave: Collection[str] = (),
    answers: Answers | None = None,
    also: Collection[str] = (),
) -> None:
    """Go on to a day; what comes up regularly is done on the way, except what is to be left lying.

    ``also``: further cases that are looked after in the same time.
    """
    routine = {**ROUTINE, **(answers or {})}
    routine = {element: given for element, given in routine.items() if element not in leave}
    while staff.today < until:
        staff.until(min(until, staff.today + timedelta(days=STRIDE)))
        for one in (case_id, *also):
            catch_up(staff, one, routine)


def catch_up(staff: Staff, case_id: str, routine: Answers = ROUTINE) -> None:
    """Do whatever of the routine is open, until nothing of it is."""
    while waiting := sorted(staff.elements(case_id) & routine.keys()):
        staff.do(case_id, waiting[0], **routine[waiting[0]])


def conclude(staff: Staff, case_id: str, over: date, *, conclusion: str = "recommended") -> None:
    """The review before the end, the wait until the period is ``over``, the conclusion."""
    staff.do(case_id, "evaluate_by_unit", unit_grade="good")
    staff.do(case_id, "check_new_clues", "jiwei", new_clue="none")
    staff.do(case_id, "evaluate", "ganbu1", proposed_conclusion="recommended")
    live(staff, case_id, over)
    staff.do(case_id, "conclude", "changwei03", conclusion=conclusion)


def initiate(staff: Staff, case_id: str, *, branch: str, post_id: str) -> None:
    """The section proposes the way up."""
    staff.do(case_id, "initiate", "ganbu1", branch=branch, post_id=post_id)


def examine(staff: Staff, case_id: str, *, branch: str, discipline: str = "pass") -> None:
    """From the department's first meeting over recommendation and examination to the last of the checks."""
    staff.meet("dept", case_id)
    if branch != "same_level":
        staff.do(case_id, "recommend", "ganbu1", recommendation_outcome="supported")
        staff.meet("dept", case_id)
    team = [staff.person("heshi1"), staff.person("heshi2")]
    staff.do(case_id, "set_up_examination", "ganbu1", team=team, team_leader=team[0])
    staff.do(case_id, "examine", "heshi1", examination_outcome="qualified")
    staff.each(case_id, "sign_examination")
    checks: Answers = {
        "check_archive": {"archive_result": "pass"},
        "check_personal_matters": {"personal_matters_result": "pass"},
        "check_petitions": {"petitions_result": "pass"},
    }
    for element in sorted(staff.elements(case_id) & checks.keys()):
        staff.do(case_id, element, **checks[element])
    staff.each(case_id, "double_sign")
    staff.do(case_id, "hear_discipline", "jiwei", discipline_result=discipline)


def decide_way_up(staff: Staff, case_id: str) -> None:
    """Consultation, the department's and the committee's meeting."""
    staff.do(case_id, "consult", "ganbu1", consultation_outcome="agree")
    staff.meet("dept", case_id)
    staff.meet("committee", case_id)


def appoint(staff: Staff, case_id: str) -> None:
    """The talk and the notice of appointment."""
    staff.do(
        case_id, "appointment_talk", "fubuzhang2", talkers=[staff.person("fubuzhang2")], talk_signed="signed"
    )
    staff.do(case_id, "issue_notice", "ganbu1")


def take_in(staff: Staff, person_id: str, **given: object) -> str:
    """The second door: a decision is registered by one and checked by another → case id."""
    case_id = staff.open_case("jiandu1", person_id, "sanction", **given)
    staff.do(case_id, "check_entry", "anguan", entry_outcome="confirmed")
    return case_id
