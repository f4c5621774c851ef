"""The page of accounts 账号与授权 for security administrators: who holds what, propose, agree, take back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from webapp.domain import access
from webapp.domain.errors import Conflict, Invalid, RuleBroken
from webapp.domain.roles import ROLES
from webapp.queries import accounts
from webapp.queries.cadres import is_id
from webapp.queries.parts import Field, FormView, Option, Problem
from webapp.services import accounts as verbs
from webapp.web.repeats import once
from webapp.web.session import current_actor, read_event, reading, today

page = Blueprint("accounts", __name__, url_prefix="/accounts")
PREFIX = "f."


@page.get("")
def index() -> str:
    """Every account, and what waits for a second person."""
    return _page({}, ())


def _page(values: Mapping[str, str], problems: tuple[Problem, ...]) -> str:
    actor = current_actor()
    access.require_role(actor, "security_admin", day=today())
    with reading() as reads:
        found = accounts.everyone(reads, today())
        fields = _fields(found, accounts.places(reads), values)
        view = accounts.AccountsView(
            found, accounts.proposals(reads, actor.user_id), FormView(fields), problems
        )
        reads.disclose(read_event(actor, "accounts", accounts=len(found)))
    return render_template("accounts/index.html", view=view)


def _fields(
    found: tuple[accounts.Account, ...], places: list[tuple[str, str]], values: Mapping[str, str]
) -> tuple[Field, ...]:
    people = tuple(Option(one.id, f"{one.name}（{one.username}）") for one in found if one.active)
    base = (
        Field("user", "f.user", "select", "账号", required=True, options=people),
        Field(
            "role",
            "f.role",
            "select",
            "角色",
            required=True,
            options=tuple(Option(r.code, r.zh) for r in ROLES),
        ),
        Field(
            "place", "f.place", "select", "机构", required=True, options=tuple(Option(*one) for one in places)
        ),
        Field("until", "f.until", "date", "截止日期", min=str(today()), description="没有截止日期的留空。"),
        Field("reason", "f.reason", "textfield", "理由", required=True, max_length=200, personal=True),
    )
    return tuple(replace(one, value=values.get(one.key, "")) for one in base)


@page.post("/propose")
def propose() -> Response:
    """提名授权."""
    values = {
        name: request.form.get(PREFIX + name, "").strip()
        for name in ("user", "role", "place", "until", "reason")
    }

    def act() -> None:
        if not (is_id(values["user"]) and is_id(values["place"]) and values["role"]):
            raise Invalid({"user": "请选择账号、角色和机构。"})
        once(lambda one: verbs.propose(
            one, current_actor(), user_id=values["user"], role=values["role"], organisation_id=values["place"],
            valid_to=_until(values["until"]), reason=values["reason"],
        ))  # fmt: skip

    return _done(act, "已提出，请另一名安全保密管理员复核。", values)


def _until(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid({"until": "截止日期应为日期。"}) from None


@page.post("/proposals/<uuid:proposal_id>")
def settle(proposal_id: Any) -> Response:
    """复核."""
    agreed = request.form.get("agreed") == "yes"
    said = "已复核同意，即日起生效。" if agreed else "未予同意，没有授权。"
    return _done(
        lambda: once(
            lambda one: verbs.settle(one, current_actor(), proposal_id=str(proposal_id), agreed=agreed)
        ),
        said,
    )


@page.post("/grants/<uuid:grant_id>/revoke")
def revoke(grant_id: Any) -> Response:
    """收回角色."""
    reason = request.form.get("reason", "")
    return _done(
        lambda: once(
            lambda one: verbs.revoke(one, actor=current_actor(), grant_id=str(grant_id), reason=reason)
        ),
        "已收回，今天起不再有效。",
    )


@page.post("/<uuid:user_id>/disable")
def disable(user_id: Any) -> Response:
    """停用账号."""
    reason = request.form.get("reason", "")
    return _done(
        lambda: once(
            lambda one: verbs.disable(one, actor=current_actor(), user_id=str(user_id), reason=reason)
        ),
        "账号已停用，正在使用的会话随即失效。",
    )


def _done(act: Callable[[], object], said: str, values: Mapping[str, str] | None = None) -> Response:
    try:
        act()
    except Invalid as invalid:
        problems = tuple(Problem("", words) for words in invalid.problems.values())
        return make_response(_page(values or {}, problems), 422)
    except RuleBroken as broken:
        problems = tuple(Problem("", one.sentence) for one in broken.reasons)
        return make_response(_page(values or {}, problems), 422)
    except Conflict as conflict:
        return make_response(_page(values or {}, (Problem("", conflict.sentence),)), 409)
    flash(said, "done")
    return make_response(redirect(url_for("accounts.index"), 303))
