"""The pages of cadres 干部: the list, one person, bringing people in, and what goes out."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, flash, make_response, render_template, request

from webapp.domain import access, events
from webapp.domain.errors import Invalid
from webapp.domain.kinship import KINDS_ZH, SOURCES_ZH
from webapp.queries import appeals, cadres, kinship, parts, people, people_file
from webapp.queries.cases import CaseRow
from webapp.services import kinship as kinship_verbs
from webapp.services import looking, people_assessment, people_import
from webapp.services import people as verbs
from webapp.web.repeats import form_key
from webapp.web.session import current_actor, now, office, read_event, reading, today, work

page = Blueprint("people", __name__, url_prefix="/people")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BRANCHES = people_assessment.BRANCHES


@dataclass(frozen=True, slots=True)
class PersonView:
    """One cadre."""

    id: str
    name: str
    sex: str
    born_on: date | None
    age: int | None
    nation: str
    party: str
    education: str
    worked_since: date | None
    facts: tuple[tuple[str, str], ...]
    appointments: tuple[people_file.Appointment, ...]
    appraisals: tuple[tuple[str, str], ...]
    cases: tuple[CaseRow, ...]
    periods: tuple[parts.Period, ...]
    measures: tuple[parts.MeasureLine, ...]
    eligibility: tuple[people_assessment.Assessment, ...]
    appeals: tuple[appeals.AppealLine, ...]
    own_file: bool
    may: frozenset[str]
    kin: tuple[kinship.KinLine, ...] = ()
    kin_waiting: int = 0
    kinds: tuple[tuple[str, str], ...] = tuple(KINDS_ZH.items())
    kin_sources: tuple[tuple[str, str], ...] = tuple(SOURCES_ZH.items())


@dataclass(frozen=True, slots=True)
class ImportView:
    """Bringing people in; ``step``: choose, preview or done."""

    step: str = "choose"
    file_name: str = ""
    token: str = ""
    rows: tuple[people_import.Row, ...] = ()
    problems: tuple[parts.Problem, ...] = ()
    good: int = 0
    bad: int = 0
    result: tuple[str, ...] = ()


@page.get("")
def index() -> str:
    """The cadres on file."""
    actor = current_actor()
    wish = people.wish_of(request.args)
    with reading() as reads:
        view = people.index(reads, actor, wish, today=today())
        reads.disclose(read_event(actor, "people", page=wish.page, people=[row.id for row in view.rows]))
    return render_template("people/index.html", view=view)


@page.get("/<uuid:person_id>")
def show(person_id: Any) -> str:
    """One cadre."""
    actor = current_actor()
    known, post_id = str(person_id), request.args.get("post", "")
    with reading() as reads:
        file = people_file.show(reads, actor, known, today=today())
        profile = verbs.profile(reads, office(), known)
        checks: tuple[people_assessment.Assessment, ...] = ()
        measures = () if file.own_file else cadres.measures(reads, actor, known, today())
        lines = appeals.lines(reads, person_id=known) if file.sees_all else ()
        if file.sees_all:
            checks = people_assessment.assess(reads, known, today=today(), post_id=post_id)
        kin, kin_waiting = _kin(reads, file, known)
        reads.disclose(
            read_event(actor, "person", person_id=known, own_file=file.own_file, checked=bool(checks))
        )
    view = _person_view(file, profile, checks, measures)
    view = replace(view, appeals=lines, kin=kin, kin_waiting=kin_waiting)
    return render_template("people/show.html", view=view)


def _kin(reads: Any, file: people_file.PersonFile, person_id: str) -> tuple[tuple[kinship.KinLine, ...], int]:
    """The relatives on file: all about them for those who enter them, the own ones in short."""
    if file.own_file:
        return kinship.own(reads, person_id), 0
    if "record" not in file.may:
        return (), 0
    rows = kinship.of_person(reads, person_id)
    told = looking.many_values(reads, office(), kinship_verbs.OWNER, kinship.request_ids(rows))
    waiting = kinship.waiting_rows(reads, current_actor(), today(), person_id)
    return kinship.lines(reads, person_id, rows, told), len(waiting)


def _person_view(
    file: people_file.PersonFile,
    profile: verbs.Profile,
    checks: tuple[people_assessment.Assessment, ...],
    measures: tuple[parts.MeasureLine, ...],
) -> PersonView:
    branch = request.args.get("branch", "")
    chosen = tuple(one for one in checks if one.branch == branch) if branch in BRANCHES else checks
    facts = [
        ("单位", file.unit),
        ("现任职务", file.post),
        ("职级", file.rank),
        ("管理机关", file.managed_by),
        ("籍贯", profile.native_place),
        ("入党时间", profile.joined_party),
    ]
    return PersonView(
        id=file.id,
        name=file.name,
        sex=file.sex,
        born_on=file.born_on,
        age=file.age,
        nation=file.nation,
        party=file.party,
        education=profile.education,
        worked_since=profile.worked_since,
        facts=tuple((label, words) for label, words in facts if words),
        appointments=file.appointments,
        appraisals=file.appraisals,
        cases=file.cases,
        periods=file.periods,
        measures=measures,
        eligibility=chosen,
        appeals=(),
        own_file=file.own_file,
        may=file.may,
    )


@page.get("/<uuid:person_id>/lrmx")
def export(person_id: Any) -> Response:
    """The approval form of a cadre, as a file."""
    name, data = verbs.export_named(office(), current_actor(), str(person_id))
    return _download(data, f"{name}.lrmx", "application/octet-stream")


@page.get("/roster.xlsx")
def roster() -> Response:
    """The cadres of the list as a workbook; the export is on record before it leaves."""
    actor = current_actor()
    access.require_role(actor, *sorted(people.EXPORTING), day=today())
    wish = people.wish_of(request.args)
    with reading() as reads:
        lines = people.roster(reads, actor, wish, today=today())
        rows = [verbs.RosterRow(*(getattr(one, name) for name in verbs.ROSTER_COLUMNS)) for one in lines]
        data = verbs.roster(rows, exported_by=actor.name, at=now())
        facts = {
            "what": "people.roster",
            "digest": verbs.digest_of(data),
            "people": [one.id for one in lines],
        }
        reads.disclose(events.Exported(actor=actor, effective_at=now(), facts=facts))
    return _download(data, f"花名册{today():%Y%m%d}.xlsx", XLSX)


@page.get("/template.xlsx")
def template() -> Response:
    """An empty roster to fill in."""
    current_actor()
    return _download(verbs.template(), "花名册模板.xlsx", XLSX)


def _download(data: bytes, name: str, media_type: str) -> Response:
    answer = Response(data, mimetype=media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@page.get("/import")
def import_() -> str:
    """Choose a file."""
    access.require_role(current_actor(), *sorted(people.IMPORTING), day=today())
    return render_template("people/import.html", view=ImportView())


@page.post("/import")
def import_post() -> Response:
    """Preview a file, or confirm what was previewed."""
    actor = current_actor()
    access.require_role(actor, *sorted(people.IMPORTING), day=today())
    token = request.form.get("confirm", "")
    try:
        view = _confirmed(token) if token else _previewed()
    except Invalid as invalid:
        return make_response(render_template("people/import.html", view=_refused(token, invalid)), 422)
    return make_response(render_template("people/import.html", view=view))


def _refused(token: str, invalid: Invalid) -> ImportView:
    """The step the person was at, with what is wrong."""
    problems = tuple(
        parts.Problem("file" if name == "file" else "", words) for name, words in invalid.problems.items()
    )
    if not token:
        return ImportView(problems=problems)
    return _shown(people_import.again(office(), current_actor(), token=token), problems)


def _previewed() -> ImportView:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid({"file": "请选择任免审批表（.lrmx）或花名册（.xlsx）文件。"})
    return _shown(people_import.preview(office(), current_actor(), name=file.filename, data=file.read()))


def _shown(made: people_import.Preview, problems: tuple[parts.Problem, ...] = ()) -> ImportView:
    for remark in made.remarks:
        flash(remark, "note")
    return ImportView(
        step="preview",
        file_name=made.file_name,
        token=made.token,
        rows=made.rows,
        problems=problems,
        good=made.good,
        bad=made.bad,
    )


def _confirmed(token: str) -> ImportView:
    numbers = [
        int(text)
        for text in request.form.getlist("row")
        if text.isascii() and text.isdigit() and len(text) < 7
    ]
    done = people_import.confirm(
        work(),
        current_actor(),
        token=token,
        numbers=numbers,
        key=form_key(),
    )
    return ImportView(step="done", result=done.sentences)
