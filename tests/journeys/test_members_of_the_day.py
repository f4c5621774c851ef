"""Who sits on the body on the day of its meeting, when presence is entered, and counts that leave nobody out."""

from datetime import timedelta
from typing import Any

import pytest

from tests.journeys.office import Journey
from tests.journeys.test_meetings import change, codes
from webapp.domain.errors import Invalid, NotAllowed
from webapp.persistence.models import identity
from webapp.persistence.models import meetings as tables
from webapp.services import meetings


def grants(journey: Journey, person_id: str, role: str) -> dict[str, Any]:
    (user,) = journey.rows(identity.User.__table__, person_id=person_id)
    return {"user_id": user["id"], "role": role}


def attend(journey: Journey, meeting_id: str, **who: str) -> None:
    recorder = journey.actor("shiweiban")
    meetings.attend(journey.begin(), recorder, meeting_id=meeting_id, presence=who)


def test_who_has_left_the_committee_before_the_meeting_neither_votes_nor_counts(
    before_committee: tuple[Journey, str],
) -> None:
    journey, case_id = before_committee
    meeting_id, (item_id,) = journey.call("committee", [case_id])
    gone = journey.members(meeting_id)[0]
    yesterday = journey.today - timedelta(days=1)
    change(journey, identity.role_grant, grants(journey, gone, "committee_member"), {"valid_to": yesterday})

    journey.attend(meeting_id)
    journey.put_to_vote(item_id)

    assert len(journey.members(meeting_id)) == 10
    with pytest.raises(NotAllowed):
        journey.vote(item_id, gone, "agree")
    assert journey.enter(item_id, agree=10) == "passed"
    assert journey.row(tables.agenda_item, id=item_id)["entitled"] == 10
    journey.check()


def test_a_member_whose_account_is_disabled_still_sits_and_is_counted(
    before_committee: tuple[Journey, str],
) -> None:
    journey, case_id = before_committee
    chair = journey.rows(identity.role_grant, role="committee_secretary")[0]["user_id"]
    members = journey.rows(identity.role_grant, role="committee_member")
    (user,) = journey.rows(
        identity.User.__table__, id=next(one["user_id"] for one in members if one["user_id"] != chair)
    )
    change(journey, identity.User.__table__, {"id": user["id"]}, {"active": False})

    meeting_id, (item_id,) = journey.call("committee", [case_id])
    journey.attend(meeting_id)
    journey.put_to_vote(item_id)

    assert user["person_id"] in journey.members(meeting_id)
    assert journey.enter(item_id, agree=11) == "passed"


def test_who_has_joined_before_the_first_vote_is_entitled_and_after_it_not_in_this_meeting(
    before_committee: tuple[Journey, str],
) -> None:
    journey, case_id = before_committee
    ordinary = journey.rows(identity.role_grant, role="committee_member")
    chair = journey.rows(identity.role_grant, role="committee_secretary")[0]["user_id"]
    first, second = [one["id"] for one in ordinary if one["user_id"] != chair][:2]
    later = {"valid_from": journey.today + timedelta(days=400)}
    for one in (first, second):
        change(journey, identity.role_grant, {"id": one}, later)
    meeting_id, (item_id,) = journey.call("committee", [case_id])
    assert len(journey.members(meeting_id)) == 9

    change(journey, identity.role_grant, {"id": first}, {"valid_from": journey.today})
    journey.attend(meeting_id)
    assert len(journey.members(meeting_id)) == 10
    attend(journey, meeting_id, **dict.fromkeys(journey.members(meeting_id), "present"))
    journey.put_to_vote(item_id)
    change(journey, identity.role_grant, {"id": second}, {"valid_from": journey.today})
    attend(journey, meeting_id, **dict.fromkeys(journey.members(meeting_id), "present"))

    assert len(journey.members(meeting_id)) == 10


def test_the_secretary_sits_and_presides_without_a_members_grant(
    before_committee: tuple[Journey, str],
) -> None:
    journey, case_id = before_committee
    chair = journey.rows(identity.role_grant, role="committee_secretary")[0]["user_id"]
    yesterday = journey.today - timedelta(days=1)
    change(
        journey, identity.role_grant, {"user_id": chair, "role": "committee_member"}, {"valid_to": yesterday}
    )

    meeting_id, _ = journey.call("committee", [case_id])

    rows = journey.rows(tables.meeting_member, meeting_id=meeting_id)
    assert len(rows) == 11
    assert [row["is_chair"] for row in rows].count(True) == 1


def test_nobody_is_there_before_the_day_and_presence_is_not_raised_after_a_decision(
    before_committee: tuple[Journey, str],
) -> None:
    journey, case_id = before_committee
    recorder, items = journey.actor("shiweiban"), journey.items("committee", [case_id])
    held_on = journey.today + timedelta(days=1)
    meeting_id = meetings.plan(
        journey.begin(),
        recorder,
        body="committee",
        held_on=held_on,
        place="会议室",
        number="一",
        item_ids=items,
    )
    members = journey.members(meeting_id)
    assert codes(lambda: attend(journey, meeting_id, **{members[0]: "present"})) == ["ATTENDANCE_EARLY"]
    attend(journey, meeting_id, **{members[0]: "leave"})

    journey.wait(1)
    journey.attend(meeting_id, absent=members[:3])
    journey.put_to_vote(items[0])
    journey.enter(items[0], agree=8)
    journey.wait(5)

    everybody = dict.fromkeys(members, "present")
    assert codes(lambda: attend(journey, meeting_id, **everybody)) == ["ATTENDANCE_FIXED"]
    assert journey.row(tables.agenda_item, id=items[0])["present"] == 8


def test_a_count_that_leaves_somebody_out_is_no_result(before_committee: tuple[Journey, str]) -> None:
    journey, case_id = before_committee
    meeting_id, (item_id,) = journey.call("committee", [case_id])
    journey.attend(meeting_id)
    journey.put_to_vote(item_id)

    for counts in ({}, {"agree": 6}, {"agree": 10, "silent": 2}):
        with pytest.raises(Invalid):
            journey.enter(item_id, **counts)
    assert journey.row(tables.agenda_item, id=item_id)["status"] == "voting"

    assert journey.enter(item_id, agree=6, disagree=4, silent=1) == "passed"


def test_a_deputy_secretary_sits_as_a_standing_member_and_not_by_what_is_in_the_own_charge(
    before_committee: tuple[Journey, str],
) -> None:
    journey, case_id = before_committee
    deputy = journey.actor("changwei02")
    assert {"in_charge_leader", "committee_member"} <= deputy.roles_on(journey.today)
    meeting_id, _ = journey.call("committee", [case_id])
    assert deputy.person_id in journey.members(meeting_id)

    only_charge = grants(journey, deputy.person_id, "committee_member")
    change(journey, identity.role_grant, only_charge, {"valid_to": journey.today - timedelta(days=1)})
    journey.attend(meeting_id)

    assert deputy.person_id not in journey.members(meeting_id)
    assert len(journey.members(meeting_id)) == 10
