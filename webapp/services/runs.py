"""One instance in hand 办理中的流程实例: begun or loaded within a transaction, and what a command did to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from uuid_utils import uuid7

from webapp import engine as bpmn
from webapp.domain.errors import Conflict, NotFound
from webapp.domain.history import digest
from webapp.persistence import finders
from webapp.persistence.models import runtime
from webapp.services import signals, start_conditions
from webapp.services.desk import CaseStanding, standing
from webapp.services.office import Work


@dataclass(slots=True)
class Run:
    """One instance being moved inside a transaction 办理中的流程实例."""

    work: Work
    instance_id: str
    definition_id: str
    definition: bpmn.Definition
    state: bytes | None
    rev: int
    stream: str
    case: CaseStanding | None
    acts: list[dict[str, object]] = field(default_factory=list)
    # The timer that moves it: its job is finished by whoever fires it.
    fired: str | None = None
    # Of calls between instances: how deep this one lies, what it threw, what became of others moved with it.
    depth: int = 0
    # False while its caller is in the middle of its own step, or when it is called off.
    tells: bool = True
    thrown: list[tuple[str, str]] = field(default_factory=list)
    others: list["Applied"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Applied:
    """What one command did to an instance; ``facts`` is the event's account of it."""

    opened: tuple[bpmn.UserTask, ...]
    finished: bool
    facts: Mapping[str, object]


def new(
    work: Work,
    definition_row: Mapping[str, Any],
    case: CaseStanding | None,
    *,
    variables: Mapping[str, object],
    started_by: str,
    message: str | None = None,
    element_id: str | None = None,
    caller: Run | None = None,
) -> tuple[Run, bpmn.Start]:
    """A new instance with the command that starts it; at the start event of ``message`` or the one named.

    ``caller``: the instance whose call activity waits for this one. Conflict while the starts of the version are
    stopped 暂停启动.
    """
    require_may_begin(definition_row)
    definition = work.definition(definition_row["digest"], definition_row["key"])
    instance_id = str(uuid7())
    stream = case.stream if case else caller.stream if caller else f"instance:{instance_id}"
    depth = caller.depth + 1 if caller else 0
    run = Run(
        work, instance_id, definition_row["id"], definition, None, 0, stream, case, depth=depth, tells=caller is None
    )  # fmt: skip
    work.lock_stream(stream)
    work.insert(runtime.process_instance, _row(run, started_by))
    where = element_id or _start_event(definition, message)
    start = bpmn.Start({**standard_variables(work, case), **variables}, where, called=caller is not None)
    return run, start


def require_may_begin(definition_row: Mapping[str, Any]) -> None:
    """Conflict while two designers have stopped the starts of the version 暂停启动."""
    if definition_row.get("state") == "suspended":
        raise Conflict(f"流程“{definition_row['name']}”已暂停启动，恢复启动后才能办理。")


def _row(run: Run, started_by: str) -> dict[str, Any]:
    return {
        "id": run.instance_id,
        "definition_id": run.definition_id,
        "case_id": run.case.id if run.case else None,
        "stream": run.stream,
        "state": b"",
        "state_digest": digest(b""),
        "rev": 0,
        "status": "running",
        "started_at": run.work.now,
        "started_by": started_by,
    }


def standard_variables(work: Work, case: CaseStanding | None) -> dict[str, object]:
    """What every process of a case starts with."""
    if case is None:
        return {"today": work.today.isoformat()}
    return {
        "caseId": case.id,
        "caseNo": case.number,
        "cadreId": case.person_id,
        "managedBy": case.committee_id,
        "unitId": case.unit_id,
        "today": work.today.isoformat(),
    }


def _start_event(definition: bpmn.Definition, message: str | None) -> str | None:
    if message is None:
        return None
    if message in (by_condition := start_conditions.heard(definition)):
        return by_condition[message]
    for node in definition.nodes.values():
        heard = node.message or signals.starting(node.signal or "", definition.key)
        if node.kind == "startEvent" and node.scope is None and heard == message:
            return node.id
    raise NotFound(f"流程“{definition.name}”没有由消息“{message}”启动的开始事件。")


def load(work: Work, instance_id: str) -> tuple[Run, Mapping[str, Any]]:
    """A running instance, locked; NotFound or Conflict when it does not run."""
    row = finders.load_instance(work, instance_id)
    run = running(work, row)
    assert row is not None
    return run, row


def running(work: Work, row: Mapping[str, Any] | None) -> Run:
    """What ``finders.load_instance`` found, as ``load`` gives it."""
    if row is None:
        raise NotFound("没有找到该流程实例。")
    if row["instance_status"] != "running":
        raise Conflict("该流程目前已暂停或已结束。")
    return _run(work, row)


def at_rest(work: Work, instance_id: str) -> Run:
    """An instance, locked, whether it runs or not: for what is only noted about it."""
    row = finders.load_instance(work, instance_id)
    if row is None:
        raise NotFound("没有找到该流程实例。")
    return _run(work, row)


def _run(work: Work, row: Mapping[str, Any]) -> Run:
    definition = work.definition(row["definition_digest"], row["definition_key"])
    return Run(
        work,
        row["instance_id"],
        row["definition_id"],
        definition,
        row["instance_state"],
        row["instance_rev"],
        row["stream_name"],
        standing(work, row),
    )
