"""Form fields with what stands in them → the values the form templates draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from webapp.domain import formats
from webapp.domain.fields import PICKERS, Field, flat
from webapp.domain.workdays import local_date
from webapp.queries import parts, pickers
from webapp.services import forms as service
from webapp.web.posting import PREFIX, Form, index_of, texts

UNSEEN = frozenset({"separator", "spacer"})
DRAWN_AS = {"table": "dynamiclist", "member": "person", "time": "textfield", "datetime": "textfield"}
ACCEPT = ".pdf,.ofd,.docx,.xlsx,.jpg,.jpeg,.png"


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the drawing of one form needs besides its fields."""

    reads: Any
    form: Form
    shown: frozenset[str]
    problems: Mapping[str, str] = field(default_factory=dict)
    revealing: frozenset[str] = frozenset()
    files: Mapping[str, parts.FileRef] = field(default_factory=dict)
    readonly: bool = False
    today: date = date.min


def draw(
    reads: Any,
    fields: Sequence[Field],
    form: Form,
    *,
    variables: Mapping[str, object],
    now: datetime,
    problems: Mapping[str, str] | None = None,
    draft_saved_at: datetime | None = None,
    readonly: bool = False,
    files: Mapping[str, parts.FileRef] | None = None,
) -> parts.FormView:
    """The form as it is drawn now: hidden fields left out, wrong ones with their sentence."""
    shown = service.visible_keys(tuple(fields), form.posted, variables, now=now)
    drawing = Drawing(
        reads, form, shown, problems or {}, service.revealing(tuple(fields)), files or {}, readonly,
        local_date(now),
    )  # fmt: skip
    wrong = tuple(parts.Problem(_html(name), sentence) for name, sentence in drawing.problems.items())
    return parts.FormView(_all(fields, drawing), wrong, readonly, draft_saved_at, 0)


def _html(name: str) -> str:
    return f"{PREFIX}{name}" if name else ""


def _all(fields: Sequence[Field], drawing: Drawing) -> tuple[parts.Field, ...]:
    return tuple(
        _one(one, one.key, drawing) for one in fields if one.key in drawing.shown and one.kind not in UNSEEN
    )


def _one(one: Field, name: str, drawing: Drawing) -> parts.Field:
    kind = DRAWN_AS.get(one.kind, one.kind)
    common: dict[str, Any] = {
        "key": one.key,
        "name": _html(name),
        "kind": kind,
        "label": plain_text(one.text) if kind == "text" else one.label,
        "description": one.description,
        "required": one.required,
        "readonly": one.read_only or drawing.readonly,
        "error": drawing.problems.get(name, ""),
        "reveals": one.key in drawing.revealing,
        "personal": one.is_input and one.personal and not drawing.readonly,
        "max_length": one.validate.max_length,
        "min": "" if one.validate.minimum is None else str(one.validate.minimum),
        "max": "" if one.validate.maximum is None else str(one.validate.maximum),
        "options": tuple(parts.Option(option.value, option.label) for option in one.options),
        "multiple": one.multiple,
        "accept": ACCEPT if kind == "filepicker" else "",
    }
    if kind == "date":
        common |= _span(one, name, drawing)
    if kind == "group":
        return parts.Field(**common, fields=_all(one.fields, drawing))
    if kind == "dynamiclist":
        return parts.Field(**common, rows=_rows(one, name, drawing))
    return parts.Field(**{**common, **_standing(one, name, kind, drawing)})


def _span(one: Field, name: str, drawing: Drawing) -> dict[str, str]:
    """The days a browser offers: those the rules will take, from the beginning typed beside it."""
    first, last = one.validate.span(drawing.today)
    if one.validate.not_before:
        beside = f"{name.rpartition('.')[0]}.{one.validate.not_before}".removeprefix(".")
        begun = _day("".join(texts(drawing.form.posted, beside)[:1]))
        first = max((day for day in (first, begun) if day is not None), default=None)
    return {"min": first.isoformat() if first else "", "max": last.isoformat() if last else ""}


def _day(text: str) -> date | None:
    try:
        return formats.day(text)
    except formats.Wrong:
        return None


def plain_text(text: str) -> str:
    """A static text without the marks of Markdown; it is never drawn as HTML."""
    lines = [line.lstrip("# ").replace("**", "").replace("`", "") for line in text.splitlines()]
    return "\n".join(line for line in lines if line.strip())


