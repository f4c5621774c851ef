"""Turns a tree into Python closures 编译: once at deployment, then only run."""

from decimal import Decimal
from functools import partial
from typing import Any

from . import nodes as n
from .calls import call_function, named_function, user_function
from .closures import Closure, Compiler, Handlers
from .loops import compile_filter, compile_for, compile_quantified
from .operators import ARITHMETIC, COMPARISON, between, equal, negate_truth, negative
from .paths import read_path, root_path
from .types import is_instance
from .unary import compile_tests
from .values import Range, RootScope, Scope, Value, to_feel

READ_BY_NAME = frozenset({dict, list})


def _literal(compiler: Compiler, node: n.Literal) -> Closure:
    value = node.value
    return lambda scope: value


def _name(compiler: Compiler, node: n.Name) -> Closure:
    name = node.name
    compiler.note(name)
    if "." in name:
        return lambda scope: _read_dotted(scope, name)
    if not compiler.bound:
        return lambda scope: _read_root(scope, name)
    return lambda scope: read_name(scope, name)


def _read_dotted(scope: Scope, name: str) -> Value:
    """A declared name with dots in it, or else the path it also spells."""
    here: Scope | None = scope
    while here is not None:
        if name in here.vars:
            return read_name(scope, name)
        here = here.parent
    head, *rest = name.split(".")
    value = read_name(scope, head)
    for key in rest:
        value = read_path(scope.run, value, key.strip())
    return value


def read_name(scope: Scope, name: str) -> Value:
    """The value a name has at a place: nearest scope first, functions last, null if unknown."""
    here: Scope = scope
    while here.parent is not None:
        if name in here.vars:
            return here.vars[name]
        here = here.parent
    return _read_root(here, name)


def _read_root(scope: Scope, name: str) -> Value:
    names = scope.vars
    if name not in names:
        return named_function(scope.run, name)
    value = names[name]
    if type(value) not in READ_BY_NAME:
        return to_feel(scope.run, value)
    if not isinstance(scope, RootScope):
        return to_feel(scope.run, value)
    cache = scope.cache
    if name not in cache:
        cache[name] = to_feel(scope.run, value)
    return cache[name]


def _negation(compiler: Compiler, node: n.Negation) -> Closure:
    operand = compiler.compile(node.operand)
    return lambda scope: negative(operand(scope))


def _binary(compiler: Compiler, node: n.Binary) -> Closure:
    left, right = compiler.compile(node.left), compiler.compile(node.right)
    if node.op in ARITHMETIC:
        table = ARITHMETIC[node.op]

        def arithmetic(scope: Scope) -> Value:
            a, b = left(scope), right(scope)
            apply = table.get((type(a), type(b)))
            return apply(scope.run, a, b) if apply is not None else None

        return arithmetic
    if node.op in COMPARISON:
        compare = COMPARISON[node.op]
        return lambda scope: compare(left(scope), right(scope))
    if node.op == "=":
        return lambda scope: equal(scope.run, left(scope), right(scope))
    return lambda scope: negate_truth(equal(scope.run, left(scope), right(scope)))


def _logic(compiler: Compiler, node: n.Logic) -> Closure:
    items = tuple(compiler.compile(item) for item in node.items)
    deciding = node.op == "or"

    def logic(scope: Scope) -> Value:
        unknown = False
        for item in items:
            value = item(scope)
            if value is deciding:
                return deciding
            if value is not (not deciding):
                unknown = True
        return None if unknown else not deciding

    return logic


def _between(compiler: Compiler, node: n.Between) -> Closure:
    value, low, high = compiler.compile(node.value), compiler.compile(node.low), compiler.compile(node.high)
    return lambda scope: between(value(scope), low(scope), high(scope))


def _in(compiler: Compiler, node: n.In) -> Closure:
    value = compiler.compile(node.value)
    tests = compile_tests(compiler, node.tests)
    return lambda scope: tests(scope, value(scope))


def _tests(compiler: Compiler, node: n.Tests) -> Closure:
    tests = compile_tests(compiler, node)
    return lambda scope: tests(scope, read_name(scope, "?"))


