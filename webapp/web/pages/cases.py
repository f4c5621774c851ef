"""The pages of cases 工作卷宗: the list, one case, its diagrams, its verification, and the two doors in."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from webapp.domain.errors import Invalid, NotFound
from webapp.domain.impact import BARS_ZH
from webapp.domain.workdays import local_date
from webapp.queries import acts, briefs, cases, diagrams, paper_links, parts, tasks, timeline
from webapp.services import cases as verbs
from webapp.services import correcting_sight, history, impact_preview, looking, opening
from webapp.services.office import calendar_of
from webapp.web import forms, own_papers, posting
from webapp.web.files import file_refs
from webapp.web.frame import pages_of
from webapp.web.repeats import form_key
from webapp.web.session import current_actor, now, office, read_event, reading, today, work

page = Blueprint("cases", __name__, url_prefix="/cases")
measures = Blueprint("measures", __name__, url_prefix="/measures")


@dataclass(frozen=True, slots=True)
class Verification:
    """What 记录完整性校验 found for this case."""

    ok: bool
    checked_at: datetime
    events: int
    head: str
    first_bad: int | None
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case."""

    id: str
    case_no: str
    matter: str
    state: str
    outcome: str
    subject: parts.PersonRef
    managed_by: str
    unit: str
    opened_on: date
    closed_on: date | None
    ribbon: tuple[parts.StageMark, ...]
    facts: tuple[tuple[str, str], ...]
    measures: tuple[parts.MeasureLine, ...]
    periods: tuple[parts.Period, ...]
    tasks: tuple[cases.CaseTask, ...]
    events: tuple[parts.Event, ...]
    events_more: bool
    diagrams: tuple[parts.Diagram, ...]
    files: tuple[parts.FileRef, ...]
    verification: Verification | None
    may: frozenset[str]
    awaiting: str = ""
    papers: tuple[paper_links.Link, ...] = ()


@dataclass(frozen=True, slots=True)
class StartView:
    """The page on which a signal 日常了解信息 is registered."""

    form: parts.FormView


@dataclass(frozen=True, slots=True)
class MeasureView:
    """The page of the second door: a decision already made."""

    form: parts.FormView
    periods: tuple[parts.Period, ...] = ()
    sentences: tuple[str, ...] = ()


def _wish() -> cases.Wish:
    asked = request.args
    sort, state, stage = asked.get("sort", ""), asked.get("state", ""), asked.get("stage", "")
    return cases.Wish(
        q=asked.get("q", "").strip()[:60],
        stage=stage if stage in ("down", "tracking", "visit", "up") else "",
        state=state if state in cases.STATES else "",
        unit=asked.get("unit", "") if len(asked.get("unit", "")) == 36 else "",
        sort=sort if sort in cases.SORTS else "-updated",
        page=parts.page_number(asked.get("page")),
    )


@page.get("")
def index() -> str:
    """The cases the reader may see."""
    actor = current_actor()
    with reading() as reads:
        view = cases.show(reads, actor, _wish(), today=today(), pages=pages_of(actor))
        reads.disclose(read_event(actor, "cases", cases=[row.id for row in view.rows]))
    return render_template("cases/index.html", view=view)


@page.get("/<uuid:case_id>")
def show(case_id: Any) -> str:
    """One case."""
    return _case(str(case_id), None)


@page.post("/<uuid:case_id>/verify")
def verify(case_id: Any) -> str:
    """记录完整性校验 of this case's chain and rows."""
    checked = history.verify(office(), current_actor(), case_id=str(case_id))
    sentences = tuple(one.sentence for one in checked.findings)
    found = Verification(checked.ok, now(), checked.events, checked.head, checked.first_bad, sentences)
    return _case(str(case_id), found)


def _case(case_id: str, verification: Verification | None) -> str:
    actor = current_actor()
    whole = looking.at_case(office(), actor, case_id)
    fixing = correcting_sight.of_case(office(), actor, case_id) if "corrections" in pages_of(actor) else ()
    with reading() as reads:
        row = briefs.case_row(reads, case_id)
        if row is None:
            raise NotFound
        view = _view(reads, row, verification)
        if not whole:
            view = _own_part(reads, view)
        open_to = acts.of_case(reads, actor, row, today(), whole=whole, calendar=calendar_of(reads))
        open_to = replace(
            open_to,
            appeals=own_papers.with_texts(reads, open_to.appeals),
            corrections=fixing,
        )
        reads.disclose(read_event(actor, "case", case_id=case_id))
    return render_template("cases/show.html", view=view, acts=open_to)


def _view(reads: Any, row: Any, verification: Verification | None) -> CaseView:
    brief, case_id = briefs.brief(reads, row), row["id"]
    assert brief.subject is not None
    events, more = timeline.newest(reads, case_id)
    return CaseView(
        id=case_id,
        case_no=brief.case_no,
        matter=brief.matter,
        state=row["status"],
        outcome=opening.OUTCOMES_ZH.get(row["outcome"] or "", row["outcome"] or ""),
        subject=brief.subject,
        managed_by=brief.managed_by,
        unit=brief.unit,
        opened_on=brief.opened_on,
        closed_on=local_date(row["closed_at"]) if row["closed_at"] else None,
        ribbon=brief.ribbon,
        facts=briefs.facts(reads, row),
        measures=briefs.measure_lines(reads, case_id),
        periods=briefs.period_lines(reads, today(), case_id=case_id),
        tasks=cases.case_tasks(reads, case_id, office().process_names()),
        events=events,
        events_more=more,
        diagrams=_diagrams(reads, case_id),
        files=file_refs(reads, tasks.files_of(reads, case_id=case_id)),
        verification=verification,
        may=frozenset({"verify"}),
        awaiting=_awaiting(reads, case_id),
        papers=paper_links.of_case(reads, case_id),
    )


