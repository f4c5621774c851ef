"""Gateways: which flows are taken, and what a join waits for."""

import pytest

from tests.engine.builder import Diagram, diagram, timer
from tests.engine.play import NOW, Play, moves
from webapp.engine import EngineError, Start, run


def choice() -> Diagram:
    drawn = diagram().start().xor("g").when("=n > 10").user("big").end()
    drawn.at("g").when("n > 5").user("middle").to("e")
    return drawn.at("g").otherwise().user("small").to("e")


@pytest.mark.parametrize(("n", "expected"), [(11, "big"), (6, "middle"), (5, "small")])
def test_an_exclusive_gateway_takes_the_first_that_holds_else_the_default(n: int, expected: str) -> None:
    play = Play(choice().parsed())
    play.start(n=n)
    assert play.waiting == [expected]


def test_a_condition_without_an_answer_is_a_fault_and_not_silently_false() -> None:
    with pytest.raises(EngineError) as caught:
        Play(choice().parsed()).start()

    assert (caught.value.element_id, caught.value.code) == ("g", "condition.not_boolean")
    assert "f2" in caught.value.zh


def test_a_parallel_join_waits_for_every_branch() -> None:
    drawn = diagram().start().both("g").user("a").both("j").user("after").end().at("g").user("b").to("j")
    play = Play(drawn.at("g").user("c").to("j").parsed())
    play.start()

    for name in ("b", "c"):
        play.complete(name)
        assert "after" not in play.waiting
    step = play.complete("a")

    assert play.waiting == ["after"]
    assert moves(step).count("j entered") == 1


def test_a_parallel_join_in_a_loop_waits_anew_each_round() -> None:
    drawn = diagram().start().xor("again").both("g").user("a").both("j").user("check").xor("x")
    drawn.when("=redo").to("again").at("x").otherwise().end().at("g").user("b").to("j")
    play = Play(drawn.parsed())
    play.start()

    for redo in (True, True, False):
        play.complete("a")
        assert play.waiting == ["b"]
        play.complete("b")
        assert play.waiting == ["check"]
        step = play.complete("check", redo=redo)

    assert step.finished


def test_two_flows_from_one_node_into_a_join_count_as_two() -> None:
    play = Play(diagram().start().both("g").both("j").user("a").end().at("g").to("j").parsed())
    play.start()
    assert play.waiting == ["a"]


def inclusive() -> Diagram:
    drawn = diagram().start().some("g").when("=a").user("ua").some("j").user("after").end()
    drawn.at("g").when("=b").user("ub").to("j")
    return drawn.at("g").otherwise().user("uc").to("j")


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [(True, True, ["ua", "ub"]), (True, False, ["ua"]), (False, True, ["ub"]), (False, False, ["uc"])],
)
def test_an_inclusive_join_waits_only_for_branches_that_were_taken(
    a: bool, b: bool, expected: list[str]
) -> None:
    play = Play(inclusive().parsed())
    play.start(a=a, b=b)
    assert play.waiting == expected

    for name in expected:
        assert "after" not in play.waiting
        step = play.complete(name)

    assert play.waiting == ["after"]
    assert moves(step).count("j entered") == 1


def test_an_inclusive_gateway_always_takes_its_unconditional_flow() -> None:
    drawn = diagram().start().some("g").user("always").some("j").end()
    play = Play(drawn.at("g").when("=b").user("maybe").to("j").parsed())
    play.start(b=False)
    assert play.waiting == ["always"]
    assert play.complete("always").finished


def test_an_inclusive_join_waits_for_a_token_that_may_still_come_by_a_detour() -> None:
    drawn = diagram().start().some("g").when("=true").user("a").some("j").user("after").end()
    drawn.at("g").when("=true").user("b").xor("x").when("=come").to("j").at("x").otherwise().end("e2")
    drawn.at("g").otherwise().to("j")
    definition = drawn.parsed()
    for come in (True, False):
        play = Play(definition)
        play.start()
        play.complete("a")
        assert play.waiting == ["b"]
        play.complete("b", come=come)
        assert play.waiting == ["after"]
        assert play.complete("after").finished


def test_an_event_gateway_takes_the_first_event_and_ends_the_others() -> None:
    drawn = diagram().start().race("g").wait("t", "duration", "P3D").user("late").end()
    drawn.at("g").hear("m", "answer").user("answered").to("e")
    drawn.at("g").element("receiveTask", "r", messageRef="m_answer").user("received").to("e")
    definition = drawn.parsed()
    for event, expected in (("t", "late"), ("m", "answered"), ("r", "received")):
        play = Play(definition)
        play.start()
        assert play.waiting == ["m", "r", "t"]
        play.fire("t") if event == "t" else play.hear(event, text="好")
        assert play.waiting == [expected]


def test_parallel_gateways_in_series_stay_linear() -> None:
    sizes = []
    for count in (5, 50):
        drawn = diagram().start()
        for number in range(count):
            drawn.both(f"g{number}").script(f"a{number}", "{}").both(f"j{number}")
            drawn.at(f"g{number}").to(f"j{number}").at(f"j{number}")
        step = run(None, drawn.end().parsed(), Start(), now=NOW, seed="s")
        assert step.finished
        sizes.append(len(step.moves))
    assert sizes == [5 * 6 + 4, 50 * 6 + 4]


def test_a_link_pair_is_run_as_the_flow_it_stands_for() -> None:
    link = '<bpmn:linkEventDefinition name="next page"/>'
    drawn = diagram().start().element("intermediateThrowEvent", "out", link)
    drawn.element("intermediateCatchEvent", "in", link, connect=False).user("a").end()
    play = Play(drawn.parsed())

    step = play.start()

    assert play.waiting == ["a"]
    assert "out left" in moves(step)
    assert "in left" in moves(step)


def test_a_join_that_can_never_fire_is_a_fault_and_not_a_silent_halt() -> None:
    drawn = diagram().start().both("g").user("a").both("j").end().at("g").user("b").to("j")
    play = Play(drawn.on("b", "t", timer("duration", "P1D")).end("e2").parsed())
    play.start()
    play.fire("t")

    with pytest.raises(EngineError) as caught:
        play.complete("a")

    assert (caught.value.element_id, caught.value.code) == ("j", "deadlock")
    assert play.cancel().finished
