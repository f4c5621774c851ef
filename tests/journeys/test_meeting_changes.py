"""A meeting that does not come about, items withdrawn by whose body it is, numbers of the agenda."""

from datetime import timedelta

import pytest

from tests.journeys.office import Journey
from tests.journeys.ways import OTHER, to_committee
from webapp import engine as bpmn
from webapp.domain.errors import Conflict, Invalid, NotAllowed
from webapp.persistence.models import history
from webapp.persistence.models import meetings as tables
from webapp.services import agenda, meeting_changes, meetings, messages
from webapp.services.demo import scenes
from webapp.services.demo.scenes import post

WHY = "到会人数不足，会议没有开成。"


def cancel(journey: Journey, meeting_id: str, by: str = "shiweiban", reason: str = WHY) -> int:
    return meeting_changes.cancel(journey.begin(), journey.actor(by), meeting_id=meeting_id, reason=reason)


def test_the_items_of_a_cancelled_meeting_wait_for_another_and_their_processes_hear_nothing(
    on_the_way_up: tuple[Journey, str],
) -> None:
    journey, case_id = on_the_way_up
    scenes.initiate(journey, case_id, branch="promotion", post_id=post("jyj:deputy"))
    meeting_id, (item_id,) = journey.call("dept", [case_id])
    before = journey.elements(case_id)
    with pytest.raises(Invalid):
        cancel(journey, meeting_id, "jilu", " ")
    with pytest.raises(NotAllowed):
        cancel(journey, meeting_id, "ganbu1")

    assert cancel(journey, meeting_id, "jilu") == 1

    journey.settle()
    row = journey.row(tables.agenda_item, id=item_id)
    assert (row["status"], row["meeting_id"]) == ("waiting", None)
    assert journey.row(tables.meeting, id=meeting_id)["status"] == "cancelled"
    assert journey.elements(case_id) == before
    (event,) = journey.rows(history.history_event, kind="meeting_cancelled")
    assert WHY.encode() not in event["body"]
    with pytest.raises(Conflict):
        cancel(journey, meeting_id, "jilu")
    away = dict.fromkeys(journey.members(meeting_id), "leave")
    with pytest.raises(Conflict, match="取消"):
        meetings.attend(journey.begin(), journey.actor("jilu"), meeting_id=meeting_id, presence=away)
    journey.meet("dept", case_id)
    assert journey.row(tables.agenda_item, id=item_id)["result"] == "passed"
    journey.check()


def test_a_meeting_is_moved_to_a_later_day_with_its_agenda(before_committee: tuple[Journey, str]) -> None:
    journey, case_id = before_committee
    meeting_id, (item_id,) = journey.call("committee", [case_id])
    journey.wait(2)
    recorder = journey.actor("shiweiban")

    def move(days: int) -> None:
        held_on = journey.today + timedelta(days=days)
        meeting_changes.move(journey.begin(), recorder, meeting_id=meeting_id, held_on=held_on, reason=WHY)

    for days in (-1, -2, 400):
        with pytest.raises(Invalid):
            move(days)
    move(3)
    journey.wait(3)
    journey.attend(meeting_id)
    journey.put_to_vote(item_id)

    assert journey.enter(item_id, agree=11) == "passed"
    with pytest.raises(Conflict):
        move(5)
    journey.check()


def test_only_the_bodys_own_recorder_or_who_put_it_forward_withdraws_an_item(
    before_committee: tuple[Journey, str],
) -> None:
    journey, case_id = before_committee
    item_id = journey.item(case_id)["id"]

    for login in ("jilu", "fubuzhang1", "ganbu1", "changwei05"):
        with pytest.raises(NotAllowed):
            agenda.withdraw(journey.begin(), journey.actor(login), item_id=item_id, reason="x", for_good=True)
    # 市委组织部审核上会材料的副部长 has put it forward.
    agenda.withdraw(journey.begin(), journey.actor("fubuzhang2"), item_id=item_id, reason="材料需补充")

    assert journey.row(tables.agenda_item, id=item_id)["status"] == "recalled"


@pytest.mark.parametrize(("for_good", "heard"), [(True, "withdrawn"), (False, "recalled")])
def test_a_process_hears_that_its_item_was_withdrawn_not_that_a_meeting_refused_or_deferred_it(
    on_the_way_up: tuple[Journey, str], for_good: bool, heard: str
) -> None:
    journey, case_id = on_the_way_up
    scenes.initiate(journey, case_id, branch="same_level", post_id=post("wlj:deputy"))
    item_id = journey.item(case_id)["id"]

    agenda.withdraw(journey.begin(), journey.actor("jilu"), item_id=item_id, reason="x", for_good=for_good)
    messages.deliver_all(journey.office)

    variables = bpmn.variables(journey.instance(case_id, "p04_reinstatement")["state"])
    assert variables["meeting_outcome"] == heard
    assert (journey.instance(case_id, "p04_reinstatement")["status"] == "running") is not for_good


def test_no_number_of_an_agenda_is_given_twice_after_a_withdrawal(journey: Journey) -> None:
    first, second = to_committee(journey), to_committee(journey, OTHER, post_code="jyj:rank")
    recorder = journey.actor("shiweiban")
    items = journey.items("committee", [first, second])
    held_on = journey.today + timedelta(days=3)
    meeting_id = meetings.plan(
        journey.begin(),
        recorder,
        body="committee",
        held_on=held_on,
        place="会议室",
        number="一",
        item_ids=items,
    )
    agenda.withdraw(journey.begin(), recorder, item_id=items[0], reason="补充材料")
    messages.deliver_all(journey.office)
    journey.do(first, "check_materials", "fubuzhang2", materials_outcome="complete")

    again = journey.items("committee", [first])
    meetings.add_items(journey.begin(), recorder, meeting_id=meeting_id, item_ids=again)

    rows = journey.rows(tables.agenda_item, meeting_id=meeting_id)
    assert sorted(row["position"] for row in rows) == [2, 3]


def test_a_meeting_is_not_called_for_more_than_a_year_ahead(before_committee: tuple[Journey, str]) -> None:
    journey, _ = before_committee
    far = journey.today + timedelta(days=400)

    with pytest.raises(Invalid) as refused:
        meetings.plan(
            journey.begin(), journey.actor("shiweiban"), body="committee", held_on=far, place="x", number="1",
            item_ids=[],
        )  # fmt: skip

    assert set(refused.value.problems) == {"held_on"}
