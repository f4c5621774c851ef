"""When an item may be put on an agenda, come up and be counted (F02–F04), asked through the verbs."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.journeys.office import Journey
from tests.journeys.ways import AWAY, CADRE, to_committee, to_way_up
from webapp.domain.errors import Conflict, RuleBroken
from webapp.persistence.models import administration, people, runtime
from webapp.persistence.models import meetings as tables
from webapp.services import meetings, recusals
from webapp.services.demo import scenes
from webapp.services.demo.scenes import post

PLACE = {"place": "会议室", "number": "第一次"}


def codes(attempt: Callable[[], object]) -> list[str]:
    with pytest.raises(RuleBroken) as refused:
        attempt()
    return [reason.code for reason in refused.value.reasons]


def change(journey: Journey, table: object, where: dict[str, object], values: dict[str, object]) -> None:
    """Something happens outside the processes."""
    with journey.office.engine.begin() as connection:
        fits = [table.c[name] == value for name, value in where.items()]  # type: ignore[attr-defined]
        assert connection.execute(table.update().where(*fits).values(**values)).rowcount  # type: ignore[attr-defined]


def called(journey: Journey, case_id: str, body: str = "committee") -> tuple[str, str]:
    """A meeting under way with the case's item → (meeting, item)."""
    meeting_id, (item_id,) = journey.call(body, [case_id])
    journey.attend(meeting_id)
    return meeting_id, item_id


def test_nothing_is_put_on_the_agenda_for_today(journey: Journey) -> None:
    case_id = to_committee(journey)
    recorder, items = journey.actor("shiweiban"), journey.items("committee", [case_id])

    def plan(days: int, item_ids: list[str]) -> str:
        held_on = journey.today + timedelta(days=days)
        return meetings.plan(
            journey.begin(), recorder, body="committee", held_on=held_on, item_ids=item_ids, **PLACE
        )

    assert codes(lambda: plan(0, items)) == ["OFF_AGENDA"]
    # Nor for a meeting that is said to have been held before the item was put forward.
    assert codes(lambda: plan(-1, items)) == ["OFF_AGENDA"]
    assert journey.rows(tables.meeting, body="committee") == []
    meeting_id = plan(1, [])
    journey.wait(1)
    late = codes(lambda: meetings.add_items(journey.begin(), recorder, meeting_id=meeting_id, item_ids=items))
    assert late == ["OFF_AGENDA"]
    assert plan(1, items)


def test_the_days_of_notice_are_the_offices_own(journey: Journey) -> None:
    with journey.office.engine.begin() as connection:
        connection.execute(
            administration.policy_value.insert().values(
                key="agenda_notice_days", valid_from=journey.today, value=3, basis="议事规则（示例）"
            )
        )
    case_id = scenes.open_and_verify(journey, CADRE)
    journey.do(
        case_id, "propose", "ganbu1", manner="convert_to_rank_only", target_post_id=post(AWAY), **scenes.PLAIN
    )

    assert codes(lambda: journey.call("dept", [case_id])) == ["OFF_AGENDA"]


def test_an_item_whose_papers_are_gone_or_stale_is_not_called(journey: Journey) -> None:
    case_id = to_committee(journey)
    _, item_id = called(journey, case_id)
    recorder = journey.actor("shiweiban")
    opinion = {"case_id": case_id, "element_id": "consult_discipline"}
    day = journey.row(runtime.work_item, **opinion)["closed_at"]

    def start() -> None:
        meetings.start_vote(journey.begin(), recorder, item_id=item_id)

    change(journey, runtime.work_item, opinion, {"closed_at": day - timedelta(days=200)})
    assert codes(start) == ["OPINION_STALE"]
    change(journey, runtime.work_item, opinion, {"status": "cancelled"})
    assert codes(start) == ["PAPER_MISSING"]
    entered = {"agree": 11}
    assert codes(lambda: meetings.record(journey.begin(), recorder, item_id=item_id, counts=entered)) == [
        "PAPER_MISSING"
    ]
    change(journey, runtime.work_item, opinion, {"status": "completed", "closed_at": day})
    start()


def test_a_cadre_on_whom_something_has_come_up_meanwhile_is_not_discussed(journey: Journey) -> None:
    case_id = to_way_up(journey)
    scenes.initiate(journey, case_id, branch="promotion", post_id=post("jyj:deputy"))
    last_year = {"person_id": CADRE, "year": journey.today.year - 1}
    change(journey, people.appraisal, last_year, {"grade": "basically_competent"})
    _, item_id = called(journey, case_id, "dept")

    assert codes(lambda: meetings.start_vote(journey.begin(), journey.actor("jilu"), item_id=item_id)) == [
        "APPRAISAL"
    ]


def test_of_eleven_members_eight_make_a_quorum_and_six_in_favour_pass(journey: Journey) -> None:
    case_id = to_committee(journey)
    meeting_id, (item_id,) = journey.call("committee", [case_id])
    recorder, members = journey.actor("shiweiban"), journey.members(meeting_id)
    assert len(members) == 11

    assert codes(lambda: journey.attend(meeting_id, absent=members[:4])) == ["NO_QUORUM"]
    journey.attend(meeting_id, absent=members[:3])
    recusals.recuse(journey.begin(), recorder, item_id=item_id, person_id=members[3], reason="亲属")
    assert codes(lambda: meetings.start_vote(journey.begin(), recorder, item_id=item_id)) == ["NO_QUORUM"]
    back = {members[0]: "present"}
    meetings.attend(journey.begin(), recorder, meeting_id=meeting_id, presence=back)
    meetings.start_vote(journey.begin(), recorder, item_id=item_id)

    five = {"agree": 5, "disagree": 3}
    assert meetings.record(journey.begin(), recorder, item_id=item_id, counts=five) == "not_passed"


def test_nothing_is_counted_before_everybody_has_voted_or_is_noted_as_silent(journey: Journey) -> None:
    case_id = to_committee(journey)
    meeting_id, item_id = called(journey, case_id)
    recorder, members = journey.actor("shiweiban"), journey.members(meeting_id)
    meetings.start_vote(journey.begin(), recorder, item_id=item_id)

    def note(person_id: str) -> None:
        meetings.note_silence(journey.begin(), recorder, item_id=item_id, person_id=person_id)

    assert codes(lambda: journey.vote(item_id, members[-1], "agree")) == ["CHAIR_LAST"]
    for member in members[:9]:
        journey.vote(item_id, member, "agree")
    assert codes(lambda: meetings.decide(journey.begin(), recorder, item_id=item_id)) == ["VOTES_MISSING"]
    with pytest.raises(Conflict):
        note(members[0])
    note(members[9])
    journey.vote(item_id, members[10], "disagree")

    assert meetings.decide(journey.begin(), recorder, item_id=item_id) == "passed"
    row = journey.item(case_id)
    assert (row["agree"], row["disagree"], row["present"]) == (9, 1, 11)
    journey.check()
