"""Items withdrawn, put off, reconsidered, and voted on in secret."""

import json

import pytest

from tests.journeys.office import Journey
from tests.journeys.ways import AWAY, CADRE, RANK_ONLY, to_committee
from webapp.domain.errors import Conflict, Invalid, NotAllowed, RuleBroken
from webapp.persistence.models import history
from webapp.persistence.models import meetings as tables
from webapp.queries import agenda as queries
from webapp.services import agenda, agenda_items, meetings, messages, reads
from webapp.services.demo import scenes
from webapp.services.demo.scenes import post

WHY = "意见分歧较大，需进一步核实。"


def opened(journey: Journey, case_id: str) -> tuple[str, str]:
    """A committee meeting under way with the case's item → meeting and item."""
    meeting_id, items = journey.call("committee", [case_id])
    journey.attend(meeting_id)
    return meeting_id, items[0]


def test_a_vote_put_off_brings_the_item_back_for_a_later_meeting(
    before_committee: tuple[Journey, str],
) -> None:
    journey, case_id = before_committee
    meeting_id, item_id = opened(journey, case_id)
    recorder = journey.actor("shiweiban")
    with pytest.raises(NotAllowed):
        agenda_items.put_off(journey.begin(), journey.actor("ganbu1"), item_id=item_id, reason=WHY)
    with pytest.raises(Invalid):
        agenda_items.put_off(journey.begin(), recorder, item_id=item_id, reason=" ")

    agenda_items.put_off(journey.begin(), recorder, item_id=item_id, reason=WHY)
    messages.deliver_all(journey.office)

    old, new = journey.row(tables.agenda_item, id=item_id), journey.item(case_id)
    assert (old["status"], old["result"], old["agree"]) == ("put_off", "deferred", None)
    assert (new["status"], new["earlier_id"]) == ("waiting", item_id)
    with pytest.raises(Conflict):
        meetings.start_vote(journey.begin(), recorder, item_id=item_id)
    meetings.close(journey.begin(), recorder, meeting_id=meeting_id)
    journey.wait(7)
    journey.meet("committee", case_id)
    assert "record_decision" in journey.elements(case_id)
    assert "item_deferred" in journey.events(case_id)
    journey.check()


def test_a_decision_is_reconsidered_by_more_than_half_and_not_carried_out_meanwhile(
    before_committee: tuple[Journey, str],
) -> None:
    journey, case_id = before_committee
    journey.meet("committee", case_id)
    first = journey.item(case_id)["id"]
    recorder = journey.actor("shiweiban")

    with pytest.raises(RuleBroken):
        agenda_items.reconsider(journey.begin(), recorder, item_id=first, in_favour=5, reason=WHY)
    again = agenda_items.reconsider(journey.begin(), recorder, item_id=first, in_favour=6, reason=WHY)
    with pytest.raises(Conflict):
        agenda_items.reconsider(journey.begin(), recorder, item_id=first, in_favour=6, reason=WHY)
    with pytest.raises(RuleBroken) as waiting:
        scenes.decide(journey, case_id, manner=RANK_ONLY, post_id=post(AWAY))
    assert "正在复议" in waiting.value.reasons[0].sentence

    journey.wait(7)
    journey.meet("committee", case_id, outcome="disagree")
    assert journey.row(tables.agenda_item, id=again)["result"] == "not_passed"
    with pytest.raises(RuleBroken) as refused:
        scenes.decide(journey, case_id, manner=RANK_ONLY, post_id=post(AWAY))
    assert "未予通过" in refused.value.reasons[0].sentence
    third = agenda_items.reconsider(journey.begin(), recorder, item_id=again, in_favour=8, reason=WHY)
    agenda.withdraw(journey.begin(), recorder, item_id=third, reason="不再复议")
    assert journey.row(tables.agenda_item, id=third)["status"] == "recalled"
    journey.check()


def test_a_second_proposal_that_falls_when_reconsidered_is_not_carried_out_either(
    before_committee: tuple[Journey, str],
) -> None:
    journey, case_id = before_committee
    journey.meet("committee", case_id, outcome="disagree")
    first = journey.item(case_id)["id"]
    journey.do(case_id, "after_not_passed", not_passed_outcome="propose_again")
    scenes.propose_and_consult(journey, case_id, manner=RANK_ONLY, post_id=post(AWAY))
    journey.meet("committee", case_id)
    second, recorder = journey.item(case_id)["id"], journey.actor("shiweiban")
    with pytest.raises(Conflict, match="最近一次"):
        agenda_items.reconsider(journey.begin(), recorder, item_id=first, in_favour=8, reason=WHY)

    agenda_items.reconsider(journey.begin(), recorder, item_id=second, in_favour=8, reason=WHY)
    journey.meet("committee", case_id, outcome="disagree")

    with pytest.raises(RuleBroken) as refused:
        scenes.decide(journey, case_id, manner=RANK_ONLY, post_id=post(AWAY))
    assert [one.code for one in refused.value.reasons] == ["RECONSIDERED"]
    assert "未予通过" in refused.value.reasons[0].sentence
    journey.check()


def test_a_decision_being_carried_out_is_not_reconsidered(before_committee: tuple[Journey, str]) -> None:
    journey, case_id = before_committee
    journey.meet("committee", case_id)
    scenes.decide(journey, case_id, manner=RANK_ONLY, post_id=post(AWAY))

    with pytest.raises(Conflict):
        agenda_items.reconsider(
            journey.begin(), journey.actor("shiweiban"), item_id=journey.item(case_id)["id"], in_favour=11,
            reason=WHY,
        )  # fmt: skip


