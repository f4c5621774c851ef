"""Kinship entered, corrected and withdrawn: a quorum is not broken by one clerk, a real recusal is not lost (F05)."""

import pytest

from tests.journeys.office import Journey
from tests.journeys.test_meetings import called, codes
from tests.journeys.ways import CADRE
from webapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.persistence.models import history, people
from webapp.persistence.models import meetings as tables
from webapp.services import agenda_items, kinship, meetings, recusals


def waiting(journey: Journey) -> list[str]:
    """The requests that wait for a second person."""
    return [
        row["id"] for row in journey.rows(people.kinship_request, status="waiting", order=("entered_at",))
    ]


def settle(journey: Journey, login: str, *, agreed: bool) -> None:
    for one in waiting(journey):
        kinship.settle(journey.begin(), journey.actor(login), request_id=one, agreed=agreed)


def change(journey: Journey, one: str, other: str, relation: str = "", *, by: str = "ganbu1") -> None:
    kinship.change(
        journey.begin(),
        journey.actor(by),
        person_id=one,
        relative_id=other,
        relation=relation,
        reason="来函更正",
    )


def pairs(journey: Journey) -> set[frozenset[str]]:
    """Who is kin to whom beyond what the demo begins with."""
    rows = journey.rows(people.kinship)
    return {frozenset((one["person_id"], one["relative_id"])) for one in rows if one["since"]}


def test_entries_of_one_clerk_break_no_quorum(before_committee: tuple[Journey, str]) -> None:
    journey, case_id = before_committee
    meeting_id, item_id = called(journey, case_id)
    members = journey.members(meeting_id)
    for member in members[2:7]:
        assert not journey.relate(CADRE, member, "sibling")
    assert pairs(journey) == set()

    assert codes(lambda: journey.put_to_vote(item_id)) == ["RECUSAL_OPEN"]
    assert codes(lambda: journey.enter(item_id, agree=11)) == ["RECUSAL_OPEN"]
    with pytest.raises(NotAllowed, match="第二人"):
        settle(journey, "ganbu1", agreed=True)
    with pytest.raises(NotAllowed):
        settle(journey, "fgj1", agreed=True)
    settle(journey, "jiandu1", agreed=False)

    journey.put_to_vote(item_id)
    for member in members:
        journey.vote(item_id, member, "agree")
    assert journey.count(item_id) == "passed"
    assert journey.row(tables.agenda_item, id=item_id)["recused"] == 0
    refused = journey.rows(history.history_event, kind="kinship_refused")
    assert len(refused) == 5
    assert not any("干部履历表".encode() in one["body"] for one in journey.rows(history.history_event))
    journey.check()


def test_a_confirmed_relative_leaves_the_item_and_stays_in_both_denominators(
    before_committee: tuple[Journey, str],
) -> None:
    journey, case_id = before_committee
    meeting_id, item_id = called(journey, case_id)
    members = journey.members(meeting_id)
    assert not journey.relate(CADRE, members[4], "sibling")
    settle(journey, "jiandu1", agreed=True)

    journey.put_to_vote(item_id)
    with pytest.raises(NotFound):
        journey.vote(item_id, members[4], "disagree")
    for member in [*members[:4], *members[5:]]:
        journey.vote(item_id, member, "agree")
    assert journey.count(item_id) == "passed"
    row = journey.row(tables.agenda_item, id=item_id)
    assert (row["entitled"], row["recused"], row["agree"]) == (11, 1, 10)


def test_a_vote_cast_before_the_kinship_was_confirmed_is_not_counted_but_taken_again(
    before_committee: tuple[Journey, str],
) -> None:
    journey, case_id = before_committee
    meeting_id, item_id = called(journey, case_id)
    members = journey.members(meeting_id)
    journey.put_to_vote(item_id)
    for member in members:
        journey.vote(item_id, member, "agree")
    journey.relate(CADRE, members[4], "sibling")
    assert codes(lambda: journey.count(item_id)) == ["RECUSAL_OPEN"]
    settle(journey, "jiandu1", agreed=True)

    assert codes(lambda: journey.count(item_id)) == ["VOTED_THEN_RECUSED"]
    recorder = journey.actor("shiweiban")
    agenda_items.put_off(journey.begin(), recorder, item_id=item_id, reason="重新表决")
    assert journey.row(tables.agenda_item, id=item_id)["status"] == "put_off"


def test_an_entry_on_nobody_who_votes_counts_at_once_and_a_withdrawal_never(journey: Journey) -> None:
    one, other = CADRE, journey.person("gwyk")
    assert journey.relate(one, other, "spouse")
    with pytest.raises(Conflict):
        journey.relate(one, other, "spouse")

    change(journey, one, other)
    with pytest.raises(Conflict):
        change(journey, one, other, "sibling")
    assert frozenset((one, other)) in pairs(journey)
    settle(journey, "jiandu1", agreed=False)
    assert frozenset((one, other)) in pairs(journey)
    change(journey, one, other)
    settle(journey, "jiandu1", agreed=True)

    assert pairs(journey) == set()
    (event,) = journey.rows(history.history_event, kind="kinship_confirmed")
    assert b'"before":{"relation":"spouse"}' in event["body"]
    assert b'"after":null' in event["body"]


