"""Types 类型: ``instance of`` and the fitting of arguments to declared types."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from .nodes import TypeRef
from .values import FeelFunction, Range, Value, YearsMonths

SIMPLE: dict[str, Any] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": date,
    "time": time,
    "date and time": datetime,
    "dateTime": datetime,
    "days and time duration": timedelta,
    "dayTimeDuration": timedelta,
    "years and months duration": YearsMonths,
    "yearMonthDuration": YearsMonths,
    "list": list,
    "context": dict,
    "range": Range,
    "function": FeelFunction,
}


Defined = Callable[[Value, str], bool | None]
"""Whether a value is of a type the model defines; null when it defines none such."""


def is_instance(value: Value, kind: TypeRef, defined: Defined | None = None) -> bool | None:
    """Whether a value is of a type; null when there is no such type."""
    if kind.name == "Any":
        return value is not None
    if kind.name == "Null":
        return value is None
    wanted = SIMPLE.get(kind.name)
    if wanted is None:
        return defined(value, kind.name) if defined is not None else None
    if type(value) is not wanted:
        return False
    return not kind.parts or _parts_fit(value, kind, defined)


def _parts_fit(value: Value, kind: TypeRef, defined: Defined | None) -> bool:
    if kind.name == "list":
        return all(fits(item, kind.parts[0], defined) for item in value)
    if kind.name == "range":
        return all(fits(end, kind.parts[0], defined) for end in (value.low, value.high))
    if kind.name == "context":
        pairs = zip(kind.keys, kind.parts, strict=True)
        return all(key in value and fits(value[key], part, defined) for key, part in pairs)
    if len(value.params) != len(kind.parts) - 1:
        return False
    declared = value.types or (None,) * len(value.params)
    return all(
        given is None or conforms(want, given) for given, want in zip(declared, kind.parts, strict=False)
    )


def conforms(given: TypeRef, wanted: TypeRef) -> bool:
    """Whether every value of the given type is one of the wanted type."""
    if wanted.name == "Any" or given == wanted:
        return True
    if given.name != wanted.name or len(given.parts) != len(wanted.parts):
        return False
    return all(conforms(a, b) for a, b in zip(given.parts, wanted.parts, strict=True))


def fits(value: Value, kind: TypeRef | None, defined: Defined | None = None) -> bool:
    """Whether a value may stand where a type is declared; null may always."""
    return value is None or kind is None or is_instance(value, kind, defined) is not False


def coerced(value: Value, kind: TypeRef | None) -> tuple[bool, Value]:
    """(fits, value) after the two list coercions: one into a list of one, a list of one into its element."""
    if fits(value, kind) or kind is None:
        return True, value
    if kind.name == "list" and kind.parts and fits(value, kind.parts[0]):
        return True, [value]
    if type(value) is list and len(value) == 1 and fits(value[0], kind):
        return True, value[0]
    return False, None
