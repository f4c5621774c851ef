"""Diagrams of other tools 导入: a file becomes a draft, and a page says what was done to it and what will not run."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from webapp.domain.errors import Invalid
from webapp.queries import designs
from webapp.services import comparing, definition_drafts, definition_imports
from webapp.web.pages.designs import require_designer, shown_again, taken
from webapp.web.repeats import made, once
from webapp.web.session import current_actor, reading

page = Blueprint("design_imports", __name__, url_prefix="/designs")
LONGEST_KEY = 80


@page.post("/imports")
def begin() -> Response:
    """A draft of a file of another tool."""
    require_designer()
    sent = request.files.get("diagram")
    filename = (sent.filename or "") if sent is not None else ""
    if sent is None or not filename:
        return shown_again({"diagram": "请选择要导入的流程图文件。"})
    try:
        draft_id = once(
            lambda one: definition_imports.begin(
                one,
                current_actor(),
                filename=filename,
                data=taken(sent),
                key=request.form.get("import_key", "")[:LONGEST_KEY],
            )
        )
    except Invalid as invalid:
        return shown_again({_field(name): said for name, said in invalid.problems.items()})
    flash("草稿已建立，只有发布后才会用于新的卷宗。", "done")
    return make_response(redirect(url_for("design_imports.report", draft_id=made(draft_id, "draft_id")), 303))


def _field(name: str) -> str:
    return name if name == "import_key" else "diagram"


@page.get("/<uuid:draft_id>/imported")
def report(draft_id: Any) -> str:
    """What was written in our words, what has to be written by hand, what will not be executed."""
    require_designer()
    with reading() as reads:
        draft = definition_drafts.read(reads, str(draft_id))
        found = designs.reports(reads, draft.id, comparing.names_of(draft))
    return render_template("designs/imported.html", view={"draft": draft, "reports": found})
