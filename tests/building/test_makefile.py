"""The words of the project: each explains itself, each exists behind the scenes."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from webapp.cli.bootstrap.words import WORDS

PROMISED = {
    "run",
    "demo-wait",
    "test",
    "check",
    "soak",
    "conformance",
    "bench",
    "screenshots",
    "migrate",
    "help",
}


def make(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "--no-print-directory", *words]
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)


def targets(root: Path) -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_help_lists_every_word(root: Path) -> None:
    listed = set(re.findall(r"^  make ([a-z-]+) +\S", make(root, "help").stdout, re.MULTILINE))

    assert listed == targets(root)
    assert listed >= PROMISED


def test_make_alone_explains_itself(root: Path) -> None:
    assert make(root).stdout == make(root, "help").stdout


def test_every_word_has_its_counterpart_in_the_bootstrap(root: Path) -> None:
    assert targets(root) == {*WORDS, "help", "where"}


def test_where_lists_the_files_about_a_noun(root: Path) -> None:
    assert "webapp/domain/errors.py" in make(root, "where", "NOUN=errors").stdout.split()


def test_where_without_a_noun_asks_for_one(root: Path) -> None:
    answer = make(root, "where")

    assert answer.returncode != 0
    assert "NOUN=" in answer.stderr


def test_a_machine_without_python_gets_a_sentence(root: Path) -> None:
    answer = make(root, "run", "PYTHON=python-that-is-not-there")

    assert answer.returncode != 0
    assert "Python 3.11" in answer.stderr


STAND_IN = """
test:
\t@echo "===== 1 failed, 41 passed in 3.21s ====="; exit 1
conformance:
\t@echo "conformance over $(CONFORMANCE_DATA)"; exit {conformance}
"""


def continuous_integration(root: Path, folder: Path, *, makefile: str) -> subprocess.CompletedProcess[str]:
    (folder / ".ci").mkdir()
    (folder / "data").mkdir()
    shutil.copy(root / ".ci" / "run", folder / ".ci" / "run")
    (folder / "Makefile").write_text(makefile)
    env = {**os.environ, "CONFORMANCE_DATA": "data"}
    return subprocess.run([folder / ".ci" / "run"], env=env, capture_output=True, text=True, check=False)


def test_continuous_integration_ends_with_the_closing_line_of_pytest(root: Path, tmp_path: Path) -> None:
    answer = continuous_integration(root, tmp_path, makefile=STAND_IN.format(conformance=0))

    assert "conformance over data" in answer.stdout
    assert answer.stdout.splitlines()[-1] == "===== 1 failed, 41 passed in 3.21s ====="
    assert answer.returncode != 0


def test_failing_conformance_fails_continuous_integration(root: Path, tmp_path: Path) -> None:
    makefile = STAND_IN.replace("1 failed, 41", "42").replace("; exit 1", "").format(conformance=1)

    answer = continuous_integration(root, tmp_path, makefile=makefile)

    assert answer.stdout.splitlines()[-1] == "===== 42 passed in 3.21s ====="
    assert answer.returncode != 0
