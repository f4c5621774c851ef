"""Programs sign in on every request: by token or password, never by cookie; wrong attempts lock out, reads are kept."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask_security import hash_password
from werkzeug.test import TestResponse

from tests.api.known import address, furnish
from tests.api.program import program
from tests.site import PASSWORD, Site, user_id
from webapp.persistence.models import administration, history, identity
from webapp.persistence.models.identity import User
from webapp.services import tokens
from webapp.web import passwords
from webapp.web.api.openapi import every

VERSION = "/engine-rest/version"
# Addresses whose answers name no case and nobody.
SILENT = {
    "version", "process_definitions", "count_process_definitions", "process_definition", "process_definition_by_key",
    "process_definition_xml", "process_definition_xml_by_key", "start_form_variables", "deployments",
    "count_deployments", "deployment", "proposal_list", "definition_switches", "decision_definitions",
    "count_decision_definitions", "decision_definition", "decision_definition_by_key", "engine_rest_document",
    "own_document", "count_tasks", "count_process_instances", "count_past_instances", "count_past_tasks",
}  # fmt: skip
READER = {"form_variables": "jiandu1", "agenda_items": "jilu", "meeting_list": "jilu", "meeting": "jilu"}
READER |= {"corrections": "jiandu1", "version_changes": "liucheng"}
# There is none here: tests/api/test_external_tasks.py reads one and asks for its trace.
SILENT_HERE = {"external_task", "external_tasks", "count_external_tasks"}


def basic(site: Site, login: str, password: str, **more: Any) -> TestResponse:
    return site.app.test_client().get(VERSION, auth=(login, password), **more)


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Passwords compared without the slow hash; the hashes asked for, in order."""
    asked: list[str] = []

    def verify(password: str, stored: str) -> bool:
        asked.append(stored)
        return password == PASSWORD and stored.startswith("$argon2")

    monkeypatch.setattr(passwords, "verify_password", verify)
    return asked


def test_no_door_opens_without_credentials_or_with_a_cookie(site: Site) -> None:
    known = furnish(site)
    before = len(site.rows(history.history_event))
    visitor = site.app.test_client()
    signed_in = site.as_("ganbu1").client
    for door, one in every():
        for client in (visitor, signed_in):
            answer = client.open(address(door, one, known), method=one.method)
            assert answer.status_code == 401, one.name
            assert answer.headers["WWW-Authenticate"].startswith("Basic"), one.name
            assert "Set-Cookie" not in answer.headers
    assert len(site.rows(history.history_event)) == before


def test_every_answer_with_a_case_leaves_a_trace(site: Site) -> None:
    known, programs = furnish(site), {}
    for door, one in every():
        if one.method != "GET" or one.name in SILENT | SILENT_HERE:
            continue
        login = READER.get(one.name, "ganbu1")
        asking = programs.setdefault(login, program(site, login))
        before = reads(site, login)
        query = {"processInstanceId": known["instance_id"]} if "activities" in one.name else {}
        asking.get(address(door, one, known), **query)
        assert reads(site, login) > before, f"{one.name} was read without a trace"


def test_a_silent_answer_names_no_cadre(site: Site) -> None:
    known, asking = furnish(site), program(site, "liucheng")
    for door, one in every():
        if one.name in SILENT and one.name != "start_form_variables":
            answer = asking.ask("GET", address(door, one, known))
            assert answer.status_code == 200, one.name
            assert "苏白露" not in answer.text


def reads(site: Site, login: str) -> int:
    return len(site.rows(history.history_event, actor_id=user_id(login), kind="read"))


def test_a_token_is_kept_as_its_digest_alone_and_says_so_in_its_users_stream(any_site: Site) -> None:
    asking = program(any_site, "ganbu1")

    asking.get(VERSION)
    (row,) = any_site.rows(identity.api_token)
    assert asking.token not in str(row)
    (event,) = any_site.rows(history.history_event, kind="token_issued")
    assert event["stream"] == f"user:{user_id('ganbu1')}"
    assert asking.token.encode() not in event["body"]


def test_a_token_ends_when_it_is_over_revoked_or_its_user_is_disabled(site: Site) -> None:
    over, revoked, kept = program(site, "ganbu1"), program(site, "ganbu1"), program(site, "ganbu2")
    ids = {row["digest"]: row["id"] for row in site.rows(identity.api_token)}
    yesterday = datetime.now(UTC) - timedelta(days=1)
    site.change(identity.api_token, {"id": ids[tokens.digest_of(over.token)]}, {"expires_at": yesterday})
    tokens.revoke(site.office, ids[tokens.digest_of(revoked.token)])
    site.change(User.__table__, {"id": user_id("ganbu2")}, {"active": False})

    for one in (over, revoked, kept):
        answer = one.ask("GET", VERSION, status=401)
        assert "令牌无效" in answer.json["message"]
    # Nobody is locked out by a program that was forgotten.
    assert site.rows(administration.login_failure) == []


