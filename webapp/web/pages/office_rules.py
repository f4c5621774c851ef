"""The page of policy values and working-day calendars 规则参数与工作日历: proposed by one, confirmed by another."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from webapp.domain import access
from webapp.domain.errors import Conflict, Invalid, NotAllowed
from webapp.queries import office_rules as rules
from webapp.queries.parts import Problem
from webapp.services import looking
from webapp.services import office_rules as verbs
from webapp.web.repeats import once
from webapp.web.session import current_actor, office, read_event, reading, today

page = Blueprint("office_rules", __name__, url_prefix="/rules")
LONGEST_TEXT = 20_000
YEAR_FIELDS = ("year", "text", "document", "reason")


@page.get("")
def index() -> str:
    """Values in force and calendars on file."""
    return _page()


def _page(problems: tuple[Problem, ...] = (), values: dict[str, str] | None = None) -> str:
    actor = current_actor()
    access.require_role(actor, *sorted(rules.VIEWING), day=today())
    with reading() as reads:
        told = looking.many_values(reads, office(), verbs.OWNER, [row["id"] for row in rules.waiting(reads)])
        view = rules.show(reads, actor, today(), told, problems, values)
        reads.disclose(read_event(actor, "rules", waiting=len(view.proposals)))
    return render_template("rules/index.html", view=view)


@page.post("/values")
def propose_value() -> Response:
    """提出规则参数."""
    values = {name: request.form.get(name, "").strip() for name in rules.FIELDS}

    def act() -> None:
        once(lambda one: verbs.propose_value(
            one, current_actor(), key=values["key"], value=values["value"],
            valid_from=_day(values["valid_from"]), document=values["document"], reason=values["reason"],
        ))  # fmt: skip

    return _done(act, "已提出，请另一名安全保密管理员复核；复核同意后自生效日起对新立的卷宗适用。", values)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid({"valid_from": "请填写生效日。"}) from None


@page.get("/calendar")
def calendar() -> str:
    """Enter a year's holiday notice."""
    access.require_role(current_actor(), *verbs.PROPOSERS, day=today())
    asked = {
        "year": request.args.get("year", str(today().year + 1)),
        "text": "",
        "document": "",
        "reason": "",
    }
    return _calendar(asked, (), ())


@page.post("/calendar/preview")
def preview() -> Response:
    """What the text says, day by day; nothing is written."""
    access.require_role(current_actor(), *verbs.PROPOSERS, day=today())
    asked = _asked()
    try:
        notice = verbs.require_readable(asked["text"], _number(asked["year"]))
    except Invalid as invalid:
        return make_response(_calendar(asked, (), _problems(invalid)), 422)
    days = tuple(rules.words_of(one.day, one.is_workday, one.note) for one in notice.days)
    return make_response(_calendar(asked, days, (), ready=True))


@page.post("/calendar")
def propose_calendar() -> Response:
    """提出年度工作日历."""
    asked = _asked()
    try:
        once(lambda one: verbs.propose_calendar(
            one, current_actor(), year=_number(asked["year"]), text=asked["text"], document=asked["document"],
            reason=asked["reason"],
        ))  # fmt: skip
    except (Invalid, Conflict) as refused:
        return make_response(_calendar(asked, (), _problems(refused)), refused.status)
    flash("已提出，请另一名安全保密管理员复核。", "done")
    return make_response(redirect(url_for("office_rules.index"), 303))


def _asked() -> dict[str, str]:
    asked = {name: request.form.get(name, "").strip() for name in YEAR_FIELDS}
    file = request.files.get("file")
    if file is not None and file.filename:
        asked["text"] = _decoded(file.read(LONGEST_TEXT + 1))
    if len(asked["text"]) > LONGEST_TEXT:
        raise Invalid({"text": "内容过长，请核对是否选错了文件。"})
    return asked


def _decoded(data: bytes) -> str:
    for name in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    raise Invalid({"text": "文件不是文本文件，请另存为文本后上传。"})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 0


def _calendar(
    asked: dict[str, str], days: tuple[str, ...], problems: tuple[Problem, ...], *, ready: bool = False
) -> str:
    view = rules.CalendarView(**asked, days=days, problems=problems, ready=ready)
    return render_template("rules/calendar.html", view=view)


@page.post("/proposals/<uuid:proposal_id>")
def settle(proposal_id: Any) -> Response:
    """复核."""
    agreed = request.form.get("agreed") == "yes"
    said = "已复核同意。" if agreed else "未予同意，没有更改。"
    return _done(
        lambda: once(
            lambda one: verbs.settle(one, current_actor(), proposal_id=str(proposal_id), agreed=agreed)
        ),
        said,
    )


def _problems(refused: Invalid | Conflict) -> tuple[Problem, ...]:
    if isinstance(refused, Invalid):
        return tuple(Problem("", words) for words in refused.problems.values())
    return (Problem("", refused.sentence),)


def _done(act: Callable[[], object], said: str, values: dict[str, str] | None = None) -> Response:
    try:
        act()
    except (Invalid, Conflict) as refused:
        return make_response(_page(_problems(refused), values), refused.status)
    except NotAllowed as refused:
        if not current_actor().roles_on(today()) & rules.VIEWING:
            raise
        return make_response(_page((Problem("", refused.sentence),), values), refused.status)
    flash(said, "done")
    return make_response(redirect(url_for("office_rules.index"), 303))
