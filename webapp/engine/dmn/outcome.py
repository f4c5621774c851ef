"""What a decision answers 决策结果, with the trace of how it came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from webapp.engine.feel import Run
from webapp.engine.feel.values import Value


@dataclass(frozen=True, slots=True)
class Trace:
    """One evaluated decision: its inputs by label, the ids of the rules hit, and its value."""

    decision_id: str
    name: str
    inputs: Mapping[str, Value]
    rules_hit: tuple[str, ...]
    outputs: Value


@dataclass(frozen=True, slots=True)
class DecisionOutcome:
    """The value, and the traces of every decision on the way, the asked one last."""

    value: Value
    traces: tuple[Trace, ...]


@dataclass(slots=True)
class Note:
    """What a running decision has seen so far."""

    inputs: dict[str, Value] = field(default_factory=dict)
    rules: list[str] = field(default_factory=list)


class Job:
    """One question to a model: the running evaluation, the traces made, the notes being taken."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.traces: list[Trace] = []
        self.notes: list[Note] = [Note()]
        self.depth = 0

    @property
    def note(self) -> Note:
        """The note of the innermost running decision."""
        return self.notes[-1]
