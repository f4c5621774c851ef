"""Loops 循环: for, some, every and filters; every turn is charged to the step budget."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from . import nodes as n
from .closures import Closure, Compiler
from .operators import less_equal
from .values import Range, Run, Scope, Value

Source = Callable[[Scope], Iterator[Value] | None]


def _sources(compiler: Compiler, bindings: tuple[n.Binding, ...]) -> list[tuple[str, Source]]:
    """Each variable with what it runs over; later ones see earlier ones."""
    made: list[tuple[str, Source]] = []
    seen: list[str] = []
    for binding in bindings:
        first = compiler.inside(frozenset(seen), binding.source)
        last = compiler.inside(frozenset(seen), binding.last) if binding.last is not None else None
        made.append((binding.name, _source(first, last)))
        seen.append(binding.name)
    return made


def _source(first: Closure, last: Closure | None) -> Source:
    if last is None:
        return lambda scope: elements(first(scope))
    return lambda scope: stepped(first(scope), last(scope))


def elements(value: Value) -> Iterator[Value] | None:
    """What a loop over a value visits: list items, the members of a closed range, or the value alone."""
    if value is None:
        return None
    if type(value) is list:
        return iter(value)
    if type(value) is Range:
        return range_elements(value)
    return iter((value,))


def range_elements(span: Range) -> Iterator[Value] | None:
    """The whole numbers or days of a range, up or down; null for ranges that cannot be counted."""
    step = _one(span.low)
    if step is None or type(span.low) is not type(span.high):
        return None
    down = span.low > span.high
    low = span.low if span.low_closed else (span.low - step if down else span.low + step)
    high = span.high if span.high_closed else (span.high + step if down else span.high - step)
    return stepped(low, high, down=down)


def _one(value: Value) -> Decimal | timedelta | None:
    if type(value) is Decimal and value == value.to_integral_value():
        return Decimal(1)
    return timedelta(days=1) if type(value) is date else None


def stepped(first: Value, last: Value, *, down: bool | None = None) -> Iterator[Value] | None:
    """``first .. last`` one by one, both included; downwards when last is less."""
    step = _one(first)
    if step is None or less_equal(first, last) is None:
        return None
    if down is None:
        down = first > last
    return _steps(first, last, -step if down else step, down=down)


def _steps(first: Value, last: Value, step: Value, *, down: bool) -> Iterator[Value]:
    value = first
    while value >= last if down else value <= last:
        yield value
        if value == last:  # the next one may lie beyond the calendar
            return
        value = value + step


def compile_for(compiler: Compiler, node: n.For) -> Closure:
    """``for a in x, b in y return body``; ``partial`` is the list made so far."""
    sources = _sources(compiler, node.bindings)
    names = frozenset([*(name for name, _ in sources), "partial"])
    body = compiler.inside(names, node.body)
    cost = 1 + n.measure(node.body)[0]
    copies = n.mentions(node.body, "partial")

    def loop(scope: Scope) -> Value:
        results: list[Value] = []
        for names in turns(scope, sources, cost):
            if copies:
                scope.run.charge(len(results) // 8)
                names["partial"] = list(results)
            results.append(body(Scope(names, scope, scope.run)))
        return results

    return _null_when_not_countable(loop)


class NotCountableError(Exception):
    """A loop source that is null or cannot be counted: the loop's value is null."""


def _null_when_not_countable(closure: Closure) -> Closure:
    def guarded(scope: Scope) -> Value:
        try:
            return closure(scope)
        except NotCountableError:
            return None

    return guarded


def turns(scope: Scope, sources: list[tuple[str, Source]], cost: int) -> Iterator[dict[str, Value]]:
    """Every combination of the variables, the last one running fastest."""

    def below(place: int, names: dict[str, Value]) -> Iterator[dict[str, Value]]:
        if place == len(sources):
            scope.run.charge(cost)
            yield dict(names)
            return
        name, source = sources[place]
        items = source(Scope(names, scope, scope.run))
        if items is None:
            raise NotCountableError
        for item in items:
            scope.run.charge(1)
            names[name] = item
            yield from below(place + 1, names)

    return below(0, {})


def compile_quantified(compiler: Compiler, node: n.Quantified) -> Closure:
    """``some`` / ``every … satisfies``, three-valued like ``or`` / ``and``."""
    sources = _sources(compiler, node.bindings)
    body = compiler.inside(frozenset(name for name, _ in sources), node.body)
    cost = 1 + n.measure(node.body)[0]
    deciding = node.kind == "some"

    def quantified(scope: Scope) -> Value:
        unknown = False
        for names in turns(scope, sources, cost):
            value = body(Scope(names, scope, scope.run))
            if value is deciding:
                return deciding
            unknown = unknown or value is not (not deciding)
        return None if unknown else not deciding

    return _null_when_not_countable(quantified)


def compile_filter(compiler: Compiler, node: n.Filter) -> Closure:
    """``list[condition]`` or ``list[position]``; inside, ``item`` and the item's own entries are names."""
    target = compiler.compile(node.target)
    constant = _constant_position(node.condition)
    if constant is not None:
        return lambda scope: at_position(as_list(target(scope)), constant)
    compiler.filters += 1
    condition = compiler.inside(frozenset({"item"}), node.condition)
    compiler.filters -= 1
    cost = 1 + n.measure(node.condition)[0]

    def filtered(scope: Scope) -> Value:
        items = as_list(target(scope))
        return None if items is None else _filtered(scope, items, condition, cost)

    return filtered


def _filtered(scope: Scope, items: list[Value], condition: Closure, cost: int) -> Value:
    run = scope.run
    kept: list[Value] = []
    for place, item in enumerate(items):
        run.charge(cost)
        names = {"item": item, **item} if type(item) is dict else {"item": item}
        value = condition(Scope(names, scope, run))
        if place == 0 and type(value) is Decimal:
            return at_position(items, value)
        if value is True:
            kept.append(item)
    return kept


def _constant_position(node: n.Node) -> Decimal | None:
    sign = 1
    if isinstance(node, n.Negation):
        node, sign = node.operand, -1
    if isinstance(node, n.Literal) and type(node.value) is Decimal:
        return node.value * sign
    return None


def as_list(value: Value) -> list[Value] | None:
    """A value as a list: itself, or the only element; null has none."""
    if type(value) is list:
        return value
    return None if value is None else [value]


def at_position(items: list[Value] | None, position: Decimal) -> Value:
    """The element at a position counted from 1, or from -1 backwards; null outside."""
    if items is None or position != position.to_integral_value() or abs(position) > len(items):
        return None
    place = int(position)
    return items[place - 1 if place > 0 else place] if place else None


def first_of(run: Run, value: Value) -> Value:
    """The only element of a list of one, else the value itself."""
    return value[0] if type(value) is list and len(value) == 1 else value
