"""What the promises of the house are checked on: the checkout, and a bare stand-in for one."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building.stand_ins import Became, Tools
from tests.site import any_site, pg_site, pg_template, prepared, site
from webapp.cli.bootstrap import assets, environment, shell
from webapp.cli.bootstrap.place import Place

__all__ = ["any_site", "pg_site", "pg_template", "prepared", "site"]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return Path(__file__).resolve().parents[2]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A checkout with lists and front-end sources, and nothing installed."""
    for name in (environment.RUN, environment.DEV, environment.BUILD):
        (tmp_path / name).write_text("something==1.0\n")
    (tmp_path / "frontend").mkdir()
    for name in (*assets.LOCKED, "build.mjs"):
        (tmp_path / "frontend" / name).write_text("{}")
    for name in ("PORT", "DATABASE_URL", "ZAISHANG_HOME", "CHROMIUM", "ARGS"):
        monkeypatch.delenv(name, raising=False)
    return Place(tmp_path)


@pytest.fixture
def tools(place: Place, monkeypatch: pytest.MonkeyPatch) -> Tools:
    stand_in = Tools(place)
    monkeypatch.setattr(shell.Crew, "run", lambda _crew, command, **more: stand_in.run(command, **more))
    return stand_in


@pytest.fixture
def became(place: Place, monkeypatch: pytest.MonkeyPatch) -> Became:
    """What the bootstrap turned itself into."""
    seen: Became = []
    monkeypatch.setattr(os, "execve", lambda _path, command, env: seen.append((command[1:], env)))
    monkeypatch.chdir(place.root)
    return seen


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
