"""Kinship for recusal 亲属关系登记: entered, corrected, withdrawn on a person's page; confirmed by a second person."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from webapp.domain import access
from webapp.domain.errors import Invalid, NotAllowed
from webapp.queries import kinship
from webapp.queries.cadres import is_id
from webapp.queries.parts import Problem
from webapp.services import kinship as verbs
from webapp.services import looking, people_facts
from webapp.web.repeats import once
from webapp.web.session import current_actor, office, read_event, reading, today, work

page = Blueprint("kinship", __name__, url_prefix="/people")
AT_ONCE = "亲属关系已登记，有关事项自即时起回避。"
# What is told of an entry only once it counts.
DERIVED = "derived"
WAITS = "已提出，请第二人确认：该项登记会使会议组成人员回避。确认之前，有关议题不付表决。"


@page.get("/kinship")
def index() -> str:
    """What waits for a second person."""
    return _page(())


def _page(problems: tuple[Problem, ...]) -> str:
    actor = current_actor()
    access.require_role(actor, *kinship.SETTLING, day=today())
    with reading() as reads:
        rows = kinship.waiting_rows(reads, actor, today())
        told = looking.many_values(reads, office(), verbs.OWNER, [row["id"] for row in rows])
        view = kinship.KinshipView(kinship.waiting(reads, actor, rows, told), problems)
        reads.disclose(read_event(actor, "kinship", people=sorted({one.person_id for one in view.waiting})))
    return render_template("people/kinship.html", view=view)


@page.post("/<uuid:person_id>/relatives")
def enter(person_id: Any) -> Response:
    """登记亲属关系，用于回避."""
    asked = request.form
    relative_id = people_facts.named(work(), asked.get("name", ""), asked.get("birth_month", ""))
    at_once = once(lambda one: verbs.enter(
        one, current_actor(), person_id=str(person_id), relative_id=relative_id,
        relation=asked.get("relation", ""), source=asked.get("source", ""), evidence=asked.get("evidence", ""),
    ))  # fmt: skip
    counts = DERIVED in at_once if isinstance(at_once, Mapping) else at_once
    return _back(person_id, AT_ONCE if counts else WAITS)


@page.post("/<uuid:person_id>/relatives/change")
def change(person_id: Any) -> Response:
    """更正或者撤销亲属关系登记."""
    asked = request.form
    relative_id = asked.get("relative_id", "")
    if not is_id(relative_id):
        raise Invalid({"relative_id": "请选择亲属。"})
    once(lambda one: verbs.change(
        one, current_actor(), person_id=str(person_id), relative_id=relative_id,
        relation=asked.get("relation", ""), reason=asked.get("reason", ""),
    ))  # fmt: skip
    return _back(person_id, "已提出，请第二人确认；确认之前，原登记照旧有效。")


@page.post("/kinship/<uuid:request_id>")
def settle(request_id: Any) -> Response:
    """第二人确认."""
    agreed = request.form.get("agreed") == "yes"
    said = "已确认，即时起生效。" if agreed else "未予确认，登记没有变化。"

    def act() -> None:
        once(lambda one: verbs.settle(one, current_actor(), request_id=str(request_id), agreed=agreed))

    return _settled(act, said)


def _settled(act: Callable[[], None], said: str) -> Response:
    try:
        act()
    except NotAllowed as refused:
        return make_response(_page((Problem("", refused.sentence),)), refused.status)
    flash(said, "done")
    return make_response(redirect(url_for("kinship.index"), 303))


def _back(person_id: Any, said: str) -> Response:
    flash(said, "done")
    return make_response(redirect(url_for("people.show", person_id=person_id), 303))
