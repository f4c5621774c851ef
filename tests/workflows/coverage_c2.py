"""Where each row of C2 (跟踪管理) and F14, F15, F27 is built."""

from tests.workflows.coverage import Place

_P02, _NOTE = "p02_tracking/p02_tracking.bpmn", "p02a_periodic_note/p02a_periodic_note.bpmn"
_FORMS, _NOTE_FORMS = "p02_tracking/forms", "p02a_periodic_note/forms"
_D5, _D6 = "p02_tracking/d05_visit_schedule.dmn", "p02a_periodic_note/d06_annual_appraisal.dmn"

COVERAGE = (
    Place("C2.1 建档", "element", _P02, "open_file"),
    Place("C2.1 建档 track 3", "element", _P02, "open_file_discipline"),
    Place("C2.1 class", "field", f"{_FORMS}/p02_open_file.json", "tracking_class"),
    Place("C2.1 10 wd", "test", "test_p02.py", "test_the_file_is_opened_by_the_organ_of_the_track"),
    Place("C2.2 mentor and plan", "element", _P02, "make_plan"),
    Place("C2.2 mentor", "field", f"{_FORMS}/p02_tracking_plan.json", "mentor_id"),
    Place("C2.2 one month", "element", _P02, "plan_overdue"),
    Place("C2.3 岗位安排", "element", _P02, "arrange_post"),
    Place("C2.3 reason", "field", f"{_FORMS}/p02_post_arrangement.json", "post_reason"),
    Place("C2.4 培养措施", "element", _P02, "arrange_measures"),
    Place("C2.4 kinds", "field", f"{_FORMS}/p02_assistance_measures.json", "measure_kind"),
    Place("C2.5 mentor note", "element", _NOTE, "write_note"),
    Place("C2.5 unit note", "element", _NOTE, "write_unit_note"),
    Place(
        "C2.5 frequency", "test", "test_p02.py", "test_notes_are_quarterly_and_monthly_only_for_those_watched"
    ),
    Place("C2.5 absence", "field", f"{_NOTE_FORMS}/p02a_mentor_note.json", "attends_work"),
    Place("C2.5 annual appraisal (D6)", "rule", _D6, "d06_annual_appraisal_rule_1"),
    Place("C2.6 回访 (D5)", "element", _P02, "plan_first_visits"),
    Place("C2.7 年度小结", "element", _NOTE, "write_annual_summary"),
    Place("C2.7 grade", "field", f"{_NOTE_FORMS}/p02a_annual_summary.json", "note_grade"),
    Place("C2.7 trend", "field", f"{_NOTE_FORMS}/p02a_annual_summary.json", "note_trend"),
    Place("C2.7 risk", "field", f"{_NOTE_FORMS}/p02a_annual_summary.json", "note_risk"),
    Place("C2.8 期满评估", "element", _P02, "evaluate"),
    Place("C2.8 start", "element", _P02, "review_due"),
    Place("C2.8 unit grade", "field", f"{_FORMS}/p02_unit_evaluation.json", "unit_grade"),
    Place("C2.8 votes", "field", f"{_FORMS}/p02_unit_evaluation.json", "votes_competent"),
    Place("C2.8 new clues", "element", _P02, "check_new_clues"),
    Place("C2.8 organ opinion", "field", f"{_FORMS}/p02_expiry_review.json", "organ_opinion"),
    Place("C2.9 结论", "element", _P02, "conclude"),
    Place("C2.9 close", "test", "test_p02.py", "test_tracking_ends_when_the_head_closes_it"),
    Place(
        "C2.9 extend, intensify",
        "test",
        "test_p02.py",
        "test_tracking_can_be_prolonged_without_touching_the_impact_period",
    ),
    Place("C2.9 recommend", "element", _P02, "recommend_reinstatement"),
    Place("C2.9 reopen", "element", _P02, "register_elsewhere"),
    Place("D5 ≤12 m", "rule", _D5, "d05_visit_schedule_rule_10"),
    Place("D5 18–24 m", "rule", _D5, "d05_visit_schedule_rule_9"),
    Place("D5 >24 m", "rule", _D5, "d05_visit_schedule_rule_8"),
    Place("D5 probation", "rule", _D5, "d05_visit_schedule_rule_6"),
    Place("D5 class C", "rule", _D5, "d05_visit_schedule_rule_3"),
    Place("D5 disputes", "rule", _D5, "d05_visit_schedule_rule_4"),
    Place("D5 poor", "rule", _D5, "d05_visit_schedule_rule_5"),
    Place(
        "D5 appeal",
        "test",
        "test_p02.py",
        "test_while_an_appeal_is_pending_the_schedule_stays_and_the_handlers_keep_away",
    ),
    Place("D6 table", "test", "test_p02.py", "test_the_year_of_the_measure_decides_the_annual_appraisal"),
    Place(
        "0.1.4 silence before the talk",
        "test",
        "test_p02.py",
        "test_nothing_opens_for_anyone_before_the_talk_is_recorded",
    ),
    Place("0.1.11 rights restored", "element", _P02, "rights_restored"),
    Place("0.1.19 研判事项 only", "element", _NOTE, "raise_item"),
    Place("0.1.20 关心联系", "element", _P02, "make_care_plan"),
    Place("0.4 goals", "field", f"{_FORMS}/p02_tracking_plan.json", "goals"),
    Place("0.4 care apart", "field", f"{_FORMS}/p02_tracking_plan.json", "care_matters"),
    Place("F14 not before the end", "test", "test_p02.py", "test_no_conclusion_before_the_period_is_over"),
    Place(
        "F15 mentor within a month",
        "test",
        "test_p02.py",
        "test_supervision_presses_when_no_mentor_is_named_within_a_month",
    ),
    Place("F27 never shortened", "element", _P02, "period_over"),
)
