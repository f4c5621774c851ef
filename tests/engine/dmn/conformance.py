"""Runs the official DMN test cases: ``python -m tests.engine.dmn.conformance [DIR] [-v]``.

DIR defaults to $CONFORMANCE_DATA/dmn-tck, and that to ../shared/dmn-tck. Prints passes per suite and per
compliance level; exits 1 below a floor, 2 when there is no data.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from lxml import etree

from webapp.domain.errors import Refused
from webapp.engine import dmn
from webapp.engine.feel import Range
from webapp.engine.feel.temporal import parse_date, parse_datetime, parse_duration, parse_time

FLOORS = {"compliance-level-2": 68, "compliance-level-3": 1415}
NOT_RUN = {"0076-feel-external-java": "functions of a Java class library"}
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
NOW = datetime(2024, 5, 1, 4, tzinfo=UTC)
READERS = {
    "date": parse_date,
    "time": parse_time,
    "dateTime": parse_datetime,
    "duration": parse_duration,
    "boolean": lambda text: text == "true",
    "decimal": Decimal,
    "double": Decimal,
    "integer": Decimal,
}


@dataclass(frozen=True)
class Outcome:
    """One expected result: where it stands, whether it was met, and what came instead."""

    level: str
    suite: str
    case: str
    passed: bool
    note: str


def local(element: etree._Element) -> str:
    """The element's name without namespace."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def parts(element: etree._Element, name: str) -> list[etree._Element]:
    """The children of a name."""
    return [child for child in element if local(child) == name]


def read_value(element: etree._Element) -> object:
    """The value an input, expected, item or component element holds."""
    components = parts(element, "component")
    if components:
        return {component.get("name"): read_value(component) for component in components}
    for items in parts(element, "list"):
        return (
            None if items.get(f"{XSI}nil") == "true" else [read_value(item) for item in parts(items, "item")]
        )
    for value in parts(element, "value"):
        return read_scalar(value)
    return None


def read_scalar(value: etree._Element) -> object:
    """The value of a ``value`` element by its schema type."""
    if value.get(f"{XSI}nil") == "true":
        return None
    kind = (value.get(f"{XSI}type") or "string").rpartition(":")[2]
    text = value.text or ""
    return READERS[kind](text.strip()) if kind in READERS else text


def alike(actual: object, expected: object) -> bool:
    """Equality with the tolerance the test cases have for decimals."""
    if isinstance(expected, Decimal) and isinstance(actual, Decimal):
        return math.isclose(actual, expected, rel_tol=1e-8, abs_tol=1e-8)
    if isinstance(expected, list) and isinstance(actual, list):
        return len(actual) == len(expected) and all(map(alike, actual, expected))
    if isinstance(expected, dict) and isinstance(actual, dict):
        return actual.keys() == expected.keys() and all(alike(actual[key], expected[key]) for key in expected)
    if isinstance(actual, Range):
        return False
    return type(actual) is type(expected) and actual == expected


def outcomes(folder: Path) -> Iterator[Outcome]:
    """Every expected result of a suite."""
    level, suite = folder.parent.name, folder.name
    for file in sorted(folder.glob("*-test-*.xml")):
        root = etree.parse(str(file)).getroot()
        name = next(child.text for child in root if local(child) == "modelName")
        try:
            beside = [other.read_bytes() for other in sorted(folder.glob("*.dmn")) if other.name != name]
            model: dmn.DecisionModel | str = dmn.check((folder / str(name)).read_bytes(), beside)[0]
        except Refused as error:
            model = " / ".join(p.en for p in getattr(error, "problems", ())[:3])
        for case in parts(root, "testCase"):
            for result in parts(case, "resultNode"):
                label = f"{case.get('id')}:{result.get('name')}"
                passed, note = judge(model, case, result)
                yield Outcome(level, suite, label, passed, note)


def judge(model: dmn.DecisionModel | str, case: etree._Element, result: etree._Element) -> tuple[bool, str]:
    """Whether a model gives an expected result; an expected error is met by an error or null."""
    expected = read_value(parts(result, "expected")[0]) if parts(result, "expected") else None
    if isinstance(model, str):
        return False, f"not parsed: {model}"
    inputs = {str(node.get("name")): read_value(node) for node in parts(case, "inputNode")}
    wanted = case.get("invocableName") or result.get("name") or ""
    try:
        actual = model.decide(wanted, inputs, now=NOW).value
    except Refused as error:
        return result.get("errorResult") == "true" or expected is None, f"refused: {error}"
    if case.get("type") == "decisionService" and isinstance(actual, dict) and result.get("name") in actual:
        actual = actual[result.get("name")]
    return alike(actual, expected), f"expected {expected!r}, got {actual!r}"


def report(results: list[Outcome], *, verbose: bool) -> bool:
    """Print the table; true when every level reaches its floor."""
    good = True
    for level in sorted({one.level for one in results}):
        of_level = [one for one in results if one.level == level]
        for suite in sorted({one.suite for one in of_level}):
            of_suite = [one for one in of_level if one.suite == suite]
            say(f"  {suite:44} {sum(one.passed for one in of_suite):4} / {len(of_suite)}")
            for one in of_suite:
                if verbose and not one.passed:
                    say(f"      {one.case}: {one.note}"[:300])
        passed = sum(one.passed for one in of_level)
        say(
            f"{level}: {passed} of {len(of_level)} ({passed / len(of_level):.2%}), floor {FLOORS.get(level, 0)}"
        )
        good = good and passed >= FLOORS.get(level, 0)
    return good


def say(line: str) -> None:
    """One line of the report."""
    sys.stdout.write(f"{line}\n")


def default_folder() -> Path:
    """Where the test cases lie when no folder is named."""
    beside = Path(__file__).resolve().parents[3].parent / "shared"
    return Path(os.environ.get("CONFORMANCE_DATA", str(beside))) / "dmn-tck"


def run_all(folder: Path) -> list[Outcome]:
    """Every expected result under a folder, but for the suites that are not run."""
    suites = [item for level in sorted(folder.glob("compliance-level-*")) for item in sorted(level.iterdir())]
    return [
        one for suite in suites if suite.is_dir() and suite.name not in NOT_RUN for one in outcomes(suite)
    ]


def main(arguments: list[str]) -> int:
    """The command line."""
    named = [argument for argument in arguments if not argument.startswith("-")]
    folder = Path(named[0]) if named else default_folder()
    # The data lie beside others: their common folder may be named as well.
    results = run_all(folder / "dmn-tck" if (folder / "dmn-tck").is_dir() else folder)
    if not results:
        say("no test cases found")
        return 2
    for suite, reason in NOT_RUN.items():
        say(f"  {suite:44} not run: {reason}")
    return 0 if report(results, verbose="-v" in arguments) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
