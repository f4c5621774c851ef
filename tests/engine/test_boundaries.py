"""Boundary events and sub-processes: what is interrupted, what goes on beside."""

from datetime import timedelta

import pytest

from tests.engine.builder import diagram, each, timer
from tests.engine.play import Play, moves
from webapp.domain.errors import Conflict
from webapp.engine import EngineError, TimerFired

DAY = timedelta(days=1)


def test_an_interrupting_timer_takes_the_task_away() -> None:
    drawn = diagram().start().user("a").end().on("a", "t", timer("duration", "P3D")).user("late").to("e")
    play = Play(drawn.parsed())
    play.start()

    step = play.fire("t")

    assert play.waiting == ["late"]
    assert [(task.element_id, task.how) for task in step.closed] == [("a", "cancelled")]
    assert moves(step) == ["t entered", "a cancelled", "t left", "late entered"]


def test_completing_the_task_closes_its_timer() -> None:
    drawn = diagram().start().user("a").user("b").end().on("a", "t", timer("duration", "P3D")).to("e")
    play = Play(drawn.parsed())
    timer_id = play.start().timers[0].id

    step = play.complete("a")

    assert step.timers_closed == (timer_id,)
    with pytest.raises(Conflict):
        play.do(TimerFired(timer_id))


def test_a_non_interrupting_timer_leaves_the_task_and_its_other_events() -> None:
    drawn = diagram().start().user("a").end()
    drawn.on("a", "t", timer("duration", "P3D"), interrupting=False).user("remind").end("e2")
    drawn.on("a", "m", drawn.message("stop")).user("stopped").to("e")
    play = Play(drawn.parsed())
    play.start()

    play.fire("t")
    assert play.waiting == ["a", "m", "remind"]

    play.hear("m", why="撤回")
    assert play.waiting == ["remind", "stopped"]
    play.complete("stopped")
    assert play.complete("remind").finished


def test_a_repeating_reminder_comes_again_and_ends_with_its_task() -> None:
    drawn = diagram().start().user("a").end()
    drawn.on("a", "t", timer("cycle", "R3/P1M"), interrupting=False).service("remind").end("e2")
    play = Play(drawn.parsed())
    anchor = play.now
    play.start()

    for expected in (31, 61, 92):
        assert play.timers[next(iter(play.timers))].due_at - anchor == timedelta(days=expected)
        play.fire("t")
        play.returned("remind")
    assert play.waiting == ["a"]
    assert play.complete("a").finished


def test_missed_rounds_of_a_reminder_are_made_up_for_by_one() -> None:
    drawn = diagram().start().user("a").end()
    drawn.on("a", "t", timer("cycle", "R/P10D"), interrupting=False).service("remind").end("e2")
    play = Play(drawn.parsed())
    anchor = play.now
    play.start()

    step = play.fire("t", later=timedelta(days=25))

    assert [call.element_id for call in step.calls] == ["remind"]
    assert [timer.due_at - anchor for timer in step.timers] == [timedelta(days=40)]


@pytest.mark.parametrize(("missed", "following"), [("", 20), ("coalesce", 40)])
def test_rounds_missed_until_a_timer_was_noticed_are_one_where_the_diagram_says_so(
    missed: str, following: int
) -> None:
    drawn = diagram().start().user("a").end()
    drawn.on("a", "t", timer("cycle", "R/P10D"), interrupting=False, zaishang_missed=missed)
    play = Play(drawn.service("remind").end("e2").parsed())
    anchor = play.now
    play.start()
    late = play.timers[next(iter(play.timers))]
    play.now = late.due_at

    step = play.do(TimerFired(late.id, late.due_at + timedelta(days=25)))

    assert [timer.due_at - anchor for timer in step.timers] == [timedelta(days=following)]


def test_a_timer_cannot_fire_before_it_is_due() -> None:
    drawn = diagram().start().user("a").end().on("a", "t", timer("duration", "P3D")).to("e")
    play = Play(drawn.parsed())
    timer_id = play.start().timers[0].id
    play.now += 2 * DAY

    with pytest.raises(Conflict):
        play.do(TimerFired(timer_id))


def test_an_error_of_a_service_goes_to_the_boundary_event_with_its_code() -> None:
    drawn = diagram().start().service("svc").end()
    drawn.on("svc", "any", '<bpmn:errorEventDefinition camunda:errorCodeVariable="code"/>').user(
        "unknown"
    ).to("e")
    drawn.on("svc", "known", drawn.error("no_date")).user("ask_date").to("e")
    drawn.on("svc", "t", timer("duration", "PT1H")).user("slow").to("e")
    definition = drawn.parsed()
    for code, expected in (("no_date", "ask_date"), ("other", "unknown")):
        play = Play(definition)
        play.start()
        step = play.failed("svc", code)
        assert play.waiting == [expected]
        assert step.variables == ({"code": "other"} if code == "other" else {})


def test_an_error_nobody_catches_is_a_fault_and_changes_nothing() -> None:
    play = Play(diagram().start().service("svc").end().parsed())
    play.start()

    with pytest.raises(EngineError, match=r"error\.uncaught"):
        play.failed("svc", "boom")

    assert play.waiting == ["svc"]


