"""Compensation and transactions: what was done is undone, latest first, and only what was done."""

import pytest

from tests.engine.builder import CATALOGUE, Diagram, diagram, each, timer
from tests.engine.play import Play, moves
from webapp.engine import EngineError, parse

UNDO = "<bpmn:compensateEventDefinition/>"
CANCEL = "<bpmn:cancelEventDefinition/>"


def booked() -> Diagram:
    drawn = diagram().start().service("one").service("two").user("ask").xor("x")
    drawn.undone("one", "serviceTask", "undo_one", camunda_delegateExpression="case.note")
    drawn.undone("two", "userTask", "undo_two", camunda_candidateGroups="organ_head")
    return drawn


def test_what_was_done_is_undone_latest_first() -> None:
    drawn = booked().when("=bad").throw("t", UNDO).user("after").end().at("x").otherwise().to("e")
    play = Play(drawn.parsed())
    play.start()
    play.returned("one")
    play.returned("two")

    step = play.complete("ask", bad=True)
    assert play.waiting == ["undo_two"]
    assert "t entered" in moves(step)
    play.complete("undo_two")
    assert play.waiting == ["undo_one"]
    step = play.returned("undo_one")
    assert play.waiting == ["after"]
    assert moves(step)[-3:] == ["undo_one left", "t left", "after entered"]


def test_only_what_was_done_is_undone_and_only_once() -> None:
    drawn = (
        diagram().start().xor("g").when("=a").service("one").xor("j").throw("t", UNDO).throw("t2", UNDO).end()
    )
    drawn.undone("one", "serviceTask", "undo", camunda_delegateExpression="case.note")
    definition = drawn.at("g").otherwise().to("j").parsed()
    play = Play(definition)
    assert play.start(a=False).finished

    play = Play(definition)
    play.start(a=True)
    play.returned("one")
    assert play.waiting == ["undo"]
    assert play.returned("undo").finished


def test_one_activity_can_be_named_and_every_round_of_it_is_undone() -> None:
    drawn = diagram().start().xor("g").service("one").service("two").xor("x").when("=more").to("g").at("x")
    drawn.undone("one", "serviceTask", "undo_one", camunda_delegateExpression="case.note")
    drawn.undone("two", "serviceTask", "undo_two", camunda_delegateExpression="case.note")
    drawn.at("x").otherwise().throw("t", '<bpmn:compensateEventDefinition activityRef="one"/>').end()
    play = Play(drawn.parsed())
    play.start(more=True)
    play.returned("one")
    play.returned("two")
    play.returned("one")
    play.set(more=False)
    play.returned("two")
    assert play.waiting == ["undo_one"]
    play.returned("undo_one")
    assert play.waiting == ["undo_one"]
    assert play.returned("undo_one").finished


def test_a_finished_sub_process_is_undone_by_what_was_done_in_it() -> None:
    inside = diagram("i").start("is").service("one").service("two").end("ie")
    inside.undone("one", "serviceTask", "undo_one", camunda_delegateExpression="case.note")
    inside.undone("two", "serviceTask", "undo_two", camunda_delegateExpression="case.note")
    play = Play(diagram().start().sub("sub", inside).user("ask").end("e", UNDO).parsed())
    play.start()
    play.returned("one")
    play.returned("two")
    play.complete("ask")
    assert play.waiting == ["undo_two"]
    play.returned("undo_two")
    assert play.waiting == ["undo_one"]
    assert play.returned("undo_one").finished


def test_a_sub_process_with_a_handler_of_its_own_is_undone_by_that() -> None:
    inside = diagram("i").start("is").service("one").end("ie")
    inside.undone("one", "serviceTask", "undo_one", camunda_delegateExpression="case.note")
    drawn = diagram().start().sub("sub", inside).throw("t", UNDO).end()
    drawn.undone("sub", "serviceTask", "undo_sub", camunda_delegateExpression="case.note")
    play = Play(drawn.parsed())
    play.start()
    play.returned("one")
    assert play.waiting == ["undo_sub"]
    assert play.returned("undo_sub").finished


