"""The master keys: made once, readable by nobody else, and named in what they wrapped."""

import base64
from pathlib import Path
from threading import Thread

import pytest

from webapp.crypto.failures import KeyUnavailable, SealBroken
from webapp.crypto.keyring import Keyring

VALUE_KEY = bytes(range(32))


def test_the_first_key_is_made_for_its_owner_alone_and_found_again(tmp_path: Path) -> None:
    wrapped = Keyring.open(tmp_path, environment={}).wrap(VALUE_KEY)

    path = tmp_path / "keys" / "master-1.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0
    assert [one.name for one in path.parent.iterdir()] == ["master-1.key"]
    assert Keyring.open(tmp_path, environment={}).unwrap(wrapped) == VALUE_KEY
    assert VALUE_KEY not in wrapped


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    Keyring.open(tmp_path, environment={})
    path = tmp_path / "keys" / "master-1.key"
    path.chmod(0o640)

    with pytest.raises(KeyUnavailable, match="600"):
        Keyring.open(tmp_path, environment={})


@pytest.mark.parametrize("content", ["", "short", base64.b64encode(b"x" * 31).decode(), "%" * 44])
def test_a_key_that_is_none_is_refused(tmp_path: Path, content: str) -> None:
    Keyring.open(tmp_path, environment={})
    (tmp_path / "keys" / "master-1.key").write_text(content)

    with pytest.raises(KeyUnavailable, match=r"master-1\.key"):
        Keyring.open(tmp_path, environment={})


def test_the_environment_takes_the_place_of_the_files(tmp_path: Path) -> None:
    environment = {"ZAISHANG_MASTER_KEY": base64.b64encode(b"k" * 32).decode()}

    wrapped = Keyring.open(tmp_path, environment=environment).wrap(VALUE_KEY)

    assert Keyring.open(tmp_path, environment=environment).unwrap(wrapped) == VALUE_KEY
    assert list(tmp_path.iterdir()) == []


def test_the_newest_key_wraps_and_the_old_ones_still_open(tmp_path: Path) -> None:
    old = Keyring.open(tmp_path, environment={})
    wrapped = old.wrap(VALUE_KEY)
    path = tmp_path / "keys" / "master-10.key"
    path.write_text(base64.b64encode(b"n" * 32).decode())
    path.chmod(0o600)

    new = Keyring.open(tmp_path, environment={})

    assert new.key_id.startswith("master-10.")
    assert new.unwrap(wrapped) == VALUE_KEY
    with pytest.raises(KeyUnavailable, match="master-10"):
        old.unwrap(new.wrap(VALUE_KEY))


def test_another_installation_s_key_does_not_open(tmp_path: Path) -> None:
    wrapped = Keyring.open(tmp_path / "a", environment={}).wrap(VALUE_KEY)

    with pytest.raises(KeyUnavailable):
        Keyring.open(tmp_path / "b", environment={}).unwrap(wrapped)


def test_an_altered_wrapping_does_not_open(keyring: Keyring) -> None:
    wrapped = keyring.wrap(VALUE_KEY)
    altered = [wrapped[:-1] + bytes([wrapped[-1] ^ 1]), wrapped[:20], b"", b"\x01", b"\x02" + wrapped[1:]]

    for one in altered:
        with pytest.raises((SealBroken, KeyUnavailable)):
            keyring.unwrap(one)


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    names: list[str] = []
    threads = [
        Thread(target=lambda: names.append(Keyring.open(tmp_path, environment={}).key_id)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(names) == 8
    assert len(set(names)) == 1
