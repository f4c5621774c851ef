"""Boxed expressions 盒式表达式: what may stand in a decision besides a table."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from webapp.engine.feel import FeelFunction, Run
from webapp.engine.feel.calls import arranged, call_function
from webapp.engine.feel.loops import as_list, at_position, elements
from webapp.engine.feel.names import normal
from webapp.engine.feel.values import Value

from .builder import Builder
from .document import Element, local, part, parts, text_of
from .outcome import Job

Names = dict[str, Value]
Logic = Callable[[Job, Names], Value]
TURN_COST = 5
MAX_CALL_DEPTH = 30


def expression_in(element: Element) -> Element | None:
    """The expression element inside another, if there is one."""
    return next((child for child in element if local(child) in KINDS), None)


def compiled(builder: Builder, element: Element | None, owner: str) -> Logic:
    """The logic of an expression element; a missing one is null and a problem."""
    if element is None:
        return lambda job, names: None
    logic = KINDS[local(element)](builder, element, owner)
    kind = element.get("typeRef")
    if kind is None:
        return logic
    return lambda job, names: builder.types.coerced(job.run, logic(job, names), kind)


def _inside(builder: Builder, element: Element | None, owner: str) -> Logic:
    return compiled(builder, expression_in(element) if element is not None else None, owner)


def _literal(builder: Builder, element: Element, owner: str) -> Logic:
    expression = builder.expression(element, text_of(element))
    return lambda job, names: expression.run(job.run, names)


def _table(builder: Builder, element: Element, owner: str) -> Logic:
    return builder.table(element, owner).evaluate


def _context(builder: Builder, element: Element, owner: str) -> Logic:
    entries: list[tuple[str | None, str | None, Logic]] = []
    for entry in parts(element, "contextEntry"):
        variable = part(entry, "variable")
        name = normal(variable.get("name", "")) if variable is not None else None
        kind = variable.get("typeRef") if variable is not None else None
        entries.append((name, kind, _inside(builder, entry, owner)))

    def context(job: Job, names: Names) -> Value:
        made: Names = {}
        seen = dict(names)
        for name, kind, logic in entries:
            value = builder.types.coerced(job.run, logic(job, seen), kind)
            if name is None:
                return value
            made[name] = seen[name] = value
        return made

    return context


def _invocation(builder: Builder, element: Element, owner: str) -> Logic:
    target = _inside(builder, element, owner)
    bindings: list[tuple[str, Logic]] = []
    for binding in parts(element, "binding"):
        parameter = part(binding, "parameter")
        name = normal(parameter.get("name", "")) if parameter is not None else ""
        bindings.append((name, _inside(builder, binding, owner)))

    def invoke(job: Job, names: Names) -> Value:
        values = tuple(logic(job, names) for _, logic in bindings)
        return call_function(job.run, target(job, names), values, tuple(name for name, _ in bindings))

    return invoke


def _list(builder: Builder, element: Element, owner: str) -> Logic:
    items = [compiled(builder, child, owner) for child in element if local(child) in KINDS]
    return lambda job, names: [item(job, names) for item in items]


def _relation(builder: Builder, element: Element, owner: str) -> Logic:
    columns = [normal(column.get("name", "")) for column in parts(element, "column")]
    rows = [
        [compiled(builder, child, owner) for child in row if local(child) in KINDS]
        for row in parts(element, "row")
    ]
    return lambda job, names: [
        dict(zip(columns, (cell(job, names) for cell in row), strict=False)) for row in rows
    ]


def function_logic(builder: Builder, element: Element, owner: str) -> Logic:
    """A function definition: its value is a function that sees where it was defined."""
    kind = (element.get("kind") or "FEEL").strip()
    if kind.upper() != "FEEL":
        builder.problem(element, f"不支持 {kind} 外部函数", f"external {kind} functions are not supported")
    formal = list(parts(element, "formalParameter"))
    params = tuple(normal(item.get("name", "")) for item in formal)
    kinds = tuple(item.get("typeRef") for item in formal)
    body = _inside(builder, element, owner)

    def define(job: Job, names: Names) -> Value:
        def call(run: Run, args: tuple[Value, ...], given: tuple[str, ...]) -> Value:
            values = arranged(params, args, given)
            if values is None:
                return None
            fitted = _fitted(builder, run, values, kinds)
            return (
                None
                if fitted is None
                else guarded(job, body, {**names, **dict(zip(params, fitted, strict=True))})
            )

        return FeelFunction(params, call)

    return define


def _fitted(
    builder: Builder, run: Run, values: tuple[Value, ...], kinds: tuple[str | None, ...]
) -> list[Value] | None:
    """Arguments as the parameters' types want them; null when one does not fit."""
    fitted = [builder.types.coerced(run, value, kind) for value, kind in zip(values, kinds, strict=True)]
    lost = any(was is not None and now is None for was, now in zip(values, fitted, strict=True))
    return None if lost else fitted


