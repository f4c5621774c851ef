"""Calls of processes deployed on their own: the latest version or a named one, with an instance of its own."""

from typing import Any

import pytest

from tests.engine.builder import CATALOGUE, Diagram, again, diagram, each, passing, timer
from tests.engine.play import NOW, Play, moves, only
from webapp.engine import (
    CallEscalated,
    EngineError,
    ServiceCall,
    ServiceFailed,
    ServiceReturned,
    Start,
    Step,
    check,
    migrate,
    parse,
)  # fmt: skip

LATEST = {"camunda_calledElementBinding": "latest"}
SECOND = {"camunda_calledElementBinding": "version", "camunda_calledElementVersion": "2"}
GIVEN = '<camunda:in source="k" target="n"/><camunda:out source="twice" target="r"/>'


def caller(inner: str = passing(GIVEN), **binding: str) -> Diagram:
    return diagram().start().call("c", "q", inner, **(binding or LATEST)).user("after").end()


def callee() -> Diagram:
    return diagram("q").start("qs").user("qu").script("qc", "{twice: n * 2, secret: 1}").end("qe")


def called(play: Play) -> ServiceCall:
    return only(play.calls, "c")


def begun(call: ServiceCall, drawn: Diagram) -> Play:
    """The instance the caller of the engine begins for a call."""
    play = Play(drawn.parsed(), seed="inner")
    play.do(Start(call.inputs, called=True))
    return play


def back(play: Play, call: ServiceCall, inner: Step) -> Step:
    return play.do(ServiceReturned(call.id, inner.variables))


@pytest.mark.parametrize(("binding", "version"), [(LATEST, None), (SECOND, 2)])
def test_a_call_says_which_version_it_wants_and_takes_back_what_is_named(
    binding: dict[str, str], version: int | None
) -> None:
    play = Play(caller(**binding).parsed())
    step = play.start(k=4, other=1)
    (call,) = step.calls
    assert (call.process, call.version, call.delegate, call.topic) == ("q", version, None, None)
    assert dict(call.inputs) == {"n": 4}
    assert moves(step)[-1] == "c entered"

    inner = begun(call, callee())
    assert inner.last is not None
    assert inner.last.called
    done = inner.complete("qu")
    assert done.finished
    assert done.called
    step = back(play, call, done)

    assert play.waiting == ["after"]
    assert not step.called
    assert step.variables == {"k": 4, "other": 1, "r": 8}


def test_all_variables_can_be_handed_over_and_back_and_expressions_too() -> None:
    both = (
        '<camunda:in variables="all"/><camunda:out variables="all"/>'
        '<camunda:out sourceExpression="=n + 1" target="m"/>'
    )
    play = Play(caller(passing(both)).parsed())
    play.start(n=3)
    call = called(play)
    assert dict(call.inputs) == {"n": 3}

    step = back(play, call, begun(call, callee()).complete("qu"))

    assert step.variables == {"n": 3, "twice": 6, "secret": 1, "m": 4}


def test_what_is_called_runs_on_while_the_caller_is_stored_and_may_be_called_off() -> None:
    drawn = caller().on("c", "t", timer("duration", "P3D")).user("late").to("e")
    play = Play(drawn.parsed())
    play.start(k=1)
    call = called(play)

    step = play.fire("t")

    assert play.waiting == ["late"]
    assert step.calls_closed == (call.id,)
    assert "c cancelled" in moves(step)


def thrower(event: Any) -> Diagram:
    inner = diagram("q")
    inner.start("qs").user("qu").end("qe", event(inner))
    return inner


def parsed(inner: Diagram) -> Any:
    """As it was deployed with a process that calls it: alone it would not catch its own error."""
    return parse({"q.bpmn": inner.xml()}, CATALOGUE, judged=False)


def run_inner(call: ServiceCall, inner: Diagram) -> Play:
    play = Play(parsed(inner), seed="inner")
    play.do(Start(call.inputs, called=True))
    return play


def test_an_error_nobody_catches_inside_ends_the_called_process_and_reaches_the_caller() -> None:
    drawn = caller()
    drawn.on("c", "b", drawn.error("no")).user("handle").to("e")
    play = Play(drawn.parsed())
    play.start(k=1)
    call = called(play)

    done = run_inner(call, thrower(lambda one: one.error("no"))).complete("qu")
    assert done.finished
    assert done.thrown == (("error", "no"),)
    play.do(ServiceFailed(call.id, "no"))

    assert play.waiting == ["handle"]


