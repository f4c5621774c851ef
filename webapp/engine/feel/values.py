"""The values 值 of the language and how they come in from Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Any

from .errors import FeelBudgetError

NUMBERS = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
"""IEEE decimal128, as DMN asks; results out of range raise and become null."""

MAX_TEXT = 100_000
"""Characters of one text value."""
MAX_STEPS = 20_000
"""Steps of one evaluation: one for each node evaluated in a loop or call and each list element made."""
MAX_RESULT = 50_000
"""Parts of a result, counting a shared part as often as it is reached."""
MAX_DEPTH = 12
"""Levels of a value coming in; deeper ones are refused."""

Value = Any


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A years and months duration 年月时长, counted in months."""

    months: int


@dataclass(frozen=True, slots=True)
class Range:
    """A range 区间; an end of None is unbounded on that side."""

    low: Value
    high: Value
    low_closed: bool = True
    high_closed: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class FeelFunction:
    """A function value: parameter names and what computes it from the running evaluation."""

    params: tuple[str, ...]
    call: Callable[[Run, tuple[Value, ...], tuple[str, ...]], Value]
    types: tuple[object, ...] = ()


class Run:
    """One evaluation: the clock reading, the injected functions and the steps left."""

    __slots__ = ("functions", "now", "steps")

    def __init__(self, now: datetime | None, functions: Mapping[str, Callable[..., object]] | None) -> None:
        self.now = now
        self.functions: Mapping[str, Callable[..., object]] = functions or {}
        self.steps = MAX_STEPS

    def charge(self, steps: int) -> None:
        """Spend steps; FeelBudgetError when none are left."""
        self.steps -= steps
        if self.steps < 0:
            raise FeelBudgetError


class Scope:
    """Names visible at a place; ``parent`` is the surrounding scope, None at the root."""

    __slots__ = ("parent", "run", "vars")

    def __init__(self, names: Mapping[str, Value], parent: Scope | None, run: Run) -> None:
        self.vars = names
        self.parent = parent
        self.run = run


class RootScope(Scope):
    """The scope of the caller's context; ``cache`` keeps what was converted from it."""

    __slots__ = ("cache",)

    def __init__(self, names: Mapping[str, Value], run: Run) -> None:
        super().__init__(names, None, run)
        self.cache: dict[str, Value] = {}


READY = frozenset({str, bool, Decimal, type(None), date, time, timedelta, YearsMonths, Range, FeelFunction})


def text(run: Run, value: str) -> str:
    """A text result, refused above MAX_TEXT; long texts cost steps."""
    if len(value) > 1000:
        run.charge(len(value) // 1000)
        if len(value) > MAX_TEXT:
            raise FeelBudgetError
    return value


def bounded(value: Value) -> Value:
    """A result itself, refused when walking through it would take more than MAX_RESULT steps."""
    if type(value) not in (list, dict):
        return value
    waiting = [value]
    seen = 0
    while waiting:
        current = waiting.pop()
        parts = current.values() if type(current) is dict else current
        seen += 1 + len(current)
        if seen > MAX_RESULT:
            raise FeelBudgetError
        waiting.extend(part for part in parts if type(part) is list or type(part) is dict)
    return value


def to_feel(run: Run, value: object, depth: int = 0) -> Value:
    """A Python value as a value of the language; kinds it does not have become null."""
    kind = type(value)
    if kind in READY:
        return value
    if kind is int:
        return _number(Decimal(value))  # type: ignore[arg-type]
    if kind is datetime:
        return value
    return _converted(run, value, depth)


def _converted(run: Run, value: object, depth: int) -> Value:
    if depth > MAX_DEPTH:
        raise FeelBudgetError
    if isinstance(value, Mapping):
        run.charge(len(value) // 8)
        return {str(key): to_feel(run, item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        run.charge(len(value) // 8)
        return [to_feel(run, item, depth + 1) for item in value]
    if isinstance(value, float):
        return _number(Decimal(repr(value)))
    if isinstance(value, str):
        return str(value)
    return None


def _number(value: Decimal) -> Decimal | None:
    try:
        result = NUMBERS.plus(value)
    except ArithmeticError:
        return None
    return result if result.is_finite() else None
