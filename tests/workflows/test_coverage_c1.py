"""Everything the map of the down process names is really there."""

import json
import re

import pytest

from tests.workflows.coverage_c1 import INVARIANTS, STEPS, Place
from tests.workflows.desk import WORKFLOWS

ROOT = WORKFLOWS.parent
PLACES = [(where, *place) for table in (STEPS, INVARIANTS) for where, row in table.items() for place in row]


def names_in(path: str) -> set[str]:
    text = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith((".bpmn", ".dmn")):
        return set(re.findall(r'\bid="([^"]+)"', text)) | set(re.findall(r'\brecusal="[^"]+"', text))
    if "/forms/" in path:
        return set(re.findall(r'"key": "([^"]+)"', text))
    if path.endswith(".json"):
        return {row["code"] for row in json.loads(text)["situations"]}
    return set(re.findall(r"\bdef (\w+)", text)) | set(re.findall(r"\bF\d\d\b", text))


@pytest.mark.parametrize(("where", "path", "names"), PLACES)
def test_the_place_exists(where: str, path: str, names: tuple[str, ...]) -> None:
    assert set(names) <= names_in(path), where


def test_all_rows_of_the_step_table_and_the_rules_asked_for_are_covered() -> None:
    assert [name.split()[0] for name in STEPS] == ["0", "1", "2", "3", "3a", "3b", "4", "5", "6", "7"]
    asked = {"F01", "F02", "F03", "F04", "F05", "F13", "F14", "F20", "F24"}
    assert asked <= set(INVARIANTS)


def test_every_row_names_a_diagram_element() -> None:
    def diagrams(row: tuple[Place, ...]) -> list[str]:
        return [path for path, _ in row if path.endswith(".bpmn")]

    assert all(diagrams(row) for row in (*STEPS.values(), *INVARIANTS.values()))
