"""What one step opens, closes and sends, noted while it runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

from webapp.engine.nouns import (
    ClosedTask,
    DecisionTrace,
    Moved,
    OutMessage,
    OutSignal,
    ServiceCall,
    Step,
    Subscription,
    Timer,
    UserTask,
)


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


Opened = TypeVar("Opened", bound=_HasId)


@dataclass(slots=True)
class Journal:
    """The growing account of a step; what is opened and closed within the same step is left out of it."""

    opened: list[UserTask] = field(default_factory=list)
    closed: list[ClosedTask] = field(default_factory=list)
    calls: list[ServiceCall] = field(default_factory=list)
    calls_closed: list[str] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    timers_closed: list[str] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)
    subscriptions_closed: list[str] = field(default_factory=list)
    outbox: list[OutMessage] = field(default_factory=list)
    signals: list[OutSignal] = field(default_factory=list)
    decisions: list[DecisionTrace] = field(default_factory=list)
    moves: list[Moved] = field(default_factory=list)
    thrown: list[tuple[Literal["error", "escalation"], str]] = field(default_factory=list)

    def moved(self, element_id: str, kind: Literal["entered", "left", "cancelled"]) -> None:
        """Note a move of a token."""
        self.moves.append(Moved(element_id, kind))

    def step(
        self, state: bytes, variables: Mapping[str, Any], finished: bool, *, called: bool = False
    ) -> Step:
        """The step as a value."""
        ended = [task.id for task in self.closed]
        brief = {task.id for task in self.opened} & set(ended)
        calls, calls_closed = _net(self.calls, self.calls_closed)
        timers, timers_closed = _net(self.timers, self.timers_closed)
        subscriptions, subscriptions_closed = _net(self.subscriptions, self.subscriptions_closed)
        return Step(
            state=state,
            opened=tuple(task for task in self.opened if task.id not in brief),
            closed=tuple(task for task in self.closed if task.id not in brief),
            calls=calls,
            calls_closed=calls_closed,
            timers=timers,
            timers_closed=timers_closed,
            subscriptions=subscriptions,
            subscriptions_closed=subscriptions_closed,
            outbox=tuple(self.outbox),
            signals=tuple(self.signals),
            decisions=tuple(self.decisions),
            moves=tuple(self.moves),
            variables=variables,
            finished=finished,
            called=called,
            thrown=tuple(self.thrown),
        )


def _net(opened: Iterable[Opened], closed: Iterable[str]) -> tuple[tuple[Opened, ...], tuple[str, ...]]:
    gone = set(closed)
    ours = {item.id for item in opened}
    left = tuple(item for item in opened if item.id not in gone)
    return left, tuple(name for name in closed if name not in ours)
