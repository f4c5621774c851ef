"""Pages of trial runs 试运行: a draft walked through as invented people, with the token on the drawing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from webapp.domain.errors import Invalid, NotFound, Refused
from webapp.queries import parts
from webapp.services import definition_drafts, trial_answers, trials
from webapp.services.trials import Trial
from webapp.web import forms, posting
from webapp.web.pages.designs import require_designer
from webapp.web.session import current_actor, office, reading, today, work

page = Blueprint("trials", __name__, url_prefix="/designs")
WHAT = {
    "started": "开始", "completed": "办结", "timer": "到时间", "message": "收到消息", "call": "自动环节",
    "decision": "决策命中", "sent": "发出消息（试运行不送达）", "finished": "流程结束",
}  # fmt: skip


@page.get("/<uuid:draft_id>/trial")
def begin(draft_id: Any) -> Response:
    """Where to begin, and what a beginning message carries."""
    return _begin(str(draft_id))


def _begin(draft_id: str, problems: Mapping[str, str] | None = None, status: int = 200) -> Response:
    require_designer()
    with office().glance() as look:
        draft = definition_drafts.read(look, draft_id)
        definition, refused = None, ""
        try:
            definition = trials.definition_of(look, draft)
        except Invalid as invalid:
            refused = invalid.sentence
    starts = [
        {"id": node.id, "name": node.name or node.id, "message": node.message or ""}
        for node in (definition.nodes.values() if definition else ())
        if node.kind == "startEvent" and node.scope is None
    ]
    message = next((one["message"] for one in starts if one["message"]), "")
    view = {
        "draft": draft,
        "starts": starts,
        "refused": refused,
        "text": request.form.get("text") or (trial_answers.message_text(message, today()) if message else ""),
        "problems": tuple(parts.Problem(name, said) for name, said in (problems or {}).items()),
    }
    return make_response(render_template("designs/trial_begin.html", view=view), status)


@page.post("/<uuid:draft_id>/trial")
def start(draft_id: Any) -> Response:
    """Begin a trial run of the draft as saved."""
    try:
        run_id = trials.start(
            work(),
            current_actor(),
            draft_id=str(draft_id),
            element_id=request.form.get("start", "")[:120],
            text=request.form.get("text", ""),
            answers=request.form.get("answers", trials.BY_HAND),
        )
    except Invalid as invalid:
        return _begin(str(draft_id), invalid.problems, 422)
    return _on(run_id)


def _on(run_id: object) -> Response:
    return make_response(redirect(url_for("trials.show", run_id=run_id), 303))


@page.get("/trials/<uuid:run_id>")
def show(run_id: Any) -> Response:
    """The run: the drawing with its token, what is open, what happened."""
    return _show(str(run_id), request.args.get("task", ""), suggest=request.args.get("suggest") == "1")


def _show(
    run_id: str,
    task_id: str = "",
    form: posting.Form | None = None,
    problems: Mapping[str, str] | None = None,
    status: int = 200,
    suggest: bool = False,
) -> Response:
    with office().glance() as look:
        trial = trials.load(look, current_actor(), run_id)
    chosen = trial.waiting["tasks"].get(task_id) or next(iter(trial.waiting["tasks"].values()), None)
    drawn = None
    if chosen is not None:
        fields = trials.form_of(trial, chosen["id"])
        if form is None and fields and (suggest or trial.waiting.get("answers") == "suggested"):
            form = posting.Form(posted=trials.suggested(trial, chosen["id"]))
            suggest = True
        variables = {**trial.variables, **chosen["locals"]}
        with reading() as reads:
            drawn = forms.draw(
                reads,
                fields,
                form or posting.Form(),
                variables=variables,
                now=trial.moment,
                problems=problems,
            )
    view = _view(trial, chosen, drawn) | {"suggested": suggest}
    return make_response(render_template("designs/trial.html", view=view), status)


def _view(trial: Trial, chosen: Mapping[str, Any] | None, drawn: parts.FormView | None) -> dict[str, Any]:
    names = {key: node.name or key for key, node in trial.known.nodes.items()}
    waiting = trial.waiting
    timers = sorted(waiting["timers"].values(), key=lambda one: one["due_at"])
    return {
        "trial": trial,
        "name": trial.known.name,
        "tasks": [
            {
                **one,
                "who": "、".join(trial_answers.person_of(role) for role in one["groups"][:1])
                or "试行甲（虚构）",
            }
            for one in waiting["tasks"].values()
        ],
        "chosen": chosen,
        "form": drawn,
        "timers": [
            {**one, "name": names.get(one["element_id"], ""), "at": datetime.fromisoformat(one["due_at"])}
            for one in timers
        ],
        "messages": [
            {
                **one,
                "name": names.get(one["element_id"], ""),
                "text": trial_answers.message_text(one["message"], today()),
            }
            for one in waiting["messages"].values()
        ],
        "trail": [
            {**one, "words": WHAT[one["what"]], "at": datetime.fromisoformat(one["at"])}
            for one in reversed(trial.trail)
        ],
        "variables": [(name, trials.feel_text(value)) for name, value in sorted(trial.variables.items())],
        "diagram": parts.Diagram(
            "", trial.known.name, trial.known.key, 0, url_for("trials.drawing", run_id=trial.id), ()
        ),
    }


@page.get("/trials/<uuid:run_id>/drawing")
def drawing(run_id: Any) -> Response:
    """The drawing with where the token is and was."""
    with office().glance() as look:
        trial = trials.load(look, current_actor(), str(run_id))
        draft = definition_drafts.read(look, trial.draft_id)
    return make_response({"xml": draft.drawing, "marks": trial.waiting["marks"]})


@page.post("/trials/<uuid:run_id>/complete")
def complete(run_id: Any) -> Response:
    """Finish a task as an invented person."""
    form, task_id = posting.read(request), request.form.get("task_id", "")[:80]
    if form.redraw:
        return _show(str(run_id), task_id, form)
    try:
        trials.complete(work(), current_actor(), run_id=str(run_id), task_id=task_id, posted=form.posted)
    except Invalid as invalid:
        return _show(str(run_id), task_id, form, invalid.problems, 422)
    except NotFound:
        raise
    except Refused as refused:
        flash(refused.sentence, "refused")
        return _show(str(run_id), task_id, form, status=refused.status)
    return _on(run_id)


@page.post("/trials/<uuid:run_id>/timer")
def timer(run_id: Any) -> Response:
    """Move the run's clock to a timer."""
    timer_id = request.form.get("timer_id", "")[:80]
    trials.fire(work(), current_actor(), run_id=str(run_id), timer_id=timer_id)
    return _on(run_id)


@page.post("/trials/<uuid:run_id>/message")
def message(run_id: Any) -> Response:
    """Deliver an awaited message."""
    subscription_id, text = request.form.get("subscription_id", "")[:80], request.form.get("text", "")
    trials.deliver(work(), current_actor(), run_id=str(run_id), subscription_id=subscription_id, text=text)
    return _on(run_id)
