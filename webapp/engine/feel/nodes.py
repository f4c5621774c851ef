"""The syntax tree 语法树 of an expression: plain frozen values, no behaviour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression."""


@dataclass(frozen=True, slots=True)
class Literal(Node):
    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    name: str


@dataclass(frozen=True, slots=True)
class Negation(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Arithmetic (+ - * / **) or comparison (= != < <= > >=)."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """``and`` / ``or`` over two or more operands, three-valued."""

    op: str
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Test(Node):
    """One unary test: ``op`` is a comparison sign or empty for a bare expression."""

    op: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Alternatives of a cell; ``anything`` is the dash."""

    items: tuple[Test, ...]
    negated: bool = False
    anything: bool = False


@dataclass(frozen=True, slots=True)
class In(Node):
    value: Node
    tests: Tests


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Binding(Node):
    """``name in source`` of a loop; ``last`` is set for ``first .. last``."""

    name: str
    source: Node
    last: Node | None = None


@dataclass(frozen=True, slots=True)
class For(Node):
    bindings: tuple[Binding, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    kind: str
    bindings: tuple[Binding, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class TypeRef(Node):
    """A type: its name, and for list/range/context/function its parts."""

    name: str
    parts: tuple[TypeRef, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Function(Node):
    params: tuple[str, ...]
    types: tuple[TypeRef | None, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    target: Node
    args: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Path(Node):
    target: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    target: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry(Node):
    key: str
    value: Node


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class RangeOf(Node):
    """A range; a missing end is None and means unbounded on that side."""

    low: Node | None
    high: Node | None
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: Node
    type: TypeRef


def children(node: Node) -> Iterator[Node]:
    """The direct parts of a node, in source order."""
    for field in fields(node):
        part = getattr(node, field.name)
        if isinstance(part, Node):
            yield part
        elif isinstance(part, tuple):
            yield from (item for item in part if isinstance(item, Node))


def measure(node: Node) -> tuple[int, int]:
    """(number of nodes, greatest depth) of a tree, without recursion."""
    count = deepest = 0
    waiting = [(node, 1)]
    while waiting:
        current, depth = waiting.pop()
        count += 1
        deepest = max(deepest, depth)
        waiting.extend((child, depth + 1) for child in children(current))
    return count, deepest


def mentions(node: Node, name: str) -> bool:
    """Whether a tree refers to a name anywhere."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Name) and current.name == name:
            return True
        waiting.extend(children(current))
    return False
