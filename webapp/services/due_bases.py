"""The basis of a task's due day 时限依据, worked out when the task opens, from what its diagram writes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from webapp import engine as bpmn
from webapp.domain import due_basis


def stored(node: bpmn.Node, task: bpmn.UserTask, state: bytes | None, today: date) -> str | None:
    """As it is kept beside the task; None for a task without a day, or with one that is no simple count."""
    if task.due_at is None or not node.due:
        return None
    found = due_basis.of_expression(node.due, today, lambda path: _held(path, task, state))
    return found.stored if found else None


def _held(path: str, task: bpmn.UserTask, state: bytes | None) -> object:
    held: Any = {**bpmn.variables(state or b""), **task.locals}
    for name in path.split("."):
        held = held.get(name) if isinstance(held, Mapping) else None
    return held
