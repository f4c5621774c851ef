"""Where a file is not as the BPMN 2.0 schema has it, that is told with element and line, and stops nothing."""

from tests.engine.builder import CATALOGUE, diagram
from webapp.engine import Problem, check


def told(drawn: bytes) -> list[Problem]:
    return [one for one in check({"p.bpmn": drawn}, CATALOGUE) if one.code == "xsd"]


def test_what_the_schema_knows_is_not_told() -> None:
    assert told(diagram().start().user("a").end().xml()) == []


def test_a_wrong_order_is_told_at_its_element() -> None:
    drawn = diagram().start().user("a").end().xml()
    drawn = drawn.replace(
        b"</bpmn:userTask>", b"<bpmn:extensionElements/><bpmn:documentation/></bpmn:userTask>"
    )

    (found,) = told(drawn.replace(b"<bpmn:userTask", b"\n<bpmn:userTask"))

    assert (found.element_id, found.level, found.line) == ("a", "warning", 2)
    assert "顺序" in found.zh


def test_an_attribute_nobody_knows_and_one_that_is_missing_are_told() -> None:
    drawn = diagram().start().user("a").end().xml()

    (unknown,) = told(drawn.replace(b'<bpmn:userTask id="a"', b'<bpmn:userTask id="a" colour="red"'))
    (missing,) = told(drawn.replace(b' targetNamespace="urn:test"', b""))

    assert "“colour”" in unknown.zh
    assert "“targetNamespace”" in missing.zh


def test_an_id_that_is_no_id_is_told_and_the_foreign_parts_are_not() -> None:
    drawn = diagram().start().user("a").end().xml()
    drawn = drawn.replace(b'<bpmn:userTask id="a"', b'<bpmn:userTask xmlns:v="urn:vendor" v:x="1" id="a"')
    assert told(drawn) == []

    (found,) = told(drawn.replace(b'<bpmn:process id="p"', b'<bpmn:process id="p q"'))

    assert "“p q”" in found.zh


def test_no_more_than_twenty_are_told() -> None:
    drawn = diagram().start()
    for number in range(30):
        drawn.user(f"a{number}")

    assert len(told(drawn.end().xml().replace(b"<bpmn:userTask", b'<bpmn:userTask x="1"'))) == 20
