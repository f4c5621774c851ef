"""Where each row of the domain's tables is built: that everything a coverage table names exists."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

WORKFLOWS = Path(__file__).resolve().parents[2] / "workflows"
TESTS = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Place:
    """One place: ``kind`` is element, field, rule or test; ``name`` its id, key or function."""

    row: str
    kind: str
    file: str
    name: str


def missing(places: Iterable[Place]) -> list[Place]:
    """The places that do not exist."""
    return [place for place in places if not _exists(place)]


def _exists(place: Place) -> bool:
    if place.kind == "test":
        return f"def {place.name}(" in (TESTS / place.file).read_text("utf-8")
    if place.kind == "field":
        return place.name in _fields(place.file)
    return place.name in _ids(place.file)


@cache
def _ids(file: str) -> frozenset[str]:
    root = etree.fromstring((WORKFLOWS / file).read_bytes())
    return frozenset(str(element.get("id")) for element in root.iter() if element.get("id"))


@cache
def _fields(file: str) -> frozenset[str]:
    text = (WORKFLOWS / file).read_text("utf-8")
    json.loads(text)
    return frozenset(re.findall(r'"(?:key|path)": "([^"]+)"', text))