def test_a_sub_process_ends_when_nothing_is_left_in_it() -> None:
    inside = diagram("i").start("is").both("ig").user("i1").end("ie").at("ig").user("i2").end("ie2")
    play = Play(diagram().start().sub("sub", inside, name="子流程").user("after").end().parsed())
    play.start(k=1)
    assert play.waiting == ["i1", "i2"]

    play.complete("i1", v=2)
    assert play.waiting == ["i2"]
    step = play.complete("i2")

    assert play.waiting == ["after"]
    assert step.variables == {"k": 1, "v": 2}
    assert moves(step)[-2:] == ["sub left", "after entered"]


def test_a_sub_process_can_be_run_again_in_a_loop() -> None:
    inside = diagram("i").start("is").user("i1").end("ie")
    drawn = diagram().start().xor("g").sub("sub", inside).xor("x").when("=more").to("g")
    play = Play(drawn.at("x").otherwise().end().parsed())
    play.start()

    for more in (True, True, False):
        step = play.complete("i1", more=more)

    assert step.finished


def test_a_timer_on_a_sub_process_takes_away_what_is_inside() -> None:
    deep = diagram("d").start("ds").both("dg").user("d1").end("de").at("dg").service("d2").end("de2")
    inside = (
        diagram("i")
        .start("is")
        .sub("inner", deep)
        .end("ie")
        .on("inner", "it", timer("duration", "P9D"))
        .to("ie")
    )
    drawn = diagram().start().sub("outer", inside).end().on("outer", "t", timer("duration", "P3D"))
    play = Play(drawn.user("late").to("e").parsed())
    play.start()
    assert play.waiting == ["d1", "d2", "it", "t"]

    step = play.fire("t")

    assert play.waiting == ["late"]
    assert {"d1 cancelled", "d2 cancelled", "inner cancelled", "outer cancelled"} <= set(moves(step))


def test_a_non_interrupting_message_on_a_sub_process_may_come_again_while_it_runs() -> None:
    inside = diagram("i").start("is").user("i1").end("ie")
    drawn = diagram().start().sub("sub", inside).end()
    drawn.on("sub", "m", drawn.message("note"), interrupting=False).user("read").end("e2")
    play = Play(drawn.parsed())
    play.start()

    play.hear("m")
    assert play.waiting == ["i1", "m", "read"]
    play.hear("m")
    assert play.waiting == ["i1", "m", "read", "read"]

    play.complete("i1")
    assert play.waiting == ["read", "read"]
    play.complete("read")
    assert play.complete("read").finished


def test_an_error_end_leaves_all_sub_processes_up_to_its_catcher() -> None:
    deep = diagram("d")
    deep.start("ds").both("dg").user("d1").end("de", deep.error("stop"))
    deep.at("dg").user("d2").end("de2")
    inside = diagram("i").start("is").sub("inner", deep).end("ie")
    drawn = diagram().start().sub("outer", inside).end().on("outer", "caught", diagram().error("stop"))
    play = Play(drawn.user("late").to("e").parsed())
    play.start()

    step = play.complete("d1")

    assert play.waiting == ["late"]
    assert {"de left", "d2 cancelled", "caught left"} <= set(moves(step))


def test_a_terminate_end_ends_its_own_scope_only() -> None:
    stop = "<bpmn:terminateEventDefinition/>"
    inside = diagram("i").start("is").both("ig").user("i1").end("ie", stop).at("ig").user("i2").end("ie2")
    drawn = (
        diagram()
        .start()
        .both("g")
        .sub("sub", inside)
        .user("after")
        .end()
        .at("g")
        .user("other")
        .end("e2", stop)
    )
    definition = drawn.parsed()
    play = Play(definition)
    play.start()

    step = play.complete("i1")
    assert play.waiting == ["after", "other"]
    assert [task.how for task in step.closed] == ["completed", "cancelled"]
    assert play.complete("other").finished


def test_a_timer_takes_all_instances_of_a_multi_instance_task() -> None:
    drawn = diagram().start().user("ask", each("=[1, 2, 3]")).end().on("ask", "t", timer("duration", "P3D"))
    play = Play(drawn.user("late").to("e").parsed())
    play.start()
    play.complete("ask")

    step = play.fire("t")

    assert play.waiting == ["late"]
    assert [task.how for task in step.closed] == ["cancelled", "cancelled"]


def test_a_multi_instance_task_that_is_done_closes_its_timer() -> None:
    drawn = (
        diagram().start().user("ask", each("=[1, 2]")).end().on("ask", "t", timer("duration", "P3D")).to("e")
    )
    play = Play(drawn.parsed())
    play.start()
    play.complete("ask")
    assert play.complete("ask").finished


def test_a_timer_on_a_receive_task_is_closed_when_the_message_comes() -> None:
    drawn = diagram()
    drawn.message("reply")
    drawn.start().element("receiveTask", "r", messageRef="m_reply").user("a").end()
    play = Play(drawn.on("r", "t", timer("duration", "P3D")).to("e").parsed())
    play.start()
    assert play.waiting == ["r", "t"]

    play.hear("r")

    assert play.waiting == ["a"]
