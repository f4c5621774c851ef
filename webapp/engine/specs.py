"""The engine's own task specs on Spiff's: passing nodes, gateways, scopes and their boundary events.

Every class makes right what plain Spiff gets wrong or slow: no prediction, joins that count tokens (so loops
and history do not matter), no lookup through finished tasks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.specs import WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from webapp.engine.expressions import Text
from webapp.engine.faults import EngineError
from webapp.engine.plan import Part
from webapp.engine.tokens import Token


@dataclass(frozen=True, slots=True)
class Catcher:
    """Where an error 错误 or escalation 升级 goes: a boundary event or an event sub-process."""

    kind: str
    code: str | None
    name: str
    interrupting: bool = True
    variable: str | None = None


def fitting(catchers: Iterable[Catcher], kind: str, code: str) -> Catcher | None:
    """The catcher of ``code``: the one that names it first, else the one that takes all."""
    same = [one for one in catchers if one.kind == kind]
    exact = [one for one in same if one.code == code]
    return next(iter(exact + [one for one in same if one.code is None]), None)


class ScopeSpec(BpmnProcessSpec):
    """The spec of a process or embedded sub-process; its root's name cannot collide with an element id.

    ``any_conditional`` says, of a process, whether any of its scopes waits for a condition. ``watches`` wait
    from its beginning for what starts an event sub-process, ``catchers`` are the event
    sub-processes for errors and escalations, ``undoing`` the handlers by the activity they undo.
    """

    def __init__(self, name: str) -> None:
        # Spiff's constructor adds nodes called Start and End, ids that diagrams use; so it is not called.
        WorkflowSpec.__init__(self, name=name)
        self.svg = self.io_specification = None
        self.description = name
        self.data_objects: dict[str, Any] = {}
        self.data_stores: dict[str, Any] = {}
        self.correlation_keys: dict[str, Any] = {}
        self.bpmn_start_events: list[Any] = []
        self.watches: list[str] = []
        self.catchers: list[Catcher] = []
        self.undoing: dict[str, str] = {}
        self.conditional = False
        self.any_conditional = False
        self.start = Lean(self, "#root")


class Lean(BpmnSpecMixin):
    """A node that a token passes at once; the base of all others."""

    exposed = False
    is_watch = False
    is_one = False
    is_handler = False

    def __init__(self, wf_spec: Any, name: str, part: Part | None = None) -> None:
        super().__init__(wf_spec, name)
        self.part = part
        self.bpmn_id = part.node.id if part is not None else None
        self.ways: list[tuple[str, str, Text | None]] = []
        self.catchers: list[Catcher] = []
        self.is_undone = False

    def lead(self, flow_id: str, target: Any, condition: Text | None = None) -> None:
        """Connect to ``target`` by the flow ``flow_id``."""
        self.connect(target)
        self.ways.append((flow_id, target.name, condition))

    def note(self, token: Token, kind: Any) -> None:
        """Account for a move, if the node is one that is drawn."""
        if self.bpmn_id is not None:
            token.workflow.top_workflow.journal.moved(self.bpmn_id, kind)

    def arrive(self, token: Token) -> None:
        """A token comes in."""
        self.note(token, "entered")
        token._ready()

    def leave(self, token: Token) -> None:
        """A token goes out; boundary events of the node stop waiting."""
        self.note(token, "left")
        for other in token.workflow.group(token):
            if isinstance(other.task_spec, Lean) and other.task_spec.is_boundary:
                other.cancel()

    def withdrawn(self, token: Token, was: int) -> None:
        """A token was cancelled; ``was`` is the state it had."""
        if was != TaskState.FUTURE:
            self.note(token, "cancelled")

    @property
    def is_boundary(self) -> bool:
        """Whether the node is a boundary event."""
        return self.part is not None and self.part.node.attached_to is not None

    def try_join(self, token: Token) -> bool:
        """Whether a waiting token could just go on as an inclusive join."""
        return False

    def hears(self, token: Token, signal: str) -> bool:
        """Whether a waiting token waits for the signal."""
        return False

    def came_true(self, token: Token) -> bool:
        """Whether a waiting token waits for a condition that has just become true."""
        return False

    def taken(self, token: Token) -> Iterable[tuple[str, str]]:
        """The flows a token leaves by: all without condition or whose condition holds, else the default."""
        default = self.part.default if self.part is not None else None
        open_ways = [
            (flow_id, target)
            for flow_id, target, condition in self.ways
            if flow_id != default and (condition is None or self.holds(condition, flow_id, token))
        ]
        return open_ways or self._default(default)

    def _default(self, default: str | None) -> list[tuple[str, str]]:
        found = [(flow_id, target) for flow_id, target, _ in self.ways if flow_id == default]
        if self.ways and not found:
            raise EngineError(
                self.bpmn_id, "gateway.no_way", "没有一条流出的顺序流满足条件，也没有默认流，流程无法继续。"
            )
        return found

    def holds(self, condition: Text, flow_id: str, token: Token) -> bool:
        """Whether a condition is true; anything but true and false is a fault, never silently false."""
        found = token.workflow.top_workflow.value(condition, token)
        if not isinstance(found, bool):
            raise EngineError(
                self.bpmn_id,
                "condition.not_boolean",
                f"顺序流“{flow_id}”的条件“{condition.source}”结果不是真或假，可能有变量没有值。",
            )
        return found

    # What Spiff calls.

    def _predict(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing is predicted."""

    def test(self) -> None:
        """The linter has tested the spec."""

    def _update(self, my_task: Token) -> None:
        self.arrive(my_task)

    def _on_complete(self, my_task: Token) -> None:
        self.leave(my_task)
        if self.is_undone:
            my_task.workflow.done.append([self.bpmn_id])
        if not my_task.stopped:
            self.pass_on(my_task)
        my_task.workflow._task_completed_notify(my_task)

    def pass_on(self, my_task: Token) -> None:
        """A token on every flow that is taken."""
        born = []
        for flow_id, target in self.taken(my_task):
            child = my_task._add_child(self._wf_spec.task_specs[target])
            child.internal_data["flow"] = flow_id
            self.mark(child, my_task)
            born.append(child)
        for child in born:
            child.task_spec._update(child)

    def mark(self, child: Token, token: Token) -> None:
        """Give a new token what it has to remember."""


