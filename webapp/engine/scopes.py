"""Nodes that hold or end a scope: sub-processes, called processes, end events, and what is thrown out of them."""

from typing import Any

from webapp.engine.activities import Working
from webapp.engine.faults import EngineError
from webapp.engine.frames import Frame, stored_form
from webapp.engine.nouns import OutSignal
from webapp.engine.specs import Catcher, Lean, fitting
from webapp.engine.tokens import Token

DEEPEST = 20


def throw(token: Token, kind: str, code: str) -> bool:
    """Hand an error or escalation to the nearest catcher, looking outwards from ``token``; whether one was found.

    The order of BPMN 2.0 (10.5.7): events on the boundary of where it happened, then the event sub-processes of the
    scope, then the boundary of the scope's host, and so on outwards.
    """
    found = nearest(token, kind, code)
    if found is None:
        return False
    at, scope, catcher = found
    if at is not None:
        _catch_at_boundary(token, at, catcher, code)
    else:
        _catch_inside(token, scope, catcher, code)
    return True


def nearest(token: Token, kind: str, code: str) -> tuple[Token | None, Any, Catcher] | None:
    """Who catches it: the token on whose boundary it is, None for an event sub-process of the scope."""
    at, scope = token, token.workflow
    while True:
        at = whole_of(at)
        found = fitting(at.task_spec.catchers, kind, code)
        if found is not None:
            return at, scope, found
        found = None if at.task_spec.is_handler else fitting(scope.spec.catchers, kind, code)
        if found is not None:
            return None, scope, found
        if scope is scope.top_workflow:
            return None
        at, scope = scope.host, scope.host.workflow


def throw_error(token: Token, code: str) -> None:
    """Throw a BPMN error; one that nobody catches ends a called process, else it is a fault of the diagram."""
    if throw(token, "error", code):
        return
    machine = token.workflow.top_workflow
    if not machine.called:
        raise EngineError(
            token.task_spec.bpmn_id, "error.uncaught", f"发生了错误“{code}”，但流程图中没有处理它的边界事件。"
        )
    machine.journal.thrown.append(("error", code))
    token.stopped = True
    machine.clear()


def whole_of(token: Token) -> Token:
    """The multi-instance activity that ``token`` is one instance of, else ``token`` itself."""
    if not token.task_spec.is_one:
        return token
    found: Token = token.workflow.tasks[token._parent]
    return found


def _catch_at_boundary(thrower: Token, host: Token, catcher: Catcher, code: str) -> None:
    scope = host.workflow
    if catcher.interrupting:
        thrower.stopped = True
        for other in (host, *scope.group(host)):
            other.cancel()
    _remember(scope, catcher, code)
    scope.enter(catcher.name)


def _catch_inside(thrower: Token, scope: Any, catcher: Catcher, code: str) -> None:
    if catcher.interrupting:
        thrower.stopped = True
        scope.clear()
    _remember(scope, catcher, code)
    scope.enter(catcher.name)


def _remember(scope: Any, catcher: Catcher, code: str) -> None:
    if catcher.variable:
        scope.frame.write({catcher.variable: code}, scope.spec.task_specs[catcher.name].bpmn_id)


def broadcast(machine: Any, name: str, values: dict[str, Any]) -> int:
    """A signal 信号 reaches everything in the instance that waits for it now → how many."""
    waiting = [
        token
        for scope in machine.every_scope()
        for token in scope.live.values()
        if token.task_spec.hears(token, name)
    ]
    for token in waiting:
        if machine.find(token.id) is token:
            token.workflow.frame.write(values, token.task_spec.bpmn_id)
            token.task_spec.fire(token, values)
    return len(waiting)


class Thrower(Working):
    """A throwing event or end event for escalations, signals and errors; a terminating one ends its scope."""

    def leave(self, token: Token) -> None:
        """Do what the event says, then go on, unless what was thrown took the thrower away."""
        super().leave(token)
        kind, code = self.part.node.event, self.part.code or ""
        if kind == "terminate":
            token.workflow.clear()
        elif kind == "error":
            throw_error(token, code)
        elif kind == "escalation":
            self._escalate(token, code)
        elif kind == "signal":
            self._signal(token)

    def _escalate(self, token: Token, code: str) -> None:
        machine = token.workflow.top_workflow
        if not throw(token, "escalation", code) and machine.called:
            machine.journal.thrown.append(("escalation", code))

    def _signal(self, token: Token) -> None:
        machine, scope = token.workflow.top_workflow, token.workflow
        before, values = scope.cleared, machine.mapped(self.part.inputs, token)
        self.finish(token)
        name = self.part.node.signal or ""
        machine.journal.signals.append(OutSignal(self.part.node.id, name, values))
        broadcast(machine, name, values)
        token.stopped = scope.cleared != before


class SubProcess(Working):
    """An embedded sub-process 子流程: done when no token is left in it."""

    entry: str
    inside: str

    def _run_hook(self, my_task: Token) -> None:
        scope = my_task.workflow.top_workflow.open_scope(my_task)
        if scope.depth > DEEPEST:
            raise EngineError(self.bpmn_id, "budget.depth", f"流程嵌套超过{DEEPEST}层，可能在反复调用自己。")
        self.furnish(my_task, scope)
        scope.watch()
        scope.enter(self.entry)

    def frame_of(self, outer: Any) -> Frame:
        """The variables that are seen inside: those of the process around."""
        found: Frame = outer.frame
        return found

    def furnish(self, token: Token, scope: Any) -> None:
        """Give the scope what it begins with."""

    def came_back(self, token: Token, scope: Any) -> None:
        """The scope has ended by itself: what was done in it may still have to be undone."""
        if scope.done and not self.is_undone:
            token.workflow.done.append([self.part.node.id, scope.done])
        scope.done = []

    def withdrawn(self, token: Token, was: int) -> None:
        """Cancel what is inside."""
        scope = token.workflow.top_workflow.subprocesses.pop(token.id, None)
        if scope is not None:
            scope.clear()
        super().withdrawn(token, was)


class EventSubProcess(SubProcess):
    """An event sub-process 事件子流程: entered by its start event, never by a flow."""

    is_handler = True


class CallActivity(SubProcess):
    """A call activity 调用活动: another process of the bundle, with variables of its own."""

    def frame_of(self, outer: Any) -> Frame:
        """Variables of its own."""
        return Frame()

    def furnish(self, token: Token, scope: Any) -> None:
        """Hand over what the diagram names."""
        machine = token.workflow.top_workflow
        if self.part.passes_all:
            scope.frame.write(token.workflow.frame.values, self.bpmn_id)
        scope.frame.write(machine.mapped(self.part.inputs, token), self.bpmn_id)

    def came_back(self, token: Token, scope: Any) -> None:
        """Take over what the diagram names; what the called process did is its own affair."""
        machine, outer = token.workflow.top_workflow, token.workflow.frame
        if self.part.returns_all:
            outer.write(scope.frame.values, self.bpmn_id)
        found: dict[str, Any] = {}
        for name, text in self.part.returns:
            inside = machine.value(text, scope.task_tree)
            found[name] = stored_form(name, inside, self.bpmn_id)
        outer.write(found, self.bpmn_id)
        self.finish(token)


__all__ = ["CallActivity", "EventSubProcess", "Lean", "SubProcess", "Thrower", "broadcast", "throw"]
