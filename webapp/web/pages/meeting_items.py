"""What is done with an item besides its vote 议题事务: withdraw, put off, reconsider, open or secret ballot."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for

from webapp.domain.errors import Invalid
from webapp.queries.cadres import is_id
from webapp.services import agenda, agenda_items, meeting_changes, recusals
from webapp.web.pages.meetings import done, item_of
from webapp.web.repeats import once
from webapp.web.session import current_actor

page = Blueprint("meeting_items", __name__, url_prefix="/meetings")
LONGEST_NUMBER = 3


@page.post("/<uuid:meeting_id>/put_off")
def put_off(meeting_id: Any) -> Response:
    """暂缓表决."""
    item_id, reason = item_of(meeting_id), request.form.get("reason", "")
    return done(
        str(meeting_id),
        lambda: once(lambda one: agenda_items.put_off(one, current_actor(), item_id=item_id, reason=reason)),
        "已暂缓表决，由承办环节再次提请，列入以后的会议。",
        item_id,
    )


@page.post("/<uuid:meeting_id>/reconsider")
def reconsider(meeting_id: Any) -> Response:
    """提请复议."""
    item_id, reason = item_of(meeting_id), request.form.get("reason", "")

    def act() -> None:
        text = request.form.get("in_favour", "").strip()
        if not (text.isascii() and text.isdecimal()) or len(text) > LONGEST_NUMBER:
            raise Invalid({"in_favour": "请填写同意复议的人数。"})
        once(
            lambda one: agenda_items.reconsider(
                one, current_actor(), item_id=item_id, in_favour=int(text), reason=reason
            )
        )

    return done(
        str(meeting_id), act, "已提请复议，请列入以后的会议议程。复议有结果之前，原决定不办理。", item_id
    )


@page.post("/<uuid:meeting_id>/manner")
def manner(meeting_id: Any) -> Response:
    """记名或无记名."""
    item_id, secret = item_of(meeting_id), request.form.get("secret") == "yes"
    return done(
        str(meeting_id),
        lambda: once(
            lambda one: agenda_items.set_secret(one, current_actor(), item_id=item_id, secret=secret)
        ),
        "表决方式已确定：" + ("无记名。" if secret else "记名。"),
        item_id,
    )


@page.post("/<uuid:meeting_id>/readmit")
def readmit(meeting_id: Any) -> Response:
    """撤销回避登记."""
    item_id, reason = item_of(meeting_id), request.form.get("reason", "")

    def act() -> None:
        member_id = request.form.get("member_id", "")
        if not is_id(member_id):
            raise Invalid({"member_id": "请选择成员。"})
        once(
            lambda one: recusals.readmit(
                one, current_actor(), item_id=item_id, person_id=member_id, reason=reason
            )
        )

    return done(str(meeting_id), act, "已撤销回避登记，该成员参加本项表决。", item_id)


@page.post("/<uuid:meeting_id>/withdraw")
def withdraw(meeting_id: Any) -> Response:
    """会前撤回议题."""
    # Once withdrawn it is on no agenda: the check belongs to what is done once.
    return done(str(meeting_id), lambda: _withdraw(lambda: item_of(meeting_id)), "议题已撤回。")


@page.post("/<uuid:meeting_id>/cancel")
def cancel(meeting_id: Any) -> Response:
    """取消会议."""
    name, reason = str(meeting_id), request.form.get("reason", "")
    return done(
        name,
        lambda: once(
            lambda one: meeting_changes.cancel(one, current_actor(), meeting_id=name, reason=reason)
        ),
        "会议已取消，议题回到等待上会。请通知组成人员。",
    )


@page.post("/<uuid:meeting_id>/move")
def move(meeting_id: Any) -> Response:
    """会议改期."""
    name, reason = str(meeting_id), request.form.get("reason", "")

    def act() -> None:
        try:
            held_on = date.fromisoformat(request.form.get("held_on", ""))
        except ValueError:
            raise Invalid({"held_on": "请填写改到哪一天。"}) from None
        once(
            lambda one: meeting_changes.move(
                one, current_actor(), meeting_id=name, held_on=held_on, reason=reason
            )
        )

    return done(name, act, "会议已改期，议程不变。请通知组成人员。")


@page.post("/waiting/<uuid:item_id>/withdraw")
def withdraw_waiting(item_id: Any) -> Response:
    """撤回等待上会的议题."""
    _withdraw(lambda: str(item_id))
    flash("议题已撤回。", "done")
    return make_response(redirect(url_for("meetings.index"), 303))


def _withdraw(item_id: Callable[[], str]) -> None:
    for_good, reason = request.form.get("then") == "stop", request.form.get("reason", "")
    once(
        lambda one: agenda.withdraw(one, current_actor(), item_id=item_id(), reason=reason, for_good=for_good)
    )
