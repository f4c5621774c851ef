"""Where each step of C1 (调整不适宜担任现职干部) and F01–F05, F12–F14, F18, F20, F24 is built."""

from tests.workflows.coverage import Place, places

_P01 = "workflows/p01_down_adjustment/p01_down_adjustment.bpmn"
_P10 = "workflows/p10_appeal/p10_appeal.bpmn"
_APPEALS = "tests/web/test_appeals.py"
_P06 = "workflows/p06_sanction_intake/p06_sanction_intake.bpmn"
_SHARED, _DOMAIN = "workflows/shared", "webapp/domain"
_T01, _T06 = "tests/workflows/test_p01.py", "tests/workflows/test_p06.py"
_MEETINGS, _DOWN = "tests/domain/test_meetings.py", "tests/domain/test_down.py"
_DELEGATES = "tests/services/test_delegates.py"


def _elements(row: str, names: str) -> tuple[Place, ...]:
    return places(row, "element", _P01, names)


def _fields(row: str, form: str, names: str) -> tuple[Place, ...]:
    return places(row, "field", f"workflows/p01_down_adjustment/forms/{form}.json", names)


def _clock(row: str, element: str, time: str) -> Place:
    return Place(row, "clock", _P01, f"{element}: {time}")


def _tests(row: str, *names: str, file: str = _T01) -> tuple[Place, ...]:
    return tuple(Place(row, "test", file, name) for name in names)


