"""职数与编制登记: the entry page of the look-ups, with the history of every unit and level."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from webapp.domain.errors import Conflict, Invalid
from webapp.domain.formats import is_id
from webapp.domain.quotas import AHEAD, EARLIEST, ESTABLISHMENT_ZH, LONGEST_DOCUMENT
from webapp.queries import quotas
from webapp.queries.parts import Field, FormView, Option, Problem
from webapp.services import quotas as verbs
from webapp.services.office import Work
from webapp.web.pages.lookups import enter
from webapp.web.repeats import once
from webapp.web.session import current_actor, read_event, reading, today

page = Blueprint("quotas", __name__, url_prefix="/lookups/quotas")
page.before_request(enter)
# What the form calls the establishment, whose level is empty.
WHOLE = "whole"
NAMES = ("unit", "level", "places", "valid_from", "document_no")
MOST_DIGITS = 5


@page.get("")
def index() -> str:
    """What was recorded, and the form."""
    asked = request.args.get("unit", "")
    unit = asked if is_id(asked) else ""
    return _page(unit, {"unit": unit}, {})


@page.post("")
def record() -> Response:
    """登记职数或编制."""
    values = {name: request.form.get(name, "").strip()[:200] for name in NAMES}
    try:
        once(lambda one: _record(one, values))
    except Invalid as invalid:
        return make_response(_page("", values, invalid.problems), 422)
    except Conflict as conflict:
        return make_response(_page("", values, {"": conflict.sentence}), 409)
    flash("已登记，职数与空缺即按新的数字核算。", "done")
    return make_response(redirect(url_for("quotas.index", unit=values["unit"]), 303))


def _record(one: Work, values: Mapping[str, str]) -> None:
    verbs.record(
        one,
        current_actor(),
        organisation_id=values["unit"] if is_id(values["unit"]) else "",
        level=_level(values["level"]),
        places=_number(values["places"]),
        valid_from=_day(values["valid_from"]),
        document_no=values["document_no"],
    )


def _level(text: str) -> str:
    if not text:
        raise Invalid({"level": "请选择层次，登记单位编制总数的请选“编制”。"})
    return "" if text == WHOLE else text


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page(unit: str, values: Any, problems: Any) -> str:
    actor = current_actor()
    with reading() as reads:
        units = quotas.units(reads, actor, today())
        rows = quotas.lines(reads, actor, unit=unit, day=today())
        may_record = bool(actor.roles_on(today()) & set(verbs.RECORDERS))
        form = _form(units, quotas.levels(reads, actor, today()), values, problems) if may_record else None
        reads.disclose(read_event(actor, "lookup.quotas", entries=len(rows)))
    said = tuple(Problem(name, words) for name, words in problems.items())
    view = quotas.QuotasView(unit, units, rows, form, said)
    return render_template("lookups/quotas.html", view=view)


def _form(units: tuple[Option, ...], levels: tuple[str, ...], values: Any, problems: Any) -> FormView:
    whole = Option(WHOLE, f"{ESTABLISHMENT_ZH}（单位总数）")
    choices = (*(Option(one, f"{one}职数") for one in levels), whole)
    base = (
        Field("unit", "unit", "select", "单位", required=True, options=units),
        Field("level", "level", "select", "层次", required=True, options=choices),
        Field("places", "places", "number", "核定数", required=True, unit="名"),
        Field(
            "valid_from", "valid_from", "date", "自何日起", required=True, min=str(EARLIEST), max=str(today() + AHEAD)
        ),
        Field(
            "document_no", "document_no", "textfield", "依据文件", required=True, max_length=LONGEST_DOCUMENT,
            description="机构编制部门的批复、规定的名称或文号，例如：星编办〔2026〕15号。",
        ),
    )  # fmt: skip
    return FormView(
        tuple(replace(one, value=values.get(one.key, ""), error=problems.get(one.key, "")) for one in base)
    )
