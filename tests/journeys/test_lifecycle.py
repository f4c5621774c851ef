"""下 → 跟踪 → 回访 → 再上 through the services, by different people, under a clock that is moved on."""

from datetime import date, timedelta

import pytest

from tests.journeys.office import Journey
from tests.journeys.ways import (
    AWAY,
    CADRE,
    MENTOR,
    OTHER,
    RANK_ONLY,
    by_the_second_door,
    down_and_up_again,
    to_committee,
    to_tracking,
    to_way_up,
    until_rights_are_restored,
)  # fmt: skip
from webapp.domain.errors import NotFound
from webapp.persistence.models import cases, runtime
from webapp.persistence.models import meetings as meeting_tables
from webapp.services import cases as case_verbs
from webapp.services.demo import scenes
from webapp.services.demo.scenes import person, post


def test_a_cadre_goes_down_is_followed_and_comes_up_again_on_probation(journey_on_both: Journey) -> None:
    case_id = down_and_up_again(journey_on_both)

    assert journey_on_both.case(case_id)["outcome"] == "reinstated"


def test_a_cadre_moved_sideways_comes_back_at_the_same_level_without_publicity_or_probation(
    journey: Journey,
) -> None:
    case_id = to_way_up(
        journey, OTHER, mentor=person("沈惊蛰"), post_code="fgj:deputy", manner="lateral_transfer"
    )

    scenes.initiate(journey, case_id, branch="same_level", post_id=post("wlj:deputy"))
    scenes.examine(journey, case_id, branch="same_level")
    scenes.decide_way_up(journey, case_id)
    scenes.appoint(journey, case_id)
    held = journey.in_office(OTHER)
    assert (held["post_id"], held["manner"], held["probation_ends_on"]) == (
        post("wlj:deputy"),
        "reinstatement",
        None,
    )
    scenes.live(journey, case_id, held["valid_from"] + timedelta(days=370))
    journey.do(case_id, "review_reuse", "ganbu1")

    assert journey.case(case_id)["outcome"] == "reinstated"
    assert journey.rows(cases.publicity, case_id=case_id) == []
    journey.settle()
    journey.check()


def test_tracking_that_ends_without_a_recommendation_closes_the_case_and_calls_off_what_is_in_hand(
    journey: Journey,
) -> None:
    case_id = to_tracking(journey, CADRE, mentor=MENTOR)
    scenes.live(journey, case_id, date(2025, 2, 10), leave=["write_annual_summary", "press_for_note"])
    assert {"write_annual_summary", "press_for_note"} <= journey.elements(case_id)
    journey.do(case_id, "evaluate_by_unit", unit_grade="good")
    journey.do(case_id, "check_new_clues", "jiwei", new_clue="none")
    journey.do(case_id, "evaluate", "ganbu1")
    journey.until(date(2025, 3, 4))

    journey.do(case_id, "conclude", "changwei03", conclusion="closed")
    journey.settle()

    assert journey.case(case_id)["outcome"] == "tracking_closed"
    assert journey.elements(case_id) == set()
    assert journey.rows(runtime.job, case_id=case_id, status="due") == []
    journey.check()


def test_a_decision_entered_late_is_known_to_the_unit_once_its_talk_is_entered_and_tracked_from_today(
    journey: Journey,
) -> None:
    case_id = scenes.take_in(
        journey, CADRE, late_entry="yes", track="admin", kind="demerit", decided_on="2023-11-20",
        effective_on="2023-11-20", tracking_class="A",
    )  # fmt: skip

    assert journey.ends(case_id) == {"promotion": (date(2023, 11, 20), date(2024, 11, 19))}
    assert journey.plan(CADRE)["opened_on"] == journey.today
    assert journey.elements(case_id) == {"record_past_execution"}
    unit = journey.actor("fgj1")
    with journey.begin() as work, pytest.raises(NotFound):
        case_verbs.take_case(work, unit, case_id)
    journey.do(case_id, "record_past_execution", "jiandu1", talked_on="2023-11-22")
    with journey.begin() as work:
        assert case_verbs.take_case(work, unit, case_id).talked_on == date(2023, 11, 22)
    assert journey.elements(case_id) == {"open_file_discipline"}
    scenes.set_up_tracking(journey, case_id, mentor=MENTOR)
    assert {kind for kind, _, _ in journey.visits(case_id)} == {"first", "pre_expiry"}
    scenes.live(journey, case_id, date(2024, 6, 20))
    assert journey.visits(case_id)[0][2] == "held"
    journey.check()


