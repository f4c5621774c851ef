"""The closed list of elements: docs/conformance.md names a small diagram for each, and no test that is not there."""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.engine.builder import condition, diagram, timer
from tests.engine.play import NOW, Play
from webapp.engine import conditions_met, lint_events, lint_nodes, next_start, reader, start_timers

FOLDER = Path(__file__).parent
DOCUMENT = FOLDER.parents[1] / "docs" / "conformance.md"
ROW = re.compile(r"^\| (`[^|]*`) \| [^|]+ \| (`test_[^|]*`) \|$", re.MULTILINE)
SAID = frozenset({"sequenceFlow", "laneSet", "dataObject", "participant", "messageFlow"})


def rows() -> list[tuple[list[str], list[str]]]:
    """Elements and tests of every row of the table."""
    text = DOCUMENT.read_text("utf-8").partition("### 每种元素的小流程图")[2]
    return [(re.findall(r"`([^`]+)`", one), re.findall(r"`([^`]+)`", two)) for one, two in ROW.findall(text)]


def test_every_element_the_linter_lets_through_has_its_small_diagram() -> None:
    wanted = set(lint_nodes.KIND_ZH) - set(lint_events.EVENTS)
    wanted |= {f"{kind}/{event or 'none'}" for kind, events in lint_events.EVENTS.items() for event in events}
    wanted |= {f"eventSubProcess/{event}" for event in lint_events.STARTING_INSIDE} | set(reader.MARKERS)

    named = [element for elements, _ in rows() for element in elements]

    assert len(named) == len(set(named))
    assert set(named) - SAID == wanted


def test_every_test_the_table_names_is_there() -> None:
    there = {
        f"{file.stem}::{node.name}"
        for file in FOLDER.glob("test_*.py")
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    assert [name for _, tests in rows() for name in tests if name not in there] == []


def test_a_timer_says_when_the_process_starts_and_when_again() -> None:
    drawn = diagram().start("s", None, timer("cycle", "R/P1M")).user("a").end()
    definition = drawn.parsed()

    (first,) = start_timers(definition, now=datetime(2026, 1, 31, 1, tzinfo=UTC))
    second = next_start(definition, "s", first.memo, now=first.due_at, seen_at=first.due_at)

    assert second is not None
    days = [one.due_at.astimezone(UTC).date().isoformat() for one in (first, second)]
    assert days in (["2026-01-31", "2026-02-28"], ["2026-02-28", "2026-03-31"])
    play = Play(definition)
    play.start("s")
    assert play.waiting == ["a"]
    assert play.complete("a").finished


def test_a_condition_that_has_just_come_true_starts_the_process() -> None:
    definition = diagram().start("s", None, condition("=k > 2")).user("a").end().parsed()

    assert conditions_met(definition, {"k": 1}, {"k": 3, "other": 1}, now=NOW) == {"s": {"k": 3}}
    assert conditions_met(definition, {"k": 3}, {"k": 4}, now=NOW) == {}
    assert conditions_met(definition, {}, {"k": "three"}, now=NOW) == {}
    play = Play(definition)
    play.start("s", k=3)
    assert play.complete("a").finished


def test_a_plain_event_on_the_way_is_passed() -> None:
    play = Play(diagram().start().user("a").throw("t", "").user("b").end().parsed())
    play.start()
    play.complete("a")
    assert play.waiting == ["b"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_message_at_a_boundary(interrupting: bool) -> None:
    drawn = diagram().start().user("a").end()
    drawn.on("a", "m", drawn.message("stop"), interrupting=interrupting).user("x").to("e")
    play = Play(drawn.parsed())
    play.start()

    play.hear("m", k=1)

    assert play.waiting == (["x"] if interrupting else ["a", "m", "x"])


def test_a_compensation_end_event_undoes_and_then_ends() -> None:
    drawn = diagram().start().user("book")
    drawn.undone("book", "userTask", "unbook", camunda_candidateGroups="organ_head")
    drawn.at("book").end("e", "<bpmn:compensateEventDefinition/>")
    play = Play(drawn.parsed())
    play.start()

    play.complete("book")
    assert play.waiting == ["unbook"]

    assert play.complete("unbook").finished