STEPS = (
    *_elements("C1.0", "register_signal screen_situation assess gw_assessed handle_mild"),
    *_fields(
        "C1.0", "signal", "source received_on summary situation_codes severity_reported evidence credibility"
    ),
    *places("C1.0", "rule", f"{_SHARED}/d09_situation_screen.dmn", "d09_single_low d09_many_high"),
    *places(
        "C1.0",
        "rule",
        f"{_SHARED}/situations.json",
        "U01_political_capacity U08_insufficient_ability U16_other",
    ),
    _clock("C1.0", "assess", "add working days(today(), 5)"),
    *_tests(
        "C1.0 dismiss, watch, ladder, open",
        "test_the_screening_table_only_advises",
        "test_an_assessment_that_opens_nothing_closes_the_file",
        "test_a_mild_measure_is_handled_elsewhere_and_its_result_registered",
    ),
    *_elements("C1.1", "propose_opening approve_opening gw_opening end_refused"),
    *_fields("C1.1", "opening_proposal", "opening_reason conflict_declared proposed_verifiers"),
    *_fields("C1.1", "opening_approval", "verifiers opening_outcome"),
    _clock("C1.1", "propose_opening", "add working days(today(), 5)"),
    _clock("C1.1", "approve_opening", "add working days(today(), 5)"),
    *_tests(
        "C1.1 open, refuse, return",
        "test_the_head_may_refuse_the_opening",
        "test_the_head_may_return_the_opening",
        "test_the_deputy_head_may_send_the_matter_back_to_assessment",
    ),
    *_elements(
        "C1.2",
        "hear_subject verify sign_report determine gw_determined handle_tolerance refer_discipline end_not_adjusted"
        " end_referred",
    ),
    *_fields("C1.2", "subject_statement", "statement_text statement_signed"),
    *_fields(
        "C1.2",
        "verification_report",
        "talk_levels documents_read findings fact evidence_text finding causes tolerance_check organ_opinions dissent"
        " sealed_talks recusal_note",
    ),
    *_fields("C1.2", "determination", "determination_outcome severity cause_kind"),
    _clock("C1.2", "hear_subject", "add working days(today(), 20)"),
    _clock("C1.2", "verify", "add working days(today(), 30)"),
    *_tests(
        "C1.2",
        "test_tolerance_that_exempts_closes_the_file",
        "test_what_the_discipline_organ_sends_back_is_determined_again",
        "test_a_finding_without_adjustment_closes_the_file",
        "test_verification_can_be_asked_for_again",
    ),
    *_elements("C1.3", "advise_manner propose compute_period find_authority agenda_dept dept_meeting"),
    *_fields(
        "C1.3",
        "adjustment_proposal",
        "manner adjustment_reason target_post_id timing impact_note lighter_track appraisals own_opinion",
    ),
    *places("C1.3", "rule", f"{_SHARED}/d02_adjustment_manner.dmn", "d02_violation d02_people_decide"),
    _clock("C1.3", "propose", "add working days(today(), 10)"),
    *_tests(
        "C1.3",
        "test_the_proposal_sees_the_advised_manner_the_period_and_who_decides",
        "test_a_proposal_can_go_elsewhere",
        "test_a_deferred_department_item_goes_back_to_the_agenda",
        "test_a_department_item_that_does_not_pass_goes_back_to_the_proposal",
        "test_a_cadre_moved_for_health_is_cared_for_not_educated",
    ),
    *_elements(
        "C1.3a",
        "gw_consult consult_discipline consult_leader consult_dual_manager consult_united_front dual_silent"
        " record_deemed_consent consolidate",
    ),
    *_fields("C1.3a", "consult_discipline", "discipline_opinion signatory replied_on"),
    *_fields("C1.3a", "consult_leader", "leader_opinion signatory replied_on"),
    *_fields("C1.3a", "consult_dual_manager", "dual_reply signatory replied_on"),
    *_fields("C1.3a", "consult_united_front", "united_front_opinion signatory replied_on"),
    _clock(
        "C1.3a",
        "dual_silent",
        'add working days(date(asked_on) + duration("P1M") - duration("P1D"), 1) + duration("P1D")',
    ),
    *_tests("C1.3a", "test_all_opinions_are_waited_for", "test_who_is_asked_depends_on_the_cadre"),
    *_elements("C1.3b", "gw_superior report_superior gw_superior_reply"),
    *_fields("C1.3b", "superior_reply", "superior_asked_on superior_replied_on superior_outcome"),
    *places("C1.3b", "rule", f"{_SHARED}/d04_decision_authority.dmn", "d04_above d04_elected"),
    _clock("C1.3b", "report_superior", "add working days(today(), 10)"),
    *_tests(
        "C1.3b",
        "test_cadres_managed_above_and_elected_posts_are_reported_to_the_superior",
        "test_a_superior_that_does_not_agree_sends_the_proposal_back",
    ),
    *_elements(
        "C1.4",
        "check_materials agenda_committee committee_meeting gw_committee item_recalled recall_item after_not_passed"
        " record_decision",
    ),
    *_fields(
        "C1.4", "decision_record", "meeting_session decided_manner target_post_id tracking_class minutes"
    ),
    *places(
        "C1.4 attendance, votes",
        "function",
        f"{_DOMAIN}/meetings.py",
        "tally_of require_may_vote require_quorum",
    ),
    *places("C1.4", "function", "webapp/services/meetings.py", "vote record decide"),
    *places("C1.4", "function", "webapp/services/recusals.py", "recuse readmit"),
    *_tests(
        "C1.4 pass, fail, defer",
        "test_a_deferred_item_goes_back_to_the_agenda_and_can_then_pass",
        "test_an_item_that_did_not_pass_can_end_the_case",
        "test_an_item_that_did_not_pass_can_be_taken_up_again",
        "test_an_item_can_be_recalled_before_the_meeting",
    ),
    *_elements("C1.5", "choose_talker talk record_talk announce_talk refer_refusal end_for_cause"),
    *_fields(
        "C1.5",
        "down_talk",
        "talked_on talk_time talk_place talkers reasons_notified remedy_notified subject_view mood_note talk_signed"
        " not_signed_note talk_witness talk_outcome",
    ),
    *places("C1.5", "rule", f"{_SHARED}/d11_talk_owner.dmn", "d11_chief d11_deputy"),
    _clock("C1.5", "talk", "add working days(today(), 5)"),
    *_tests(
        "C1.5",
        "test_nothing_is_released_or_announced_before_the_talk_is_recorded",
        "test_refusing_the_decision_is_handled_elsewhere_and_does_not_stop_it",
        "test_death_or_retirement_before_the_talk_ends_the_case_and_the_tracking",
    ),
    *_elements("C1.6", "gw_legal legal_procedure formalities apply_adjustment"),
    *_fields("C1.6", "formalities", "document_no effective_on post_ended new_rank pay_basis archive_slip"),
    *_fields("C1.6", "legal_procedure", "legal_body legal_on legal_outcome"),
    _clock("C1.6", "formalities", 'today() + duration("P1M")'),
    *_tests(
        "C1.6",
        "test_a_congress_date_is_kept_apart_from_the_start_of_the_periods",
        "test_the_adjustment_takes_effect_only_with_the_formalities",
    ),
    *_elements("C1.7", "register_measure compute_final_period open_impact_periods open_tracking file_papers"),
    *places(
        "C1.7",
        "rule",
        f"{_SHARED}/d01_impact_period.dmn",
        "d01_up_down_lateral_transfer d01_up_down_demotion",
    ),
    *places("C1.7", "function", f"{_DOMAIN}/impact.py", "end_of periods latest_end"),
    *places(
        "C1.7", "function", "webapp/services/delegates/measures.py", "register_measure open_impact_periods"
    ),
    *_tests("C1.7", "test_periods_and_tracking_start_on_the_day_of_the_decision_whenever_it_is_entered"),
)

