"""Pages of the process designer 流程设计: the list, a draft in the editor, its files, its way to a second person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage

from webapp.domain.access import require_role
from webapp.domain.errors import Invalid, NotFound
from webapp.domain.fields import fields_of
from webapp.queries import design_versions, designs, parts
from webapp.services import comparing, definition_drafts, design_choices
from webapp.services.definition_drafts import Draft
from webapp.services.proposals import DESIGNER
from webapp.web import forms, posting
from webapp.web.headers import for_editor
from webapp.web.repeats import made, once
from webapp.web.session import current_actor, now, office, reading, today, work

page = Blueprint("designs", __name__, url_prefix="/designs")
KINDS = {".bpmn": "流程图", ".dmn": "决策表", ".json": "表单"}


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of a draft; ``removable``: everything but the diagram."""

    name: str
    kind: str
    size: int
    removable: bool


@dataclass(frozen=True, slots=True)
class DraftView:
    """The page of one draft."""

    draft: Draft
    line: designs.DraftLine
    files: tuple[FileLine, ...]
    findings: tuple[designs.Finding, ...]
    others: tuple[designs.DraftLine, ...]
    diagram: parts.Diagram
    # How many notes there are on what came from another tool.
    reported: int = 0
    problems: tuple[parts.Problem, ...] = ()
    reason: str = ""

    @property
    def errors(self) -> int:
        """How many findings keep the draft from being tried out and published."""
        return sum(one.level == "error" for one in self.findings)


def require_designer() -> None:
    """NotAllowed, in a sentence, for everybody else."""
    require_role(current_actor(), DESIGNER, day=today())


@page.get("")
def index() -> Response:
    """What is published, what is drafted, what waits for a second designer."""
    return _index()


def shown_again(problems: Mapping[str, str]) -> Response:
    """The list once more, with what was wrong with what was sent from it."""
    return _index(problems, 422)


def _index(problems: Mapping[str, str] | None = None, status: int = 200) -> Response:
    require_designer()
    me = current_actor().user_id
    with reading() as reads:
        drafts = designs.drafts(reads, me)
        processes = designs.processes(reads, drafts)
        waiting = design_versions.proposals(reads, me, status="waiting")
        switches = design_versions.switches(reads, me, status="proposed")
    known = {one.key for one in processes}
    view = {
        "processes": processes,
        "new": tuple(one for one in drafts if one.key not in known),
        "waiting": waiting,
        "switches": switches,
        "problems": tuple(parts.Problem(name, said) for name, said in (problems or {}).items()),
        "posted": {name: request.form.get(name, "") for name in ("key", "name", "import_key")},
    }
    return make_response(render_template("designs/index.html", view=view), status)


@page.post("")
def create() -> Response:
    """A draft of a new process, or of a published one."""
    require_designer()
    key = request.form.get("key", "").strip()[:80]
    try:
        if request.form.get("from") == "published":
            draft_id = once(lambda one: definition_drafts.begin(one, current_actor(), key=key))
        else:
            name = request.form.get("name", "")
            draft_id = once(lambda one: definition_drafts.create(one, current_actor(), key=key, name=name))
    except Invalid as invalid:
        return _index(invalid.problems, 422)
    return _to(made(draft_id, "draft_id"), "草稿已建立，只有发布后才会用于新的卷宗。")


def _to(draft_id: object, sentence: str) -> Response:
    flash(sentence, "done")
    return make_response(redirect(url_for("designs.show", draft_id=draft_id), 303))


@page.get("/<uuid:draft_id>")
def show(draft_id: Any) -> Response:
    """A draft in the editor."""
    return _show(str(draft_id))


