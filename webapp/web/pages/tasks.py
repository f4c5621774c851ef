"""The task page 办理 and its verbs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from webapp.domain.due_basis import words as due_words
from webapp.domain.errors import Invalid, NotFound, Refused, RuleBroken
from webapp.domain.fields import flat
from webapp.domain.workdays import local_date
from webapp.queries import advice as advising
from webapp.queries import briefs, diagrams, handled, paper_links, parts, tasks, timeline
from webapp.queries.cadres import is_id
from webapp.queries.ribbon import part_of
from webapp.services import comments, drafts, looking, paper, returning, throwing
from webapp.services import tasks as verbs
from webapp.services.attachments import Upload
from webapp.web import forms, own_papers, posting, reviewed
from webapp.web.files import file_refs
from webapp.web.repeats import form_key, once
from webapp.web.session import current_actor, now, office, read_event, reading, today, work

page = Blueprint("tasks", __name__, url_prefix="/tasks")
DECISIVE = "提交后即为正式意见，记入办理记录，不能撤回或修改。"
PAPER_FIELDS = ("decided_by", "decided_on", "note")


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a task can be sent back to 退回修改, by name, and who sent it here with which reason."""

    back_to: tuple[str, ...] = ()
    here: briefs.Comment | None = None


@dataclass(frozen=True, slots=True)
class TaskView:
    """The task page."""

    id: str
    name: str
    process_name: str
    process_key: str
    version: int
    stage: str
    state: str
    assignee: parts.PersonRef | None
    created_at: datetime
    due_on: date | None
    due_rule: str
    decisive: bool
    consequence: str
    submit_label: str
    may: frozenset[str]
    why_not: str
    why_me: tuple[str, ...]
    basis: tuple[briefs.Article, ...]
    hint: str
    ahead: tuple[briefs.Ahead, ...]
    case: briefs.CaseBrief | None
    form: parts.FormView
    paper: bool
    paper_problems: tuple[parts.Problem, ...]
    paper_values: Mapping[str, str]
    comments: tuple[briefs.Comment, ...]
    files: tuple[parts.FileRef, ...]
    events: tuple[parts.Event, ...]
    diagram: parts.Diagram | None
    own: own_papers.OwnSight | None
    position: tuple[str | None, str | None]
    receivers: tuple[parts.Option, ...] = ()
    sent: Sent = Sent()
    paper_title: str = ""
    advice: tuple[advising.Advice, ...] = ()
    # What lies in the case from other steps: minutes, reports, scans to decide by.
    case_files: tuple[parts.FileRef, ...] = ()
    exceptions: tuple[Any, ...] = ()
    before: tuple[reviewed.Reviewed, ...] = ()


def _show(
    task_id: str,
    *,
    form: posting.Form | None = None,
    problems: Mapping[str, str] | None = None,
    on_paper: bool = False,
    status: int = 200,
) -> Response:
    """The page as it stands, or with what was posted and what is wrong with it."""
    actor = current_actor()
    sight = looking.at_task(office(), actor, task_id)
    with reading() as reads:
        view = _view(reads, sight, form, problems or {}, on_paper and "paper" in sight.may)
        title = paper_links.title_of(sight.row["process_key"], sight.row["element_id"])
        told = advising.given(sight.definition, sight.node, sight.row, sight.variables)
        view = replace(view, paper_title=title, exceptions=_exceptions(sight), advice=told)
        if sight.whole and sight.case_id:
            rows = tasks.files_of(reads, case_id=sight.case_id)
            others = [row for row in rows if row["work_item_id"] != task_id]
            view = replace(view, case_files=file_refs(reads, others) if others else ())
        view = replace(view, before=reviewed.at_task(reads, actor, sight))
        if "transfer" in sight.may:
            view = replace(view, receivers=handled.receivers(reads, actor, task_id, today()))
        seen = [one.read for one in view.before]
        reads.disclose(read_event(actor, "task", task_id=task_id, case_id=sight.case_id), *seen)
    return make_response(render_template("tasks/show.html", view=view), status)


def _exceptions(sight: looking.Sight) -> tuple[Any, ...]:
    if "complete" not in sight.may:
        return ()
    return throwing.offered(sight.definition, sight.row["element_id"])


