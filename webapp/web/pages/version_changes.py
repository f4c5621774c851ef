"""Pages of a change of version 换版: which running processes go on under another version, tried first, done by two."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from webapp.domain.access import require_role
from webapp.domain.corrections import CONFIRMERS, PROPOSERS
from webapp.domain.errors import Invalid, NotAllowed, NotFound, Refused
from webapp.queries import corrections as listing
from webapp.queries import definitions
from webapp.services import correcting, moving
from webapp.services import version_changes as verbs
from webapp.services.version_changes import Prospect, Versions
from webapp.web.repeats import made, once
from webapp.web.session import current_actor, office, read_event, reading, today

page = Blueprint("version_changes", __name__, url_prefix="/version-changes")
PREFIX = "map."


@dataclass(frozen=True, slots=True)
class View:
    """The page on which a change of version is tried and put forward."""

    key: str
    name: str
    versions: tuple[int, ...]
    source: int
    target: int
    unmatched: tuple[moving.Unmatched, ...]
    mapping: Mapping[str, str]
    prospects: tuple[Prospect, ...]
    chosen: frozenset[str]
    reason: str = ""
    refused: tuple[str, ...] = ()


@page.route("/new/<key>", methods=["GET", "POST"])
def new(key: str) -> Response:
    """试迁移, 提出换版."""
    require_role(current_actor(), *PROPOSERS, day=today())
    both = _both(key)
    mapping = _mapping(both)
    if request.form.get("act") != "propose":
        return _page(both, mapping, (), 200)
    try:
        change_id = _once(both, mapping)
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _page(both, mapping, correcting.refusal(refused), refused.status)
    flash("已提出，请第二人复核。复核同意前，各件仍用原版本。", "done")
    return make_response(redirect(url_for("version_changes.change", change_id=change_id), 303))


def _once(both: Versions, mapping: Mapping[str, str]) -> str:
    actor = current_actor()
    chosen, reason = request.form.getlist("instance")[: verbs.MOST], request.form.get("reason", "")
    if not chosen:
        raise Invalid({"instance": "请至少选择一件。"})
    change_id = once(
        lambda one: verbs.propose(
            one, actor, source_id=both.source["id"], target_id=both.target["id"], mapping=mapping,
            instances=chosen, reason=reason,
        ),
    )  # fmt: skip
    return made(change_id, "version_change_id")


def _both(key: str) -> Versions:
    with reading() as reads:
        rows = definitions.versions(reads, key)
    numbers = [row["version"] for row in rows]
    if len(rows) < 2:
        raise NotFound("这个流程只有一个版本，没有可以换用的版本。")
    source = request.values.get("source", numbers[1], type=int)
    target = request.values.get("target", numbers[0], type=int)
    ids = [definitions.version_of(rows, one)["id"] for one in (source, target)]
    with office().glance() as look:
        return verbs.versions(look, ids[0], ids[1])


def _mapping(both: Versions) -> dict[str, str]:
    """What was chosen; before anything was, what suggests itself."""
    if request.method == "GET":
        return moving.suggested(both.old, both.new)
    chosen = {
        name.removeprefix(PREFIX): value for name, value in request.form.items() if name.startswith(PREFIX)
    }
    return {old: new for old, new in chosen.items() if new}


def _page(both: Versions, mapping: Mapping[str, str], refused: tuple[str, ...], status: int) -> Response:
    actor = current_actor()
    try:
        found = verbs.prospects(office(), actor, both, mapping)
    except Invalid as invalid:
        found, refused, status = (), tuple(invalid.problems.values()), 422
    posted = request.form.getlist("instance")
    chosen = frozenset(posted) if posted else frozenset(one.instance_id for one in found if one.fits)
    with reading() as reads:
        numbers = tuple(row["version"] for row in definitions.versions(reads, both.source["key"]))
        told = read_event(actor, "version_change", instances=[one.instance_id for one in found])
        reads.disclose(told)
    view = View(
        key=both.source["key"],
        name=both.target["name"],
        versions=numbers,
        source=both.source["version"],
        target=both.target["version"],
        unmatched=moving.unmatched(both.old, both.new),
        mapping=mapping,
        prospects=found,
        chosen=chosen,
        reason=request.form.get("reason", "")[:1000],
        refused=refused,
    )
    return make_response(render_template("corrections/version_new.html", view=view), status)


@page.get("/<uuid:change_id>")
def change(change_id: Any) -> Response:
    """One change of version with what became of each process."""
    return _change(str(change_id), (), 200)


def _change(change_id: str, refused: tuple[str, ...], status: int) -> Response:
    actor = current_actor()
    require_role(actor, *PROPOSERS, *CONFIRMERS, day=today())
    with reading() as reads:
        found = listing.changes(reads, actor.user_id, id=change_id)
        if not found:
            raise NotFound("没有找到该项换版。")
        reads.disclose(read_event(actor, "version_change", version_change_id=change_id))
    may_confirm = bool(actor.roles_on(today()) & set(CONFIRMERS))
    mapping = _named(found[0]) if found[0].mapping else ()
    view = {
        "line": found[0],
        "mapping": mapping,
        "may_confirm": may_confirm and not found[0].mine,
        "refused": refused,
    }
    return make_response(render_template("corrections/version.html", view=view), status)


def _named(line: listing.ChangeLine) -> tuple[tuple[str, str], ...]:
    """The elements that become others, by name."""
    with reading() as reads:
        rows = definitions.versions(reads, line.key)
    ids = [definitions.version_of(rows, one)["id"] for one in (line.before, line.after)]
    with office().glance() as look:
        both = verbs.versions(look, ids[0], ids[1])
    return tuple(
        (both.old.nodes[old].name or old, both.new.nodes[new].name or new) for old, new in line.mapping
    )


@page.post("/<uuid:change_id>/confirm")
def confirm(change_id: Any) -> Response:
    """复核同意，逐件换版."""
    try:
        results = verbs.confirm(office(), current_actor(), change_id=str(change_id))
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _change(str(change_id), correcting.refusal(refused), refused.status)
    moved = sum(one["moved"] for one in results)
    flash(f"已办理：{moved}件换用新版本，{len(results) - moved}件没有换。", "done")
    return make_response(redirect(url_for("version_changes.change", change_id=change_id), 303))


@page.post("/<uuid:change_id>/reject")
def reject(change_id: Any) -> Response:
    """不同意，或提出人收回."""
    try:
        reason = request.form.get("reason", "")
        once(lambda one: verbs.reject(one, current_actor(), change_id=str(change_id), reason=reason))
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _change(str(change_id), correcting.refusal(refused), refused.status)
    flash("已退回，各件仍用原版本。", "done")
    return make_response(redirect(url_for("version_changes.change", change_id=change_id), 303))
