"""Differential random walks: stored, pruned and restored before every step, against kept alive and never pruned.

Each walk makes a diagram by chance, then takes the same random steps on both; every account of every step
must be the same, and what the living one would store must be the same bytes.
"""

import random
from datetime import timedelta
from typing import Any

import pytest

from tests.engine.builder import Diagram, again, condition, diagram, each, passing, timer, times
from tests.engine.play import NOW
from webapp.domain.errors import Conflict
from webapp.engine import (
    Broadcast,
    CallEscalated,
    Change,
    Command,
    Complete,
    Correlate,
    Definition,
    EngineError,
    Modify,
    Return,
    ServiceFailed,
    ServiceReturned,
    SetVariables,
    Start,
    Step,
    ThrowError,
    ThrowEscalation,
    TimerFired,
    cache,
    codec,
    run,
)
from webapp.engine.journal import Journal
from webapp.engine.machine import Machine
from webapp.engine.runtime import obey

SEED = 20261122
CANCEL = "<bpmn:cancelEventDefinition/>"
# What a diagram made by chance may do: throw what nobody catches, wait for ever, be moved where it cannot.
EXPECTED = ("error.uncaught", "deadlock", "conflict")
GIVEN = '<camunda:in variables="all"/><camunda:out source="n" target="n"/>'
WALKS = 220
STEPS = 25


