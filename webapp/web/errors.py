"""Refusals → answers, in this one place: a page for people, JSON for programs; never a stack trace."""

import logging
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from flask import Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from webapp.domain.errors import EngineFault, Invalid, NotFound, Refused, RuleBroken
from webapp.web.api import refusing
from webapp.web.formatting import basis
from webapp.web.repeats import TOKENS
from webapp.web.session import SignInNeeded, actor_or_none

logger = logging.getLogger(__name__)
SENTENCES = {
    400: "请求的内容无法识别，请返回上一页重新操作。",
    404: "没有找到您要的页面，它可能已被移走，或您无权查看。",
    405: "这个地址不支持这种操作，请从页面上的按钮进入。",
    413: "提交的内容过大，单个文件请不要超过20兆字节。",
    415: "提交的内容格式不支持，请从页面上的表单提交。",
    429: "操作过于频繁，请稍后再试。",
    500: "系统出现异常，已登记，请稍后再试；仍有问题请联系系统管理员。",
    503: "数据库暂时连接不上，您的操作没有保存，请稍后重试。",
}
# The header by which a part of a page asks for itself.
PART = "HX-Request"
# Where passwords are typed nothing is shown again.
SILENT = ("auth", "own_password")
SHORTEST, MOST = 8, 20
KEPT_HEADERS = ("Allow", "Retry-After")
# When not even the error page can be drawn.
BARE = (
    '<!doctype html>\n<html lang="zh-CN"><meta charset="utf-8"><title>再上</title><p>{sentence}</p></html>\n'
)


@dataclass(frozen=True, slots=True)
class ErrorView:
    """What the error page shows."""

    status: int
    sentence: str
    reasons: tuple[tuple[str, str], ...] = ()
    incident: str = ""
    back_url: str | None = None
    retry: bool = False
    # What was typed and is not kept anywhere, for its writer to copy.
    typed: tuple[str, ...] = ()
    sign_in: str = ""


def wants_json() -> bool:
    """True when the request asks for JSON rather than a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return (
        best == "application/json" and request.accept_mimetypes[best] > request.accept_mimetypes["text/html"]
    )


def answer(view: ErrorView, code: str, details: dict[str, object] | None = None) -> Response:
    """The answer for a refusal, by what the request prefers."""
    if wants_json():
        body = {"code": code, "message": view.sentence, **(details or {})}
        return make_response(body, view.status)
    # A page about a fault looks nothing up: the next look-up would fail like the first.
    g.plain_frame = view.status >= 500
    view = replace(view, typed=_typed())
    try:
        page = render_template("error.html", view=view)
    except Exception as error:
        logger.error("no page for status %s: %s", view.status, type(error).__name__)
        page = BARE.format(sentence=escape(view.sentence))
    return make_response(page, view.status)


def _refused(refusal: Refused) -> Response:
    if refusing.is_program():
        return refusing.refused(refusal)
    if isinstance(refusal, SignInNeeded):
        return _sign_in()
    reasons: tuple[tuple[str, str], ...] = ()
    details: dict[str, object] = {}
    if isinstance(refusal, RuleBroken):
        reasons = tuple((one.sentence, basis(one.article)) for one in refusal.reasons)
        details["reasons"] = [{"code": one.code, "sentence": one.sentence} for one in refusal.reasons]
    if isinstance(refusal, Invalid):
        reasons = tuple((sentence, "") for sentence in refusal.problems.values())
        details["problems"] = refusal.problems
    # One sentence whether it is missing or must not be seen: a better one would tell which.
    sentence = SENTENCES[404] if isinstance(refusal, NotFound) else refusal.sentence
    view = ErrorView(refusal.status, sentence, reasons, "", _back(), refusal.status in (409, 503))
    return answer(view, refusal.code, details)


def _sign_in() -> Response:
    if wants_json():
        return make_response({"code": "SignInNeeded", "message": "请先登录。"}, 401)
    # A part of a page that asks for itself would put the sign-in page into its own place.
    if PART in request.headers or _typed():
        sentence = "登录已过期，您填写的内容没有提交。请重新登录后再办理。"
        return answer(ErrorView(401, sentence, sign_in=_sign_in_again()), "SignInNeeded")
    here = request.full_path.rstrip("?") if request.method == "GET" else ""
    return make_response(redirect(url_for("auth.sign_in", next=here or None), 303))


def _sign_in_again() -> str:
    """The way in that leads back to the page with the form."""
    return url_for("auth.sign_in", next=urlsplit(_back() or "").path or None)


def _typed() -> tuple[str, ...]:
    """The sentences of a form that one of our own pages sent and that was not taken; no choices, no passwords."""
    if request.method != "POST" or _back() is None or request.blueprint in SILENT:
        return ()
    lines = [text.strip() for name, text in request.form.items(multi=True) if name not in TOKENS]
    return tuple(line for line in lines if len(line) >= SHORTEST and not line.isascii())[:MOST]


def _back() -> str | None:
    """The page the person came from, when it is one of ours."""
    before = request.referrer or ""
    return before if before.startswith(request.host_url) else None


def _fault(fault: EngineFault) -> Response:
    if refusing.is_program():
        return refusing.fault(fault)
    return answer(ErrorView(500, fault.sentence, (), fault.incident_id, _back()), "EngineFault")


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if isinstance(error, CSRFError):
        if actor_or_none() is None:
            sentence = "页面已过期，登录已经结束，您填写的内容没有提交。请重新登录后再办理。"
            return answer(ErrorView(400, sentence, sign_in=_sign_in_again()), "PageExpired")
        return answer(
            ErrorView(400, "页面已过期，请返回上一页刷新后重新提交。", (), "", _back(), True), "PageExpired"
        )
    if 300 <= status < 400:
        return make_response(error.get_response())
    if refusing.is_program():
        found = refusing.failed(status, f"Http{status}", SENTENCES.get(status, SENTENCES[400]))
        return _with_headers(found, error)
    found = answer(ErrorView(status, SENTENCES.get(status, SENTENCES[400]), (), "", _back()), f"Http{status}")
    return _with_headers(found, error)


def _with_headers(found: Response, error: HTTPException) -> Response:
    for name, value in error.get_headers():
        if name in KEPT_HEADERS:
            found.headers[name] = value
    return found


def _unforeseen(error: Exception) -> Response:
    # Class and place only: a message may quote what a person typed.
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
    logger.error("unforeseen %s at %s", type(error).__name__, where)
    g.pop("actor", None)
    if refusing.is_program():
        return refusing.failed(500, "Unforeseen", SENTENCES[500])
    return answer(ErrorView(500, SENTENCES[500], (), "", None, True), "Unforeseen")


def install(app: Flask) -> None:
    """Register the translation."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(EngineFault, _fault)
    app.register_error_handler(HTTPException, _http)
    if not app.testing:
        app.register_error_handler(Exception, _unforeseen)
