"""In the year of a sanction the appraisal is what the table leaves of it (D6), whatever the unit would like."""

from datetime import date

import pytest

from tests.journeys.office import Journey
from tests.journeys.ways import CADRE, MENTOR
from webapp.domain.errors import RuleBroken
from webapp.persistence.models import people
from webapp.services.demo import scenes


def test_the_unit_rates_nobody_excellent_in_the_year_of_a_serious_warning(journey: Journey) -> None:
    case_id = scenes.take_in(
        journey, CADRE, late_entry="no", track="party", kind="serious_warning", decided_on="2024-03-01",
        effective_on="2024-03-01", tracking_class="B",
    )  # fmt: skip
    talkers = [journey.person("jiwei"), journey.person("shenli")]
    journey.do(case_id, "announce", "shenli", talkers=talkers, talk_signed="signed")
    journey.settle()
    scenes.set_up_tracking(journey, case_id, mentor=MENTOR, tracking_class="B")
    scenes.live(journey, case_id, date(2024, 12, 20), leave=("write_annual_summary",))

    with pytest.raises(RuleBroken) as refused:
        journey.do(case_id, "write_annual_summary", None, appraisal_grade="excellent")
    assert [reason.code for reason in refused.value.reasons] == ["APPRAISAL_EFFECT"]
    journey.do(case_id, "write_annual_summary", None, note_grade="good", note_risk="low")
    scenes.live(journey, case_id, date(2024, 12, 28))

    graded = {row["year"]: row["grade"] for row in journey.rows(people.appraisal, person_id=CADRE)}
    assert graded[2024] == "comment_only"
