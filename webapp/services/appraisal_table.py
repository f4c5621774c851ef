"""Decision table D6 年度考核影响: what it is asked of a year, and its answer outside a process."""

from collections.abc import Iterable, Mapping
from typing import Any

from webapp.domain import appraisals
from webapp.persistence import finders
from webapp.services.dossier import measures_that_stand
from webapp.services.office import Work

TABLE = "d06_annual_appraisal"
# The process that carries the table.
CARRIER = "p02a_periodic_note"


def asked(measures: Iterable[Mapping[str, Any]], year: int) -> dict[str, object]:
    """The table's inputs for a year, of registered measures; nothing of what is still being looked into is told."""
    taken = [
        appraisals.Taken(row["track"], row["kind"], row["decided_on"], row["restored_on"]) for row in measures
    ]
    return {**appraisals.of_year(taken, year), "under_investigation": False}


def effect_on(work: Work, person_id: str, year: int) -> Mapping[str, Any]:
    """What the newest version of the table says of a cadre's appraisal for a year; empty when there is none."""
    row = finders.latest_definition(work, CARRIER)
    if row is None:
        return {}
    table = work.definition(row["digest"], row["key"]).decisions[TABLE]
    given = {"note": asked(measures_that_stand(work, person_id), year)}
    value = table.decide(TABLE, given, now=work.now, functions={}).value
    first = value[0] if isinstance(value, list) and value else value
    return first if isinstance(first, Mapping) else {}