def test_kin_through_an_entry_goes_with_it_and_kin_by_another_way_stays(journey: Journey) -> None:
    mother, brother, wife = journey.person("gwyk"), journey.person("dangan"), journey.person("peiyang")
    for cadre, relative, relation in (
        (CADRE, mother, "parent"),
        (CADRE, brother, "sibling"),
        (CADRE, wife, "spouse"),
    ):
        assert journey.relate(cadre, relative, relation)
    derived = {frozenset(one) for one in ((mother, wife), (brother, wife))}
    assert derived < pairs(journey)

    change(journey, CADRE, brother)
    settle(journey, "jiandu1", agreed=True)

    kept = pairs(journey)
    assert frozenset((mother, wife)) in kept
    assert not any(brother in pair for pair in kept)


def test_a_correction_keeps_the_recusal_and_says_what_stood_before(journey: Journey) -> None:
    other = journey.person("gwyk")
    journey.relate(CADRE, other, "collateral")

    change(journey, CADRE, other, "in_law")
    settle(journey, "changwei03", agreed=True)

    (row,) = [one for one in journey.rows(people.kinship, person_id=CADRE) if one["since"]]
    assert row["relation"] == "in_law"
    (event,) = journey.rows(history.history_event, kind="kinship_confirmed")
    assert b'"before":{"relation":"collateral"}' in event["body"]


@pytest.mark.parametrize(
    ("field", "value"), [("source", "hearsay"), ("evidence", " "), ("relation", "friend")]
)
def test_an_entry_needs_a_relation_a_source_and_the_evidence(
    journey: Journey, field: str, value: str
) -> None:
    asked = {"relation": "sibling", "source": "archive", "evidence": "履历表", field: value}
    with pytest.raises(Invalid) as wrong:
        kinship.enter(
            journey.begin(),
            journey.actor("ganbu1"),
            person_id=CADRE,
            relative_id=journey.person("gwyk"),
            **asked,
        )
    assert set(wrong.value.problems) == {field}


def test_nobody_enters_or_confirms_the_own_kinship(before_committee: tuple[Journey, str]) -> None:
    journey, case_id = before_committee
    called(journey, case_id)
    with pytest.raises(NotAllowed):
        journey.relate(CADRE, journey.person("ganbu1"), "sibling")
    journey.relate(CADRE, journey.person("changwei03"), "sibling")
    with pytest.raises(NotAllowed, match="涉及您本人"):
        settle(journey, "changwei03", agreed=False)


def test_a_recusal_noted_by_mistake_is_taken_back_by_who_noted_it(
    before_committee: tuple[Journey, str],
) -> None:
    journey, case_id = before_committee
    meeting_id, item_id = called(journey, case_id)
    noted, own = journey.members(meeting_id)[3:5]
    recorder = journey.actor("shiweiban")
    with pytest.raises(Invalid):
        recusals.recuse(journey.begin(), recorder, item_id=item_id, person_id=noted, reason=" ")
    journey.step_aside(item_id, noted, "亲属")
    recusals.recuse(journey.begin(), journey.member(own), item_id=item_id, person_id=own, reason="")
    with pytest.raises(NotAllowed, match="本人撤回"):
        recusals.readmit(journey.begin(), recorder, item_id=item_id, person_id=own, reason="登记有误")
    with pytest.raises(Invalid):
        recusals.readmit(journey.begin(), recorder, item_id=item_id, person_id=noted, reason="")

    recusals.readmit(journey.begin(), recorder, item_id=item_id, person_id=noted, reason="登记有误")

    assert [row["person_id"] for row in journey.rows(tables.item_recusal, item_id=item_id)] == [own]
    journey.put_to_vote(item_id)
    with pytest.raises(Conflict):
        recusals.readmit(journey.begin(), journey.member(own), item_id=item_id, person_id=own, reason="x")
    journey.vote(item_id, noted, "agree")
    journey.check()


def test_a_recorder_of_kin_puts_no_item_of_theirs_on_an_agenda(before_committee: tuple[Journey, str]) -> None:
    journey, case_id = before_committee
    recorder, item = journey.actor("shiweiban"), journey.item(case_id)
    empty = {"body": "committee", "held_on": journey.today, "place": "会议室", "number": "第九次"}
    meeting_id = meetings.plan(journey.begin(), recorder, item_ids=[], **empty)
    assert journey.relate(CADRE, str(recorder.person_id), "spouse")
    journey.wait(2)

    later = {**empty, "held_on": journey.today}
    with pytest.raises(NotFound):
        meetings.plan(journey.begin(), recorder, item_ids=[item["id"]], **later)
    with pytest.raises(NotFound):
        meetings.add_items(journey.begin(), recorder, meeting_id=meeting_id, item_ids=[item["id"]])
    assert journey.item(case_id)["meeting_id"] is None
