"""A visit is held after the talk and the visits before it; the last grade is that of the last visit."""

from datetime import date, timedelta

import pytest

from tests.journeys.office import Journey
from tests.journeys.ways import CADRE, to_tracking
from webapp.domain.errors import Invalid
from webapp.persistence.models import tracking
from webapp.services import dossier, eligibility
from webapp.services.demo import scenes

POOR = {"grade": "poor", "clue": "none", "propose_class_change": "no"}


def test_a_visit_is_not_held_before_the_plan_and_this_is_said_at_the_field(journey: Journey) -> None:
    case_id = to_tracking(journey)
    opened_on = journey.plan(CADRE)["released_on"]
    scenes.live(journey, case_id, date(2024, 7, 1), leave=("hold_visit",))
    for day in (date(1999, 1, 1), opened_on - timedelta(days=1), journey.today + timedelta(days=1)):
        with pytest.raises(Invalid) as refused:
            journey.do(case_id, "hold_visit", **{**scenes.HELD, "held_on": day.isoformat()})
        assert set(refused.value.problems) == {"held_on"}

    journey.do(case_id, "hold_visit", **{**scenes.HELD, "held_on": opened_on.isoformat()})
    scenes.catch_up(journey, case_id)

    assert [row["held_on"] for row in journey.rows(tracking.visit, case_id=case_id, status="held")] == [
        opened_on
    ]
    journey.check()


def test_a_poor_visit_is_not_dated_back_behind_a_good_one(journey: Journey) -> None:
    case_id = to_tracking(journey)
    scenes.live(journey, case_id, date(2024, 7, 1))
    (first,) = journey.rows(tracking.visit, case_id=case_id, status="held")
    early = {"hold_visit": {**scenes.HELD, "held_on": (first["held_on"] - timedelta(days=1)).isoformat()}}

    with pytest.raises(Invalid) as refused:
        scenes.live(journey, case_id, date(2025, 2, 10), answers=early)
    assert set(refused.value.problems) == {"held_on"}

    scenes.live(journey, case_id, date(2025, 2, 10), answers={"grade_visit": POOR})
    with journey.begin() as work:
        barred = {"action": "promotion", "step": "initiation", "today": journey.today}
        verdict = eligibility.check(work, CADRE, **barred)
    assert "TRACKING_GRADE" in {one.code for one in verdict.reasons}


def test_of_two_visits_on_one_day_the_one_due_later_is_the_last(journey_on_both: Journey) -> None:
    journey = journey_on_both
    case_id = to_tracking(journey)
    plan_id, day = journey.plan(CADRE)["id"], journey.today
    with journey.begin() as work:
        for number, (grade, due) in enumerate((("poor", 9), ("good", 3))):
            row = {
                "id": f"00000000-0000-7000-8000-{number:012d}", "plan_id": plan_id, "case_id": case_id,
                "kind": "special", "due_on": day + timedelta(days=due), "status": "held", "held_on": day,
                "grade": grade,
            }  # fmt: skip
            work.insert(tracking.visit, row)
        assert dossier.last_visit_grade(work, plan_id) == "poor"
