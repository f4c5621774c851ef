"""Pages of versions 版本: who published what and why, what differs, and the second person's yes or no."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from webapp.domain.errors import Invalid, NotFound, Refused
from webapp.queries import definitions, design_versions, designs, diagrams, parts
from webapp.services import comparing, definition_drafts, proposals
from webapp.services.comparing import Differences
from webapp.services.office import bundle
from webapp.web.pages.designs import require_designer
from webapp.web.repeats import made, once
from webapp.web.session import current_actor, office, reading

page = Blueprint("design_versions", __name__, url_prefix="/designs")
NUMBER = re.compile(r"[0-9]{1,6}")
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two things compared: a version, a draft or a proposal."""

    label: str
    key: str
    name: str
    files: dict[str, bytes]
    diagram: parts.Diagram | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The page of differences 差异."""

    left: Side
    right: Side
    changes: tuple[designs.ChangeLine, ...]
    counts: tuple[tuple[str, int], ...]


@page.get("/versions/<key>")
def versions(key: str) -> Response:
    """Every version of a process; ``?left=1&right=2`` leads to what differs between the two."""
    require_designer()
    chosen = [request.args.get(name, type=int) for name in ("left", "right")]
    if None not in chosen:
        left, right = (f"version:{key}:{one}" for one in chosen)
        return make_response(redirect(url_for("design_versions.difference", left=left, right=right), 303))
    with reading() as reads:
        rows = definitions.versions(reads, key)
        proposed = design_versions.proposals(reads, current_actor().user_id, key=key)
        view = {
            "key": key,
            "name": rows[0]["name"],
            "versions": design_versions.versions(reads, rows, proposed),
            "cases": design_versions.cases_on(reads, key),
            "proposals": proposed,
        }
    return make_response(render_template("designs/versions.html", view=view))


@page.post("/versions/<key>/<int:version>/restore")
def restore(key: str, version: int) -> Response:
    """An old version as a new draft."""
    replace = request.form.get("replace") == "1"
    draft_id = once(
        lambda one: definition_drafts.begin(one, current_actor(), key=key, version=version, replace=replace)
    )
    flash(f"已按第{version}版建立草稿；发布后才会用于新的卷宗。", "done")
    return make_response(redirect(url_for("designs.show", draft_id=made(draft_id, "draft_id")), 303))


@page.get("/compare/<left>/<right>")
def difference(left: str, right: str) -> str:
    """What differs between two versions, or between a version and a draft or proposal."""
    require_designer()
    before, after = _side(left), _side(right)
    found = comparing.differences(before.files, after.files)
    view = Comparison(
        _with_diagram(before, url_for("design_versions.drawing", left=left, right=right, side="left")),
        _with_diagram(after, url_for("design_versions.drawing", left=left, right=right, side="right")),
        designs.changes(found.changes),
        _counted(found),
    )
    return render_template("designs/compare.html", view=view)


@page.get("/compare/<left>/<right>/<any(left, right):side>")
def drawing(left: str, right: str, side: str) -> Response:
    """One side's drawing with its marks, for the canvas."""
    require_designer()
    before, after = _side(left), _side(right)
    found = comparing.differences(before.files, after.files)
    shown = before if side == "left" else after
    alone = "removed" if side == "left" else "added"
    marks = designs.marks(found.changes, alone, "changed", "moved")
    return make_response({"xml": diagrams.text_of(_drawn(shown)), "marks": marks})


def _drawn(side: Side) -> bytes:
    return next((data for name, data in sorted(side.files.items()) if name.endswith(".bpmn")), b"")


