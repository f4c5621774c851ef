"""What SpiffWorkflow 3.2.0 does wrongly as it comes, and what ours does: each correction beside the wrong it corrects.

When a test of the stock engine fails here, it has been mended there, and the correction may go.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer import DEFAULT_CONFIG
from SpiffWorkflow.spiff.specs.event_definitions import SignalEventDefinition
from SpiffWorkflow.util.task import TaskState

from tests.engine.builder import CATALOGUE, Diagram, diagram, timer
from tests.engine.play import Play
from webapp.engine import check, dates, parse, run
from webapp.engine.cache import fingerprint, specs_of
from webapp.engine.commands import Start


class Stock:
    """The engine as it comes."""

    def __init__(self, drawn: bytes, **data: Any) -> None:
        parser = SpiffBpmnParser()
        parser.add_bpmn_str(drawn)
        self.spec = parser.get_spec("p")
        self.workflow = BpmnWorkflow(self.spec, parser.get_subprocess_specs("p"))
        self.workflow.data.update(data)
        self.go()

    def go(self) -> None:
        """Run until it waits."""
        self.workflow.do_engine_steps()

    @property
    def open(self) -> list[str]:
        """The elements people are asked at."""
        ready = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        return sorted(task.task_spec.name for task in ready)

    def complete(self, element: str, **values: Any) -> None:
        """Finish the task at an element."""
        ready = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        task = next(one for one in ready if one.task_spec.name == element)
        task.data.update(values)
        task.run()
        self.go()

    @property
    def finished(self) -> bool:
        """Whether it says that it has ended."""
        return bool(self.workflow.is_completed())


def ours(drawn: Diagram, **variables: Any) -> Play:
    play = Play(drawn.parsed())
    play.start(**variables)
    return play


def codes(drawn: Diagram) -> set[str]:
    return {one.code for one in check({"p.bpmn": drawn.xml()}, CATALOGUE) if one.level == "error"}


def test_flows_without_an_id_are_dropped() -> None:
    drawn = diagram().start().user("a").end()
    plain = drawn.xml().replace(b'<bpmn:sequenceFlow id="f1"', b"<bpmn:sequenceFlow")
    plain = plain.replace(b'<bpmn:sequenceFlow id="f2"', b"<bpmn:sequenceFlow")

    stock = Stock(plain)
    assert stock.finished
    assert stock.open == []

    play = Play(parse({"p.bpmn": plain}, CATALOGUE))
    play.start()
    assert play.waiting == ["a"]


def test_the_ids_start_and_end_collide_with_nodes_of_the_engine() -> None:
    begins = diagram().start("Start").user("a").end()
    with pytest.raises(SpiffWorkflowException):
        Stock(begins.xml())
    assert ours(begins).waiting == ["a"]

    ends = diagram().start().user("End").end()
    stock = Stock(ends.xml())
    assert stock.open == []
    assert ours(ends).waiting == ["End"]


def test_two_flows_out_of_a_task_are_refused() -> None:
    drawn = diagram().start().user("a").user("b").end().at("a").user("c").to("e")
    with pytest.raises(ValidationException, match="Multiple outgoing"):
        Stock(drawn.xml())

    play = ours(drawn)
    play.complete("a")
    assert play.waiting == ["b", "c"]


def test_a_long_chain_cannot_be_read() -> None:
    drawn = diagram().start()
    for number in range(1000):
        drawn.element("manualTask", f"t{number}")
    with pytest.raises(ValidationException, match=r"[Rr]ecursion"):
        Stock(drawn.end().xml())

    assert ours(drawn).last.finished


def series(count: int) -> Diagram:
    drawn = diagram().start().user("u")
    for number in range(count):
        drawn.both(f"s{number}").user(f"a{number}").both(f"j{number}")
        drawn.at(f"s{number}").user(f"b{number}").to(f"j{number}")
        drawn.at(f"j{number}")
    return drawn.end()


def test_parallel_gateways_in_series_double_the_tasks_each_time() -> None:
    few, many = (len(Stock(series(k).xml()).workflow.tasks) for k in (4, 6))
    assert many > 3 * few

    young, old = (len(ours(series(k)).state or b"") for k in (4, 12))
    assert old < young + 40


def test_a_link_ends_the_branch_and_what_follows_never_runs() -> None:
    link = '<bpmn:linkEventDefinition name="over"/>'
    drawn = diagram().start().throw("t", link)
    drawn.element("intermediateCatchEvent", "c", link, connect=False).user("after").end()
    stock = Stock(drawn.xml())
    assert stock.finished
    assert stock.open == []

    assert ours(drawn).waiting == ["after"]


def test_a_compensation_is_a_plain_event() -> None:
    undo = "<bpmn:compensateEventDefinition/>"
    plain = diagram().start().user("a").throw("t", undo).user("after").end()
    stock = Stock(plain.xml())
    stock.complete("a")
    assert stock.open == ["after"]

    drawn = diagram().start().user("a").throw("t", undo).user("after").end()
    drawn.undone("a", "userTask", "undo", camunda_candidateGroups="organ_head")
    play = ours(drawn)
    play.complete("a")
    assert play.waiting == ["undo"]


def watching(event: str, shared: list[str], interrupting: bool = True) -> Diagram:
    inside = diagram("i").start("is", None, event, interrupting).user("iu").end("ie")
    inside.shared += shared
    return diagram().start().user("a").end().on_event("es", inside)


def signalled() -> Diagram:
    drawn = diagram()
    return watching(drawn.signal("stop"), drawn.shared)


def test_an_interrupting_event_sub_process_does_not_interrupt() -> None:
    drawn = signalled()
    stock = Stock(drawn.xml())
    stock.workflow.catch(BpmnEvent(SignalEventDefinition("stop")))
    stock.go()
    assert "a" in stock.open

    play = ours(drawn)
    play.signal("stop")
    assert play.waiting == ["iu"]


def connections(stock: Stock) -> int:
    return sum(len(spec.outputs) for spec in stock.spec.task_specs.values())


def test_an_event_sub_process_changes_the_shared_spec_when_it_is_begun() -> None:
    drawn = signalled()
    stock = Stock(drawn.xml())
    before = connections(stock)
    stock.workflow.catch(BpmnEvent(SignalEventDefinition("stop")))
    stock.go()
    assert connections(stock) > before

    play = ours(drawn)
    mark = fingerprint(specs_of(play.definition))
    play.signal("stop")
    assert fingerprint(specs_of(play.definition)) == mark


def test_an_error_event_sub_process_begins_with_no_error_thrown() -> None:
    drawn = diagram()
    scene = watching(drawn.error("E"), drawn.shared)
    assert "iu" in Stock(scene.xml()).open

    assert ours(scene).waiting == ["a"]


def test_a_timer_event_sub_process_keeps_the_instance_open_after_its_end() -> None:
    stock = Stock(watching(timer("duration", '"P1D"'), []).xml())
    stock.complete("a")
    assert not stock.finished

    play = ours(watching(timer("duration", "P1D"), []))
    assert play.complete("a").finished


def test_a_standard_duration_fails_when_it_is_reached() -> None:
    drawn = diagram().start().wait("w", "duration", "PT1H").user("a").end()
    with pytest.raises(SpiffWorkflowException):
        Stock(drawn.xml())

    play = ours(drawn)
    play.fire("w")
    assert play.waiting == ["a"]


@pytest.mark.parametrize(
    ("start", "text", "right"),
    [
        (datetime(2023, 8, 31, tzinfo=UTC), "P1Y6M", datetime(2025, 2, 28, tzinfo=UTC)),
        (datetime(2026, 1, 31, tzinfo=UTC), "P1M", datetime(2026, 2, 28, tzinfo=UTC)),
    ],
)
def test_months_run_over_the_end_of_the_month(start: datetime, text: str, right: datetime) -> None:
    parsed = TimerEventDefinition.parse_iso_duration(text)
    assert start + TimerEventDefinition.get_timedelta_from_start(parsed, start) > right

    assert dates.add(start, dates.read_period(text)) == right


def test_a_monthly_cycle_keeps_the_length_of_the_first_month() -> None:
    _, _, length = TimerEventDefinition.parse_iso_recurring_interval("R/P1M")
    assert isinstance(length, timedelta)

    drawn = diagram().start().user("a").end().on("a", "b", timer("cycle", "R/P1M"), interrupting=False)
    play = ours(drawn.at("b").end("e2"))
    instants = []
    for _ in range(4):
        instants.append(next(iter(play.timers.values())).due_at)
        play.fire("b")
    lengths = {later - earlier for earlier, later in pairwise(instants)}
    assert len(lengths) > 1
    assert {one.day for one in instants} == {2}


def counting(first: str, then: str, condition: str) -> Diagram:
    drawn = diagram().start().script("i", first).script("c", then).xor("g").when(condition).to("c")
    return drawn.at("g").otherwise().user("last").end()


def test_after_some_hundred_rounds_an_unfinished_instance_says_it_has_ended() -> None:
    stock = Stock(counting("n = 0", "n = n + 1", "n < 600").xml())
    assert stock.finished
    assert stock.open == []

    assert ours(counting("{n: 0}", "{n: n + 1}", "=n < 600")).waiting == ["last"]


def test_a_condition_that_begins_with_a_line_break_breaks_the_step() -> None:
    def drawn(condition: str) -> Diagram:
        begun = diagram().start().user("a").xor("g").when(condition).user("b").end()
        return begun.at("g").otherwise().to("e")

    stock = Stock(drawn("\n   x > 1").xml())
    with pytest.raises(SpiffWorkflowException):
        stock.complete("a", x=2)

    play = ours(drawn("\n   =x > 1"))
    play.complete("a", x=2)
    assert play.waiting == ["b"]


def test_a_plain_task_waits_for_somebody() -> None:
    drawn = diagram().start().element("task", "t").end()
    assert Stock(drawn.xml()).open == ["t"]

    assert ours(drawn).last.finished


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        (lambda: diagram().start().user("a").end().element("userTask", "lost", connect=False), "node.unreachable"),
        (lambda: diagram().start().user("a").throw("t", "<bpmn:terminateEventDefinition/>").end(), "event.unsupported"),
    ],
)  # fmt: skip
def test_what_cannot_run_is_taken_without_a_word(drawn: Any, code: str) -> None:
    made = drawn()
    Stock(made.xml())

    assert code in codes(made)


def test_a_value_called_typename_makes_the_instance_unreadable() -> None:
    hostile: Mapping[str, Any] = {"note": {"typename": "Task", "x": 1}}
    drawn = diagram().start().user("a").user("b").end()
    stock = Stock(drawn.xml())
    stock.complete("a", **hostile)
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(DEFAULT_CONFIG))
    with pytest.raises((TypeError, KeyError, AttributeError)):
        serializer.deserialize_json(serializer.serialize_json(stock.workflow))

    play = ours(drawn)
    assert play.complete("a", **hostile).variables == hostile
    assert play.complete("b").finished


def test_an_expression_reaches_the_whole_of_python() -> None:
    reach = "().__class__.__base__.__subclasses__() != []"
    begun = diagram().start().user("a").xor("g").when(reach).user("b").end()
    stock = Stock(begun.at("g").otherwise().to("e").xml())
    stock.complete("a")
    assert stock.open == ["b"]

    assert "feel.syntax" in codes(diagram().start().user("x").xor("g").when(f"={reach}").end())


def test_the_state_grows_with_everything_that_was_done() -> None:
    def drawn(again: str) -> Diagram:
        begun = diagram().start().user("a").xor("g").when(again).to("a")
        return begun.at("g").otherwise().end()

    stock = Stock(drawn("again").xml())
    sizes = []
    for number in range(41):
        if number in (10, 40):
            serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(DEFAULT_CONFIG))
            sizes.append(len(json.loads(serializer.serialize_json(stock.workflow))["tasks"]))
        stock.complete("a", again=True)
    assert sizes[1] > 2 * sizes[0]

    play = ours(drawn("=again"))
    states = []
    for _ in range(41):
        play.complete("a", again=True)
        states.append(len(play.state or b""))
    assert states[40] <= states[10] + 2


def test_the_same_step_gives_other_ids_each_time() -> None:
    drawn = diagram().start().user("a").end()
    one, other = (Stock(drawn.xml()).workflow.last_task.id for _ in range(2))
    assert one != other

    moment = datetime(2026, 3, 2, tzinfo=UTC)
    first, second = (run(None, drawn.parsed(), Start(), now=moment, seed="x") for _ in range(2))
    assert first == second