def guarded(job: Job, body: Logic, names: Names) -> Value:
    """Run a body one call deeper; null beyond the depth any decision needs."""
    job.run.charge(TURN_COST)
    if job.depth >= MAX_CALL_DEPTH:
        return None
    job.depth += 1
    try:
        return body(job, names)
    finally:
        job.depth -= 1


def _conditional(builder: Builder, element: Element, owner: str) -> Logic:
    condition = _inside(builder, part(element, "if"), owner)
    then = _inside(builder, part(element, "then"), owner)
    otherwise = _inside(builder, part(element, "else"), owner)

    def choose(job: Job, names: Names) -> Value:
        holds = condition(job, names)
        if holds is not None and type(holds) is not bool:
            return None
        return then(job, names) if holds is True else otherwise(job, names)

    return choose


def _filter(builder: Builder, element: Element, owner: str) -> Logic:
    source = _inside(builder, part(element, "in"), owner)
    match = _inside(builder, part(element, "match"), owner)

    def kept(job: Job, names: Names) -> Value:
        items = as_list(source(job, names))
        if items is None:
            return None
        chosen: list[Value] = []
        for item in items:
            job.run.charge(TURN_COST)
            own = item if type(item) is dict else {}
            value = match(job, {**names, "item": item, **own})
            if type(value) is Decimal:
                return at_position(items, value)
            if type(value) is not bool:
                return None
            if value:
                chosen.append(item)
        return chosen

    return kept


def _turns(
    builder: Builder, element: Element, owner: str, body_tag: str
) -> Callable[[Job, Names], list[Value] | None]:
    source = _inside(builder, part(element, "in"), owner)
    body = _inside(builder, part(element, body_tag), owner)
    name = normal(element.get("iteratorVariable") or "item")

    def results(job: Job, names: Names) -> list[Value] | None:
        items = elements(source(job, names))
        if items is None:
            return None
        made: list[Value] = []
        for item in items:
            job.run.charge(TURN_COST)
            made.append(body(job, {**names, name: item, "partial": list(made)}))
        return made

    return results


def _for(builder: Builder, element: Element, owner: str) -> Logic:
    return _turns(builder, element, owner, "return")


def _quantified(builder: Builder, element: Element, owner: str) -> Logic:
    turns = _turns(builder, element, owner, "satisfies")
    deciding = local(element) == "some"

    def holds(job: Job, names: Names) -> Value:
        results = turns(job, names)
        if results is None or any(result is not None and type(result) is not bool for result in results):
            return None
        if any(result is deciding for result in results):
            return deciding
        return not deciding if all(result is (not deciding) for result in results) else None

    return holds


KINDS: dict[str, Callable[[Builder, Element, str], Logic]] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "invocation": _invocation,
    "list": _list,
    "relation": _relation,
    "functionDefinition": function_logic,
    "conditional": _conditional,
    "filter": _filter,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
}
