"""The page on which the starts of a process are stopped and let begin again 启停, and versions taken away."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from webapp.domain.definition_switches import ACTS_ZH, Act
from webapp.domain.errors import Invalid, NotAllowed, NotFound, Refused
from webapp.queries import definitions, design_versions
from webapp.services import correcting
from webapp.services import definition_switches as verbs
from webapp.web.pages.designs import require_designer
from webapp.web.repeats import once
from webapp.web.session import current_actor, reading

page = Blueprint("definition_switches", __name__, url_prefix="/designs/switches")


@page.get("/<key>")
def show(key: str) -> Response:
    """How the versions stand, what waits for a second designer, and what may be put forward."""
    return _page(key)


def _page(key: str, refused: tuple[str, ...] = (), status: int = 200) -> Response:
    require_designer()
    with reading() as reads:
        rows = definitions.versions(reads, key)
        switches = design_versions.switches(reads, current_actor().user_id, key=key)
        view = {
            "key": key,
            "name": rows[0]["name"],
            "versions": design_versions.versions(reads, rows, ()),
            "open": next((one for one in switches if one.status == "proposed"), None),
            "past": tuple(one for one in switches if one.status != "proposed"),
            "refused": refused,
            "posted": {name: request.form.get(name, "")[:400] for name in ("what", "reason")},
        }
    return make_response(render_template("designs/switches.html", view=view), status)


@page.post("/<key>")
def propose(key: str) -> Response:
    """提出暂停启动、恢复启动或者删除版本."""
    reason = request.form.get("reason", "")

    def verb() -> str:
        act, version = _chosen()
        actor = current_actor()
        once(lambda one: verbs.propose(one, actor, key=key, act=act, version=version, reason=reason))
        return "已提出，请另一名设计员复核；复核同意前没有变化。"

    return _done(key, verb)


def _chosen() -> tuple[Act, int | None]:
    """What was chosen: an act on the whole process, or ``remove:3``."""
    what, _, number = request.form.get("what", "").partition(":")
    act = next((code for code in ACTS_ZH if code == what), None)
    if act is None or (act == "remove") != (number.isdecimal() and len(number) < 7):
        raise Invalid({"what": "请选择要办的事。"})
    return act, int(number) if number else None


@page.post("/<key>/<uuid:switch_id>/confirm")
def confirm(key: str, switch_id: Any) -> Response:
    """复核同意，随即生效."""

    def verb() -> str:
        actor = current_actor()
        once(lambda one: verbs.confirm(one, actor, switch_id=str(switch_id)))
        return "已复核同意，从现在起按申请办理。"

    return _done(key, verb)


@page.post("/<key>/<uuid:switch_id>/reject")
def reject(key: str, switch_id: Any) -> Response:
    """不同意，或提出人收回."""

    def verb() -> str:
        reason, actor = request.form.get("reason", ""), current_actor()
        once(lambda one: verbs.reject(one, actor, switch_id=str(switch_id), reason=reason))
        return "已退回，没有变化。"

    return _done(key, verb)


def _done(key: str, verb: Callable[[], str]) -> Response:
    try:
        said = verb()
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return _page(key, correcting.refusal(refused), refused.status)
    flash(said, "done")
    with reading() as reads:
        left = definitions.newest(reads, key)
    where = url_for("definition_switches.show", key=key) if left else url_for("designs.index")
    return make_response(redirect(where, 303))
