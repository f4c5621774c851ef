"""Exact versions also of what our packages bring along: ``constraints.txt``."""

import re
import subprocess

from webapp.cli.bootstrap.environment import BUILD, CONSTRAINTS, DEV, RUN
from webapp.cli.bootstrap.place import Place

HEADER = "# Exact versions of what the direct requirements bring along. Written by `make lock`.\n"


def normal(name: str) -> str:
    """A package name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def direct_requirements(place: Place) -> dict[str, str]:
    """Normal name → the line that asks for it, over the three lists."""
    found = {}
    for requirements in (RUN, DEV, BUILD):
        for line in (place.root / requirements).read_text(encoding="utf-8").splitlines():
            name = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", line)
            if name:
                found[normal(name[0])] = line.strip()
    return found


def pin_indirect(place: Place) -> None:
    """Write the versions that are installed now and that no list names."""
    command = [str(place.python), "-m", "pip", "list", "--format=freeze", "--disable-pip-version-check"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    ours = {*direct_requirements(place), "pip", "setuptools", "wheel"}
    lines = [line for line in listed if normal(line.partition("==")[0]) not in ours]
    (place.root / CONSTRAINTS).write_text(
        HEADER + "".join(f"{line}\n" for line in sorted(lines, key=str.lower))
    )
