"""Whoever was signed out in the middle of a form, or whose form was not taken, still has what was typed."""

from typing import Any

import pytest

from tests.site import PASSWORD, Browser, Site

TYPED = "一段很长的研判分析，写了半个小时。"


def signed_out(site: Site, task: str) -> tuple[Browser, dict[str, Any]]:
    """A visitor's browser that comes from the page of the task."""
    came_from = {"headers": {"Referer": f"http://localhost/tasks/{task}"}}
    return site.visitor(), came_from


@pytest.fixture
def task(site: Site) -> str:
    return site.task(site.open_case(), "assess")


@pytest.mark.parametrize("token", [True, False])
def test_a_form_of_somebody_signed_out_comes_back_to_be_copied(site: Site, task: str, token: bool) -> None:
    browser, came_from = signed_out(site, task)

    answer = browser.post(
        f"/tasks/{task}/complete", {"f.assessment_text": TYPED, "f.x": "short"}, token=token, **came_from
    )

    assert answer.status_code == (401 if token else 400)
    assert "登录已过期" in answer.text
    assert f">{TYPED}</textarea>" in answer.text
    assert "没有提交" in answer.text
    assert f"/sign-in?next=/tasks/{task}" in answer.text
    assert "short" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_only_a_page_of_ours_gets_back_what_it_sent(site: Site, task: str) -> None:
    for headers in ({}, {"Referer": "http://elsewhere.example/page"}):
        answer = site.visitor().post(f"/tasks/{task}/complete", {"f.assessment_text": TYPED}, headers=headers)
        assert (answer.status_code, TYPED in answer.text) == (303, False)


def test_passwords_are_never_shown_again(site: Site) -> None:
    secret = "很长很长的一个密码口令"
    came_from = {"headers": {"Referer": "http://localhost/account/password"}}
    asked = {"old": secret, "password": secret, "again": secret}

    answer = site.visitor().post("/account/password", asked, **came_from)
    foreign = site.as_("ganbu1").post("/account/password", asked, token=False, **came_from)

    assert (answer.status_code, secret in answer.text) == (303, False)
    assert (foreign.status_code, secret in foreign.text) == (400, False)
    signing = site.visitor().post(
        "/sign-in", {"login": secret, "password": PASSWORD}, token=False, **came_from
    )
    assert "textarea" not in signing.text


def test_a_refused_form_too_gives_back_what_was_typed(site: Site, task: str) -> None:
    browser = site.as_("ganbu1")
    came_from = {"headers": {"Referer": f"http://localhost/tasks/{task}"}}

    long = browser.post(f"/tasks/{task}/comment", {"text": TYPED * 200}, **came_from)
    stale = browser.post(f"/tasks/{task}/comment", {"text": TYPED}, token=False, **came_from)

    assert (long.status_code, TYPED in long.text) == (422, True)
    assert (stale.status_code, TYPED in stale.text) == (400, True)
    assert "页面已过期" in stale.text


def test_a_part_of_a_page_is_told_to_stay_and_a_page_is_led_to_the_sign_in(site: Site, task: str) -> None:
    part = site.visitor().get(f"/tasks/{task}", headers={"HX-Request": "true"})
    whole = site.visitor().get(f"/tasks/{task}")

    assert part.status_code == 401
    assert (whole.status_code, whole.location) == (303, f"/sign-in?next=/tasks/{task}")
