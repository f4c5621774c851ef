"""Call activities of a process deployed on its own 调用已发布的流程: the latest version, or the one that is named.

Which version that is, is known only when the call is made; so it leaves the step as a ``ServiceCall`` that names the
process, the caller begins an instance of it and hands back what came of it.
"""

from collections.abc import Mapping
from typing import Any

from webapp.engine import feel
from webapp.engine.activities import Service
from webapp.engine.frames import stored_form
from webapp.engine.nouns import ServiceCall
from webapp.engine.repeating import One
from webapp.engine.tokens import Token
from webapp.engine.undoing import Handler


class LateCall(Service):
    """A call activity 调用活动 of another process with an instance of its own."""

    def _run_hook(self, my_task: Token) -> None:
        machine, node = my_task.workflow.top_workflow, self.part.node
        given = dict(my_task.workflow.frame.values) if self.part.passes_all else {}
        given |= machine.mapped(self.part.inputs, my_task)
        call = ServiceCall(my_task.id, node.id, None, given, process=node.calls, version=node.calls_version)
        machine.journal.calls.append(call)

    def returned(self, token: Token, result: Any) -> None:
        """Take over what the diagram names of the variables the called process ended with, and go on."""
        machine, outer = token.workflow.top_workflow, token.workflow.frame
        given = dict(result) if isinstance(result, Mapping) else {}
        if self.part.returns_all:
            outer.write(given, self.bpmn_id)
        context = {name: feel.from_json(value) for name, value in given.items()}
        found: dict[str, Any] = {}
        for name, text in self.part.returns:
            found[name] = stored_form(name, machine.read(text, context, self.bpmn_id), self.bpmn_id)
        outer.write(found, self.bpmn_id)
        self.finish(token)
        self.closed(token)
        token.complete()


class OneLateCall(One, LateCall):
    """One run of a called process with an instance of its own."""


class UndoLateCall(Handler, LateCall):
    """A called process with an instance of its own undoes."""
