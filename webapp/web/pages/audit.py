"""The auditor's lists 审计: who read what, what administrators did, checks of one case and of everything."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request

from webapp.domain.access import Actor, require_role
from webapp.domain.errors import Conflict, Invalid
from webapp.domain.formats import is_id
from webapp.domain.roles import AUDITING
from webapp.queries import administration, checks, looks
from webapp.services import history as verbs
from webapp.web.pages.history import wish_of
from webapp.web.session import current_actor, office, read_event, reading, today

page = Blueprint("audit", __name__, url_prefix="/history")
# What one request may check; more is the shell's business, where nobody waits for a page.
MOST_AT_ONCE = 100_000
MOST_FINDINGS = 100


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that does not hold: which case, which record, what."""

    case_no: str
    case_id: str | None
    event_id: str
    seq: int
    sentence: str


@dataclass(frozen=True, slots=True)
class ChecksView:
    """The page of checks; ``result`` only after one was made."""

    made: tuple[checks.Check, ...]
    size: int
    too_many: bool
    result: verbs.Verified | None = None
    found: tuple[Found, ...] = ()


def auditor() -> Actor:
    """The signed-in auditor; NotAllowed for everybody else."""
    actor = current_actor()
    require_role(actor, *sorted(AUDITING), day=today())
    return actor


@page.get("/checks")
def index() -> str:
    """The checks made so far, and the button for the next."""
    actor = auditor()
    with reading() as reads:
        view = _view(reads)
        reads.disclose(read_event(actor, "checks"))
    return render_template("audit/checks.html", view=view)


def _view(reads: Any, result: verbs.Verified | None = None) -> ChecksView:
    size = checks.size(reads)
    found = _found(reads, result) if result else ()
    return ChecksView(checks.made(reads), size, size > MOST_AT_ONCE, result, found)


def _found(reads: Any, result: verbs.Verified) -> tuple[Found, ...]:
    listed = result.findings[:MOST_FINDINGS]
    numbers = checks.case_numbers(reads, {one.case_id for one in listed if one.case_id})
    return tuple(
        Found(
            numbers.get(one.case_id or "", "不属于卷宗"),
            one.case_id,
            f"{one.stream}:{one.seq}" if one.stream else "",
            one.seq,
            one.sentence,
        )
        for one in listed
    )


@page.post("/checks")
def check() -> tuple[str, int]:
    """Check one case when it is named, else everything."""
    actor, case_id = auditor(), request.form.get("case_id", "")
    if case_id and not is_id(case_id):
        raise Invalid({"case_id": "没有这个工作卷宗。"})
    if not case_id:
        with reading() as reads:
            if checks.size(reads) > MOST_AT_ONCE:
                raise Conflict("记录太多，不能在页面上一次校验全部，请系统管理员执行 flask history verify。")
    result = verbs.verify(office(), actor, case_id=case_id or None)
    with reading() as reads:
        view = _view(reads, result)
    return render_template("audit/checks.html", view=view), 200


@page.get("/reads")
def reads() -> tuple[str, int]:
    """Who looked at which file, when, in what connection."""
    actor, wish = auditor(), wish_of()
    with reading() as look:
        view = looks.show(look, actor, wish, today())
        look.disclose(read_event(actor, "reads", page=wish.page, records=[row.id for row in view.rows]))
    return render_template("audit/reads.html", view=view), 422 if view.problems else 200


@page.get("/administration")
def administered() -> tuple[str, int]:
    """What administrators and designers did, before and after."""
    actor, wish = auditor(), wish_of()
    with reading() as look:
        view = administration.show(look, actor, wish, today())
        look.disclose(read_event(actor, "administration", page=wish.page))
    return render_template("audit/administration.html", view=view), 422 if view.problems else 200
