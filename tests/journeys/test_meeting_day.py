"""The day of the meeting, who was there, and whose item it is: guards of every verb on an item (F02, F03, F05)."""

from collections.abc import Callable

import pytest

from tests.journeys.office import Journey
from tests.journeys.test_meetings import called, codes
from tests.journeys.ways import CADRE
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, NotFound
from webapp.persistence.models import history
from webapp.persistence.models import meetings as tables
from webapp.queries import agenda as queries
from webapp.services import agenda_items, meeting_room, meetings, reads, recusals
from webapp.services.attachments import Upload
from webapp.services.office import Work

SCAN = Upload("纪要.pdf", b"%PDF-1.7\n", "scan")
VERBS: dict[str, Callable[[Journey, Actor, str, str], object]] = {
    "start_vote": lambda j, a, item, _: meetings.start_vote(j.begin(), a, item_id=item),
    "record": lambda j, a, item, _: meetings.record(j.begin(), a, item_id=item, counts={"agree": 11}),
    "decide": lambda j, a, item, _: meetings.decide(j.begin(), a, item_id=item),
    "note_silence": lambda j, a, item, who: meetings.note_silence(j.begin(), a, item_id=item, person_id=who),
    "recuse": lambda j, a, item, who: recusals.recuse(j.begin(), a, item_id=item, person_id=who, reason="x"),
    "put_off": lambda j, a, item, _: agenda_items.put_off(j.begin(), a, item_id=item, reason="x"),
    "set_secret": lambda j, a, item, _: agenda_items.set_secret(j.begin(), a, item_id=item, secret=True),
    "reconsider": lambda j, a, item, _: agenda_items.reconsider(
        j.begin(), a, item_id=item, in_favour=9, reason="x"
    ),
}  # fmt: skip
# Where an item stands when the verb would otherwise be allowed.
AT_ONCE = frozenset({"start_vote", "record", "recuse", "put_off", "set_secret"})


def half_voted(journey: Journey, case_id: str, *, secret: bool = False) -> tuple[str, str, list[str]]:
    """An item on which three of eleven members have voted → meeting, item, members."""
    meeting_id, item_id = called(journey, case_id)
    if secret:
        agenda_items.set_secret(journey.begin(), journey.actor("shiweiban"), item_id=item_id, secret=True)
    journey.put_to_vote(item_id)
    members = journey.members(meeting_id)
    for member in members[:3]:
        journey.vote(item_id, member, "disagree")
    return meeting_id, item_id, members


def record(journey: Journey, item_id: str, scan: Upload | None) -> str:
    recorder, counts = journey.actor("shiweiban"), {"agree": 9, "disagree": 2}
    return meetings.record(
        journey.begin(), recorder, item_id=item_id, counts=counts, on_paper=scan is not None, scan=scan
    )


def test_once_the_day_is_over_nobody_votes_counts_or_notes_a_silence(
    before_committee: tuple[Journey, str],
) -> None:
    journey, case_id = before_committee
    _, item_id, members = half_voted(journey, case_id)
    recorder = journey.actor("shiweiban")

    journey.wait(1)

    late = ["NOT_ON_ITS_DAY"]
    silence = VERBS["note_silence"]
    assert codes(lambda: journey.vote(item_id, members[3], "agree")) == late
    assert codes(lambda: silence(journey, recorder, item_id, members[3])) == late
    assert codes(lambda: journey.count(item_id)) == late
    assert codes(lambda: record(journey, item_id, None)) == late
    assert journey.row(tables.agenda_item, id=item_id)["status"] == "voting"


def test_votes_complete_on_the_day_are_not_counted_the_day_after(
    before_committee: tuple[Journey, str],
) -> None:
    journey, case_id = before_committee
    _, item_id, members = half_voted(journey, case_id)
    for member in members[3:]:
        journey.vote(item_id, member, "agree")

    journey.wait(1)

    assert codes(lambda: journey.count(item_id)) == ["NOT_ON_ITS_DAY"]


@pytest.mark.parametrize("secret", [False, True])
def test_after_the_day_the_signed_papers_take_the_place_of_ballots_left_without_a_result(
    before_committee: tuple[Journey, str], secret: bool
) -> None:
    journey, case_id = before_committee
    meeting_id, item_id, _ = half_voted(journey, case_id, secret=secret)
    with pytest.raises(Conflict):
        record(journey, item_id, SCAN)
    journey.wait(2)

    assert record(journey, item_id, SCAN) == "passed"

    journey.end(meeting_id)
    row = journey.row(tables.agenda_item, id=item_id)
    assert (row["agree"], row["disagree"], row["on_paper"]) == (9, 2, True)
    (event,) = journey.rows(history.history_event, kind="votes_recorded", case_id=case_id)[-1:]
    assert b'"void_ballots":3' in event["body"]
    assert "record_decision" in journey.elements(case_id)
    journey.check()


