"""The own password 更改密码: the old one once more, the new one twice; every other session of the account ends."""

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_security import hash_password

from webapp.domain import accounts as rules
from webapp.domain.access import Actor
from webapp.domain.errors import Conflict, Invalid
from webapp.queries.accounts import username_of
from webapp.queries.parts import Problem
from webapp.services import accounts
from webapp.web.passwords import LONGEST_PASSWORD, LockedOut, WrongPassword, verified
from webapp.web.session import SESSION_KEY, current_actor, reading, work

page = Blueprint("own_password", __name__, url_prefix="/account/password")


@page.get("")
def show() -> str:
    """The form."""
    current_actor()
    return _drawn(())


@page.post("")
def change() -> Response:
    """更改密码."""
    try:
        session[SESSION_KEY] = _change(current_actor())
    except Invalid as invalid:
        return _again(422, *(Problem(name, said) for name, said in invalid.problems.items()))
    except WrongPassword:
        return _again(422, Problem("old", "原密码不正确。"))
    except (LockedOut, Conflict) as refused:
        return _again(refused.status, Problem("", refused.sentence))
    flash("密码已更改，其他地方的登录已全部退出。", "done")
    return make_response(redirect(url_for("account.index"), 303))


def _change(actor: Actor) -> str:
    if current_app.config["DEMO"]:
        raise Conflict("演示账号的密码是公开的，不能更改。")
    old, new = (request.form.get(name, "")[: LONGEST_PASSWORD + 1] for name in ("old", "password"))
    if new != request.form.get("again", "")[: LONGEST_PASSWORD + 1]:
        raise Invalid({"again": "两次填写的新密码不一样。"})
    if len(new) > LONGEST_PASSWORD:
        raise Invalid({"password": f"密码不超过{LONGEST_PASSWORD}个字符。"})
    with reading() as reads:
        login = username_of(reads, actor.user_id)
    rules.require_password(new, login)
    verified(login, old, request.remote_addr or "")
    return accounts.set_password(work(), user_id=actor.user_id, password_hash=hash_password(new), actor=actor)


def _again(status: int, *problems: Problem) -> Response:
    return make_response(_drawn(problems), status)


def _drawn(problems: tuple[Problem, ...]) -> str:
    view = {"problems": problems, "shortest": rules.SHORTEST_PASSWORD}
    return render_template("account/password.html", view=view)
