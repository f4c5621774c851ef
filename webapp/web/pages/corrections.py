"""Pages of corrections 流程纠正: one process put right by two persons, and what waits for the second of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from webapp.domain.corrections import CONFIRMERS, Move
from webapp.domain.errors import Invalid, NotAllowed, NotFound, Refused
from webapp.queries import corrections as listing
from webapp.queries import diagrams, parts
from webapp.services import correcting, correcting_sight, looking
from webapp.services import corrections as verbs
from webapp.services.correcting import Kind, Wish
from webapp.services.correcting_sight import Sight
from webapp.web import forms, posting
from webapp.web.repeats import once
from webapp.web.session import current_actor, now, office, read_event, reading, today, work

page = Blueprint("corrections", __name__, url_prefix="/corrections")
KINDS: Mapping[str, Kind] = {"return": "return", "modify": "modify", "variables": "variables"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed last 试办内容, with what it would do or why it may not be."""

    kind: str = ""
    at: str = ""
    to: str = ""
    taken: tuple[str, ...] = ()
    begin: str = ""
    what: str = "before"
    reason: str = ""
    outlook: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """The page of one process."""

    sight: Sight
    diagram: parts.Diagram
    lines: tuple[listing.Line, ...]
    form: parts.FormView
    asked: Asked
    waiting: listing.Line | None


@page.get("")
def index() -> str:
    """What waits for a second person, and the processes of a case by its number."""
    actor, number = current_actor(), request.args.get("q", "").strip()[:60]
    with reading() as reads:
        lines = listing.waiting(reads, actor.user_id)
        seen = tuple(line for line in lines if _may_look(line.instance_id))
        rows = tuple(row for row in listing.running(reads, number) if _may_look(row["id"]))
        changes = listing.changes(reads, actor.user_id, status="proposed")
        may_send = bool(actor.roles_on(today()) & set(CONFIRMERS))
        view = {"lines": seen, "rows": rows, "q": number, "changes": changes, "may_send": may_send}
        reads.disclose(read_event(actor, "corrections", corrections=[line.id for line in seen]))
    return render_template("corrections/index.html", view=view)


def _may_look(instance_id: str) -> bool:
    try:
        correcting_sight.look(office(), current_actor(), instance_id)
    except (NotFound, NotAllowed):
        return False
    return True


@page.get("/<uuid:instance_id>")
def show(instance_id: Any) -> Response:
    """One process with what may be done about its way."""
    return _page(str(instance_id), Asked(), posting.Form(), 200)


def _page(
    instance_id: str,
    asked: Asked,
    form: posting.Form,
    status: int,
    problems: Mapping[str, str] | None = None,
) -> Response:
    actor = current_actor()
    sight = correcting_sight.look(office(), actor, instance_id)
    with reading() as reads:
        lines = listing.of_instance(reads, actor.user_id, instance_id, sight.definition, sight.labels)
        told = looking.many_values(reads, office(), "correction", [line.id for line in lines])
        lines = tuple(listing.told(line, told[line.id]) if _may_read(sight, line) else line for line in lines)
        drawn = forms.draw(
            reads, sight.settable, _filled(sight, form), variables=sight.present, now=now(), problems=problems
        )
        picture = diagrams.drawn(
            instance_id, sight.definition, sight.version, url_for("corrections.diagram", instance_id=instance_id),
            diagrams.marks_of(reads, instance_id), {}, {},
        )  # fmt: skip
        facts = {"instance_id": instance_id, "case_id": sight.case_id or ""}
        reads.disclose(read_event(actor, "correction", **facts))
    waiting = next((line for line in lines if line.state == "proposed"), None)
    view = View(sight, picture, lines, drawn, asked, waiting)
    return make_response(render_template("corrections/show.html", view=view), status)


def _may_read(sight: Sight, line: listing.Line) -> bool:
    """A reason in people's own words is read by who sees the case, and by who wrote it."""
    return bool(sight.case_id) or not sight.number or line.mine


def _filled(sight: Sight, form: posting.Form) -> posting.Form:
    """What was typed, else what the process holds."""
    held = {field.key: _text(sight.present.get(field.variable or "")) for field in sight.settable}
    return posting.Form(posted={**held, **form.posted})


def _text(value: object) -> str | list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    if isinstance(value, bool):
        return "on" if value else ""
    return "" if value is None else str(value)


@page.get("/<uuid:instance_id>/diagram")
def diagram(instance_id: Any) -> Response:
    """The drawing with its marks."""
    sight = correcting_sight.look(office(), current_actor(), str(instance_id))
    with reading() as reads:
        body = {
            "name": sight.definition.name,
            "xml": diagrams.xml_of(reads, sight.digest, sight.definition.key),
            "marks": diagrams.marks_of(reads, str(instance_id)),
        }
        reads.disclose(read_event(current_actor(), "diagram", instance_id=str(instance_id)))
    return make_response(body)


