"""Decisions that need each other, boxed expressions, and files that are refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.engine.dmn import conformance
from tests.engine.dmn.models import decision, given, knowledge, literal, model, table
from webapp.engine import dmn
from webapp.engine.feel import FeelBudgetError


def answer(logic: str, **inputs: object) -> object:
    """The value of one decision made of a boxed expression."""
    return dmn.parse(model(decision("d", logic))).decide("d", inputs).value


def boxed(tag: str, attributes: str = "", **parts: str) -> str:
    """An element of literal parts, e.g. a conditional; ``else_`` is written ``else``."""
    inside = "".join(
        f"<{name.rstrip('_')}>{literal(text)}</{name.rstrip('_')}>" for name, text in parts.items()
    )
    return f"<{tag} {attributes}>{inside}</{tag}>"


def test_a_decision_asks_the_decisions_it_needs_once_and_in_order() -> None:
    asked = dmn.parse(
        model(
            given("x"),
            decision("c", literal("a + b"), "a", "b"),
            decision("a", literal("x + 1"), "i_x"),
            decision("b", literal("a * 2"), "a"),
        )
    )
    outcome = asked.decide("c", {"x": 1})

    assert outcome.value == 6
    assert [trace.decision_id for trace in outcome.traces] == ["a", "b", "c"]
    assert outcome.traces[0].inputs == {"x": 1}
    assert outcome.traces[2].inputs == {"a": 2, "b": 4}
    assert asked.decisions == ("c", "a", "b")


def test_a_decision_can_be_asked_by_name_and_an_unknown_one_is_refused() -> None:
    asked = dmn.parse(
        model(
            '<decision id="d1" name="任职 资格"><variable name="任职 资格"/>' + literal("1") + "</decision>"
        )
    )

    assert asked.decide("任职 资格", {}).value == 1
    with pytest.raises(dmn.DecisionError, match="没有名为“x”的决策"):
        asked.decide("x", {})


def test_a_decision_sees_only_what_it_requires_of_the_declared_names() -> None:
    asked = dmn.parse(model(given("x"), decision("a", literal("x")), decision("b", literal("loose"))))

    assert asked.decide("a", {"x": 1}).value is None
    assert asked.decide("b", {"loose": 1}).value == 1


def test_an_input_cannot_override_a_decision() -> None:
    asked = dmn.parse(model(decision("a", literal("1")), decision("b", literal("a"), "a")))

    assert asked.decide("b", {"a": 99}).value == 1


def test_names_with_spaces_and_signs_are_understood() -> None:
    asked = dmn.parse(
        model(
            '<inputData id="i_m" name="Monthly  Income"><variable name="Monthly Income"/></inputData>',
            decision("d", literal("Monthly Income * 12"), "i_m"),
        )
    )

    assert asked.decide("d", {"Monthly Income": 2}).value == 24


def test_a_knowledge_model_is_called_by_name_by_place_and_by_invocation() -> None:
    invocation = (
        f"<invocation>{literal('f')}<binding><parameter name='b'/>{literal('1')}</binding>"
        f"<binding><parameter name='a'/>{literal('10')}</binding></invocation>"
    )
    asked = dmn.parse(
        model(
            knowledge("f", ["a", "b"], literal("a - b")),
            decision("place", literal("f(10, 1)"), "b_f"),
            decision("name", literal("f(b: 1, a: 10)"), "b_f"),
            decision("boxed", invocation, "b_f"),
        )
    )

    assert [asked.decide(name, {}).value for name in asked.decisions] == [9, 9, 9]


def test_a_table_in_a_knowledge_model_leaves_its_rules_in_the_trace() -> None:
    made = table("UNIQUE", ["a"], ["r"], [("1", '"one"'), ("2", '"two"')])
    asked = dmn.parse(model(knowledge("f", ["a"], made), decision("d", literal("f(2)"), "b_f")))
    outcome = asked.decide("d", {})

    assert outcome.value == "two"
    assert outcome.traces[0].rules_hit == ("r2",)


def test_a_knowledge_model_that_calls_itself_without_end_is_stopped() -> None:
    asked = dmn.parse(
        model(
            '<businessKnowledgeModel id="b_f" name="f"><variable name="f"/><encapsulatedLogic>'
            f'<formalParameter name="a"/>{literal("f(a)")}</encapsulatedLogic>'
            '<knowledgeRequirement><requiredKnowledge href="#b_f"/></knowledgeRequirement></businessKnowledgeModel>',
            decision("d", literal("f(1)"), "b_f"),
        )
    )

    assert asked.decide("d", {}).value is None


def test_a_greedy_decision_is_stopped() -> None:
    with pytest.raises(FeelBudgetError):
        answer(literal("for i in 1..100000000 return i"))


def test_a_decision_service_takes_given_decisions() -> None:
    service = (
        '<decisionService id="s" name="s"><variable name="s"/>'
        '<outputDecision href="#b"/><inputDecision href="#a"/></decisionService>'
    )
    asked = dmn.parse(model(decision("a", literal("1")), decision("b", literal("a + 1"), "a"), service))

    assert asked.decide("s", {"a": 41}).value == 42
    assert asked.services == ("s",)


ENTRY = "<contextEntry><variable name='{0}'/>{1}</contextEntry>"
BOXED = [
    (boxed("conditional", if_="x > 1", then="1", else_="2"), 1),
    (boxed("filter", in_="[1, 2, 3]", match="item > x"), [3]),
    (boxed("for", 'iteratorVariable="i"', in_="[1, 2]", return_="i * x"), [2, 4]),
    (boxed("some", 'iteratorVariable="i"', in_="[1, 3]", satisfies="i > x"), True),
    (boxed("every", 'iteratorVariable="i"', in_="[1, 3]", satisfies="i > x"), False),
    (f"<list>{literal('x')}{literal('x + 1')}</list>", [2, 3]),
    (
        f"<relation><column name='a'/><column name='b'/><row>{literal('1')}{literal('x')}</row></relation>",
        [{"a": 1, "b": 2}],
    ),
    (
        f"<context>{ENTRY.format('a', literal('x'))}{ENTRY.format('b', literal('a + 1'))}</context>",
        {"a": 2, "b": 3},
    ),
    (
        f"<context>{ENTRY.format('a', literal('x'))}<contextEntry>{literal('a * 5')}</contextEntry></context>",
        10,
    ),
    (
        "<context><contextEntry><variable name='f'/><functionDefinition><formalParameter name='n'/>"
        f"{literal('n + x')}</functionDefinition></contextEntry>"
        f"<contextEntry>{literal('f(1)')}</contextEntry></context>",
        3,
    ),
]


@pytest.mark.parametrize(("logic", "expected"), BOXED)
def test_a_boxed_expression_has_its_value(logic: str, expected: object) -> None:
    assert answer(logic, x=2) == expected


def test_typed_inputs_and_results_are_fitted_or_null() -> None:
    person = (
        '<itemDefinition name="tPerson"><itemComponent name="name"><typeRef>string</typeRef></itemComponent>'
        '<itemComponent name="born"><typeRef>date</typeRef></itemComponent></itemDefinition>'
    )
    asked = dmn.parse(
        model(
            person,
            given("p", "tPerson"),
            decision("born", literal("p.born"), "i_p", kind="date"),
            decision("wrong", literal("p.name"), "i_p", kind="number"),
            decision("opened", literal("[p.name]"), "i_p", kind="string"),
        )
    )
    inputs = {"p": {"name": "林一舟", "born": "1980-05-01"}}

    assert asked.decide("born", inputs).value == date(1980, 5, 1)
    assert asked.decide("wrong", inputs).value is None
    assert asked.decide("opened", inputs).value == "林一舟"
    assert asked.decide("born", {"p": {"name": 5}}).value is None


def test_allowed_values_of_a_type_bind_a_table_column() -> None:
    kind = (
        '<itemDefinition name="tKind"><typeRef>string</typeRef><allowedValues><text>"a", "b"</text></allowedValues>'
        "</itemDefinition>"
    )
    made = table("UNIQUE", ["k"], ["r"], [("-", "1")], kinds=["tKind"])
    asked = dmn.parse(model(kind, decision("d", made)))

    assert asked.decide("d", {"k": "a"}).value == 1
    with pytest.raises(dmn.DecisionError):
        asked.decide("d", {"k": "c"})


def test_every_bad_cell_is_reported_at_once_with_its_element() -> None:
    made = table("UNIQUE", ["x", "y +"], ["r"], [("1 +", "> ", "2"), ("-", "-", "if 1"), ("-", "“a”", "3")])

    with pytest.raises(dmn.DmnError) as caught:
        dmn.parse(model(decision("d", made)))

    problems = caught.value.problems
    assert [problem.element_id for problem in problems] == ["in2", "r1c1", "r1c2", "r2c3", "r3c2"]
    assert all(problem.zh and problem.en for problem in problems)
    assert "第 2 条规则，输出列“r”" in problems[3].zh
    assert "5 处错误" in caught.value.sentence


REFUSED = [
    (model(), "没有决策"),
    (model(decision("d", table("BEST", ["x"], ["y"], []))), "命中策略"),
    (model(decision("d", table("UNIQUE", ["x"], ["y"], [], extra='aggregation="SUM"'))), "汇总"),
    (model(decision("d", table("PRIORITY", ["x"], ["y"], []))), "先后"),
    (model(decision("d", table("UNIQUE", ["x"], ["y"], [("1",)]))), "格数"),
    (model(decision("d", table("UNIQUE", ["x"], [], []))), "输出列"),
    (model(decision("d", table("UNIQUE", [""], ["y"], []))), "没有写输入表达式"),
    (model(decision("d", table("UNIQUE", ["x"], ["y", "y"], []))), "重复"),
    (model(decision("a", literal("b"), "b"), decision("b", literal("a"), "a")), "循环"),
    (model(decision("a", literal("1"), "missing")), "不在本文件中"),
    (model(decision("a", literal("1")), decision("a", literal("1"))), "重复"),
    (
        model(
            decision("a", '<literalExpression expressionLanguage="juel"><text>1</text></literalExpression>')
        ),
        "juel",
    ),
    (model(decision("a", '<functionDefinition kind="Java"></functionDefinition>')), "Java"),
    (b"<a/>", "definitions"),
    (b"<a", "XML"),
    (b"", "XML"),
    (b'<!DOCTYPE definitions><definitions id="x"/>', "DOCTYPE"),
    (b'<!DOCTYPE d [<!ENTITY e "x">]><definitions id="x">&e;</definitions>', "DOCTYPE"),
    (b"<definitions>" + b"<a>" * 100 + b"</a>" * 100 + b"</definitions>", "层次"),
    (b" " * (dmn.MAX_BYTES + 1), "过大"),
]


@pytest.mark.parametrize(("xml", "word"), REFUSED)
def test_a_bad_file_is_refused_with_a_sentence(xml: bytes, word: str) -> None:
    with pytest.raises(dmn.DmnError) as caught:
        dmn.parse(xml)

    assert any(word in problem.zh for problem in caught.value.problems)


def test_a_check_gives_the_model_beside_its_problems() -> None:
    checked, problems = dmn.check(model(decision("a", literal("1 +")), decision("b", literal("2"))))

    assert len(problems) == 1
    assert checked.decide("b", {}).value == 2
    assert checked.decide("a", {}).value is None


CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<modelName>m.dmn</modelName><testCase id="1"><inputNode name="x"><value xsi:type="xsd:decimal">2</value></inputNode>
<resultNode name="d"><expected><value xsi:type="xsd:decimal">{expected}</value></expected></resultNode></testCase>
</testCases>"""


@pytest.mark.parametrize(("expected", "code"), [("3", 0), ("4", 1)])
def test_the_conformance_run_fails_below_its_floor(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    expected: str,
    code: int,
) -> None:
    suite = tmp_path / "compliance-level-2" / "0001-own"
    suite.mkdir(parents=True)
    (suite / "m.dmn").write_bytes(model(given("x"), decision("d", literal("x + 1"), "i_x")))
    (suite / "0001-own-test-01.xml").write_text(CASES.format(expected=expected))
    monkeypatch.setitem(conformance.FLOORS, "compliance-level-2", 1)

    assert conformance.main([str(tmp_path)]) == code
    assert "0001-own" in capsys.readouterr().out
    assert conformance.main([str(tmp_path / "empty")]) == 2


def test_numbers_in_the_test_cases_are_compared_with_a_tolerance() -> None:
    assert conformance.alike(Decimal("0.333333333"), Decimal("0.3333333331"))
    assert not conformance.alike(Decimal("0.333"), Decimal("0.334"))