def _view(
    reads: Any, sight: looking.Sight, form: posting.Form | None, problems: Mapping[str, str], on_paper: bool
) -> TaskView:
    row, node, actor = sight.row, sight.node, current_actor()
    files = file_refs(reads, tasks.files_of(reads, work_item_id=row["id"])) if sight.case_id else ()
    is_open = row["status"] == "open"
    return TaskView(
        id=row["id"],
        name=row["name"],
        process_name=sight.definition.name,
        process_key=row["process_key"],
        version=row["definition_version"],
        stage=part_of(row["process_key"]),
        state=_state(row, actor.user_id),
        assignee=tasks.holder(reads, row["assignee_id"]),
        created_at=row["opened_at"],
        due_on=local_date(row["due_at"]) if row["due_at"] else None,
        due_rule=due_words(row["due_basis"], row["due_at"]),
        decisive=sight.decisive,
        consequence=DECISIVE if sight.decisive and is_open else "",
        submit_label="提交办理",
        may=sight.may,
        why_not=sight.why_not,
        why_me=sight.why_me,
        basis=tasks.articles(node.extras.get("legalBasis", "")),
        hint=node.extras.get("hint", ""),
        ahead=tasks.ahead(sight.definition, row["element_id"]) if is_open else (),
        case=_brief(reads, sight.case_id, whole=sight.whole),
        form=_form(reads, sight, form, problems, files),
        paper=on_paper,
        paper_problems=tuple(parts.Problem(n, s) for n, s in problems.items() if n.startswith("paper_")),
        paper_values=_paper_values(),
        comments=_comments(reads, row["id"]),
        files=files,
        events=timeline.of_case(reads, sight.case_id) if sight.case_id and sight.whole else (),
        diagram=_diagram(reads, sight) if sight.whole else None,
        own=None if sight.whole else own_papers.at_task(reads, row, actor.person_id),
        position=tasks.neighbours(reads, row["id"], actor.user_id) if is_open else (None, None),
        sent=_sent(reads, sight),
    )


def _sent(reads: Any, sight: looking.Sight) -> Sent:
    """The ways back of an open task, and how it came."""
    if sight.row["status"] != "open":
        return Sent()
    targets = returning.targets(sight.definition, sight.node)
    return Sent(tuple(one.name for one in targets), _came_back(reads, sight.row))


def _brief(reads: Any, case_id: str | None, *, whole: bool) -> briefs.CaseBrief | None:
    row = briefs.case_row(reads, case_id) if case_id else None
    if row is None:
        return None
    found = briefs.brief(reads, row)
    return found if whole else replace(found, facts=())


def _came_back(reads: Any, row: Mapping[str, Any]) -> briefs.Comment | None:
    """Who sent the task back and why, where that is how it came."""
    for one in tasks.sent_back(reads, row):
        reason = looking.values_of(reads, office(), "return", one["id"]).get("reason")
        if reason:
            who = tasks.user_names(reads, {one["completed_by"]}).get(one["completed_by"], "")
            return briefs.Comment(one["id"], who, one["closed_at"], str(reason))
    return None


def _paper_values() -> dict[str, str]:
    return {name: request.form.get(f"paper_{name}", "") for name in PAPER_FIELDS}


def _state(row: Mapping[str, Any], user_id: str) -> str:
    if row["status"] != "open":
        return str(row["status"])
    if row["assignee_id"] is None:
        return "open"
    return "mine" if row["assignee_id"] == user_id else "other"


def _form(
    reads: Any,
    sight: looking.Sight,
    form: posting.Form | None,
    problems: Mapping[str, str],
    files: tuple[parts.FileRef, ...],
) -> parts.FormView:
    by_id = {one.id: one for one in files}
    task_id, wrong = sight.row["id"], {n: s for n, s in problems.items() if not n.startswith("paper_")}
    if sight.row["status"] != "open":
        # Somebody else was first: what this person typed stays before their eyes, to be copied.
        kept = form or _as_submitted(reads, sight)
        return forms.draw(reads, sight.fields, kept, variables={}, now=now(), readonly=True, files=by_id)
    saved_at = None
    variables = {**sight.variables, **sight.row["locals"]}
    prefilled = forms.prefilled(sight.fields, variables, now=now()).posted
    if form is None:
        draft = drafts.read(reads, office().keyring, current_actor(), task_id)
        form = posting.Form(posted={**prefilled, **draft})
        saved_at = drafts.saved_at(reads, current_actor(), task_id) if draft else None
    fixed = {one.key for one in flat(sight.fields) if one.read_only}
    form = replace(form, posted={**form.posted, **{k: v for k, v in prefilled.items() if k in fixed}})
    return forms.draw(
        reads,
        sight.fields,
        form,
        variables=variables,
        now=now(),
        problems=wrong,
        draft_saved_at=saved_at,
        files=by_id,
    )


def _as_submitted(reads: Any, sight: looking.Sight) -> posting.Form:
    personal = looking.values_of(reads, office(), "form", sight.row["id"])
    return forms.stored(sight.fields, personal, sight.variables)


def _comments(reads: Any, task_id: str) -> tuple[briefs.Comment, ...]:
    rows = comments.of_task(reads, task_id)
    texts = looking.many_values(reads, office(), "comment", [row["id"] for row in rows])
    names = tasks.user_names(reads, {row["user_id"] for row in rows})
    return tuple(
        briefs.Comment(
            row["id"], names.get(row["user_id"], ""), row["written_at"], str(texts[row["id"]].get("text", ""))
        )
        for row in rows
    )


def _diagram(reads: Any, sight: looking.Sight) -> parts.Diagram:
    row = sight.row
    url = (
        url_for("cases.diagram", case_id=sight.case_id, instance_id=row["instance_id"])
        if sight.case_id
        else url_for("definitions.diagram", key=row["process_key"], version=row["definition_version"])
    )
    return diagrams.of_instance(reads, row["instance_id"], sight.definition, row["definition_version"], url)