class Attach(Lean):
    """Stands before a node with boundary events: lets in its token and the events that watch it."""

    def mark(self, child: Token, token: Token) -> None:
        """Host and boundary events know each other by the same group."""
        child.internal_data["group"] = token.id


class EventGateway(Attach):
    """An event-based gateway 事件网关: all its events wait, the first one ends the others."""


class ExclusiveGateway(Lean):
    """An exclusive gateway 排他网关: the first flow in drawing order whose condition holds."""

    def taken(self, token: Token) -> Iterable[tuple[str, str]]:
        """One flow: the first that holds, else the default."""
        default = self.part.default if self.part is not None else None
        for flow_id, target, condition in self.ways:
            if flow_id != default and (condition is None or self.holds(condition, flow_id, token)):
                return [(flow_id, target)]
        return self._default(default)


class ParallelGateway(Lean):
    """A parallel gateway 并行网关: fires when a token waits on every incoming flow, taking one of each."""

    needs: int = 1

    def arrive(self, token: Token) -> None:
        """Wait for the others, or go on with them."""
        if self.needs < 2:
            super().arrive(token)
            return
        token._set_state(TaskState.WAITING)
        first = _one_per_flow(token.workflow.waiting_at(self.name))
        if len(first) == self.needs:
            _merge(first, token)
            super().arrive(token)

    def withdrawn(self, token: Token, was: int) -> None:
        """A token that only waited to join never entered."""


class InclusiveGateway(Lean):
    """An inclusive gateway 包容网关: waits while a token elsewhere can still reach a flow it lacks.

    ``reach`` says for every spec of the scope which of the incoming flows can be reached from it without
    passing the gateway itself (BPMN 2.0, 13.4.3).
    """

    needs: int = 1
    reach: dict[str, frozenset[str]]

    def arrive(self, token: Token) -> None:
        """Wait until everything else has come to rest, unless there is nothing to join."""
        if self.needs < 2:
            super().arrive(token)
        else:
            token._set_state(TaskState.WAITING)

    def try_join(self, token: Token) -> bool:
        """Join and go on, if no token elsewhere has to be waited for."""
        first = _one_per_flow(token.workflow.waiting_at(self.name))
        have = frozenset(first)
        for other in token.workflow.live.values():
            spec = other.task_spec
            if spec is self or spec.is_boundary:
                continue
            found = self.reach.get(spec.name, frozenset())
            if found - have and not found & have:
                return False
        _merge(first, token)
        super().arrive(token)
        return True

    def withdrawn(self, token: Token, was: int) -> None:
        """A token that only waited to join never entered."""


def _one_per_flow(waiting: Iterable[Token]) -> dict[str, Token]:
    first: dict[str, Token] = {}
    for token in waiting:
        first.setdefault(token.internal_data["flow"], token)
    return first


def _merge(first: dict[str, Token], into: Token) -> None:
    for token in first.values():
        if token is not into:
            token._set_state(TaskState.CANCELLED)
