"""Reads the types 类型 after ``instance of`` and ``name:``."""

from .cursor import Cursor
from .nodes import TypeRef


def parse_type(cursor: Cursor) -> TypeRef:
    """A simple type, or ``list<T>``, ``range<T>``, ``context<k: T>``, ``function<T> -> T``."""
    cursor.enter()
    name = cursor.name("类型名", "a type name")
    while cursor.is_sign(".") and cursor.tokens[cursor.at + 1].kind == "name":
        cursor.at += 1
        name = f"{name}.{cursor.name('类型名', 'a type name')}"
    kind = _parts(cursor, name)
    cursor.leave()
    return kind


def _parts(cursor: Cursor, name: str) -> TypeRef:
    if name not in ("list", "range", "context", "function") or not cursor.accept("<"):
        return TypeRef(name)
    parts: list[TypeRef] = []
    keys: list[str] = []
    while not cursor.accept(">"):
        if parts:
            cursor.expect(",")
        if name == "context":
            keys.append(cursor.label_until(":"))
            cursor.expect(":")
        parts.append(parse_type(cursor))
    if name == "function":
        cursor.expect("->")
        parts.append(parse_type(cursor))
    return TypeRef(name, tuple(parts), tuple(keys))
