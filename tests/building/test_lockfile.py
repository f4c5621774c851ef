"""The front end's packages: exact versions, checked bytes, no host, no script of theirs at install time."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

EXACT = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?")


@pytest.fixture(scope="module")
def lock(root: Path) -> dict[str, Any]:
    return json.loads((root / "frontend" / "package-lock.json").read_text(encoding="utf-8"))


def test_the_lock_file_names_no_host(lock: dict[str, Any]) -> None:
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []


def test_every_locked_package_has_a_checksum(lock: dict[str, Any]) -> None:
    packages = {name: entry for name, entry in lock["packages"].items() if name}

    assert packages
    assert [name for name, entry in packages.items() if not entry.get("integrity")] == []


def test_the_lock_file_belongs_to_the_package_file(root: Path, lock: dict[str, Any]) -> None:
    package = json.loads((root / "frontend" / "package.json").read_text(encoding="utf-8"))

    for kind in ("dependencies", "devDependencies"):
        assert lock["packages"][""].get(kind, {}) == package.get(kind, {})


def test_every_direct_package_has_an_exact_version(root: Path) -> None:
    package = json.loads((root / "frontend" / "package.json").read_text(encoding="utf-8"))
    asked = {**package.get("dependencies", {}), **package.get("devDependencies", {})}

    assert [name for name, version in asked.items() if not EXACT.fullmatch(version)] == []


def test_npm_writes_no_host_and_runs_no_foreign_script(root: Path) -> None:
    settings = (root / "frontend" / ".npmrc").read_text(encoding="utf-8").split()

    assert {"omit-lockfile-registry-resolved=true", "ignore-scripts=true"} <= set(settings)
    assert not [line for line in settings if "registry=" in line or "_auth" in line]