@page.get("/<uuid:task_id>")
def show(task_id: Any) -> Response:
    """The task."""
    return _show(str(task_id), on_paper=request.args.get("paper") == "1")


def back(task_id: Any, sentence: str) -> Response:
    """To the task, with what has been done."""
    flash(sentence, "done")
    return make_response(redirect(url_for("tasks.show", task_id=task_id), 303))


@page.post("/<uuid:task_id>/claim")
def claim(task_id: Any) -> Response:
    """签收."""
    verbs.claim(work(), current_actor(), task_id=str(task_id))
    return back(task_id, "已签收，现由您办理。")


@page.post("/<uuid:task_id>/release")
def release(task_id: Any) -> Response:
    """退回科室待办."""
    reason = request.form.get("reason", "").strip()[:200]
    once(lambda one: verbs.release(one, current_actor(), task_id=str(task_id), reason=reason))
    return back(task_id, "已退回科室待办。")


@page.post("/<uuid:task_id>/transfer")
def transfer(task_id: Any) -> Response:
    """转办给同岗位的人员."""
    receiver, reason = request.form.get("receiver", ""), request.form.get("reason", "")
    if not is_id(receiver):
        raise Invalid({"receiver": "请选择转办给谁。"})
    once(
        lambda one: verbs.transfer(
            one, current_actor(), task_id=str(task_id), receiver_id=receiver, reason=reason
        )
    )
    return back(task_id, "已转办。")


@page.post("/<uuid:task_id>/form")
def form(task_id: Any) -> Response:
    """Draw the form again with what has been typed; nothing is saved."""
    return _show(str(task_id), form=posting.read(request), on_paper=request.args.get("paper") == "1")


@page.post("/<uuid:task_id>/draft")
def draft(task_id: Any) -> Response:
    """保存草稿."""
    drafts.save(work(), current_actor(), task_id=str(task_id), posted=posting.read(request).posted)
    return back(task_id, "草稿已保存，只有您能看到。")


@page.post("/<uuid:task_id>/complete")
def complete(task_id: Any) -> Response:
    """办结."""
    return _complete(str(task_id), posting.read(request), None)


@page.post("/<uuid:task_id>/send_back")
def send_back(task_id: Any) -> Response:
    """退回修改."""
    key = form_key()
    reason = request.form.get("return_reason", "")
    try:
        reply = verbs.send_back(work(), current_actor(), task_id=str(task_id), reason=reason, key=key)
    except Invalid as invalid:
        return _show(str(task_id), problems=invalid.problems, status=422)
    names = "、".join(dict.fromkeys(one["name"] for one in reply["opened"]))
    flash(f"已退回：{names}。理由已一并转达。" if names else "已退回。", "done")
    return make_response(redirect(url_for("inbox.index"), 303))


@page.post("/<uuid:task_id>/paper", endpoint="paper")
def on_paper(task_id: Any) -> Response:
    """线下办理，代录."""
    form_ = posting.read(request)
    if form_.redraw:
        return _show(str(task_id), form=form_, on_paper=True)
    try:
        written = _paper()
    except Invalid as invalid:
        return _show(str(task_id), form=form_, problems=invalid.problems, on_paper=True, status=422)
    return _complete(str(task_id), form_, written)


def _complete(task_id: str, form_: posting.Form, written: paper.Paper | None) -> Response:
    actor = current_actor()
    if form_.redraw:
        return _show(task_id, form=form_, on_paper=written is not None)
    key = form_key()
    try:
        reply = verbs.complete(
            work(),
            actor,
            task_id=task_id,
            posted=form_.posted,
            key=key,
            on_paper=written,
            uploads=form_.uploads,
        )
    except Invalid as invalid:
        return _show(task_id, form=form_, problems=invalid.problems, on_paper=written is not None, status=422)
    except NotFound:
        raise
    except Refused as refused:
        return _refused(task_id, form_, refused)
    names = "、".join(dict.fromkeys(one["name"] for one in reply["opened"]))
    flash(f"已办结。下一步：{names}。" if names else "已办结。", "done")
    return make_response(redirect(url_for("inbox.index"), 303))


def _refused(task_id: str, form_: posting.Form, refused: Refused) -> Response:
    """The page again with why not: what was typed stays with the person who lost the race or the role."""
    reasons = refused.reasons if isinstance(refused, RuleBroken) else ()
    flash("".join([refused.sentence, *(reason.sentence for reason in reasons)]), "refused")
    return _show(task_id, form=form_, status=refused.status)


def _paper() -> paper.Paper:
    text = request.form.get("paper_decided_on", "")
    try:
        decided_on = date.fromisoformat(text)
    except ValueError:
        raise Invalid({"paper_decided_on": "请填写线下办理的日期。"}) from None
    scans = [
        Upload(one.filename or "", one.read(), "paper_scan")
        for one in request.files.getlist("paper_scan")
        if one.filename
    ]
    return paper.Paper(
        request.form.get("paper_decided_by", ""), decided_on, scans, request.form.get("paper_note", "")[:500]
    )
