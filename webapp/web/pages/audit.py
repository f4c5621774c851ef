"""The auditor's lists 审计: who read what, what administrators did, checks of one case and of everything."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from webapp.domain.access import Actor, require_role
from webapp.domain.errors import Invalid, NotFound
from webapp.domain.formats import is_id
from webapp.domain.roles import AUDITING
from webapp.queries import administration, checks, looks
from webapp.services import checking
from webapp.services import history as verbs
from webapp.web.pages.history import wish_of
from webapp.web.session import current_actor, office, read_event, reading, today, work

page = Blueprint("audit", __name__, url_prefix="/history")
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
class Outcome:
    """What a check came to: how much was read, when, and what does not hold."""

    ok: bool
    streams: int
    events: int
    at: datetime
    problems: int
    found: tuple[Found, ...]
    who: str = ""


@dataclass(frozen=True, slots=True)
class ChecksView:
    """The page of checks: those made, the whole one under way or last made, and one of a case just made."""

    made: tuple[checks.Check, ...]
    size: int
    whole: checks.Whole | None
    outcome: Outcome | None


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
    whole = checks.newest(reads)
    outcome = _of_case(reads, result) if result else _of_whole(reads, whole) if whole else None
    return ChecksView(checks.made(reads), checks.size(reads), whole, outcome)


def _of_case(reads: Any, result: verbs.Verified) -> Outcome:
    listed = [(one.stream, one.seq, one.case_id, one.sentence) for one in result.findings[:MOST_FINDINGS]]
    return Outcome(
        result.ok,
        result.streams,
        result.events,
        result.checked_at,
        len(result.findings),
        _found(reads, listed),
    )


def _of_whole(reads: Any, whole: checks.Whole) -> Outcome | None:
    if whole.status != "done" or whole.finished_at is None:
        return None
    found = _found(reads, whole.findings)
    return Outcome(
        not whole.problems, whole.streams, whole.events, whole.finished_at, whole.problems, found, whole.who
    )


def _found(reads: Any, listed: Iterable[tuple[str, int, str | None, str]]) -> tuple[Found, ...]:
    listed = list(listed)
    numbers = checks.case_numbers(reads, {case for _, _, case, _ in listed if case})
    return tuple(
        Found(numbers.get(case or "", "不属于卷宗"), case, f"{stream}:{seq}" if stream else "", seq, sentence)
        for stream, seq, case, sentence in listed
    )


@page.get("/checks/progress")
def progress() -> str:
    """How far the check of everything has come; numbers alone, so it is no look at anybody's file."""
    auditor()
    with reading() as reads:
        whole = checks.newest(reads)
    if whole is None:
        raise NotFound
    return render_template("audit/_far.html", whole=whole)


@page.post("/checks")
def check() -> Response:
    """Check one case at once when it is named; everything is checked beside the worker's other work."""
    actor, case_id = auditor(), request.form.get("case_id", "")
    if case_id and not is_id(case_id):
        raise Invalid({"case_id": "没有这个工作卷宗。"})
    if not case_id:
        checking.ask(work(), actor)
        flash("已开始全部校验。可以离开本页，结果留在这里。", "done")
        return make_response(redirect(url_for("audit.index"), 303))
    result = verbs.verify(office(), actor, case_id=case_id)
    with reading() as reads:
        view = _view(reads, result)
    return make_response(render_template("audit/checks.html", view=view))


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