def test_an_error_the_caller_does_not_catch_is_a_fault_of_the_caller() -> None:
    play = Play(caller().parsed())
    play.start(k=1)
    with pytest.raises(EngineError, match=r"error\.uncaught"):
        play.do(ServiceFailed(called(play).id, "no"))


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_inside_reaches_the_caller(interrupting: bool) -> None:
    drawn = caller()
    drawn.on("c", "b", drawn.escalation("up"), interrupting=interrupting).user("told").end("e2")
    play = Play(drawn.parsed())
    play.start(k=1)
    call = called(play)
    done = run_inner(call, thrower(lambda one: one.escalation("up"))).complete("qu")
    assert done.thrown == (("escalation", "up"),)

    play.do(CallEscalated(call.id, "up"))

    assert ("c" in play.waiting) is not interrupting
    assert "told" in play.waiting
    if not interrupting:
        play.do(ServiceReturned(call.id, {"twice": 1}))
        assert play.waiting == ["after", "told"]


def test_a_process_that_nobody_called_still_may_not_throw_what_nobody_catches() -> None:
    play = Play(parsed(thrower(lambda one: one.error("no"))))
    play.start()
    with pytest.raises(EngineError, match=r"error\.uncaught"):
        play.complete("qu")


def test_calls_can_be_made_for_each_of_a_list_and_in_a_loop() -> None:
    given = passing('<camunda:in source="x" target="n"/><camunda:out source="twice" target="last"/>')
    drawn = diagram().start().call("c", "q", given + each("=[5, 6]"), **LATEST).end()
    play = Play(drawn.parsed())
    play.start()
    assert sorted(call.inputs["n"] for call in play.calls.values()) == [5, 6]
    for call in list(play.calls.values()):
        step = back(play, call, begun(call, callee()).complete("qu"))
    assert step.finished
    assert step.variables["last"] == 12

    given = passing('<camunda:in source="k" target="n"/>')
    play = Play(diagram().start().call("c", "q", given + again(most=2), **LATEST).end().parsed())
    play.start(k=1)
    play.returned("c", {})
    assert play.returned("c", {}).finished


def test_what_was_called_is_undone_by_its_handler_which_may_call_too() -> None:
    drawn = diagram().start().call("c", "q", **LATEST)
    drawn.undone("c", "callActivity", "h", calledElement="q", **LATEST)
    play = Play(drawn.throw("u", "<bpmn:compensateEventDefinition/>").end().parsed())
    play.start()
    play.returned("c", {})
    assert play.waiting == ["h"]
    assert play.returned("h", {}).finished


def test_a_version_of_the_diagram_that_calls_in_another_way_is_no_place_for_the_call() -> None:
    play = Play(caller().parsed())
    play.start(k=1)
    call = called(play)
    assert play.state is not None
    later = caller(passing(GIVEN), **SECOND)
    moved = migrate(play.state, play.definition, later.parsed(), {}, now=NOW, seed="m")
    assert moved.renamed == {call.id: "c"}
    bundled = diagram().start().call("c", "q", passing(GIVEN)).user("after").end()
    with pytest.raises(Exception, match="没有同类的对应环节"):
        migrate(play.state, play.definition, bundled.parsed(callee()), {}, now=NOW, seed="m")


def codes(drawn: Diagram, *others: Diagram) -> set[str]:
    files = {f"{one.key}.bpmn": one.xml() for one in (drawn, *others)}
    return {one.code for one in check(files, CATALOGUE)} - {"di.missing"}


def test_the_linter_asks_for_a_version_that_is_a_number() -> None:
    for text in ("", "0", "zwei", "=k"):
        binding = {"camunda_calledElementBinding": "version", "camunda_calledElementVersion": text}
        assert "called.binding" in codes(caller(**binding)), text
    assert "called.binding" in codes(caller(camunda_calledElementBinding="versionTag"))
    assert "called.missing" in codes(caller(camunda_calledElementBinding="deployment"))
    for binding in (LATEST, SECOND):
        assert not {code for code in codes(caller(**binding)) if code.startswith("called")}
    assert "called.unused" in codes(caller(), callee())
    assert parse({"p.bpmn": caller().xml(), "q.bpmn": callee().xml()}, CATALOGUE).key == "p"
