"""Tokens moved by hand: modifications 人工调整 and the return to an earlier element 退回."""

from typing import Any

from SpiffWorkflow.util.task import TaskState

from webapp.domain.errors import Conflict, NotFound
from webapp.engine.activities import PersonTask, Service
from webapp.engine.builder import inside_of
from webapp.engine.commands import Modify, Return
from webapp.engine.events import CatchEvent
from webapp.engine.machine import Machine
from webapp.engine.plan import Part
from webapp.engine.reach import closure, neighbours
from webapp.engine.scopes import whole_of
from webapp.engine.specs import InclusiveGateway, ParallelGateway
from webapp.engine.tokens import Scope, Token

# What an instance stands at: somebody's task, a message or instant awaited, a program outside.
WAITING = (PersonTask, CatchEvent, Service)


def modify(machine: Machine, command: Modify) -> None:
    """Do the changes in their order; refused as a whole when one of them makes no sense."""
    _require_live(machine)
    machine.frame.write(command.variables)
    for change in command.changes:
        part = _part(machine, change.element_id)
        if change.what == "cancel":
            _take_away(machine, part)
        else:
            _start(machine, part, after=change.what == "after")
    close_empty(machine)


def go_back(machine: Machine, command: Return) -> None:
    """End the open task, take back all that followed from the element, and begin the element again.

    What runs beside and does not come from that element goes on.
    """
    task = machine.demand(command.task_id, WAITING, "等待")
    target = _part(machine, command.element_id)
    here = _ancestor(machine, whole_of(task), target)
    if target.node.kind.endswith(("Event", "Gateway")) or target.by_event or target.is_handler:
        raise Conflict(f"不能退回到“{_called(target)}”，只能退回到前面的任务或子流程。")
    after = neighbours(machine.definition.plan)
    name = here.task_spec.bpmn_id or ""
    if name not in closure(after, [target.node.id]):
        raise Conflict(f"“{_called(target)}”不在当前环节之前，不能退回到那里。")
    followed = closure(after, [target.node.id], avoid=name) | {name}
    task.workflow.frame.write(command.variables, command.element_id)
    scope = here.workflow
    for token in list(scope.live.values()):
        if token.task_spec.bpmn_id in followed and not token.task_spec.is_watch:
            withdraw(whole_of(token))
    _enter(scope, target)


def withdraw(token: Token) -> None:
    """Cancel a token with the boundary events that watch it."""
    for other in (token, *token.workflow.group(token)):
        other.cancel()


def close_empty(machine: Machine) -> None:
    """A sub-process from which the last token was taken ends with it; an instance may not end this way."""
    for scope in reversed(machine.every_scope()):
        if scope is not machine and scope.is_done() and machine.find(scope.host.id) is not None:
            withdraw(whole_of(scope.host))
    if machine.is_done():
        raise Conflict("这样调整后流程中没有任何进行中的环节；要结束流程请用撤销。")


def _require_live(machine: Machine) -> None:
    if not machine.live:
        raise Conflict("流程实例已经结束，不能再调整。")


def _called(part: Part) -> str:
    return part.node.name or part.node.id


def _part(machine: Machine, element_id: str) -> Part:
    found: Part | None = machine.definition.plan.parts.get(element_id)
    if found is None:
        raise NotFound(f"流程图中没有环节“{element_id}”。", element_id=element_id)
    return found


def _ancestor(machine: Machine, token: Token, target: Part) -> Token:
    """``token``, or the sub-process around it that stands in the scope of ``target``."""
    while True:
        if scope_name(machine, token.workflow) == target.node.scope:
            return token
        if token.workflow is machine:
            raise Conflict(f"“{_called(target)}”不在当前环节所在的流程层，不能退回到那里。")
        token = whole_of(token.workflow.host)


def scope_name(machine: Machine, scope: Scope) -> str | None:
    """The name of a scope in the plan; None for the process itself."""
    return None if scope is machine else scope.host.task_spec.inside


def _take_away(machine: Machine, part: Part) -> None:
    standing = [
        token
        for scope in machine.every_scope()
        for token in scope.live.values()
        if token.task_spec.bpmn_id == part.node.id
        and not (token.task_spec.is_watch or token.task_spec.is_boundary)
    ]
    if not standing:
        raise Conflict(f"流程没有停在“{_called(part)}”，无从取消。")
    for token in standing:
        withdraw(whole_of(token))


def _start(machine: Machine, part: Part, *, after: bool) -> None:
    if (
        part.is_handler
        or part.node.attached_to is not None
        or (part.node.scope and part.node.kind == "startEvent")
    ):
        raise Conflict(f"不能从“{_called(part)}”开始，它由事件或补偿引起。")
    scope = _open(machine, part.node.scope)
    if not after:
        _enter(scope, part)
        return
    spec = scope.spec.task_specs[part.node.id]
    if not spec.ways:
        raise Conflict(f"“{_called(part)}”之后没有环节，不能从它之后开始。")
    token = Token(scope, spec, scope.task_tree, TaskState.COMPLETED)
    spec.pass_on(token)


def _enter(scope: Any, part: Part) -> None:
    spec = scope.spec.task_specs[part.node.id]
    if isinstance(spec, (ParallelGateway, InclusiveGateway)) and spec.needs > 1:
        raise Conflict(f"不能从汇合的网关“{_called(part)}”开始，请从它之后开始。")
    door = f"#attach:{part.node.id}"
    scope.enter(door if door in scope.spec.task_specs else part.node.id)


def _open(machine: Machine, name: str | None) -> Any:
    """The one open scope of that name; opened, with those around it, when there is none."""
    found = [scope for scope in machine.every_scope() if scope_name(machine, scope) == name]
    if len(found) == 1:
        return found[0]
    hosts = [part for part in machine.definition.plan.parts.values() if _holds(part) == name]
    if found or len(hosts) != 1 or hosts[0].loop is not None:
        raise Conflict("要开始的环节所在的子流程同时有多个在进行或可以进行，请先明确是哪一个。")
    host = hosts[0]
    scope = _open(machine, host.node.scope)
    token = Token(scope, scope.spec.task_specs[host.node.id], scope.task_tree, TaskState.STARTED)
    token.task_spec.note(token, "entered")
    inner = machine.open_scope(token)
    token.task_spec.furnish(token, inner)
    inner.watch()
    return inner


def _holds(part: Part) -> str | None:
    inside = part.node.called is not None or part.node.kind in ("subProcess", "transaction")
    return inside_of(part) if inside else ""