def test_a_sub_process_and_a_call_can_undo() -> None:
    called = diagram("q").start("qs").user("qu").end("qe")
    drawn = diagram().start().service("one").throw("t", UNDO).end()
    drawn.undone("one", "callActivity", "undo", calledElement="q")
    play = Play(drawn.parsed(called))
    play.start()
    play.returned("one")
    assert play.waiting == ["q:qu"]
    assert play.complete("q:qu").finished


def test_an_event_sub_process_undoes_what_its_scope_has_done() -> None:
    inside = diagram("i").start("is", "stop").throw("t", UNDO).user("iu").end("ie")
    drawn = diagram().start().service("one").user("a").end().on_event("es", inside)
    drawn.undone("one", "serviceTask", "undo", camunda_delegateExpression="case.note")
    play = Play(drawn.parsed())
    play.start()
    play.returned("one")
    play.hear("is")
    assert play.waiting == ["undo"]
    play.returned("undo")
    assert play.waiting == ["iu"]


def test_each_of_many_is_undone_as_one() -> None:
    drawn = diagram().start().service("one", each("=[1, 2]")).throw("t", UNDO).end()
    drawn.undone("one", "serviceTask", "undo", camunda_delegateExpression="case.note")
    play = Play(drawn.parsed())
    play.start()
    play.returned("one")
    play.returned("one")
    assert play.waiting == ["undo"]
    assert play.returned("undo").finished


def transaction() -> Diagram:
    inside = diagram("i").start("is").service("one").both("ig").user("ask").xor("ix")
    inside.undone("one", "serviceTask", "undo", camunda_delegateExpression="case.note")
    inside.when("=bad").end("icancel", CANCEL).at("ix").otherwise().end("ie").at("ig").user("other").end(
        "ie2"
    )
    drawn = diagram().start().transaction("tx", inside).user("well").end()
    return drawn.on("tx", "b", CANCEL).user("sorry").to("e")


def test_a_cancelled_transaction_is_undone_then_left_by_its_boundary() -> None:
    play = Play(transaction().parsed())
    play.start()
    play.returned("one")
    assert play.waiting == ["ask", "other"]

    step = play.complete("ask", bad=True)
    assert play.waiting == ["undo"]
    assert "other cancelled" in moves(step)
    step = play.returned("undo")
    assert play.waiting == ["sorry"]
    assert {"icancel left", "tx cancelled", "b left"} <= set(moves(step))
    assert play.complete("sorry").finished


def test_a_transaction_that_goes_well_goes_on() -> None:
    play = Play(transaction().parsed())
    play.start()
    play.returned("one")
    play.complete("ask", bad=False)
    play.complete("other")
    assert play.waiting == ["well"]


def test_a_transaction_cancelled_before_anything_was_done_is_left_at_once() -> None:
    inside = diagram("i").start("is").end("icancel", CANCEL)
    play = Play(
        diagram().start().transaction("tx", inside).end().on("tx", "b", CANCEL).user("x").to("e").parsed()
    )
    play.start()
    assert play.waiting == ["x"]


def test_a_timer_on_a_transaction_does_not_undo() -> None:
    drawn = transaction().on("tx", "t", timer("duration", "P1D")).user("late").to("e")
    play = Play(drawn.parsed())
    play.start()
    play.returned("one")
    play.fire("t")
    assert play.waiting == ["late"]


def test_an_error_while_undoing_goes_to_the_handler_of_the_scope() -> None:
    drawn = diagram().start().service("one").throw("t", UNDO).end()
    drawn.undone("one", "serviceTask", "undo", camunda_delegateExpression="case.note")
    play = Play(drawn.parsed())
    play.start()
    play.returned("one")
    with pytest.raises(EngineError, match=r"error\.uncaught"):
        play.failed("undo", "boom")
    assert play.returned("undo").finished


def test_a_handler_may_be_drawn_against_the_direction_of_its_association() -> None:
    drawn = diagram().start().service("one").throw("t", UNDO).end()
    drawn.undone("one", "serviceTask", "undo", camunda_delegateExpression="case.note")
    text = drawn.xml().replace(
        b'sourceRef="one_undo" targetRef="undo"', b'sourceRef="undo" targetRef="one_undo"'
    )
    play = Play(parse({"p.bpmn": text}, CATALOGUE))
    play.start()
    play.returned("one")
    assert play.waiting == ["undo"]
