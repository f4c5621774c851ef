"""What a browser posted 提交内容 → posted strings by field name, searches, uploads and the redraw asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Request, abort, request

from webapp.queries.parts import Problem
from webapp.services.attachments import Upload

PREFIX = "f."
# Control characters nobody types: PostgreSQL keeps no NUL, and the rest could only mislead.
UNTYPED = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])
MOST_DIGITS = 3
LARGEST_FORM = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Form:
    """A posted form: ``posted`` by field name as the rules want it, the rest apart."""

    posted: dict[str, str | list[str]] = field(default_factory=dict)
    searches: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    uploads: dict[str, list[Upload]] = field(default_factory=dict)
    redraw: str = ""


def limit() -> None:
    """Only uploads may be large: a form without files is held to the size of its texts, before it is read.

    A part of a multipart form may come without a name; no form of ours has one, and nobody downstream expects it.
    """
    asked = request._get_current_object()  # type: ignore[attr-defined]
    if asked.mimetype != "multipart/form-data":
        asked.max_content_length = LARGEST_FORM
    elif any(name is None for name in (*asked.form, *asked.files)):
        abort(400)


def read(request: Request, *, prefix: str = PREFIX) -> Form:
    """Take the posted form apart; names outside ``prefix`` belong to the page, not to the form."""
    posted, files_posted = request.form, request.files
    form = Form(redraw=posted.get("redraw", "")[:200])
    for name, given in posted.lists():
        if name.startswith(prefix):
            _take(form, name.removeprefix(prefix), [_typed(value) for value in given])
    for name in files_posted:
        if name.startswith(prefix):
            files = [one for one in files_posted.getlist(name) if one.filename]
            found = [Upload(one.filename or "", one.read(), name.removeprefix(prefix)) for one in files]
            if found:
                form.uploads[name.removeprefix(prefix)] = found
    _alter_rows(form)
    return form


def _typed(value: str) -> str:
    return value if value.isprintable() else value.translate(UNTYPED)


def _take(form: Form, name: str, values: list[str]) -> None:
    if name.endswith(".search"):
        form.searches[name.removesuffix(".search")] = values[-1][:60]
    elif name.endswith(".count"):
        form.counts[name.removesuffix(".count")] = index_of(values[-1]) or 0
    elif name.endswith(".keep"):
        form.posted[name.removesuffix(".keep")] = values
    else:
        form.posted[name] = values[0] if len(values) == 1 else values


def unsent() -> tuple[Problem, ...]:
    """The reason typed beside a button whose act was refused, to be copied: the page it stood on is drawn anew."""
    told = request.form.get("reason", "").strip()
    return (Problem("", f"您填写的理由没有提交：{told}"),) if told else ()


def index_of(text: str) -> int | None:
    """A row's number or a count as posted; None for anything else."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def _alter_rows(form: Form) -> None:
    """Add or take away a row of a list, as its button asks."""
    what, _, rest = form.redraw.partition(":")
    if what == "add":
        name = rest.removeprefix(PREFIX)
        form.counts[name] = form.counts.get(name, 0) + 1
    if what == "remove":
        listed, _, index = rest.removeprefix(PREFIX).rpartition(":")
        if (row := index_of(index)) is not None:
            _remove_row(form, listed, row)


def _remove_row(form: Form, name: str, index: int) -> None:
    kept: dict[str, str | list[str]] = {}
    for key, value in form.posted.items():
        parts = key.split(".")
        row = index_of(parts[1]) if len(parts) == 3 and parts[0] == name else None
        if row == index:
            continue
        if row is not None:
            kept[f"{name}.{row - (row > index)}.{parts[2]}"] = value
        else:
            kept[key] = value
    form.posted.clear()
    form.posted.update(kept)
    form.counts[name] = max(form.counts.get(name, 1) - 1, 0)


def texts(values: Mapping[str, str | list[str]], name: str) -> tuple[str, ...]:
    """What was posted under a name, as a tuple."""
    found = values.get(name, ())
    return (found,) if isinstance(found, str) else tuple(found)
