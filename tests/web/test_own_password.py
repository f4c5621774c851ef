"""Everybody changes the own password: with the old one, and every other session of the account ends."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_commands import refused, run
from tests.site import PASSWORD, Site, copied_site, user_id
from webapp.persistence.models import history

NEW = "pine-lake-2031-boat"
FORM = {"old": PASSWORD, "password": NEW, "again": NEW}


@pytest.fixture
def used(prepared: Path, tmp_path: Path) -> Iterator[Site]:
    """A site in real use: in a demo the passwords are public and stay."""
    with copied_site(prepared, tmp_path, mode="test") as site:
        yield site


def signs_in(site: Site, password: str) -> bool:
    return site.visitor().post("/sign-in", {"login": "ganbu1", "password": password}).status_code == 303


def test_the_new_password_counts_and_other_sessions_end(used: Site) -> None:
    here, elsewhere = used.as_("ganbu1"), used.as_("ganbu1")
    assert here.get("/account/password").status_code == 200

    assert here.post("/account/password", FORM).status_code == 303

    assert here.get("/inbox").status_code == 200
    assert elsewhere.get("/inbox").status_code in (302, 303, 401)
    assert signs_in(used, NEW)
    assert not signs_in(used, PASSWORD)
    (noted,) = used.rows(history.history_event, kind="password_changed")
    assert noted["actor_id"] == user_id("ganbu1")
    assert NEW.encode() not in noted["body"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"old": "not-my-password"}, "原密码不正确"),
        ({"again": "pine-lake-2031-bout"}, "两次填写的新密码不一样"),
        ({"password": "short", "again": "short"}, "密码不少于"),
        ({"password": "x" * 1001, "again": "x" * 1001}, "密码不超过"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_changes(used: Site, change: dict[str, str], said: str) -> None:
    answer = used.as_("ganbu1").post("/account/password", FORM | change)

    assert answer.status_code == 422
    assert said in answer.text
    assert signs_in(used, PASSWORD)


def test_in_a_demo_the_public_passwords_stay(site: Site) -> None:
    site.app.config["DEMO"] = True

    answer = site.as_("ganbu1").post("/account/password", FORM)

    assert answer.status_code == 409
    assert "演示账号的密码是公开的" in answer.text


def test_whoever_has_lost_it_gets_a_new_one_at_the_terminal(used: Site) -> None:
    signed_in = used.as_("ganbu1")

    result = run(used, "users", "password", "ganbu1", "--password", NEW)

    assert result.exit_code == 0, result.stderr
    assert signed_in.get("/inbox").status_code in (302, 303, 401)
    assert signs_in(used, NEW)
    assert refused(run(used, "users", "password", "nobody", "--password", NEW), "没有找到该账号")
