"""The demo cases: made by the real processes, once, with progress shown, the clock back at the end."""

from datetime import timedelta

import pytest

from tests.journeys.office import Journey
from webapp.domain.errors import NotAllowed
from webapp.persistence.models import cases, runtime, tracking
from webapp.persistence.models import meetings as meeting_tables
from webapp.services import reads
from webapp.services.demo import clock, progress, story


def test_the_story_leaves_three_cases_under_way_and_is_told_once(journey: Journey) -> None:
    clock.reset(journey.office)

    story.load(journey.office)

    by_stage = {row["stage"]: row["id"] for row in journey.rows(cases.case_file, status="open")}
    assert set(by_stage) == {"up", "visit", "committee_decision"}
    visits = journey.visits(by_stage["visit"])
    assert [status for _, _, status in visits[:2]] == ["held", "started"]
    assert visits[1][1] < journey.today - timedelta(days=7)
    assert journey.elements(by_stage["visit"]) == {"hold_visit", "supervise_7"}
    assert journey.item(by_stage["committee_decision"])["status"] == "waiting"
    checks = {"examine", "double_sign", "check_archive", "check_personal_matters", "check_petitions"}
    assert journey.elements(by_stage["up"]) == checks
    shown = progress.read(journey.office, journey.today)
    assert (shown.loading, shown.done, shown.today) == (False, shown.total, None)
    assert journey.rows(runtime.outbox, status="waiting") == []
    journey.check()

    story.load(journey.office)
    assert len(journey.rows(cases.case_file)) == 3
    assert len(journey.rows(tracking.tracking_plan)) == 2
    assert {row["status"] for row in journey.rows(meeting_tables.meeting)} == {"closed"}


def test_no_story_is_told_where_the_clock_may_not_be_shifted(journey: Journey) -> None:
    journey.office.shifted = False
    with pytest.raises(NotAllowed):
        story.load(journey.office)
    with reads.begin(journey.office) as look:
        assert look.all(cases.case_file) == []
