"""Where each step of the down process and each rule on it is to be found: data for one test.

A place is (file, names): element ids of a diagram, fields of a form, rules of a table, or tests.
"""

P01 = "workflows/p01_down_adjustment/p01_down_adjustment.bpmn"
P06 = "workflows/p06_sanction_intake/p06_sanction_intake.bpmn"
FORMS = "workflows/p01_down_adjustment/forms/"
SHARED = "workflows/shared/"
T01 = "tests/workflows/test_p01.py"
T06 = "tests/workflows/test_p06.py"

Place = tuple[str, tuple[str, ...]]

STEPS: dict[str, tuple[Place, ...]] = {
    "0 分析研判": (
        (P01, ("register_signal", "screen_situation", "assess", "gw_assessed", "handle_mild")),
        (FORMS + "signal.json",
         ("source", "received_on", "summary", "situation_codes", "severity_reported", "evidence")),
        (SHARED + "d09_situation_screen.dmn", ("d09_single_low", "d09_many_high")),
        (SHARED + "situations.json", ("U01_political_capacity", "U16_other")),
    ),
    "1 启动": (
        (P01, ("propose_opening", "approve_opening", "gw_opening", "end_refused")),
        (FORMS + "opening_proposal.json", ("opening_reason", "conflict_declared")),
        (FORMS + "opening_approval.json", ("verifiers", "opening_outcome")),
    ),
    "2 核实认定": (
        (P01, ("hear_subject", "verify", "sign_report", "determine", "gw_determined", "handle_tolerance",
               "refer_discipline", "end_not_adjusted", "end_referred")),
        (FORMS + "subject_statement.json", ("statement_text", "statement_signed")),
        (FORMS + "verification_report.json",
         ("findings", "causes", "tolerance_check", "organ_opinions", "dissent", "sealed_talks")),
        (FORMS + "determination.json", ("determination_outcome", "severity")),
        (T01, ("test_tolerance_that_exempts_closes_the_file",
               "test_what_the_discipline_organ_sends_back_is_determined_again",
               "test_a_finding_without_adjustment_closes_the_file",
               "test_verification_can_be_asked_for_again")),
    ),
    "3 提出调整建议": (
        (P01, ("advise_manner", "propose", "compute_period", "find_authority", "agenda_dept", "dept_meeting")),
        (FORMS + "adjustment_proposal.json",
         ("manner", "adjustment_reason", "target_post_id", "timing", "lighter_track", "appraisals")),
        (SHARED + "d02_adjustment_manner.dmn", ("d02_violation", "d02_people_decide")),
        (T01, ("test_the_proposal_sees_the_advised_manner_the_period_and_who_decides",
               "test_a_deferred_department_item_goes_back_to_the_agenda",
               "test_a_department_item_that_does_not_pass_goes_back_to_the_proposal")),
    ),
    "3a 征求意见、酝酿": (
        (P01, ("gw_consult", "consult_discipline", "consult_leader", "consult_dual_manager",
               "consult_united_front", "dual_silent", "record_deemed_consent", "consolidate")),
        (FORMS + "consult_discipline.json", ("discipline_opinion", "signatory", "replied_on")),
        (T01, ("test_all_opinions_are_waited_for", "test_who_is_asked_depends_on_the_cadre")),
    ),
    "3b 报上级": (
        (P01, ("gw_superior", "report_superior", "gw_superior_reply")),
        (SHARED + "d04_decision_authority.dmn", ("d04_above", "d04_elected")),
        (T01, ("test_cadres_managed_above_and_elected_posts_are_reported_to_the_superior",
               "test_a_superior_that_does_not_agree_sends_the_proposal_back")),
    ),
    "4 组织决定": (
        (P01, ("check_materials", "agenda_committee", "committee_meeting", "gw_committee", "item_recalled",
               "recall_item", "after_not_passed", "record_decision")),
        (T01, ("test_a_deferred_item_goes_back_to_the_agenda_and_can_then_pass",
               "test_an_item_that_did_not_pass_can_end_the_case",
               "test_an_item_that_did_not_pass_can_be_taken_up_again",
               "test_an_item_can_be_recalled_before_the_meeting")),
    ),
    "5 谈话": (
        (P01, ("choose_talker", "talk", "record_talk", "announce_talk", "refer_refusal", "end_for_cause")),
        (FORMS + "down_talk.json",
         ("talked_on", "talk_place", "talkers", "reasons_notified", "remedy_notified", "subject_view",
          "mood_note", "not_signed_note", "talk_witness")),
        (SHARED + "d11_talk_owner.dmn", ("d11_chief", "d11_deputy")),
        (T01, ("test_nothing_is_released_or_announced_before_the_talk_is_recorded",
               "test_death_or_retirement_before_the_talk_ends_the_case_and_the_tracking")),
    ),
    "6 履行任免程序": (
        (P01, ("gw_legal", "legal_procedure", "formalities", "apply_adjustment")),
        (FORMS + "formalities.json",
         ("document_no", "effective_on", "post_ended", "new_rank", "pay_basis", "archive_slip")),
        (T01, ("test_a_congress_date_is_kept_apart_from_the_start_of_the_periods",)),
    ),
    "7 同日跟踪、影响期、归档": (
        (P01, ("register_measure", "compute_final_period", "open_impact_periods", "open_tracking",
               "file_papers")),
        (SHARED + "d01_impact_period.dmn", ("d01_up_down_lateral_transfer", "d01_up_down_demotion")),
        (T01, ("test_periods_and_tracking_start_on_the_day_of_the_decision_whenever_it_is_entered",)),
    ),
}  # fmt: skip

