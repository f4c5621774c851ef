"""Leaving a task by an exception its diagram draws 例外、提级, with one press."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for

from webapp.domain.errors import Invalid
from webapp.services import throwing
from webapp.web.repeats import once
from webapp.web.session import current_actor

page = Blueprint("task_exceptions", __name__, url_prefix="/tasks")
VERBS = {"error": throwing.throw_error, "escalation": throwing.escalate}


@page.post("/<uuid:task_id>/exception")
def leave(task_id: Any) -> Response:
    """转入例外, or 提级处理."""
    kind, code = request.form.get("kind", ""), request.form.get("code", "")
    verb = VERBS.get(kind)
    if verb is None:
        raise Invalid({"kind": "请选择流程图上画出的例外。"})
    actor = current_actor()
    once(lambda one: verb(one, actor, task_id=str(task_id), code=code))
    if kind == "escalation":
        flash("已提级处理，本待办照常办理。", "done")
        return make_response(redirect(url_for("tasks.show", task_id=task_id), 303))
    flash("已按流程图转入例外，本待办已撤销。", "done")
    return make_response(redirect(url_for("inbox.index"), 303))
