"""The repository speaks of the product alone: no machine, no package index, nothing left for later."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

PASSED_OVER = {".git", ".venv", "node_modules", "__pycache__", "var"}

# Put together here, so that this file is not its own finding.
MACHINE = re.compile(
    r"(?<![\w.])/(" + "|".join(("wo" + "rk/", "ro" + "ot/", "ho" + r"me/\w", "t" + r"mp/\w")) + ")"
)
INDEX = re.compile(
    "|".join(
        (
            r"registry\." + r"npmjs",
            r"npm" + r"mirror",
            r"pypi\." + r"org",
            "python" + "hosted",
            "index" + "-url",
        )
    ),
    re.IGNORECASE,
)
LATER = re.compile(
    r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "NotImplemented" + "Error")) + r")\b"
)


def files(root: Path) -> list[Path]:
    """Every file that is, or would be, committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=False)
    if listed.returncode == 0:
        found: Iterator[Path] = (root / os.fsdecode(name) for name in listed.stdout.split(b"\0") if name)
    else:
        found = (file for file in root.rglob("*") if not is_made(file.relative_to(root)))
    return [file for file in sorted(found) if file.is_file()]


def is_made(name: Path) -> bool:
    """Whether a file was installed, built or written at run time."""
    return bool(PASSED_OVER & set(name.parts)) or Path("webapp/web/static") in name.parents


def findings(root: Path, pattern: re.Pattern[str]) -> list[str]:
    """Where the pattern occurs: file, line number, line."""
    found = []
    for file in files(root):
        content = file.read_bytes()
        if b"\0" in content:  # a picture or an archive
            continue
        for number, line in enumerate(content.decode("utf-8", errors="replace").splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{file.relative_to(root)}:{number}: {line.strip()[:100]}")
    return found


@pytest.mark.parametrize(
    "pattern", [MACHINE, INDEX, LATER], ids=["machine path", "package index", "left for later"]
)
def test_nothing_is_said_that_does_not_belong_here(root: Path, pattern: re.Pattern[str]) -> None:
    assert findings(root, pattern) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (MACHINE, "path = '/ro" + "ot/keys'"),
        (INDEX, "https://registry.np" + "mjs.org/esbuild"),
        (LATER, "# TO" + "DO: count the votes"),
    ],
)
def test_such_a_line_would_be_found(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)


def test_what_is_installed_or_built_is_not_committed(root: Path) -> None:
    ignored = set((root / ".gitignore").read_text(encoding="utf-8").split())

    assert {"/.venv/", "/var/", "/frontend/node_modules/", "/webapp/web/static/"} <= ignored
    assert [file for file in files(root) if is_made(file.relative_to(root))] == []
