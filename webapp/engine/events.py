"""Events that wait or send: timers with absolute due instants, messages as subscriptions and outbox."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.util.task import TaskState

from webapp.engine import dates
from webapp.engine.activities import Working
from webapp.engine.faults import EngineError
from webapp.engine.nouns import OutMessage, Subscription, Timer
from webapp.engine.plan import Part
from webapp.engine.tokens import Token


class Trigger(EventDefinition):
    """What an event waits for."""

    def __init__(self, part: Part) -> None:
        super().__init__(part.node.name)
        self.part = part

    def arm(self, token: Token) -> None:
        """Begin to wait."""

    def disarm(self, token: Token) -> None:
        """No longer wait."""

    def again(self, token: Token) -> dict[str, Any] | None:
        """What the next round of a repeating trigger has to remember, None when there is none."""
        return None


class TimerTrigger(Trigger):
    """A timer 计时器; its due instant is computed once, on arming, with calendar months clamped."""

    def arm(self, token: Token) -> None:
        """Compute the due instant, or take the one a repeating timer left."""
        machine, memo = token.workflow.top_workflow, token.internal_data
        if "due" not in memo:
            try:
                self._first(machine, token)
            except dates.BadTime as error:
                raise EngineError(self.part.node.id, "time.invalid", f"计时器无法计算：{error.zh}") from error
        instant = datetime.fromisoformat(memo["due"])
        machine.journal.timers.append(Timer(token.id, self.part.node.id, instant, memo.get("cycle")))

    def _first(self, machine: Any, token: Token) -> None:
        memo, found = token.internal_data, machine.value(self.part.timer, token)
        if self.part.timer_kind == "timeCycle":
            cycle = dates.read_cycle(str(found).strip())
            memo.update(cycle=str(found).strip(), anchor=machine.now.isoformat(), round=1)
            memo["due"] = dates.add(machine.now, cycle.period).isoformat()
            return
        memo["due"] = dates.due(found, machine.now).isoformat()

    def again(self, token: Token) -> dict[str, Any] | None:
        """The next round after now; rounds missed meanwhile count as done."""
        memo = token.internal_data
        if "cycle" not in memo:
            return None
        cycle = dates.read_cycle(memo["cycle"])
        anchor, now = datetime.fromisoformat(memo["anchor"]), token.workflow.top_workflow.now
        number = self._round_after(cycle, anchor, memo["round"], now)
        if cycle.repeats is not None and number > cycle.repeats:
            return None
        due = dates.add(anchor, cycle.period.times(number))
        return {**memo, "round": number, "due": due.isoformat()}

    @staticmethod
    def _round_after(cycle: dates.Cycle, anchor: datetime, last: int, now: datetime) -> int:
        number = last + 1
        if not cycle.period.months:
            return max(number, int((now - anchor) / cycle.period.rest) + 1)
        while dates.add(anchor, cycle.period.times(number)) <= now:
            number += 1
        return number

    def disarm(self, token: Token) -> None:
        """The timer is closed."""
        token.workflow.top_workflow.journal.timers_closed.append(token.id)


class MessageTrigger(Trigger):
    """A message 消息 awaited under a name and, where drawn, a correlation key."""

    def arm(self, token: Token) -> None:
        """Subscribe."""
        node = self.part.node
        found = Subscription(token.id, node.id, node.message or "", correlation_of(self.part, token))
        token.workflow.top_workflow.journal.subscriptions.append(found)

    def again(self, token: Token) -> dict[str, Any]:
        """A message beside an activity may come as often as it likes, while the activity lasts."""
        return dict(token.internal_data)

    def disarm(self, token: Token) -> None:
        """The subscription is closed."""
        token.workflow.top_workflow.journal.subscriptions_closed.append(token.id)


def correlation_of(part: Part, token: Token) -> str | None:
    """The correlation key of ``part`` as text; None when the diagram names none."""
    if part.correlation is None:
        return None
    found = token.workflow.top_workflow.value(part.correlation, token)
    if isinstance(found, bool) or found is None or isinstance(found, (list, dict)):
        raise EngineError(
            part.node.id, "correlation.empty", f"消息关联键“{part.correlation.literal}”没有可用的值。"
        )
    return str(found)


class CatchEvent(Working):
    """A waiting event or receive task, boundary events included."""

    exposed = True

    def __init__(self, wf_spec: Any, name: str, part: Part, trigger: Trigger) -> None:
        super().__init__(wf_spec, name, part)
        self.trigger = trigger

    def arrive(self, token: Token) -> None:
        """Begin to wait; a boundary event is entered only when it happens."""
        if not self.is_boundary:
            self.note(token, "entered")
        token._set_state(TaskState.WAITING)
        self.trigger.arm(token)

    def fire(self, token: Token, extra: Mapping[str, Any] | None = None) -> None:
        """It happened: end what it interrupts, arm the next round, set the output parameters, go on."""
        self.trigger.disarm(token)
        following = self.trigger.again(token) if self.is_boundary and not self.part.interrupting else None
        if self.is_boundary:
            self.note(token, "entered")
        if not self.is_boundary or self.part.interrupting:
            for rival in token.workflow.group(token):
                rival.cancel()
        if following is not None:
            self._next_round(token, following)
        self.finish(token, extra)
        token.internal_data = {}
        token._ready()

    def _next_round(self, token: Token, memo: dict[str, Any]) -> None:
        again = token.workflow.task_tree._add_child(self)
        again.internal_data.update(memo)
        again.task_spec._update(again)

    def withdrawn(self, token: Token, was: int) -> None:
        """No longer wait."""
        if was == TaskState.WAITING:
            self.trigger.disarm(token)
        if not self.is_boundary:
            super().withdrawn(token, was)


class ErrorBoundary(Working):
    """An error boundary event 错误边界事件; made only when it catches."""

    def caught(self, machine: Any, code: str) -> None:
        """Keep the code in the variable the diagram names for it."""
        if self.part.error_variable:
            machine.write({self.part.error_variable: code}, self.bpmn_id)


class SendMessage(Working):
    """A throwing message event, message end event or send task."""

    def _run_hook(self, my_task: Token) -> bool:
        machine, node = my_task.workflow.top_workflow, self.part.node
        machine.sent += 1
        payload = machine.mapped(self.part.inputs, my_task)
        key = correlation_of(self.part, my_task)
        machine.journal.outbox.append(OutMessage(node.id, machine.sent, node.message or "", key, payload))
        self.finish(my_task)
        return True
