"""Every page and who may knock: routes, the sign-in guards of people and programs, what all templates know."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask, abort, current_app, g, request

from webapp.domain.errors import NotAllowed
from webapp.domain.workdays import local_date
from webapp.services.demo import progress
from webapp.web import errors
from webapp.web.api import entering, installing
from webapp.web.api.doors import NAMES
from webapp.web.frame import ENTERED_BY, me, pages_of
from webapp.web.pages import PAGES
from webapp.web.posting import PREFIX
from webapp.web.session import current_actor, now, office, today

# Everything else demands an actor; the guard test reads this list. None: an address no route serves.
PUBLIC = frozenset(
    {"auth.sign_in", "auth.demo", "assets_file", "health.live", "health.ready", "health.metrics", None}
)
# Entrances for programs: their own guard asks for a token or a password, on every one of their addresses.
PROGRAMS = NAMES


def _guard() -> None:
    _refuse_nul()
    if request.endpoint in PUBLIC:
        return
    if request.blueprint in PROGRAMS:
        entering.enter()
        return
    actor = current_actor()
    part, _, view = (request.endpoint or "").partition(".")
    if view == "index" and part in ENTERED_BY and part not in pages_of(actor):
        raise NotAllowed("您的岗位不使用这一栏目，如工作需要请联系安全保密管理员。")


def _refuse_nul() -> None:
    """Nobody types a NUL, and PostgreSQL takes none; in a form's own fields it is dropped instead."""
    if "\0" in request.path:
        abort(400)
    for given in (request.args, request.form):
        for name, value in given.items(multi=True):
            if ("\0" in name or "\0" in value) and not name.startswith(PREFIX):
                abort(400)


def _frame() -> dict[str, Any]:
    if g.get("plain_frame"):
        moment = datetime.now(UTC)
        return {"me": None, "demo": None, "today": local_date(moment), "now": moment}
    demo = progress.read(office(), today()) if current_app.config["DEMO"] else None
    return {"me": me(), "demo": demo, "today": today(), "now": now()}


def install(app: Flask) -> None:
    """Routes, guard, errors and the templates' common knowledge."""
    app.before_request(_guard)
    app.context_processor(_frame)
    errors.install(app)
    for page in PAGES:
        app.register_blueprint(page)
    installing.install(app)
