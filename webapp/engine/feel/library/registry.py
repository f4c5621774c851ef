"""How a built-in function is declared: a signature line says names and kinds, misfits give null."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from ..values import FeelFunction, Range, Run, Value, YearsMonths

KINDS: dict[str, frozenset[Any]] = {
    "any": frozenset(),
    "number": frozenset({Decimal}),
    "string": frozenset({str}),
    "boolean": frozenset({bool}),
    "list": frozenset({list}),
    "context": frozenset({dict}),
    "date": frozenset({date}),
    "time": frozenset({time}),
    "datetime": frozenset({datetime}),
    "day": frozenset({date, datetime}),
    "clock": frozenset({time, datetime}),
    "days": frozenset({timedelta}),
    "duration": frozenset({timedelta, YearsMonths}),
    "range": frozenset({Range}),
    "function": frozenset({FeelFunction}),
}
_SIGNATURE = re.compile(r"([^(]+)\((.*)\)")
_MISFIT = object()
Implementation = Callable[..., Value]


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter: ``name?`` may be left out, ``kind?`` may be null, ``...name`` takes the rest."""

    name: str
    kinds: frozenset[Any]
    optional: bool
    nullable: bool
    rest: bool


@dataclass(frozen=True, slots=True)
class Overload:
    """One signature and what computes it."""

    params: tuple[Param, ...]
    function: Implementation

    def bind(self, args: tuple[Value, ...], names: tuple[str, ...]) -> list[Value] | None:
        """The arguments in order and coerced; null when they do not fit this signature."""
        if names:
            given = self._by_name(args, names)
            return None if given is None else self._fitted(given)
        if self.params and self.params[-1].rest:
            return self._fitted_rest(args)
        needed = sum(not param.optional for param in self.params)
        if not needed <= len(args) <= len(self.params):
            return None
        return self._fitted(list(zip(self.params, args, strict=False)))

    def _by_name(self, args: tuple[Value, ...], names: tuple[str, ...]) -> list[tuple[Param, Value]] | None:
        given = dict(zip(names, args, strict=True))
        known = {param.name for param in self.params}
        missing = any(not param.optional and param.name not in given for param in self.params)
        if missing or not set(given) <= known or len(given) != len(args):
            return None
        last = max(place for place, param in enumerate(self.params) if param.name in given)
        return [(param, given.get(param.name, _MISFIT)) for param in self.params[: last + 1]]

    def _fitted(self, given: list[tuple[Param, Value]]) -> list[Value] | None:
        values = [None if value is _MISFIT else fitted(param, value) for param, value in given]
        return None if any(value is _MISFIT for value in values) else values

    def _fitted_rest(self, args: tuple[Value, ...]) -> list[Value] | None:
        fixed = self.params[:-1]
        if len(args) < len(fixed):
            return None
        pairs = list(zip(fixed, args, strict=False)) + [(self.params[-1], arg) for arg in args[len(fixed) :]]
        return self._fitted(pairs)


def fitted(param: Param, value: Value) -> Value:
    """A value as the parameter wants it, after the list coercions; a marker when it does not fit."""
    kinds = param.kinds
    if not kinds or type(value) in kinds:
        return value
    if value is None:
        return None if param.nullable else _MISFIT
    if list in kinds:
        return [value]
    if type(value) is list and len(value) == 1 and type(value[0]) in kinds:
        return value[0]
    return _MISFIT


REGISTRY: dict[str, FeelFunction] = {}
_OVERLOADS: dict[str, list[Overload]] = {}


def builtin(signature: str) -> Callable[[Implementation], Implementation]:
    """Declare a built-in function; several signatures of one name are tried in order of declaration."""
    match = _SIGNATURE.fullmatch(signature)
    if match is None:
        raise ValueError(signature)
    name, inside = match.groups()
    params = tuple(_param(part) for part in inside.split(", ") if part)

    def declare(function: Implementation) -> Implementation:
        rows = _OVERLOADS.setdefault(name, [])
        rows.append(Overload(params, function))
        if len(rows) == 1:
            REGISTRY[name] = FeelFunction(tuple(param.name for param in params), _caller(rows))
        return function

    return declare


def _param(text: str) -> Param:
    name, kind = text.split(": ")
    rest = name.startswith("...")
    optional = name.endswith("?")
    nullable = kind.endswith("?")
    return Param(name.removeprefix("...").rstrip("?"), KINDS[kind.rstrip("?")], optional, nullable, rest)


def _caller(rows: list[Overload]) -> Callable[[Run, tuple[Value, ...], tuple[str, ...]], Value]:
    def call(run: Run, args: tuple[Value, ...], names: tuple[str, ...]) -> Value:
        for row in rows:
            values = row.bind(args, names)
            if values is not None:
                try:
                    return row.function(run, *values)
                except (ArithmeticError, ValueError):
                    return None
        return None

    return call


def names() -> tuple[str, ...]:
    """All built-in names and the names of their parameters."""
    return tuple(REGISTRY)