class Maker:
    """Draws structured diagrams by chance, every block with one way in and one way out."""

    def __init__(self, chance: random.Random, key: str = "p") -> None:
        self.chance = chance
        self.drawn = diagram(key)
        self.count = 0
        self.called: list[Diagram] = []
        # What a signal begins throws none itself: it would call itself up again and again.
        self.signals = True

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.drawn.key}{self.count}"

    def started(self, depth: int) -> Diagram:
        self.drawn.start(self.name("s"))
        self.blocks(depth)
        return self.drawn

    def whole(self, depth: int) -> Diagram:
        self.started(depth).end(self.name("e"))
        for _ in range(self.chance.choice([0, 0, 1])):
            self.handled(depth)
        return self.drawn

    def handled(self, depth: int) -> None:
        interrupting = self.chance.random() < 0.5
        inside = Maker(self.chance, f"{self.drawn.key}{self.count}_")
        self.count += 1
        event = self.chance.choice(
            [
                (timer("duration", "P9D"), interrupting),
                (inside.drawn.message("stop"), interrupting),
                (inside.drawn.signal("go"), interrupting),
                (condition("=k > 4"), interrupting),
                (inside.drawn.escalation("late"), interrupting),
                ("<bpmn:errorEventDefinition/>", True),
            ]
        )
        inside.signals = False
        inside.drawn.start(inside.name("s"), None, *event)
        inside.blocks(min(depth, 1) - 1)
        inside.drawn.end(inside.name("e"))
        self.called += inside.called
        self.drawn.on_event(self.name("es"), inside.drawn)

    def blocks(self, depth: int) -> None:
        for _ in range(self.chance.randint(1, 3)):
            kinds = [self.person, self.person, self.service, self.script, self.wait, self.throw]
            if depth > 0:
                kinds += [self.choice, self.parallel, self.inclusive, self.loop, self.race, self.inner]
                kinds += [self.call, self.transaction]
            self.chance.choice(kinds)(depth - 1)

    def person(self, _depth: int) -> None:
        name, inner = self.name("u"), ""
        if self.chance.random() < 0.3:
            until = self.chance.choice([None, "=nrOfCompletedInstances > 1"])
            inner = self.chance.choice(
                [
                    each("=people", until=until, sequential=self.chance.random() < 0.5),
                    again("=a", most=3),
                    times("=2"),
                ]
            )
        self.drawn.user(name, inner)
        self.watched(name)

    def watched(self, host: str) -> None:
        for _ in range(self.chance.choice([0, 0, 1, 2])):
            event, interrupting = self.chance.choice(
                [
                    (timer("duration", "P2D"), True),
                    (timer("cycle", "R/P5D"), False),
                    (timer("cycle", "R2/P1M"), False),
                    (self.drawn.signal("go"), self.chance.random() < 0.5),
                    (condition("=k > 4"), False),
                    (self.drawn.escalation("late"), False),
                    (self.drawn.error("no"), True),
                    (self.drawn.message("note"), False),
                    (self.drawn.message("stop"), True),
                ]
            )
            self.drawn.on(host, self.name("b"), event, interrupting)
            self.drawn.script(self.name("c"), "{seen: k}")
            self.drawn.end(self.name("e"))
            self.drawn.at(host)

    def service(self, _depth: int) -> None:
        name = self.name("v")
        inner = each("=people") if self.chance.random() < 0.2 else ""
        self.drawn.service(name, inner, camunda_resultVariable="r")
        if self.chance.random() < 0.4:
            self.drawn.undone(name, "userTask", self.name("h"), camunda_candidateGroups="organ_head").at(name)
        if self.chance.random() < 0.5:
            self.drawn.on(name, self.name("b"), "<bpmn:errorEventDefinition/>").user(self.name("u"))
            self.drawn.end(self.name("e")).at(name)

    def script(self, _depth: int) -> None:
        self.drawn.script(self.name("c"), "{n: n + 1}")

    def wait(self, _depth: int) -> None:
        kind = self.chance.randint(0, 3)
        if kind == 0:
            self.drawn.wait(
                self.name("w"), "duration", self.chance.choice(["P1M", "P3D", '=duration("P1D")'])
            )
        elif kind == 1:
            self.drawn.catch(self.name("w"), self.drawn.signal("go"))
        elif kind == 2:
            self.drawn.catch(self.name("w"), condition("=k > 2"))
        else:
            self.drawn.hear(self.name("w"), "note", zaishang_correlation="=n")

    def throw(self, _depth: int) -> None:
        undo = "<bpmn:compensateEventDefinition/>" if "isForCompensation" in "".join(self.drawn.rows) else ""
        events = [self.drawn.escalation("late"), undo, *([self.drawn.signal("go")] if self.signals else [])]
        self.drawn.throw(self.name("x"), self.chance.choice(events))

    def call(self, depth: int) -> None:
        name = self.name("call")
        if self.chance.random() < 0.25:
            self.drawn.call(name, "elsewhere", passing(GIVEN), camunda_calledElementBinding="latest")
            self.watched(name)
            return
        inside = Maker(self.chance, f"q{name}")
        self.called += [inside.whole(depth), *inside.called]
        loop = each("=people", sequential=True) if self.chance.random() < 0.2 else ""
        self.drawn.call(name, f"q{name}", passing(GIVEN) + loop)
        self.watched(name)

    def transaction(self, depth: int) -> None:
        name = self.name("tx")
        inside = Maker(self.chance, f"{self.drawn.key}{self.count}_")
        body = inside.started(depth).xor(inside.name("g"))
        split = body.pencil or ""
        body.when("=a").end(inside.name("e"), CANCEL).at(split).otherwise().end(inside.name("e"))
        self.called += inside.called
        self.drawn.transaction(name, body).on(name, self.name("b"), CANCEL)
        self.drawn.script(self.name("c"), "{seen: k}").end(self.name("e")).at(name)

    def branches(self, split: str, join: str, conditions: list[str], depth: int) -> None:
        for text in conditions:
            self.drawn.at(split)
            if text:
                self.drawn.when(text)
            self.blocks(depth)
            self.drawn.to(join)

    def fork(self, kind: str, conditions: list[str], depth: int, default: bool) -> None:
        split, join = self.name("g"), self.name("j")
        self.drawn.element(kind, split).element(kind, join, connect=False).at(split)
        self.branches(split, join, conditions, depth)
        if default:
            self.drawn.at(split).otherwise().to(join)
        self.drawn.at(join)

    def choice(self, depth: int) -> None:
        self.fork("exclusiveGateway", ["=a", "=n > 3"], depth, default=True)

    def parallel(self, depth: int) -> None:
        self.fork("parallelGateway", [""] * self.chance.randint(2, 3), depth, default=False)

    def inclusive(self, depth: int) -> None:
        self.fork("inclusiveGateway", ["=a", "=n > 3", "=k > 2"], depth, default=True)

    def loop(self, depth: int) -> None:
        again, leave = self.name("g"), self.name("x")
        self.drawn.xor(again)
        self.person(depth)
        self.blocks(depth)
        self.drawn.xor(leave).when("=a").to(again).at(leave).otherwise()

    def race(self, depth: int) -> None:
        gate, join = self.name("g"), self.name("x")
        self.drawn.race(gate).element("exclusiveGateway", join, connect=False).at(gate)
        for number in range(2):
            self.drawn.at(gate)
            if number:
                self.drawn.hear(self.name("w"), "note")
            else:
                self.drawn.wait(self.name("w"), "duration", "P2D")
            self.blocks(depth)
            self.drawn.to(join)
        self.drawn.at(join)

    def inner(self, depth: int) -> None:
        name = self.name("sub")
        inside = Maker(self.chance, f"{self.drawn.key}{self.count}_")
        self.drawn.sub(name, inside.whole(depth))
        self.called += inside.called
        self.watched(name)


