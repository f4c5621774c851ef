"""What can be asked of an instance: the commands of ``run``, frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Start:
    """Begin an instance, at the plain start event or at the one named; ``called``: by another one that waits."""

    variables: Mapping[str, Any] = field(default_factory=dict)
    element_id: str | None = None
    called: bool = False


@dataclass(frozen=True, slots=True)
class Complete:
    """A person finished a user task 办结; the variables enter the instance."""

    task_id: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A timer is due; refused with ``Conflict`` before its instant.

    ``seen_at`` is when it was noticed, where that is later than the step's own now: rounds missed until then are
    made up for by one, if the diagram says so.
    """

    timer_id: str
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Correlate:
    """A message reached a subscription."""

    subscription_id: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ServiceReturned:
    """A service call came back."""

    call_id: str
    result: Any = None


@dataclass(frozen=True, slots=True)
class ServiceFailed:
    """A service call failed with a BPMN error code, for a boundary event to catch."""

    call_id: str
    error_code: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CallEscalated:
    """A called process escalated 升级 and goes on; nothing happens where nobody catches it."""

    call_id: str
    code: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """End the instance at once 撤销."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A signal 信号 reached the instance; nothing happens where nobody waits for it."""

    signal: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetVariables:
    """Variables are set from outside 修改变量; conditions that become true happen. Without any: only evaluate."""

    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ThrowError:
    """The person at a task throws a BPMN error 抛出错误; refused where nobody catches it."""

    task_id: str
    code: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ThrowEscalation:
    """The person at a task escalates 升级; refused where nobody catches it."""

    task_id: str
    code: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One move of a modification 调整: cancel what stands at an element, or start before or after it."""

    what: Literal["cancel", "before", "after"]
    element_id: str


@dataclass(frozen=True, slots=True)
class Modify:
    """Move the tokens of an instance by hand 人工调整, in the order given."""

    changes: tuple[Change, ...]
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Return:
    """Go back to an earlier element 退回: what is open or awaited ends, the element is begun again.

    ``task_id``: of a task, timer, subscription or call.
    """

    task_id: str
    element_id: str
    variables: Mapping[str, Any] = field(default_factory=dict)


Command = (
    Start
    | Complete
    | TimerFired
    | Correlate
    | ServiceReturned
    | ServiceFailed
    | CallEscalated
    | Cancel
    | Broadcast
    | SetVariables
    | ThrowError
    | ThrowEscalation
    | Modify
    | Return
)
