"""Is it alive, is it ready 运行状态: for the machine that watches, without personal data."""

from flask import Blueprint, Response, current_app, make_response

from webapp.services import health
from webapp.web.metrics import figures, require_watcher
from webapp.web.session import office

page = Blueprint("health", __name__)


@page.get("/healthz")
def live() -> Response:
    """The process answers."""
    return make_response({"status": "ok"})


@page.get("/readyz")
def ready() -> Response:
    """The database answers and its triggers fire; DatabaseUnavailable (503) otherwise."""
    health.require_ready(office())
    return make_response({"status": "ready"})


@page.get("/metrics")
def metrics() -> Response:
    """Figures for Prometheus, for the watching machine alone."""
    require_watcher(current_app.config["METRICS_TOKEN"])
    return figures().page()
