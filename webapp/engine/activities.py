"""The nodes where something is done: people's tasks, services, decisions, scripts."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from SpiffWorkflow.util.task import TaskState

from webapp.engine import dates
from webapp.engine.expressions import Text, kept
from webapp.engine.faults import EngineError
from webapp.engine.nouns import ClosedTask, DecisionTrace, ServiceCall, UserTask
from webapp.engine.plan import Part
from webapp.engine.specs import Lean
from webapp.engine.tokens import Token

_read = lru_cache(maxsize=8192)(Text.read)


class Working(Lean):
    """A node that always stands for a drawn part."""

    part: Part

    def __init__(self, wf_spec: Any, name: str, part: Part) -> None:
        super().__init__(wf_spec, name, part)

    def finish(self, token: Token, extra: Mapping[str, Any] | None = None) -> None:
        """Set the output parameters."""
        found = (
            token.workflow.top_workflow.mapped(self.part.outputs, token, extra) if self.part.outputs else {}
        )
        token.workflow.frame.write(found, self.bpmn_id)


class PersonTask(Working):
    """A user task 用户任务, or one instance of a multi-instance one."""

    exposed = True

    def __init__(self, wf_spec: Any, name: str, part: Part) -> None:
        super().__init__(wf_spec, name, part)
        self.manual = True

    def arrive(self, token: Token) -> None:
        """Open the task for people."""
        super().arrive(token)
        machine = token.workflow.top_workflow
        inputs = machine.mapped(self.part.inputs, token)
        if inputs:
            token.internal_data["locals"] = {**token.internal_data.get("locals", {}), **inputs}
        machine.journal.opened.append(self.opened(token))

    def opened(self, token: Token) -> UserTask:
        """The task as the caller stores it."""
        node = self.part.node
        assignee = self._people(node.assignee, token)
        return UserTask(
            id=token.id,
            element_id=node.id,
            name=node.name,
            form_key=node.form_key,
            groups=self._groups(token),
            people=self._people(node.candidate_users, token),
            assignee=assignee[0] if assignee else None,
            due_at=self._instant(node.due, token),
            follow_up_at=self._instant(node.follow_up, token),
            priority=self._priority(token),
            locals=dict(token.internal_data.get("locals", {})),
        )

    def plain(self, token: Token) -> UserTask:
        """The open task with its ids and locals only; nothing is evaluated again."""
        node = self.part.node
        return UserTask(
            token.id, node.id, node.name, node.form_key, locals=dict(token.internal_data.get("locals", {}))
        )

    def finish_by_person(self, token: Token, variables: Mapping[str, Any]) -> None:
        """Take in what the person entered and go on; a value named like a local one stays local."""
        own = {**token.workflow.around, **token.internal_data.get("locals", {})}
        scope = token.workflow
        scope.frame.write({name: value for name, value in variables.items() if name not in own}, self.bpmn_id)
        self.finish(token, {name: value for name, value in variables.items() if name in own})
        scope.top_workflow.journal.closed.append(ClosedTask(token.id, self.part.node.id, "completed"))
        token.run()

    def withdrawn(self, token: Token, was: int) -> None:
        """The task is no longer open."""
        super().withdrawn(token, was)
        if was == TaskState.READY:
            closed = ClosedTask(token.id, self.part.node.id, "cancelled")
            token.workflow.top_workflow.journal.closed.append(closed)

    def _value(self, text: str | None, token: Token) -> Any:
        read = _read(text)
        return None if read is None else token.workflow.top_workflow.value(read, token)

    def _people(self, text: str | None, token: Token) -> tuple[str, ...]:
        found = self._value(text, token)
        if isinstance(found, str):
            found = [name.strip() for name in found.split(",") if name.strip()]
        if found is None or found == []:
            return ()
        if not isinstance(found, (list, tuple)) or not all(isinstance(name, str) for name in found):
            raise EngineError(self.bpmn_id, "assignment.people", f"“{text}”的结果不是人员编号的列表。")
        return tuple(dict.fromkeys(found))

    def _groups(self, token: Token) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(
                name for group in self.part.node.candidate_groups for name in self._people(group, token)
            )
        )

    def _instant(self, text: str | None, token: Token) -> Any:
        found = self._value(text, token)
        if found is None:
            return None
        try:
            return dates.due(found, token.workflow.top_workflow.now)
        except dates.BadTime as error:
            raise EngineError(self.bpmn_id, "time.invalid", f"期限“{text}”无法计算：{error.zh}") from error

    def _priority(self, token: Token) -> int:
        found = self._value(self.part.node.priority, token)
        if found is None:
            return 50
        try:
            return int(found)
        except (TypeError, ValueError) as error:
            raise EngineError(self.bpmn_id, "priority.invalid", f"优先级“{found}”不是整数。") from error


class Service(Working):
    """A service task 服务任务: leaves the step as a ``ServiceCall`` and waits for its return."""

    exposed = True

    def _run_hook(self, my_task: Token) -> None:
        machine, node = my_task.workflow.top_workflow, self.part.node
        inputs = machine.mapped(self.part.inputs, my_task)
        machine.journal.calls.append(
            ServiceCall(my_task.id, node.id, node.delegate, inputs, node.result_variable, node.topic)
        )

    def returned(self, token: Token, result: Any) -> None:
        """Take in the result and go on."""
        frame, node = token.workflow.frame, self.part.node
        if node.result_variable:
            frame.write({node.result_variable: result}, node.id)
        elif node.topic and isinstance(result, Mapping):
            frame.write(result, node.id)
        self.finish(token, {"result": result})
        self.closed(token)
        token.complete()

    def closed(self, token: Token) -> None:
        """The call is no longer awaited."""
        token.workflow.top_workflow.journal.calls_closed.append(token.id)

    def withdrawn(self, token: Token, was: int) -> None:
        """The call is no longer awaited."""
        super().withdrawn(token, was)
        if was == TaskState.STARTED:
            self.closed(token)


class Script(Working):
    """A script task 脚本任务: a FEEL context, each entry of which becomes a variable."""

    def _run_hook(self, my_task: Token) -> bool:
        machine = my_task.workflow.top_workflow
        inputs = machine.mapped(self.part.inputs, my_task)
        found = machine.value(self.part.script, my_task, inputs)
        if not isinstance(found, Mapping):
            raise EngineError(self.bpmn_id, "script.not_context", "脚本的结果不是形如 {变量: 值} 的内容。")
        my_task.workflow.frame.write(found, self.bpmn_id)
        self.finish(my_task)
        return True


class Rules(Working):
    """A business rule task 业务规则任务: asks a decision table and keeps the trace of its answer."""

    def _run_hook(self, my_task: Token) -> bool:
        machine, node = my_task.workflow.top_workflow, self.part.node
        wanted = node.decision_ref or ""
        inputs = {**my_task.workflow.frame.context, **machine.mapped(self.part.inputs, my_task)}
        try:
            outcome = machine.definition.decisions[wanted].decide(
                wanted,
                inputs,
                now=machine.now,
                functions=machine.script_engine.environment.functions,
            )
        except Exception as error:
            raise EngineError(
                node.id, "decision.failed", f"决策“{wanted}”计算失败：{getattr(error, 'sentence', error)}"
            ) from error
        for trace in outcome.traces:
            machine.journal.decisions.append(
                DecisionTrace(
                    trace.decision_id,
                    node.id,
                    {name: kept(value) for name, value in trace.inputs.items()},
                    tuple(trace.rules_hit),
                    kept(trace.outputs),
                )
            )
        result = shaped(outcome.value, self.part.map_result)
        if node.result_variable:
            my_task.workflow.frame.write({node.result_variable: result}, node.id)
        self.finish(my_task, {"result": result})
        return True


def shaped(value: Any, how: str | None) -> Any:
    """The decision's value in the shape that ``mapDecisionResult`` names; unchanged without one."""
    if how == "singleEntry":
        return _only(_only(value))
    if how == "singleResult":
        return value[0] if isinstance(value, list) and len(value) == 1 else value
    if how == "collectEntries":
        return [_only(item) if isinstance(item, Mapping) else item for item in _listed(value)]
    return _listed(value) if how == "resultList" else value


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _only(value: Any) -> Any:
    if isinstance(value, list) and len(value) == 1:
        return value[0]
    if isinstance(value, Mapping) and len(value) == 1:
        return next(iter(value.values()))
    return value