def _awaiting(reads: Any, case_id: str) -> str:
    awaited = cases.meeting_awaited(reads, case_id)
    return f"{awaited}研究，会议有结果后流程自动继续。" if awaited else ""


def _own_part(reads: Any, view: CaseView) -> CaseView:
    """What the unit and the helper see: the announced decision, and what is theirs to do."""
    own = cases.own_tasks(reads, current_actor(), view.id, today())
    return replace(
        view,
        tasks=tuple(one for one in view.tasks if one.id in own),
        files=tuple(
            one for one in view.files if one.id in cases.own_files(reads, current_actor(), view.id, own)
        ),
        events=(),
        events_more=False,
        diagrams=(),
        may=frozenset(),
        awaiting="",
        papers=(),
    )


def _diagrams(reads: Any, case_id: str) -> tuple[parts.Diagram, ...]:
    found = []
    for row in cases.instances(reads, case_id):
        definition = opening.definition(office(), row["digest"], row["key"])
        url = url_for("cases.diagram", case_id=case_id, instance_id=row["id"])
        found.append(diagrams.of_instance(reads, row["id"], definition, row["version"], url))
    return tuple(found)


@page.get("/<uuid:case_id>/diagrams/<uuid:instance_id>")
def diagram(case_id: Any, instance_id: Any) -> Response:
    """The drawing of one process of the case, with the marks of where it stands."""
    actor = current_actor()
    if not looking.at_case(office(), actor, str(case_id)):
        raise NotFound
    with reading() as reads:
        row = next(
            (one for one in cases.instances(reads, str(case_id)) if one["id"] == str(instance_id)), None
        )
        if row is None:
            raise NotFound
        body = {
            "name": row["name"],
            "xml": diagrams.xml_of(reads, row["digest"], row["key"]),
            "marks": diagrams.marks_of(reads, row["id"]),
        }
        reads.disclose(read_event(actor, "diagram", case_id=str(case_id), instance_id=row["id"]))
    return make_response(body)


@page.route("/start", methods=["GET", "POST"])
def start() -> Response:
    """Register a signal on a cadre: opens a case and fills the first form of p01."""
    return _door("up_down", "cases/start.html", StartView)


@measures.route("/new", methods=["GET", "POST"])
def new() -> Response:
    """Register a decision already made, or a period that already runs: the second door."""
    return _door("sanction", "measures/new.html", MeasureView)


def _door(door: str, template: str, view: type[StartView] | type[MeasureView]) -> Response:
    actor = current_actor()
    opening.require_may_open(office(), actor, door)
    form = posting.read(request) if request.method == "POST" else posting.Form(posted=_prefilled())
    if request.method == "GET" or form.redraw:
        return _draw_door(door, template, view, form, {}, 200)
    person = "".join(posting.texts(form.posted, "cadre")[:1])
    answers = {name: value for name, value in form.posted.items() if name != "cadre"}
    key = form_key()
    try:
        reply = verbs.open_(
            work(), actor, door=door, person_id=person, posted=answers, key=key, uploads=form.uploads
        )
    except Invalid as invalid:
        files = [key for key, sent in form.uploads.items() if sent]
        more = opening.problems(office(), door, answers, files) if "cadre" in invalid.problems else {}
        return _draw_door(door, template, view, form, {**invalid.problems, **more}, 422)
    flash("已登记，工作卷宗已建立。", "done")
    return make_response(redirect(url_for("cases.show", case_id=reply["case_id"]), 303))


def _prefilled() -> dict[str, str | list[str]]:
    person = request.args.get("person", "")
    return {"cadre": person} if len(person) == 36 else {}


def _draw_door(
    door: str, template: str, view: type[StartView] | type[MeasureView], form: posting.Form, problems: Any, status: int
) -> Response:  # fmt: skip
    fields = opening.fields(office(), door)
    with reading() as reads:
        drawn = forms.draw(reads, fields, form, variables={}, now=now(), problems=problems)
        reads.disclose(read_event(current_actor(), f"door:{door}"))
    shown = MeasureView(drawn, *_preview(form)) if view is MeasureView else view(form=drawn)
    return make_response(render_template(template, view=shown), status)


def _preview(form: posting.Form) -> tuple[tuple[parts.Period, ...], tuple[str, ...]]:
    answers = {name: "".join(posting.texts(form.posted, name)[:1]) for name in form.posted}
    found, why_none = impact_preview.preview(office(), answers)
    periods = tuple(
        parts.Period(
            f"不得{BARS_ZH[one.bar]}", one.starts_on, one.ends_on, None, "running" if one.ends_on else "unsettled", "",
            (one.explanation,),
        )
        for one in found
    )  # fmt: skip
    return periods, (why_none,) if why_none else ()
