"""Diagrams, decision tables and forms made wrong by a word: each time the test named for it must fail."""

from pathlib import Path

import pytest

from tests.mutants.house import Mutant, verdict

P01 = "workflows/p01_down_adjustment/p01_down_adjustment.bpmn"
P02 = "workflows/p02_tracking/p02_tracking.bpmn"
P03 = "workflows/p03_return_visit/p03_return_visit.bpmn"
P04 = "workflows/p04_reinstatement/p04_reinstatement.bpmn"
P06 = "workflows/p06_sanction_intake/p06_sanction_intake.bpmn"
FORMS = "workflows/p01_down_adjustment/forms"
T01, T02, T03, T04, T06 = (f"tests/workflows/test_{key}.py" for key in ("p01", "p02", "p03", "p04", "p06"))
WHEN = '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">='

MUTANTS = (
    Mutant(
        "F01: a team of one verifies",
        P01, "count(verifiers) &gt;= 2", "count(verifiers) &gt;= 1",
        f"{T01}::test_a_team_of_one_is_sent_back",
    ),
    Mutant(
        "F01: the proposer may approve the opening",
        P01, 'separateFrom="propose_opening assess"', 'separateFrom="assess"',
        f"{T01}::test_the_head_who_approves_is_neither_proposer_nor_assessor",
    ),
    Mutant(
        "F02: incomplete papers reach the meeting",
        P01, '=materials_outcome = "complete"', "=true",
        f"{T01}::test_incomplete_papers_do_not_reach_the_meeting",
    ),
    Mutant(
        "F20: a lighter manner goes on with one signature",
        P01, '=lighter_track = "yes"', "=false",
        f"{T01}::test_a_lighter_manner_needs_a_second_signature",
    ),
    Mutant(
        "F24: two weeks of silence are consent",
        P01, 'date(asked_on) + duration("P1M")', 'date(asked_on) + duration("P14D")',
        f"{T01}::test_a_month_of_silence_of_the_dual_manager_is_recorded_as_deemed_consent",
    ),
    Mutant(
        "F13: the remedy need not be notified",
        f"{FORMS}/down_talk.json",
        '"label": "已书面告知申请复核、申诉的途径和期限",\n      "validate": {\n        "required": true',
        '"label": "已书面告知申请复核、申诉的途径和期限",\n      "validate": {\n        "required": false',
        f"{T01}::test_the_cadre_is_told_the_remedy_in_writing_at_the_talk",
    ),
    Mutant(
        "a personal text becomes a process variable",
        f"{FORMS}/signal.json", '"key": "summary",', '"key": "summary", "properties": {"variable": "summary"},',
        f"{T01}::test_only_codes_dates_numbers_and_ids_can_enter_the_process",
    ),
    Mutant(
        "the unit has a task before the talk",
        P01, 'candidateGroups="in_charge_leader"',
        'candidateGroups="in_charge_leader,unit_party_org"',
        f"{T01}::test_no_task_before_the_talk_is_for_the_cadre_the_mentor_or_the_unit",
    ),
    Mutant(
        "F14: the conclusion on the last day of the period",
        P02, '=date(plan.tracking_until) + duration("P1D")', "=date(plan.tracking_until)",
        f"{T02}::test_no_conclusion_before_the_period_is_over",
    ),
    Mutant(
        "F16: one visitor prepares the visit",
        P03, "count(distinct values(visitors)) &gt;= 2", "count(distinct values(visitors)) &gt;= 1",
        f"{T03}::test_fewer_than_two_visitors_or_one_who_must_keep_away_is_prepared_again[visitors2]",
    ),
    Mutant(
        "F15: an overdue visit is pressed for after ten days",
        P03, 'duration("P7D")', 'duration("P10D")',
        f"{T03}::test_an_overdue_visit_goes_to_supervision_after_7_15_and_30_days[fallen_due]",
    ),
    Mutant(
        "F07: the gate before the appointment is open",
        P04, f'targetRef="elected_post">\n        {WHEN}eligibility.eligible = true',
        f'targetRef="elected_post">\n        {WHEN}true',
        f"{T04}::test_a_running_period_stops_at_every_one_of_the_four_gates",
    ),
    Mutant(
        "F09: checks that have grown old go to the vote",
        P04, '=eligibility.eligible = true and musts.verdict = "pass"', "=eligibility.eligible = true",
        f"{T04}::test_checks_that_grow_old_before_the_meeting_keep_it_off_the_agenda",
    ),
    Mutant(
        "F09: checks are good for a year",
        "workflows/p04_reinstatement/d07_four_musts.dmn", 'duration("P6M")', 'duration("P12M")',
        f"{T04}::test_checks_older_than_six_months_are_done_again",
    ),
    Mutant(
        "F06: an appointment with open objections",
        P04, "=objections.open_objections = 0", "=true",
        f"{T04}::test_an_objection_holds_the_appointment_until_it_is_concluded",
    ),
    Mutant(
        "F06: an objection upheld late ends the attempt without the committee",
        P04, 'sourceRef="phase_appointment_objection_late_caught" targetRef="phase_rework"',
        'sourceRef="phase_appointment_objection_late_caught" targetRef="not_reinstated"',
        f"{T04}::test_an_objection_upheld_after_the_publicity_goes_back_to_the_committee_from_every_step",
    ),
    Mutant(
        "F06: three working days for a promotion",
        "workflows/p04_reinstatement/d03_publicity.dmn",
        'id="d03_publicity_3_out_2">\n          <text>5</text>',
        'id="d03_publicity_3_out_2">\n          <text>3</text>',
        f"{T04}::test_publicity_follows_its_table[promotion-facts0-expected0]",
    ),
    Mutant(
        "F10: no prior report for the demoted",
        "workflows/p04_reinstatement/d03_prior_report.dmn",
        'list contains(?, "handling.demotion")', 'list contains(?, "handling.other")',
        f"{T04}::test_a_prior_report_is_owed_for_those_back_from_accountability[handling.demotion]",
    ),
    Mutant(
        "F11: confirmed before probation is over",
        P04, '=date(appointment.probation_ends_on) + duration("P1D")', "=date(appointment.probation_ends_on)",
        f"{T04}::test_probation_is_appraised_30_days_before_its_end_and_confirmed_after_it",
    ),
    Mutant(
        "F18: three months to announce a decision",
        P06, 'dueDate="=date(effective_on) + duration(&quot;P1M&quot;)" zaishang:stage="down_talk"',
        'dueDate="=date(effective_on) + duration(&quot;P3M&quot;)" zaishang:stage="down_talk"',
        f"{T06}::test_announcing_and_formalities_are_due_in_one_month_and_the_report_in_six",
    ),
    Mutant(
        "D1: a decision may shorten a period",
        "workflows/shared/d01_impact_period.dmn",
        "if months_decided = null then 12 else min(48, max(12, months_decided))",
        "if months_decided = null then 12 else min(48, months_decided)",
        f"{T06}::test_a_decision_may_set_a_longer_period_up_to_forty_eight_months[6-12]",
    ),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.what)
def test_the_test_of_the_process_notices(house: Path, mutant: Mutant) -> None:
    assert verdict(house, mutant) == ""
