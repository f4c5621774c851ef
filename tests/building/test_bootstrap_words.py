"""The words behind the Makefile: what each becomes, and what it says when it cannot."""

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.building.stand_ins import Became, Tools, sentence
from webapp.cli.bootstrap import __main__, assets, browser, environment, speech, verify, words
from webapp.cli.bootstrap.place import Place
from webapp.cli.bootstrap.speech import Stop
from webapp.cli.bootstrap.stamps import Stamps


def test_run_becomes_the_server_with_its_settings(
    place: Place,
    tools: Tools,
    became: Became,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setenv("PORT", str(port))
    monkeypatch.setenv("ZAISHANG_HOME", "elsewhere")

    words.run(place)

    command, env = became[0]
    assert command == ["-m", "flask", "--app", "wsgi", "serve"]
    assert env["PORT"] == str(port)
    assert env["ZAISHANG_HOME"] == str(place.root / "elsewhere")


def test_nothing_is_installed_for_a_start_that_cannot_succeed(
    place: Place, tools: Tools, taken_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", str(taken_port))

    with pytest.raises(Stop):
        words.run(place)

    assert tools.called == []


def test_waiting_for_a_demo_that_was_never_started_gets_a_sentence(place: Place) -> None:
    with pytest.raises(Stop) as stop:
        words.demo_wait(place)

    assert "make run" in sentence(stop)


def test_a_failed_part_is_handed_to_pytest(
    place: Place,
    tools: Tools,
    became: Became,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verify, "run_parts", lambda _place: ["mypy"])
    monkeypatch.setattr(browser, "find", lambda: Path("chromium"))

    words.test(place)

    command, env = became[0]
    assert command[:2] == ["-m", "pytest"]
    assert env[verify.FAILED_PARTS] == "mypy"


def test_parts_that_find_something_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    parts = (("content", ("-c", "")), ("strict", ("-c", "print('line too long'); raise SystemExit(1)")))

    failed = verify.run_parts(Place(tmp_path), parts)

    heard = capsys.readouterr()
    assert failed == ["strict"]
    assert "✓ content" in heard.out
    assert "line too long" in heard.err


def test_conformance_runs_every_module_and_fails_with_any(place: Place) -> None:
    (place.root / ".venv" / "bin").mkdir(parents=True)
    place.python.symlink_to(sys.executable)
    for name, code in (("one", 0), ("two", 3)):
        folder = place.root / "tests" / name
        folder.mkdir(parents=True)
        (folder / "conformance.py").write_text(
            f"import sys, pathlib; pathlib.Path('{name}').write_text(sys.argv[1]); sys.exit({code})"
        )

    code = verify.conformance(place, place.root / "frontend")

    assert code == 1
    assert (place.root / "one").read_text() == (place.root / "two").read_text() == str(place.frontend)


def test_conformance_without_data_gets_a_sentence(place: Place) -> None:
    with pytest.raises(Stop) as stop:
        verify.conformance(place, place.root / "nowhere")

    assert "CONFORMANCE_DATA" in sentence(stop)


def test_an_unknown_word_gets_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    code = __main__.main(["fly"])

    assert code == 1
    assert "make help" in capsys.readouterr().err


def test_a_full_disk_gets_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_arguments: list[str]) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(words, "carry_out", refuse)

    assert __main__.main(["run"]) == 1
    assert os.strerror(errno.ENOSPC) in capsys.readouterr().err


def test_a_terminal_without_chinese_shows_question_marks(root: Path) -> None:
    env = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    command = [sys.executable, "-m", "webapp.cli.bootstrap", "fly"]

    done = subprocess.run(command, cwd=root, env=env, capture_output=True, check=False)

    assert done.returncode == 1
    assert b"?" in done.stderr
    assert b"Traceback" not in done.stderr


def test_the_sentences_of_failed_tools_speak_both_languages() -> None:
    for failure in (
        environment.FAILED_PIP,
        environment.FAILED_VENV,
        assets.FAILED_NPM,
        assets.FAILED_BUILD,
    ):
        with pytest.raises(Stop) as stop:
            raise speech.Stop(*failure)
        assert sentence(stop)


def test_a_stamp_is_forgotten_when_its_step_begins(tmp_path: Path) -> None:
    stamps = Stamps(tmp_path / "stamps")
    stamps.begin("npm")
    stamps.finish("npm", "abc")
    assert stamps.is_fresh("npm", "abc")

    stamps.begin("npm")

    assert not stamps.is_fresh("npm", "abc")
    assert stamps.was_cut_off("npm")
