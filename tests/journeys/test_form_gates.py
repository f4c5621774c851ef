"""What a form asks for before it is taken: enough people, every item gone through, no word of one's own against it."""

import json
from pathlib import Path

import pytest

from tests.journeys.office import Journey
from tests.journeys.test_gates import INTAKE
from tests.journeys.ways import CADRE
from webapp.domain.errors import Invalid
from webapp.domain.fields import Field, fields_of, flat

WORKFLOWS = Path(__file__).parents[2] / "workflows"
NAMED_BY_TWO = ("两人以上", "不少于两人", "二人以上")


def proposing(journey: Journey) -> str:
    """A case of which the opening is to be proposed."""
    case_id = journey.open_case(
        "ganbu1", CADRE, source="annual_appraisal", situation_codes=["U08_insufficient_ability"],
        severity_reported="high", source_count=2, credibility="plausible",
    )  # fmt: skip
    journey.do(case_id, "assess", "jiandu1", assessment_outcome="open_case")
    return case_id


def problems(journey: Journey, case_id: str, element: str, by: str, **given: object) -> dict[str, str]:
    """What keeps the form from being taken, by field."""
    with pytest.raises(Invalid) as refused:
        journey.complete(by, journey.task(case_id, element)["id"], **given)
    return dict(refused.value.problems)


def test_an_opening_is_proposed_with_a_reason_and_two_verifiers(journey: Journey) -> None:
    case_id = proposing(journey)
    alone = [journey.person("heshi1")]
    given = {"conflict_declared": "no", "opening_proposal_outcome": "submit", "proposed_verifiers": alone}

    found = problems(journey, case_id, "propose_opening", "fubuzhang1", **given, opening_reason="短")

    assert set(found) == {"proposed_verifiers", "opening_reason"}
    assert "不少于2人，现为1人" in found["proposed_verifiers"]


def test_who_declares_a_conflict_does_not_propose_the_opening(journey: Journey) -> None:
    case_id = proposing(journey)
    asked = {"conflict_declared": "yes", "opening_proposal_outcome": "submit"}

    unsaid = problems(journey, case_id, "propose_opening", "fubuzhang1", **asked, conflict_note="")
    said = problems(journey, case_id, "propose_opening", "fubuzhang1", **asked, conflict_note="同乡、同学")

    assert set(unsaid) == {"conflict_note"}
    assert "转办" in said["conflict_declared"]
    assert journey.elements(case_id) == {"propose_opening"}
    journey.do(case_id, "propose_opening", "fubuzhang1", **{**asked, "conflict_declared": "no"})
    assert journey.elements(case_id) == {"approve_opening"}


def test_the_second_person_goes_through_every_item_before_it_agrees(journey: Journey) -> None:
    case_id = journey.open_case("jiandu1", CADRE, "sanction", **INTAKE)

    found = problems(
        journey, case_id, "check_entry", "anguan", entry_outcome="confirmed", checked_items=["person", "kind"]
    )
    back = problems(
        journey, case_id, "check_entry", "anguan", entry_outcome="returned", checked_items=["person"],
        entry_note="",
    )  # fmt: skip

    assert found.keys() == {"checked_items"}
    assert "还缺：决定、生效日期、期间、文号" in found["checked_items"]
    assert back.keys() == {"entry_note"}
    journey.do(case_id, "check_entry", "anguan", entry_outcome="confirmed")
    assert "check_entry" not in journey.elements(case_id)


def all_fields() -> list[tuple[str, Field]]:
    """Every field of every form."""
    files = sorted(WORKFLOWS.glob("*/forms/*.json"))
    return [
        (one.stem, field) for one in files for field in flat(fields_of(json.loads(one.read_text("utf-8"))))
    ]


def test_every_list_that_speaks_of_two_people_demands_two() -> None:
    told = [
        (form, one)
        for form, one in all_fields()
        if one.kind == "people" and any(words in one.label + one.description for words in NAMED_BY_TWO)
    ]

    assert len(told) >= 7
    assert [(form, one.key) for form, one in told if dict(one.properties).get("at_least") != "2"] == []


def test_what_a_checklist_is_complete_for_is_an_answer_of_its_form() -> None:
    forms: dict[str, list[Field]] = {}
    for form, one in all_fields():
        forms.setdefault(form, []).append(one)
    asked = {
        form: dict(one.properties)["all_when"]
        for form, one in all_fields()
        if "all_when" in dict(one.properties)
    }

    assert len(asked) == 3
    for form, condition in asked.items():
        key, _, value = condition.partition("=")
        answers = [option.value for one in forms[form] if one.key == key for option in one.options]
        assert value in answers, form
