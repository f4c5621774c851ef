"""Activities done more than once: multi-instance ones at once or in turn, and the standard loop."""

from typing import Any

from webapp.engine.activities import PersonTask, Rules, Script, Service, Working
from webapp.engine.events import CatchEvent, SendMessage
from webapp.engine.expressions import kept
from webapp.engine.faults import EngineError
from webapp.engine.plan import Loop
from webapp.engine.scopes import CallActivity, SubProcess
from webapp.engine.tokens import Token

from SpiffWorkflow.util.task import TaskState  # isort: skip

MOST_INSTANCES = 300


class EachOf(Working):
    """A multi-instance activity 多实例: once per element, at once or one after the other."""

    each: str
    loop: Loop

    def _run_hook(self, my_task: Token) -> bool | None:
        items = self._items(my_task)
        if not items:
            return True
        my_task._set_state(TaskState.STARTED)
        my_task.internal_data["all"] = len(items)
        my_task.internal_data["done"] = 0
        my_task.internal_data["rest"] = items[1:] if self.loop.sequential else []
        for number, item in enumerate(items[:1] if self.loop.sequential else items):
            self._open(my_task, number, item)
        return None

    def _items(self, token: Token) -> list[Any]:
        machine, found = token.workflow.top_workflow, None
        if self.loop.cardinality is not None:
            found = self._counted(machine.value(self.loop.cardinality, token))
        elif self.loop.collection is not None:
            found = machine.value(self.loop.collection, token)
        if not isinstance(found, (list, tuple)):
            raise EngineError(self.bpmn_id, "loop.collection", "多实例任务的集合不是列表，或者没有值。")
        self._bound(len(found))
        return [kept(item) for item in found]

    def _counted(self, found: Any) -> list[int]:
        try:
            count = int(found)
        except (TypeError, ValueError) as error:
            raise EngineError(self.bpmn_id, "loop.cardinality", "多实例任务的次数不是整数。") from error
        if count < 0 or count != found:
            raise EngineError(self.bpmn_id, "loop.cardinality", f"多实例任务的次数“{found}”不是自然数。")
        self._bound(count)
        return list(range(count))

    def _bound(self, count: int) -> None:
        if count > MOST_INSTANCES:
            raise EngineError(
                self.bpmn_id, "loop.too_many", f"多实例任务最多{MOST_INSTANCES}个，现有{count}个。"
            )

    def _open(self, token: Token, number: int, item: Any) -> None:
        child = token._add_child(self._wf_spec.task_specs[self.each])
        found = {**token.internal_data.get("locals", {}), "loopCounter": number}
        if self.loop.variable:
            found[self.loop.variable] = item
        child.internal_data["locals"] = found
        child.task_spec._update(child)

    def one_done(self, token: Token, child: Token) -> None:
        """Count a finished instance; go on when all are done or the completion condition holds."""
        memo = token.internal_data
        memo["done"] += 1
        if self._enough(token, child) or memo["done"] == memo["all"]:
            self._end(token)
        elif memo["rest"]:
            item, memo["rest"] = memo["rest"][0], memo["rest"][1:]
            self._open(token, memo["done"], item)

    def _end(self, token: Token) -> None:
        memo = token.internal_data
        token.internal_data = {name: memo[name] for name in ("flow", "group") if name in memo}
        for child in self._active(token):
            child.cancel()
        token.complete()

    def _enough(self, token: Token, child: Token) -> bool:
        if self.loop.until is None:
            return False
        memo = token.internal_data
        counts = {
            "nrOfInstances": memo["all"],
            "nrOfCompletedInstances": memo["done"],
            "nrOfActiveInstances": len(self._active(token)),
        }
        return bool(token.workflow.top_workflow.value(self.loop.until, child, counts) is True)

    @staticmethod
    def _active(token: Token) -> list[Token]:
        live = token.workflow.live
        return [live[name] for name in token._children if name in live]


class Again(EachOf):
    """A standard loop 循环: once more while its condition holds, up to its maximum."""

    def _run_hook(self, my_task: Token) -> bool | None:
        my_task.internal_data["done"] = 0
        if self.loop.first and not self._goes_on(my_task, my_task):
            my_task.internal_data.pop("done")
            return True
        my_task._set_state(TaskState.STARTED)
        self._open(my_task, 0, None)
        return None

    def one_done(self, token: Token, child: Token) -> None:
        """Count, and do it once more if the condition holds."""
        token.internal_data["done"] += 1
        if self._goes_on(token, child):
            self._open(token, token.internal_data["done"], None)
        else:
            self._end(token)

    def _goes_on(self, token: Token, at: Token) -> bool:
        done = token.internal_data["done"]
        if self.loop.most is not None and done >= self.loop.most:
            return False
        if self.loop.until is None:
            return True
        found = token.workflow.top_workflow.value(self.loop.until, at, {"loopCounter": done})
        if not isinstance(found, bool):
            raise EngineError(self.bpmn_id, "condition.not_boolean", "循环条件的结果不是真或假。")
        return found


class One(Working):
    """What makes a node one instance of a repeated activity: it reports to the whole, moves are the whole's."""

    is_one = True

    def note(self, token: Token, kind: Any) -> None:
        """Moves are the whole's, not each instance's."""

    def leave(self, token: Token) -> None:
        """Nothing leaves here; the whole goes on when it is done."""

    def _on_complete(self, my_task: Token) -> None:
        parent = my_task.workflow.tasks[my_task._parent]
        parent.task_spec.one_done(parent, my_task)


class OneTask(One, PersonTask):
    """One of several user tasks."""


class OneService(One, Service):
    """One of several service calls."""


class OneScript(One, Script):
    """One run of a script."""


class OneDecision(One, Rules):
    """One asking of a decision."""


class OneMessage(One, SendMessage):
    """One of several messages sent."""


class OneCatch(One, CatchEvent):
    """One of several messages awaited."""


class OneSubProcess(One, SubProcess):
    """One run of a sub-process."""


class OneCall(One, CallActivity):
    """One run of a called process."""


class OnePass(One):
    """One passing of a task that does nothing."""


ONES: dict[str, type[One]] = {
    "userTask": OneTask,
    "serviceTask": OneService,
    "scriptTask": OneScript,
    "businessRuleTask": OneDecision,
    "sendTask": OneMessage,
    "receiveTask": OneCatch,
    "subProcess": OneSubProcess,
    "transaction": OneSubProcess,
    "callActivity": OneCall,
    "manualTask": OnePass,
    "task": OnePass,
}
