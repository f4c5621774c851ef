"""Acts on a case besides its tasks 卷宗事务: objections, recusal, restored rights, a new way up."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for

from webapp.domain.errors import Invalid
from webapp.queries.acts import WAY_UP
from webapp.services import appeals, instances, interruptions, publicity
from webapp.services import cases as verbs
from webapp.services.attachments import Upload
from webapp.web.repeats import form_key, once
from webapp.web.session import current_actor, work

page = Blueprint("case_acts", __name__, url_prefix="/cases/<uuid:case_id>")
LONGEST = 2000


def _done(case_id: Any, sentence: str) -> Response:
    flash(sentence, "done")
    return make_response(redirect(url_for("cases.show", case_id=case_id) + "#acts", 303))


def _day(name: str, words: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise Invalid({name: f"请填写{words}。"}) from None


@page.post("/objections")
def receive_objection(case_id: Any) -> Response:
    """登记公示期反映."""
    text = request.form.get("text", "").strip()
    if not text or len(text) > LONGEST:
        raise Invalid({"text": f"请写明反映的内容，不超过{LONGEST}字。"})
    once(
        lambda one: publicity.receive_objection(
            one,
            current_actor(),
            case_id=str(case_id),
            manner=request.form.get("manner", "letter"),
            received_on=_day("received_on", "收到日期"),
            text=text,
        )
    )
    return _done(case_id, "已登记。核查结论作出前，公示不结束。")


@page.post("/objections/<uuid:objection_id>")
def conclude_objection(case_id: Any, objection_id: Any) -> Response:
    """登记核查结论."""
    finding = request.form.get("finding", "")
    once(
        lambda one: publicity.conclude_objection(
            one, current_actor(), objection_id=str(objection_id), finding=finding
        )
    )
    return _done(case_id, "核查结论已登记。")


@page.post("/appeals")
def file_appeal(case_id: Any) -> Response:
    """代录复核、申诉: what the cadre has handed in on paper."""
    measure_id, _, route = request.form.get("way", "").partition(":")
    filing = appeals.Filing(
        request.form.get("text", ""),
        filed_on=_day("filed_on", "收到日期"),
        late_reason=request.form.get("late_reason", "")[:LONGEST],
        uploads=[
            Upload(one.filename or "", one.read(), "scan")
            for one in request.files.getlist("scan")
            if one.filename
        ],
    )
    appeals.file(work(), current_actor(), measure_id=measure_id, route=route, filing=filing, key=form_key())
    return _done(case_id, "已登记。复核、申诉期间，原决定的执行和跟踪管理照常进行。")


@page.post("/recusal")
def recuse(case_id: Any) -> Response:
    """本人申请回避: from then on the case does not exist for this person."""
    actor = current_actor()
    if request.form.get("confirmed") != "1":
        raise Invalid({"confirmed": "请勾选确认后再提交。"})
    once(
        lambda one: verbs.declare_recusal(
            one,
            actor,
            case_id=str(case_id),
            person_id=actor.person_id or "",
            reason=request.form.get("reason", ""),
        )
    )
    flash("已登记回避。该卷宗及其待办不再向您显示。", "done")
    return make_response(redirect(url_for("inbox.index"), 303))


@page.post("/rights")
def restore_rights(case_id: Any) -> Response:
    """登记恢复党员权利."""
    restored_on = _day("restored_on", "恢复党员权利的日期")
    told = {name: request.form.get(name, "") for name in ("organ", "document_no")}
    once(
        lambda one: verbs.restore_rights(
            one, current_actor(), case_id=str(case_id), restored_on=restored_on, **told
        )
    )
    return _done(case_id, "已登记，影响期截止日已核定。")


@page.post("/reinstatement")
def propose_reinstatement(case_id: Any) -> Response:
    """提出重新任用: starts the way up; its gates decide."""
    once(
        lambda one: instances.start(
            one, current_actor(), key=WAY_UP, variables={}, case_id=str(case_id), roles=("cadre_section",)
        )
    )
    return _done(case_id, "已启动重新任用程序，请在待办中填写动议。")


def _confirmed_reason() -> str:
    if request.form.get("confirmed") != "1":
        raise Invalid({"confirmed": "请勾选确认后再提交。"})
    return request.form.get("reason", "")


@page.post("/suspend")
def suspend(case_id: Any) -> Response:
    """暂停办理."""
    once(
        lambda one: interruptions.suspend(
            one, current_actor(), case_id=str(case_id), reason=_confirmed_reason()
        )
    )
    return _done(case_id, "已暂停办理。待办不能办结，流程中的时限不触发；影响期等法定期间照常计算。")


@page.post("/resume")
def resume(case_id: Any) -> Response:
    """恢复办理."""
    reason = request.form.get("reason", "")
    once(lambda one: interruptions.resume(one, current_actor(), case_id=str(case_id), reason=reason))
    return _done(case_id, "已恢复办理。暂停期间到期的时限，从今天起触发。")


@page.post("/end")
def end(case_id: Any) -> Response:
    """因故终止."""
    cause = request.form.get("cause", "")
    reason = _confirmed_reason()
    once(
        lambda one: interruptions.end(one, current_actor(), case_id=str(case_id), cause=cause, reason=reason)
    )
    return _done(case_id, "卷宗已因故终止，未办事项和议题已撤销。")


@page.post("/stop")
def stop(case_id: Any) -> Response:
    """终止重新任用程序."""
    once(
        lambda one: interruptions.stop_way_up(
            one, current_actor(), case_id=str(case_id), reason=_confirmed_reason()
        )
    )
    return _done(case_id, "重新任用程序已终止，未办事项和议题已撤销。")