def _if(compiler: Compiler, node: n.If) -> Closure:
    condition, then = compiler.compile(node.condition), compiler.compile(node.then)
    otherwise = compiler.compile(node.otherwise)
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


def _function(compiler: Compiler, node: n.Function) -> Closure:
    body = compiler.inside(frozenset(node.params), node.body)
    cost = n.measure(node.body)[0]
    return lambda scope: user_function(scope, node.params, node.types, body, cost)


def _call(compiler: Compiler, node: n.Call) -> Closure:
    args = tuple(compiler.compile(arg) for arg in node.args)
    names = node.names
    if isinstance(node.target, n.Name):
        return _call_by_name(compiler, node.target.name, args, names)
    target = compiler.compile(node.target)
    return lambda scope: call_function(scope.run, target(scope), tuple([arg(scope) for arg in args]), names)


def _call_by_name(
    compiler: Compiler, name: str, args: tuple[Closure, ...], names: tuple[str, ...]
) -> Closure:
    target = _name(compiler, n.Name(name))

    def call(scope: Scope) -> Value:
        function = target(scope)
        if type(function) in NOT_CALLABLE:  # a variable may bear the name of a built-in function
            function = named_function(scope.run, name)
        return call_function(scope.run, function, tuple([arg(scope) for arg in args]), names)

    return call


NOT_CALLABLE: frozenset[Any] = frozenset({str, bool, Decimal, type(None), list})


def _path(compiler: Compiler, node: n.Path) -> Closure:
    keys = [node.name]
    target = node.target
    while isinstance(target, n.Path):
        keys.append(target.name)
        target = target.target
    if isinstance(target, n.Name) and not compiler.bound:
        compiler.note(target.name)
        return root_path(target.name, tuple(reversed(keys)))
    inner = compiler.compile(node.target)
    name = node.name
    return lambda scope: read_path(scope.run, inner(scope), name)


def _list(compiler: Compiler, node: n.ListOf) -> Closure:
    items = tuple(compiler.compile(item) for item in node.items)
    return lambda scope: [item(scope) for item in items]


def _context(compiler: Compiler, node: n.ContextOf) -> Closure:
    keys = [entry.key for entry in node.entries]
    entries: list[tuple[str, Closure]] = []
    for place, entry in enumerate(node.entries):
        visible = keys if isinstance(entry.value, n.Function) else keys[:place]
        entries.append((entry.key, compiler.inside(frozenset(visible), entry.value)))
    duplicate = len(set(keys)) != len(keys)

    def context(scope: Scope) -> Value:
        if duplicate:
            return None
        made: dict[str, Value] = {}
        inner = Scope(made, scope, scope.run)
        for key, closure in entries:
            made[key] = closure(inner)
        return made

    return context


def _range(compiler: Compiler, node: n.RangeOf) -> Closure:
    low = compiler.compile(node.low) if node.low is not None else None
    high = compiler.compile(node.high) if node.high is not None else None

    def span(scope: Scope) -> Value:
        first = low(scope) if low is not None else None
        last = high(scope) if high is not None else None
        if low is not None and high is not None and first is not None and last is not None:
            ordered = COMPARISON["<="](first, last)
            if ordered is None:
                return None
        return Range(first, last, node.low_closed, node.high_closed)

    return span


def _instance(compiler: Compiler, node: n.InstanceOf) -> Closure:
    value = compiler.compile(node.value)
    types, kind = compiler.types, node.type
    if types is None:
        return lambda scope: is_instance(value(scope), kind)
    return lambda scope: is_instance(value(scope), kind, partial(types, scope.run))


HANDLERS: Handlers = {
    n.Literal: _literal,
    n.Name: _name,
    n.Negation: _negation,
    n.Binary: _binary,
    n.Logic: _logic,
    n.Between: _between,
    n.In: _in,
    n.Tests: _tests,
    n.If: _if,
    n.For: compile_for,
    n.Quantified: compile_quantified,
    n.Function: _function,
    n.Call: _call,
    n.Path: _path,
    n.Filter: compile_filter,
    n.ListOf: _list,
    n.ContextOf: _context,
    n.RangeOf: _range,
    n.InstanceOf: _instance,
}