@pytest.mark.parametrize(("for_good", "element"), [(False, "initiate"), (True, None)])
def test_an_item_of_the_way_up_is_withdrawn_and_its_process_goes_on(
    on_the_way_up: tuple[Journey, str], for_good: bool, element: str | None
) -> None:
    journey, case_id = on_the_way_up
    scenes.initiate(journey, case_id, branch="same_level", post_id=post("wlj:deputy"))
    item_id = journey.item(case_id)["id"]

    agenda.withdraw(
        journey.begin(), journey.actor("jilu"), item_id=item_id, reason="材料需补充", for_good=for_good
    )
    messages.deliver_all(journey.office)

    assert journey.row(tables.agenda_item, id=item_id)["status"] == "recalled"
    assert journey.elements(case_id) >= ({element} if element else set())
    assert (journey.instance(case_id, "p04_reinstatement")["status"] == "running") is not for_good
    journey.check()


def test_a_withdrawn_proposal_goes_back_or_waits_again(journey: Journey) -> None:
    case_id = scenes.open_and_verify(journey, CADRE)
    journey.do(case_id, "propose", "ganbu1", manner=RANK_ONLY, target_post_id=post(AWAY), **scenes.PLAIN)
    first = journey.item(case_id)["id"]

    agenda.withdraw(journey.begin(), journey.actor("jilu"), item_id=first, reason="下次再议")
    messages.deliver_all(journey.office)
    second = journey.item(case_id)
    assert (second["status"], second["id"] == first) == ("waiting", False)
    agenda.withdraw(
        journey.begin(), journey.actor("jilu"), item_id=second["id"], reason="建议重拟", for_good=True
    )
    messages.deliver_all(journey.office)

    assert journey.elements(case_id) == {"propose"}
    journey.check()


def test_a_secret_ballot_keeps_who_took_part_and_the_count_but_nobodys_choice(
    journey_on_both: Journey,
) -> None:
    journey = journey_on_both
    case_id = to_committee(journey, CADRE)
    meeting_id, items = journey.call("committee", [case_id])
    item_id, recorder = items[0], journey.actor("shiweiban")
    journey.attend(meeting_id)
    agenda_items.set_secret(journey.begin(), recorder, item_id=item_id, secret=True)
    meetings.start_vote(journey.begin(), recorder, item_id=item_id)
    with pytest.raises(Conflict):
        agenda_items.set_secret(journey.begin(), recorder, item_id=item_id, secret=False)

    members = journey.members(meeting_id)
    for number, member in enumerate(members):
        journey.vote(item_id, member, "disagree" if number in (0, 4) else "agree")
    with pytest.raises(Conflict):
        journey.vote(item_id, members[3], "agree")

    kept = journey.rows(tables.item_choice, item_id=item_id)
    assert {row["person_id"] for row in kept} == {None}
    assert {row["choice"]: row["count"] for row in kept if row["count"]} == {"agree": 9, "disagree": 2}
    assert len(journey.rows(tables.item_participation, item_id=item_id)) == 11
    told = [
        json.loads(row["body"])["facts"] for row in journey.rows(history.history_event, kind="ballot_cast")
    ]
    assert len(told) == 11
    assert all("choice" not in one for one in told)
    assert not any(change[0] == "item_choice" for one in told for change in one["changes"])
    assert meetings.decide(journey.begin(), recorder, item_id=item_id) == "passed"
    journey.check()


def test_members_read_on_the_agenda_to_which_post_the_way_up_shall_lead(
    on_the_way_up: tuple[Journey, str],
) -> None:
    journey, case_id = on_the_way_up
    scenes.initiate(journey, case_id, branch="same_level", post_id=post("wlj:deputy"))
    meeting_id, _ = journey.call("dept", [case_id])

    with reads.begin(journey.office) as look:
        member, today = journey.actor("buwei1"), journey.today
        page = queries.show(look, member, meeting_id, day=today, files=lambda _ids: {}, reasons={})

    assert [one.proposal for one in page.items] == ["拟平级重新任职，拟任星屿市文化和旅游局（示例）副局长。"]


def test_what_is_reported_to_the_superior_passes_the_department_first_and_the_committee_after_the_answer(
    journey: Journey,
) -> None:
    case_id = scenes.open_and_verify(journey, CADRE)
    to = post("fgj:rank")
    given = {**scenes.PLAIN, "elected_post": "yes", "manner": "relieve_of_post", "target_post_id": to}
    journey.do(case_id, "propose", "ganbu1", **given)

    journey.meet("dept", case_id)

    journey.do(case_id, "consult_discipline", "jiwei", discipline_opinion="agree")
    journey.do(case_id, "consult_leader", "changwei02", leader_opinion="agree")
    journey.do(case_id, "consolidate", "ganbu1", consultation_outcome="submit")
    assert journey.elements(case_id) == {"report_superior"}
    journey.do(case_id, "report_superior", "shengzu", superior_outcome="approved")
    journey.do(case_id, "check_materials", "fubuzhang2", materials_outcome="complete")
    journey.meet("committee", case_id)
    assert "record_decision" in journey.elements(case_id)
    journey.check()
