"""Signals, escalations and conditions: thrown, caught on the way, at a boundary, and from a task."""

import pytest

from tests.engine.builder import condition, diagram, each, mapping
from tests.engine.play import Play, moves
from webapp.domain.errors import Conflict
from webapp.engine import EngineError, OutSignal


def test_a_signal_leaves_the_instance_and_reaches_everybody_in_it() -> None:
    drawn = diagram()
    drawn.start().both("g").catch("c1", drawn.signal("go")).user("u1").end()
    drawn.at("g").catch("c2", drawn.signal("go")).user("u2").to("e")
    drawn.at("g").user("first").throw("t", drawn.signal("go"), mapping({"n": "=k + 1"})).to("e")
    play = Play(drawn.parsed())
    play.start(k=1)
    assert play.waiting == ["c1", "c2", "first"]
    assert {one.kind for one in play.subscriptions.values()} == {"signal"}

    step = play.complete("first")

    assert play.waiting == ["u1", "u2"]
    assert step.signals == (OutSignal("t", "go", {"n": 2}),)
    assert step.variables == {"k": 1, "n": 2}


def test_a_process_that_calls_itself_up_by_its_own_signal_is_stopped_before_it_grows() -> None:
    echo = diagram("w")
    echo.start("ws", None, echo.signal("go"), interrupting=False).throw("wt", echo.signal("go")).user(
        "wu"
    ).end("we")
    drawn = diagram().start().user("u").end().on_event("es", echo)
    play = Play(drawn.parsed())
    play.start()
    before = play.state

    with pytest.raises(EngineError, match=r"budget\.tokens"):
        play.signal("go")
    assert play.state == before


def test_a_signal_end_event_throws() -> None:
    drawn = diagram()
    play = Play(drawn.start().end("e", drawn.signal("done")).parsed())
    assert [one.signal for one in play.start().signals] == ["done"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_signal_at_a_boundary(interrupting: bool) -> None:
    drawn = diagram()
    drawn.start().user("a").end().on("a", "b", drawn.signal("go"), interrupting).user("x").to("e")
    play = Play(drawn.parsed())
    play.start()
    play.signal("go")
    assert play.waiting == (["x"] if interrupting else ["a", "b", "x"])
    if not interrupting:
        play.signal("go")
        assert play.waiting == ["a", "b", "x", "x"]


def test_a_signal_that_takes_its_own_thrower_away_stops_it() -> None:
    drawn = diagram()
    inside = diagram("i")
    inside.start("is").throw("t", inside.signal("go")).user("never").end("ie")
    drawn.start().sub("sub", inside).end().on("sub", "b", drawn.signal("go")).user("x").to("e")
    play = Play(drawn.parsed())
    play.start()
    assert play.waiting == ["x"]


def test_a_process_can_start_by_a_signal() -> None:
    drawn = diagram()
    drawn.start("s", None, drawn.signal("go")).user("a").end()
    definition = drawn.parsed()
    assert definition.signals_starting == ("go",)
    play = Play(definition)
    play.start("s", n=1)
    assert play.waiting == ["a"]


def test_a_signal_after_an_event_gateway_wins() -> None:
    drawn = diagram()
    drawn.start().race("g").catch("c", drawn.signal("go")).user("u").end().at("g").catch(
        "d", condition("=n > 3")
    ).user("v").to("e")
    definition = drawn.parsed()
    play = Play(definition)
    play.start(n=1)
    play.signal("go")
    assert play.waiting == ["u"]
    play = Play(definition)
    play.start(n=1)
    play.set(n=4)
    assert play.waiting == ["v"]


def test_a_condition_on_the_way_waits_until_it_is_true() -> None:
    play = Play(diagram().start().both("g").catch("c", condition("=ready")).user("x").end().at("g").user("a").to(
        "e"
    ).parsed())  # fmt: skip
    play.start()
    assert play.waiting == ["a"]
    play.complete("a", ready=True)
    assert play.waiting == ["x"]


def test_a_condition_that_holds_already_does_not_wait() -> None:
    play = Play(diagram().start().catch("c", condition("=n > 1")).user("x").end().parsed())
    play.start(n=2)
    assert play.waiting == ["x"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_condition_at_a_boundary(interrupting: bool) -> None:
    drawn = (
        diagram().start().user("a").end().on("a", "b", condition("=n > 1"), interrupting).user("x").to("e")
    )
    play = Play(drawn.parsed())
    play.start(n=1)
    play.set(n=2)
    assert play.waiting == (["x"] if interrupting else ["a", "x"])


def test_an_escalation_goes_to_the_boundary_and_on() -> None:
    inside = diagram("i")
    inside.start("is").throw("t", inside.escalation("late")).user("on").end("ie", inside.escalation("done"))
    drawn = diagram()
    drawn.start().sub("sub", inside).end()
    drawn.on("sub", "b", drawn.escalation("late"), interrupting=False).user("remind").end("e2")
    play = Play(drawn.parsed())
    play.start()
    assert play.waiting == ["on", "remind"]
    play.complete("on")
    assert play.waiting == ["remind"]


def test_an_interrupting_escalation_stops_its_thrower() -> None:
    inside = diagram("i")
    inside.start("is").throw("t", inside.escalation("late")).user("never").end("ie")
    drawn = diagram()
    drawn.start().sub("sub", inside).end().on(
        "sub", "b", '<bpmn:escalationEventDefinition camunda:escalationCodeVariable="c"/>'
    ).user("x").to("e")
    play = Play(drawn.parsed())
    step = play.start()
    assert play.waiting == ["x"]
    assert step.variables == {"c": "late"}
    assert "sub cancelled" in moves(step)


def test_an_escalation_nobody_catches_goes_on() -> None:
    drawn = diagram()
    play = Play(drawn.start().throw("t", drawn.escalation("late")).user("on").end().parsed())
    play.start()
    assert play.waiting == ["on"]


def test_the_person_at_a_task_throws_an_error() -> None:
    drawn = diagram()
    drawn.start().user("a").end().on("a", "b", drawn.error("no")).user("x").to("e")
    play = Play(drawn.parsed())
    play.start()
    with pytest.raises(Conflict):
        play.throw("a", "other")
    step = play.throw("a", "no", why="材料不齐")
    assert play.waiting == ["x"]
    assert step.variables == {"why": "材料不齐"}
    assert [task.how for task in step.closed] == ["cancelled"]


def test_the_person_at_a_task_escalates_and_goes_on() -> None:
    drawn = diagram()
    drawn.start().user("a").end().on("a", "b", drawn.escalation("help"), interrupting=False).user("x").to("e")
    play = Play(drawn.parsed())
    play.start()
    play.escalate("a", "help")
    play.escalate("a", "help")
    assert play.waiting == ["a", "x", "x"]
    with pytest.raises(Conflict):
        play.escalate("a", "nobody")


def test_an_error_of_one_of_many_takes_all_of_them() -> None:
    drawn = diagram()
    drawn.start().user("a", each("=[1, 2, 3]")).end().on("a", "b", drawn.error("no")).user("x").to("e")
    play = Play(drawn.parsed())
    play.start()
    play.throw("a", "no")
    assert play.waiting == ["x"]
