"""Sign in and out 登录: one slow hash whoever asks, one sentence for every wrong attempt, a delay that grows."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_security import login_user, logout_user

from webapp.services import identity, signing_in
from webapp.services.demo import logins
from webapp.web.passwords import LONGEST_LOGIN, LONGEST_PASSWORD, LockedOut, WrongPassword, verified
from webapp.web.session import SIGNED_IN_AT, actor_or_none, office, today

page = Blueprint("auth", __name__)


@dataclass(frozen=True, slots=True)
class SignInView:
    """What the sign-in page shows."""

    login: str = ""
    next: str = ""
    problem: str = ""
    needs_code: bool = False
    locked_until: datetime | None = None
    demo_logins: tuple[logins.DemoLogin, ...] = ()
    demo_others: tuple[logins.DemoLogin, ...] = ()
    problems: tuple[object, ...] = ()


def _show(status: int = 200, **values: Any) -> Response:
    few, others = logins.offered(office()) if current_app.config["DEMO"] else ((), ())
    view = SignInView(demo_logins=few, demo_others=others, **values)
    return make_response(render_template("auth/sign_in.html", view=view), status)


@page.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response:
    """Ask for login and password, or in a demo for one of its log-ins."""
    target = _own(request.values.get("next", ""))
    if request.method == "GET":
        return _show(next=target)
    chosen = request.form.get("demo_login", "")
    if chosen and current_app.config["DEMO"]:
        return _enter(chosen, logins.PASSWORD, target)
    login, password = request.form.get("login", "").strip(), request.form.get("password", "")
    if not login or not 0 < len(password) <= LONGEST_PASSWORD:
        return _show(422, login=login, next=target, problem="请输入登录名和密码。")
    return _enter(login, password, target)


def _enter(login: str, password: str, target: str) -> Response:
    address = request.remote_addr or ""
    login = login[:LONGEST_LOGIN]
    try:
        user = verified(login, password, address)
    except LockedOut as locked:
        return _show(429, login=login, next=target, locked_until=locked.until)
    except WrongPassword as wrong:
        return _show(401, login=login, next=target, problem=wrong.sentence)
    actor = identity.actor_of_session(office(), user.fs_uniquifier)
    refusals = signing_in.reasons_against_entering(actor, today()) if actor is not None else ()
    if refusals:
        problem = f"该账号的授权有误，暂不能使用：{''.join(refusals)}请联系安全保密管理员更正。"
        return _show(403, login=login, next=target, problem=problem)
    session.clear()
    login_user(user)
    session.permanent = True
    session[SIGNED_IN_AT] = int(time.time())
    if actor is not None:
        signing_in.succeeded(office(), actor, login, address)
    return make_response(redirect(target or url_for("inbox.index"), 303))


def _own(target: str) -> str:
    """The page to go on to, only within this site."""
    parts = urlsplit(target.replace("\\", "/"))
    is_own = target.startswith("/") and not target.startswith("//") and not parts.netloc and not parts.scheme
    return target if is_own and "\\" not in target else ""


@page.post("/sign-out")
def sign_out() -> Response:
    """End the session."""
    actor = actor_or_none()
    if actor is not None:
        signing_in.ended(office(), actor)
    logout_user()
    session.clear()
    return make_response(redirect(url_for("auth.sign_in"), 303))


@page.get("/demo-progress")
def demo() -> Response:
    """The page that the demo banner refreshes itself from while cases are loading."""
    return _show()
