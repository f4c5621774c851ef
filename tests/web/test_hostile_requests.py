"""Requests nobody's browser makes: too much, unreadable, forged, with somebody else's address in them."""

import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import InternalServerError

from tests.site import SIGNAL, Site
from webapp.persistence.models import cases, runtime

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "{{ 7*7 }}{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "${7*7}#{7*7}",
    "javascript:alert(1)",
    "\u202e反向\u202c\u2066隔离\u2069",
    "</textarea><script>alert(2)</script>",
    "'; DROP TABLE case_file; --",
    "a\u0000b\u0007c",
    "=HYPERLINK(\"http://example.invalid\")",
)  # fmt: skip
FOREIGN = (
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "/\t/evil.example",
    "javascript:alert(1)",
    "http:///evil.example", "///evil.example", "/\n/evil.example", "https:evil.example", "%2f%2fevil.example",
)  # fmt: skip


def test_what_is_typed_is_kept_and_shown_as_text(site: Site) -> None:
    text = "\n".join(HOSTILE)
    typed = {"f.cadre": site.person("钟谷雨"), "f.received_on": site.today.isoformat(), "f.summary": text}
    answer = site.as_("ganbu1").post("/cases/start", {**{f"f.{k}": v for k, v in SIGNAL.items()}, **typed})
    case = answer.location.rpartition("/")[2]
    task = site.task(case, "assess")
    browser = site.as_("ganbu1")
    answers = {"f.assessment_text": text, "f.history_text": text, "f.assessment_outcome": "watch"}
    assert browser.post(f"/tasks/{task}/comment", {"text": text.replace("\0", "")}).status_code == 303
    assert browser.post(f"/tasks/{task}/draft", answers).status_code == 303

    drafted = browser.get(f"/tasks/{task}")
    refused = browser.post(f"/tasks/{task}/complete", {**answers, "f.assessment_outcome": text})
    assert browser.post(f"/tasks/{task}/complete", answers).status_code == 303
    pages = [
        drafted,
        refused,
        *(browser.get(path) for path in (f"/tasks/{task}", f"/cases/{case}", "/cases", "/inbox")),
    ]

    for page in pages:
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "49" not in re.sub(r'"[^"]*"', "", page.text.partition("{{ 7*7 }}")[2][:20])
        assert "\0" not in page.text


def test_a_megabyte_of_text_is_kept(site: Site) -> None:
    task = site.task(site.open_case(), "assess")
    long = "x" * 1_000_000
    browser = site.as_("ganbu1")

    answer = browser.post(f"/tasks/{task}/draft", {"f.assessment_text": long})

    assert answer.status_code in (303, 422)
    assert answer.status_code == 422 or long in browser.get(f"/tasks/{task}").text


def test_a_field_of_ten_megabytes_is_refused_with_a_sentence(site: Site) -> None:
    task = site.task(site.open_case(), "assess")
    body = b"f.assessment_text=" + b"x" * 10 * 1024 * 1024

    browser = site.as_("ganbu1")
    answer = browser.client.post(
        f"/tasks/{task}/complete", data=body, content_type="application/x-www-form-urlencoded",
        headers={"X-CSRFToken": browser.token},
    )  # fmt: skip

    assert answer.status_code == 413
    assert "提交的内容过大" in answer.text
    assert site.rows(runtime.work_item, id=task)[0]["status"] == "open"


@pytest.mark.parametrize(("parts", "status"), [(1000, 422), (5000, 413)])
def test_thousands_of_parts_are_refused_with_a_sentence(site: Site, parts: int, status: int) -> None:
    task = site.task(site.open_case(), "assess")
    one = b'--x\r\nContent-Disposition: form-data; name="f.a%d"\r\n\r\ny\r\n'
    body = b"".join(one % number for number in range(parts)) + b"--x--\r\n"
    browser = site.as_("ganbu1")

    answer = browser.client.post(
        f"/tasks/{task}/complete", data=body, content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": browser.token},
    )  # fmt: skip

    assert answer.status_code == status
    assert "提交的内容过大" in answer.text or "表单中没有" in answer.text


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name="),
        ("application/json", b'{"a":' * 10_000),
        ("application/x-www-form-urlencoded", b"f.summary=%ff%fe&f.%00=x"),
        ("text/plain; charset=nonsense", b"\xff"),
    ],
)
def test_an_unreadable_body_is_refused_with_a_sentence(site: Site, kind: str, body: bytes) -> None:
    browser = site.as_("ganbu1")

    answer = browser.client.post(
        "/cases/start", data=body, content_type=kind, headers={"X-CSRFToken": browser.token}
    )

    site.checked(answer)
    assert answer.status_code in (400, 413, 415, 422)
    assert 'lang="zh-CN"' in answer.text
    assert site.rows(cases.case_file) == []


