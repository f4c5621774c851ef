"""The rules can be read, imported and tested without any package."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import importlib, pkgutil, sys
before = set(sys.modules)
import webapp.{package} as package
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
loaded = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print(*sorted(loaded - set(sys.stdlib_module_names) - {{"webapp"}}))
print(*sorted(name for name in sys.modules if name.startswith("webapp.")))
"""


def imported_by(root: Path, package: str) -> tuple[str, set[str]]:
    """What loading every module of a package brings along: foreign packages, and modules of our own."""
    command = [sys.executable, "-B", "-c", PROGRAM.format(package=package)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    foreign, ours = done.stdout.split("\n")[:2]
    return foreign, set(ours.split())


def test_the_rules_load_nothing_but_the_standard_library(root: Path) -> None:
    foreign, ours = imported_by(root, "domain")

    assert foreign == ""
    assert all(name.startswith("webapp.domain") for name in ours)


def test_the_bootstrap_loads_nothing_but_the_standard_library(root: Path) -> None:
    foreign, ours = imported_by(root, "cli.bootstrap")

    assert foreign == ""
    assert all(name == "webapp.cli" or name.startswith("webapp.cli.bootstrap") for name in ours)


def test_the_house_itself_and_the_terminal_import_nothing(root: Path) -> None:
    for door in ("webapp/__init__.py", "webapp/cli/__init__.py"):
        assert "import " not in (root / door).read_text(encoding="utf-8").rpartition('"""')[2]