def _show(
    draft_id: str, *, problems: Mapping[str, str] | None = None, reason: str = "", status: int = 200
) -> Response:
    require_designer()
    with reading() as reads:
        draft = definition_drafts.read(reads, draft_id)
        lines = designs.drafts(reads, current_actor().user_id)
        reported = designs.reported(reads, draft_id)
    found = definition_drafts.findings(office(), draft)
    url = url_for("designs.drawing", draft_id=draft_id)
    view = DraftView(
        draft=draft,
        line=next(one for one in lines if one.id == draft_id),
        files=tuple(_file(name, data, draft) for name, data in sorted(draft.files.items(), key=_order)),
        findings=designs.findings(found, comparing.names_of(draft)),
        others=tuple(one for one in lines if one.key == draft.key and one.id != draft_id),
        diagram=parts.Diagram("", draft.name, draft.key, draft.base_version, url, ()),
        reported=reported,
        problems=tuple(parts.Problem(name, said) for name, said in (problems or {}).items()),
        reason=reason,
    )
    return for_editor(make_response(render_template("designs/show.html", view=view), status))


def _order(item: tuple[str, bytes]) -> tuple[int, str]:
    return ([".bpmn", ".json", ".dmn"].index("." + item[0].rpartition(".")[2]), item[0])


def _file(name: str, data: bytes, draft: Draft) -> FileLine:
    kind = KINDS.get("." + name.rpartition(".")[2], "文件")
    return FileLine(name, kind, len(data), name != draft.diagram[0])


@page.get("/<uuid:draft_id>/drawing")
def drawing(draft_id: Any) -> Response:
    """The drawing as JSON for the viewer on narrow screens."""
    return make_response({"xml": _read(draft_id).drawing, "marks": {}})


def _read(draft_id: object) -> Draft:
    require_designer()
    with reading() as reads:
        return definition_drafts.read(reads, str(draft_id))


@page.get("/<uuid:draft_id>/model")
def model(draft_id: Any) -> Response:
    """What the editor begins with: the drawing, its revision, what may be chosen, what the checks found."""
    draft = _read(draft_id)
    body = {
        "xml": draft.drawing,
        "revision": draft.revision,
        "choices": design_choices.of(office(), draft.files),
        "findings": _told(definition_drafts.findings(office(), draft)),
    }
    return make_response(body)


def _told(problems: Any) -> list[dict[str, str]]:
    return [
        {"level": one.level, "element_id": one.element_id, "sentence": one.sentence}
        for one in designs.findings(problems, {})
    ]


def _posted_xml() -> bytes:
    sent = request.files.get("xml")
    if sent is None:
        raise Invalid({"xml": "没有收到流程图，请刷新页面后再试。"})
    return taken(sent)


def taken(sent: FileStorage) -> bytes:
    """The bytes of an upload; a large one lies in a file of its own, which is closed."""
    with sent.stream as stream:
        found: bytes = stream.read()
    return found


def _revision() -> int:
    return request.form.get("revision", default=0, type=int)


@page.post("/<uuid:draft_id>/save")
def save(draft_id: Any) -> Response:
    """Keep the drawing; answered to the editor."""
    saved = definition_drafts.save(
        work(), current_actor(), draft_id=str(draft_id), revision=_revision(), xml=_posted_xml()
    )
    draft = _read(draft_id)
    body = {
        "revision": saved.revision,
        "digest": saved.digest,
        "sentence": f"已保存，第{saved.revision}次。",
        "findings": _told(definition_drafts.findings(office(), draft)),
    }
    return make_response(body)


@page.post("/<uuid:draft_id>/check")
def check(draft_id: Any) -> Response:
    """What the checks say of the drawing as it stands in the editor; nothing is kept."""
    draft = _read(draft_id)
    files = {**draft.files, draft.diagram[0] or f"{draft.key}.bpmn": _posted_xml()}
    return make_response({"findings": _told(definition_drafts.judged(office(), draft, files))})


@page.post("/<uuid:draft_id>/expression")
def expression(draft_id: Any) -> Response:
    """What is wrong with a formula as it is written."""
    _read(draft_id)
    sentence = design_choices.judge(request.form.get("text", ""), request.form.get("kind", ""))
    return make_response({"sentence": sentence})


