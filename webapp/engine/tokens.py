"""Spiff's tasks and workflows made lean: tokens only, deterministic ids, no clock, flat look-ups.

Spiff predicts, copies data from task to task and walks the whole tree at every step; here a task is made when
its turn comes, data lives once in the instance, and unfinished tasks are found in ``live``. So a step costs
the same at any age, and parallel gateways in series stay linear.
"""

from collections.abc import Mapping
from hashlib import sha1
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

FINISHED: int = TaskState.FINISHED_MASK
_NAMESPACE = uuid5(NAMESPACE_URL, "urn:zaishang:engine").bytes


def name_id(seed: str, number: int) -> str:
    """The id drawn as the ``number``-th of ``seed``: a UUID version 5, written out without the slow class."""
    digest = sha1(_NAMESPACE + f"{seed}:{number}".encode(), usedforsecurity=False).digest()
    text = (
        digest[:6] + bytes([digest[6] & 0x0F | 0x50, digest[7], digest[8] & 0x3F | 0x80]) + digest[9:16]
    ).hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Token(Task):
    """A Spiff task whose id and stamp come from the instance's counter; its state changes log nothing."""

    def __init__(
        self,
        workflow: Any,
        task_spec: Any,
        parent: "Token | None" = None,
        state: int = TaskState.FUTURE,
        id: str | None = None,
    ) -> None:
        # Spiff's constructor draws a random id and reads the clock, so it is replaced, not called.
        top = workflow.top_workflow
        self.id = id or top.draw_id(task_spec.exposed)
        self.workflow = workflow
        self.task_spec = task_spec
        self._parent = parent.id if parent is not None else None
        self._children: list[str] = []
        self._state = state
        self.triggered = False
        self.thread_id = 0
        self.data: dict[str, Any] = {}
        self.internal_data: dict[str, Any] = {}
        self.last_state_change = top.drawn
        self.stopped = False
        workflow.tasks[self.id] = self
        if not state & FINISHED:
            workflow.live[self.id] = self
        if parent is not None:
            parent._children.append(self.id)

    def _add_child(self, task_spec: Any, state: int = TaskState.FUTURE) -> "Token":
        return Token(self.workflow, task_spec, self, state)

    def _set_state(self, value: int) -> None:
        self._state = value
        top = self.workflow.top_workflow
        self.last_state_change = top.drawn
        if value & FINISHED:
            self.workflow.live.pop(self.id, None)
        elif value == TaskState.READY and not self.task_spec.manual:
            top.queue.append(self)

    def _inherit_data(self) -> None:
        """Nothing is inherited: variables live once, in the instance."""

    def cancel(self) -> None:
        """Take the token away, with what it holds open."""
        if self._state & FINISHED:
            return
        was = self._state
        for child in [self.workflow.live[name] for name in self._children if name in self.workflow.live]:
            child.cancel()
        self._set_state(TaskState.CANCELLED)
        self.task_spec.withdrawn(self, was)


class Scope:
    """What the instance, its sub-processes 子流程 and called processes share: their unfinished tokens."""

    live: dict[str, Token]
    tasks: dict[str, Token]
    spec: Any
    top_workflow: Any
    frame: Any
    around: Mapping[str, Any]
    done: list[Any]
    cleared: int
    host: Any

    def begin(self) -> None:
        """An empty scope: no token, nothing local around it, nothing to be undone."""
        self.live = {}
        self.around = {}
        self.done = []
        self.cleared = 0

    def plant(self) -> None:
        """Give the scope its root, from which all tokens hang."""
        self.task_tree = Token(self, self.spec.start, None, TaskState.COMPLETED, f"root:{self.spec.name}")

    def enter(self, spec_name: str, locals_: Mapping[str, Any] | None = None) -> Token:
        """Put a token on ``spec_name``."""
        token: Token = self.task_tree._add_child(self.spec.task_specs[spec_name])
        if locals_:
            token.internal_data["locals"] = dict(locals_)
        token.task_spec._update(token)
        return token

    def watch(self) -> None:
        """Begin to wait for what starts the event sub-processes 事件子流程 of the scope."""
        for name in self.spec.watches:
            self.enter(name)

    def is_done(self) -> bool:
        """Whether no token is left but those that only watch."""
        if not self.spec.watches:
            return not self.live
        return all(token.task_spec.is_watch for token in self.live.values())

    def waiting_at(self, spec_name: str) -> list[Token]:
        """The tokens waiting at a joining gateway, oldest first."""
        return [
            token
            for token in self.live.values()
            if token.task_spec.name == spec_name and token._state == TaskState.WAITING
        ]

    def group(self, token: Token) -> list[Token]:
        """The live tokens made together with ``token``: host and boundary events, or rival events."""
        mark = token.internal_data.get("group")
        if mark is None:
            return []
        return [
            other
            for other in self.live.values()
            if other is not token and other.internal_data.get("group") == mark
        ]

    def clear(self, spare: Token | None = None) -> None:
        """Cancel every token of the scope, but the one to be spared."""
        self.cleared += 1
        for token in list(self.live.values()):
            if token is not spare:
                token.cancel()


class SubScope(Scope, BpmnSubWorkflow):
    """An open embedded sub-process or called process."""

    def __init__(self, spec: Any, host: Token, top_workflow: Any) -> None:
        self.begin()
        self.host = host
        outer = host.workflow
        self.frame = host.task_spec.frame_of(outer)
        if self.frame is outer.frame:
            local = host.internal_data.get("locals")
            self.around = {**outer.around, **local} if local else outer.around
        super().__init__(spec, host.id, top_workflow, deserializing=True)
        self.plant()

    def _calculate_depth(self) -> int:
        return getattr(self.host.workflow, "depth", 0) + 1

    def _task_completed_notify(self, task: Token) -> None:
        host = self.top_workflow.find(self.parent_task_id)
        if host is None or not self.is_done():
            return
        self.clear()
        self.top_workflow.subprocesses.pop(self.parent_task_id, None)
        self.completed = True
        host.task_spec.came_back(host, self)
        host.complete()
