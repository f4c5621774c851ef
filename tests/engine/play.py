"""Plays an instance: the state is stored and restored between all steps, each step is run twice and compared."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from webapp.engine import (
    Broadcast,
    Cancel,
    Command,
    Complete,
    Correlate,
    Definition,
    ServiceCall,
    ServiceFailed,
    ServiceReturned,
    SetVariables,
    Start,
    Step,
    Subscription,
    ThrowError,
    ThrowEscalation,
    Timer,
    TimerFired,
    UserTask,
    open_tasks,
    run,
)
from webapp.engine.cache import specs_of

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class Play:
    """What a caller of the engine would keep beside the state."""

    def __init__(self, definition: Definition, now: datetime = NOW, seed: str = "seed") -> None:
        self.definition = definition
        self.now = now
        self.seed = seed
        self.state: bytes | None = None
        self.tasks: dict[str, UserTask] = {}
        self.calls: dict[str, ServiceCall] = {}
        self.timers: dict[str, Timer] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.last: Step | None = None
        self.conditional = any(node.event == "conditional" for node in definition.nodes.values())

    def do(self, command: Command) -> Step:
        shared = specs_of(self.definition)
        step = run(self.state, self.definition, command, now=self.now, seed=self.seed)
        assert step == run(self.state, self.definition, command, now=self.now, seed=self.seed)
        # A step that had changed the shared spec would have had it dropped and built anew.
        assert specs_of(self.definition) is shared
        self.keep(step)
        is_open = bool(self.tasks or self.calls or self.timers or self.subscriptions)
        assert not (step.finished and is_open)
        assert step.finished or is_open or self.conditional
        assert {task.id for task in open_tasks(step.state, self.definition)} == set(self.tasks)
        return step

    def keep(self, step: Step) -> None:
        self.state, self.last = step.state, step
        for kept, opened, closed in (
            (self.tasks, step.opened, [task.id for task in step.closed]),
            (self.calls, step.calls, step.calls_closed),
            (self.timers, step.timers, step.timers_closed),
            (self.subscriptions, step.subscriptions, step.subscriptions_closed),
        ):
            for name in closed:
                del kept[name]
            kept.update({item.id: item for item in opened})

    def keep_open(self, token_id: str, element_id: str, kind: str) -> None:
        """Take up something open in a state that another caller stored."""
        if kind == "userTask":
            self.tasks[token_id] = UserTask(token_id, element_id, element_id)
        elif kind == "serviceTask":
            self.calls[token_id] = ServiceCall(token_id, element_id, None, {})
        else:
            self.subscriptions[token_id] = Subscription(token_id, element_id, "")

    def keep_timer(self, token_id: str, element_id: str, due: str) -> None:
        """Take up a timer in a state that another caller stored."""
        self.timers[token_id] = Timer(token_id, element_id, datetime.fromisoformat(due))

    def start(self, element_id: str | None = None, **variables: Any) -> Step:
        return self.do(Start(variables, element_id))

    def complete(self, element_id: str, nth: int = 0, **variables: Any) -> Step:
        return self.do(Complete(only(self.tasks, element_id, nth).id, variables))

    def fire(self, element_id: str, later: timedelta = timedelta()) -> Step:
        timer = only(self.timers, element_id)
        self.now = max(self.now, timer.due_at) + later
        return self.do(TimerFired(timer.id))

    def hear(self, element_id: str, **variables: Any) -> Step:
        return self.do(Correlate(only(self.subscriptions, element_id).id, variables))

    def returned(self, element_id: str, result: Any = None) -> Step:
        return self.do(ServiceReturned(only(self.calls, element_id).id, result))

    def failed(self, element_id: str, code: str) -> Step:
        return self.do(ServiceFailed(only(self.calls, element_id).id, code))

    def signal(self, name: str, **variables: Any) -> Step:
        return self.do(Broadcast(name, variables))

    def set(self, **variables: Any) -> Step:
        return self.do(SetVariables(variables))

    def throw(self, element_id: str, code: str, **variables: Any) -> Step:
        return self.do(ThrowError(only(self.tasks, element_id).id, code, variables))

    def escalate(self, element_id: str, code: str, **variables: Any) -> Step:
        return self.do(ThrowEscalation(only(self.tasks, element_id).id, code, variables))

    def cancel(self) -> Step:
        return self.do(Cancel("撤回"))

    @property
    def waiting(self) -> list[str]:
        """Elements at which people, services, timers or messages are awaited."""
        kept = (self.tasks, self.calls, self.timers, self.subscriptions)
        return sorted(item.element_id for items in kept for item in items.values())


def only(items: dict[str, Any], element_id: str, nth: int = 0) -> Any:
    found = [item for item in items.values() if item.element_id == element_id]
    assert len(found) > nth, f"{element_id} is not among {[item.element_id for item in items.values()]}"
    return found[nth]


def moves(step: Step) -> list[str]:
    return [f"{move.element_id} {move.kind}" for move in step.moves]
