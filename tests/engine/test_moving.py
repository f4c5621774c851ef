"""Tokens moved by hand: modification, return to an earlier element, variables set, start at a chosen event."""

import pytest

from tests.engine.builder import Diagram, diagram, each, timer
from tests.engine.play import Play, moves, only
from webapp.domain.errors import Conflict, NotFound
from webapp.engine import Change, Modify, Return, SetVariables, Start


def review() -> Diagram:
    drawn = (
        diagram().start().user("draft").both("split").user("a1").user("a2").both("join").user("sign").end()
    )
    drawn.at("split").user("b").to("join")
    return drawn.on("a1", "t", timer("duration", "P3D"), interrupting=False).user("late").end("e2")


def change(what: str, element_id: str) -> Change:
    return Change(what, element_id)  # type: ignore[arg-type]


def started(drawn: Diagram, **variables: object) -> Play:
    play = Play(drawn.parsed())
    play.start(**variables)
    return play


def go_back(play: Play, here: str, target: str) -> list[str]:
    play.do(Return(only(play.tasks, here).id, target, {"why": "材料不齐"}))
    return play.waiting


def test_a_modification_cancels_and_starts_in_one_step() -> None:
    play = started(review())
    step = play.do(Modify((change("cancel", "draft"), change("before", "a1")), {"n": 1}))
    assert play.waiting == ["a1", "t"]
    assert "draft cancelled" in moves(step)
    assert step.variables == {"n": 1}
    step = play.do(Modify((change("cancel", "a1"), change("after", "join"))))
    assert play.waiting == ["sign"]
    assert play.complete("sign").finished


def test_a_modification_enters_a_sub_process_and_leaves_it() -> None:
    inside = diagram("i").start("is").user("i1").user("i2").end("ie")
    drawn = diagram().start().user("a").sub("sub", inside).user("z").end()
    play = started(drawn.on("sub", "t", timer("duration", "P3D")).to("e"))
    play.do(Modify((change("cancel", "a"), change("before", "i2"))))
    assert play.waiting == ["i2"]
    play.do(Modify((change("before", "i1"),)))
    assert play.waiting == ["i1", "i2"]
    play.complete("i2")
    play.do(Modify((change("before", "z"), change("cancel", "i1"))))
    assert play.waiting == ["z"]


@pytest.mark.parametrize(
    ("what", "where", "why"),
    [
        ("cancel", "sign", "没有停在"),
        ("before", "join", "汇合的网关"),
        ("before", "t", "由事件"),
        ("after", "e", "之后没有环节"),
        ("cancel", "draft", "没有任何进行中的环节"),
    ],
)
def test_a_modification_that_makes_no_sense_is_refused(what: str, where: str, why: str) -> None:
    play = started(review())
    before = play.state
    with pytest.raises(Conflict, match=why):
        play.do(Modify((change(what, where),)))
    assert play.state == before
    with pytest.raises(NotFound):
        play.do(Modify((change(what, "zz"),)))


def test_a_place_that_exists_twice_is_not_guessed() -> None:
    inside = diagram("i").start("is").user("i1").end("ie")
    drawn = diagram().start().both("g").sub("one", inside).end().at("g").user("a").to("e")
    drawn.rows = [
        row.replace("</bpmn:subProcess>", each("=[1, 2]") + "</bpmn:subProcess>") for row in drawn.rows
    ]
    play = started(drawn)
    with pytest.raises(Conflict, match="哪一个"):
        play.do(Modify((change("before", "i1"),)))


def test_a_return_takes_back_what_followed_from_the_element() -> None:
    play = started(review())
    play.complete("draft")
    play.complete("b")
    play.complete("a1")
    assert play.waiting == ["a2"]
    assert go_back(play, "a2", "draft") == ["draft"]
    play.complete("draft")
    assert play.waiting == ["a1", "b", "t"]


def test_a_return_within_a_branch_leaves_the_others() -> None:
    play = started(review())
    play.complete("draft")
    play.complete("a1")
    play.complete("b")
    assert go_back(play, "a2", "a1") == ["a1", "t"]
    play.complete("a1")
    play.complete("a2")
    assert play.waiting == ["sign"]
    assert go_back(play, "sign", "b") == ["b"]


def test_a_return_in_a_loop_leaves_the_other_branch() -> None:
    drawn = diagram().start().xor("x").both("split").user("a1").user("a2").both("join").xor("y").when("=more")
    drawn.to("x").at("y").otherwise().end().at("split").user("b").to("join")
    play = started(drawn)
    play.complete("a1")
    assert go_back(play, "a2", "a1") == ["a1", "b"]


def test_a_return_out_of_a_sub_process_ends_it() -> None:
    inside = diagram("i").start("is").user("i1").end("ie")
    play = started(diagram().start().user("a").sub("sub", inside).end())
    play.complete("a")
    assert go_back(play, "i1", "a") == ["a"]


def test_a_return_of_one_of_many_takes_them_all() -> None:
    play = started(diagram().start().user("a").user("all", each("=[1, 2]")).end())
    play.complete("a")
    assert go_back(play, "all", "a") == ["a"]


@pytest.mark.parametrize(
    ("target", "why"), [("sign", "之前"), ("split", "任务或子流程"), ("s", "任务或子流程")]
)
def test_a_return_that_makes_no_sense_is_refused(target: str, why: str) -> None:
    play = started(review())
    play.complete("draft")
    with pytest.raises(Conflict, match=why):
        go_back(play, "a1", target)


def test_a_return_into_a_sub_process_that_is_over_is_refused() -> None:
    inside = diagram("i").start("is").user("i1").end("ie")
    play = started(diagram().start().sub("sub", inside).user("a").end())
    play.complete("i1")
    with pytest.raises(Conflict, match="流程层"):
        go_back(play, "a", "i1")
    assert go_back(play, "a", "sub") == ["i1"]


def test_variables_are_set_on_a_running_instance_only() -> None:
    play = started(diagram().start().user("a").end())
    assert play.set(n=1).variables == {"n": 1}
    play.complete("a")
    with pytest.raises(Conflict):
        play.do(SetVariables({"n": 2}))
    with pytest.raises(Conflict):
        play.do(Modify((change("before", "a"),)))


def test_an_instance_starts_at_the_event_that_is_named() -> None:
    drawn = diagram().start().user("a").end().start("s2", "note").user("b").to("e")
    play = Play(drawn.parsed())
    play.start("s2")
    assert play.waiting == ["b"]
    with pytest.raises(NotFound):
        Play(drawn.parsed()).do(Start({}, "a"))


def test_what_waits_for_an_instant_or_a_message_goes_back_with_what_waits_at_the_join() -> None:
    drawn = diagram().start().user("a").both("split").user("b").both("join").user("z").end()
    drawn.at("split").wait("pause", "duration", "P3D").hear("told", "answer").to("join")
    play = started(drawn)
    play.complete("a")
    play.complete("b")
    play.do(Return(only(play.timers, "pause").id, "a"))
    assert play.waiting == ["a"]
    play.complete("a")
    play.complete("b")
    play.fire("pause")
    play.do(Return(only(play.subscriptions, "told").id, "a"))
    assert play.waiting == ["a"]
    play.complete("a")
    play.complete("b")
    assert play.waiting == ["pause"]
