"""The words that cross the engine's border: frozen values in, frozen values out.

Everything here is plain data; nothing of the engine underneath can be reached through it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NoReturn


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding 检查结果 of the linter, in both languages, with its place."""

    element_id: str | None
    code: str
    zh: str
    en: str
    level: Literal["error", "warning"] = "error"
    line: int | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One flow node 节点 of a diagram.

    ``event`` says what an event is about: timer, message, signal, error, escalation, conditional, compensate,
    cancel, terminate, link; None for a plain event and for whatever is no event. ``called`` is the process
    that a call activity calls; nodes of a called process are named ``process:id``. ``calls`` is one deployed on its
    own, in its latest version or in ``calls_version``, which has an instance of its own.
    Assignment texts that start with ``=`` are FEEL.
    """

    id: str
    kind: str
    name: str
    lane: str | None = None
    scope: str | None = None
    form_key: str | None = None
    candidate_groups: tuple[str, ...] = ()
    candidate_users: str | None = None
    assignee: str | None = None
    due: str | None = None
    follow_up: str | None = None
    priority: str | None = None
    delegate: str | None = None
    topic: str | None = None
    decision_ref: str | None = None
    result_variable: str | None = None
    documentation: str = ""
    extras: Mapping[str, str] = field(default_factory=dict)
    event: str | None = None
    message: str | None = None
    attached_to: str | None = None
    signal: str | None = None
    called: str | None = None
    calls: str | None = None
    calls_version: int | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """One sequence flow 顺序流; ``condition`` is FEEL without its leading ``=``."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The names 名录 a diagram may use: reviewed delegates, roles, and the variables every process starts with.

    ``brought``: what a message that the product alone sends brings, by its name, or a start of its own, by process.
    """

    delegates: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    brought: tuple[tuple[str, frozenset[str]], ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """A checked diagram 流程定义 with its forms and decisions, ready to run.

    ``plan`` is the engine's own part; it is neither compared nor pickled: parse the bundle again instead.
    """

    key: str
    name: str
    digest: str
    nodes: Mapping[str, Node]
    flows: tuple[Flow, ...]
    lanes: tuple[str, ...] = ()
    documentation: str = ""
    forms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, compare=False)
    decisions: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    messages_starting: tuple[str, ...] = ()
    signals_starting: tuple[str, ...] = ()
    plan: Any = field(default=None, compare=False, repr=False)

    def next_of(self, element_id: str) -> tuple[Node, ...]:
        """The nodes that may come next 下一步 after ``element_id``, boundary events of it last."""
        after = [self.nodes[flow.target] for flow in self.flows if flow.source == element_id]
        attached = [node for node in self.nodes.values() if node.attached_to == element_id]
        return tuple({node.id: node for node in (*after, *attached)}.values())

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Definition is not pickled; parse its bundle again")


@dataclass(frozen=True, slots=True)
class UserTask:
    """A task opened for people 待办."""

    id: str
    element_id: str
    name: str
    form_key: str | None = None
    groups: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    assignee: str | None = None
    due_at: datetime | None = None
    follow_up_at: datetime | None = None
    priority: int = 50
    locals: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClosedTask:
    """A user task that is no longer open."""

    id: str
    element_id: str
    how: Literal["completed", "cancelled"]


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """Work the caller does for the diagram 服务调用: a delegate by name, an external topic, or a ``process``.

    ``version`` of the process; None for its latest.
    """

    id: str
    element_id: str
    delegate: str | None
    inputs: Mapping[str, Any]
    result_variable: str | None = None
    topic: str | None = None
    process: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """A due instant 计时 in UTC; ``cycle`` is the repeating text or None."""

    id: str
    element_id: str
    due_at: datetime
    cycle: str | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A message awaited 订阅, by name and correlation key; or a signal, by name."""

    id: str
    element_id: str
    message: str
    correlation: str | None = None
    kind: Literal["message", "signal"] = "message"


@dataclass(frozen=True, slots=True)
class OutMessage:
    """A message sent 发出的消息; ``seq`` counts within the instance."""

    element_id: str
    seq: int
    message: str
    correlation: str | None
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OutSignal:
    """A signal thrown 发出的信号; the instance itself has heard it already, other instances have not."""

    element_id: str
    signal: str
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Catch:
    """The event that catches an error or escalation 捕获: ``own``: drawn on the boundary of the very task."""

    element_id: str
    own: bool
    interrupting: bool


@dataclass(frozen=True, slots=True)
class DecisionTrace:
    """Why a decision table answered as it did 决策依据."""

    decision_id: str
    element_id: str
    inputs: Mapping[str, Any]
    rules_hit: tuple[str, ...]
    outputs: Any


@dataclass(frozen=True, slots=True)
class Moved:
    """A node entered, left or cancelled."""

    element_id: str
    kind: Literal["entered", "left", "cancelled"]


@dataclass(frozen=True, slots=True)
class Step:
    """What one command did 一步: the new state and everything the caller has to store or do.

    ``called``: another instance waits for this one; ``thrown`` are the errors and escalations for it to catch.
    """

    state: bytes
    opened: tuple[UserTask, ...] = ()
    closed: tuple[ClosedTask, ...] = ()
    calls: tuple[ServiceCall, ...] = ()
    calls_closed: tuple[str, ...] = ()
    timers: tuple[Timer, ...] = ()
    timers_closed: tuple[str, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    subscriptions_closed: tuple[str, ...] = ()
    outbox: tuple[OutMessage, ...] = ()
    signals: tuple[OutSignal, ...] = ()
    decisions: tuple[DecisionTrace, ...] = ()
    moves: tuple[Moved, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)
    finished: bool = False
    called: bool = False
    thrown: tuple[tuple[Literal["error", "escalation"], str], ...] = ()
