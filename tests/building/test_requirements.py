"""Python packages: exact versions, and a reason for each in DECISIONS.md."""

import re
from pathlib import Path

import pytest

from webapp.cli.bootstrap.lock import direct_requirements
from webapp.cli.bootstrap.place import Place

PINNED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(\[[a-z0-9,_-]+\])?==[0-9][0-9A-Za-z.+!]*")
LISTS = ("requirements.txt", "requirements-dev.txt", "requirements-build.txt", "constraints.txt")


@pytest.mark.parametrize("name", LISTS)
def test_every_package_has_an_exact_version(root: Path, name: str) -> None:
    lines = [
        line.partition("#")[0].strip() for line in (root / name).read_text(encoding="utf-8").splitlines()
    ]
    asked = [line for line in lines if line and not line.startswith("-r requirements")]

    assert asked
    assert [line for line in asked if not PINNED.fullmatch(line)] == []


def test_every_direct_package_has_its_reason_in_decisions(root: Path) -> None:
    decisions = (root / "DECISIONS.md").read_text(encoding="utf-8")
    names = [re.split(r"[\[=]", line)[0] for line in direct_requirements(Place(root)).values()]

    assert [name for name in names if not is_named(name, decisions)] == []


def is_named(package: str, text: str) -> bool:
    """Whether the text names the package itself, not only one whose name begins or ends with it."""
    return re.search(rf"(?<![\w-]){re.escape(package)}(?![\w-])", text, re.IGNORECASE) is not None


def test_a_package_is_not_named_by_another_that_begins_alike() -> None:
    assert not is_named("Flask", "Flask-WTF: tokens of forms")
    assert is_named("Flask", "Flask: the entrances")
