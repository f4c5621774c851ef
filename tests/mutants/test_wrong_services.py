"""Services, storage and look-ups made wrong by a word: each time the test named for it must fail."""

from pathlib import Path

import pytest

from tests.mutants.house import Mutant, verdict

DELEGATES = "webapp/services/delegates"
T_DELEGATES, T_SILENCE = "tests/services/test_delegates.py", "tests/services/test_silence.py"
T_DAY, T_KIN = "tests/journeys/test_meeting_day.py", "tests/journeys/test_kinship.py"
T_WORK, T_HISTORY = "tests/persistence/test_unit_of_work.py", "tests/building/test_history.py"

MUTANTS = (
    Mutant(
        "F14: a second plan for the same cadre",
        f"{DELEGATES}/plans.py", "if running is not None:", "if False:",
        f"{T_DELEGATES}::test_a_second_measure_joins_the_plan_that_runs_and_never_lightens_it",
    ),
    Mutant(
        "F11: confirmed on the last day of probation",
        "webapp/domain/probation.py", "if today <= ends_on:", "if today < ends_on:",
        f"{T_DELEGATES}::test_probation_is_confirmed_only_after_its_last_day",
    ),
    Mutant(
        "F06: a post is taken while its publicity runs",
        f"{DELEGATES}/appointments.py",
        "        *publicity.reasons_against_appointing(call.work, call.case.person_id, call.variables),\n", "",
        f"{T_DELEGATES}::test_nobody_takes_a_post_while_the_publicity_owed_is_missing_runs_or_is_objected_to",
    ),
    Mutant(
        "F16: every visitor is taken to have signed",
        f"{DELEGATES}/visits.py", 'signed_by=_signers(call, "sign_visit")', "signed_by=frozenset(visitors)",
        f"{T_DELEGATES}::test_a_visit_is_filed_signed_by_every_visitor_with_the_grounds_of_its_grade",
    ),
    Mutant(
        "F02: a ballot is cast after the day of the meeting",
        "webapp/services/meetings.py",
        'facts, choice)\n        meetings.require_on_its_day(row["held_on"], work.today)\n', "facts, choice)\n",
        f"{T_DAY}::test_once_the_day_is_over_nobody_votes_counts_or_notes_a_silence",
    ),
    Mutant(
        "F05: the cadre's spouse as recorder puts the item to the vote",
        "webapp/services/meeting_room.py",
        '    meetings.require_may_know(actor, item["person_id"], _kin(case))\n', "",
        f"{T_DAY}::test_for_the_recorder_married_to_the_cadre_the_item_does_not_exist_by_any_verb[set_secret]",
    ),
    Mutant(
        "F05: one clerk's entries of kin take members from the vote",
        "webapp/domain/kinship.py", 'return act != "enter" or any(True for _ in bearing)', 'return act != "enter"',
        f"{T_KIN}::test_entries_of_one_clerk_break_no_quorum",
    ),
    Mutant(
        "F03: the attendance of a decided item is rewritten",
        "webapp/services/meetings.py", "    if items:\n", "    if False:\n",
        f"{T_DAY}::test_presence_is_not_lowered_once_an_item_is_voted_on_or_decided",
    ),
    Mutant(
        "a personal answer becomes a process variable",
        "webapp/services/forms.py",
        "by_key[key].variable: as_variable(value) for key, value in answers.items() if by_key[key].variable",
        "(by_key[key].variable or key): as_variable(value) for key, value in answers.items()",
        f"{T_SILENCE}::test_a_personal_answer_lies_nowhere_in_the_clear",
    ),
    Mutant(
        "withheld tasks are in the inbox",
        "webapp/queries/inbox.py", 'ITEM.c.status == "open", ITEM.c.withheld.is_(False)', 'ITEM.c.status == "open"',
        f"{T_SILENCE}::test_a_task_of_the_unit_is_in_no_inbox_until_the_talk_is_recorded",
    ),
    Mutant(
        "the key of a request is forgotten",
        "webapp/persistence/unit_of_work.py", "if self._promise is not None:", "if False:",
        f"{T_WORK}::test_the_same_request_gets_the_same_reply_and_another_one_is_refused[sqlite]",
    ),
    Mutant(
        "a change is kept without its event",
        "webapp/persistence/unit_of_work.py", "        if acts:\n", "        if False:\n",
        f"{T_WORK}::test_only_bookkeeping_can_be_kept_without_an_event",
    ),
    Mutant(
        "F21: the trigger against changing an event is missing",
        "webapp/persistence/triggers.py",
        '"UPDATE", "update", "never changed") for table in APPEND_ONLY]',
        '"UPDATE", "update", "never changed") for table in APPEND_ONLY[1:]]',
        f"{T_HISTORY}::test_the_database_refuses_to_change_or_remove_what_is_kept[sqlite]",
    ),
    Mutant(
        "F21: the columns of an event are not compared with its bytes",
        "webapp/persistence/ledger.py", "elif any(_differs(", "elif not any(_differs(",
        f"{T_HISTORY}::test_an_edited_history_is_found_where_it_was_edited[sqlite]",
    ),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.what)
def test_the_test_of_the_service_notices(house: Path, mutant: Mutant) -> None:
    assert verdict(house, mutant) == ""
