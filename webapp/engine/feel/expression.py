"""The doors of the language 表达式: compile once, evaluate often."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from . import nodes as n
from .closures import Closure, Compiler, TypeTest
from .compiler import HANDLERS
from .errors import FeelBudgetError, FeelSyntaxError
from .library import BUILTINS
from .names import DOMAIN_NAMES, PROPERTY_NAMES, TYPE_NAMES, NameTable
from .parser import parse_expression, parse_tests
from .unary import Tester, compile_tests
from .values import RootScope, Run, Value, bounded, to_feel
from .writing import write

Functions = Mapping[str, Callable[..., object]]
_KNOWN = NameTable((*BUILTINS, *DOMAIN_NAMES, *TYPE_NAMES, *PROPERTY_NAMES))
_HOLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
MAX_TEMPLATE = 50_000


class Expression:
    """A compiled expression; share it freely, an evaluation leaves nothing behind.

    ``names``: variables it reads from the context. ``filter_names``: names inside a filter, which may be
    variables or entries of the filtered items.
    """

    __slots__ = ("_closure", "filter_names", "names", "source", "tree")

    def __init__(self, source: str, tree: n.Node, types: TypeTest | None = None) -> None:
        compiler = Compiler(HANDLERS, types)
        self.source = source
        self.tree = tree
        self._closure: Closure = compiler.compile(tree)
        self.names = frozenset(compiler.free - _injected_or_built_in())
        self.filter_names = frozenset(compiler.filter_names - _injected_or_built_in())

    def evaluate(
        self,
        context: Mapping[str, object],
        *,
        now: datetime | None = None,
        functions: Functions | None = None,
    ) -> Value:
        """The value in a context; FeelBudgetError when it costs more than 20,000 steps."""
        return bounded(self.run(Run(now, functions), context))

    def run(self, run: Run, context: Mapping[str, object]) -> Value:
        """The value within a running evaluation, whose budget it shares."""
        try:
            return self._closure(RootScope(context, run))
        except RecursionError:
            raise FeelBudgetError from None

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"


class UnaryTest:
    """A compiled decision table cell; ``anything`` when it is the dash or empty."""

    __slots__ = ("_tester", "anything", "names", "source", "tree")

    def __init__(self, source: str, tree: n.Tests, types: TypeTest | None = None) -> None:
        compiler = Compiler(HANDLERS, types)
        self.source = source
        self.tree = tree
        self.anything = tree.anything
        self._tester: Tester = compile_tests(compiler, tree)
        self.names = frozenset(compiler.free - _injected_or_built_in())

    def test(
        self,
        value: object,
        context: Mapping[str, object],
        *,
        now: datetime | None = None,
        functions: Functions | None = None,
    ) -> bool:
        """Whether the value passes; null counts as no."""
        run = Run(now, functions)
        return self.run(run, to_feel(run, value), context)

    def run(self, run: Run, value: Value, context: Mapping[str, object]) -> bool:
        """Whether a value of the language passes, within a running evaluation."""
        try:
            return self._tester(RootScope(context, run), value) is True
        except RecursionError:
            raise FeelBudgetError from None

    def __repr__(self) -> str:
        return f"UnaryTest({self.source!r})"


def _injected_or_built_in() -> frozenset[str]:
    return frozenset((*BUILTINS, *DOMAIN_NAMES))


def known_names(names: Iterable[str]) -> NameTable:
    """A prepared table for ``names=``, when many sources share the same long names."""
    table = _KNOWN.copy()
    for name in names:
        table.add(name)
    return table


def _names(names: Iterable[str] | NameTable) -> NameTable:
    return names.copy() if isinstance(names, NameTable) else known_names(names)


def compile(
    source: str, *, names: Iterable[str] | NameTable = (), types: TypeTest | None = None
) -> Expression:
    """Read and compile an expression; ``names`` are variables whose names have several words.

    ``types`` answers ``instance of`` for types the surrounding model defines.
    """
    return Expression(source, parse_expression(source, _names(names)), types)


def compile_unary(
    source: str, *, names: Iterable[str] | NameTable = (), types: TypeTest | None = None
) -> UnaryTest:
    """Read and compile the tests of a cell; an empty cell passes anything, like the dash."""
    if not source.strip():
        return UnaryTest(source, n.Tests((), anything=True))
    return UnaryTest(source, parse_tests(source, _names(names)), types)


class Template:
    """A text with ``{{ expression }}`` holes, compiled once."""

    def __init__(self, template: str, *, names: Iterable[str] = ()) -> None:
        if len(template) > MAX_TEMPLATE:
            raise FeelSyntaxError(
                f"文本过长，上限为 {MAX_TEMPLATE} 字。", f"The text exceeds {MAX_TEMPLATE} characters.", 0
            )
        self.source = template
        self._parts: list[str | Expression] = []
        known = tuple(names)
        at = 0
        for hole in _HOLE.finditer(template):
            self._parts += [template[at : hole.start()], _hole(hole, known)]
            at = hole.end()
        self._parts.append(template[at:])
        self.names = frozenset(name for part in self._expressions() for name in part.names)

    def _expressions(self) -> list[Expression]:
        return [part for part in self._parts if isinstance(part, Expression)]

    def render(
        self,
        context: Mapping[str, object],
        *,
        now: datetime | None = None,
        functions: Functions | None = None,
    ) -> str:
        """The text with every hole filled; null fills with nothing."""
        run = Run(now, functions)
        return "".join(
            part if isinstance(part, str) else _shown(run, part.run(run, context)) for part in self._parts
        )


def _hole(hole: re.Match[str], names: tuple[str, ...]) -> Expression:
    try:
        return compile(hole.group(1), names=names)
    except FeelSyntaxError as error:
        raise FeelSyntaxError(error.zh, error.en, hole.start(1) + error.position, error.expected) from None


def _shown(run: Run, value: Value) -> str:
    return "" if value is None else write(run, value)


def render(
    template: str,
    context: Mapping[str, object],
    *,
    now: datetime | None = None,
    functions: Functions | None = None,
    names: Iterable[str] = (),
) -> str:
    """A text with ``{{ feel }}`` holes filled from a context."""
    return Template(template, names=names).render(context, now=now, functions=functions)
