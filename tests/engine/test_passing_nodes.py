"""Start, tasks, end: the plain way through a diagram."""

from datetime import UTC, datetime

import pytest

from tests.engine.builder import diagram, each, mapping
from tests.engine.play import Play, moves
from webapp.domain.errors import Conflict, NotFound
from webapp.engine import Complete, EngineError, Start, UserTask, run, variables


def test_a_user_task_opens_with_everything_that_was_drawn() -> None:
    play = Play(
        diagram()
        .start()
        .user(
            "review",
            mapping({"title": '="第" + string(n) + "次"'}),
            name="审核",
            camunda_formKey="review_form",
            camunda_candidateGroups="organ_head, case_officer",
            camunda_candidateUsers="=members",
            camunda_assignee="=owner",
            camunda_dueDate='=date("2026-03-10")',
            camunda_followUpDate="P1M",
            camunda_priority="=40 + 30",
        )
        .end()
        .parsed(**{"forms/review_form.json": b'{"id": "review_form"}'})
    )

    step = play.start(n=2, members=["u1", "u2", "u1"], owner="u9")

    (task,) = step.opened
    assert task == UserTask(
        id=task.id,
        element_id="review",
        name="审核",
        form_key="review_form",
        groups=("organ_head", "case_officer"),
        people=("u1", "u2"),
        assignee="u9",
        due_at=datetime(2026, 3, 9, 16, tzinfo=UTC),
        follow_up_at=datetime(2026, 4, 2, 1, tzinfo=UTC),
        priority=70,
        locals={"title": "第2次"},
    )
    assert moves(step) == ["s entered", "s left", "review entered"]


def test_completing_the_last_task_ends_the_instance_with_the_entered_values() -> None:
    play = Play(diagram().start().user("a").end().parsed())
    play.start(k=1)

    step = play.complete("a", opinion="同意", score=1.5)

    assert step.finished
    assert [(task.element_id, task.how) for task in step.closed] == [("a", "completed")]
    assert step.variables == {"k": 1, "opinion": "同意", "score": {"$dec": "1.5"}}
    assert moves(step) == ["a left", "e entered", "e left"]
    assert variables(step.state) == step.variables


def test_output_parameters_see_what_was_entered_and_the_tasks_own_inputs() -> None:
    inner = mapping({"base": "=10"}, {"total": "=base + added", "twice": "=total * 2"})
    play = Play(diagram().start().user("a", inner).end().parsed())
    play.start()

    step = play.complete("a", added=5)

    assert step.variables == {"added": 5, "total": 15, "twice": 30}


def test_ids_called_start_and_end_are_ordinary() -> None:
    play = Play(diagram().start("Start").user("End").user("root").end("p.EndJoin").parsed())
    play.start()
    assert play.waiting == ["End"]

    play.complete("End")
    step = play.complete("root")

    assert step.finished
    assert "p.EndJoin left" in moves(step)


def test_a_script_sets_one_variable_for_each_entry() -> None:
    play = Play(
        diagram().start().script("calc", '{a: n + 1, b: a * 2, day: date("2026-01-31")}').end().parsed()
    )

    step = play.start(n=1)

    assert step.variables == {"n": 1, "a": 2, "b": 4, "day": "2026-01-31"}


def test_a_script_that_gives_no_context_is_a_fault_at_its_node() -> None:
    definition = diagram().start().script("calc", "1 + 1").end().parsed()

    with pytest.raises(EngineError) as caught:
        Play(definition).start()

    assert (caught.value.element_id, caught.value.code) == ("calc", "script.not_context")


def test_a_manual_task_is_passed() -> None:
    play = Play(diagram().start().element("manualTask", "m").end().parsed())

    assert "m left" in moves(play.start())


def test_two_flows_out_of_a_task_are_both_taken() -> None:
    play = Play(diagram().start().user("a").user("b").end().at("a").user("c").to("e").parsed())
    play.start()

    play.complete("a")

    assert play.waiting == ["b", "c"]
    play.complete("b")
    assert play.complete("c").finished


def test_a_conditional_flow_out_of_a_task_is_taken_only_when_it_holds() -> None:
    drawn = diagram().start().user("a").when("=n > 1").user("b").end().at("a").otherwise().user("c").to("e")
    definition = drawn.parsed()
    for n, expected in ((2, ["b"]), (1, ["c"])):
        play = Play(definition)
        play.start()
        play.complete("a", n=n)
        assert play.waiting == expected


