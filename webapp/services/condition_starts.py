"""Start conditions of a case asked once more 重新判断启动条件, by who may put its processes right."""

from collections.abc import Mapping
from typing import Any

from webapp import engine as bpmn
from webapp.domain import events
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict
from webapp.persistence.models import repository, runtime
from webapp.services import cases, corrections, start_conditions
from webapp.services.office import Office, Work
from webapp.services.starting import case_of


def evaluate(work: Work, actor: Actor, *, number: str, key: str | None = None) -> list[str]:
    """Start what the variables of the case's running processes fulfil now and does not run on it → outbox ids.

    ``key``: one process alone. Conflict for a case that is not open; nothing is written where nothing begins.
    """
    case_id = case_of(work.office, actor, number).id
    with work:
        case = cases.take_case(work, actor, case_id)
        corrections.either(actor, case.bodies, work.today)
        if case.status != "open":
            raise Conflict("该工作卷宗已暂停或者办结，不能启动新的流程。")
        running = work.all(
            runtime.process_instance, case_id=case_id, status="running", order=("started_at", "id")
        )
        rows = _fulfilled(work, running, case_id, key)
        if not rows:
            return []
        work.insert(runtime.outbox, list(rows.values()))
        work.after_commit(work.office.wake)
        ids = [str(row["id"]) for row in rows.values()]
        facts = {"messages": [[name, ""] for name in sorted(rows)], "outbox_ids": ids}
        told = events.ConditionsEvaluated(
            actor=actor, effective_at=work.now, stream=case.stream, case_id=case_id, facts=facts
        )
        work.commit(told)
    return ids


def _fulfilled(
    work: Work, running: list[Mapping[str, Any]], case_id: str, key: str | None
) -> dict[str, dict[str, Any]]:
    ids = sorted({one["definition_id"] for one in running})
    there = {row["key"] for row in work.all(repository.definition, id=ids)} if ids else set()
    found: dict[str, dict[str, Any]] = {}
    for one in running:
        met = start_conditions.holding(work, bpmn.variables(one["state"]), case_id, key)
        found |= {name: row for name, row in met.items() if name not in found}
    begun = {name for other in there for name in start_conditions.names_of(work, other)}
    return {name: row for name, row in found.items() if name not in begun}


def begun(office: Office, outbox_ids: list[str]) -> list[str]:
    """The instances that came of it so far; a worker begins the rest."""
    with office.glance() as look:
        rows = look.all(runtime.outbox, id=outbox_ids) if outbox_ids else []
    return [str(row["delivered_to"]) for row in rows if row["delivered_to"]]
