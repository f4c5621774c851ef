"""``run``: one command on one state, nothing outside touched."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.exceptions import SpiffWorkflowException

from webapp.domain.errors import Conflict, Refused
from webapp.engine import cache, codec, feel
from webapp.engine.activities import PersonTask
from webapp.engine.commands import Command, Start
from webapp.engine.expressions import Functions, Text, compiled, kept
from webapp.engine.faults import EngineError
from webapp.engine.handlers import HANDLERS
from webapp.engine.machine import Machine
from webapp.engine.nouns import Catch, Definition, Step, UserTask
from webapp.engine.scopes import nearest, whole_of


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
    variables = dict(machine.variables)
    return machine.journal.step(codec.encode(machine), variables, not machine.live, called=machine.called)


def obey(machine: Machine, command: Command) -> None:
    """Carry out ``command`` on a live machine and settle it."""
    try:
        HANDLERS[type(command)](machine, command)
        machine.settle()
    except SpiffWorkflowException as error:
        raise EngineError(None, "engine.failed", f"流程引擎报告错误：{error}") from error
    except RecursionError as error:
        raise EngineError(None, "budget.depth", "流程嵌套过深，无法继续。") from error


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


def caught(state: bytes, definition: Definition, task_id: str, kind: str, code: str) -> Catch | None:
    """Who would catch an error or escalation thrown from an open task; None when nobody would."""
    machine = codec.decode(
        state, definition, cache.specs_of(definition), now=datetime(1970, 1, 1, tzinfo=UTC), seed=""
    )
    token = machine.demand(task_id, PersonTask, "任务")
    found = nearest(token, kind, code)
    if found is None:
        return None
    at, _, catcher = found
    return Catch(catcher.name, at is not None and at is whole_of(token), catcher.interrupting)


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


def decide(
    definition: Definition,
    decision_id: str,
    values: Mapping[str, Any],
    *,
    now: datetime,
    functions: Functions | None = None,
) -> list[dict[str, Any]]:
    """What a decision of a bundle answers to ``values``, rule by rule, in stored form: output name → value.

    EngineError when it cannot be decided; an answer without names stands under its column's or the decision's.
    """
    model = definition.decisions[decision_id]
    try:
        outcome = model.decide(decision_id, dict(values), now=now, functions=functions)
    except (Refused, ArithmeticError, TypeError, ValueError) as error:
        raise EngineError(
            None, "decision.failed", f"决策“{decision_id}”计算失败：{getattr(error, 'sentence', error)}"
        ) from error
    found = outcome.value if isinstance(outcome.value, list) else [outcome.value]
    return [
        {str(name): kept(item) for name, item in one.items()}
        if isinstance(one, Mapping)
        else {model.answer_name(decision_id): kept(one)}
        for one in found
        if one is not None
    ]
