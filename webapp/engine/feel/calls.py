"""Calling functions 函数调用: built in, injected and written in the expression."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from .library import BUILTINS
from .types import coerced
from .values import FeelFunction, Run, Scope, Value, to_feel

if TYPE_CHECKING:
    from .nodes import TypeRef

Closure = Callable[[Scope], Value]
CALL_COST = 2


def named_function(run: Run, name: str) -> FeelFunction | None:
    """The injected or built-in function of a name; injected ones come first."""
    injected = run.functions.get(name)
    if injected is not None:
        return _injected(injected)
    return BUILTINS.get(name)


def _injected(function: Callable[..., object]) -> FeelFunction:
    def call(run: Run, args: tuple[Value, ...], names: tuple[str, ...]) -> Value:
        plain = [_plain(arg) for arg in args]
        try:
            if names:
                words = {name.replace(" ", "_"): arg for name, arg in zip(names, plain, strict=True)}
                return to_feel(run, function(**words))
            return to_feel(run, function(*plain))
        except (TypeError, ValueError, ArithmeticError):  # wrong kinds of argument give null, as built in
            return None

    return FeelFunction((), call)


def _plain(value: Value) -> Value:
    """Whole numbers reach injected functions as int."""
    if type(value) is Decimal and value == value.to_integral_value():
        return int(value)
    return value


def call_function(run: Run, function: Value, args: tuple[Value, ...], names: tuple[str, ...]) -> Value:
    """Call a function value; null when it is none."""
    run.charge(CALL_COST)
    if type(function) is not FeelFunction:
        return None
    return function.call(run, args, names)


def user_function(
    scope: Scope, params: tuple[str, ...], types: tuple[TypeRef | None, ...], body: Closure, cost: int
) -> FeelFunction:
    """A function written in the expression; it sees the scope it was written in."""

    def call(run: Run, args: tuple[Value, ...], names: tuple[str, ...]) -> Value:
        run.charge(cost)
        given = arranged(params, args, names)
        if given is None:
            return None
        values = [coerced(value, kind) for value, kind in zip(given, types, strict=True)]
        if any(ok is False for ok, _ in values):
            return None
        named = dict(zip(params, (value for _, value in values), strict=True))
        return body(Scope(named, scope, run))

    return FeelFunction(params, call, types)


def arranged(
    params: tuple[str, ...], args: tuple[Value, ...], names: tuple[str, ...]
) -> tuple[Value, ...] | None:
    """Arguments in the order of the parameters; null when they do not fit."""
    if len(args) != len(params):
        return None
    if not names:
        return args
    given = dict(zip(names, args, strict=True))
    if set(given) != set(params):
        return None
    return tuple(given[param] for param in params)