def test_guessing_tokens_locks_the_address_and_not_its_neighbours(site: Site) -> None:
    good, client = program(site, "ganbu1"), site.app.test_client()
    here, there = {"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": "192.0.2.8"}
    guess = {"Authorization": f"Bearer zs_{'a' * 43}"}
    statuses = [client.get(VERSION, headers=guess, environ_base=here).status_code for _ in range(6)]

    assert statuses == [401] * 5 + [429]
    assert int(client.get(VERSION, headers=guess, environ_base=here).headers["Retry-After"]) > 0
    assert client.get(VERSION, headers=guess, environ_base=there).status_code == 401
    assert good.ask("GET", VERSION, environ_base=here).status_code == 200


BROKEN = (
    "", "Bearer", "Bearer ", "Basic", "Basic !!!", "Basic Og==", "Digest x=1", "Bearer 令牌", "Basic " + "A" * 9000,
    "Basic AAA6eA==", "Bearer zs_short", "Basic 4oCL",
)  # fmt: skip


def test_a_broken_header_is_refused_with_a_sentence(site: Site) -> None:
    for header in BROKEN:
        given = {"Authorization": header.encode().decode("latin-1")}
        answer = site.checked(site.app.test_client().get(VERSION, headers=given))
        assert answer.status_code in (401, 429), header
        assert answer.json["message"], header


def test_a_password_is_hashed_once_in_a_minute_and_wrong_ones_count_as_at_sign_in(
    site: Site, hashes: list[str]
) -> None:
    for _ in range(3):
        assert basic(site, "ganbu1", PASSWORD).status_code == 200
    assert len(hashes) == 1
    assert len(site.rows(history.history_event, kind="signed_in", actor_id=user_id("ganbu1"))) == 1

    statuses = [basic(site, "ganbu2", "wrong").status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    page = site.visitor().post("/sign-in", {"login": "ganbu2", "password": PASSWORD})
    assert page.status_code == 429


def test_a_kept_password_is_worth_nothing_once_it_is_changed_or_the_account_disabled(
    site: Site, hashes: list[str]
) -> None:
    assert basic(site, "ganbu1", PASSWORD).status_code == 200
    with site.app.app_context():
        changed = hash_password("another password")
    site.change(User.__table__, {"id": user_id("ganbu1")}, {"password": changed})
    basic(site, "ganbu1", PASSWORD)
    assert len(hashes) == 2, "the changed password was not looked at again"

    site.change(User.__table__, {"id": user_id("ganbu1")}, {"active": False})
    assert basic(site, "ganbu1", PASSWORD).status_code == 401


def test_a_kept_password_is_forgotten_after_a_minute(
    site: Site, hashes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from webapp.web.api import entering

    basic(site, "ganbu1", PASSWORD)
    assert entering.KEPT_SECONDS <= 60
    assert PASSWORD not in str(site.app.extensions["kept_passwords"])
    later = entering.time.monotonic() + 61
    monkeypatch.setattr(entering.time, "monotonic", lambda: later)
    basic(site, "ganbu1", PASSWORD)

    assert len(hashes) == 2


def test_an_account_whose_roles_exclude_one_another_does_not_get_in(site: Site) -> None:
    asking = program(site, "ganbu1")
    site.change(identity.role_grant, {"user_id": user_id("anquan")}, {"user_id": user_id("ganbu1")})

    assert "不得由同一人担任" in asking.ask("GET", VERSION, status=403).json["message"]


def test_a_page_knows_no_token_and_the_api_leaves_no_session(site: Site) -> None:
    asking = program(site, "ganbu1")

    assert asking.ask("GET", "/inbox").status_code == 303
    header = {"Authorization": "Basic " + b64encode(f"ganbu1:{PASSWORD}".encode()).decode()}
    client = site.app.test_client()
    assert client.get(VERSION, headers=header).status_code == 200
    assert client.get("/inbox").status_code == 303


def test_a_token_ends_with_its_users_roles(site: Site) -> None:
    case, asking = site.open_case("苏白露"), program(site, "jiandu1")
    assert asking.get("/engine-rest/task", taskDefinitionKey="assess") != []

    site.take_role("jiandu1", "cadre_supervision")

    assert asking.get("/engine-rest/task", taskDefinitionKey="assess") == []
    asking.get(f"/api/cases/{case}", status=404)
