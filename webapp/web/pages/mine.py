"""The cadre's own page 本人事项: what was told, where to turn, who helps, when the next visit is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from webapp.domain.errors import Invalid
from webapp.queries import mine, own_parts, parts
from webapp.services import appeals, looking
from webapp.services.attachments import Upload
from webapp.services.office import calendar_of
from webapp.web import own_papers
from webapp.web.repeats import form_key, once
from webapp.web.session import current_actor, office, read_event, reading, today, work

page = Blueprint("mine", __name__, url_prefix="/mine")
# The plain truth that stands on every page of the cadre's.
NO_PROMISE = "影响期满不等于恢复原职务，也不必然提拔。"


@dataclass(frozen=True, slots=True)
class MineView:
    """The own matters of the reader; none for those in whose matter nothing was told."""

    name: str
    matters: tuple[mine.Matter, ...]
    papers: tuple[own_papers.Paper, ...]
    help: mine.Help | None
    to_sign: tuple[mine.ToSign, ...]
    # By case: what the cadre wrote when confirming.
    remarks: Mapping[str, str]
    sentence: str = NO_PROMISE


@page.get("")
def index() -> str:
    """Everything told to the reader in own matters."""
    actor = current_actor()
    with reading() as reads:
        view = _view(reads, actor.person_id or "", actor.name)
        seen = [one.case_id for one in view.matters]
        reads.disclose(read_event(actor, "mine", cases=seen))
    return render_template("mine/show.html", view=view)


@dataclass(frozen=True, slots=True)
class AppealView:
    """The page on which the cadre writes an appeal; without a remedy it says that none is open any more."""

    decision: mine.Decision | None
    remedy: mine.Remedy | None
    text: str = ""
    problems: tuple[parts.Problem, ...] = ()


@page.get("/appeals/new")
def new_appeal() -> Response:
    """Write an appeal against a decision by one of the remedies open to it."""
    return _appeal_page(request.args.get("measure", ""), request.args.get("route", ""))


@page.post("/appeals")
def file_appeal() -> Response:
    """提出复核、申诉."""
    measure_id, route = request.form.get("measure", ""), request.form.get("route", "")
    files = [one for one in request.files.getlist("files") if one.filename]
    filing = appeals.Filing(
        request.form.get("text", ""),
        uploads=[Upload(one.filename or "", one.read(), "files") for one in files],
    )
    try:
        appeals.file(
            work(), current_actor(), measure_id=measure_id, route=route, filing=filing, key=form_key()
        )
    except Invalid as invalid:
        return _appeal_page(measure_id, route, filing.text, invalid)
    flash("已提出，受理机关会书面答复您。决定不停止执行，也不会因此加重处理。", "done")
    return make_response(redirect(url_for("mine.index") + "#appeals", 303))


def _appeal_page(measure_id: str, route: str, text: str = "", invalid: Invalid | None = None) -> Response:
    actor = current_actor()
    with reading() as reads:
        rows = mine.told_cases(reads, actor.person_id or "") if actor.person_id else ()
        found = mine.matters(reads, rows, calendar_of(reads), today())
        decision = next((one for each in found for one in each.decisions if one.id == measure_id), None)
        remedy = next((one for one in decision.remedies if one.code == route), None) if decision else None
        reads.disclose(read_event(actor, "mine_appeal", measure_id=measure_id))
    problems = (
        tuple(parts.Problem(name, words) for name, words in invalid.problems.items()) if invalid else ()
    )
    view = AppealView(decision, remedy, text, problems)
    return make_response(render_template("mine/appeal.html", view=view), 422 if invalid else 200)


@page.post("/<uuid:case_id>/confirm")
def confirm(case_id: Any) -> Response:
    """本人确认: read what was told."""
    once(
        lambda one: appeals.confirm_told(
            one, current_actor(), case_id=str(case_id), remark=request.form.get("remark", "")
        )
    )
    flash("已记下您的确认。", "done")
    return make_response(redirect(url_for("mine.index"), 303))


def _view(reads: Any, person_id: str, name: str) -> MineView:
    rows = mine.told_cases(reads, person_id) if person_id else ()
    if not rows:
        return MineView(name, (), (), None, (), {})
    case_ids = [row["id"] for row in rows]
    done = own_parts.told(reads, case_ids)
    return MineView(
        name=name,
        matters=tuple(
            replace(one, appeals=own_papers.with_texts(reads, one.appeals))
            for one in mine.matters(reads, rows, calendar_of(reads), today())
        ),
        papers=own_papers.drawn(reads, done),
        help=mine.help_for(reads, case_ids, today()),
        to_sign=mine.to_sign(reads, case_ids, person_id),
        remarks={
            case_id: str(values.get("remark", ""))
            for case_id, values in looking.many_values(reads, office(), "own_receipt", case_ids).items()
        },
    )
