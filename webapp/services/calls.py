"""Calls of processes deployed on their own 调用已发布的流程: begun, heard of, called off in the caller's step.

The called process has an instance, a version and a diagram of its own; both move in one transaction and one event.
"""

from collections.abc import Callable, Mapping
from typing import Any

from webapp import engine as bpmn
from webapp.domain.errors import NotFound, Refused
from webapp.persistence import finders
from webapp.persistence.models.runtime import process_call, process_instance
from webapp.services import runs
from webapp.services.office import STANDARD_VARIABLES, Work
from webapp.services.runs import Applied, Run

DEEPEST = 10
# How a command is done on an instance, rows and all.
Apply = Callable[[Run, bpmn.Command], Applied]


def begin(run: Run, call: bpmn.ServiceCall, apply: Apply) -> list[bpmn.Command]:
    """Begin what an instance calls, in the version it names or the latest that may begin → what it hears at once."""
    if run.depth >= DEEPEST:
        raise Refused(f"流程调用超过{DEEPEST}层，可能在反复调用自己，请检查流程图。")
    work, row = run.work, _version(run.work, call)
    inner, command = runs.new(work, row, run.case, variables=call.inputs, started_by="system", caller=run)
    applied = apply(inner, command)
    link = {
        "instance_id": inner.instance_id,
        "caller_id": run.instance_id,
        "call_id": call.id,
        "element_id": call.element_id,
    }
    work.insert(process_call, link)
    run.others.append(applied)
    return _news(inner, call.id, applied.finished)


def _version(work: Work, call: bpmn.ServiceCall) -> Mapping[str, Any]:
    found = finders.versions_of(work, call.process or "")
    if call.version is None:
        fitting = [row for row in found if row["state"] == "active"]
    else:
        fitting = [row for row in found if row["version"] == call.version]
    if not fitting:
        which = "可以启动的版本" if call.version is None else f"第{call.version}版"
        raise Refused(f"环节“{call.element_id}”调用的流程“{call.process}”没有{which}，请联系流程设计员。")
    return fitting[0]


def _news(inner: Run, call_id: str, finished: bool) -> list[bpmn.Command]:
    """What the caller has to be told: escalations, then how the called process ended, if it has."""
    thrown, inner.thrown = inner.thrown, []
    told: list[bpmn.Command] = [
        bpmn.CallEscalated(call_id, code) for kind, code in thrown if kind == "escalation"
    ]
    error = next((code for kind, code in thrown if kind == "error"), None)
    if error is not None:
        told.append(bpmn.ServiceFailed(call_id, error))
    elif finished:
        values = bpmn.variables(inner.state or b"")
        given = {name: value for name, value in values.items() if name not in STANDARD_VARIABLES}
        told.append(bpmn.ServiceReturned(call_id, given))
    return told


def tell_caller(inner: Run, finished: bool, apply: Apply) -> None:
    """After a step of a called process: its caller hears what was thrown, and goes on when it has ended."""
    work = inner.work
    link = work.get(process_call, instance_id=inner.instance_id)
    for command in _news(inner, link["call_id"], finished):
        caller, _ = runs.load(work, link["caller_id"])
        inner.others.append(apply(caller, command))
        if work.get(process_instance, id=inner.instance_id)["status"] == "cancelled":
            return


def call_off(run: Run, call_ids: list[str], apply: Apply) -> None:
    """What an instance no longer waits for is cancelled with it 撤销; what has ended by itself is left as it is."""
    work = run.work
    for link in work.all(process_call, call_id=call_ids) if call_ids else ():
        if work.get(process_instance, id=link["instance_id"])["status"] != "running":
            continue
        inner, _ = runs.load(work, link["instance_id"])
        run.others.append(apply(inner, bpmn.Cancel("caller")))
        ended = {"status": "cancelled", "ended_at": work.now}
        work.update(process_instance, {"id": inner.instance_id}, ended)


def awaited_at(work: Work, instance_id: str) -> set[str]:
    """The elements at which an instance waits for others it has called."""
    return {row["element_id"] for row in _waiting(work, instance_id)}


def call_at(work: Work, instance_id: str, element_id: str) -> str:
    """The call an instance waits for at an element; NotFound where it waits for none."""
    found = [row["call_id"] for row in _waiting(work, instance_id) if row["element_id"] == element_id]
    if not found:
        raise NotFound("流程没有停在这个环节。")
    return str(found[0])


def _waiting(work: Work, instance_id: str) -> list[Mapping[str, Any]]:
    links = work.all(process_call, caller_id=instance_id)
    ids = [row["instance_id"] for row in links]
    going = work.all(process_instance, id=ids, status=["running", "suspended"]) if ids else []
    left = {row["id"] for row in going}
    return [row for row in links if row["instance_id"] in left]


def is_awaited(work: Work, instance_id: str) -> bool:
    """Whether another running instance waits for this one."""
    link = work.one(process_call, instance_id=instance_id)
    return link is not None and work.get(process_instance, id=link["caller_id"])["status"] == "running"
