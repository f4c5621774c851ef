"""A copy of the product in which one line at a time may be wrong."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("webapp", "workflows", "migrations", "tests", "bench")
LONGEST_SECONDS = 120
# A test that only trips over the change, by a name or a file that is gone, has not noticed a broken rule.
NOTICED = re.compile(r"(AssertionError|assert |Failed: |webapp\.domain\.errors\.)")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong line: ``old``, once in ``file``, becomes ``new``; then ``test`` must fail."""

    what: str
    file: str
    old: str
    new: str
    test: str


def build(folder: Path) -> Path:
    """The copy. Files keep their times; nothing in it is a link, so that every path stays inside."""
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy2(ROOT / "pyproject.toml", folder)
    return folder


def verdict(house: Path, mutant: Mutant) -> str:
    """What is wrong with the mutant or its test in one sentence; empty when the test noticed it."""
    text = (ROOT / mutant.file).read_text("utf-8")
    if text.count(mutant.old) != 1:
        return f"{mutant.file} has its old text {text.count(mutant.old)} times, not once"
    with _changed(house / mutant.file, text.replace(mutant.old, mutant.new)):
        done = _pytest(house, mutant.test)
    if done.returncode == 0:
        return f"{mutant.test} does not notice"
    failure = re.search(rf"^FAILED {re.escape(mutant.test)} - (.*)$", done.stdout, re.MULTILINE)
    if done.returncode != 1 or failure is None or not NOTICED.match(failure[1]):
        return f"{mutant.test} fails for another reason:\n{done.stdout[-3000:]}{done.stderr[-1000:]}"
    return ""


@contextmanager
def _changed(file: Path, text: str) -> Iterator[None]:
    kept = file.with_name(f"{file.name}.kept")
    # Python takes a compiled file for fresh by second and size, which two mutants may share.
    compiled = Path(cache_from_source(str(file)))
    compiled.unlink(missing_ok=True)
    file.rename(kept)
    try:
        file.write_text(text, "utf-8")
        yield
    finally:
        kept.replace(file)
        compiled.unlink(missing_ok=True)


def _pytest(house: Path, test: str) -> subprocess.CompletedProcess[str]:
    """One test in a process of its own; the pure ones without the fixtures of databases, which cost seconds."""
    pure = test.startswith(("tests/domain/", "tests/engine/", "tests/workflows/"))
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--tb=short"]
    passed_on = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV_"))}
    # Wide enough for the reason behind the longest test's name; compiled files are kept for the next mutant.
    passed_on |= {"COLUMNS": "400", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONUTF8": "1"}
    passed_on.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.run(
        [*command, *(["--noconftest"] if pure else []), test], cwd=house, env=passed_on, capture_output=True,
        encoding="utf-8", errors="replace", check=False, timeout=LONGEST_SECONDS,
    )  # fmt: skip
