"""Pages of meetings 会议: the list, calling one, the meeting itself with everything that is done in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from webapp.domain.attendance import FURTHEST_DAYS
from webapp.domain.errors import Invalid, NotAllowed, RuleBroken
from webapp.queries import agenda, meetings
from webapp.queries.cadres import is_id
from webapp.queries.meeting_views import notices_of
from webapp.queries.parts import Field, FileRef, FormView, Option, Problem, page_number
from webapp.services import looking, recusals
from webapp.services import meetings as verbs
from webapp.services.attachments import Upload
from webapp.services.office import calendar_of
from webapp.web.files import file_refs
from webapp.web.posting import unsent
from webapp.web.repeats import made, once
from webapp.web.session import current_actor, office, read_event, reading, today, work
from webapp.web.wording import words

page = Blueprint("meetings", __name__)
LONGEST_NUMBER = 6
SECRET = "f.secret"
# html names of what the verbs call otherwise.
NEW_FIELDS = {"body": "f.body", "held_on": "f.held_on", "place": "f.place", "number": "f.title"}


@page.get("/meetings")
def index() -> str:
    """One page of meetings, and what waits for one."""
    actor, query = current_actor(), request.args
    with reading() as reads:
        view = meetings.index(
            reads,
            actor,
            body=query.get("body", ""),
            state=query.get("state", ""),
            page=page_number(query.get("page")),
            day=today(),
        )
        if view.waiting:
            reads.disclose(read_event(actor, "meetings", cases=meetings.ids_of(view.waiting)))
    return render_template("meetings/index.html", view=view)


@page.get("/meetings/new")
def new() -> str:
    """The empty form for calling a meeting."""
    body = request.args.get("body", "")
    return _new_page({"body": body}, (), {})


@page.post("/meetings/new")
def create() -> Response:
    """Call a meeting with its agenda; 422 with the form as typed when something is missing."""
    values = {name: request.form.get(html, "").strip() for name, html in NEW_FIELDS.items()}
    chosen = _chosen()
    if "redraw" in request.form:
        return make_response(_new_page(values, chosen, {}))
    try:
        held_on = _held_on(values)
        meeting_id = once(
            lambda one: verbs.plan(
                one,
                current_actor(),
                body=values["body"],
                held_on=held_on,
                place=values["place"],
                number=values["number"],
                item_ids=chosen,
                secret=request.form.get(SECRET) == "yes",
            )
        )
    except Invalid as invalid:
        return make_response(_new_page(values, chosen, invalid.problems), 422)
    except RuleBroken as broken:
        said = "".join(dict.fromkeys(one.sentence for one in broken.reasons))
        return make_response(_new_page(values, chosen, {"held_on": said}), 422)
    flash("会议已安排，请通知组成人员。", "done")
    return _to(made(meeting_id, "meeting_id"))


def _held_on(values: Mapping[str, str]) -> date:
    problems = {}
    if values["body"] not in meetings.BODIES:
        problems["body"] = "请选择部务会或常委会。"
    if not values["number"]:
        problems["number"] = "请填写会次。"
    try:
        held_on = date.fromisoformat(values["held_on"])
    except ValueError:
        problems["held_on"] = "请填写会议日期。"
    if not values["place"]:
        problems["place"] = "请填写会议地点。"
    if problems:
        raise Invalid(problems)
    return held_on


def _new_page(values: Mapping[str, str], chosen: Sequence[str], problems: Mapping[str, str]) -> str:
    actor = current_actor()
    if not meetings.may_create(actor, today()):
        raise NotAllowed("会议由会议记录人或党委办公室召集，您没有此项权限。")
    with reading() as reads:
        waiting = meetings.waiting(reads, actor, today(), values.get("body", ""))
        if waiting:
            reads.disclose(read_event(actor, "meetings_waiting", cases=meetings.ids_of(waiting)))
    view = meetings.MeetingNewView(_new_form(values, problems), waiting, tuple(chosen))
    return render_template("meetings/new.html", view=view)


def _new_form(values: Mapping[str, str], problems: Mapping[str, str]) -> FormView:
    def field(key: str, name: str, kind: str, label: str, **more: Any) -> Field:
        value, error = values.get(name, ""), problems.get(name, "")
        return Field(key, NEW_FIELDS[name], kind, label, value=value, error=error, required=True, **more)

    mine = meetings.called_by(current_actor(), today())
    bodies = tuple(Option(code, words(code, "body")) for code in mine)
    fields = (
        field("body", "body", "select", "会议", options=bodies, reveals=True),
        field("title", "number", "textfield", "会次", max_length=60, placeholder="如：2026年第12次部务会"),
        field("held_on", "held_on", "date", "日期", max=str(today() + timedelta(days=FURTHEST_DAYS))),
        field("place", "place", "textfield", "地点", max_length=80),
        Field(
            "secret",
            SECRET,
            "radio",
            "表决方式",
            value=request.form.get(SECRET, "no"),
            options=(Option("no", "记名表决"), Option("yes", "无记名表决：只计票数，不记谁投了什么")),
        ),
    )
    return FormView(fields, tuple(Problem(NEW_FIELDS.get(name, ""), said) for name, said in problems.items()))


@page.get("/meetings/<uuid:meeting_id>")
def show(meeting_id: Any) -> str:
    """One meeting as the actor may see it."""
    return _page(str(meeting_id), ())


def _page(meeting_id: str, problems: Sequence[Problem]) -> str:
    actor = current_actor()
    with reading() as reads:
        told = looking.values_of(reads, office(), "meeting", meeting_id)
        reasons = {field.removeprefix("reason."): str(value) for field, value in told.items()}

        def files(ids: Sequence[str]) -> Mapping[str, FileRef]:
            return {ref.id: ref for ref in file_refs(reads, agenda.papers(reads, ids))}

        view = agenda.show(
            reads, actor, meeting_id, day=today(), files=files, reasons=reasons, problems=problems
        )
        notices = notices_of(view.state, reasons, day_off=not calendar_of(reads).is_workday(view.held_on))
        view = replace(view, notices=notices)
        shown = {*(item.case_id for item in view.items), *(item.case_id for item in view.waiting)}
        cases = sorted(one for one in shown if one)
        reads.disclose(read_event(actor, "meeting", meeting_id=meeting_id, cases=cases))
    return render_template("meetings/show.html", view=view)


def _to(meeting_id: str, item_id: str = "") -> Response:
    anchor = f"item-{item_id}" if item_id else None
    return make_response(redirect(url_for("meetings.show", meeting_id=meeting_id, _anchor=anchor), 303))


def done(meeting_id: str, act: Callable[[], object], said: str, item_id: str = "") -> Response:
    """Do it and show the meeting again; what is wrong or against a rule is said on the meeting's own page."""
    try:
        act()
    except Invalid as invalid:
        problems = tuple(Problem("", sentence) for sentence in invalid.problems.values())
        return make_response(_page(meeting_id, (*problems, *unsent())), 422)
    except RuleBroken as broken:
        problems = tuple(Problem("", one.sentence) for one in broken.reasons)
        return make_response(_page(meeting_id, (*problems, *unsent())), 422)
    flash(said, "done")
    return _to(meeting_id, item_id)


