"""Cookies and tokens are the library's own; what is not rightly signed, young and ours is refused."""

import time
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from tests.site import Browser, Site
from webapp.web.signing import Serializer, Sessions

CONTENT: dict[str, Any] = {"_user_id": "abc", "_flashes": [["done", "已办结。"]]}


def ours_of(app: Flask) -> URLSafeTimedSerializer:
    found = Sessions().get_signing_serializer(app)
    assert found is not None
    return found


@pytest.fixture
def app() -> Flask:
    app = Flask("signing")
    app.secret_key = "k" * 32
    return app


@pytest.mark.parametrize("content", [CONTENT, {"_user_id": "长" * 1000}])
def test_the_library_reads_what_we_sign_and_we_what_it_signs(app: Flask, content: dict[str, Any]) -> None:
    ours, theirs = ours_of(app), SecureCookieSessionInterface().get_signing_serializer(app)
    assert theirs is not None

    assert theirs.loads(ours.dumps(content), max_age=60) == content
    assert ours.loads(theirs.dumps(content), max_age=60) == content


def test_a_session_the_library_alone_can_write_comes_back_whole(app: Flask) -> None:
    ours = ours_of(app)

    assert ours.loads(ours.dumps({"raw": b"\x00", "n": 1})) == {"raw": b"\x00", "n": 1}


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"SESSION_COOKIE_SECURE": True, "SESSION_COOKIE_SAMESITE": "Lax", "SESSION_COOKIE_NAME": "__Host-a"},
        {
            "SESSION_COOKIE_DOMAIN": "a.example",
            "SESSION_COOKIE_PARTITIONED": True,
            "SESSION_COOKIE_SECURE": True,
            "SESSION_COOKIE_HTTPONLY": False,
            "APPLICATION_ROOT": "/office",
        },
    ],
)
@pytest.mark.parametrize("content", [CONTENT, {"_user_id": uuid4().hex * 200}, {"_permanent": True}, {}])
def test_the_cookie_is_written_as_the_library_writes_it(
    app: Flask, settings: dict[str, Any], content: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config.update(settings)
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.0)
    ours = Sessions()

    written = []
    for save in (ours.save_session, partial(SecureCookieSessionInterface.save_session, ours)):
        session, answer = SecureCookieSession(content), Response()
        session.accessed = session.modified = True
        save(app, session, answer)
        written.append([answer.headers.get("Set-Cookie", "").partition("Expires")[0], answer.headers["Vary"]])

    assert written[0] == written[1]


def test_an_altered_cookie_or_another_key_is_refused(app: Flask) -> None:
    ours = ours_of(app)
    signed = ours.dumps(CONTENT)

    for wrong in (
        signed[:-1],
        "x" + signed,
        signed + "A",
        signed.replace(".", "", 1),
        "",
        ".",
        "..",
        "鲜.花.茶",
    ):
        with pytest.raises(BadSignature):
            ours.loads(wrong, max_age=60)
    app.secret_key = "l" * 32
    with pytest.raises(BadSignature):
        ours_of(app).loads(signed)


def test_an_old_cookie_is_refused_and_one_from_the_future_too(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Serializer("k" * 32, salt="wtf-csrf-token")
    signed, moment = ours.dumps("abc"), time.time()

    assert ours.loads(signed) == "abc"
    for later in (3601, -60):
        monkeypatch.setattr(time, "time", lambda later=later: moment + later)
        with pytest.raises(SignatureExpired):
            ours.loads(signed, max_age=3600)


def test_an_earlier_secret_still_opens_and_the_newest_signs(app: Flask) -> None:
    before = ours_of(app)
    app.config["SECRET_KEY_FALLBACKS"], app.secret_key = [app.secret_key], "n" * 32
    after = ours_of(app)

    assert after.loads(before.dumps(CONTENT)) == CONTENT
    with pytest.raises(BadSignature):
        before.loads(after.dumps(CONTENT))


def test_a_token_of_another_session_is_refused(site: Site) -> None:
    signer = URLSafeTimedSerializer(site.app.secret_key or "", salt="wtf-csrf-token")
    browser = site.as_("ganbu1")

    for token in ("", "x", signer.dumps("of somebody else")):
        answer = browser.post("/cases/start", {"csrf_token": token}, token=False)
        assert answer.status_code == 400


@pytest.mark.parametrize(
    ("referrer", "status"), [(None, 400), ("https://evil.example/", 400), ("https://localhost/inbox", 422)]
)
def test_over_tls_a_form_comes_from_our_own_pages(site: Site, referrer: str | None, status: int) -> None:
    browser: Browser = site.as_("ganbu1")
    headers = {"Referer": referrer} if referrer else {}

    answer = browser.post("/cases/start", {}, base_url="https://localhost/", headers=headers)

    assert answer.status_code == status
