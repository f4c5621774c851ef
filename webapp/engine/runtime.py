"""``run``: one command on one state, nothing outside touched."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.exceptions import SpiffWorkflowException

from webapp.domain.errors import Conflict, NotFound
from webapp.engine import cache, codec, feel
from webapp.engine.activities import PersonTask, Service
from webapp.engine.events import CatchEvent
from webapp.engine.expressions import Functions, Text, compiled
from webapp.engine.faults import EngineError
from webapp.engine.machine import Machine
from webapp.engine.nouns import (
    Cancel,
    Command,
    Complete,
    Correlate,
    Definition,
    ServiceFailed,
    ServiceReturned,
    Start,
    Step,
    TimerFired,
    UserTask,
)


def run(
    state: bytes | None,
    definition: Definition,
    command: Command,
    *,
    now: datetime,
    seed: str,
    functions: Functions | None = None,
) -> Step:
    """Do ``command`` on ``state`` (None for ``Start``) and run on until the instance waits.

    Pure: the same arguments give the same bytes. ``Conflict`` when the task, timer, subscription or call is
    no longer open, or a timer is not yet due; ``EngineError`` when the diagram fails.
    """
    if now.tzinfo is None:
        raise ValueError("now must be an aware instant")
    specs = cache.specs_of(definition)
    now = now.astimezone(UTC)
    if state is None:
        machine = Machine(definition, specs, now=now, seed=seed, functions=functions)
    else:
        machine = codec.decode(state, definition, specs, now=now, seed=seed, functions=functions)
    if (state is None) != isinstance(command, Start):
        raise Conflict("流程实例已经启动，不能再次启动。" if state else "流程实例还没有启动，不能办理。")
    try:
        obey(machine, command)
    finally:
        cache.verify(definition)
    return machine.journal.step(codec.encode(machine), dict(machine.variables), not machine.live)


def obey(machine: Machine, command: Command) -> None:
    """Carry out ``command`` on a live machine and settle it."""
    try:
        _HANDLERS[type(command)](machine, command)
        machine.settle()
    except SpiffWorkflowException as error:
        raise EngineError(None, "engine.failed", f"流程引擎报告错误：{error}") from error
    except RecursionError as error:
        raise EngineError(None, "budget.depth", "流程嵌套过深，无法继续。") from error


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
    machine.write(command.variables, where)
    machine.enter(where)


def _complete(machine: Machine, command: Complete) -> None:
    token = machine.demand(command.task_id, PersonTask, "任务")
    token.task_spec.finish_by_person(token, command.variables)


def _timer(machine: Machine, command: TimerFired) -> None:
    token = machine.demand(command.timer_id, CatchEvent, "计时")
    due = token.internal_data.get("due")
    if due is None or datetime.fromisoformat(due) > machine.now:
        raise Conflict("计时还没有到期，不能触发。", id=command.timer_id)
    token.task_spec.fire(token)


def _correlate(machine: Machine, command: Correlate) -> None:
    token = machine.demand(command.subscription_id, CatchEvent, "消息")
    if "due" in token.internal_data:
        raise Conflict("这里等待的是计时，不是消息。", id=command.subscription_id)
    machine.write(command.variables, token.task_spec.bpmn_id)
    token.task_spec.fire(token, command.variables)


def _returned(machine: Machine, command: ServiceReturned) -> None:
    token = machine.demand(command.call_id, Service, "服务调用")
    token.task_spec.returned(token, command.result)


def _failed(machine: Machine, command: ServiceFailed) -> None:
    token = machine.demand(command.call_id, Service, "服务调用")
    machine.throw_error(token.workflow, token, command.error_code)


def _cancel(machine: Machine, _command: Cancel) -> None:
    if not machine.live:
        raise Conflict("流程实例已经结束，不能撤销。")
    machine.clear()


_HANDLERS: Mapping[type, Callable[[Machine, Any], None]] = {
    Start: _start,
    Complete: _complete,
    TimerFired: _timer,
    Correlate: _correlate,
    ServiceReturned: _returned,
    ServiceFailed: _failed,
    Cancel: _cancel,
}


def variables(state: bytes) -> Mapping[str, Any]:
    """The variables 变量 in a state, in their stored JSON form."""
    found: Mapping[str, Any] = codec.unpack(state)["vars"]
    return found


def open_tasks(state: bytes, definition: Definition) -> tuple[UserTask, ...]:
    """The user tasks open in a state: ids, names, forms, locals; assignment is told once, when they open."""
    machine = codec.decode(
        state, definition, cache.specs_of(definition), now=datetime(1970, 1, 1, tzinfo=UTC), seed=""
    )
    scopes = (machine, *machine.subprocesses.values())
    return tuple(
        token.task_spec.plain(token)
        for scope in scopes
        for token in scope.live.values()
        if isinstance(token.task_spec, PersonTask)
    )


def evaluate(
    expression: str,
    values: Mapping[str, Any],
    *,
    now: datetime,
    functions: Functions | None = None,
) -> Any:
    """The value of a FEEL expression (a leading ``=`` is allowed) over ``values`` in their stored form."""
    text = Text.read(expression, always_feel=True)
    if text is None or text.source is None:
        return None
    context = {name: feel.from_json(value) for name, value in values.items()}
    return compiled(text.source).evaluate(context, now=now, functions=functions)
