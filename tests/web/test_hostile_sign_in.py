"""Sign-in under attack: guessing, asking who exists, old cookies, forged posts."""

import time
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.site import PASSWORD, Browser, Site, copied_site, user_id
from webapp.persistence.models import administration, history
from webapp.persistence.models.identity import User, role_grant
from webapp.services import signing_in
from webapp.services.demo.organisation import fixed
from webapp.web import passwords
from webapp.web.session import LONGEST_SESSION, SIGNED_IN_AT


def sign_in(browser: Browser, login: str, password: str, **more: Any) -> TestResponse:
    return browser.post("/sign-in", {"login": login, "password": password}, **more)


def from_(address: str) -> dict[str, Any]:
    return {"environ_base": {"REMOTE_ADDR": address}}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Passwords compared without the slow hash; the hashes asked for, in order."""
    asked: list[str] = []

    def verify(password: str, stored: str) -> bool:
        asked.append(stored)
        return password == PASSWORD and stored.startswith("$argon2")

    monkeypatch.setattr(passwords, "verify_password", verify)
    return asked


def plain(answer: TestResponse, login: str) -> str:
    text = answer.text.replace(login, "?")
    return "\n".join(
        line for line in text.splitlines() if "csrf_token" not in line and "idempotency_key" not in line
    )


def test_the_right_password_opens_a_new_session(site: Site) -> None:
    browser = site.visitor()
    with browser.client.session_transaction() as session:
        session["planted"] = "by an attacker"

    answer = sign_in(browser, "ganbu1", PASSWORD)

    assert answer.status_code == 303
    with browser.client.session_transaction() as session:
        assert "planted" not in session
        assert "csrf_token" not in session
    assert browser.get("/inbox").status_code == 200
    assert [row["kind"] for row in site.rows(history.history_event)].count("signed_in") == 1


def test_who_exists_cannot_be_told_from_an_answer(site: Site, quick: list[str]) -> None:
    site.change(User.__table__, {"username": "jiandu2"}, {"active": False})
    site.change(User.__table__, {"username": "heshi1"}, {"password": None})
    names = ("ganbu1", "nobody", "jiandu2", "heshi1", "GANBU1", "ganbu1' --", "%")
    answers = {name: sign_in(site.visitor(), name, "wrong", **from_("10.0.0.1")) for name in names}

    assert {answer.status_code for answer in answers.values()} == {401}
    assert len({plain(answer, name) for name, answer in answers.items() if name.isalnum()}) == 1
    assert len(quick) == len(names), "a name costs no hash"
    assert all(stored.startswith("$argon2") for stored in quick)


def test_wrong_passwords_are_slowed_for_known_and_unknown_alike(site: Site, quick: list[str]) -> None:
    for name, address in (("ganbu1", "10.0.0.1"), ("nobody", "10.0.0.2")):
        answers = [sign_in(site.visitor(), name, "wrong", **from_(address)) for _ in range(7)]
        assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 2, name
        assert "以后可以再试" in answers[-1].text
        assert sign_in(site.visitor(), name, PASSWORD, **from_(address)).status_code == 429
    assert len(quick) == 10


def test_whoever_guesses_does_not_lock_out_the_true_one(site: Site, quick: list[str]) -> None:
    for _ in range(8):
        sign_in(site.visitor(), "ganbu1", "wrong", **from_("6.6.6.6"))

    assert sign_in(site.visitor(), "ganbu1", PASSWORD, **from_("10.0.0.1")).status_code == 303


@pytest.mark.usefixtures("quick")
def test_an_attack_from_everywhere_on_one_account_is_slowed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(signing_in.FREE_TRIES, "user", 8)
    for number in range(8):
        sign_in(site.visitor(), "ganbu1", "wrong", **from_(f"6.6.6.{number}"))

    assert sign_in(site.visitor(), "ganbu1", "wrong", **from_("7.7.7.7")).status_code == 429


@pytest.mark.usefixtures("quick")
def test_an_attack_from_one_address_on_all_accounts_is_slowed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(signing_in.FREE_TRIES, "address", 8)
    for number in range(8):
        sign_in(site.visitor(), f"nobody{number}", "wrong", **from_("6.6.6.6"))

    assert sign_in(site.visitor(), "ganbu1", "wrong", **from_("6.6.6.6")).status_code == 429


def test_the_delay_passes_and_grows(site: Site, quick: list[str]) -> None:
    for _ in range(5):
        sign_in(site.visitor(), "ganbu1", "wrong")
    first = signing_in.locked_until(site.office, "ganbu1", "127.0.0.1")
    assert first is not None
    for row in site.rows(administration.login_failure):
        past = {"last_at": row["last_at"] - timedelta(minutes=1)}
        site.change(administration.login_failure, {"subject": row["subject"]}, past)

    assert sign_in(site.visitor(), "ganbu1", "wrong").status_code == 401
    second = signing_in.locked_until(site.office, "ganbu1", "127.0.0.1")
    assert second is not None
    assert second - first > timedelta(seconds=25)


ODD = (
    ("", "", 422), ("ganbu1", "", 422), ("", "x", 422), ("ganbu1", "x" * 100_000, 422), ("x" * 100_000, "x", 401),
    ("gan\u0000bu1", "x", 400), ("ganbu1", "a\u0000b", 400), ("\u202eubnag", "x", 401), ("' OR 1=1 --", "x", 401),
)  # fmt: skip


@pytest.mark.usefixtures("quick")
def test_odd_log_ins_are_answered_in_order(any_site: Site) -> None:
    for login, password, status in ODD:
        answer = sign_in(any_site.visitor(), login, password)
        assert answer.status_code == status, login
        assert 'lang="zh-CN"' in answer.text


def test_a_password_is_never_shown_again(site: Site, quick: list[str]) -> None:
    assert "geheim-9137" not in sign_in(site.visitor(), "ganbu1", "geheim-9137").text


def test_a_copied_cookie_is_dead_after_sign_out(site: Site) -> None:
    browser = site.visitor()
    sign_in(browser, "ganbu1", PASSWORD)
    cookie = browser.client.get_cookie("zaishang")
    assert cookie is not None
    thief = site.visitor()
    thief.client.set_cookie("zaishang", cookie.value)
    assert thief.get("/inbox").status_code == 200

    with browser.client.session_transaction() as session:
        session["csrf_token"] = browser.csrf
    assert browser.post("/sign-out").status_code == 303

    assert thief.get("/inbox").status_code == 303
    assert browser.get("/inbox").status_code == 303


def test_a_disabled_account_is_out_at_once(site: Site) -> None:
    browser = site.as_("ganbu1")
    assert browser.get("/inbox").status_code == 200

    site.change(User.__table__, {"id": user_id("ganbu1")}, {"active": False})

    assert browser.get("/inbox").status_code == 303
    assert sign_in(site.visitor(), "ganbu1", PASSWORD).status_code == 401


def test_a_session_ends_after_a_working_day_however_busy(site: Site) -> None:
    browser = site.as_("ganbu1")
    with browser.client.session_transaction() as session:
        session[SIGNED_IN_AT] = int(time.time()) - LONGEST_SESSION - 1

    assert browser.get("/inbox").status_code == 303


def test_a_cookie_signed_by_somebody_else_is_nobody(site: Site) -> None:
    browser = site.as_("ganbu1")
    cookie = browser.client.get_cookie("zaishang")
    assert cookie is not None
    for value in (cookie.value[:-3] + "xyz", "x", "e30.x.y", cookie.value.replace(".", "")):
        forger = site.visitor()
        forger.client.set_cookie("zaishang", value)
        assert forger.get("/inbox").status_code == 303


def test_a_post_from_elsewhere_does_nothing(site: Site) -> None:
    browser = site.as_("ganbu1")
    for token in ("", "x", browser.token[:-4] + "abcd", site.as_("jiandu1").token):
        answer = browser.post("/cases/start", {"csrf_token": token}, token=False)
        assert answer.status_code == 400
        assert "页面已过期" in answer.text


def test_cookies_of_production_are_locked(prepared: Path, tmp_path: Path) -> None:
    with copied_site(prepared, tmp_path, mode="production", secure_cookies=True) as site:
        answer = sign_in(
            Browser(site, base_url="https://localhost/"),
            "ganbu1",
            PASSWORD,
            headers={"Referer": "https://localhost/"},
        )
        cookies = SimpleCookie(answer.headers["Set-Cookie"])

        (name, cookie), *others = cookies.items()
        assert not others
        assert name == "__Host-zaishang"
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (
            True,
            True,
            "Lax",
            "/",
        )
        assert cookie["domain"] == ""
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
        assert "演示" not in site.visitor().get("/sign-in").text


def test_outside_a_demo_no_name_opens_the_door(site: Site) -> None:
    answer = site.visitor().post("/sign-in", {"demo_login": "changwei01"})

    assert answer.status_code == 422


def test_in_a_demo_every_page_says_so(prepared: Path, tmp_path: Path) -> None:
    with copied_site(prepared, tmp_path, mode="demo") as site:
        browser = site.visitor()
        assert "演示" in browser.get("/sign-in").text
        assert browser.post("/sign-in", {"demo_login": "ganbu1"}).status_code == 303
        for path in ("/inbox", "/cases", "/nowhere"):
            assert "演示" in browser.get(path).text, path


def test_an_account_with_roles_that_exclude_one_another_is_not_let_in(site: Site, quick: list[str]) -> None:
    stray = {
        "id": fixed("grant", "stray"), "user_id": user_id("ganbu1"), "role": "auditor",
        "organisation_id": fixed("organisation", "zzb"), "valid_from": site.today,
    }  # fmt: skip
    with site.office.engine.begin() as connection:
        connection.execute(role_grant.insert().values(**stray))

    answer = sign_in(site.visitor(), "ganbu1", PASSWORD)

    assert answer.status_code == 403
    assert "不得由同一人担任（三员分立、权责分离）" in answer.text
    assert "signed_in" not in [row["kind"] for row in site.rows(history.history_event)]