def test_a_message_start_event_starts_where_it_stands() -> None:
    drawn = diagram().start().user("a").end().start("m", message="opened").user("b").to("e")
    definition = drawn.parsed()

    play = Play(definition)
    play.start("m", case="c1")

    assert definition.messages_starting == ("opened",)
    assert play.waiting == ["b"]


def test_an_unknown_start_is_not_found() -> None:
    with pytest.raises(NotFound):
        Play(diagram().start().user("a").end().parsed()).start("a")


def test_cancelling_closes_everything_and_finishes() -> None:
    play = Play(diagram().start().both("g").user("a").both("j").end().at("g").service("svc").to("j").parsed())
    play.start()

    step = play.cancel()

    assert step.finished
    assert [task.how for task in step.closed] == ["cancelled"]
    assert len(step.calls_closed) == 1
    with pytest.raises(Conflict):
        play.cancel()


def test_a_task_completed_twice_is_a_conflict() -> None:
    play = Play(diagram().start().user("a").user("b").end().parsed())
    first = play.start().opened[0].id
    play.complete("a")

    with pytest.raises(Conflict):
        play.do(Complete(first))


def test_an_instance_is_started_once_and_first() -> None:
    play = Play(diagram().start().user("a").end().parsed())
    with pytest.raises(Conflict):
        play.do(Complete("nobody"))
    play.start()
    with pytest.raises(Conflict):
        play.start()


def test_a_multi_instance_task_opens_one_for_each_and_waits_for_all() -> None:
    inner = mapping(outputs={"answers": "=append(answers, x)"}) + each("=people")
    play = Play(diagram().start().user("ask", inner, camunda_assignee="=x").user("after").end().parsed())

    step = play.start(people=["u1", "u2", "u3"], answers=[])

    assert [(task.assignee, task.locals) for task in step.opened] == [
        ("u1", {"loopCounter": 0, "x": "u1"}),
        ("u2", {"loopCounter": 1, "x": "u2"}),
        ("u3", {"loopCounter": 2, "x": "u3"}),
    ]
    play.complete("ask", 1)
    play.complete("ask", 1)
    step = play.complete("ask")
    assert play.waiting == ["after"]
    assert step.variables["answers"] == ["u2", "u3", "u1"]
    assert [move for move in moves(step) if move.startswith("ask")] == ["ask left"]


def test_a_sequential_multi_instance_task_opens_one_after_the_other() -> None:
    play = Play(diagram().start().user("ask", each("=[1, 2, 3]", sequential=True)).end().parsed())
    play.start()

    seen = []
    while play.tasks:
        (task,) = play.tasks.values()
        seen.append(task.locals["x"])
        play.complete("ask")

    assert seen == [1, 2, 3]


def test_a_completion_condition_ends_the_rest() -> None:
    until = "=nrOfCompletedInstances / nrOfInstances >= 0.5 and nrOfActiveInstances > 0"
    play = Play(diagram().start().user("ask", each("=list", until=until)).end().parsed())
    play.start(list=[1, 2, 3, 4])
    play.complete("ask")

    step = play.complete("ask")

    assert step.finished
    assert [task.how for task in step.closed] == ["completed", "cancelled", "cancelled"]


def test_an_empty_collection_is_passed_and_a_missing_one_is_a_fault() -> None:
    definition = diagram().start().user("ask", each("=list")).end().parsed()

    assert Play(definition).start(list=[]).finished
    with pytest.raises(EngineError, match=r"loop\.collection"):
        Play(definition).start()
    with pytest.raises(EngineError, match=r"loop\.too_many"):
        Play(definition).start(list=list(range(301)))


def test_a_failing_step_leaves_the_state_as_it_was() -> None:
    play = Play(diagram().start().user("a").script("bad", "1").end().parsed())
    play.start()
    before = play.state

    with pytest.raises(EngineError):
        play.complete("a")

    assert play.state == before
    assert play.waiting == ["a"]


def test_a_loop_that_never_waits_runs_into_the_budget() -> None:
    drawn = diagram().start().xor("g").when("=again").script("tick", "{n: n + 1}").to("g")
    definition = drawn.at("g").otherwise().end().parsed()

    with pytest.raises(EngineError, match=r"budget\.steps"):
        run(None, definition, Start({"again": True, "n": 0}), now=datetime(2026, 1, 1, tzinfo=UTC), seed="s")
