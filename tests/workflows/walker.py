"""Walks a process of ``workflows/`` through the real engine with faked delegates, saving the state at every step."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from webapp.domain.fields import fields_of, flat
from webapp.domain.roles import ROLES
from webapp.engine import (
    Catalogue,
    Complete,
    Correlate,
    Definition,
    ServiceReturned,
    Start,
    Step,
    TimerFired,
    parse,
    run,
)

FOLDER = Path(__file__).resolve().parents[2] / "workflows"
SHANGHAI = ZoneInfo("Asia/Shanghai")
Fake = Callable[[Mapping[str, Any]], Any]


def add_working_days(start: Any, days: Any) -> date:
    """Weekdays only: the holiday table is the domain's business."""
    day = start.date() if isinstance(start, datetime) else start
    left = int(days)
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


FUNCTIONS = {"add working days": add_working_days}


def bundle(key: str) -> dict[str, bytes]:
    """The files of one process, by their names inside its folder."""
    root = FOLDER / key
    return {
        str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()
    }


@cache
def definition(key: str) -> Definition:
    """The checked process; every delegate it names is taken as reviewed."""
    files = bundle(key)
    named = re.findall(rb'delegateExpression="([a-z_]+)"', files[f"{key}.bpmn"])
    catalogue = Catalogue(
        delegates=frozenset(name.decode() for name in named), roles=frozenset(role.code for role in ROLES)
    )
    return parse(files, catalogue)


class Walk:
    """One instance on its way, with what was asked of delegates, sent and decided."""

    def __init__(
        self,
        key: str,
        *,
        day: date,
        fakes: Mapping[str, Any],
        variables: Mapping[str, Any],
        start: str | None = None,
    ) -> None:
        self.definition = definition(key)
        self.fakes = dict(fakes)
        self.day = day
        self.state: bytes | None = None
        self.tasks: dict[str, Any] = {}
        self.timers: dict[str, Any] = {}
        self.subscriptions: dict[str, Any] = {}
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.sent: list[Any] = []
        self.visited: list[str] = []
        self.people: dict[str, tuple[str, ...]] = {}
        self.finished = False
        self._steps = 0
        self._do(Start(dict(variables), start))

    @property
    def variables(self) -> Mapping[str, Any]:
        return self._variables

    @property
    def waiting(self) -> set[str]:
        """Elements at which a person, a timer or a message is awaited."""
        return {
            item.element_id
            for items in (self.tasks, self.timers, self.subscriptions)
            for item in items.values()
        }

    @property
    def open(self) -> set[str]:
        """Elements of the open user tasks."""
        return {task.element_id for task in self.tasks.values()}

    def complete(self, element_id: str, **variables: Any) -> None:
        """A person finishes an open task of that element; only its form may fill variables."""
        form = self.definition.forms[self.definition.nodes[element_id].form_key or ""]
        fillable = {field.variable for field in flat(fields_of(form)) if field.variable}
        assert set(variables) <= fillable, f"{element_id}: its form fills only {sorted(fillable)}"
        self._do(Complete(self._one(self.tasks, element_id), variables))

    def message(self, element_id: str, **variables: Any) -> None:
        """The message awaited at that element arrives."""
        self._do(Correlate(self._one(self.subscriptions, element_id), variables))

    def until(self, day: date) -> None:
        """Fire every timer that is due by midnight of ``day``, in order, each at its own instant."""
        moment = datetime.combine(day, time(), SHANGHAI).astimezone(UTC)
        while due := [timer for timer in self.timers.values() if timer.due_at <= moment]:
            first = min(due, key=lambda timer: (timer.due_at, timer.element_id))
            self.day = max(self.day, first.due_at.astimezone(SHANGHAI).date())
            self._do(TimerFired(first.id))
        self.day = max(self.day, day)

    def due(self, element_id: str) -> date:
        """The day a timer fires or a task is due, in Shanghai."""
        items = [*self.timers.values(), *self.tasks.values()]
        return (
            next(item for item in items if item.element_id == element_id).due_at.astimezone(SHANGHAI).date()
        )

    def calls(self, delegate: str) -> list[Mapping[str, Any]]:
        """The inputs of every call of that delegate, oldest first."""
        return [inputs for name, inputs in self.asked if name == delegate]

    def _one(self, items: Mapping[str, Any], element_id: str) -> str:
        found = [item.id for item in items.values() if item.element_id == element_id]
        assert found, f"{element_id} is not open; waiting at {sorted(self.waiting)}"
        return str(found[0])

    def _do(self, command: Any) -> None:
        pending = [command]
        while pending:
            self._steps += 1
            assert self._steps < 400, "the walk does not come to rest"
            step = run(
                self.state,
                self.definition,
                pending.pop(0),
                now=datetime.combine(self.day, time(10), SHANGHAI),
                seed=f"walk-{self._steps}",
                functions=FUNCTIONS,
            )
            self._note(step)
            for call in step.calls:
                self.asked.append((call.delegate or "", call.inputs))
                fake = self.fakes.get(call.delegate or "", {})
                pending.append(ServiceReturned(call.id, fake(call.inputs) if callable(fake) else fake))

    def _note(self, step: Step) -> None:
        self.state, self.finished, self._variables = step.state, step.finished, step.variables
        self.tasks |= {task.id: task for task in step.opened}
        self.people |= {task.element_id: task.people for task in step.opened}
        self.timers |= {timer.id: timer for timer in step.timers}
        self.subscriptions |= {item.id: item for item in step.subscriptions}
        for closed in step.closed:
            self.tasks.pop(closed.id, None)
        for timer_id in step.timers_closed:
            self.timers.pop(timer_id, None)
        for subscription_id in step.subscriptions_closed:
            self.subscriptions.pop(subscription_id, None)
        self.sent += step.outbox
        self.visited += [move.element_id for move in step.moves if move.kind == "entered"]
