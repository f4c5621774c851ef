"""What a review 复核、审批 decides about: the form handed in at the step it could send back to."""

from dataclasses import dataclass
from typing import Any

from webapp.domain import events
from webapp.domain.access import Actor
from webapp.domain.errors import Refused
from webapp.queries import parts, tasks
from webapp.services import looking, returning
from webapp.web import forms
from webapp.web.files import file_refs
from webapp.web.session import now, office, read_event


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One step's name, what was handed in at it, and the event by which reading it is logged."""

    name: str
    form: parts.FormView
    read: events.Event


def at_task(reads: Any, actor: Actor, sight: looking.Sight) -> tuple[Reviewed, ...]:
    """The last answers before an open task, for whoever reads the whole case and may see that step."""
    if sight.row["status"] != "open" or not (sight.whole and sight.case_id):
        return ()
    found = []
    for node in returning.targets(sight.definition, sight.node):
        done = tasks.last_done(reads, sight.row["instance_id"], node.id)
        found += _one(reads, actor, done) if done else []
    return tuple(found)


def _one(reads: Any, actor: Actor, task_id: str) -> list[Reviewed]:
    try:
        sight = looking.at_task(office(), actor, task_id)
    except Refused:
        return []
    personal = looking.values_of(reads, office(), "form", task_id)
    files = {one.id: one for one in file_refs(reads, tasks.files_of(reads, work_item_id=task_id))}
    stored = forms.stored(sight.fields, personal, sight.variables)
    view = forms.draw(reads, sight.fields, stored, variables={}, now=now(), readonly=True, files=files)
    read = read_event(actor, "task", task_id=task_id, case_id=sight.case_id)
    return [Reviewed(sight.row["name"], view, read)]