@page.post("/<uuid:draft_id>/files")
def upload(draft_id: Any) -> Response:
    """Put a file into the draft."""
    sent = request.files.get("file")
    filename = (sent.filename or "") if sent is not None else ""
    if sent is None or not filename:
        return _show(str(draft_id), problems={"file": "请选择要上传的文件。"}, status=422)
    try:
        once(
            lambda one: definition_drafts.upload(
                one,
                current_actor(),
                draft_id=str(draft_id),
                revision=_revision(),
                filename=filename,
                data=taken(sent),
            )
        )
    except Invalid as invalid:
        return _show(str(draft_id), problems=invalid.problems, status=422)
    if filename.endswith(".bpmn") and _has_report(str(draft_id)):
        flash("文件已放入草稿。它来自其他工具，请看改写了什么、什么不会执行。", "done")
        return make_response(redirect(url_for("design_imports.report", draft_id=draft_id), 303))
    return _to(draft_id, "文件已放入草稿。")


def _has_report(draft_id: str) -> bool:
    with reading() as reads:
        return designs.reported(reads, draft_id) > 0


@page.post("/<uuid:draft_id>/files/remove")
def remove(draft_id: Any) -> Response:
    """Take a file out of the draft."""
    name = request.form.get("name", "")[:200]
    once(
        lambda one: definition_drafts.remove(
            one, current_actor(), draft_id=str(draft_id), revision=_revision(), name=name
        )
    )
    return _to(draft_id, "文件已移除。")


@page.get("/<uuid:draft_id>/download/<path:file>")
def download(draft_id: Any, file: str) -> Response:
    """One file of the draft, byte for byte."""
    data = _read(draft_id).files.get(file)
    if data is None:
        raise NotFound
    answer = Response(data, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=file.rpartition("/")[2])
    return answer


@page.route("/<uuid:draft_id>/view/<path:file>", methods=["GET", "POST"])
def view(draft_id: Any, file: str) -> Response:
    """A form as people will see it, a decision table as it is written."""
    draft = _read(draft_id)
    data = draft.files.get(file)
    if data is None or file.endswith(".bpmn"):
        raise NotFound
    shown: dict[str, Any] = {"draft": draft, "name": file, "sheets": (), "form": None, "problems": ()}
    if file.endswith(".dmn"):
        shown["sheets"] = comparing.sheets_of(data, file)
    else:
        try:
            fields = fields_of(design_choices.schema_of(data) or {})
        except Invalid as invalid:
            shown["problems"] = tuple(
                parts.Problem("", f"{key}：{said}") for key, said in invalid.problems.items()
            )
        else:
            with reading() as reads:
                shown["form"] = forms.draw(
                    reads, definition_drafts.previewed(fields), posting.read(request), variables={}, now=now()
                )
    return make_response(render_template("designs/view.html", view=shown))


@page.post("/<uuid:draft_id>/copy")
def copy(draft_id: Any) -> Response:
    """Another designer's draft as an own one."""
    copied = once(lambda one: definition_drafts.copy(one, current_actor(), draft_id=str(draft_id)))
    return _to(made(copied, "draft_id"), "已另存为您自己的草稿。")


@page.post("/<uuid:draft_id>/discard")
def discard(draft_id: Any) -> Response:
    """Delete the own draft."""
    once(lambda one: definition_drafts.discard(one, current_actor(), draft_id=str(draft_id)))
    flash("草稿已删除。", "done")
    return make_response(redirect(url_for("designs.index"), 303))


@page.post("/<uuid:draft_id>/propose")
def propose(draft_id: Any) -> Response:
    """Ask a second designer to publish the draft."""
    reason = request.form.get("reason", "")
    try:
        found = definition_drafts.propose(
            office(),
            current_actor(),
            draft_id=str(draft_id),
            digest=request.form.get("digest", ""),
            reason=reason,
        )
    except Invalid as invalid:
        return _show(str(draft_id), problems=invalid.problems, reason=reason[:400], status=422)
    flash("已提出发布，请另一名流程设计员复核。", "done")
    return make_response(redirect(url_for("design_versions.proposal", proposal_id=found.id), 303))