@page.post("/<uuid:instance_id>/<any(return, modify, variables):act>")
def propose(instance_id: Any, act: str) -> Response:
    """试办 or 提出."""
    actor, form = current_actor(), posting.read(request)
    asked = _asked(act)
    try:
        wish = _wish(str(instance_id), act, asked, form)
        if request.form.get("act") != "propose":
            tried = verbs.rehearse(work(), actor, instance_id=str(instance_id), wish=wish)
            return _page(str(instance_id), _with(asked, outlook=tried.sentences), form, 200)
        once(
            lambda one: verbs.propose(
                one, actor, instance_id=str(instance_id), wish=wish, reason=asked.reason
            )
        )
    except NotFound:
        raise
    except NotAllowed:
        raise
    except Refused as refused:
        problems = refused.problems if isinstance(refused, Invalid) and act == "variables" else {}
        keyed = _by_key(str(instance_id), problems) if problems else {}
        return _page(
            str(instance_id), _with(asked, refused=correcting.refusal(refused)), form, refused.status, keyed
        )
    flash("已提出，请第二人复核。复核同意前，流程不变。", "done")
    return _back(instance_id)


def _by_key(instance_id: str, problems: Mapping[str, str]) -> dict[str, str]:
    sight = correcting_sight.look(office(), current_actor(), instance_id)
    return {
        field.key: problems[field.variable or ""] for field in sight.settable if field.variable in problems
    }


def _asked(kind: str) -> Asked:
    sent = request.form
    at, _, to = sent.get("way", "").partition(" ")
    return Asked(
        kind=kind,
        at=at[:120],
        to=to[:120],
        taken=tuple(one[:120] for one in sent.getlist("taken")[:20]),
        begin=sent.get("begin", "")[:120],
        what="after" if sent.get("what") == "after" else "before",
        reason=sent.get("reason", "")[:1000],
    )


def _with(asked: Asked, **more: tuple[str, ...]) -> Asked:
    return Asked(asked.kind, asked.at, asked.to, asked.taken, asked.begin, asked.what, asked.reason, **more)


def _wish(instance_id: str, kind: str, asked: Asked, form: posting.Form) -> Wish:
    if kind == "return":
        if not asked.to:
            raise Invalid({"way": "请选择退回到哪个环节。"})
        return Wish("return", at=asked.at, to=asked.to)
    if kind == "modify":
        begun = (Move("after" if asked.what == "after" else "before", asked.begin),) if asked.begin else ()
        return Wish("modify", moves=(*(Move("cancel", one) for one in asked.taken), *begun))
    return Wish("variables", values=_changed(instance_id, form))


def _changed(instance_id: str, form: posting.Form) -> dict[str, Any]:
    """The fields that say something else than the process holds."""
    sight = correcting_sight.look(office(), current_actor(), instance_id)
    held = _filled(sight, posting.Form()).posted
    found = {
        str(field.variable): form.posted[field.key]
        for field in sight.settable
        if field.key in form.posted and form.posted[field.key] != held[field.key]
    }
    if not found:
        raise Invalid({"": "没有改动任何内容。"})
    return found


@page.post("/<uuid:instance_id>/<uuid:correction_id>/confirm")
def confirm(instance_id: Any, correction_id: Any) -> Response:
    """复核同意."""
    return _settled(
        instance_id,
        lambda: once(lambda one: verbs.confirm(one, current_actor(), correction_id=str(correction_id))),
        "已复核同意，流程已按此纠正。",
    )


@page.post("/<uuid:instance_id>/<uuid:correction_id>/reject")
def reject(instance_id: Any, correction_id: Any) -> Response:
    """不同意，或提出人收回."""
    reason = request.form.get("reason", "")
    return _settled(
        instance_id,
        lambda: once(
            lambda one: verbs.reject(one, current_actor(), correction_id=str(correction_id), reason=reason)
        ),
        "已退回，流程不变。",
    )


@page.post("/<uuid:instance_id>/evaluate")
def evaluate(instance_id: Any) -> Response:
    """重新判断等待的条件."""
    return _settled(
        instance_id,
        lambda: once(lambda one: verbs.evaluate(one, current_actor(), instance_id=str(instance_id))),
        "条件已经具备，流程已继续。",
    )


def _settled(instance_id: Any, act: Any, said: str) -> Response:
    try:
        act()
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        asked = Asked("settle", refused=correcting.refusal(refused))
        return _page(str(instance_id), asked, posting.Form(), refused.status)
    flash(said, "done")
    return _back(instance_id)


def _back(instance_id: Any) -> Response:
    return make_response(redirect(url_for("corrections.show", instance_id=instance_id), 303))
