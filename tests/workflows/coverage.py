"""Where each row of the domain's tables is built: that everything a coverage table names exists."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Place:
    """One place that carries a row.

    ``row`` begins with the row's code; ``kind`` is element, clock, field, rule, function or test; ``file`` counts
    from the root of the checkout; ``name`` is the id, key or function, a clock's with the text of its time:
    ``dual_silent: P1M``.
    """

    row: str
    kind: str
    file: str
    name: str

    @property
    def code(self) -> str:
        """The row's code without the words behind it."""
        return self.row.split()[0].rstrip(":")


def places(row: str, kind: str, file: str, names: str) -> tuple[Place, ...]:
    """Several places of one kind in one file, their names parted by spaces."""
    return tuple(Place(row, kind, file, name) for name in names.split())


def missing(named: Iterable[Place]) -> list[Place]:
    """The places that do not exist."""
    return [place for place in named if not (ROOT / place.file).is_file() or not _exists(place)]


def _exists(place: Place) -> bool:
    if place.kind == "clock":
        element, _, moment = place.name.partition(": ")
        return moment in _clocks(place.file).get(element, ())
    finders = {"element": _elements, "field": _fields, "rule": _rules, "function": _functions, "test": _tests}
    return place.name in finders[place.kind](place.file)


@cache
def _diagram(file: str) -> etree._Element:
    return etree.fromstring((ROOT / file).read_bytes())


@cache
def _elements(file: str) -> frozenset[str]:
    """Nodes of a diagram that are drawn as well."""
    drawn = {element.get("bpmnElement") for element in _diagram(file).iter()}
    return frozenset(
        str(element.get("id")) for element in _diagram(file).iter() if element.get("id") in drawn
    )


@cache
def _clocks(file: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for element in _diagram(file).iter("{*}userTask", "{*}boundaryEvent", "{*}intermediateCatchEvent"):
        due = [value for name, value in element.attrib.items() if str(name).endswith("}dueDate")]
        times = [one.text or "" for one in element.iter("{*}timeDate", "{*}timeDuration", "{*}timeCycle")]
        found[str(element.get("id"))] = tuple(str(time).removeprefix("=") for time in (*due, *times))
    return found


@cache
def _fields(file: str) -> frozenset[str]:
    text = (ROOT / file).read_text("utf-8")
    json.loads(text)
    return frozenset(re.findall(r'"(?:key|path)": "([^"]+)"', text))


@cache
def _rules(file: str) -> frozenset[str]:
    """Tables and rows of a decision file, codes of a catalogue."""
    if file.endswith(".json"):
        rows = json.loads((ROOT / file).read_text("utf-8"))["situations"]
        return frozenset(row["code"] for row in rows)
    return frozenset(str(one.get("id")) for one in _diagram(file).iter("{*}decision", "{*}rule"))


@cache
def _functions(file: str) -> frozenset[str]:
    assert file.startswith("webapp/"), "functions are the product's"
    return frozenset(re.findall(r"^ *def (\w+)\(", (ROOT / file).read_text("utf-8"), re.MULTILINE))


@cache
def _tests(file: str) -> frozenset[str]:
    return frozenset(re.findall(r"^def (test_\w+)\(", (ROOT / file).read_text("utf-8"), re.MULTILINE))
