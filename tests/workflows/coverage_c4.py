"""Where each row of C4 (重新任用), D3, D7 and F06–F11 is built."""

from tests.workflows.coverage import Place, places

_P04, _FORMS = "workflows/p04_reinstatement/p04_reinstatement.bpmn", "workflows/p04_reinstatement/forms"
_MUSTS, _REQUIRED = (
    "workflows/p04_reinstatement/d07_four_musts.dmn",
    "workflows/p04_reinstatement/d07_required_checks.dmn",
)
_TEST = "tests/workflows/test_p04.py"


def _tests(row: str, *names: str, file: str = _TEST) -> tuple[Place, ...]:
    return tuple(Place(row, "test", file, name) for name in names)


def _fields(row: str, form: str, *names: str) -> tuple[Place, ...]:
    return tuple(Place(f"{row}: {name}", "field", f"{_FORMS}/{form}.json", name) for name in names)


COVERAGE = (
    Place("C4.gate0: D3", "element", _P04, "check_initiation"),
    Place("C4.gate0: five looks", "field", f"{_FORMS}/p04_initiation.json", "five_looks"),
    Place("C4.gate1: prior report", "element", _P04, "write_report"),
    Place("C4.gate1: answer", "element", _P04, "superior_reply"),
    Place("C4.gate1: 15 wd", "test", _TEST, "test_the_superior_is_pressed_after_fifteen_working_days"),
    Place("C4.gate1: duty", "rule", "workflows/p04_reinstatement/d03_prior_report.dmn", "d03_prior_report"),
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
    Place("C4.7 rule", "rule", "workflows/p04_reinstatement/d03_publicity.dmn", "d03_publicity_rule_3"),
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
    Place("C4.10 试用期", "rule", "workflows/p04_reinstatement/d03_probation.dmn", "d03_probation_rule_1"),
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
    Place("F06", "element", _P04, "phase_appointment_objection_late_caught"),
    Place(
        "F06 upheld late",
        "test",
        _TEST,
        "test_an_objection_upheld_after_the_publicity_goes_back_to_the_committee_from_every_step",
    ),
    Place("C4.gate0", "function", "webapp/services/eligibility.py", "check"),
    Place("C4.gate0", "function", "webapp/domain/reinstatement.py", "reasons_against"),
    *_tests("C4.gate0", "test_a_running_period_stops_at_every_one_of_the_four_gates"),
    *_tests("C4.gate0", "test_each_ground_alone_bars_a_promotion", file="tests/domain/test_up.py"),
    Place("C4.gate1", "clock", _P04, "reply_overdue: add working days(date(reported_on), 15)"),
    *_fields("C4.gate1", "p04_superior_reply", "superior_outcome", "reply_document_no", "replied_on"),
    *_tests("C4.gate1", "test_no_answer_of_the_superior_no_discussion", "test_the_superior_may_refuse"),
    *_fields("C4.1", "p04_initiation", "candidate", "vacancy", "opinion_risk"),
    *_tests("C4.3", "test_the_target_may_be_deferred_or_refused"),
    *_tests("C4.4", "test_every_member_of_the_team_signs", "test_an_unqualified_examination_ends_it"),
    *_tests(
        "C4.4a",
        "test_one_failed_check_ends_it_and_an_open_one_is_done_again",
        "test_the_integrity_opinion_needs_two_signatures_by_two_people",
    ),
    Place(
        "C4.5",
        "clock",
        _P04,
        'dual_silence: add working days(date(dual_sent_on) + duration("P1M") - duration("P1D"), 1) + duration("P1D")',
    ),
    *_tests(
        "C4.5",
        "test_the_silence_of_the_assisting_manager_counts_as_consent_after_a_month",
        "test_large_differences_in_consultation_end_it",
        "test_a_dispute_over_a_chief_goes_to_the_superior",
    ),
    *places("C4.6", "function", "webapp/domain/meetings.py", "tally_of require_may_vote require_quorum"),
    *_tests(
        "C4.6",
        "test_the_committee_may_refuse",
        "test_a_deferred_matter_is_checked_again_before_it_returns_or_is_withdrawn",
    ),
    Place("C4.7", "clock", _P04, "publicity_over: date(publicity.closes_on)"),
    Place("C4.7", "function", "webapp/domain/publicity.py", "closing_day"),
    *_tests("C4.7", "test_publicity_follows_its_table", "test_publicity_runs_its_whole_time"),
    Place("C4.8 source", "function", "webapp/services/publicity.py", "receive_objection"),
    *_tests("C4.8", "test_an_objection_holds_the_appointment_until_it_is_concluded"),
    *_tests("C4.9", "test_no_appointment_without_the_talk", "test_an_elected_post_needs_its_legal_procedure"),
    Place("C4.10", "function", "webapp/services/delegates/appointments.py", "appoint"),
    *_tests("C4.10", "test_probation_only_where_it_is_owed"),
    Place("C4.11", "clock", _P04, 'probation_near: date(appointment.probation_ends_on) - duration("P30D")'),
    Place("C4.11", "clock", _P04, 'probation_over: date(appointment.probation_ends_on) + duration("P1D")'),
    *_fields("C4.11", "p04_probation_appraisal", "probation_outcome", "placement"),
    *_tests(
        "C4.11",
        "test_probation_is_appraised_30_days_before_its_end_and_confirmed_after_it",
        "test_a_failed_probation_ends_the_appointment_by_decision",
    ),
    Place("C4.12", "clock", _P04, 'first_year_over: date(effective_on) + duration("P1Y")'),
    *_tests("C4.12", "test_without_probation_the_case_closes_a_year_after_the_appointment"),
    *places("F06", "element", _P04, "publicity_over objections_open check_objections"),
    Place("F06", "rule", "workflows/p04_reinstatement/d03_publicity.dmn", "d03_publicity_rule_3"),
    *places("F06", "function", "webapp/domain/publicity.py", "closing_day"),
    *places(
        "F06", "function", "webapp/services/delegates/reinstatement.py", "open_publicity close_publicity"
    ),
    *_tests(
        "F06", "test_publicity_runs_five_working_days_and_cannot_be_shortened", file="tests/domain/test_up.py"
    ),
    *_tests("F06", "test_publicity_of_four_working_days_is_refused", file="tests/services/test_delegates.py"),
    *places(
        "F07", "element", _P04, "eligible_initiation eligible_target ready_for_committee eligible_appointment"
    ),
    *places("F07", "function", "webapp/domain/impact.py", "bars_against reasons_in_impact_period"),
    *_tests("F07", "test_each_action_meets_its_own_bars", file="tests/domain/test_impact.py"),
    *places("F08", "element", _P04, "check_initiation check_target check_meeting check_appointment"),
    *places("F09", "element", _P04, "four_musts four_musts_again double_sign"),
    *places("F10", "element", _P04, "prior_report report_owed superior_reply superior_answer"),
    Place("F10", "rule", "workflows/p04_reinstatement/d03_prior_report.dmn", "d03_prior_report"),
    *places("F11", "element", _P04, "probation_over confirm end_probation"),
    Place("F11", "rule", "workflows/p04_reinstatement/d03_probation.dmn", "d03_probation_rule_1"),
    *places("F11", "function", "webapp/services/delegates/appointments.py", "appoint confirm_appointment"),
    *_tests(
        "F11", "test_probation_is_confirmed_only_after_its_last_day", file="tests/services/test_delegates.py"
    ),
)
