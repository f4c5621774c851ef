"""Unary tests 单元测试式: the cells of decision tables and the right side of ``in``."""

from __future__ import annotations

from collections.abc import Callable

from . import nodes as n
from .closures import Closure, Compiler
from .operators import COMPARISON, equal, in_range, negate_truth
from .values import Range, Run, Scope, Value

Tester = Callable[[Scope, Value], Value]
"""From a scope and the tested value to true, false or null."""


def compile_tests(compiler: Compiler, tests: n.Tests) -> Tester:
    """The alternatives of a cell as one test."""
    if tests.anything:
        return lambda scope, value: True
    items = [_one(compiler, test) for test in tests.items]
    combined = items[0] if len(items) == 1 else _any(items)
    if not tests.negated:
        return combined
    return lambda scope, value: _not(combined(scope, value))


def _not(value: Value) -> bool:
    """A cell ``not(…)`` holds whenever the inside does not."""
    return value is not True


def _any(items: list[Tester]) -> Tester:
    def alternatives(scope: Scope, value: Value) -> Value:
        unknown = False
        for item in items:
            result = item(scope, value)
            if result is True:
                return True
            unknown = unknown or result is None
        return None if unknown else False

    return alternatives


def _one(compiler: Compiler, test: n.Test) -> Tester:
    if test.op:
        return _comparison(test.op, compiler.compile(test.operand))
    if not n.mentions(test.operand, "?"):
        operand = compiler.compile(test.operand)
        return lambda scope, value: matches(scope.run, value, operand(scope))
    inner = compiler.inside(frozenset({"?"}), test.operand)

    def asks(scope: Scope, value: Value) -> Value:
        result = inner(Scope({"?": value}, scope, scope.run))
        return result if result is True or result is False else matches(scope.run, value, result)

    return asks


def _comparison(op: str, operand: Closure) -> Tester:
    if op == "=":
        return lambda scope, value: equal(scope.run, value, operand(scope))
    if op == "!=":
        return lambda scope, value: negate_truth(equal(scope.run, value, operand(scope)))
    compare = COMPARISON[op]
    return lambda scope, value: compare(value, operand(scope))


def matches(run: Run, value: Value, wanted: Value) -> Value:
    """Whether a value is, or lies in, what the test names."""
    kind = type(wanted)
    if kind is Range:
        return equal(run, value, wanted) if type(value) is Range else in_range(value, wanted)
    if kind is list:
        return _in_list(run, value, wanted)
    if kind is bool and type(value) is not bool and value is not None:
        return wanted  # a whole condition written in a cell
    result = equal(run, value, wanted)
    if result is not True and type(value) is list:
        return any(equal(run, item, wanted) is True for item in value)
    return result


def _in_list(run: Run, value: Value, wanted: list[Value]) -> Value:
    run.charge(1 + len(wanted) // 8)
    if type(value) is list and equal(run, value, wanted) is True:
        return True
    results = [
        in_range(value, item) if type(item) is Range and type(value) is not Range else equal(run, value, item)
        for item in wanted
    ]
    return True in results
