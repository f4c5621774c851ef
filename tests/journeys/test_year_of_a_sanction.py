"""In the year of a sanction the appraisal is what the table leaves of it (D6), whatever the unit would like."""

from datetime import date

import pytest

from tests.journeys.office import Journey
from tests.journeys.ways import CADRE, MENTOR
from webapp.domain.errors import RuleBroken
from webapp.persistence.models import people
from webapp.services import people_facts
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


def test_of_two_sanctions_in_a_year_the_partys_counts_and_one_of_the_next_year_does_not(
    journey: Journey,
) -> None:
    given = {
        "late_entry": "no",
        "tracking_class": "B",
        "decided_on": "2024-03-01",
        "effective_on": "2024-03-01",
    }
    talkers = [journey.person("jiwei"), journey.person("shenli")]
    found = []
    for track, kind in (("party", "serious_warning"), ("admin", "major_demerit")):
        found.append(scenes.take_in(journey, CADRE, track=track, kind=kind, **given))
        journey.do(found[-1], "announce", "shenli", talkers=talkers, talk_signed="signed")
        journey.settle()
    first = found[0]
    scenes.set_up_tracking(journey, first, mentor=MENTOR, tracking_class="B")
    scenes.live(journey, first, date(2024, 12, 20), leave=("write_annual_summary",))

    with pytest.raises(RuleBroken) as refused:
        journey.do(first, "write_annual_summary", None, appraisal_grade="competent")

    assert [reason.code for reason in refused.value.reasons] == ["APPRAISAL_EFFECT"]
    assert "只写评语" in refused.value.reasons[0].sentence


def test_the_section_enters_no_grade_that_the_years_sanction_forbids(journey: Journey) -> None:
    scenes.take_in(
        journey, CADRE, late_entry="no", track="party", kind="revoke_party_post", decided_on="2024-03-01",
        effective_on="2024-03-01", tracking_class="B",
    )  # fmt: skip

    def enter(year: int, grade: str) -> None:
        people_facts.record_appraisal(
            journey.begin(), journey.actor("ganbu1"), person_id=CADRE, year=year, grade=grade
        )

    with pytest.raises(RuleBroken) as refused:
        enter(2024, "competent")
    assert [reason.code for reason in refused.value.reasons] == ["APPRAISAL_EFFECT"]
    enter(2024, "incompetent")
    enter(2023, "excellent")
    graded = {row["year"]: row["grade"] for row in journey.rows(people.appraisal, person_id=CADRE)}
    assert (graded[2024], graded[2023]) == ("incompetent", "excellent")
