"""Every page and who may knock: routes, the sign-in guard, what all templates know."""

from typing import Any

from flask import Flask, current_app, request

from webapp.services.demo import progress
from webapp.web import errors
from webapp.web.frame import me
from webapp.web.pages import PAGES
from webapp.web.session import current_actor, now, office, today

# Everything else demands an actor; the guard test reads this list. None: an address no route serves.
PUBLIC = frozenset({"auth.sign_in", "auth.demo", "assets_file", "health.live", "health.ready", None})


def _guard() -> None:
    if request.endpoint not in PUBLIC:
        current_actor()


def _frame() -> dict[str, Any]:
    demo = progress.read(office(), today()) if current_app.config["DEMO"] else None
    return {"me": me(), "demo": demo, "today": today(), "now": now()}


def install(app: Flask) -> None:
    """Routes, guard, errors and the templates' common knowledge."""
    app.before_request(_guard)
    app.context_processor(_frame)
    errors.install(app)
    for page in PAGES:
        app.register_blueprint(page)
