"""Migration: what is open stays open under the new version, with its ids, its due instants and its variables."""

import base64
from datetime import timedelta

import pytest

from tests.engine.builder import Diagram, diagram, each, timer
from tests.engine.play import NOW, Play
from webapp.domain.errors import Conflict
from webapp.engine import Complete, Definition, TimerFired, migrate, open_tasks, reasons_against, run


def before() -> Diagram:
    drawn = diagram().start().user("a").user("b").end()
    return drawn.on("a", "t", timer("duration", "P1Y6M"), interrupting=False).user("late").end("e2")


def moved(play: Play, target: Definition, **mapping: str) -> Play:
    assert play.state is not None
    assert reasons_against(play.state, play.definition, target, mapping) == ()
    later = play.now + timedelta(days=100)
    found = migrate(play.state, play.definition, target, mapping, now=later, seed="m")
    assert found == migrate(play.state, play.definition, target, mapping, now=later, seed="m")
    fresh = Play(target, later, "m2")
    fresh.tasks, fresh.timers = dict(play.tasks), dict(play.timers)
    fresh.calls, fresh.subscriptions = dict(play.calls), dict(play.subscriptions)
    fresh.keep(found.step)
    assert set(found.renamed) <= {*fresh.tasks, *fresh.timers, *fresh.calls, *fresh.subscriptions}
    return fresh


def refused(play: Play, target: Definition, **mapping: str) -> tuple[str, ...]:
    assert play.state is not None
    reasons = reasons_against(play.state, play.definition, target, mapping)
    with pytest.raises(Conflict):
        migrate(play.state, play.definition, target, mapping, now=NOW, seed="m")
    return reasons


def test_the_due_instant_and_the_id_of_what_is_open_are_kept() -> None:
    play = Play(before().parsed())
    play.start(n=1)
    due = next(iter(play.timers.values()))
    target = before().at("b").user("c").to("e").parsed()

    fresh = moved(play, target)

    assert open_tasks(fresh.state or b"", target)[0].id == next(iter(play.tasks))
    assert list(fresh.timers.values()) == [due]
    fresh.fire("t")
    assert fresh.now == due.due_at
    fresh.complete("a")
    fresh.complete("b")
    assert fresh.waiting == ["c", "late"]


def test_an_element_with_another_name_is_mapped() -> None:
    play = Play(before().parsed())
    play.start()
    target = diagram().start().user("renamed").end().parsed()

    assert refused(play, target) == ("正在进行的“a”在新版本中没有同类的对应环节，请为它指定对应关系",)
    fresh = moved(play, target, a="renamed")

    assert not fresh.timers
    step = run(fresh.state, target, Complete(next(iter(fresh.tasks))), now=NOW, seed="s")
    assert step.finished


def test_an_element_of_another_kind_is_no_place() -> None:
    play = Play(before().parsed())
    play.start()
    assert refused(play, diagram().start().service("a").end().parsed())
    assert refused(play, diagram().start().user("a", each("=[1]")).end().parsed())


def test_a_boundary_event_the_new_version_adds_begins_to_wait() -> None:
    play = Play(diagram().start().user("a").end().parsed())
    play.start()
    fresh = moved(play, before().at("a").to("e").parsed())
    assert [item.element_id for item in fresh.timers.values()] == ["t"]
    fresh.complete("a")
    assert fresh.timers == {}


def test_a_boundary_event_that_has_happened_does_not_happen_again() -> None:
    play = Play(before().parsed())
    play.start()
    play.fire("t")
    assert not moved(play, before().parsed()).timers


def test_an_event_sub_process_the_new_version_adds_begins_to_wait() -> None:
    play = Play(diagram().start().user("a").end().parsed())
    play.start()
    inside = diagram("i").start("is", "stop").user("iu").end("ie")
    fresh = moved(play, diagram().start().user("a").end().on_event("es", inside).parsed())
    fresh.hear("is")
    assert [task.element_id for task in fresh.tasks.values()] == ["iu"]


def test_sub_processes_many_instances_and_joins_are_taken_over() -> None:
    def version(extra: bool) -> Diagram:
        inside = diagram("i").start("is").user("all", each("=[1, 2, 3]")).end("ie")
        drawn = diagram().start().both("g").sub("sub", inside).both("j").user("z").end()
        drawn.at("g").user("b").to("j")
        return drawn.on("z", "t", timer("duration", "P1D")).to("e") if extra else drawn

    play = Play(version(extra=False).parsed())
    play.start()
    play.complete("b")
    play.complete("all")
    fresh = moved(play, version(extra=True).parsed())
    fresh.complete("all")
    fresh.complete("all")
    assert fresh.waiting == ["t", "z"]


def test_what_may_have_to_be_undone_is_taken_over() -> None:
    def version(name: str) -> Diagram:
        drawn = (
            diagram().start().service(name).user("a").throw("t", "<bpmn:compensateEventDefinition/>").end()
        )
        return drawn.undone(name, "serviceTask", f"undo_{name}", camunda_delegateExpression="case.note")

    play = Play(version("one").parsed())
    play.start()
    play.returned("one")
    fresh = moved(play, version("two").parsed(), one="two", undo_one="undo_two")
    fresh.complete("a")
    assert fresh.waiting == ["undo_two"]


def test_called_processes_keep_their_variables() -> None:
    def callee(more: bool) -> Diagram:
        drawn = diagram("q").start("qs").user("qu")
        return (drawn.user("qv") if more else drawn).end("qe")

    main = diagram().start().call("c", "q", '<bpmn:extensionElements><camunda:in variables="all"/>'
                                  '</bpmn:extensionElements>').end()  # fmt: skip
    play = Play(main.parsed(callee(more=False)))
    play.start(n=5)
    fresh = moved(play, main.parsed(callee(more=True)))
    fresh.complete("q:qu")
    assert fresh.waiting == ["q:qv"]


def test_a_token_at_a_join_whose_flow_is_gone_has_no_place() -> None:
    drawn = diagram().start().both("g").user("a").both("j").end().at("g").user("b").to("j")
    play = Play(drawn.parsed())
    play.start()
    play.complete("a")
    # The flow of the same id comes from elsewhere now.
    other = diagram().start().both("g").user("c").both("j").end().at("g").user("b").to("j")
    assert refused(play, other.parsed()) == ("正在进行的“j”在新版本中没有同类的对应环节，请为它指定对应关系",)


def test_a_token_at_a_join_comes_by_the_flow_of_the_mapped_element() -> None:
    drawn = diagram().start().both("g").user("a").both("j").user("z").end().at("g").user("b").to("j")
    play = Play(drawn.parsed())
    play.start()
    play.complete("a")
    other = diagram().start().both("g").user("b").both("j").user("z").end().at("g").user("c").to("j")
    fresh = moved(play, other.parsed(), a="c")
    fresh.complete("b")
    assert fresh.waiting == ["z"]


def test_an_instance_that_is_over_is_not_migrated() -> None:
    play = Play(diagram().start().user("a").end().parsed())
    play.start()
    play.complete("a")
    assert refused(play, play.definition) == ("流程实例已经结束",)


def test_a_timer_may_fire_after_the_migration_by_its_old_id() -> None:
    play = Play(before().parsed())
    play.start()
    timer_id = next(iter(play.timers))
    fresh = moved(play, before().parsed())
    fresh.now = play.timers[timer_id].due_at
    assert fresh.do(TimerFired(timer_id)).opened
    assert base64.b64encode(fresh.state or b"")
