"""Decision table D1 影响期 asked outside a process: how many months a kind of measure bars."""

from collections.abc import Mapping
from typing import Any

from webapp.engine import Definition
from webapp.persistence import finders
from webapp.persistence.models import repository, runtime
from webapp.services.office import Work

TABLE = "d01_impact_period"
# The process that carries the table when no case says which version holds.
CARRIER = "p06_sanction_intake"


def months_of(work: Work, track: str, kind: str, *, case_id: str | None = None) -> Mapping[str, Any]:
    """D1's row for the measure, in the version the case is bound to (F19); empty when there is none."""
    definition = (_of_case(work, case_id) if case_id else None) or _newest(work)
    if definition is None:
        return {}
    table = definition.decisions[TABLE]
    value = table.decide(TABLE, {"track": track, "kind": kind}, now=work.now, functions={}).value
    first = value[0] if isinstance(value, list) and value else value
    return first if isinstance(first, Mapping) else {}


def terms_of(months: Mapping[str, Any]) -> list[int]:
    """The months of a row's bars, without those it does not set."""
    given = [months.get(bar) for bar in ("promotion", "equal", "leading")]
    return [int(one) for one in given if one]


def _newest(work: Work) -> Definition | None:
    row = finders.latest_definition(work, CARRIER)
    return work.definition(row["digest"], row["key"]) if row else None


def _of_case(work: Work, case_id: str) -> Definition | None:
    """The first process of the case that carries D1."""
    rows = work.all(runtime.process_instance, case_id=case_id, order=("started_at", "id"))
    for row in rows:
        deployed = work.get(repository.definition, id=row["definition_id"])
        definition = work.definition(deployed["digest"], deployed["key"])
        if TABLE in definition.decisions:
            return definition
    return None
