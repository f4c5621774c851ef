"""What forms, scripts and tables put into a variable, and expressions that can only fail given that."""

import json

import pytest

from tests.engine.builder import CATALOGUE, Diagram, diagram, each
from webapp.engine import Catalogue, check

STANDARD = Catalogue(CATALOGUE.delegates, CATALOGUE.roles, frozenset({"caseId"}))
OPTIONS = [{"value": "yes"}, {"value": "no"}]
FORM = json.dumps(
    {
        "id": "f",
        "components": [
            {"type": "radio", "properties": {"variable": "outcome"}, "values": OPTIONS},
            {"type": "number", "properties": {"variable": "amount"}},
            {"type": "group", "components": [{"type": "checkbox", "properties": {"variable": "agreed"}}]},
            {"type": "checklist", "properties": {"variable": "people"}, "values": OPTIONS},
            {"type": "datetime", "properties": {"variable": "day"}},
        ],
    }
).encode()


def asked(condition: str, drawn: Diagram | None = None) -> Diagram:
    """A choice by a condition after a task with the form."""
    begun = drawn or diagram().start().user("t", camunda_formKey="f")
    return begun.xor("g").when(condition).user("a", camunda_formKey="f").end().at("g").otherwise().to("e")


def told(drawn: Diagram, catalogue: Catalogue = STANDARD) -> list[tuple[str, str]]:
    found = check({"p.bpmn": drawn.xml(), "forms/f.json": FORM}, catalogue)
    return [(one.level, one.zh) for one in found if one.code == "type.mismatch"]


@pytest.mark.parametrize(
    "condition",
    [
        '=outcome = "yes"', '=outcome in ("yes", "no")', "=amount > 3 and agreed", '=not(agreed) or outcome != "no"',
        "=count(people) > 1", '=list contains(people, "yes")', '=date(day) > date("2026-01-01")', "=outcome = null",
        '=if agreed then amount = 1 else outcome = "no"', '=some p in people satisfies p = "x"', "=agreed = true",
        "=people[1] = outcome", "=caseId = outcome", "=amount * 2 + 1 = 7", '=string(amount) + "x" = outcome',
    ],
)  # fmt: skip
def test_what_fits_is_not_told(condition: str) -> None:
    assert told(asked(condition)) == []


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ('=outcome = "approved"', "不会是“approved”"),
        ('=outcome in ("yes", "maybe")', "不会是“maybe”"),
        ("=outcome = 1", "永远不会相等"),
        ('=amount = "3"', "永远不会相等"),
        ('=amount > "3"', "没有结果"),
        ("=agreed > true", "没有结果"),
        ("=amount + outcome = 3", "没有结果"),
        ("=outcome * 2 = 4", "没有结果"),
        ("=amount", "应当是真或假"),
        ("=amount and agreed", "“and”的一边是数字"),
        ("=if outcome then true else false", "if 的条件是文字"),
        ("=count(people)", "应当是真或假"),
        ('="yes"', "应当是真或假"),
    ],
)
def test_what_can_only_fail_is_an_error_where_nothing_else_sets_the_variable(
    condition: str, words: str
) -> None:
    ((level, said),) = told(asked(condition))

    assert level == "error"
    assert words in said


def test_scripts_give_types_and_two_places_that_differ_give_none() -> None:
    one = diagram().start().user("t", camunda_formKey="f").script("c", '{n: 1, mixed: "x"}')
    assert [level for level, _ in told(asked('=n = "1"', one))] == ["error"]

    two = diagram().start().user("t", camunda_formKey="f").script("c", '{amount: "x"}')
    assert told(asked('=amount = "3"', two)) == []


def test_where_messages_may_set_variables_it_is_a_warning() -> None:
    heard = diagram().start().user("t", camunda_formKey="f").hear("h", "m")

    assert [level for level, _ in told(asked('=outcome = "approved"', heard))] == ["warning"]


def test_the_item_of_a_loop_is_not_the_variable_of_its_name() -> None:
    loop = each("=people", variable="amount")
    drawn = diagram().start().user("t", loop, camunda_formKey="f", camunda_assignee='=amount + "x"').end()

    assert told(drawn) == []


def test_a_collection_that_is_no_list_and_a_number_that_is_none_are_told() -> None:
    drawn = diagram().start().user("t", each("=outcome", variable="one"), camunda_formKey="f").end()

    ((level, said),) = told(drawn)

    assert level == "error"
    assert "应当是列表" in said


def test_a_decision_gives_the_type_its_table_names() -> None:
    table = (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="u">'
        b'<decision id="rate" name="rate"><decisionTable hitPolicy="FIRST"><input id="i"><inputExpression>'
        b'<text>amount</text></inputExpression></input><output id="o" name="rate" typeRef="number"/>'
        b'<rule id="r"><inputEntry><text>-</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>'
        b"</decisionTable></decision></definitions>"
    )
    drawn = diagram().start().user("t", camunda_formKey="f")
    drawn.element(
        "businessRuleTask", "b", camunda_decisionRef="rate", camunda_resultVariable="rate",
        camunda_mapDecisionResult="singleEntry",
    )  # fmt: skip
    files = {"p.bpmn": asked('=rate = "1"', drawn).xml(), "forms/f.json": FORM, "d.dmn": table}

    found = [one for one in check(files, STANDARD) if one.code == "type.mismatch"]

    assert [one.level for one in found] == ["warning"]
    assert "数字和文字相比" in found[0].zh
