"""Writing values 输出: as text, into templates, and as JSON and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from .errors import FeelBudgetError
from .temporal import write_datetime, write_days, write_months, write_time
from .values import FeelFunction, Range, Run, Value, YearsMonths, text

MAX_JSON_NODES = 50_000
TEXT_PER_NODE = 20
MAX_JSON_DEPTH = 100


def write_number(value: Decimal) -> str:
    """Plain digits without an exponent and without zeros at the end."""
    if value == 0:
        return "0"
    digits = format(value, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


_SCALARS: dict[type, Callable[[Any], str]] = {
    str: lambda v: v,
    bool: lambda v: "true" if v else "false",
    Decimal: write_number,
    type(None): lambda v: "null",
    datetime: write_datetime,
    date: date.isoformat,
    time: write_time,
    timedelta: write_days,
    YearsMonths: write_months,
    FeelFunction: lambda v: "function",
}


def write(run: Run, value: Value, depth: int = 0) -> str:
    """The text of a value, as ``string()`` gives it."""
    run.charge(1 if depth else 0)
    kind = type(value)
    if kind is str and depth:
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}"'
    if kind in _SCALARS:
        return _SCALARS[kind](value)
    if depth > 40:
        raise FeelBudgetError
    if kind is list:
        return text(run, f"[{', '.join(write(run, item, depth + 1) for item in value)}]")
    if kind is dict:
        body = ", ".join(f"{_key(key)}: {write(run, item, depth + 1)}" for key, item in value.items())
        return text(run, f"{{{body}}}")
    return _write_range(run, value, depth)


def _key(key: str) -> str:
    return f'"{key}"' if re.search(r"[^\w\s]", key) else key


def _write_range(run: Run, value: Range, depth: int) -> str:
    low = "" if value.low is None else write(run, value.low, depth + 1)
    high = "" if value.high is None else write(run, value.high, depth + 1)
    return f"{'[' if value.low_closed else '('}{low}..{high}{']' if value.high_closed else ')'}"


def to_json(value: Value) -> Any:
    """A value as JSON types: whole numbers int, others ``{"$dec": "1.5"}``, dates and durations ISO text.

    Ranges become their text, functions null. FeelBudgetError above 50,000 nodes (20 characters
    of text count as one) or 100 levels.
    """
    left = [MAX_JSON_NODES]
    return _to_json(value, left, 0)


def _to_json(value: Value, left: list[int], depth: int) -> Any:
    left[0] -= 1
    if left[0] < 0 or depth > MAX_JSON_DEPTH:
        raise FeelBudgetError
    kind = type(value)
    if kind is str:
        left[0] -= len(value) // TEXT_PER_NODE
        return value
    if kind in (bool, type(None), int):
        return value
    if kind is Decimal:
        whole = value == value.to_integral_value()
        return int(value) if whole and value.adjusted() < 34 else {"$dec": str(value)}
    if kind is list:
        return [_to_json(item, left, depth + 1) for item in value]
    if kind is dict:
        return {key: _to_json(item, left, depth + 1) for key, item in value.items()}
    if kind is Range:
        return _write_range(Run(None, None), value, 0)
    return _SCALARS[kind](value) if kind in _SCALARS and kind is not FeelFunction else None


def from_json(value: Any) -> Any:
    """JSON back to values: ``{"$dec": …}`` to Decimal, int to Decimal; ISO texts stay texts."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if isinstance(value, dict):
        if set(value) == {"$dec"}:
            return Decimal(value["$dec"])
        return {key: from_json(item) for key, item in value.items()}
    return value
