"""A desk for trying out a diagram: real engine, real forms and tables, delegates that only take notes.

State goes through bytes at every step; answers must be fields of the form that name a process variable,
so a path that passes here has a form that can take it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from webapp.domain.fields import Field, fields_of, flat
from webapp.domain.roles import ROLES
from webapp.engine import (
    Catalogue,
    Complete,
    Correlate,
    Definition,
    OutMessage,
    ServiceCall,
    ServiceReturned,
    Start,
    Step,
    Subscription,
    Timer,
    TimerFired,
    UserTask,
    parse,
    run,
)

WORKFLOWS = Path(__file__).parents[2] / "workflows"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CASE = {
    "caseId": "case-1", "caseNo": "星屿〔2026〕1", "cadreId": "cadre-1", "managedBy": "committee-1",
    "unitId": "unit-1", "today": "2026-03-02",
}  # fmt: skip
ANSWERS: Mapping[str, Any] = {
    "put_on_agenda": {"agenda_item_id": "item"},
    "register_measure": {"measure_id": "measure-1"},
    "open_impact_periods": {"latest_end": "2027-03-09", "period_ids": ["period-1"]},
    "open_tracking": {"plan_id": "plan-1", "is_new": True},
}
OWN_DELEGATES = frozenset(
    {
        "put_on_agenda", "register_measure", "open_impact_periods", "open_tracking", "record_talk",
        "apply_adjustment", "close_case", "record_deemed_consent", "recall_agenda_item",
    }
)  # fmt: skip
CATALOGUE = Catalogue(OWN_DELEGATES, frozenset(role.code for role in ROLES))


def add_working_days(start: date, days: Any) -> date:
    """Mondays to Fridays; holidays play no part in these tests."""
    day = start
    for _ in range(int(days)):
        day += timedelta(days=1)
        while day.weekday() > 4:
            day += timedelta(days=1)
    return day


def bundle(key: str) -> dict[str, bytes]:
    """The files of a process with the tables of ``shared``."""
    own = {str(f.relative_to(WORKFLOWS / key)): f for f in (WORKFLOWS / key).rglob("*") if f.is_file()}
    shared = {f"shared/{f.name}": f for f in (WORKFLOWS / "shared").glob("*.dmn")}
    return {name: path.read_bytes() for name, path in {**shared, **own}.items()}


@cache
def definition(key: str) -> Definition:
    """The parsed bundle of a process."""
    return parse(bundle(key), CATALOGUE)


def variables_of(definition: Definition, form_key: str) -> dict[str, Field]:
    """The fields of a form that feed a process variable, by variable."""
    fields = flat(fields_of(definition.forms[form_key]))
    return {one.variable: one for one in fields if one.variable}


@dataclass
class Desk:
    """One running instance, and everything it asked for."""

    key: str
    now: datetime = NOW
    step: Step | None = None
    tasks: dict[str, UserTask] = field(default_factory=dict)
    timers: dict[str, Timer] = field(default_factory=dict)
    waiting: dict[str, Subscription] = field(default_factory=dict)
    calls: list[ServiceCall] = field(default_factory=list)
    sent: list[OutMessage] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    count: int = 0

    @property
    def definition(self) -> Definition:
        """The diagram on the desk."""
        return definition(self.key)

    def begin(self) -> "Desk":
        """Start the instance."""
        self._do(Start(dict(CASE)))
        return self

    def do(self, element_id: str, **answers: Any) -> "Desk":
        """Finish the open task of an element with the variables of its form."""
        task = next(t for t in self.tasks.values() if t.element_id == element_id)
        self._answerable(task, answers)
        self._do(Complete(task.id, answers))
        return self

    def meeting(self, element_id: str, outcome: str, decided_on: str = "2026-03-10") -> "Desk":
        """The meeting has dealt with the item."""
        variables = {"meeting_outcome": outcome, "decided_on": decided_on, "meeting_id": "meeting-1"}
        return self.message(element_id, variables)

    def message(self, element_id: str, variables: Mapping[str, Any] | None = None) -> "Desk":
        """A message reached the element."""
        found = next(s for s in self.waiting.values() if s.element_id == element_id)
        self._do(Correlate(found.id, variables or {}))
        return self

    def wait(self, element_id: str) -> "Desk":
        """The time of a timer has come."""
        timer = next(t for t in self.timers.values() if t.element_id == element_id)
        self.now = timer.due_at
        self._do(TimerFired(timer.id))
        return self

    def open(self) -> set[str]:
        """The elements with an open task."""
        return {task.element_id for task in self.tasks.values()}

    def called(self, delegate: str) -> list[Mapping[str, Any]]:
        """The inputs of every call of a delegate."""
        return [call.inputs for call in self.calls if call.delegate == delegate]

    def ended_at(self, element_id: str) -> bool:
        """Whether the instance is over and passed this end."""
        return self.step is not None and self.step.finished and element_id in self.left

    def _answerable(self, task: UserTask, answers: Mapping[str, Any]) -> None:
        fields = variables_of(self.definition, str(task.form_key))
        for name, value in answers.items():
            assert name in fields, f"{task.element_id}: the form {task.form_key} has no variable {name}"
            codes = {option.value for option in fields[name].options}
            given = value if isinstance(value, list) else [value]
            assert not codes or codes.issuperset(given), f"{task.element_id}: {name} cannot be {value}"

    def _do(self, command: Any) -> None:
        self._run(command)
        while self.step is not None and self.step.calls:
            calls = self.step.calls
            for call in calls:
                self.calls.append(call)
                self._run(ServiceReturned(call.id, ANSWERS.get(str(call.delegate), {})))

    def _run(self, command: Any) -> None:
        self.count += 1
        self.now += timedelta(minutes=1)
        self.step = run(
            None if self.step is None else bytes(self.step.state), self.definition, command,
            now=self.now, seed=f"{self.key}-{self.count}", functions={"add working days": add_working_days},
        )  # fmt: skip
        self.tasks.update({task.id: task for task in self.step.opened})
        self.timers.update({timer.id: timer for timer in self.step.timers})
        self.waiting.update({one.id: one for one in self.step.subscriptions})
        for closed in self.step.closed:
            self.tasks.pop(closed.id, None)
        for gone in self.step.timers_closed:
            self.timers.pop(gone, None)
        for gone in self.step.subscriptions_closed:
            self.waiting.pop(gone, None)
        self.sent += self.step.outbox
        self.left += [move.element_id for move in self.step.moves if move.kind == "left"]