def item_of(meeting_id: Any) -> str:
    """The item posted; NotFound when it is not on this agenda, or does not exist for the actor."""
    item_id = request.form.get("item_id", "")
    with reading() as reads:
        agenda.require_item(reads, current_actor(), str(meeting_id), item_id, today())
    return item_id


def _chosen() -> tuple[str, ...]:
    chosen = tuple(request.form.getlist("item"))
    if not all(map(is_id, chosen)):
        raise Invalid({"item": "所选议题已不存在，请刷新后重新选择。"})
    return chosen


def _named(prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): text for name, text in request.form.items() if name.startswith(prefix)}


@page.post("/meetings/<uuid:meeting_id>/open", endpoint="open")
def open_(meeting_id: Any) -> Response:
    """宣布开会。"""
    name = str(meeting_id)
    return done(
        name, lambda: once(lambda one: verbs.open_(one, current_actor(), meeting_id=name)), "会议开始。"
    )


@page.post("/meetings/<uuid:meeting_id>/attend")
def attend(meeting_id: Any) -> Response:
    """登记到会情况; 其余全部到会 for all who are not away."""
    name, presence, reasons = str(meeting_id), _named("attendance."), _named("reason.")
    if "everyone" in request.form:
        away = {one: code for one, code in presence.items() if code != "present"}
        presence = {**dict.fromkeys(reasons, "present"), **away}

    def act() -> None:
        once(
            lambda one: verbs.attend(
                one, current_actor(), meeting_id=name, presence=presence, reasons=reasons
            )
        )

    return done(name, act, "到会情况已保存。")