INVARIANTS: dict[str, tuple[Place, ...]] = {
    "F01": (
        (P01, ("approve_opening", "determine", "check_materials", "sign_report")),
        (T01, ("test_the_head_who_approves_is_neither_proposer_nor_assessor",
               "test_a_team_of_one_is_sent_back", "test_each_member_of_the_team_signs_the_report_alone",
               "test_separated_steps_name_steps_that_exist")),
    ),
    "F02": (
        (P01, ("check_materials", "agenda_committee", "committee_meeting")),
        (T01, ("test_incomplete_papers_do_not_reach_the_meeting",
               "test_the_item_waits_for_the_result_of_the_meeting_under_its_own_number")),
    ),
    "F03": (
        (P01, ("committee_meeting",)),
        ("webapp/domain/meetings.py", ("F03",)),
        ("tests/domain/test_meetings.py", ("test_recused_members_do_not_make_the_quorum",)),
    ),
    "F04": (
        (P01, ("committee_meeting", "gw_committee")),
        ("webapp/domain/meetings.py", ("F04",)),
        ("tests/domain/test_meetings.py",
         ("test_nothing_passes_without_two_thirds_present_and_more_than_half_of_all_in_favour",)),
    ),
    "F05": (
        (P01, ('recusal="subject relatives"',)),
        (FORMS + "opening_proposal.json", ("conflict_declared",)),
        (T01, ("test_every_task_of_people_has_a_form_a_stage_a_legal_basis_and_a_recusal_rule",)),
    ),
    "F13": (
        (P01, ("hear_subject", "talk")),
        (FORMS + "down_talk.json", ("remedy_notified", "remedy_text", "remedy_delivered_on")),
        (T01, ("test_the_cadre_is_told_the_remedy_in_writing_at_the_talk",)),
    ),
    "F14": (
        (P01, ("open_tracking",)),
        (P06, ("open_tracking",)),
        (T01, ("test_periods_and_tracking_start_on_the_day_of_the_decision_whenever_it_is_entered",)),
        (T06, ("test_a_decision_opens_its_periods_and_the_tracking_the_same_day",)),
    ),
    "F18": (
        (P06, ("announce", "execution_formalities", "report_execution")),
        (T06, ("test_announcing_and_formalities_are_due_in_one_month_and_the_report_in_six",)),
    ),
    "F20": (
        (P01, ("gw_lighter", "countersign_lighter")),
        (FORMS + "adjustment_proposal.json", ("lighter_track", "lighter_reason")),
        (FORMS + "lighter_reason.json", ("lighter_review", "lighter_signature")),
        (T01, ("test_a_lighter_manner_needs_a_second_signature",
               "test_a_lighter_manner_without_a_good_reason_is_returned",
               "test_the_lighter_reason_is_asked_only_for_a_lighter_manner_and_then_required")),
    ),
    "F24": (
        (P01, ("consult_dual_manager", "dual_silent", "record_deemed_consent")),
        (T01, ("test_a_month_of_silence_of_the_dual_manager_is_recorded_as_deemed_consent",)),
    ),
}  # fmt: skip