def test_a_new_decision_is_announced_executed_and_reported(journey: Journey) -> None:
    case_id = by_the_second_door(journey)

    assert journey.plan(CADRE)["status"] == "open"
    assert journey.case(case_id)["status"] == "open"


def test_an_open_end_is_fixed_when_rights_are_restored_and_the_visits_follow(journey: Journey) -> None:
    case_id = until_rights_are_restored(journey)

    assert journey.ends(case_id)["promotion"][1] == date(2026, 4, 11)


def test_a_second_measure_joins_the_plan_and_is_heard_of_when_its_process_comes_to_wait(
    journey: Journey,
) -> None:
    case_id = to_committee(journey, CADRE)
    journey.meet("committee", case_id)
    scenes.decide(journey, case_id, manner=RANK_ONLY, post_id=post(AWAY))
    scenes.talk_and_appoint(journey, case_id)

    second = scenes.take_in(
        journey, CADRE, late_entry="yes", track="party", kind="serious_warning", decided_on="2024-03-04",
        effective_on="2024-03-04", tracking_class="B",
    )  # fmt: skip
    assert journey.rows(runtime.outbox, status="waiting") == [], "nothing is told before the talk"
    journey.do(second, "record_past_execution", "jiandu1", talked_on="2024-03-04")
    waiting = {row["message"] for row in journey.rows(runtime.outbox, status="waiting")}
    assert waiting == {"plan_changed", "talk_recorded"}
    scenes.set_up_tracking(journey, case_id, mentor=MENTOR, tracking_class="B")

    # The plan's own process has heard of the first talk already and waits for no second one.
    assert [row["message"] for row in journey.rows(runtime.outbox, status="waiting")] == ["talk_recorded"]
    assert journey.plan(CADRE)["case_id"] == case_id
    assert journey.plan(CADRE)["latest_end"] == date(2025, 9, 3)
    pre_expiry = [
        due for kind, due, status in journey.visits(case_id) if (kind, status) == ("pre_expiry", "planned")
    ]
    assert pre_expiry == [date(2025, 7, 5)]
    journey.check()

    scenes.live(journey, case_id, date(2025, 7, 6))
    scenes.conclude(journey, case_id, date(2025, 9, 4), conclusion="closed")
    assert {journey.case(one)["outcome"] for one in (case_id, second)} == {"tracking_closed"}
    assert journey.rows(runtime.outbox, status="waiting") == []
    journey.settle()
    journey.check()


def test_a_deferred_item_waits_for_the_next_meeting_and_one_not_passed_can_end_the_case(
    journey: Journey,
) -> None:
    case_id = to_committee(journey, CADRE)

    journey.meet("committee", case_id, outcome="defer")
    assert journey.item(case_id)["status"] == "waiting"
    journey.wait(7)
    journey.meet("committee", case_id, outcome="disagree")
    journey.do(case_id, "after_not_passed", "changwei03", not_passed_outcome="close")

    assert [row["result"] for row in journey.rows(meeting_tables.agenda_item, case_id=case_id, body="committee")] == [
        "deferred", "not_passed",
    ]  # fmt: skip
    assert journey.case(case_id)["outcome"] == "not_passed"
    assert journey.rows(cases.measure, case_id=case_id) == []
    journey.check()
