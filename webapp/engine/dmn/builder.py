"""Compiles the cells and tables of one file 编译, keeping every problem instead of stopping at the first."""

from __future__ import annotations

from collections.abc import Iterable

from webapp.engine import feel
from webapp.engine.feel import Expression, FeelSyntaxError, UnaryTest
from webapp.engine.feel import nodes as n

from .document import Element, id_of, imports_of, local, part, parts, text_of
from .errors import Problem
from .tables import AGGREGATIONS, POLICIES, Input, Output, Rule, Table
from .types import Types

FEEL_LANGUAGES = ("", "feel", "s-feel")
_NAMED = frozenset(
    {
        "variable",
        "formalParameter",
        "itemComponent",
        "inputData",
        "decision",
        "businessKnowledgeModel",
        "decisionService",
        "parameter",
        "output",
        "column",
    }
)


class Builder:
    """One reading of one file: its long names, its types, and the problems met.

    ``around`` are the roots of everything it imports, ``home`` its own namespace when it is imported itself.
    """

    def __init__(
        self, root: Element, around: Iterable[Element] = (), types: Types | None = None, home: str = ""
    ) -> None:
        self.problems: list[Problem] = []
        self.home = home
        self.names = feel.known_names(
            name for one in (root, *around) for name in (*_all_names(one), *imports_of(one).values())
        )
        self.types = types if types is not None else Types()
        self.types.read(root, self.tests)

    def problem(self, element: Element, zh: str, en: str) -> None:
        """Note what is wrong with an element."""
        self.problems.append(Problem(id_of(element), zh, en))

    def expression(self, element: Element, source: str, where: str = "") -> Expression:
        """The compiled expression of an element; an empty or broken one stands for null."""
        language = (element.get("expressionLanguage") or "").rstrip("/").rpartition("/")[2].lower()
        if language not in FEEL_LANGUAGES:
            self.problem(
                element, f"{where}不支持表达式语言“{language}”", f"language {language} is not supported"
            )
            return feel.compile("null")
        try:
            return feel.compile(source or "null", names=self.names, types=self.types.answers)
        except FeelSyntaxError as error:
            self.problem(element, f"{where}{error.zh}", error.en)
            return feel.compile("null")

    def tests(self, element: Element, source: str, where: str = "") -> UnaryTest:
        """The compiled tests of an element; a broken one passes anything."""
        try:
            return feel.compile_unary(source, names=self.names, types=self.types.answers)
        except FeelSyntaxError as error:
            self.problem(element, f"{where}{error.zh}", error.en)
            return feel.compile_unary("-")

    def table(self, element: Element, decision_id: str) -> Table:
        """A decision table, every cell compiled."""
        policy = (element.get("hitPolicy") or "UNIQUE").strip().upper()
        aggregation = (element.get("aggregation") or "").strip().upper()
        if policy not in POLICIES:
            self.problem(element, f"不认识命中策略“{policy}”", f"unknown hit policy {policy}")
            policy = "UNIQUE"
        if aggregation not in AGGREGATIONS or (aggregation and policy != "COLLECT"):
            self.problem(
                element,
                f"汇总方式“{aggregation}”不能用于命中策略 {policy}",
                f"aggregation {aggregation} does not go with {policy}",
            )
            aggregation = ""
        inputs = tuple(self._input(item, place) for place, item in enumerate(parts(element, "input"), 1))
        outputs = self._outputs(element)
        rules = tuple(
            self._rule(item, number, inputs, outputs) for number, item in enumerate(parts(element, "rule"), 1)
        )
        if policy in ("PRIORITY", "OUTPUT ORDER") and not any(column.ranking for column in outputs):
            self.problem(
                element,
                f"命中策略 {policy} 需要在输出列写明允许值的先后",
                f"{policy} needs output values in order",
            )
        return Table(decision_id, policy, aggregation, inputs, outputs, rules, self.types)

    def _input(self, element: Element, place: int) -> Input:
        asked = part(element, "inputExpression")
        source = text_of(asked)
        label = element.get("label") or source or f"{place}"
        where = f"输入列“{label}”："
        if not source:
            self.problem(element, f"{where}没有写输入表达式", "the input expression is missing")
        type_ref = asked.get("typeRef") if asked is not None else None
        expression = self.expression(asked if asked is not None else element, source, where)
        return Input(label, expression, type_ref, self._allowed(element, "inputValues", type_ref, where))

    def _allowed(self, element: Element, tag: str, type_ref: str | None, where: str) -> UnaryTest | None:
        allowed = part(element, tag)
        source = text_of(allowed)
        if allowed is None or not source:
            return self.types.allowed(type_ref)
        return self.tests(allowed, source, where)

    def _outputs(self, element: Element) -> tuple[Output, ...]:
        columns = list(parts(element, "output"))
        if not columns:
            self.problem(element, "决策表没有输出列", "the table has no output")
        made = tuple(self._output(column, place) for place, column in enumerate(columns, 1))
        names = [column.name for column in made]
        if len(made) > 1 and len(set(names)) < len(names):
            self.problem(element, "输出列的名称重复", "output names repeat")
        return made

    def _output(self, element: Element, place: int) -> Output:
        name = element.get("name") or element.get("label") or str(place)
        where = f"输出列“{name}”："
        allowed = self._allowed(element, "outputValues", element.get("typeRef"), where)
        default = part(element, "defaultOutputEntry")
        source = text_of(default)
        return Output(
            name,
            element.get("typeRef"),
            allowed,
            _ranking(allowed, self.names),
            self.expression(default, source, where) if default is not None and source else None,
        )

    def _rule(
        self, element: Element, number: int, inputs: tuple[Input, ...], outputs: tuple[Output, ...]
    ) -> Rule:
        tests, results = list(parts(element, "inputEntry")), list(parts(element, "outputEntry"))
        if len(tests) != len(inputs) or len(results) != len(outputs):
            self.problem(
                element,
                f"第 {number} 条规则的格数与列数不符",
                f"rule {number} has a different number of cells than columns",
            )
            return Rule(number, id_of(element), (), ())
        return Rule(
            number,
            element.get("id") or f"{number}",
            tuple(self._test_cell(cell, number, column) for cell, column in zip(tests, inputs, strict=True)),
            tuple(
                self._result_cell(cell, number, column) for cell, column in zip(results, outputs, strict=True)
            ),
        )

    def _test_cell(self, cell: Element, number: int, column: Input) -> UnaryTest:
        return self.tests(cell, text_of(cell), f"第 {number} 条规则，输入列“{column.label}”：")

    def _result_cell(self, cell: Element, number: int, column: Output) -> Expression:
        source = text_of(cell)
        where = f"第 {number} 条规则，输出列“{column.name}”："
        return self.expression(cell, "null" if source == "-" else source, where)


def _ranking(allowed: UnaryTest | None, names: feel.NameTable) -> tuple[Expression, ...]:
    """The listed values of an output column, first counting most."""
    if allowed is None:
        return ()
    items = [
        test.operand for test in allowed.tree.items if not test.op and not isinstance(test.operand, n.RangeOf)
    ]
    return tuple(Expression("", item) for item in items)


def _all_names(root: Element) -> list[str]:
    names = []
    for element in root.iter():
        tag = local(element)
        if tag in _NAMED:
            names.append(element.get("name") or "")
        names.append(element.get("iteratorVariable") or "")
    return [name for name in names if name and len(name) < 200]
