"""Compensation 补偿: what was done is undone by its handlers, latest first; and the cancelling of a transaction."""

from typing import Any

from SpiffWorkflow.util.task import TaskState

from webapp.engine.activities import PersonTask, Rules, Script, Service, Working
from webapp.engine.events import SendMessage
from webapp.engine.scopes import CallActivity, SubProcess
from webapp.engine.specs import fitting
from webapp.engine.tokens import Token


def handlers(done: list[Any], undoing: dict[str, str], only: str | None) -> list[str]:
    """The handlers of what was done, oldest first; of a sub-process without one those of what was done in it."""
    found = []
    for name, *inner in done:
        if only is None or name == only:
            found += (
                [undoing[name]] if name in undoing else handlers(inner[0] if inner else [], undoing, None)
            )
    return found


class Undoing(Working):
    """A compensation event or cancel end event: runs the handlers one after the other, then goes on."""

    def _run_hook(self, my_task: Token) -> bool | None:
        scope = my_task.workflow
        if self.part.node.event == "cancel":
            scope.clear(spare=my_task)
        todo = self._todo(scope)
        if not todo:
            return self._all_undone(my_task)
        my_task._set_state(TaskState.STARTED)
        my_task.internal_data["todo"] = todo
        self.one_done(my_task, my_task)
        return None

    def _todo(self, scope: Any) -> list[str]:
        only = self.part.undoes
        while scope is not scope.top_workflow and scope.host.task_spec.is_handler:
            scope = scope.host.workflow
        found = handlers(scope.done, self._wf_spec.undoing, only)
        scope.done = [] if only is None else [entry for entry in scope.done if entry[0] != only]
        return found

    def one_done(self, token: Token, _child: Token) -> None:
        """Run the next handler, or go on."""
        todo = token.internal_data["todo"]
        if not todo:
            del token.internal_data["todo"]
            if self._all_undone(token):
                token.complete()
            return
        child = token._add_child(self._wf_spec.task_specs[todo.pop()])
        child.task_spec._update(child)

    def _all_undone(self, token: Token) -> bool | None:
        if self.part.node.event != "cancel":
            return True
        self._leave_transaction(token)
        return None

    def _leave_transaction(self, token: Token) -> None:
        self.note(token, "left")
        host = token.workflow.host
        outer, catcher = host.workflow, fitting(host.task_spec.catchers, "cancel", "")
        token._set_state(TaskState.COMPLETED)
        for other in (host, *outer.group(host)):
            other.cancel()
        if catcher is not None:
            outer.enter(catcher.name)


class Handler(Working):
    """What makes a node a compensation handler 补偿处理: it reports to the event that asked for it."""

    def _on_complete(self, my_task: Token) -> None:
        self.leave(my_task)
        parent = my_task.workflow.tasks[my_task._parent]
        parent.task_spec.one_done(parent, my_task)


class UndoTask(Handler, PersonTask):
    """A person undoes."""


class UndoService(Handler, Service):
    """A service undoes."""


class UndoScript(Handler, Script):
    """A script undoes."""


class UndoDecision(Handler, Rules):
    """A decision is asked."""


class UndoMessage(Handler, SendMessage):
    """A message undoes."""


class UndoSubProcess(Handler, SubProcess):
    """A sub-process undoes."""


class UndoCall(Handler, CallActivity):
    """A called process undoes."""


HANDLERS: dict[str, type[Handler]] = {
    "userTask": UndoTask,
    "serviceTask": UndoService,
    "scriptTask": UndoScript,
    "businessRuleTask": UndoDecision,
    "sendTask": UndoMessage,
    "subProcess": UndoSubProcess,
    "callActivity": UndoCall,
}