@pytest.mark.parametrize(
    "page", ["/inbox", "/cases", "/people", "/meetings", "/tracking", "/history", "/definitions"]
)
def test_a_query_is_taken_or_refused_but_never_breaks_a_page(any_site: Site, page: str) -> None:
    login = {"/meetings": "jilu", "/history": "shenji", "/definitions": "liucheng"}.get(page, "ganbu1")
    browser = any_site.as_(login)
    odd = [
        "",
        "9" * 5000,
        "-1",
        "%00",
        "%ff",
        "x" * 36,
        "' OR 1=1 --",
        "%25_%5c",
        "٣",
        "2026-02-30",
        "0001-01-01",
        "9999-12-31",
    ]
    names = (
        "page", "q", "tab", "sort", "due", "stage", "state", "unit", "process", "status", "kind", "who", "case_no",
        "since", "until", "body", "class",
    )  # fmt: skip
    for value in odd:
        answer = browser.get(f"{page}?" + "&".join(f"{name}={value}" for name in names))
        assert answer.status_code in (200, 400, 422), value
        assert "Traceback" not in answer.text


def test_numbers_in_an_address_may_be_of_any_size(any_site: Site) -> None:
    browser = any_site.as_("liucheng")
    for number in ("0", "9" * 20, "9" * 5000):
        for part in ("diagram", "download"):
            assert browser.get(f"/definitions/p01_down_adjustment/{number}/{part}").status_code == 404
    auditor = any_site.as_("shenji")
    for event in (
        "x",
        "system:0",
        f"system:{'9' * 30}",
        "system:-1",
        f"case:{'x' * 36}:1",
        "%00:1",
        "a" * 5000,
    ):
        assert auditor.get(f"/history/{event}").status_code in (400, 404), event


@pytest.mark.parametrize("target", FOREIGN)
def test_after_sign_in_one_stays_on_this_site(site: Site, target: str) -> None:
    form = {"login": "ganbu1", "password": "zaishang-demo-2026", "next": target}

    answer = site.visitor().post("/sign-in", form)

    assert answer.status_code == 303
    assert answer.location == "/inbox" or (target.startswith("%") and answer.location.startswith("/"))


def test_an_own_page_is_gone_on_to(site: Site) -> None:
    form = {"login": "ganbu1", "password": "zaishang-demo-2026", "next": "/cases?q=钟"}

    assert site.visitor().post("/sign-in", form).location.startswith("/cases?q=")


def test_a_forged_host_gets_into_no_link(site: Site) -> None:
    forged = {
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-For": "6.6.6.6",
        "Forwarded": "host=evil",
    }
    browser = site.as_("ganbu1")

    pages = [browser.get(path, headers=forged) for path in ("/inbox", "/cases/start", "/nowhere", "/sign-in")]
    away = site.visitor().get("/inbox", headers=forged)
    forged_back = browser.get("/nowhere", headers={"Referer": "http://localhost@evil.example/x"})

    assert all("evil" not in page.text for page in [*pages, forged_back])
    assert away.location == "/sign-in?next=/inbox"


def test_a_method_no_page_knows_is_refused(site: Site) -> None:
    browser = site.as_("ganbu1")
    for method in ("PUT", "DELETE", "PATCH", "TRACE"):
        answer = browser.client.open("/inbox", method=method, headers={"X-CSRFToken": browser.token})
        assert answer.status_code in (400, 405), method
        assert "Allow" in answer.headers or answer.status_code == 400
    preflight = browser.client.options("/inbox", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in preflight.headers


def broken_page(app: Flask, error: Exception) -> None:
    def fail() -> Any:
        raise error

    app.view_functions["inbox.index"] = fail


ENGLISH = re.compile(
    r"Traceback|Error\b|Exception|Internal|Server|/work|site-packages|\.py\b|sqlalchemy|SELECT|werkzeug", re.I
)


@pytest.mark.parametrize(
    "error", [RuntimeError("secret at /srv/x.py"), InternalServerError("Internal"), KeyError("苏白露")]
)
def test_an_unforeseen_error_says_nothing_of_the_inside(site: Site, error: Exception, caplog: Any) -> None:
    site.faults_expected = True
    broken_page(site.app, error)

    answer = site.as_("ganbu1").get("/inbox")

    assert answer.status_code == 500
    assert "系统出现异常" in answer.text
    assert not ENGLISH.search(re.sub(r"<(script|link|meta|use)[^>]*>", "", answer.text))
    assert "苏白露" not in caplog.text
    assert "secret" not in caplog.text


def test_an_error_page_that_cannot_be_drawn_is_still_a_sentence(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.faults_expected = True
    broken_page(site.app, RuntimeError())
    monkeypatch.setitem(site.app.jinja_env.globals, "asset", None)

    answer = site.as_("ganbu1").get("/inbox")

    assert answer.status_code == 500
    assert "系统出现异常" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_programs_get_their_errors_as_json(site: Site) -> None:
    answer = site.visitor().get("/inbox", headers={"Accept": "application/json"})

    assert answer.status_code == 401
    assert answer.get_json() == {"code": "SignInNeeded", "message": "请先登录。"}