def _side(text: str) -> Side:
    """``version:<key>:<n>``, ``draft:<id>`` or ``proposal:<id>`` as files; NotFound for anything else."""
    kind, _, rest = text.partition(":")
    with reading() as reads:
        if kind == "version":
            key, _, number = rest.rpartition(":")
            row = design_versions.version_row(reads, key, int(number) if NUMBER.fullmatch(number) else -1)
            return Side(f"第{row['version']}版", key, row["name"], bundle(reads, row["digest"]))
        if kind == "draft" and _is_id(rest):
            draft = definition_drafts.read(reads, rest)
            return Side("草稿", draft.key, draft.name, dict(draft.files))
        if kind == "proposal" and _is_id(rest):
            found = design_versions.proposals(reads, "", id=rest)
            if found:
                return Side("发布申请", found[0].key, found[0].name, bundle(reads, found[0].digest))
    raise NotFound("没有找到要比较的版本。")


def _is_id(text: str) -> bool:
    return ID.fullmatch(text.lower()) is not None


def _counted(found: Differences) -> tuple[tuple[str, int], ...]:
    counts = ((zh, found.count(how)) for how, zh in designs.HOW_ZH.items())
    return tuple((zh, count) for zh, count in counts if count)


def _with_diagram(side: Side, url: str) -> Side:
    return Side(
        side.label, side.key, side.name, side.files, parts.Diagram("", side.label, side.key, 0, url, ())
    )


@page.get("/proposals/<uuid:proposal_id>")
def proposal(proposal_id: Any) -> Response:
    """A proposal with everything the second person has to see."""
    return _proposal(str(proposal_id))


def _proposal(proposal_id: str, refused: str = "", status: int = 200) -> Response:
    require_designer()
    with reading() as reads:
        found = design_versions.proposals(reads, current_actor().user_id, id=proposal_id)
        if not found:
            raise NotFound("没有找到该发布申请。")
        line = found[0]
        after = bundle(reads, line.digest)
        before = {}
        if line.base_version:
            row = design_versions.version_row(reads, line.key, line.base_version)
            before = bundle(reads, row["digest"])
    differs = comparing.differences(before, after) if before else Differences(())
    view = {
        "proposal": line,
        "changes": designs.changes(differs.changes),
        "counts": _counted(differs),
        "files": tuple((name, len(data)) for name, data in sorted(after.items())),
        "refused": refused,
    }
    return make_response(render_template("designs/proposal.html", view=view), status)


@page.post("/proposals/<uuid:proposal_id>/approve")
def approve(proposal_id: Any) -> Response:
    """Publish, as the second designer, the very bytes that were on the page."""
    try:
        version = proposals.approve(
            office(),
            current_actor(),
            proposal_id=str(proposal_id),
            digest=request.form.get("digest", ""),
            reason=request.form.get("reason", ""),
        )
    except NotFound:
        raise
    except Refused as refused:
        return _proposal(str(proposal_id), _words(refused), refused.status)
    return _decided(proposal_id, f"已发布为第{version}版，新的卷宗从现在起使用；正在办理的仍用原来的版本。")


@page.post("/proposals/<uuid:proposal_id>/reject")
def reject(proposal_id: Any) -> Response:
    """Say no, with a reason."""
    return _close(proposal_id, proposals.reject, "已退回，提出人可以看到理由。")


@page.post("/proposals/<uuid:proposal_id>/withdraw")
def withdraw(proposal_id: Any) -> Response:
    """Take the own proposal back."""
    return _close(proposal_id, proposals.withdraw, "已撤回。")


def _close(proposal_id: Any, verb: Any, sentence: str) -> Response:
    try:
        reason = request.form.get("reason", "")
        verb(office(), current_actor(), proposal_id=str(proposal_id), reason=reason)
    except NotFound:
        raise
    except Refused as refused:
        return _proposal(str(proposal_id), _words(refused), refused.status)
    return _decided(proposal_id, sentence)


def _words(refused: Refused) -> str:
    return "；".join(refused.problems.values()) if isinstance(refused, Invalid) else refused.sentence


def _decided(proposal_id: Any, sentence: str) -> Response:
    flash(sentence, "done")
    return make_response(redirect(url_for("design_versions.proposal", proposal_id=proposal_id), 303))
