"""A start that cannot succeed says why, in one sentence, before anything is installed."""

import ast
import errno
import os
import re
import socket
import sys
from pathlib import Path

import pytest

from tests.building.stand_ins import Tools, sentence
from webapp.cli.bootstrap import (
    checks,
    environment,
    floor,
    shell,
)
from webapp.cli.bootstrap.place import Place
from webapp.cli.bootstrap.speech import Stop


@pytest.mark.parametrize("module", ["__main__", "floor", "speech", "__init__"])
def test_a_python_as_old_as_3_8_can_read_the_door(root: Path, module: str) -> None:
    source = (root / f"webapp/cli/bootstrap/{module}.py").read_text(encoding="utf-8")

    assert ast.parse(source, feature_version=(3, 8))


def test_a_python_that_is_too_old_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    monkeypatch.setattr(floor, "newer_python", lambda: None)

    with pytest.raises(Stop) as stop:
        floor.require_python()

    assert "3.9.2" in sentence(stop)
    assert "3.11" in sentence(stop)


def test_an_old_python_hands_over_to_a_newer_one_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "python3.16").write_text("#!/bin/sh\nexit 127\n")  # the empty shim of a version manager
    (tmp_path / "python3.12").symlink_to(sys.executable)
    (tmp_path / "python3.16").chmod(0o755)
    started: list[list[str]] = []
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    monkeypatch.setattr(sys, "argv", ["-m", "run"])
    monkeypatch.setattr(floor.shutil, "which", lambda name: _in(tmp_path, name))
    monkeypatch.setattr(os, "execv", lambda _path, command: started.append(command))

    with pytest.raises(Stop):  # reached only because the stand-in for execv returns
        floor.require_python()

    assert started == [[str(tmp_path / "python3.12"), "-m", "webapp.cli.bootstrap", "run"]]


def _in(folder: Path, name: str) -> str | None:
    return str(folder / name) if (folder / name).exists() else None


def test_a_python_without_ensurepip_names_the_package_to_add(
    place: Place, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "_has", lambda module: module != "ensurepip")

    with pytest.raises(Stop) as stop:
        environment.ensure_venv(place, shell.Crew())

    assert f"python3.{sys.version_info[1]}-venv" in sentence(stop)
    assert tools.called == []


def test_a_taken_port_proposes_one_that_is_free(taken_port: int) -> None:
    with pytest.raises(Stop) as stop:
        checks.require_free_port(taken_port)

    proposed = re.search(r"PORT=(\d+) make run", sentence(stop))
    assert proposed is not None
    assert int(proposed[1]) != taken_port
    checks.require_free_port(int(proposed[1]))


def test_a_port_kept_for_the_system_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_bind", lambda port: errno.EACCES if port < 1024 else 0)

    with pytest.raises(Stop) as stop:
        checks.require_free_port(80)

    assert "PORT=8000" in sentence(stop)


@pytest.mark.parametrize("port", ["0", "65536", "eight", "-1", "８０", "80.5"])
def test_what_is_no_port_gets_a_sentence(port: str) -> None:
    with pytest.raises(Stop) as stop:
        checks.port_of({"PORT": port})

    assert f"PORT={port}" in sentence(stop)


def test_the_usual_port_is_8000() -> None:
    assert checks.port_of({}) == checks.port_of({"PORT": ""}) == 8000


def test_a_folder_below_a_file_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(Stop) as stop:
        checks.require_writable(tmp_path / "file" / "var", name="ZAISHANG_HOME")

    assert "ZAISHANG_HOME" in sentence(stop)


def test_a_read_only_folder_gets_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(dir: Path) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(dir))

    monkeypatch.setattr(checks.tempfile, "TemporaryFile", refuse)

    with pytest.raises(Stop) as stop:
        checks.require_writable(tmp_path, name="ZAISHANG_HOME")

    assert os.strerror(errno.EROFS) in sentence(stop)


def test_a_data_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    checks.require_writable(tmp_path / "deep" / "var", name="ZAISHANG_HOME")

    assert (tmp_path / "deep" / "var").stat().st_mode & 0o077 == 0


def test_an_unreachable_database_gets_a_sentence_without_its_password() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    with pytest.raises(Stop) as stop:
        checks.require_database(f"postgresql+psycopg://zaishang:lake-and-pine@127.0.0.1:{port}/zaishang")

    assert f"127.0.0.1:{port}" in sentence(stop)
    assert "lake-and-pine" not in sentence(stop)


def test_a_database_that_answers_is_let_through(taken_port: int, tmp_path: Path) -> None:
    over_the_socket = f"postgresql:///zaishang?host={tmp_path}&port=5433"
    with pytest.raises(Stop):
        checks.require_database(over_the_socket)

    checks.require_database(f"postgresql://zaishang@127.0.0.1:{taken_port}/zaishang")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(tmp_path / ".s.PGSQL.5433"))
        server.listen()
        checks.require_database(over_the_socket)
    checks.require_database(f"sqlite:////{tmp_path}/data/zaishang.sqlite3")
    checks.require_database(None)


@pytest.mark.parametrize(
    "url", ["mysql://host/x", "postgres://host/x", "nonsense", "postgresql://host:eight/x"]
)
def test_what_is_no_database_of_ours_gets_a_sentence(url: str) -> None:
    with pytest.raises(Stop) as stop:
        checks.require_database(url)

    assert "DATABASE_URL" in sentence(stop)
