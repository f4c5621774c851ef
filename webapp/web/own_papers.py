"""The own part of finished steps 本人部分, drawn for the cadre's pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from webapp.domain.fields import flat
from webapp.domain.workdays import local_date, zh_date
from webapp.queries import mine, own_parts, parts
from webapp.queries.appeals import AppealLine
from webapp.services import forms as service
from webapp.services import looking
from webapp.services.history import definition
from webapp.services.office import calendar_of
from webapp.web import forms
from webapp.web.session import now, office, today


@dataclass(frozen=True, slots=True)
class Paper:
    """One record 材料 the cadre may read; ``group``: decision, statement, help or visit."""

    case_id: str
    title: str
    group: str
    closed_on: date
    form: parts.FormView


@dataclass(frozen=True, slots=True)
class OwnSight:
    """What the cadre sees beside an own task 本人签字: the decision and the record to be signed."""

    matter: mine.Matter
    papers: tuple[Paper, ...]


def at_task(reads: Any, row: Mapping[str, Any], person_id: str | None) -> OwnSight | None:
    """The own matter a task belongs to; None for everybody but the cadre whose matter it is."""
    case = mine.of_case(reads, row["case_id"], person_id) if row["case_id"] and person_id else None
    if case is None:
        return None
    (matter,) = mine.matters(reads, [case], calendar_of(reads), today())
    return OwnSight(matter, drawn(reads, own_parts.of_visit(reads, row["case_id"], row["instance_id"])))


def with_texts(reads: Any, lines: tuple[AppealLine, ...]) -> tuple[AppealLine, ...]:
    """Appeals with what was written in them, for those who may read it."""
    values = looking.many_values(reads, office(), "appeal", [one.id for one in lines])
    return tuple(
        replace(
            one,
            text=str(values[one.id].get("text", "")),
            late_reason=str(values[one.id].get("late_reason", "")),
        )
        for one in lines
    )


def drawn(reads: Any, done: Iterable[own_parts.Done]) -> tuple[Paper, ...]:
    """The records with what stands in their own fields; those in which nothing stands are left out."""
    chosen = list(done)
    values = looking.many_values(reads, office(), "form", [one.task_id for one in chosen])
    papers = []
    for one in chosen:
        view = _form(reads, one, values[one.task_id])
        if view.fields:
            papers.append(Paper(one.case_id, one.part.title, one.part.group, local_date(one.closed_at), view))
    return tuple(papers)


def _form(reads: Any, one: own_parts.Done, values: dict[str, object]) -> parts.FormView:
    whole = service.fields_of_task(definition(office(), one.digest, one.process_key), one.form_key)
    fields = tuple(field for field in flat(whole) if field.key in one.part.keys)
    personal = {key: value for key, value in values.items() if key in one.part.keys}
    stored = forms.stored(fields, personal, one.variables)
    view = forms.draw(reads, fields, stored, variables=one.variables, now=now(), readonly=True)
    return replace(view, fields=tuple(said(field) for field in view.fields if field.shown or field.rows))


def said(field: parts.Field) -> parts.Field:
    """A field with its day as an office writes it."""
    if field.kind != "date":
        rows = tuple(tuple(said(cell) for cell in row) for row in field.rows)
        return replace(field, rows=rows) if rows else field
    try:
        return replace(field, shown=zh_date(date.fromisoformat(field.shown)))
    except ValueError:
        return field
