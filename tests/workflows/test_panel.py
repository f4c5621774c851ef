"""The panel of the editor offers what the linter obeys: one list, seen from both sides."""

import json
import re
from pathlib import Path

import pytest

from webapp.engine import lint_extras
from webapp.services import design_choices

ROOT = Path(__file__).resolve().parents[2]
EDITOR = ROOT / "frontend" / "src" / "designer"
WORKFLOWS = sorted(path.parent for path in (ROOT / "workflows").glob("*/*.bpmn"))


def offered(*lists: str) -> set[str]:
    """The values of the named lists in the panel's source."""
    source = (EDITOR / "panel.js").read_text("utf-8")
    found = [re.search(rf"const {name} = \[(.*?)\];", source, re.DOTALL) for name in lists]
    return {value for one in found if one for value in re.findall(r'value: "(\w+)"', one[1])}


def test_the_editor_keeps_every_attribute_that_has_an_effect_and_no_other() -> None:
    (step,) = json.loads((EDITOR / "zaishang.json").read_text("utf-8"))["types"]

    assert {one["name"] for one in step["properties"]} == set(lint_extras.OBEYED)


def test_the_editor_offers_the_ways_of_signing_and_recusal_that_the_linter_knows() -> None:
    assert offered("EACH", "TWO") == lint_extras.SIGNED
    assert offered("RECUSED") == lint_extras.RECUSED


@pytest.mark.parametrize("folder", WORKFLOWS, ids=lambda path: path.name)
def test_every_answer_that_sends_back_can_be_chosen(folder: Path) -> None:
    files = {f"forms/{path.name}": path.read_bytes() for path in (folder / "forms").glob("*.json")}
    drawn = next(folder.glob("*.bpmn")).read_text("utf-8")

    choices = {one["value"] for one in design_choices.answers(files)}

    assert set(re.findall(r'zaishang:returnBy="([^"]+)"', drawn)) <= choices
