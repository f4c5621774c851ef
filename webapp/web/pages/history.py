"""Pages of the history 办理记录: search, one record."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, render_template, request

from webapp.domain.access import Actor
from webapp.domain.errors import NotFound
from webapp.domain.fields import flat
from webapp.queries import history, record, records
from webapp.queries.parts import FormView, page_number
from webapp.services import finding, looking
from webapp.services import history as verbs
from webapp.web import forms
from webapp.web.session import current_actor, now, office, read_event, reading, today

page = Blueprint("history", __name__)
# Who reads the pages on health and family 受限可见 besides the person who wrote them.
CARING = frozenset({"org_dept_head", "org_dept_deputy_head"})


def definition(digest: str, key: str) -> Any:
    """The parsed definition a record was made under."""
    return verbs.definition(office(), digest, key)


def wish_of() -> history.Asked:
    """The search as it stands in the address."""
    query = request.args
    texts = {
        name: query.get(name, "").strip()[: history.LONGEST_QUESTION]
        for name in ("q", "kind", "who", "case_no", "since", "until", "person")
    }
    asked = history.Asked(**texts, page=page_number(query.get("page")))
    if (asked.person or asked.case_no) and not finding.catch_up(office(), waiting=True):
        flash("有的记录还在编入索引，查到的可能不全，请过一会儿再查。", "refused")
    return asked


@page.get("/history")
def index() -> tuple[str, int]:
    """One page of records; 422 with the search as typed when a date is no date."""
    actor, asked = current_actor(), wish_of()
    with reading() as reads:
        view = history.search(reads, actor, asked, day=today(), definitions=definition)
        reads.disclose(read_event(actor, "history", page=asked.page, records=[row.id for row in view.rows]))
    return render_template("history/index.html", view=view), 422 if view.problems else 200


@page.get("/history/<path:event_id>")
def show(event_id: str) -> str:
    """One record with all it says; the form it was made with for who may see it."""
    actor = current_actor()
    with reading() as reads:
        row = history.find(reads, actor, event_id, today())
        _require_own_or_whole(actor, row)
        view = record.show(reads, row, definition)
        reads.disclose(read_event(actor, "history_event", stream=row["stream"], seq=row["seq"]))
    form, erased = form_of(actor, row)
    if form is not None:
        told = tuple(one for one in view.facts if one[0] not in _labels(form))
        view = replace(view, form=form, erased=erased, facts=told)
    return render_template("history/show.html", view=view)


def _require_own_or_whole(actor: Actor, row: Mapping[str, Any]) -> None:
    """The unit and the helper read what they did themselves; the rest of a case is for the organs in charge."""
    if row["case_id"] is None or row["actor_id"] == actor.user_id:
        return
    if not looking.at_case(office(), actor, row["case_id"]):
        raise NotFound


def form_of(actor: Actor, row: Mapping[str, Any]) -> tuple[FormView | None, tuple[str, ...]]:
    """The form a record was made with, by its pinned version, and the names of fields erased since."""
    facts = records.facts_of(row)
    inner = facts.get("first") if isinstance(facts.get("first"), Mapping) else facts
    task, key = (inner or {}).get("work_item_id"), (inner or {}).get("form_key")
    if not task or not key or not facts.get("definition_digest"):
        return None, ()
    own = row["actor_id"] == actor.user_id
    opened = verbs.open_form(office(), actor, case_id=row["case_id"], work_item_id=task, own=own)
    if not opened:
        return None, ()
    fields = records.form_fields(definition(facts["definition_digest"], facts["process_key"]), key)
    if not own and not actor.roles_on(today()) & CARING:
        fields = tuple(one for one in fields if "restricted" not in dict(one.properties))
    variables = records.variables_of(facts)
    with reading() as reads:
        posted = forms.stored(fields, opened.values, variables)
        drawn = forms.draw(reads, fields, posted, variables=variables, now=now(), readonly=True)
    return drawn, tuple(one.name for one in flat(fields) if one.key in opened.erased)


def _labels(form: FormView) -> set[str]:
    return {field.label for one in form.fields for field in (one, *one.fields)}
