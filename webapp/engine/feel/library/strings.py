"""Text functions 文本函数; positions count characters from 1, or from -1 backwards."""

from decimal import Decimal

from .. import patterns
from ..values import Run, Value, text
from .registry import builtin


@builtin("substring(string: string, start position: number, length?: number?)")
def substring(run: Run, source: str, start: Decimal, length: Decimal | None = None) -> Value:
    """Part of a text; null when the start lies outside or the length is below 1."""
    first = int(start)
    if first == 0 or abs(first) > len(source) or (length is not None and length < 1):
        return None
    begin = first - 1 if first > 0 else len(source) + first
    return source[begin:] if length is None else source[begin : begin + int(min(length, Decimal(10**6)))]


@builtin("string length(string: string)")
def string_length(run: Run, source: str) -> Value:
    """How many characters."""
    return Decimal(len(source))


@builtin("upper case(string: string)")
def upper_case(run: Run, source: str) -> Value:
    """In capital letters."""
    return source.upper()


@builtin("lower case(string: string)")
def lower_case(run: Run, source: str) -> Value:
    """In small letters."""
    return source.lower()


@builtin("substring before(string: string, match: string)")
def substring_before(run: Run, source: str, match: str) -> Value:
    """What stands before the first occurrence, empty without one."""
    return source.partition(match)[0] if match and match in source else ""


@builtin("substring after(string: string, match: string)")
def substring_after(run: Run, source: str, match: str) -> Value:
    """What stands after the first occurrence, empty without one."""
    return source.partition(match)[2] if match else source


@builtin("contains(string: string, match: string)")
def contains(run: Run, source: str, match: str) -> Value:
    """Whether a text occurs in another."""
    return match in source


@builtin("starts with(string: string, match: string)")
def starts_with(run: Run, source: str, match: str) -> Value:
    """Whether a text begins with another."""
    return source.startswith(match)


@builtin("ends with(string: string, match: string)")
def ends_with(run: Run, source: str, match: str) -> Value:
    """Whether a text ends with another."""
    return source.endswith(match)


@builtin("matches(input: string, pattern: string, flags?: string?)")
def matches(run: Run, source: str, pattern: str, flags: str | None = None) -> Value:
    """Whether a pattern is found in a text; bounded, see ``patterns``."""
    return patterns.search(run, pattern, flags, source) is not None


@builtin("replace(input: string, pattern: string, replacement: string, flags?: string?)")
def replace(run: Run, source: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    """Every match of a pattern replaced; ``$1`` names a group."""
    return text(run, patterns.replace(run, pattern, flags, source, replacement))


@builtin("split(string: string, delimiter: string)")
def split(run: Run, source: str, delimiter: str) -> Value:
    """The pieces between the matches of a pattern."""
    pieces = patterns.split(run, delimiter, source)
    run.charge(len(pieces))
    return pieces


@builtin("string join(list: list, delimiter?: string?)")
def string_join(run: Run, items: list[Value], delimiter: str | None = None) -> Value:
    """All texts of a list in one; nulls are left out."""
    parts = [item for item in items if item is not None]
    if any(type(part) is not str for part in parts):
        return None
    run.charge(len(parts) // 4)
    joint = delimiter or ""
    length = sum(len(part) for part in parts) + len(joint) * len(parts)
    return text(run, joint.join(parts)) if length < 10**6 else text(run, "x" * 10**6)
