"""Events that wait or send: catching events and receive tasks, watches of event sub-processes, messages out."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from webapp.engine.activities import Working
from webapp.engine.nouns import OutMessage
from webapp.engine.plan import Part
from webapp.engine.tokens import Token
from webapp.engine.triggers import ConditionTrigger, SignalTrigger, Trigger, correlation_of


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

    def hears(self, token: Token, signal: str) -> bool:
        """Whether the token waits for the signal."""
        waits = token._state == TaskState.WAITING and isinstance(self.trigger, SignalTrigger)
        return waits and self.part.node.signal == signal

    def came_true(self, token: Token) -> bool:
        """Whether the token waits for a condition that has just become true."""
        return isinstance(self.trigger, ConditionTrigger) and self.trigger.came_true(token)

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


class Watch(CatchEvent):
    """Waits, while its scope lasts, for the start event of an event sub-process."""

    is_watch = True
    target: str

    def arrive(self, token: Token) -> None:
        """Begin to wait; nothing is entered yet."""
        token._set_state(TaskState.WAITING)
        self.trigger.arm(token)

    def fire(self, token: Token, extra: Mapping[str, Any] | None = None) -> None:
        """It happened: end what the sub-process interrupts, or watch on; and enter the sub-process."""
        scope = token.workflow
        self.trigger.disarm(token)
        following = None if self.part.interrupting else self.trigger.again(token)
        if self.part.interrupting:
            scope.clear(spare=token)
        elif following is not None:
            self._next_round(token, following)
        token.internal_data = {}
        token._set_state(TaskState.COMPLETED)
        scope.enter(self.target)

    def withdrawn(self, token: Token, was: int) -> None:
        """No longer wait."""
        if was == TaskState.WAITING:
            self.trigger.disarm(token)


class Caught(Working):
    """An error 错误, escalation 升级 or cancel 取消 boundary event; a token is made only when it catches."""


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
