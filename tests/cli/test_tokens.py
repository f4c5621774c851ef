"""``flask tokens``: shown once, listed without the secret, taken back at once, refused in sentences."""

from tests.cli.test_commands import refused, run
from tests.site import Site
from webapp.persistence.models import identity

VERSION = "/engine-rest/version"


def issued(site: Site, *more: str) -> str:
    return run(site, "tokens", "create", "ganbu1", "--label", "干部信息系统", *more).stdout.strip()


def status(site: Site, secret: str) -> int:
    headers = {"Authorization": f"Bearer {secret}"}
    return site.app.test_client().get(VERSION, headers=headers).status_code


def test_a_token_is_shown_once_works_and_is_taken_back(site: Site) -> None:
    secret = issued(site)
    assert status(site, secret) == 200

    listed = run(site, "tokens", "list", "ganbu1").stdout
    assert "干部信息系统" in listed
    assert "有效" in listed
    assert secret not in listed
    (row,) = site.rows(identity.api_token)
    assert run(site, "tokens", "revoke", row["id"]).exit_code == 0
    assert status(site, secret) == 401
    assert "已收回" in run(site, "tokens", "list", "ganbu1").stdout
    assert refused(run(site, "tokens", "revoke", row["id"]), "已经收回")


WRONG: tuple[tuple[tuple[str, ...], str], ...] = (
    (("create", "nobody", "--label", "x"), "没有账号"),
    (("create", "ganbu1", "--label", " "), "用途"),
    (("create", "ganbu1", "--label", "x", "--days", "0"), "有效期"),
    (("create", "ganbu1", "--label", "x", "--days", "9999"), "有效期"),
    (("list", "nobody"), "没有账号"),
    (("revoke", "1"), "没有找到该令牌"),
)


def test_a_wrong_word_is_refused_with_a_sentence(site: Site) -> None:
    for words, sentence in WRONG:
        assert refused(run(site, "tokens", *words), sentence)
    assert site.rows(identity.api_token) == []


def test_tokens_differ(site: Site) -> None:
    assert issued(site) != issued(site)
