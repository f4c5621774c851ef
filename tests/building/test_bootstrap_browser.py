"""A browser for the browser tests is found, installed, downloaded, or missed in a sentence."""

import os
from pathlib import Path

import pytest

from tests.building.stand_ins import Tools, a_program
from webapp.cli.bootstrap import browser, shell
from webapp.cli.bootstrap.place import Place


def test_the_systems_chromium_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_program(tmp_path, "chromium", "this command comes as another kind of package", code=1)
    real = a_program(tmp_path, "google-chrome", "Google Chrome 156.0")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)

    assert browser.find() == real


def test_a_chromium_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", str(a_program(tmp_path, "my-own", "Chromium 156.0")))

    assert browser.find() == tmp_path / "my-own"


@pytest.mark.parametrize(
    ("is_root", "has_apt", "word", "expected"),
    [
        (True, True, "", ["install", "update", "install", "playwright"]),
        (True, True, "no", ["playwright"]),
        (False, True, "", ["playwright"]),
        (True, False, "", ["playwright"]),
    ],
)
def test_without_chromium_package_then_download_are_tried(
    place: Place,
    tools: Tools,
    monkeypatch: pytest.MonkeyPatch,
    is_root: bool,
    has_apt: bool,
    word: str,
    expected: list[str],
) -> None:
    folder = place.root / "bin"
    folder.mkdir()
    if has_apt:
        a_program(folder, "apt-get", "")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("ZAISHANG_APT", word)
    monkeypatch.setattr(os, "geteuid", lambda: 0 if is_root else 1000)
    tools.codes.update({"install": 100})

    browser.ensure_by_package(place, shell.Crew())
    browser.ensure_by_download(place, shell.Crew())

    assert tools.called == expected


def test_a_machine_that_gets_no_browser_says_so_and_goes_on(
    place: Place, tools: Tools, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(place.root / "nothing"))
    tools.codes["playwright"] = 1

    browser.ensure_by_download(place, shell.Crew())

    assert browser.NONE_FOUND in capsys.readouterr().err
