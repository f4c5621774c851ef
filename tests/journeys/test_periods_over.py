"""A sanction entered late when its period is over long since is put on record; nobody is tracked for it."""

from datetime import date

from tests.journeys.office import Journey
from tests.journeys.ways import CADRE
from webapp.persistence.models import runtime, tracking
from webapp.services.demo import scenes


def entered(journey: Journey, day: str, **given: str) -> str:
    case_id = scenes.take_in(
        journey, CADRE,
        **{"late_entry": "yes", "track": "party", "kind": "warning", "tracking_class": "A", "decided_on": day,
           "effective_on": day, **given},
    )  # fmt: skip
    journey.settle()
    return case_id


def told(journey: Journey, case_id: str, day: str) -> None:
    journey.do(case_id, "record_past_execution", "jiandu1", talked_on=day)
    journey.settle()


def test_a_period_over_since_2017_is_recorded_and_opens_no_plan(journey_on_both: Journey) -> None:
    journey = journey_on_both
    case_id = entered(journey, "2016-02-29")
    assert journey.rows(tracking.tracking_plan) == []

    told(journey, case_id, "2016-03-01")

    case = journey.case(case_id)
    assert (case["status"], case["outcome"]) == ("closed", "period_over")
    assert str(case["talked_on"]) == "2016-03-01"
    assert journey.ends(case_id)["promotion"] == (date(2016, 2, 29), date(2017, 2, 28))
    assert journey.rows(tracking.tracking_plan) == []
    assert journey.rows(runtime.process_instance, case_id=case_id, status="running") == []
    assert journey.rows(runtime.outbox, status="waiting") == []
    journey.check()


def test_what_bars_nothing_is_recorded_alone_when_its_year_is_over(journey: Journey) -> None:
    old = entered(journey, "2022-01-10", track="mild", kind="admonishment")
    told(journey, old, "2022-01-12")

    assert journey.case(old)["outcome"] == "period_over"
    assert journey.rows(tracking.tracking_plan) == []


def test_a_plan_of_a_period_that_still_runs_is_released_no_earlier_than_it_is_opened(
    journey: Journey,
) -> None:
    case_id = entered(journey, "2024-01-10")
    told(journey, case_id, "2024-01-12")

    plan = journey.plan(CADRE)
    assert plan["opened_on"] == plan["released_on"] == journey.today
    assert journey.case(case_id)["status"] == "open"


def test_an_over_period_that_lengthens_a_later_one_is_tracked_with_it(journey: Journey) -> None:
    later = entered(journey, "2023-01-10")
    told(journey, later, "2023-01-12")
    assert journey.case(later)["outcome"] == "period_over"

    earlier = entered(journey, "2022-06-01", kind="serious_warning")
    told(journey, earlier, "2022-06-03")

    assert journey.ends(later)["promotion"][1] == date(2024, 11, 30)
    assert (journey.plan(CADRE)["status"], journey.plan(CADRE)["latest_end"]) == ("open", date(2024, 11, 30))
    assert journey.case(earlier)["status"] == "open"
    journey.check()
