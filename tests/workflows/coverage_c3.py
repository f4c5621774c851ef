"""Where each row and record field of C3 (回访教育) and F15, F16 is built."""

from tests.workflows.coverage import Place, places

_P03, _FORMS = "workflows/p03_return_visit/p03_return_visit.bpmn", "workflows/p03_return_visit/forms"
_PREPARE, _RECORD = f"{_FORMS}/p03_preparation.json", f"{_FORMS}/p03_visit_record.json"
_UNIT, _GRADE = f"{_FORMS}/p03_unit_section.json", f"{_FORMS}/p03_grade.json"


def _fields(file: str, *names: str) -> tuple[Place, ...]:
    return tuple(Place(f"C3.record.{name}:", "field", file, name) for name in names)


COVERAGE = (
    Place("C3.who: who handled visits", "element", _P03, "prepare_visit_discipline"),
    Place("C3.who: org dept", "element", _P03, "prepare_visit"),
    Place(
        "C3.who: two who know the case",
        "test",
        "tests/workflows/test_p03.py",
        "test_fewer_than_two_visitors_or_one_who_must_keep_away_is_prepared_again",
    ),
    Place("C3.whom: disputes read the law", "field", _PREPARE, "law_reading"),
    Place("C3.whom: people around", "field", _RECORD, "others_heard"),
    Place("C3.when: D5", "rule", "workflows/p02_tracking/d05_visit_schedule.dmn", "d05_visit_schedule"),
    Place("C3.before: talk with the unit", "field", _PREPARE, "unit_talk_with"),
    Place("C3.before: help status", "field", _PREPARE, "help_status"),
    Place("C3.before: outline", "field", _PREPARE, "outline"),
    Place("C3.before: no interrogation room", "field", _PREPARE, "proper_place"),
    Place("C3.manner", "field", _PREPARE, "visit_manner"),
    Place("C3.forms: talk", "element", _P03, "hold_visit"),
    Place("C3.forms: unit", "element", _P03, "unit_section"),
    Place("C3.forms: evaluation", "element", _P03, "grade_visit"),
    Place("C3.grades", "field", _GRADE, "grade"),
    Place("C3.result: good", "field", _GRADE, "suggest_reuse"),
    Place("C3.result: poor", "element", _P03, "review_class"),
    Place("C3.result: new violations", "element", _P03, "register_clue"),
    Place(
        "C3.result: visitors accountable",
        "test",
        "tests/workflows/test_p03.py",
        "test_a_good_visit_is_recorded_with_its_visitors_and_ends",
    ),
    Place("C3.filing", "element", _P03, "record_visit"),
    *_fields(
        _RECORD, "visit_no", "post_then_now", "measure_and_period", "visit_type", "held_on", "held_place"
    ),
    *_fields(
        _RECORD,
        "subject_attitude",
        "view_of_fault",
        "state_of_mind",
        "work_since",
        "execution",
        "difficulties",
    ),
    *_fields(_RECORD, "health", "family", "suggestions", "others_view", "signing", "record_scan"),
    *_fields(_PREPARE, "visitors", "companions"),
    *_fields(_UNIT, "unit_thought", "unit_ability", "unit_diligence", "unit_results", "unit_integrity"),
    *_fields(_UNIT, "mass_opinion", "mentor_performance", "treatment_done", "unit_seal"),
    *_fields(_GRADE, "grade_evidence", "proposals", "follow_ups", "follow_up_owners", "follow_up_due"),
    *_fields(f"{_FORMS}/p03_refusal.json", "refusal_reason", "witness"),
    *_fields(f"{_FORMS}/p03_visitor_signature.json", "signed"),
    Place("F15 overdue 7 d", "element", _P03, "overdue_7"),
    Place("F15 overdue 15 d", "element", _P03, "overdue_15"),
    Place("F15 overdue 30 d", "element", _P03, "overdue_30"),
    Place(
        "F15 escalates",
        "test",
        "tests/workflows/test_p03.py",
        "test_an_overdue_visit_goes_to_supervision_after_7_15_and_30_days",
    ),
    Place(
        "F16 two signed", "test", "tests/workflows/test_p03.py", "test_both_visitors_sign_each_for_themselves"
    ),
    Place("F16 grade and evidence", "field", _GRADE, "grade_evidence"),
    Place("F16", "function", "webapp/domain/visits.py", "reasons_against_filing"),
    Place("F16", "function", "webapp/services/delegates/visits.py", "record_visit"),
    Place(
        "F16",
        "test",
        "tests/services/test_delegates.py",
        "test_a_visit_is_filed_signed_by_every_visitor_with_the_grounds_of_its_grade",
    ),
    Place("C3.when", "clock", _P03, "hold_visit: date(due_on)"),
    Place("C3.when", "test", "tests/workflows/test_p02.py", "test_the_schedule_follows_the_table"),
    Place(
        "C3.when: caps",
        "test",
        "tests/domain/test_visits.py",
        "test_only_class_c_is_visited_more_than_twice_a_year",
    ),
    *places("C3.before", "element", _P03, "prepare_visit prepare_visit_discipline"),
    Place("C3.filing", "function", "webapp/services/delegates/visits.py", "record_visit"),
    Place("C3.record.outline", "field", _PREPARE, "outline"),
    Place("C3.record.others_heard", "field", _RECORD, "others_heard"),
    Place("C3.record.grade", "field", _GRADE, "grade"),
)
