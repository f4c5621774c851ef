"""Pages of the deployed processes 流程: list, one version, its drawing, the file itself."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from webapp.queries import definitions, diagrams
from webapp.services.definitions import checked
from webapp.web.session import current_actor, office, reading, today

page = Blueprint("definitions", __name__)
LONGEST_SEARCH = 60


@page.get("/definitions")
def index() -> str:
    """The newest version of every process."""
    definitions.require_may_read(current_actor(), today())
    q = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    with reading() as reads:
        rows = definitions.newest(reads, q)
        parsed = {row["digest"]: checked(office(), row["digest"], row["key"]) for row in rows}
        view = definitions.index(reads, rows, parsed, q)
    return render_template("definitions/index.html", view=view)


@page.get("/definitions/<key>")
def show(key: str) -> str:
    """One version, the newest unless ``?version=`` names another."""
    definitions.require_may_read(current_actor(), today())
    asked = request.args.get("version", type=int)
    with reading() as reads:
        rows = definitions.versions(reads, key)
        row = definitions.version_of(rows, asked)
        url = url_for("definitions.diagram", key=key, version=row["version"])
        view = definitions.show(reads, rows, row, checked(office(), row["digest"], key), url)
    return render_template("definitions/show.html", view=view)


@page.get("/definitions/<key>/<int:version>/diagram")
def diagram(key: str, version: int) -> Response:
    """The drawing as JSON for the viewer."""
    row, data = _drawing(key, version)
    return make_response({"xml": diagrams.text_of(data), "marks": {}, "name": row["name"]})


@page.get("/definitions/<key>/<int:version>/download")
def download(key: str, version: int) -> Response:
    """The BPMN file, byte for byte as deployed."""
    _, data = _drawing(key, version)
    answer = Response(data, mimetype="application/xml")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{key}-{version}.bpmn")
    return answer


def _drawing(key: str, version: int) -> tuple[Mapping[str, Any], bytes]:
    definitions.require_may_read(current_actor(), today())
    with reading() as reads:
        row = definitions.version_of(definitions.versions(reads, key), version)
        return row, definitions.drawing(reads, row["digest"], row["key"])
