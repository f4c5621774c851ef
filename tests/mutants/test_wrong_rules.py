"""Rules made wrong by a word: each time the test named for it must fail."""

from pathlib import Path

import pytest

from tests.mutants.house import Mutant, verdict

MEETINGS, ACCESS, IMPACT = "webapp/domain/meetings.py", "webapp/domain/access.py", "webapp/domain/impact.py"
ADJUSTMENT = "webapp/domain/adjustment.py"
T_MEETINGS, T_ACCESS = "tests/domain/test_meetings.py", "tests/domain/test_access.py"
T_IMPACT, T_UP, T_DOWN = "tests/domain/test_impact.py", "tests/domain/test_up.py", "tests/domain/test_down.py"
TALLIES = f"{T_MEETINGS}::test_eleven_members_need_eight_present_and_six_in_favour_with_the_recused_in_both"

MUTANTS = (
    Mutant(
        "F02: a correction jumps over the committee",
        "webapp/domain/corrections.py",
        "for one in sorted(passed) if _bars(chart, one)]", "for one in sorted(passed) if False]",
        "tests/domain/test_corrections.py::test_no_gate_is_skipped_forwards_and_no_way_chosen_by_hand",
    ),
    Mutant(
        "F14: a process goes back behind what is in force",
        "webapp/domain/corrections.py", "sorted(way.intersection(in_force(to)))", "sorted(way.intersection(()))",
        "tests/domain/test_corrections.py::test_nothing_goes_back_behind_what_is_in_force",
    ),
    Mutant(
        "F01: a substitute goes on where the principal has done the earlier part",
        ACCESS, "    return not _done_by(grant, task, case)\n", "    return True\n",
        f"{T_ACCESS}::test_a_substitute_is_kept_apart_with_whom_it_stands_in_for",
    ),
    Mutant(
        "F03: half of the members make a quorum",
        MEETINGS, "quorum: Fraction = Fraction(2, 3)", "quorum: Fraction = Fraction(1, 2)",
        f"{TALLIES}[7-0-votes4-no_quorum]",
    ),
    Mutant(
        "F03: who left for the item still makes the quorum",
        MEETINGS, "return self.present - self.recused", "return self.present",
        f"{TALLIES}[8-1-votes6-no_quorum]",
    ),
    Mutant(
        "F04: the majority is counted over those present",
        MEETINGS, "if self.agree >= self.rules.agree_needed(self.entitled):",
        "if self.agree >= self.rules.agree_needed(self.present):",
        f"{TALLIES}[8-0-votes3-not_passed]",
    ),
    Mutant(
        "F02: votes are taken outside a meeting",
        MEETINGS,
        'if meeting.state != "open":\n        sentence = "会议未召开或已结束，不得以传阅',
        'if meeting.state == "cancelled":\n        sentence = "会议未召开或已结束，不得以传阅',
        f"{T_MEETINGS}::test_nobody_votes_outside_an_open_meeting_or_without_being_present",
    ),
    Mutant(
        "F02: an item is moved on the spot",
        MEETINGS, "if held_on < earliest:", "if False:",
        f"{T_MEETINGS}::test_an_item_stands_on_the_agenda_the_days_before_that_the_policy_asks_for",
    ),
    Mutant(
        "F09: the opinion of another organ never grows old",
        MEETINGS, "if add_months(day, OPINION_MONTHS) < today", "if False",
        f"{T_MEETINGS}::test_an_item_without_its_papers_a_fresh_opinion_or_the_superiors_answer_is_not_discussed",
    ),
    Mutant(
        "F20: a lighter manner needs no second hand",
        ADJUSTMENT, "GRAVITY.index(manner) < min(known)", "GRAVITY.index(manner) > min(known)",
        f"{T_DOWN}::test_leaving_the_advised_manner_is_explained_and_a_lighter_one_countersigned",
    ),
    Mutant(
        "the talk precedes the decision",
        ADJUSTMENT, "if decided_on is None or talk.held_on < decided_on:", "if decided_on is None:",
        f"{T_DOWN}::test_a_talk_follows_the_decision_by_two_with_notice_of_remedy",
    ),
    Mutant(
        "F05: a recused member votes",
        MEETINGS,
        'if actor.person_id in item.recused:\n        raise NotAllowed("您已回避本议题，不参加本项讨论和表决。")',
        "pass",
        f"{T_MEETINGS}::test_the_recused_are_refused_and_for_the_subject_and_relatives_there_is_no_item",
    ),
    Mutant(
        "the written view of an absent member is a vote",
        MEETINGS, "able = (meeting.present & meeting.members) - item.barred", "able = meeting.members - item.barred",
        f"{T_MEETINGS}::test_an_open_ballot_of_an_absent_recused_or_doubled_member_is_refused",
    ),
    Mutant(
        "the chief speaks first",
        MEETINGS, "chair_last: bool = True", "chair_last: bool = False",
        f"{T_MEETINGS}::test_the_chair_votes_last_on_an_open_ballot_only",
    ),
    Mutant(
        "F05: declared recusals do not keep anybody from the case",
        ACCESS, "return self.relatives | self.excluded | {self.subject_person_id}",
        "return self.relatives | {self.subject_person_id}",
        f"{T_ACCESS}::test_the_own_case_a_relatives_case_and_a_recused_case_do_not_exist[changes2]",
    ),
    Mutant(
        "the helper sees the case before the talk",
        ACCESS, "return case.silent and role_code in SILENT_UNTIL_TALK", "return False",
        f"{T_ACCESS}::test_the_unit_and_the_helper_see_nothing_before_the_talk[mentor]",
    ),
    Mutant(
        "F01: who proposed also approves",
        ACCESS, "    _require_separate(actor, task, case)\n", "",
        f"{T_ACCESS}::test_who_proposed_does_not_approve_not_even_from_a_second_account",
    ),
    Mutant(
        "an impact period ends a day late",
        IMPACT, "else reached - timedelta(days=1)", "else reached",
        f"{T_IMPACT}::test_a_period_ends_the_day_before_the_corresponding_day_or_on_the_months_last[start0-12-end0]",
    ),
    Mutant(
        "an impact period that ends on a Sunday moves to Monday",
        IMPACT, "    return reached if reached.day < start.day else reached - timedelta(days=1)",
        "    end = reached if reached.day < start.day else reached - timedelta(days=1)\n"
        "    return end + timedelta(days=max(0, 7 - end.weekday()) % 7 if end.weekday() > 4 else 0)",
        f"{T_IMPACT}::test_a_period_ends_the_day_before_the_corresponding_day_or_on_the_months_last[start0-12-end0]",
    ),
    Mutant(
        "a new party sanction forgets the rest of the running one",
        IMPACT, "if track not in policy.adding_tracks:", "if True:",
        f"{T_IMPACT}::test_a_party_sanction_inside_a_running_one_adds_to_the_unexpired_rest",
    ),
    Mutant(
        "F06: publicity of four working days",
        "webapp/domain/publicity.py", "LEAST_WORKDAYS = 5", "LEAST_WORKDAYS = 4",
        f"{T_UP}::test_publicity_runs_five_working_days_and_cannot_be_shortened",
    ),
    Mutant(
        "F06: make-up days are not worked",
        "webapp/domain/workdays.py", "return self.overrides.get(day, day.weekday() < 5)", "return day.weekday() < 5",
        "tests/domain/test_workdays.py::test_a_make_up_sunday_is_worked_and_the_national_week_is_not",
    ),
    Mutant(
        "F12: an open appeal bars the way up",
        "webapp/domain/reinstatement.py", "if facts.nature_excluded:",
        "if facts.nature_excluded or facts.open_appeal:",
        f"{T_UP}::test_an_open_appeal_is_a_notice_and_no_bar",
    ),
    Mutant(
        "F12: an appeal makes it worse",
        "webapp/domain/appeals.py", "if is_heavier:", "if not is_heavier:",
        f"{T_DOWN}::test_an_appeal_never_makes_it_worse_nor_is_it_judged_by_the_handlers",
    ),
    Mutant(
        "F14: a plan closes while a period runs",
        "webapp/domain/tracking.py", "elif any(not period.is_over(today) for period in kept):", "elif False:",
        f"{T_UP}::test_a_plan_never_closes_before_the_latest_end_on_any_track",
    ),
    Mutant(
        "F16: one visitor is enough",
        "webapp/domain/visits.py", "least_visitors: int = 2", "least_visitors: int = 1",
        "tests/domain/test_visits.py::"
        "test_a_record_without_two_signed_visitors_a_grade_and_evidence_is_refused[changes0-VISITORS]",
    ),
    Mutant(
        "F21: an event is not chained to the one before",
        "webapp/domain/history.py", '"previous": previous_digest})', '"previous": GENESIS})',
        "tests/domain/test_history.py::test_an_untouched_chain_is_whole_also_from_the_middle",
    ),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.what)
def test_the_test_of_the_rule_notices(house: Path, mutant: Mutant) -> None:
    assert verdict(house, mutant) == ""


@pytest.mark.slow
def test_a_change_that_breaks_no_rule_a_lost_name_and_a_text_that_is_gone_count_as_unnoticed(
    house: Path,
) -> None:
    test = f"{T_DOWN}::test_an_appeal_never_makes_it_worse_nor_is_it_judged_by_the_handlers"
    old = "if is_heavier:"
    harmless = Mutant("", "webapp/domain/appeals.py", old, f"{old}  # 不得加重", test)
    misspelt = Mutant("", "webapp/domain/appeals.py", old, "if heavier:", test)
    gone = Mutant("", "webapp/domain/appeals.py", "if is_lighter:", "", test)

    assert verdict(house, harmless) == f"{test} does not notice"
    assert verdict(house, misspelt).startswith(f"{test} fails for another reason:")
    assert "0 times" in verdict(house, gone)
