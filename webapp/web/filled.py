"""What stands in a form that was handed in, by field key and in words, for papers 文书 to be printed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from webapp.queries import own_parts, parts
from webapp.services import forms as service
from webapp.services import looking
from webapp.services.history import definition
from webapp.web import forms
from webapp.web.own_papers import said
from webapp.web.session import now, office

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """Field key → what stands there, '' for what is missing: it is left to be filled by hand."""

    texts: Mapping[str, str]
    lists: Mapping[str, Rows]

    def __getitem__(self, key: str) -> str:
        return self.texts.get(key, "")

    def rows(self, key: str) -> Rows:
        """The rows of a list, cell by cell."""
        return self.lists.get(key, ())

    def without(self, keys: Collection[str]) -> "Filled":
        """The same without some fields."""
        return Filled({key: text for key, text in self.texts.items() if key not in keys}, self.lists)


NOTHING = Filled({}, {})


def of_all(reads: Any, done: Mapping[str, own_parts.Done]) -> dict[str, Filled]:
    """Several handed-in forms by element, their sealed values opened in one statement."""
    values = looking.many_values(reads, office(), "form", [one.task_id for one in done.values()])
    return {element: _filled(reads, one, values[one.task_id]) for element, one in done.items()}


def of_one(reads: Any, done: own_parts.Done | None) -> Filled:
    """One handed-in form; nothing while its step is open."""
    return of_all(reads, {"": done})[""] if done is not None else NOTHING


def _filled(reads: Any, one: own_parts.Done, values: Mapping[str, object]) -> Filled:
    whole = service.fields_of_task(definition(office(), one.digest, one.process_key), one.form_key)
    stored = forms.stored(whole, values, one.variables)
    view = forms.draw(reads, whole, stored, variables=one.variables, now=now(), readonly=True)
    drawn = [said(field) for field in _flat(view.fields)]
    texts = {field.key: field.shown for field in drawn if field.shown and field.kind != "checkbox"}
    lists = {field.key: tuple(_cells(row) for row in field.rows) for field in drawn if field.rows}
    return Filled(texts, lists)


def _flat(fields: Iterable[parts.Field]) -> Iterable[parts.Field]:
    for field in fields:
        if field.kind == "group":
            yield from _flat(field.fields)
        else:
            yield field


def _cells(row: tuple[parts.Field, ...]) -> tuple[str, ...]:
    return tuple(field.shown for field in row)