def test_presence_is_not_lowered_once_an_item_is_voted_on_or_decided(
    before_committee: tuple[Journey, str],
) -> None:
    journey, case_id = before_committee
    meeting_id, (item_id,) = journey.call("committee", [case_id])
    members = journey.members(meeting_id)
    journey.attend(meeting_id, absent=members[:1])

    def attend(value: str, *who: str) -> None:
        recorder, presence = journey.actor("shiweiban"), dict.fromkeys(who, value)
        meetings.attend(journey.begin(), recorder, meeting_id=meeting_id, presence=presence)

    attend("leave", members[1])
    attend("present", members[1])
    journey.put_to_vote(item_id)
    for member in members[1:9]:
        journey.vote(item_id, member, "agree")

    assert codes(lambda: attend("absent", members[1])) == ["ATTENDANCE_FIXED"]
    assert codes(lambda: attend("leave", members[9], members[10])) == ["ATTENDANCE_FIXED"]
    attend("leave", members[0])
    attend("present", members[0])
    for member in [members[0], *members[9:]]:
        journey.vote(item_id, member, "agree")
    assert journey.count(item_id) == "passed"
    assert codes(lambda: attend("absent", *members[:6])) == ["ATTENDANCE_FIXED"]
    there = [row["presence"] for row in journey.rows(tables.meeting_member, meeting_id=meeting_id)]
    assert there.count("present") == journey.row(tables.agenda_item, id=item_id)["present"] == 11


@pytest.mark.parametrize("verb", VERBS)
def test_for_the_recorder_married_to_the_cadre_the_item_does_not_exist_by_any_verb(
    before_committee: tuple[Journey, str], verb: str
) -> None:
    journey, case_id = before_committee
    meeting_id, item_id = called(journey, case_id)
    recorder, members = journey.actor("shiweiban"), journey.members(meeting_id)
    if verb not in AT_ONCE:
        journey.put_to_vote(item_id)
        for member in members[: {"note_silence": 9}.get(verb, 11)]:
            journey.vote(item_id, member, "agree")
    if verb == "reconsider":
        journey.count(item_id)
        journey.settle()
    before = dict(journey.row(tables.agenda_item, id=item_id))
    assert journey.relate(CADRE, str(recorder.person_id), "spouse")

    with pytest.raises(NotFound):
        VERBS[verb](journey, recorder, item_id, members[9])

    assert journey.row(tables.agenda_item, id=item_id) == before
    assert journey.rows(tables.item_recusal, item_id=item_id) == []


def test_what_is_decided_while_a_ballot_waits_for_the_lock_takes_no_further_one(
    before_committee: tuple[Journey, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    journey, case_id = before_committee
    meeting_id, item_id = called(journey, case_id)
    journey.put_to_vote(item_id)
    locked = meeting_room.meeting_row

    def after_another(work: Work, name: str) -> object:
        """The lock is free only once somebody else has fixed the result."""
        work.update(tables.agenda_item, {"id": item_id}, {"status": "decided", "result": "passed"})
        return locked(work, name)

    monkeypatch.setattr(meeting_room, "meeting_row", after_another)
    with pytest.raises(Conflict, match="已有结果"):
        journey.vote(item_id, journey.members(meeting_id)[0], "disagree")


def offered(journey: Journey, meeting_id: str) -> frozenset[str]:
    """What the page offers the recorder for the one item."""
    with reads.begin(journey.office) as look:
        recorder, today = journey.actor("shiweiban"), journey.today
        (item,) = queries.show(look, recorder, meeting_id, day=today, files=lambda _: {}, reasons={}).items
    return item.may


def test_an_item_that_loses_its_quorum_while_voted_on_is_put_off_and_the_meeting_ends(
    before_committee: tuple[Journey, str],
) -> None:
    journey, case_id = before_committee
    meeting_id, (item_id,) = journey.call("committee", [case_id])
    members = journey.members(meeting_id)
    journey.attend(meeting_id, absent=members[-4:-1])
    journey.put_to_vote(item_id)
    journey.vote(item_id, members[0], "agree")
    with pytest.raises(Conflict, match="不能再暂缓"):
        agenda_items.put_off(journey.begin(), journey.actor("shiweiban"), item_id=item_id, reason="x")
    assert "put_off" not in offered(journey, meeting_id)
    # Eight of eleven were there; one of them learns only now that it is about a relative.
    journey.step_aside(item_id, members[1], "亲属")
    assert "put_off" in offered(journey, meeting_id)

    agenda_items.put_off(
        journey.begin(), journey.actor("shiweiban"), item_id=item_id, reason="到会人数不足。"
    )

    journey.end(meeting_id)
    assert journey.row(tables.agenda_item, id=item_id)["result"] == "deferred"
    assert journey.item(case_id)["id"] != item_id, "it waits for a later meeting"
    journey.check()