class Alive:
    """An instance never stored: the living machine with all its finished tasks."""

    def __init__(self, definition: Definition) -> None:
        self.machine = Machine(definition, cache.specs_of(definition), now=NOW, seed="seed")

    def do(self, command: Command, now: Any) -> Step:
        self.machine.now = now
        self.machine.script_engine.environment.now = now
        self.machine.journal, self.machine.steps = Journal(), 0
        obey(self.machine, command)
        content = codec.encode(self.machine)
        return self.machine.journal.step(content, dict(self.machine.variables), not self.machine.live)


class Open:
    """What is open, as a caller would know."""

    def __init__(self) -> None:
        self.items: dict[str, tuple[str, Any]] = {}

    def take(self, step: Step) -> None:
        for closed in (
            [task.id for task in step.closed], step.calls_closed, step.timers_closed, step.subscriptions_closed
        ):  # fmt: skip
            for name in closed:
                del self.items[name]
        for kind, opened in (
            ("task", step.opened), ("call", step.calls), ("timer", step.timers), ("message", step.subscriptions)
        ):  # fmt: skip
            self.items.update({item.id: (kind, item) for item in opened})


def choose(
    chance: random.Random, items: dict[str, tuple[str, Any]], now: Any, definition: Definition
) -> tuple[Command, Any]:
    values = {"a": chance.random() < 0.4, "k": chance.randint(0, 5), "n": chance.randint(0, 6)}
    tasks = sorted(name for name, (kind, _) in items.items() if kind == "task")
    if not items or chance.random() < 0.25:
        return outside(chance, tasks, values, definition), now
    name = chance.choice(sorted(items))
    kind, item = items[name]
    if kind == "task":
        return Complete(name, values), now
    if kind == "timer":
        return TimerFired(name), max(now, item.due_at) + timedelta(days=chance.choice([0, 0, 12]))
    if kind == "message":
        return Correlate(name, values), now
    if item.process is not None and chance.random() < 0.3:
        return CallEscalated(name, "late"), now
    return (ServiceReturned(name, values) if chance.random() < 0.7 else ServiceFailed(name, "boom")), now


def outside(
    chance: random.Random, tasks: list[str], values: dict[str, Any], definition: Definition
) -> Command:
    """Something an administrator or another instance does."""
    some = sorted(definition.nodes)
    commands: list[Command] = [SetVariables(values), Broadcast("go", values)]
    what = chance.choice(["cancel", "before", "after"])
    commands.append(Modify((Change(what, chance.choice(some)),)))  # type: ignore[arg-type]
    if tasks:
        task = chance.choice(tasks)
        commands += [
            ThrowError(task, "no"),
            ThrowEscalation(task, "late", values),
            Return(task, chance.choice(some)),
        ]
    return chance.choice(commands)


def walk(number: int) -> tuple[int, bool]:
    chance = random.Random(SEED + number)
    made = Maker(chance)
    definition = made.whole(2).parsed(*made.called)
    alive, opened, now = Alive(definition), Open(), NOW
    command: Command = Start({"a": True, "k": 1, "n": 2, "people": ["p1", "p2", "p3"]})
    state: bytes | None = None
    for count in range(STEPS):
        stored, kept = attempt(definition, state, alive, command, now)
        assert stored == kept, f"walk {number}, step {count}, {command}"
        if not isinstance(stored, Step):
            assert stored[1] in EXPECTED, f"walk {number}: {stored}"
            if state is None:
                return count, True
            specs = cache.specs_of(definition)
            alive.machine = codec.decode(state, definition, specs, now=now, seed="seed")
        else:
            state = stored.state
            opened.take(stored)
        if isinstance(stored, Step) and stored.finished:
            assert not opened.items
            return count, True
        command, now = choose(chance, opened.items, now, definition)
    return STEPS, False


def attempt(
    definition: Definition, state: bytes | None, alive: Alive, command: Command, now: Any
) -> tuple[Any, Any]:
    results: list[Any] = []
    for step in (
        lambda: run(state, definition, command, now=now, seed="seed"),
        lambda: alive.do(command, now),
    ):
        try:
            results.append(step())
        except EngineError as error:
            results.append((error.element_id, error.code))
        except Conflict as error:
            results.append((str(error), "conflict"))
    return results[0], results[1]


@pytest.mark.parametrize("part", range(4))
def test_stored_and_restored_walks_are_the_same_as_living_ones(part: int) -> None:
    print(f"seed {SEED}")  # noqa: T201  a failing walk is replayed by its seed
    done = [walk(number) for number in range(part * WALKS // 4, (part + 1) * WALKS // 4)]

    assert sum(finished for _, finished in done) > len(done) // 4
    assert sum(count for count, _ in done) > 4 * len(done)
