"""The linter over the processes of the product: a variable renamed in a form is found wherever it is read."""

import json
from datetime import date
from pathlib import Path

import pytest

from webapp import engine as bpmn
from webapp.services import trial_answers
from webapp.services.delegates import DELEGATES
from webapp.services.office import BROUGHT, ROLE_CODES, STANDARD_VARIABLES

HOME = Path(__file__).parents[2] / "workflows"
CATALOGUE = bpmn.Catalogue(frozenset(DELEGATES), ROLE_CODES, STANDARD_VARIABLES, BROUGHT)
KEYS = sorted(one.stem for one in HOME.glob("*/*.bpmn"))


def files(key: str) -> dict[str, bytes]:
    return {
        str(one.relative_to(base)): one.read_bytes()
        for base in (HOME / key, HOME / "shared")
        for one in base.rglob("*.*")
        if one.suffix in (".bpmn", ".dmn", ".json")
    }


@pytest.mark.parametrize("key", KEYS)
def test_the_product_reads_no_variable_that_nothing_sets(key: str) -> None:
    assert [one.zh for one in bpmn.check(files(key), CATALOGUE) if one.code == "variable.unknown"] == []


def test_a_grade_renamed_in_its_form_is_an_error_where_the_diagram_still_reads_it() -> None:
    bundle = files("p03_return_visit")
    form = json.loads(bundle["forms/p03_grade.json"])
    for field in form["components"]:
        if field.get("properties", {}).get("variable") == "grade":
            field["properties"]["variable"] = "overall"
    bundle["forms/p03_grade.json"] = json.dumps(form).encode()

    found = [one for one in bpmn.check(bundle, CATALOGUE) if one.code == "variable.unknown"]

    assert {one.level for one in found} == {"error"}
    assert {"flow_needs_change__review_class", "flow_needs_change__raise_item", "record_visit"} <= {
        one.element_id for one in found
    }
    assert all("“grade”" in one.zh for one in found)


def test_what_a_message_of_the_product_brings_is_what_a_trial_lets_it_carry() -> None:
    for name, brought in BROUGHT:
        text = trial_answers.message_text(name, date(2026, 3, 2))
        assert all(f"{one}:" in text for one in brought) or text == "{}", name
