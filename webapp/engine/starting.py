"""What starts a process by itself 自动启动: the timers and the conditions of its own start events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from webapp.engine import dates, feel
from webapp.engine.expressions import Functions, Text, compiled
from webapp.engine.faults import EngineError
from webapp.engine.nouns import Definition
from webapp.engine.plan import Part
from webapp.engine.triggers import first_due, next_due


@dataclass(frozen=True, slots=True)
class StartTimer:
    """A start event that is due 定时启动: ``memo`` is what its next round needs, plain JSON."""

    element_id: str
    due_at: datetime
    memo: Mapping[str, Any]


def start_timers(
    definition: Definition, *, now: datetime, functions: Functions | None = None
) -> tuple[StartTimer, ...]:
    """The timers by which the process starts, seen from its deployment; EngineError for a time without sense."""
    return tuple(_timer(part, now.astimezone(UTC), functions) for part in _starts(definition, "timer"))


def next_start(
    definition: Definition, element_id: str, memo: Mapping[str, Any], *, now: datetime, seen_at: datetime
) -> StartTimer | None:
    """The next round of a start event that has just been due at ``now``; None when there is none."""
    part = definition.plan.parts[element_id]
    found = next_due(part, memo, now.astimezone(UTC), seen_at)
    return None if found is None else StartTimer(element_id, datetime.fromisoformat(found["due"]), found)


def starts_by_condition(definition: Definition) -> tuple[str, ...]:
    """The start events by which a condition starts the process."""
    return tuple(part.node.id for part in _starts(definition, "conditional"))


def conditions_met(
    definition: Definition,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    now: datetime,
    functions: Functions | None = None,
) -> Mapping[str, Mapping[str, Any]]:
    """The start events whose condition was not true of the stored variables ``before`` and is of those ``after``,
    each with the variables it reads.

    What cannot be said, for a variable without a value or a value of another type, is not true.
    """
    found = {}
    for part in _starts(definition, "conditional"):
        was, is_now = (_value(part.timer, one, now, functions) for one in (before, after))
        if is_now is True and was is not True and part.timer is not None:
            names = compiled(part.timer.source or "").names
            found[part.node.id] = {name: after[name] for name in sorted(names) if name in after}
    return found


def _starts(definition: Definition, event: str) -> list[Part]:
    top = definition.plan.children(None)
    return [part for part in top if part.node.kind == "startEvent" and part.node.event == event]


def _timer(part: Part, now: datetime, functions: Functions | None) -> StartTimer:
    try:
        memo = first_due(part, _value(part.timer, {}, now, functions), now)
    except (dates.BadTime, feel.FeelBudgetError) as error:
        sentence = f"定时启动无法计算：{getattr(error, 'zh', '表达式过于复杂。')}"
        raise EngineError(part.node.id, "time.invalid", sentence) from error
    return StartTimer(part.node.id, datetime.fromisoformat(memo["due"]), memo)


def _value(
    text: Text | None, variables: Mapping[str, Any], now: datetime, functions: Functions | None
) -> Any:
    if text is None or text.source is None:
        return text.literal if text is not None else None
    context = {name: feel.from_json(value) for name, value in variables.items()}
    return compiled(text.source).evaluate(context, now=now, functions=functions)
