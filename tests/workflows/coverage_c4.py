"""Where each row of C4 (重新任用), D3, D7 and F06–F11 is built."""

from tests.workflows.coverage import Place

_P04, _FORMS = "p04_reinstatement/p04_reinstatement.bpmn", "p04_reinstatement/forms"
_MUSTS, _REQUIRED = "p04_reinstatement/d07_four_musts.dmn", "p04_reinstatement/d07_required_checks.dmn"
_TEST = "test_p04.py"


def _fields(row: str, form: str, *names: str) -> tuple[Place, ...]:
    return tuple(Place(f"{row}: {name}", "field", f"{_FORMS}/{form}.json", name) for name in names)


COVERAGE = (
    Place("C4 gate 0: D3", "element", _P04, "check_initiation"),
    Place("C4 gate 0: five looks", "field", f"{_FORMS}/p04_initiation.json", "five_looks"),
    Place("C4 gate 1: prior report", "element", _P04, "write_report"),
    Place("C4 gate 1: answer", "element", _P04, "superior_reply"),
    Place("C4 gate 1: 15 wd", "test", _TEST, "test_the_superior_is_pressed_after_fifteen_working_days"),
    Place("C4 gate 1: duty", "rule", "p04_reinstatement/d03_prior_report.dmn", "d03_prior_report"),
    Place("C4.1 动议", "element", _P04, "initiate"),
    Place("C4.1 collectively", "element", _P04, "agenda_initiation"),
    *_fields(
        "C4.1",
        "p04_initiation",
        "branch",
        "post_id",
        "scope",
        "qualification",
        "fit_reason",
        "archive_first_look",
    ),
    Place("C4.2 民主推荐", "element", _P04, "recommend"),
    *_fields(
        "C4.2", "p04_recommendation", "attendees", "ballots_issued", "ballots_returned", "ballots_valid"
    ),
    *_fields("C4.2", "p04_recommendation", "ballots_for", "talks_held", "recommendation_outcome"),
    Place("C4.2 one year", "test", _TEST, "test_a_recommendation_lasts_one_year"),
    Place("C4.3 确定考察对象", "element", _P04, "agenda_target"),
    Place("C4.3 D3 again", "element", _P04, "check_target"),
    Place("C4.4 考察", "element", _P04, "examine"),
    Place("C4.4 team", "test", _TEST, "test_a_team_has_two_members_and_never_the_candidate"),
    Place("C4.4 signatures", "element", _P04, "sign_examination"),
    *_fields("C4.4", "p04_examination_setup", "team", "notice_from", "notice_until"),
    *_fields(
        "C4.4", "p04_examination_report", "virtue", "ability", "diligence", "results", "integrity", "examples"
    ),
    *_fields(
        "C4.4", "p04_examination_report", "shortcomings", "former_case_and_change", "performance_view_block"
    ),
    Place("C4.4a archive", "element", _P04, "check_archive"),
    Place("C4.4a personal matters", "element", _P04, "check_personal_matters"),
    Place("C4.4a discipline", "element", _P04, "hear_discipline"),
    Place("C4.4a double signature", "element", _P04, "double_sign"),
    Place("C4.4a petitions", "element", _P04, "check_petitions"),
    Place("C4.4a by rule", "rule", _REQUIRED, "d07_required_checks_rule_2"),
    *_fields("C4.4a", "p04_archive_check", "checked_items", "archive_result", "archive_on", "signer"),
    *_fields("C4.4a", "p04_discipline_opinion", "discipline_result", "handled_issues"),
    Place("C4.5 酝酿", "element", _P04, "consult"),
    Place("C4.5 one month", "element", _P04, "dual_silence"),
    Place("C4.5 deemed consent", "element", _P04, "deemed_consent"),
    *_fields("C4.5", "p04_consultation", "leader_opinions", "consulted_kind", "consultation_outcome"),
    Place("C4.6 部务会", "element", _P04, "agenda_dept"),
    Place("C4.6 讨论决定", "element", _P04, "agenda_committee"),
    Place("C4.6 缓议", "element", _P04, "rework"),
    Place("C4.7 公示", "element", _P04, "open_publicity"),
    Place("C4.7 rule", "rule", "p04_reinstatement/d03_publicity.dmn", "d03_publicity_rule_3"),
    *_fields(
        "C4.7", "p04_publicity_notice", "notice_person", "notice_posts", "publicity_from", "notice_contact"
    ),
    *_fields("C4.7", "p04_publicity_notice", "exception_reason", "nothing_else"),
    Place("C4.8 举报核查", "element", _P04, "check_objections"),
    *_fields("C4.8", "p04_objection_check", "objection_issue", "objection_finding", "objection_outcome"),
    Place("C4.9 任职谈话", "element", _P04, "appointment_talk"),
    Place("C4.9 任职", "element", _P04, "appoint"),
    Place("C4.9 D3 again", "element", _P04, "check_appointment"),
    *_fields("C4.9", "p04_appointment_talk", "talkers", "talk_content", "talk_refusal"),
    Place("C4.10 试用期", "rule", "p04_reinstatement/d03_probation.dmn", "d03_probation_rule_1"),
    Place("C4.11 appraisal", "element", _P04, "appraise_probation"),
    Place("C4.11 转正", "element", _P04, "confirm"),
    Place("C4.11 免去试任", "element", _P04, "end_probation"),
    Place("C4.11 30 d before", "element", _P04, "probation_near"),
    Place("C4.12 跟踪", "element", _P04, "open_reuse_tracking"),
    Place("C4.12 closes", "element", _P04, "close_case"),
    *_fields(
        "0.4 请示", "p04_prior_report", "former_handling", "period_over", "behaviour_since", "proposed_post"
    ),
    *_fields(
        "0.4 请示",
        "p04_prior_report",
        "vacancy",
        "fit_reason",
        "qualification",
        "eligibility_note",
        "musts_note",
    ),
    *_fields(
        "0.4 请示", "p04_prior_report", "recusal_note", "examination_note", "report_duty", "opinion_risk"
    ),
    Place("D3#7", "test", _TEST, "test_a_prior_report_is_owed_for_those_back_from_accountability"),
    Place("D7 fail", "rule", _MUSTS, "d07_four_musts_rule_1"),
    Place("D7 pending", "rule", _MUSTS, "d07_four_musts_rule_5"),
    Place("F06 five working days, hold", "test", _TEST, "test_publicity_runs_its_whole_time"),
    Place(
        "F06 objection holds", "test", _TEST, "test_an_objection_holds_the_appointment_until_it_is_concluded"
    ),
    Place("F07 hard block", "test", _TEST, "test_a_running_period_stops_at_every_one_of_the_four_gates"),
    Place(
        "F08 steps 1, 3, 6, 9", "test", _TEST, "test_promotion_goes_all_the_way_with_four_checks_of_the_bars"
    ),
    Place("F09 dated ≤ 6 months", "rule", _MUSTS, "d07_four_musts_rule_9"),
    Place(
        "F09 before the vote",
        "test",
        _TEST,
        "test_checks_that_grow_old_before_the_meeting_keep_it_off_the_agenda",
    ),
    Place("F10 no answer, no discussion", "test", _TEST, "test_no_answer_of_the_superior_no_discussion"),
    Place("F11 probation", "test", _TEST, "test_probation_only_where_it_is_owed"),
    Place(
        "F11 back to the prior rank",
        "test",
        _TEST,
        "test_a_failed_probation_ends_the_appointment_by_decision",
    ),
    Place(
        "F22 irreversible",
        "test",
        _TEST,
        "test_a_founded_objection_goes_back_to_the_committee_and_cannot_be_withdrawn",
    ),
)
