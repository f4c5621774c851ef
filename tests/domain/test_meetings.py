"""Collective decisions of an eleven-member standing committee."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain.access import Actor, system_actor
from webapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from webapp.domain.meetings import (
    Ballot,
    Item,
    Meeting,
    Readiness,
    Tally,
    VotingRules,
    reasons_against_discussion,
    require_announced,
    require_may_close_item,
    require_may_note_silence,
    require_may_reconsider,
    require_may_record,
    require_may_vote,
    require_on_its_day,
    require_quorum,
    tally_of,
)

MEMBERS = tuple(f"member-{n}" for n in range(1, 12))
CHAIR = MEMBERS[0]


def meeting(present=MEMBERS, state="open", rules=VotingRules()):  # noqa: B008
    return Meeting("meeting", state, frozenset(MEMBERS), frozenset(present), CHAIR, rules)


def member(n):
    return Actor(f"user-{n}", f"member-{n}", f"委员{n}")


def item(**changes):
    return Item("item", **{"state": "voting", "subject_person_id": "zhong", **changes})


@pytest.mark.parametrize(
    ("present", "recused", "votes", "result"),
    [
        (11, 0, (6, 5, 0), "passed"),
        (11, 0, (5, 6, 0), "not_passed"),
        (8, 0, (6, 2, 0), "passed"),
        (8, 0, (5, 0, 3), "not_passed"),
        (7, 0, (7, 0, 0), "no_quorum"),
        (9, 1, (6, 2, 0), "passed"),
        (8, 1, (7, 0, 0), "no_quorum"),
        (11, 3, (5, 3, 0), "not_passed"),
        (11, 3, (6, 2, 0), "passed"),
        (11, 0, (4, 1, 6), "deferred"),
        (11, 0, (5, 1, 5), "not_passed"),
    ],
)
def test_eleven_members_need_eight_present_and_six_in_favour_with_the_recused_in_both(
    present, recused, votes, result
):
    assert Tally(11, present, recused, *votes).result == result


@settings(database=None, deadline=None, max_examples=200)
@given(st.data())
def test_nothing_passes_without_two_thirds_present_and_more_than_half_of_all_in_favour(data):
    entitled = data.draw(st.integers(1, 25))
    present = data.draw(st.integers(0, entitled))
    recused = data.draw(st.integers(0, present))
    agree = data.draw(st.integers(0, present - recused))
    disagree = data.draw(st.integers(0, present - recused - agree))
    defer = data.draw(st.integers(0, present - recused - agree - disagree))
    tally = Tally(entitled, present, recused, agree, disagree, defer)
    lawful = 3 * (present - recused) >= 2 * entitled and 2 * agree > entitled
    assert (tally.result == "passed") == lawful
    assert tally.explanation.endswith("。")


@pytest.mark.parametrize(
    "numbers",
    [
        (11, 12, 0, 0, 0, 0),
        (11, 8, 9, 0, 0, 0),
        (11, 8, 1, 8, 0, 0),
        (11, 8, 0, -1, 0, 0),
        (0, 0, 0, 0, 0, 0),
    ],
)
def test_contradictory_numbers_are_refused(numbers):
    with pytest.raises(Invalid):
        Tally(*numbers)


def test_abstention_exists_only_where_a_local_rule_has_it():
    with pytest.raises(Invalid):
        Tally(11, 11, 0, 6, 0, 0, abstain=1)
    local = VotingRules(abstain=True)
    assert Tally(11, 11, 0, 6, 0, 0, abstain=5, rules=local).result == "passed"
    with pytest.raises(Invalid):
        require_may_vote(member(2), meeting(), item(), "abstain")
    require_may_vote(member(2), meeting(rules=local), item(), "abstain")


def test_a_stricter_local_majority_is_followed():
    strict = VotingRules(majority=Fraction(2, 3))
    assert Tally(9, 9, 0, 6, 3, 0, rules=strict).result == "not_passed"
    assert Tally(9, 9, 0, 7, 2, 0, rules=strict).result == "passed"


def test_the_explanation_names_who_came_who_left_and_what_was_needed():
    text = Tally(11, 10, 1, 6, 2, 0).explanation
    for words in ("应到11人", "实到10人", "回避1人", "不少于8人", "未表决1人", "不少于6票", "同意（通过）"):
        assert words in text


def test_a_present_member_votes_once():
    require_may_vote(member(3), meeting(), item(), "agree")
    with pytest.raises(Conflict):
        require_may_vote(member(3), meeting(), item(voted=frozenset({"member-3"})), "agree")


def test_nobody_votes_outside_an_open_meeting_or_without_being_present():
    for state in ("planned", "closed"):
        with pytest.raises(RuleBroken):
            require_may_vote(member(3), meeting(state=state), item(), "agree")
    with pytest.raises(RuleBroken):
        require_may_vote(member(3), meeting(present=MEMBERS[:2]), item(), "agree")


def test_an_item_not_yet_put_to_the_vote_or_put_off_or_decided_takes_no_ballot():
    for state in ("waiting", "put_off"):
        with pytest.raises(RuleBroken):
            require_may_vote(member(3), meeting(), item(state=state), "agree")
    with pytest.raises(Conflict):
        require_may_vote(member(3), meeting(), item(state="decided"), "agree")


def test_the_recused_are_refused_and_for_the_subject_and_relatives_there_is_no_item():
    with pytest.raises(NotAllowed):
        require_may_vote(member(3), meeting(), item(recused=frozenset({"member-3"})), "agree")
    with pytest.raises(NotFound):
        require_may_vote(member(3), meeting(), item(relatives=frozenset({"member-3"})), "agree")
    with pytest.raises(NotFound):
        require_may_vote(member(3), meeting(), item(subject_person_id="member-3"), "agree")


def test_the_system_and_guests_do_not_vote():
    with pytest.raises(NotAllowed):
        require_may_vote(system_actor("job"), meeting(), item(), "agree")
    with pytest.raises(NotAllowed):
        require_may_vote(Actor("u", "guest", "列席"), meeting(), item(), "agree")


def test_an_unknown_choice_is_refused():
    with pytest.raises(Invalid):
        require_may_vote(member(3), meeting(), item(), "maybe")


def test_the_chair_votes_last_on_an_open_ballot_only():
    others = frozenset(MEMBERS[1:])
    with pytest.raises(RuleBroken):
        require_may_vote(member(1), meeting(), item(), "agree")
    require_may_vote(member(1), meeting(), item(voted=others), "agree")
    require_may_vote(
        member(1), meeting(), item(voted=others - {"member-2"}, recused=frozenset({"member-2"})), "agree"
    )
    require_may_vote(member(1), meeting(), item(is_secret=True), "agree")


def test_a_tally_counts_the_ballots_of_present_unrecused_members():
    held = meeting(present=MEMBERS[:9])
    about = item(recused=frozenset({"member-9", "member-11"}))
    ballots = [Ballot("agree", "own_screen", f"member-{n}") for n in range(1, 7)]
    ballots += [Ballot("disagree", "recorder", "member-7"), Ballot("defer", "paper", "member-8")]
    tally = tally_of(held, about, ballots)
    assert (tally.entitled, tally.present, tally.recused, tally.agree) == (11, 9, 1, 6)
    assert tally.result == "passed"


def test_an_open_ballot_of_an_absent_recused_or_doubled_member_is_refused():
    held = meeting(present=MEMBERS[:9])
    about = item(recused=frozenset({"member-9"}))
    for names in (["member-10"], ["member-9"], ["member-2", "member-2"], [None]):
        with pytest.raises(Invalid):
            tally_of(held, about, [Ballot("agree", "own_screen", name) for name in names])


def test_a_secret_ballot_counts_and_never_names():
    about = item(is_secret=True)
    ballots = [Ballot("agree", "own_screen")] * 6 + [Ballot("disagree", "own_screen")] * 5
    assert tally_of(meeting(), about, ballots).result == "passed"
    with pytest.raises(Invalid):
        tally_of(meeting(), about, [Ballot("agree", "own_screen", "member-2")])


def test_the_recorder_may_enter_what_a_meeting_did_unless_concerned():
    recorder = Actor("u", "recorder", "记录人")
    require_may_record(recorder, meeting(state="closed"), item())
    with pytest.raises(RuleBroken):
        require_may_record(recorder, meeting(state="planned"), item())
    with pytest.raises(NotFound):
        require_may_record(recorder, meeting(), item(relatives=frozenset({"recorder"})))
    with pytest.raises(NotAllowed):
        require_may_record(recorder, meeting(), item(recused=frozenset({"recorder"})))
    with pytest.raises(Conflict):
        require_may_record(recorder, meeting(), item(state="decided"))
    with pytest.raises(NotAllowed):
        require_may_record(system_actor("job"), meeting(), item())


def test_an_item_closes_when_every_present_member_has_voted_or_is_noted():
    with pytest.raises(RuleBroken):
        require_may_close_item(item(voted=frozenset(MEMBERS[1:])), meeting())
    require_may_close_item(item(voted=frozenset(MEMBERS)), meeting())
    require_may_close_item(item(voted=frozenset(MEMBERS[1:]), recused=frozenset({CHAIR})), meeting())


def test_reconsideration_needs_more_than_half_of_the_members():
    require_may_reconsider(11, 6)
    with pytest.raises(RuleBroken):
        require_may_reconsider(10, 5)
    with pytest.raises(Invalid):
        require_may_reconsider(11, 12)


def test_an_item_without_its_papers_a_fresh_opinion_or_the_superiors_answer_is_not_discussed():
    today = date(2026, 11, 22)

    def codes(**lacking):
        return [one.code for one in reasons_against_discussion(Readiness(**lacking), today)]

    assert (
        codes(report_owed=True, report_answered=True, opinions={"纪检监察机关意见": date(2026, 5, 22)}) == []
    )
    assert codes(
        missing_papers=("核实报告",), opinions={"纪检监察机关意见": date(2026, 5, 21)}, report_owed=True
    ) == ["PAPER_MISSING", "OPINION_STALE", "NO_SUPERIOR_APPROVAL"]


def test_recused_members_do_not_make_the_quorum():
    require_quorum(meeting(present=MEMBERS[:8]))
    with pytest.raises(RuleBroken):
        require_quorum(meeting(present=MEMBERS[:8]), frozenset({"member-8"}))


@pytest.mark.parametrize(("held_on", "has_scan"), [(date(2026, 3, 1), False), (date(2026, 3, 3), True)])
def test_no_vote_is_entered_on_another_day_without_the_meetings_papers(held_on: date, has_scan: bool) -> None:
    with pytest.raises(RuleBroken) as refusal:
        require_on_its_day(held_on, date(2026, 3, 2), has_scan=has_scan)

    assert [reason.code for reason in refusal.value.reasons] == ["NOT_ON_ITS_DAY"]


def test_the_signed_papers_of_a_meeting_held_before_may_be_entered_afterwards() -> None:
    held_on = date(2026, 3, 2)

    for entered_on, has_scan in ((held_on - timedelta(days=1), True), (held_on, False)):
        require_on_its_day(entered_on, held_on, has_scan=has_scan)
    with pytest.raises(RuleBroken):
        require_on_its_day(held_on - timedelta(days=1), held_on, has_scan=False)


def test_an_item_stands_on_the_agenda_the_days_before_that_the_policy_asks_for():
    require_announced(date(2026, 3, 3), date(2026, 3, 2))
    require_announced(date(2026, 3, 2), date(2026, 3, 2), 0)
    for held_on, days in ((date(2026, 3, 2), 1), (date(2026, 3, 4), 3), (date(2026, 3, 1), 0)):
        with pytest.raises(RuleBroken) as refusal:
            require_announced(held_on, date(2026, 3, 2), days)
        assert [reason.code for reason in refusal.value.reasons] == ["OFF_AGENDA"]
    assert "2026年3月2日" in refusal.value.reasons[0].sentence


def test_silence_is_noted_only_of_who_is_there_and_has_not_voted():
    voted = item(voted=frozenset(MEMBERS[1:]), recused=frozenset({"member-2"}))
    require_may_note_silence(CHAIR, voted, meeting())
    for person in ("member-2", "member-3", "a stranger"):
        with pytest.raises(Conflict):
            require_may_note_silence(person, voted, meeting())
    with pytest.raises(RuleBroken):
        require_may_note_silence(CHAIR, voted, meeting(state="closed"))
