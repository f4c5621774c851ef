"""Call activities: another process of the bundle runs inside, with variables of its own."""

import pytest

from tests.engine.builder import CATALOGUE, Diagram, again, diagram, each, passing, timer
from tests.engine.play import Play, moves
from webapp.domain.errors import Invalid
from webapp.engine import EngineError, check, parse


def callee() -> Diagram:
    return diagram("q").start("qs").user("qu").script("qc", "{twice: n * 2, secret: 1}").end("qe")


def test_a_called_process_has_variables_of_its_own_and_gives_back_what_is_named() -> None:
    given = passing('<camunda:in source="k" target="n"/><camunda:out source="twice" target="r"/>')
    play = Play(diagram().start().call("c", "q", given).user("after").end().parsed(callee()))

    step = play.start(k=4, other=1)
    assert play.waiting == ["q:qu"]
    assert step.opened[0].name == "qu"
    assert moves(step)[-3:] == ["q:qs entered", "q:qs left", "q:qu entered"]

    step = play.complete("q:qu", note="里面的")
    assert play.waiting == ["after"]
    assert step.variables == {"k": 4, "other": 1, "r": 8}


def test_all_variables_can_be_handed_over_and_back() -> None:
    given = passing('<camunda:in variables="all"/><camunda:out variables="all"/>')
    play = Play(diagram().start().call("c", "q", given).end().parsed(callee()))
    play.start(n=3)

    step = play.complete("q:qu")

    assert step.finished
    assert step.variables == {"n": 3, "twice": 6, "secret": 1}


def test_expressions_can_be_handed_over() -> None:
    given = passing(
        '<camunda:in sourceExpression="=k + 1" target="n"/><camunda:out sourceExpression="=twice + n" target="r"/>'
    )
    play = Play(diagram().start().call("c", "q", given).end().parsed(callee()))
    play.start(k=1)

    assert play.complete("q:qu").variables == {"k": 1, "r": 6}


def test_the_same_process_can_be_called_from_two_places_at_once() -> None:
    given = passing('<camunda:in source="k" target="n"/><camunda:out source="twice" target="r1"/>')
    other = passing(
        '<camunda:in sourceExpression="=10" target="n"/><camunda:out source="twice" target="r2"/>'
    )
    drawn = diagram().start().both("g").call("c1", "q", given).both("j").end()
    play = Play(drawn.at("g").call("c2", "q", other).to("j").parsed(callee()))
    play.start(k=1)
    assert play.waiting == ["q:qu", "q:qu"]

    play.complete("q:qu")
    step = play.complete("q:qu")

    assert step.finished
    assert (step.variables["r1"], step.variables["r2"]) == (2, 20)


def test_a_timer_on_a_call_takes_the_called_process_away() -> None:
    drawn = diagram().start().call("c", "q").end().on("c", "t", timer("duration", "P3D")).user("late").to("e")
    play = Play(drawn.parsed(callee()))
    play.start()

    step = play.fire("t")

    assert play.waiting == ["late"]
    assert {"q:qu cancelled", "c cancelled"} <= set(moves(step))


def test_an_error_of_the_called_process_reaches_the_caller() -> None:
    inner = diagram("q")
    inner.start("qs").user("qu").end("qe", inner.error("no"))
    drawn = diagram()
    drawn.start().call("c", "q").end().on("c", "b", drawn.error("no")).user("handle").to("e")
    play = Play(drawn.parsed(inner))
    play.start()

    play.complete("q:qu")

    assert play.waiting == ["handle"]


def test_an_error_the_caller_does_not_catch_is_a_fault() -> None:
    inner = diagram("q")
    inner.start("qs").user("qu").end("qe", inner.error("no"))
    play = Play(diagram().start().call("c", "q").end().parsed(inner))
    play.start()

    with pytest.raises(EngineError, match=r"error\.uncaught"):
        play.complete("q:qu")


def test_a_terminate_end_ends_the_called_process_alone() -> None:
    stop = "<bpmn:terminateEventDefinition/>"
    inner = diagram("q").start("qs").both("qg").user("q1").end("qe", stop).at("qg").user("q2").end("qe2")
    play = Play(diagram().start().call("c", "q").user("after").end().parsed(inner))
    play.start()

    play.complete("q:q1")

    assert play.waiting == ["after"]


def test_calls_nest_and_what_is_called_may_call() -> None:
    middle = diagram("m").start("ms").call("mc", "q", passing('<camunda:in variables="all"/>')).end("me")
    given = passing('<camunda:in source="k" target="n"/>')
    play = Play(diagram().start().call("c", "m", given).end().parsed(middle, callee()))
    play.start(k=2)
    assert play.waiting == ["q:qu"]

    assert play.complete("q:qu").finished


def test_a_call_can_be_made_for_each_of_a_list_and_in_a_loop() -> None:
    given = '<camunda:in source="x" target="n"/><camunda:out source="twice" target="last"/>'
    drawn = diagram().start().call("c", "q", passing(given) + each("=[5, 6]", sequential=True)).end()
    play = Play(drawn.parsed(callee()))
    play.start()
    play.complete("q:qu")
    step = play.complete("q:qu")
    assert step.finished
    assert step.variables["last"] == 12

    drawn = (
        diagram().start().call("c", "q", passing('<camunda:in source="k" target="n"/>') + again(most=2)).end()
    )
    play = Play(drawn.parsed(callee()))
    play.start(k=1)
    play.complete("q:qu")
    assert play.complete("q:qu").finished


def test_a_process_that_calls_itself_for_ever_is_stopped() -> None:
    play = Play(diagram().start().call("c", "p").end().parsed())

    with pytest.raises(EngineError, match=r"budget\.depth"):
        play.start()


def test_a_process_may_call_itself_as_often_as_needed() -> None:
    given = passing('<camunda:in sourceExpression="=n - 1" target="n"/>')
    drawn = diagram().start().xor("g").when("=n > 0").call("c", "p", given).end()
    play = Play(drawn.at("g").otherwise().user("deep").to("e").parsed())
    play.start(n=3)
    assert play.waiting == ["p:deep"]

    assert play.complete("p:deep").finished


def test_the_process_that_is_not_called_is_the_one_deployed() -> None:
    files = {"a.bpmn": callee().xml(), "b.bpmn": diagram().start().call("c", "q").end().xml()}

    assert parse(files, CATALOGUE).key == "p"
    assert not [problem for problem in check(files, CATALOGUE) if problem.level == "error"]


def test_what_is_wrong_with_the_called_process_is_said_with_its_file() -> None:
    broken = diagram("q").start("qs").user("qu", camunda_formKey="nope").end("qe")
    files = {"q.bpmn": broken.xml(), "p.bpmn": diagram().start().call("c", "q").end().xml()}

    assert ("q.bpmn", "form.missing") in {(one.file, one.code) for one in check(files, CATALOGUE)}
    with pytest.raises(Invalid):
        parse(files, CATALOGUE)


def test_what_several_processes_share_is_not_deployed_by_itself() -> None:
    other = diagram("r").start("rs").end("re")
    files = {
        "p.bpmn": diagram().start().call("c", "q").end().xml(),
        "shared/q.bpmn": callee().xml(),
        "shared/r.bpmn": other.xml(),
    }
    assert parse(files, CATALOGUE).key == "p"
