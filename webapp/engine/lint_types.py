"""Linter rules about types: what forms, scripts and decisions put into a variable, and what expressions do with it.

Only what is known counts: a variable that a message, a service or a called process may set has no type here. What is
certain to fail is an error where nothing else can set the variable, else a warning.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from webapp.engine import feel
from webapp.engine.drawing import Drawing
from webapp.engine.expressions import Text, compiled
from webapp.engine.feel import nodes as n
from webapp.engine.lint_names import is_open, local, read
from webapp.engine.plan import Part

NUMBER, TEXT, TRUTH, LIST, CONTEXT = "number", "string", "boolean", "list", "context"
TYPES_ZH = {NUMBER: "数字", TEXT: "文字", TRUTH: "真或假", LIST: "列表", CONTEXT: "一组值"}
# What the answer to a field is as a process variable; dates are ISO texts.
FIELDS = {
    "number": NUMBER, "checkbox": TRUTH, "radio": TEXT, "select": TEXT, "textfield": TEXT, "textarea": TEXT,
    "datetime": TEXT, "checklist": LIST, "taglist": LIST, "dynamiclist": LIST,
}  # fmt: skip
CHOICES = ("radio", "select")
GIVES = {
    NUMBER: ("count", "sum", "mean", "string length", "floor", "ceiling", "working days between"),
    TRUTH: ("not", "list contains", "contains", "starts with", "ends with", "matches", "is defined", "is working day"),
    TEXT: ("string", "substring", "upper case", "lower case", "string join"),
    LIST: ("distinct values", "append", "concatenate", "union", "flatten", "sort", "reverse", "split"),
}  # fmt: skip
RETURNED = {name: kind for kind, names in GIVES.items() for name in names}
ALWAYS: Mapping[type[n.Node], str] = {
    n.ListOf: LIST, n.For: LIST, n.ContextOf: CONTEXT, n.Binary: TRUTH, n.Logic: TRUTH, n.Between: TRUTH, n.In: TRUTH,
    n.Quantified: TRUTH, n.InstanceOf: TRUTH,
}  # fmt: skip
ORDER = ("<", "<=", ">", ">=")
SUMS = ("-", "*", "/", "**")
TRUTHS = ("条件", "完成条件")


@dataclass(slots=True)
class Known:
    """What is known of one variable: its types, and its values where only choices of forms set it."""

    types: set[str] = field(default_factory=set)
    choices: set[str] | None = field(default_factory=set)
    sure: bool = True

    def add(self, kind: str | None, choices: set[str] | None = None) -> None:
        """One more place that sets it; None for a type that cannot be said."""
        self.sure = self.sure and kind is not None
        if kind is not None:
            self.types.add(kind)
        self.choices = self.choices | choices if self.choices is not None and choices is not None else None

    @property
    def type(self) -> str | None:
        """Its one type, None when it has several or may have any."""
        return next(iter(self.types)) if self.sure and len(self.types) == 1 else None


Variables = Mapping[str, Known]
Finding = tuple[str, str]


def review(drawing: Drawing, around: Any) -> None:
    """Note every expression that can only fail or never hold, given the types of its variables."""
    variables = _variables(drawing, around)
    open_ = is_open(drawing, around) or drawing.key in around.called or not around.catalogue.variables
    # What a table answers may be of another type than it names.
    open_ = open_ or any(part.node.kind == "businessRuleTask" for part in drawing.parts.values())
    for element_id, what, text in read(drawing):
        own = local(drawing, element_id)
        known = {name: one for name, one in variables.items() if name not in own}
        for zh, en in dict.fromkeys(_findings(text, what, known)):
            level = "warning" if open_ else "error"
            drawing.say(element_id, "type.mismatch", f"{what}“{text.source}”：{zh}", en, level)


def _findings(text: Text, what: str, known: Variables) -> Iterator[Finding]:
    tree = _tree(text)
    if tree is None:
        return
    yield from _walk(tree, known)
    kind = _type(tree, known)
    if kind is None:
        return
    if what.endswith(TRUTHS) and kind != TRUTH:
        yield f"结果是{TYPES_ZH[kind]}，应当是真或假。", f"The condition gives a {kind}, not true or false."
    if what.endswith("集合") and kind != LIST:
        yield f"结果是{TYPES_ZH[kind]}，应当是列表。", f"The collection is a {kind}, no list."
    if what.endswith("次数") and kind != NUMBER:
        yield f"结果是{TYPES_ZH[kind]}，应当是数字。", f"The cardinality is a {kind}, no number."


def _tree(text: Text) -> n.Node | None:
    if text.source is None:
        return None
    try:
        return compiled(text.source).tree
    except (feel.FeelSyntaxError, feel.FeelBudgetError):
        return None


def _walk(tree: n.Node, known: Variables) -> Iterator[Finding]:
    """Every part, loops and filters left out: their names are others."""
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, n.For | n.Quantified | n.Filter | n.Function | n.ContextOf):
            continue
        yield from _of(one, known)
        waiting += n.children(one)


def _of(one: n.Node, known: Variables) -> Iterator[Finding]:
    if isinstance(one, n.Binary):
        yield from _binary(one, known)
    elif isinstance(one, n.Logic):
        for item in one.items:
            yield from _no_truth(f"“{one.op}”的一边", f'One side of "{one.op}"', item, known)
    elif isinstance(one, n.If):
        yield from _no_truth("if 的条件", "The condition of if", one.condition, known)
    elif isinstance(one, n.In) and not one.tests.negated:
        for test in one.tests.items:
            if not test.op:
                yield from _compared(one.value, test.operand, known)


def _no_truth(zh: str, en: str, node: n.Node, known: Variables) -> Iterator[Finding]:
    kind = _type(node, known)
    if kind is not None and kind != TRUTH:
        yield f"{zh}是{TYPES_ZH[kind]}，应当是真或假。", f"{en} is a {kind}, not true or false."


def _binary(one: n.Binary, known: Variables) -> Iterator[Finding]:
    if one.op in ("=", "!="):
        yield from _compared(one.left, one.right, known)
        return
    left, right = _type(one.left, known), _type(one.right, known)
    if left is None or right is None:
        return
    unordered = one.op in ORDER and (left != right or left not in (NUMBER, TEXT))
    unsummed = (one.op in SUMS and {left, right} != {NUMBER}) or (one.op == "+" and left != right)
    if unordered or unsummed:
        yield _unfit(one.op, left, right)


def _unfit(op: str, left: str, right: str) -> Finding:
    zh = f"“{op}”的两边是{TYPES_ZH[left]}和{TYPES_ZH[right]}，没有结果。"
    return zh, f'"{op}" between a {left} and a {right} gives nothing.'


def _compared(left: n.Node, right: n.Node, known: Variables) -> Iterator[Finding]:
    one, other = _type(left, known), _type(right, known)
    if one is not None and other is not None and one != other and LIST not in (one, other):
        zh = f"{TYPES_ZH[one]}和{TYPES_ZH[other]}相比，永远不会相等。"
        yield zh, f"A {one} never equals a {other}."
        return
    for name, value in ((left, right), (right, left)):
        if isinstance(name, n.Name) and isinstance(value, n.Literal) and isinstance(value.value, str):
            choices = known[name.name].choices if name.name in known else None
            if choices and value.value not in choices:
                zh = f"“{name.name}”只会是{'、'.join(sorted(choices))}，不会是“{value.value}”。"
                yield zh, f'"{name.name}" is never "{value.value}".'


def _type(node: n.Node, known: Variables) -> str | None:
    """The type an expression is sure to have, null apart; None when that cannot be said."""
    if isinstance(node, n.Literal):
        return _of_value(node.value)
    if isinstance(node, n.Name):
        return known[node.name].type if node.name in known else None
    if isinstance(node, n.Binary) and node.op not in ("=", "!=", *ORDER):
        return _sum(node, known)
    if isinstance(node, n.If):
        then, otherwise = _type(node.then, known), _type(node.otherwise, known)
        return then if then == otherwise else None
    if isinstance(node, n.Call) and isinstance(node.target, n.Name):
        return RETURNED.get(node.target.name)
    return ALWAYS.get(type(node))


def _sum(node: n.Binary, known: Variables) -> str | None:
    left, right = _type(node.left, known), _type(node.right, known)
    return left if left == right and left in (NUMBER, TEXT) else None


def _of_value(value: Any) -> str | None:
    if isinstance(value, bool):
        return TRUTH
    return NUMBER if isinstance(value, Decimal | int) else TEXT if isinstance(value, str) else None


def _variables(drawing: Drawing, around: Any) -> dict[str, Known]:
    found: dict[str, Known] = {}

    def note(name: str, kind: str | None, choices: set[str] | None = None) -> None:
        found.setdefault(name, Known()).add(kind, choices)

    for name in around.catalogue.variables:
        note(name, TEXT)
    for form in around.forms.values():
        for name, kind, choices in _of_components(form.get("components")):
            note(name, kind, choices)
    for part in drawing.parts.values():
        for name, kind in _of_part(part, around):
            note(name, kind)
    for name in found.keys() & {one for _, names in around.catalogue.brought for one in names}:
        found[name].add(None)
    return found


def _of_components(components: Any) -> Iterator[tuple[str, str | None, set[str] | None]]:
    for one in components if isinstance(components, list) else ():
        if not isinstance(one, dict):
            continue
        properties, values = one.get("properties"), one.get("values")
        if isinstance(properties, dict) and isinstance(properties.get("variable"), str):
            options = values if one.get("type") in CHOICES and isinstance(values, list) else None
            choices = {str(option.get("value")) for option in options or () if isinstance(option, dict)}
            yield properties["variable"], FIELDS.get(str(one.get("type"))), choices if options else None
        yield from _of_components(one.get("components"))


def _of_part(part: Part, around: Any) -> Iterator[tuple[str, str | None]]:
    node = part.node
    if node.result_variable:
        yield node.result_variable, _of_decision(part, around)
    if part.code_variable:
        yield part.code_variable, TEXT
    for name, text in (*part.outputs, *part.returns):
        yield name, _of_text(text)
    if part.script is not None and isinstance(tree := _tree(part.script), n.ContextOf):
        yield from ((entry.key, _type(entry.value, {})) for entry in tree.entries)


def _of_text(text: Text) -> str | None:
    tree = _tree(text)
    return TEXT if text.source is None else _type(tree, {}) if tree is not None else None


def _of_decision(part: Part, around: Any) -> str | None:
    """The type of a decision's single answer, where its table names one."""
    model = around.decisions.get(part.node.decision_ref or "")
    if model is None or part.map_result != "singleEntry":
        return None
    found: str | None = model.answer_type(part.node.decision_ref)
    return found if found in (NUMBER, TEXT, TRUTH) else None
