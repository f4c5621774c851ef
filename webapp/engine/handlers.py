"""What each command does to a live machine, before it settles."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from webapp.domain.errors import Conflict, NotFound
from webapp.engine.activities import PersonTask, Service
from webapp.engine.calling import LateCall
from webapp.engine.commands import (
    Broadcast,
    CallEscalated,
    Cancel,
    Complete,
    Correlate,
    Modify,
    Return,
    ServiceFailed,
    ServiceReturned,
    SetVariables,
    Start,
    ThrowError,
    ThrowEscalation,
    TimerFired,
)
from webapp.engine.events import CatchEvent
from webapp.engine.machine import Machine
from webapp.engine.moving import go_back, modify
from webapp.engine.scopes import broadcast, throw, throw_error
from webapp.engine.triggers import MessageTrigger


def _start(machine: Machine, command: Start) -> None:
    plan = machine.definition.plan
    where = command.element_id or next(
        (
            part.node.id
            for part in plan.children(None)
            if part.node.kind == "startEvent" and not part.node.event
        ),
        None,
    )
    part = plan.parts.get(where) if where is not None else None
    if where is None or part is None or part.node.kind != "startEvent" or part.node.scope is not None:
        raise NotFound("流程图中没有可以由此启动的开始事件。", element_id=where)
    machine.called = command.called
    machine.frame.write(command.variables, where)
    machine.watch()
    machine.enter(where)


def _complete(machine: Machine, command: Complete) -> None:
    token = machine.demand(command.task_id, PersonTask, "任务")
    token.task_spec.finish_by_person(token, command.variables)


def _timer(machine: Machine, command: TimerFired) -> None:
    token = machine.demand(command.timer_id, CatchEvent, "计时")
    due = token.internal_data.get("due")
    if due is None or datetime.fromisoformat(due) > machine.now:
        raise Conflict("计时还没有到期，不能触发。", id=command.timer_id)
    machine.seen_at = command.seen_at
    token.task_spec.fire(token)


def _correlate(machine: Machine, command: Correlate) -> None:
    token = machine.demand(command.subscription_id, CatchEvent, "消息")
    if not isinstance(token.task_spec.trigger, MessageTrigger):
        raise Conflict("这里等待的是计时，不是消息。", id=command.subscription_id)
    token.workflow.frame.write(command.variables, token.task_spec.bpmn_id)
    token.task_spec.fire(token, command.variables)


def _returned(machine: Machine, command: ServiceReturned) -> None:
    token = machine.demand(command.call_id, Service, "服务调用")
    token.task_spec.returned(token, command.result)


def _failed(machine: Machine, command: ServiceFailed) -> None:
    token = machine.demand(command.call_id, Service, "服务调用")
    token.workflow.frame.write(command.variables, token.task_spec.bpmn_id)
    throw_error(token, command.error_code)


def _call_escalated(machine: Machine, command: CallEscalated) -> None:
    throw(machine.demand(command.call_id, LateCall, "流程调用"), "escalation", command.code)


def _cancel(machine: Machine, _command: Cancel) -> None:
    if not machine.live:
        raise Conflict("流程实例已经结束，不能撤销。")
    machine.clear()


def _broadcast(machine: Machine, command: Broadcast) -> None:
    broadcast(machine, command.signal, dict(command.variables))


def _set_variables(machine: Machine, command: SetVariables) -> None:
    if not machine.live:
        raise Conflict("流程实例已经结束，不能再改变量。")
    machine.frame.write(command.variables)


def _throw_error(machine: Machine, command: ThrowError) -> None:
    _throw(machine, command, "error", "错误")


def _escalate(machine: Machine, command: ThrowEscalation) -> None:
    _throw(machine, command, "escalation", "升级")


def _throw(machine: Machine, command: ThrowError | ThrowEscalation, kind: str, what: str) -> None:
    token = machine.demand(command.task_id, PersonTask, "任务")
    token.workflow.frame.write(command.variables, token.task_spec.bpmn_id)
    if not throw(token, kind, command.code):
        raise Conflict(f"流程图中没有处理{what}“{command.code}”的边界事件或事件子流程，不能抛出。")


HANDLERS: Mapping[type, Callable[[Machine, Any], None]] = {
    Start: _start,
    Complete: _complete,
    TimerFired: _timer,
    Correlate: _correlate,
    ServiceReturned: _returned,
    ServiceFailed: _failed,
    CallEscalated: _call_escalated,
    Cancel: _cancel,
    Broadcast: _broadcast,
    SetVariables: _set_variables,
    ThrowError: _throw_error,
    ThrowEscalation: _escalate,
    Modify: modify,
    Return: go_back,
}
