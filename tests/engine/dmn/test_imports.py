"""Decisions across files: what a file imports is seen under the name it gives it, and only that."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.engine.builder import CATALOGUE, diagram
from tests.engine.dmn.models import decision, given, knowledge, literal
from tests.engine.play import Play
from webapp.engine import check, dmn, parse

MODEL = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def file(name: str, imports: dict[str, str], *elements: str, kinds: str = "") -> bytes:
    """A model of the namespace ``urn:name``; ``imports``: name in the file → the other model."""
    said = "".join(
        f'<import namespace="urn:{other}" name="{seen}" importType="{MODEL}"/>'
        for seen, other in imports.items()
    )
    head = f'<definitions xmlns="{MODEL}" namespace="urn:{name}" id="{name}" name="{name}">'
    return f"{head}{said}{kinds}{''.join(elements)}</definitions>".encode()


def needing(name: str, source: str, *needs: str) -> str:
    """A decision that needs nodes of other files, each ``file#id``; ``b_…`` are knowledge models."""
    made = decision(name, literal(source), *(need.partition("#")[2] for need in needs))
    for need in needs:
        other, _, identity = need.partition("#")
        made = made.replace(f'href="#{identity}"', f'href="urn:{other}#{identity}"', 1)
    return made


TYPE = (
    '<itemDefinition name="tLevel"><typeRef>number</typeRef>'
    "<allowedValues><text>[1..3]</text></allowedValues></itemDefinition>"
)
BASE = file(
    "base", {}, given("level", "tLevel"), decision("twice", literal("level * 2"), "i_level", kind="number"),
    knowledge("add one", ["n"], literal("n + 1")).replace("b_add one", "b_add"), kinds=TYPE,
)  # fmt: skip
MIDDLE = file("middle", {"the base": "base"}, needing("thrice", "the base.twice * 3", "base#twice"))
TOP = file(
    "top", {"low": "base", "mid": "middle"},
    needing("all", "low.add one(low.twice) + mid.thrice", "base#twice", "base#b_add", "middle#thrice"),
)  # fmt: skip


def value(xml: bytes, beside: list[bytes], wanted: str, **inputs: Any) -> Any:
    return dmn.parse(xml, beside).decide(wanted, inputs).value


def test_decisions_functions_and_inputs_of_other_files_are_asked() -> None:
    outcome = dmn.parse(TOP, [MIDDLE, BASE]).decide("all", {"level": 2})
    assert outcome.value == Decimal(4 + 1 + 12)
    assert {trace.name for trace in outcome.traces} == {"all", "twice", "thrice"}
    assert dmn.parse(TOP, [MIDDLE, BASE]).decisions == ("all",)


def test_a_type_of_another_file_is_named_with_its_file() -> None:
    made = file("top", {"low": "base"}, decision("d", literal("x"), "i_x"), given("x", "low.tLevel"))
    assert value(made, [BASE], "d", x=3) == 3
    assert value(made, [BASE], "d", x=4) is None


def test_two_files_may_use_the_same_ids_and_names() -> None:
    other = file("other", {}, decision("twice", literal("100")))
    top = file(
        "top", {"a": "base", "b": "other"}, needing("sum", "a.twice + b.twice", "base#twice", "other#twice")
    )
    assert value(top, [BASE, other], "sum", level=1) == 102


def test_files_that_import_each_other_come_to_an_end() -> None:
    one = file("one", {"o": "two"}, needing("a", "o.b", "two#b"))
    two = file("two", {"o": "one"}, needing("b", "o.a", "one#a"))
    with pytest.raises(dmn.DmnError):
        dmn.parse(one, [two])


def test_a_file_that_is_missing_is_told() -> None:
    _, problems = dmn.check(MIDDLE, [b"<broken", TOP])
    assert [problem.en for problem in problems] == [
        "thrice refers to urn:base#twice, which is neither in this file nor in one it imports"
    ]


def test_in_a_bundle_the_tables_lie_beside_each_other() -> None:
    drawn = diagram().start().element(
        "businessRuleTask", "r", camunda_decisionRef="all", camunda_resultVariable="v"
    ).end()  # fmt: skip
    files = {"p.bpmn": drawn.xml(), "top.dmn": TOP, "shared/base.dmn": BASE, "shared/middle.dmn": MIDDLE}
    assert not [one for one in check(files, CATALOGUE) if one.level == "error"]
    assert Play(parse(files, CATALOGUE)).start(level=1).variables["v"] == 3 + 6