@page.post("/meetings/<uuid:meeting_id>/recuse")
def recuse(meeting_id: Any) -> Response:
    """登记回避。"""
    form, item_id = request.form, item_of(meeting_id)

    def act() -> None:
        member_id, reason = form.get("member_id", ""), form.get("reason", "")
        if not is_id(member_id):
            raise Invalid({"member_id": "请选择回避的成员。"})
        once(
            lambda one: recusals.recuse(
                one, current_actor(), item_id=item_id, person_id=member_id, reason=reason
            )
        )

    return done(str(meeting_id), act, "已登记回避。", item_id)


@page.post("/meetings/<uuid:meeting_id>/note_silence")
def note_silence(meeting_id: Any) -> Response:
    """注明到会成员未表决。"""
    item_id, member_id = item_of(meeting_id), request.form.get("member_id", "")

    def act() -> None:
        if not is_id(member_id):
            raise Invalid({"member_id": "请选择未表决的成员。"})
        once(lambda one: verbs.note_silence(one, current_actor(), item_id=item_id, person_id=member_id))

    return done(str(meeting_id), act, "已注明未表决。", item_id)


@page.post("/meetings/<uuid:meeting_id>/start_vote")
def start_vote(meeting_id: Any) -> Response:
    """付表决。"""
    item_id = item_of(meeting_id)
    return done(
        str(meeting_id),
        lambda: once(lambda one: verbs.start_vote(one, current_actor(), item_id=item_id)),
        "议题开始表决。",
        item_id,
    )


@page.post("/meetings/<uuid:meeting_id>/vote")
def vote(meeting_id: Any) -> Response:
    """表决，提交后不能更改。"""
    item_id, choice = item_of(meeting_id), request.form.get("choice", "")
    return done(
        str(meeting_id),
        lambda: verbs.vote(work(), current_actor(), item_id=item_id, choice=choice),
        "您的表决已提交。",
        item_id,
    )


@page.post("/meetings/<uuid:meeting_id>/record")
def record(meeting_id: Any) -> Response:
    """代录会议表决结果，附会议纪要或票签扫描件的记为线下办理。"""
    item_id, note = item_of(meeting_id), request.form.get("note", "")
    file = request.files.get("scan")
    scan = Upload(file.filename or "", file.read(), "scan") if file and file.filename else None

    def act() -> None:
        counts = _votes()
        once(
            lambda one: verbs.record(
                one,
                current_actor(),
                item_id=item_id,
                counts=counts,
                on_paper=scan is not None,
                scan=scan,
                note=note,
            )
        )

    return done(str(meeting_id), act, "表决结果已录入。", item_id)


def _votes() -> dict[str, int]:
    found: dict[str, int] = {}
    for choice in ("agree", "disagree", "defer", "abstain", "silent"):
        text = request.form.get(choice, "").strip() or "0"
        if not (text.isascii() and text.isdecimal()) or len(text) > LONGEST_NUMBER:
            raise Invalid({choice: f"“{words(choice, 'choice')}”的票数应为数字。"})
        found[choice] = int(text)
    return found


@page.post("/meetings/<uuid:meeting_id>/decide")
def decide(meeting_id: Any) -> Response:
    """计票并宣布结果。"""
    item_id = item_of(meeting_id)
    return done(
        str(meeting_id),
        lambda: once(lambda one: verbs.decide(one, current_actor(), item_id=item_id)),
        "结果已宣布。",
        item_id,
    )


@page.post("/meetings/<uuid:meeting_id>/close")
def close(meeting_id: Any) -> Response:
    """结束会议。"""
    name = str(meeting_id)
    return done(
        name, lambda: once(lambda one: verbs.close(one, current_actor(), meeting_id=name)), "会议结束。"
    )


@page.post("/meetings/<uuid:meeting_id>/add_item")
def add_item(meeting_id: Any) -> Response:
    """会前列入议程。"""
    name, items = str(meeting_id), _chosen()

    def act() -> None:
        if not items:
            raise Invalid({"item": "请选择要列入议程的议题。"})
        once(lambda one: verbs.add_items(one, current_actor(), meeting_id=name, item_ids=items))

    return done(name, act, "议题已列入议程。")