def _rows(one: Field, name: str, drawing: Drawing) -> tuple[tuple[parts.Field, ...], ...]:
    used = {
        index_of(key.split(".")[1]) or 0
        for key in drawing.form.posted
        if key.startswith(f"{name}.") and key.count(".") == 2
    }
    count = max([drawing.form.counts.get(name, 0), *(index + 1 for index in used)], default=0)
    if not count and one.required and not drawing.readonly:
        count = 1
    subs = [sub for sub in one.fields if sub.kind not in UNSEEN]
    return tuple(
        tuple(_one(sub, f"{name}.{index}.{sub.key}", drawing) for sub in subs)
        for index in range(min(count, 200))
    )


def _standing(one: Field, name: str, kind: str, drawing: Drawing) -> dict[str, Any]:
    """What stands in a field: as value, in words, and for a picker what is chosen and what was found."""
    written = texts(drawing.form.posted, name)
    if (
        not written
        and one.default not in (None, "")
        and name not in drawing.form.posted
        and not drawing.readonly
    ):
        written = (_text(one.default),)
    if kind in PICKERS:
        return _picked(one, name, kind, written, drawing)
    if kind == "filepicker":
        files = tuple(drawing.files[one_id] for one_id in written if one_id in drawing.files)
        return {"files": files, "shown": "、".join(file.name for file in files)}
    if kind == "checkbox":
        return {"value": bool(written), "shown": "是" if written else "否"}
    labels = {option.value: option.label for option in one.options}
    shown = "、".join(labels.get(text, text) for text in written)
    return {"value": written if kind in ("checklist", "taglist") else "".join(written[:1]), "shown": shown}


def _picked(one: Field, name: str, kind: str, written: tuple[str, ...], drawing: Drawing) -> dict[str, Any]:
    ids = [text for text in written if text]
    known = pickers.named(drawing.reads, kind, ids)
    chosen = tuple(known[one_id] for one_id in ids if one_id in known)
    search = drawing.form.searches.get(name, "")
    asked = drawing.form.redraw == f"search:{_html(name)}" or (search and not chosen)
    found = pickers.matches(drawing.reads, kind, search) if asked else ()
    options = tuple(option for option in found if option.value not in known)
    shown = "、".join(option.label for option in chosen)
    value: object = tuple(ids) if kind == "people" else "".join(ids[:1])
    return {"value": value, "shown": shown, "chosen": chosen, "options": options, "search": search}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    return value.isoformat() if isinstance(value, date) else str(value)


def prefilled(fields: Sequence[Field], variables: Mapping[str, object], *, now: datetime) -> Form:
    """A fresh form with what the process knows already: the fields whose ``prefill`` (FEEL) gives a value."""
    known: dict[str, object] = {}
    for one in flat(fields):
        source = dict(one.properties).get("prefill")
        value = service.compiled(source).evaluate(variables, now=now) if source else None
        if value is not None:
            known[one.key] = value
    return stored([replace(one, variable=None) for one in flat(fields) if one.key in known], known, {})


def stored(fields: Sequence[Field], personal: Mapping[str, object], variables: Mapping[str, object]) -> Form:
    """A form as it was submitted, put together again from its sealed values and its variables."""
    form = Form()
    for one in flat(fields):
        value = personal.get(one.key) if one.personal else variables.get(one.variable or "")
        if value is None or value == "":
            continue
        if isinstance(value, list | tuple):
            _store_list(form, one, list(value))
        elif isinstance(value, bool):
            if value:
                form.posted[one.key] = "true"
        else:
            form.posted[one.key] = str(value)
    return form


def _store_list(form: Form, one: Field, values: list[Any]) -> None:
    if one.kind not in ("dynamiclist", "table"):
        form.posted[one.key] = [str(item) for item in values]
        return
    form.counts[one.key] = len(values)
    for index, row in enumerate(values):
        cells = dict(row) if not isinstance(row, Mapping) else row
        for key, cell in cells.items():
            if cell not in (None, "", False):
                text = (
                    [str(item) for item in cell]
                    if isinstance(cell, list)
                    else "true"
                    if cell is True
                    else str(cell)
                )
                form.posted[f"{one.key}.{index}.{key}"] = text
