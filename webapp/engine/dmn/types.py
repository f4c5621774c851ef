"""Item definitions 数据类型 and the fitting of values to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timezone

from webapp.engine.feel import FeelFunction, Run, UnaryTest
from webapp.engine.feel.nodes import TypeRef
from webapp.engine.feel.temporal import parse_date, parse_datetime, parse_duration, parse_time
from webapp.engine.feel.types import SIMPLE, is_instance
from webapp.engine.feel.values import Value

from .document import Element, part, parts, text_of

_READERS: dict[str, Callable[[str], Value]] = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_datetime,
    "dateTime": parse_datetime,
    "days and time duration": parse_duration,
    "dayTimeDuration": parse_duration,
    "years and months duration": parse_duration,
    "yearMonthDuration": parse_duration,
}
MAX_TYPE_DEPTH = 20


@dataclass(frozen=True, slots=True)
class ItemType:
    """One type: ``base`` names another, ``components`` make a context, ``collection`` a list."""

    base: str = ""
    components: tuple[tuple[str, ItemType], ...] = ()
    collection: bool = False
    allowed: UnaryTest | None = None
    function: bool = False


class Types:
    """All types of one model by name."""

    def __init__(self) -> None:
        self._types: dict[str, ItemType] = {}

    def read(self, root: Element, tests: Callable[[Element, str], UnaryTest | None]) -> None:
        """Take the item definitions of a file; ``tests`` compiles allowed values."""
        for item in parts(root, "itemDefinition"):
            self._types[item.get("name", "")] = self._item(item, tests)

    def alias(self, prefix: str, root: Element) -> None:
        """Let the types of an imported file be named with the name it is imported under."""
        for item in parts(root, "itemDefinition"):
            name = item.get("name", "")
            if name in self._types:
                self._types[f"{prefix}.{name}"] = self._types[name]

    def _item(self, item: Element, tests: Callable[[Element, str], UnaryTest | None]) -> ItemType:
        allowed = next(parts(item, "allowedValues", "typeConstraint"), None)
        components = tuple(
            (child.get("name", ""), self._item(child, tests)) for child in parts(item, "itemComponent")
        )
        reference = part(item, "typeRef")
        return ItemType(
            type_name(reference.text if reference is not None else None),
            components,
            item.get("isCollection") == "true",
            tests(allowed, text_of(allowed)) if allowed is not None else None,
            part(item, "functionItem") is not None,
        )

    def allowed(self, name: str | None) -> UnaryTest | None:
        """The allowed values of a named type."""
        item = self._types.get(type_name(name))
        return item.allowed if item is not None else None

    def answers(self, run: Run, value: Value, name: str) -> bool | None:
        """``instance of`` a defined type: null is of none, an unknown type has no answer."""
        if name not in self._types:
            return None
        return value is not None and self._fits(run, value, ItemType(name), 0, allowed=False)

    def fits(self, run: Run, value: Value, name: str | None) -> bool:
        """Whether a value is of a named type; unknown names and null always fit."""
        return self._fits(run, value, ItemType(type_name(name)), 0)

    def _fits(self, run: Run, value: Value, kind: ItemType, depth: int, *, allowed: bool = True) -> bool:
        if value is None or depth > MAX_TYPE_DEPTH:
            return True
        run.charge(1 if depth else 0)
        if kind.collection:
            single = ItemType(kind.base, kind.components, False, kind.allowed)
            return type(value) is list and all(
                self._fits(run, item, single, depth + 1, allowed=allowed) for item in value
            )
        if kind.function:
            return type(value) is FeelFunction
        if allowed and kind.allowed is not None and not kind.allowed.run(run, value, {}):
            return False
        if kind.components:
            return type(value) is dict and all(
                name in value and self._fits(run, value[name], part, depth + 1, allowed=allowed)
                for name, part in kind.components
            )
        return self._fits_name(run, value, kind.base, depth, allowed=allowed)

    def _fits_name(self, run: Run, value: Value, name: str, depth: int, *, allowed: bool) -> bool:
        if name in self._types:
            return self._fits(run, value, self._types[name], depth + 1, allowed=allowed)
        return name not in SIMPLE or is_instance(value, TypeRef(name)) is True

    def coerced(self, run: Run, value: Value, name: str | None) -> Value:
        """A value as the named type wants it: a list of one opened, a date made midnight; else null."""
        if name is None or self.fits(run, value, name):
            return value
        if type(value) is list and len(value) == 1 and self.fits(run, value[0], name):
            return value[0]
        if type(value) is date:
            moment = datetime.combine(value, time(), tzinfo=timezone.utc)  # noqa: UP017
            if self.fits(run, moment, name):
                return moment
        if type(value) is not list and self.fits(run, [value], name):
            return [value]
        return None

    def entered(self, run: Run, value: Value, name: str | None) -> Value:
        """A value given from outside: ISO texts become what the type says, then ``coerced``."""
        return self.coerced(run, self.from_text(value, name), name)

    def from_text(self, value: Value, name: str | None) -> Value:
        """ISO texts in a value read as the type says; an unreadable one becomes null."""
        return self._read(value, ItemType(type_name(name)), 0)

    def _read(self, value: Value, kind: ItemType, depth: int) -> Value:
        if depth > MAX_TYPE_DEPTH:
            return value
        if kind.collection and type(value) is list:
            single = ItemType(kind.base, kind.components)
            return [self._read(item, single, depth + 1) for item in value]
        if kind.components and type(value) is dict:
            known = dict(kind.components)
            return {
                key: self._read(item, known[key], depth + 1) if key in known else item
                for key, item in value.items()
            }
        if kind.base in self._types:
            return self._read(value, self._types[kind.base], depth + 1)
        if type(value) is str and kind.base in _READERS:
            return _READERS[kind.base](value)
        return value


def type_name(reference: str | None) -> str:
    """A type reference without the prefix of the language's own types."""
    name = (reference or "").strip()
    for prefix in ("feel:", "feel."):
        name = name.removeprefix(prefix)
    return {"integer": "number", "long": "number", "double": "number"}.get(name, name)
