"""Event sub-processes: what starts them, what they interrupt, when they stop waiting."""

from datetime import timedelta

import pytest

from tests.engine.builder import Diagram, condition, diagram, timer
from tests.engine.play import Play, moves


def scene(inside: Diagram) -> Diagram:
    return diagram().start().user("a").user("b").end().on_event("es", inside)


def handling(event: str, shared: list[str], interrupting: bool = True) -> Diagram:
    inside = diagram("i").start("is", None, event, interrupting).user("iu").end("ie")
    inside.shared += shared
    return inside


def hearing(interrupting: bool) -> Diagram:
    drawn = diagram()
    return handling(drawn.message("stop"), drawn.shared, interrupting)


def test_an_interrupting_message_takes_everything_else_of_its_scope() -> None:
    play = Play(scene(hearing(True)).parsed())
    play.start()
    assert play.waiting == ["a", "is"]

    step = play.hear("is", why="组织另有安排")

    assert play.waiting == ["iu"]
    assert {"a cancelled", "es entered", "is entered", "is left", "iu entered"} <= set(moves(step))
    step = play.complete("iu")
    assert step.finished
    assert step.variables == {"why": "组织另有安排"}


def test_a_message_that_does_not_interrupt_may_come_again() -> None:
    play = Play(scene(hearing(False)).parsed())
    play.start()

    play.hear("is")
    play.hear("is")
    assert play.waiting == ["a", "is", "iu", "iu"]
    play.complete("iu")
    play.complete("a")
    play.complete("b")
    assert play.waiting == ["is", "iu"]

    step = play.complete("iu")
    assert step.finished
    assert len(step.subscriptions_closed) == 1


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_instance_that_ends_stops_waiting(interrupting: bool) -> None:
    play = Play(scene(hearing(interrupting)).parsed())
    play.start()
    play.complete("a")

    step = play.complete("b")

    assert step.finished
    assert not play.subscriptions


def test_a_timer_starts_it_once() -> None:
    play = Play(scene(handling(timer("duration", "P3D"), [], interrupting=False)).parsed())
    play.start()
    play.fire("is")
    assert play.waiting == ["a", "iu"]


def test_a_repeating_timer_starts_it_again_and_again() -> None:
    play = Play(scene(handling(timer("cycle", "R/P1M"), [], interrupting=False)).parsed())
    anchor = play.now
    play.start()
    for days in (31, 61):
        play.fire("is")
        assert play.now - anchor == timedelta(days=days)
        play.complete("iu")
    play.complete("a")
    assert play.complete("b").finished


def test_an_interrupting_timer_ends_the_rest() -> None:
    play = Play(scene(handling(timer("duration", "P3D"), [])).parsed())
    play.start()
    play.fire("is")
    assert play.waiting == ["iu"]


def test_a_signal_starts_it() -> None:
    drawn = diagram()
    play = Play(scene(handling(drawn.signal("alarm"), drawn.shared)).parsed())
    play.start()
    play.signal("other")
    assert play.waiting == ["a", "is"]
    play.signal("alarm", n=1)
    assert play.waiting == ["iu"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_condition_starts_it_when_it_becomes_true(interrupting: bool) -> None:
    play = Play(scene(handling(condition("=level > 3"), [], interrupting)).parsed())
    play.start()
    play.set(level=2)
    assert play.waiting == ["a"]
    play.set(level=5)
    assert play.waiting == (["iu"] if interrupting else ["a", "iu"])
    if not interrupting:
        play.set(level=6)
        assert play.waiting == ["a", "iu"]
        play.set(level=1)
        play.set(level=4)
        assert play.waiting == ["a", "iu", "iu"]


def test_an_error_in_the_scope_starts_it_and_tells_the_code() -> None:
    inside = handling('<bpmn:errorEventDefinition camunda:errorCodeVariable="code"/>', [])
    drawn = (
        diagram().start().both("g").service("v").end().at("g").user("beside").to("e").on_event("es", inside)
    )
    play = Play(drawn.parsed())
    play.start()
    assert play.waiting == ["beside", "v"]

    step = play.failed("v", "no_date")

    assert play.waiting == ["iu"]
    assert step.variables == {"code": "no_date"}


def test_an_error_thrown_in_it_goes_outwards_not_to_itself() -> None:
    inner = diagram("i")
    inner.start("is", None, inner.error("boom")).user("iu").end("ie", inner.error("boom"))
    scope = diagram("s")
    scope.start("ss").user("su").end("se", scope.error("boom")).on_event("es", inner)
    drawn = diagram()
    drawn.start().sub("sub", scope).end().on("sub", "b", drawn.error("boom")).user("last").to("e")
    play = Play(drawn.parsed())
    play.start()

    play.complete("su")
    assert play.waiting == ["iu"]
    play.complete("iu")
    assert play.waiting == ["last"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_starts_it(interrupting: bool) -> None:
    inside = diagram("i")
    event = inside.escalation("late").replace("/>", ' camunda:escalationCodeVariable="code"/>')
    inside.start("is", None, event, interrupting).user("iu").end("ie")
    drawn = diagram()
    drawn.start().both("g").throw("x", drawn.escalation("late")).user("on").end().at("g").user("beside").to(
        "e"
    )
    play = Play(drawn.on_event("es", inside).parsed())

    step = play.start()

    assert play.waiting == (["iu"] if interrupting else ["beside", "iu", "on"])
    assert step.variables == {"code": "late"}


def test_in_a_sub_process_it_waits_only_while_that_runs() -> None:
    drawn = diagram()
    scope = diagram("s").start("ss").user("su").end("se").on_event("es", hearing(True))
    play = Play(drawn.start().user("before").sub("sub", scope).user("after").end().parsed())
    play.start()
    assert play.waiting == ["before"]
    play.complete("before")
    assert play.waiting == ["is", "su"]
    play.hear("is")
    assert play.waiting == ["iu"]
    play.complete("iu")
    assert play.waiting == ["after"]


def test_two_kinds_beside_each_other_and_one_spec_shared_by_two_instances() -> None:
    late = handling(timer("duration", "P3D"), [], interrupting=False)
    inside = diagram("k")
    inside.start("ks", "stop").user("ku").end("ke")
    definition = scene(late).on_event("es2", inside).parsed()
    first, second = Play(definition, seed="1"), Play(definition, seed="2")
    first.start()
    second.start()
    first.fire("is")
    first.hear("ks")
    assert first.waiting == ["ku"]
    assert second.waiting == ["a", "is", "ks"]
    assert first.complete("ku").finished
    second.complete("a")
    assert second.complete("b").finished
