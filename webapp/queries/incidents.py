"""Open incidents 流程异常: what failed, where, since when, and what a program outside said of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from webapp.persistence.models import cases, repository, runtime
from webapp.persistence.unit_of_work import Reads
from webapp.queries.parts import PAGE_SIZE, Paging, paging


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident; ``said``: by the program whose task it is, '' for all others."""

    id: str
    sentence: str
    said: str
    code: str
    process: str
    element_id: str
    case_no: str
    opened_at: datetime
    may_retry: bool


@dataclass(frozen=True, slots=True)
class IncidentsView:
    """The page of open incidents."""

    rows: tuple[IncidentRow, ...]
    paging: Paging


def index(reads: Reads, page: int) -> IncidentsView:
    """The incidents nobody has settled yet, oldest first."""
    found = reads.fetch_all(_query().limit(PAGE_SIZE + 1).offset(PAGE_SIZE * (page - 1)))
    rows = tuple(
        IncidentRow(
            row["id"],
            row["sentence"],
            row["said"] or "",
            row["code"],
            row["process"] or "",
            row["element_id"] or "",
            row["number"] or "",
            row["opened_at"],
            row["job_id"] is not None or row["code"] == "MESSAGE_FAILED",
        )
        for row in found[:PAGE_SIZE]
    )
    return IncidentsView(rows, paging(page, len(found)))


def _query() -> Select[Any]:
    incident, case = runtime.incident, cases.case_file
    instance, definition, task = runtime.process_instance, repository.definition, runtime.external_task
    source = (
        incident.outerjoin(instance, instance.c.id == incident.c.instance_id)
        .outerjoin(definition, definition.c.id == instance.c.definition_id)
        .outerjoin(case, case.c.id == incident.c.case_id)
        .outerjoin(task, task.c.id == incident.c.job_id)
    )
    columns = [*incident.c, definition.c.name.label("process"), case.c.number, task.c.error.label("said")]
    return (
        select(*columns)
        .select_from(source)
        .where(incident.c.resolved_at.is_(None))
        .order_by(incident.c.opened_at, incident.c.id)
    )
