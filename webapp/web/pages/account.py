"""The own account 本人账号: substitutes named and stood in for, the relatives on file."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from webapp.domain.errors import Conflict, Invalid, NotAllowed, RuleBroken
from webapp.queries import kinship, substitutes
from webapp.queries.cadres import is_id
from webapp.queries.parts import Problem
from webapp.services import looking
from webapp.services import substitutes as verbs
from webapp.web.repeats import once
from webapp.web.session import current_actor, office, read_event, reading, today

page = Blueprint("account", __name__, url_prefix="/account")


@page.get("")
def index() -> str:
    """What stands of the reader's own account."""
    return _page((), {})


def _page(problems: tuple[Problem, ...], typed: dict[str, str]) -> str:
    actor, day = current_actor(), today()
    with reading() as reads:
        rows = substitutes.rows(reads, actor.user_id)
        told = looking.many_values(reads, office(), verbs.OWNER, [row["id"] for row in rows])
        reasons = {key: str(values.get("reason", "")) for key, values in told.items()}
        named, standing = substitutes.lines(reads, actor, rows, day, reasons)
        view = substitutes.AccountView(
            named=named,
            standing=standing,
            desks=substitutes.desks(reads, actor, day),
            colleagues=substitutes.colleagues(reads, actor, day),
            kin=kinship.own(reads, actor.person_id) if actor.person_id else (),
            problems=problems,
            typed=dict.fromkeys(substitutes.FIELDS, "") | typed,
        )
        reads.disclose(read_event(actor, "account", substitutions=len(rows), relatives=len(view.kin)))
    return render_template("account/index.html", view=view)


@page.post("/substitutes")
def name() -> Response:
    """委托代理."""
    typed = {field: request.form.get(field, "").strip() for field in substitutes.FIELDS}

    def act() -> None:
        role, _, place = typed["desk"].partition(substitutes.SPLIT)
        if not (role and is_id(place) and is_id(typed["substitute"])):
            raise Invalid({"substitute": "请选择岗位和代理人。"})
        once(lambda one: verbs.name(
            one, current_actor(), substitute_id=typed["substitute"], role=role, organisation_id=place,
            valid_from=_day(typed["valid_from"], "起始日"), valid_to=_day(typed["valid_to"], "截止日"),
            reason=typed["reason"],
        ))  # fmt: skip

    return _done(act, "已委托代理，对方在待办的“代理待办”中看到这些事项。", typed)


@page.post("/substitutes/<uuid:substitution_id>/end")
def end(substitution_id: Any) -> Response:
    """结束代理."""
    return _done(
        lambda: once(lambda one: verbs.end(one, current_actor(), substitution_id=str(substitution_id))),
        "代理已结束，代理人签收未办的事项退回科室待办。",
        {},
    )


def _day(text: str, words: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid({"valid_from": f"请填写代理的{words}。"}) from None


def _done(act: Callable[[], object], said: str, typed: dict[str, str]) -> Response:
    try:
        act()
    except Invalid as invalid:
        return make_response(_page(tuple(Problem("", one) for one in invalid.problems.values()), typed), 422)
    except RuleBroken as broken:
        return make_response(_page(tuple(Problem("", one.sentence) for one in broken.reasons), typed), 422)
    except (Conflict, NotAllowed) as refused:
        return make_response(_page((Problem("", refused.sentence),), typed), refused.status)
    flash(said, "done")
    return make_response(redirect(url_for("account.index"), 303))