INVARIANTS = (
    *_elements("F01", "approve_opening determine check_materials sign_report"),
    *places("F01", "function", f"{_DOMAIN}/access.py", "require_may_complete"),
    *places("F01", "function", f"{_DOMAIN}/adjustment.py", "reasons_against_finding"),
    *places("F01", "function", "webapp/services/step_rules.py", "require"),
    *places("F01 appeal", "function", f"{_DOMAIN}/appeals.py", "reasons_against_outcome"),
    *_tests("F01 appeal", "test_who_brought_the_cadre_down_keeps_away", file="tests/workflows/test_p10.py"),
    *_tests(
        "F01",
        "test_the_head_who_approves_is_neither_proposer_nor_assessor",
        "test_a_team_of_one_is_sent_back",
        "test_each_member_of_the_team_signs_the_report_alone",
        "test_separated_steps_name_steps_that_exist",
    ),
    *_tests(
        "F01",
        "test_who_proposed_does_not_approve_not_even_from_a_second_account",
        file="tests/domain/test_access.py",
    ),
    *_tests("F01 p06", "test_another_person_checks_the_entry", file=_T06),
    *_elements("F02", "check_materials agenda_committee committee_meeting"),
    *places(
        "F02",
        "function",
        f"{_DOMAIN}/meetings.py",
        "require_may_vote require_announced reasons_against_discussion",
    ),
    *_tests(
        "F02",
        "test_incomplete_papers_do_not_reach_the_meeting",
        "test_the_item_waits_for_the_result_of_the_meeting_under_its_own_number",
    ),
    *_tests("F02", "test_nobody_votes_outside_an_open_meeting_or_without_being_present", file=_MEETINGS),
    *places("F02", "function", "webapp/services/readiness.py", "place reasons_against"),
    *_tests(
        "F02",
        "test_nothing_is_put_on_the_agenda_for_today",
        "test_an_item_whose_papers_are_gone_or_stale_is_not_called",
        "test_a_cadre_on_whom_something_has_come_up_meanwhile_is_not_discussed",
        file="tests/journeys/test_meetings.py",
    ),
    *_elements("F03", "committee_meeting"),
    *places("F03", "function", f"{_DOMAIN}/meetings.py", "require_quorum present_needed present_for_item"),
    *_tests("F03", "test_recused_members_do_not_make_the_quorum", file=_MEETINGS),
    *_elements("F04", "committee_meeting gw_committee"),
    *places("F04", "function", f"{_DOMAIN}/meetings.py", "agree_needed result"),
    *_tests(
        "F04",
        "test_nothing_passes_without_two_thirds_present_and_more_than_half_of_all_in_favour",
        file=_MEETINGS,
    ),
    *_fields("F05", "opening_proposal", "conflict_declared"),
    *places("F05", "function", f"{_DOMAIN}/kinship.py", "relatives_of"),
    *places("F05", "function", "webapp/services/kinship.py", "enter change settle"),
    *_tests(
        "F05",
        "test_a_determination_waits_for_a_team_nobody_of_which_must_step_aside",
        "test_a_relative_or_a_recused_colleague_is_not_picked_for_a_part_in_the_case",
        file="tests/journeys/test_step_rules.py",
    ),
    *_tests(
        "F05", "test_who_is_kin_through_a_relative_is_kin_from_then_on", file="tests/web/test_person_facts.py"
    ),
    *places("F05", "function", f"{_DOMAIN}/access.py", "require_may_see_case barred"),
    *places("F05", "function", f"{_DOMAIN}/meetings.py", "require_may_see_item"),
    *_tests("F05", "test_every_task_of_people_has_a_form_a_stage_a_legal_basis_and_a_recusal_rule"),
    *_tests(
        "F05",
        "test_the_recused_are_refused_and_for_the_subject_and_relatives_there_is_no_item",
        file=_MEETINGS,
    ),
    *_elements("F12", "talk gw_legal formalities"),
    *places("F12", "element", _P10, "accept review decide answer register_result press"),
    *places(
        "F12", "function", f"{_DOMAIN}/appeals.py", "routes decide_by is_heavier reasons_against_outcome"
    ),
    *places("F12", "function", "webapp/services/appeals.py", "file"),
    *places(
        "F12", "function", "webapp/services/delegates/appeals.py", "accept_appeal decide_appeal answer_appeal"
    ),
    *_tests(
        "F12 filed, decided, answered",
        "test_an_appeal_goes_from_the_own_page_to_its_answer_and_nothing_stops_meanwhile",
        "test_a_late_appeal_is_refused_with_the_day_or_taken_with_a_written_reason",
        "test_who_handled_the_case_neither_handles_nor_reviews_the_appeal_and_it_never_gets_worse",
        "test_while_an_appeal_is_open_tracking_goes_on_without_the_handlers_and_the_deadline_is_pressed",
        file=_APPEALS,
    ),
    *places("F12 a notice, no bar", "function", f"{_DOMAIN}/reinstatement.py", "notices"),
    *_tests(
        "F12 nothing is suspended",
        "test_disputing_the_decision_suspends_neither_its_formalities_nor_its_periods",
    ),
    *_tests(
        "F12 tracking goes on",
        "test_while_an_appeal_is_pending_the_schedule_stays_and_the_handlers_keep_away",
        file="tests/workflows/test_p02.py",
    ),
    *_tests(
        "F12 never heavier",
        "test_an_appeal_never_makes_it_worse_nor_is_it_judged_by_the_handlers",
        file=_DOWN,
    ),
    *_tests("F12", "test_an_open_appeal_is_a_notice_and_no_bar", file="tests/domain/test_up.py"),
    *_elements("F13", "hear_subject talk"),
    *_fields("F13", "down_talk", "remedy_notified remedy_text remedy_delivered_on"),
    *places("F13 own page", "function", "webapp/queries/mine.py", "matters told_cases"),
    *_tests(
        "F13 own page",
        "test_nothing_shows_before_the_talk_and_what_was_told_after_it",
        file="tests/web/test_mine_page.py",
    ),
    *_tests("F13", "test_the_cadre_is_told_the_remedy_in_writing_at_the_talk"),
    *_tests("F13", "test_a_verification_lacking_anything_is_refused", file=_DOWN),
    *_elements("F14", "open_tracking"),
    *places("F14", "element", _P06, "open_tracking"),
    *places("F14", "function", "webapp/services/delegates/plans.py", "open_tracking close_plan"),
    *_tests("F14", "test_periods_and_tracking_start_on_the_day_of_the_decision_whenever_it_is_entered"),
    *_tests("F14", "test_a_decision_opens_its_periods_and_the_tracking_the_same_day", file=_T06),
    *_tests(
        "F14",
        "test_a_second_measure_joins_the_plan_that_runs_and_never_lightens_it",
        "test_a_plan_is_not_closed_while_a_period_runs_unless_for_cause",
        file=_DELEGATES,
    ),
    *places("F18", "element", _P06, "announce execution_formalities report_execution"),
    Place("F18", "clock", _P06, 'announce: date(effective_on) + duration("P1M")'),
    *_tests("F18", "test_announcing_and_formalities_are_due_in_one_month_and_the_report_in_six", file=_T06),
    *_elements("F20", "gw_lighter countersign_lighter"),
    *_fields("F20", "adjustment_proposal", "lighter_track lighter_reason"),
    *_fields("F20", "lighter_reason", "lighter_review lighter_signature"),
    *_tests(
        "F20",
        "test_a_lighter_manner_needs_a_second_signature",
        "test_a_lighter_manner_without_a_good_reason_is_returned",
        "test_the_lighter_reason_is_asked_only_for_a_lighter_manner_and_then_required",
    ),
    *_elements("F24", "consult_dual_manager dual_silent record_deemed_consent"),
    *_tests("F24", "test_a_month_of_silence_of_the_dual_manager_is_recorded_as_deemed_consent"),
)

COVERAGE = (*STEPS, *INVARIANTS)
