"""FEEL as the engine sees it: texts compiled once, values kept as JSON, and Spiff's script slot filled with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment

from webapp.engine import feel

Functions = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the diagram: a literal, or FEEL (``source``) when it was written with a leading ``=``."""

    literal: str
    source: str | None = None

    @classmethod
    def read(cls, text: str | None, *, always_feel: bool = False) -> "Text | None":
        """``text`` as drawn, None when there is none; ``always_feel`` makes the leading ``=`` optional."""
        if text is None or not text.strip():
            return None
        plain = text.strip()
        if plain.startswith("="):
            return cls(plain, plain[1:].strip())
        return cls(plain, plain if always_feel else None)


@lru_cache(maxsize=8192)
def compiled(source: str) -> feel.Expression:
    """The compiled expression of ``source``; raises ``feel.FeelSyntaxError``."""
    return feel.compile(source)


EXACT = 2**53
DEEPEST = 60
MOST_DIGITS = 6144


def kept(value: Any, depth: int = 0) -> Any:
    """``value`` in the JSON form in which variables are stored; TypeError or ValueError when it has none.

    Whole numbers are int, others ``{"$dec": "1.5"}``, dates and durations ISO text. A mapping that only
    looks like a stored number is checked, so that no input can make a state unreadable.
    """
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        value.encode()
        return value
    if isinstance(value, (int, float, Decimal)):
        return _number(value)
    if isinstance(value, (list, tuple)):
        return [kept(item, depth + 1) for item in value]
    if isinstance(value, Mapping):
        return _context(value, depth)
    if isinstance(value, (date, time, timedelta, feel.YearsMonths, feel.Range)):
        return feel.to_json(value)
    raise TypeError(type(value).__name__)


def _number(value: int | float | Decimal) -> Any:
    exact = _finite(Decimal(repr(value)) if isinstance(value, float) else Decimal(value))
    if abs(exact) < EXACT and exact == int(exact):
        return int(exact)
    return {"$dec": str(exact)}


def _finite(value: Decimal) -> Decimal:
    # Larger exponents are none of FEEL's numbers, and writing them out in full would fill the memory.
    if not value.is_finite() or abs(value.adjusted()) > MOST_DIGITS:
        raise ValueError("not a number in range")
    return value


def _context(value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
    if set(value) == {"$dec"}:
        try:
            found: dict[str, Any] = {"$dec": str(_finite(Decimal(value["$dec"])))}
        except (InvalidOperation, TypeError, ValueError) as error:
            raise ValueError("not a stored number") from error
        return found
    if not all(isinstance(name, str) for name in value):
        raise TypeError("names must be texts")
    return {kept(name): kept(item, depth + 1) for name, item in value.items()}


class FeelEnvironment(BasePythonScriptEngineEnvironment):
    """Spiff's two evaluation slots, answered by FEEL alone: no Python of a designer is ever run."""

    def __init__(self, now: datetime, functions: Functions | None) -> None:
        super().__init__()
        self.now = now
        self.functions = functions

    def evaluate(self, expression: str, context: Mapping[str, Any], external_context: Any = None) -> Any:
        """The value of the FEEL ``expression`` in ``context``."""
        return compiled(expression).evaluate(context, now=self.now, functions=self.functions)

    def execute(self, script: str, context: Any, external_context: Any = None) -> Any:
        """The value of a FEEL script: a context whose entries become variables."""
        return self.evaluate(script, context)

    def call_service(self, context: Any, **kwargs: Any) -> Any:
        """Services are never called from inside; they leave the step as values."""
        raise TypeError("services are called by the caller of the engine")
