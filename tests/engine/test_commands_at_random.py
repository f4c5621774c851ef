"""Commands in random order: no token lost or doubled, what callers keep open is what the state holds open."""

from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.engine.builder import Diagram, condition, diagram, each, passing, timer
from tests.engine.play import Play
from webapp.domain.errors import Conflict
from webapp.engine import (
    Broadcast,
    Change,
    Command,
    Definition,
    EngineError,
    Modify,
    Return,
    SetVariables,
    ThrowError,
    ThrowEscalation,
    cache,
    codec,
    migrate,
)  # fmt: skip

UNDO = "<bpmn:compensateEventDefinition/>"
CANCEL = "<bpmn:cancelEventDefinition/>"


def whole() -> tuple[Diagram, Diagram]:
    """Every kind of element once."""
    callee = diagram("q")
    callee.start("qs").user("qu").end("qe", callee.error("no")).at("qu").on(
        "qu", "qt", timer("duration", "P2D")
    ).end("qe2")
    tx = diagram("t").start("ts").service("book").user("tu").xor("tx").when("=a").end("tc", CANCEL)
    tx.undone("book", "userTask", "unbook", camunda_candidateGroups="organ_head")
    tx.at("tx").otherwise().end("te")
    watch = diagram("w")
    watch.start("ws", None, watch.signal("go"), interrupting=False).user("wu").end("we")
    inner = (
        diagram("i").start("is").both("ib").user("iu").throw("ix", diagram().escalation("late")).user("iv")
    )
    inner.both("ij").end("ie").at("ib").user("ip").to("ij")
    inner.shared += ['<bpmn:escalation id="esc_late" escalationCode="late"/>']
    inner.on_event("es", watch)
    drawn = diagram().start().some("split").when("=k > 1").sub("sub", inner).some("join").xor("more")
    drawn.on("sub", "late", drawn.escalation("late"), interrupting=False).user("remind").end("e2")
    drawn.at("split").when("=a").call("call", "q", passing('<camunda:in variables="all"/>')).to("join")
    drawn.on("call", "caught", drawn.error("no")).to("join")
    drawn.at("split").otherwise().user("each", each("=people", until="=nrOfCompletedInstances > 1")).to(
        "join"
    )
    drawn.on("each", "stop", drawn.message("stop")).to("join")
    drawn.at("more").when("=a").to("split").at("more").otherwise().transaction("trans", tx).race("race")
    drawn.on("trans", "cancelled", CANCEL).to("race")
    drawn.at("race").wait("later", "duration", "P3D").throw("undo", UNDO).end()
    drawn.at("race").catch("when", condition("=k > 4")).to("undo")
    return drawn, callee


MAIN, CALLEE = whole()
MAIN.rows = [row.replace('targetRef="split"', 'targetRef="again"') if 'sourceRef="more"' in row or
             'sourceRef="s"' in row else row for row in MAIN.rows]  # fmt: skip
MAIN.at("again").element("exclusiveGateway", "again", connect=False).to("split")
DEFINITION: Definition = MAIN.parsed(CALLEE)
ELEMENTS = sorted(DEFINITION.nodes)
VALUES = st.fixed_dictionaries({"a": st.booleans(), "k": st.integers(0, 5)})


class Instance(RuleBasedStateMachine):
    """One instance under everything that can be asked of it."""

    @initialize(values=VALUES)
    def begin(self, values: dict[str, Any]) -> None:
        self.start(values)

    def start(self, values: dict[str, Any]) -> None:
        self.play = Play(DEFINITION)
        self.play.start(people=["p1", "p2", "p3"], **values)

    @precondition(lambda self: not self.goes_on)
    @rule(values=VALUES)
    def another_one_begins(self, values: dict[str, Any]) -> None:
        self.start(values)

    def attempt(self, command: Command) -> None:
        before = self.play.state
        try:
            self.play.do(command)
        except Conflict:
            assert self.play.state == before
        except EngineError as error:
            if error.code not in ("error.uncaught", "deadlock"):
                raise
            assert self.play.state == before

    @property
    def goes_on(self) -> bool:
        return self.play.last is not None and not self.play.last.finished

    @precondition(lambda self: self.goes_on)
    @rule(data=st.data(), values=VALUES)
    def something_open_is_done(self, data: st.DataObject, values: dict[str, Any]) -> None:
        play = self.play
        kinds = [kept for kept in (play.tasks, play.calls, play.timers, play.subscriptions) if kept]
        if not kinds:
            return
        kept: Any = data.draw(st.sampled_from(kinds))
        element = data.draw(st.sampled_from(sorted({item.element_id for item in kept.values()})))
        if kept is play.tasks:
            play.complete(element, **values)
        elif kept is play.timers:
            play.fire(element)
        elif kept is play.calls:
            play.returned(element)
        else:
            play.hear(element, **values)

    @precondition(lambda self: self.goes_on)
    @rule(values=VALUES)
    def variables_are_set(self, values: dict[str, Any]) -> None:
        self.attempt(SetVariables(values))

    @precondition(lambda self: self.goes_on)
    @rule()
    def a_signal_comes(self) -> None:
        self.attempt(Broadcast("go"))

    @precondition(lambda self: self.goes_on)
    @rule(what=st.sampled_from(["cancel", "before", "after"]), element=st.sampled_from(ELEMENTS))
    def it_is_modified(self, what: Any, element: str) -> None:
        self.attempt(Modify((Change(what, element),)))

    @precondition(lambda self: self.goes_on and self.play.tasks)
    @rule(data=st.data(), element=st.sampled_from(ELEMENTS), how=st.integers(0, 2))
    def a_person_returns_or_throws(self, data: st.DataObject, element: str, how: int) -> None:
        task = data.draw(st.sampled_from(sorted(self.play.tasks)))
        kinds: list[Command] = [Return(task, element), ThrowError(task, "no"), ThrowEscalation(task, "late")]
        self.attempt(kinds[how])

    @precondition(lambda self: self.goes_on)
    @rule()
    def it_is_migrated_to_the_same_diagram(self) -> None:
        play = self.play
        found = migrate(play.state or b"", DEFINITION, DEFINITION, {}, now=play.now, seed="m")
        step = found.step
        assert (step.opened, step.closed, step.timers, step.timers_closed) == ((), (), (), ())
        assert codec.unpack(found.step.state)["scopes"] == codec.unpack(play.state or b"")["scopes"]

    @invariant()
    def what_is_kept_open_is_open_in_the_state(self) -> None:
        if not hasattr(self, "play"):
            return
        play = self.play
        specs = cache.specs_of(DEFINITION)
        machine = codec.decode(play.state or b"", DEFINITION, specs, now=play.now, seed="x")
        exposed = [
            token
            for scope in machine.every_scope()
            for token in scope.live.values()
            if token.task_spec.exposed and token.task_spec.part.timer_kind != "condition"
        ]
        rows = {*play.tasks, *play.calls, *play.timers, *play.subscriptions}
        assert sorted(token.id for token in exposed) == sorted(rows)
        assert len(play.state or b"") < 2048


Instance.TestCase.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
TestCommandsAtRandom = Instance.TestCase
