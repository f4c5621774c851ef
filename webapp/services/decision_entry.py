"""A decision entered by the second door 登记处分（处理）决定, held against the register before it becomes a measure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from webapp.domain import registration as rules
from webapp.domain.errors import Invalid
from webapp.domain.fields import Field
from webapp.services import forms
from webapp.services.dossier import registered_before
from webapp.services.forms import Answers, Posted
from webapp.services.impact_table import months_of, terms_of
from webapp.services.office import Work

PROCESS = "p06_sanction_intake"
LONGEST_MONTHS = 3


def fill(
    work: Work,
    process_key: str,
    person_id: str,
    fields: tuple[Field, ...],
    posted: Posted,
    case_id: str | None,
) -> Answers:
    """The first form of a door checked; Invalid with all that is wrong with form and decision at once."""
    found = problems(work, person_id, posted) if process_key == PROCESS else {}
    try:
        answers = forms.fill(work, fields, posted, {}, case_id=case_id)
    except Invalid as invalid:
        raise Invalid({**found, **invalid.problems}) from None
    if found:
        raise Invalid(found)
    return answers


def problems(
    work: Work, person_id: str, values: Mapping[str, Any], *, case_id: str | None = None
) -> dict[str, str]:
    """What is wrong with a decision as typed or as the process knows it, by field of its form."""
    entry = _entry(values)
    kind = entry.measure
    months = months_of(work, kind.track, kind.code, case_id=case_id) if kind else {}
    found = rules.problems(entry, terms_of(months), work.today)
    if kind:
        known = registered_before(work, person_id, kind.track, kind.code, entry.document_no)
        found |= {"decision_no": known.sentence} if known else {}
    return found


def _entry(values: Mapping[str, Any]) -> rules.Entry:
    months = _text(values, "months_decided")
    readable = months.isascii() and months.isdecimal() and len(months) <= LONGEST_MONTHS
    return rules.Entry(
        track=_text(values, "track") or None,
        kind=_text(values, "kind") or None,
        decided_on=_day(values, "decided_on"),
        effective_on=_day(values, "effective_on"),
        months_decided=int(months) if readable else None,
        document_no=_text(values, "decision_no"),
        is_late=_text(values, "late_entry") == "yes",
    )


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if isinstance(value, list):
        value = value[0] if value else ""
    return "" if value is None else str(value).strip()


def _day(values: Mapping[str, Any], name: str) -> date | None:
    try:
        return date.fromisoformat(_text(values, name)[:10])
    except ValueError:
        return None
