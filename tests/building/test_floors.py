"""The floors hold: imports only go down, and each contract refuses what it is there to refuse."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGES = (
    *("domain", "engine", "persistence", "persistence.models", "exchange", "crypto"),
    *("services", "queries", "web", "cli", "cli.bootstrap"),
)
MODULES = ("app", "config")

# module → what somebody planted in it → the contract that must catch it
PLANTED = (
    ("domain/impact.py", "import webapp.engine", "Imports only go down"),
    ("engine/run.py", "import webapp.persistence", "Imports only go down"),
    ("crypto/keys.py", "import webapp.exchange", "Imports only go down"),
    ("services/tasks.py", "import webapp.queries", "Imports only go down"),
    ("web/pages.py", "import webapp.config", "Imports only go down"),
    ("reports/__init__.py", "", "Imports only go down"),
    ("domain/impact.py", "import flask", "The rules are plain Python"),
    ("domain/impact.py", "import lxml.etree", "The rules are plain Python"),
    ("services/tasks.py", "import SpiffWorkflow", "SpiffWorkflow lives in the engine"),
    ("services/tasks.py", "import flask", "Flask lives in the entrances"),
    ("persistence/models/cases.py", "import flask_security", "Flask lives in the entrances"),
    ("web/pages.py", "import sqlalchemy", "SQL lives in persistence and queries"),
    ("services/tasks.py", "import sqlite3", "SQL lives in persistence and queries"),
    ("web/pages.py", "import webapp.persistence", "Entrances speak to verbs and questions"),
    ("cli/deploy.py", "import webapp.engine", "Entrances speak to verbs and questions"),
    ("cli/bootstrap/run.py", "import webapp.domain", "The bootstrap needs no package"),
)
CIRCLE = {
    "domain/visits.py": "import webapp.domain.appeals",
    "domain/appeals.py": "import webapp.domain.visits",
}


def lint(folder: Path) -> tuple[int, str]:
    """Run the import contracts in a folder; exit code and report."""
    program = "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"
    command = [sys.executable, "-c", program, "--no-cache"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def skeleton(root: Path, tmp_path: Path) -> Path:
    """An empty house with every floor, under the real contracts."""
    shutil.copy(root / "pyproject.toml", tmp_path)
    for package in ("", *PACKAGES):
        folder = tmp_path / "webapp" / package.replace(".", "/")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    for module in MODULES:
        (tmp_path / "webapp" / f"{module}.py").touch()
    return tmp_path


def plant(house: Path, module: str, line: str) -> None:
    file = house / "webapp" / module
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"{line}\n")


def broken(report: str) -> list[str]:
    return [line for line in report.splitlines() if " BROKEN" in line]


def test_imports_only_go_down(root: Path) -> None:
    code, report = lint(root)

    assert code == 0, report


def test_an_empty_house_keeps_every_contract(skeleton: Path) -> None:
    code, report = lint(skeleton)

    assert code == 0, report


@pytest.mark.parametrize(("module", "line", "contract"), PLANTED)
def test_a_planted_import_is_caught(skeleton: Path, module: str, line: str, contract: str) -> None:
    plant(skeleton, module, line)

    code, report = lint(skeleton)

    assert code == 1
    assert any(contract in found for found in broken(report)), report


def test_a_circle_of_siblings_is_caught(skeleton: Path) -> None:
    for module, line in CIRCLE.items():
        plant(skeleton, module, line)

    _, report = lint(skeleton)

    assert any("No circles" in found for found in broken(report)), report


def test_the_named_exceptions_are_the_only_ones(skeleton: Path) -> None:
    plant(skeleton, "persistence/models/identity.py", "import flask_security")
    plant(skeleton, "persistence/database.py", "import flask_sqlalchemy")

    code, report = lint(skeleton)

    assert code == 0, report
