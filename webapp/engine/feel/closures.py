"""What compiling a node means 编译: a closure over the scope, and the names it reads from outside.

The handlers of the node kinds come from above, so that loops and tests can compile their parts through this.
"""

from collections.abc import Callable, Mapping
from typing import Any

from . import nodes as n
from .values import Run, Scope, Value

Closure = Callable[[Scope], Value]
TypeTest = Callable[[Run, Value, str], "bool | None"]
"""Whether a value is of a type the surrounding model defines; null when it defines none such."""


class Compiler:
    """Compiles one source and collects the names it reads from outside."""

    def __init__(self, handlers: "Handlers", types: TypeTest | None = None) -> None:
        self._handlers = handlers
        self.types = types
        self.bound: list[frozenset[str]] = []
        self.filters = 0
        self.free: set[str] = set()
        self.filter_names: set[str] = set()

    def compile(self, node: n.Node) -> Closure:
        """The closure of a node."""
        return self._handlers[type(node)](self, node)

    def inside(self, names: frozenset[str], node: n.Node) -> Closure:
        """The closure of a node inside a scope that declares names."""
        self.bound.append(names)
        closure = self.compile(node)
        self.bound.pop()
        return closure

    def is_bound(self, name: str) -> bool:
        """Whether a surrounding loop, function or context declares the name."""
        return any(name in names for names in self.bound)

    def note(self, name: str) -> None:
        """Remember a name read from outside."""
        if name != "?" and not self.is_bound(name):
            (self.filter_names if self.filters else self.free).add(name)


Handlers = Mapping[type, Callable[[Compiler, Any], Closure]]
