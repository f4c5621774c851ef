"""Accounts and roles on the page: proposed by one security administrator, agreed to by another."""

import pytest

from tests.queries.scenes import text
from tests.site import Site, user_id
from webapp.persistence.models import history, identity
from webapp.services.demo.organisation import fixed


def asked(**changes: str) -> dict[str, str]:
    return {
        "f.user": user_id("ganbu2"), "f.role": "archive_section", "f.place": fixed("organisation", "zzb"),
        "f.until": "", "f.reason": "临时兼管档案", **changes,
    }  # fmt: skip


def test_a_role_is_in_force_when_a_second_person_agrees(any_site: Site) -> None:
    first, second = any_site.as_("anquan"), any_site.as_("anquan2")
    assert "账号与授权" in text(first, "/accounts")

    assert first.post("/accounts/propose", asked()).status_code == 303
    (proposal,) = any_site.rows(identity.role_proposal)
    path = f"/accounts/proposals/{proposal['id']}"
    assert first.post(path, {"agreed": "yes"}).status_code == 403
    assert "archive_section" not in any_site.actor("ganbu2").roles_on(any_site.today)
    assert "同意授权" in text(second, "/accounts")
    assert second.post(path, {"agreed": "yes"}).status_code == 303

    assert "archive_section" in any_site.actor("ganbu2").roles_on(any_site.today)
    assert second.post(path, {"agreed": "yes"}).status_code == 409
    events = any_site.rows(history.history_event, stream=f"user:{user_id('ganbu2')}")
    assert {"role_proposed", "role_granted"} <= {row["kind"] for row in events}
    assert not any("临时兼管档案".encode() in row["body"] for row in events)


def test_what_may_not_be_is_said_and_nothing_is_granted(any_site: Site) -> None:
    first = any_site.as_("anquan")
    before = len(any_site.rows(identity.role_grant))

    assert (
        "三员分立"
        in first.post(
            "/accounts/propose", asked(**{"f.role": "system_admin", "f.place": fixed("organisation", "sys")})
        ).text
    )
    assert "请核对机构" in first.post("/accounts/propose", asked(**{"f.role": "unit_personnel"})).text
    assert "请写明理由" in first.post("/accounts/propose", asked(**{"f.reason": ""})).text
    assert first.post("/accounts/propose", asked(**{"f.user": user_id("anquan")})).status_code == 403
    assert first.post("/accounts/propose", {}).status_code == 422
    assert len(any_site.rows(identity.role_grant)) == before
    assert any_site.rows(identity.role_proposal) == []


def test_a_role_is_taken_back_and_an_account_disabled_at_once(any_site: Site) -> None:
    first, victim = any_site.as_("anquan"), any_site.as_("ganbu2")
    grant = any_site.rows(identity.role_grant, user_id=user_id("ganbu2"))[0]

    assert first.post(f"/accounts/grants/{grant['id']}/revoke", {"reason": ""}).status_code == 422
    assert first.post(f"/accounts/grants/{grant['id']}/revoke", {"reason": "岗位调整"}).status_code == 303
    assert grant["role"] not in any_site.actor("ganbu2").roles_on(any_site.today)
    assert victim.get("/").status_code == 200
    assert first.post(f"/accounts/{user_id('ganbu2')}/disable", {"reason": "离岗"}).status_code == 303
    assert victim.get("/").status_code == 303


@pytest.mark.parametrize("login", ["xitong", "shenji", "ganbu1", "changwei03"])
def test_nobody_else_enters(site: Site, login: str) -> None:
    assert site.as_(login).get("/accounts").status_code == 403
    assert site.as_(login).post("/accounts/propose", asked()).status_code == 403
