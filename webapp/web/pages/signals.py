"""The page on which a signal is sent to all who wait for it 发出信号, by who answers for their cases, with a reason."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from webapp.domain.errors import Invalid, NotAllowed, Refused
from webapp.services import broadcasting, correcting
from webapp.web.repeats import once
from webapp.web.session import current_actor, office

page = Blueprint("signals", __name__, url_prefix="/corrections/signals")


@page.get("")
def index() -> Response:
    """The signals that reach something the reader answers for."""
    return _page()


def _page(refused: tuple[str, ...] = (), status: int = 200) -> Response:
    found = broadcasting.awaited(office(), current_actor())
    posted = {name: request.form.get(name, "")[:500] for name in ("name", "reason")}
    view = {"signals": found, "refused": refused, "posted": posted}
    return make_response(render_template("corrections/signals.html", view=view), status)


@page.post("")
def send() -> Response:
    """发出信号."""
    actor, name, reason = current_actor(), request.form.get("name", ""), request.form.get("reason", "")
    try:
        if not name:
            raise Invalid({"name": "请选择要发出的信号。"})
        broadcasting.told_reason(reason)
        once(lambda one: broadcasting.broadcast(one, actor, name=name, reason=reason))
    except NotAllowed:
        raise
    except Refused as refused:
        return _page(correcting.refusal(refused), refused.status)
    flash(f"已发出信号“{name}”，等待它的流程逐个继续。", "done")
    return make_response(redirect(url_for("signals.index"), 303))
