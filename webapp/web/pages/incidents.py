"""The page of incidents 流程异常: see what failed, try it again."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from webapp.queries import incidents
from webapp.queries.parts import page_number
from webapp.services import incidents as verbs
from webapp.web.repeats import once
from webapp.web.session import current_actor, read_event, reading

page = Blueprint("incidents", __name__, url_prefix="/incidents")


@page.get("")
def index() -> str:
    """What failed and waits for a person."""
    with reading() as reads:
        view = incidents.index(reads, page_number(request.args.get("page")))
        reads.disclose(read_event(current_actor(), "incidents", incidents=[row.id for row in view.rows]))
    return render_template("incidents/index.html", view=view)


@page.post("/<uuid:incident_id>/retry")
def retry(incident_id: Any) -> Response:
    """重试: put the failed job back to due."""
    told = once(lambda one: verbs.retry(one, current_actor(), incident_id=str(incident_id)))
    flash(told if isinstance(told, str) else "已重新排入办理，请勿重复提交。", "done")
    return make_response(redirect(url_for("incidents.index"), 303))
