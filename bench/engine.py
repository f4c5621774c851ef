"""The engine alone, without a database: against the stock engine, against its own age, and FEEL against pySFeel."""

import gc
import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.util.task import TaskState

from bench import world as worlds
from bench.measures import Settings, timed, typical
from webapp import engine
from webapp.engine import feel
from webapp.engine.commands import Complete, Start
from webapp.services import deployments
from webapp.services.delegates import DELEGATES
from webapp.services.office import BROUGHT, FUNCTION_NAMES, ROLE_CODES, STANDARD_VARIABLES

MOMENT = datetime(2026, 3, 2, 1, tzinfo=UTC)
WORKFLOWS = Path(__file__).resolve().parents[1] / "workflows"
CATALOGUE = engine.Catalogue(frozenset(DELEGATES), ROLE_CODES, STANDARD_VARIABLES, BROUGHT)
# For diagrams without forms: variables come from the caller.
PLAIN = engine.Catalogue(roles=ROLE_CODES)
# The stock engine grows with every step: it is measured on an instance of a few steps, the best it can do.
FEW = 5
CONDITION = '(amount > 100 and kind = "x") or urgent'
VALUES = {"amount": 150, "kind": "x", "urgent": False}
ROWS = 15


@dataclass(slots=True)
class EngineFigures:
    """Times in microseconds, lower deciles; ratios; counts."""

    times: dict[str, float] = field(default_factory=dict)
    ratios: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def measure(settings: Settings, log: Callable[[str], None]) -> EngineFigures:
    """Everything of the engine that needs no database."""
    figures = EngineFigures()
    for said, work in (
        ("the engine beside the stock one", _beside_stock),
        (f"the engine after {settings.grown} steps", _growth),
        ("starts", _starts),
        ("parallel gateways and a long chain", _shapes),
        ("expressions and tables", _expressions),
    ):
        log(said)
        gc.collect()
        work(settings, figures)
    return figures


def _process(body: str, key: str = "p") -> bytes:
    head = worlds.HEAD
    return f'{head}<bpmn:process id="{key}" isExecutable="true">{body}</bpmn:process></bpmn:definitions>'.encode()


def _flow(number: int, source: str, target: str, condition: str = "") -> str:
    inner = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    return f'<bpmn:sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'


def _round(condition: str) -> bytes:
    return _process(
        '<bpmn:startEvent id="s"/><bpmn:userTask id="a" xmlns:c="http://camunda.org/schema/1.0/bpmn"'
        f' c:candidateGroups="{worlds.ROLE}"/><bpmn:exclusiveGateway id="g" default="f4"/><bpmn:endEvent id="e"/>'
        + _flow(1, "s", "a") + _flow(2, "a", "g") + _flow(3, "g", "a", condition) + _flow(4, "g", "e")
    )  # fmt: skip


def _parsed(drawn: bytes) -> engine.Definition:
    return engine.parse({"p.bpmn": drawn}, PLAIN)


class Ours:
    """An instance of ours between its steps: bytes."""

    def __init__(self, definition: engine.Definition) -> None:
        self.definition = definition
        self.take(engine.run(None, definition, Start(), now=MOMENT, seed="b"))

    def take(self, step: engine.Step) -> None:
        """Keep what a caller keeps."""
        self.state, self.task = step.state, step.opened[0].id

    def step(self) -> None:
        """Read, complete, run, prune, write."""
        command = Complete(self.task, {"again": True, "amount": 150})
        self.take(engine.run(self.state, self.definition, command, now=MOMENT, seed="b"))


class Stock:
    """A live instance of the engine as it comes; nothing is read or written."""

    def __init__(self, drawn: bytes) -> None:
        parser = SpiffBpmnParser()
        parser.add_bpmn_str(drawn)
        self.workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
        self.workflow.do_engine_steps()

    def step(self) -> None:
        """Complete the task and run on."""
        (task,) = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        task.data.update(again=True, amount=150)
        task.run()
        self.workflow.do_engine_steps()


def _beside_stock(settings: Settings, figures: EngineFigures) -> None:
    """The first few steps of an instance, taken together: later ones cost the stock engine more."""
    definition = _parsed(_round("=again"))
    taken: dict[str, list[float]] = {"engine step": [], "stock step": []}
    for number in range(settings.warm + settings.rounds):
        ours, stock = Ours(definition), Stock(_round("again"))
        mine = theirs = 0.0
        for _ in range(FEW):
            mine += timed(ours.step)
            theirs += timed(stock.step)
        if number >= settings.warm:
            taken["engine step"].append(mine / FEW)
            taken["stock step"].append(theirs / FEW)
    figures.times |= {name: typical(values) for name, values in taken.items()}
    figures.ratios["engine / stock"] = figures.times["engine step"] / figures.times["stock step"]
    figures.counts["engine state bytes"] = len(ours.state)


def _growth(settings: Settings, figures: EngineFigures) -> None:
    definition = _parsed(_round("=again"))
    old = Ours(definition)
    for _ in range(settings.grown):
        old.step()
    young, ages = Ours(definition), ([], [])  # type: tuple[Ours, tuple[list[float], list[float]]]
    for number in range(settings.rounds):
        if number % settings.young == 0:
            young = Ours(definition)
        for one, values in zip((young, old), ages, strict=True):
            values.append(timed(one.step))
    figures.ratios["engine growth"] = typical(ages[1]) / typical(ages[0])


def _starts(settings: Settings, figures: EngineFigures) -> None:
    slowest = 0.0
    for bundle in deployments.read_folder(WORKFLOWS):
        slowest = max(slowest, _start(engine.parse(bundle.files, CATALOGUE), settings))
    figures.times["slowest start of workflows/"] = slowest


def _start(definition: engine.Definition, settings: Settings) -> float:
    given = dict.fromkeys(sorted(STANDARD_VARIABLES), "1")
    functions = dict.fromkeys(FUNCTION_NAMES, _a_day)
    begun = next(
        node.id for node in definition.nodes.values() if node.kind == "startEvent" and node.scope is None
    )
    start = partial(
        engine.run, None, definition, Start(given, begun), now=MOMENT, seed="b", functions=functions
    )
    return typical([timed(partial(_tried, start)) for _ in range(max(3, settings.rounds // 4))])


def _a_day(*_given: object) -> object:
    return MOMENT.date()


def _tried(start: Callable[[], object]) -> None:
    """A start that needs values of a real case stops half-way; it has cost what it cost."""
    try:
        start()
    except engine.EngineError:
        return


def _shapes(settings: Settings, figures: EngineFigures) -> None:
    times = {count: _start(_parsed(series(count)), settings) for count in (12, 48)}
    figures.times["start of 12 parallel gateways in series"] = times[12]
    figures.ratios["48 / 12 parallel gateways"] = times[48] / times[12]
    short, long = settings.chain // 10, settings.chain
    taken = {count: timed(partial(_parsed, chain(count))) for count in (short, long)}
    figures.times["parsing a long chain"] = taken[long]
    figures.ratios["a node of a long chain / of a short one"] = (taken[long] / long) / (taken[short] / short)
    figures.counts["nodes of the long chain"] = long


def series(count: int) -> bytes:
    """Pairs of parallel gateways, one after the other, with nothing to wait for but the end."""
    parts, flows, last = ['<bpmn:startEvent id="s"/>'], 0, "s"
    for number in range(count):
        split, join = f"p{number}", f"j{number}"
        parts += [f'<bpmn:parallelGateway id="{name}"/>' for name in (split, join)]
        parts += [f'<bpmn:manualTask id="{side}{number}"/>' for side in "ab"]
        for source, target in ((last, split), *((split, f"{side}{number}") for side in "ab"),
                               *((f"{side}{number}", join) for side in "ab")):  # fmt: skip
            flows += 1
            parts.append(_flow(flows, source, target))
        last = join
    return _process("".join([*parts, '<bpmn:endEvent id="e"/>', _flow(flows + 1, last, "e")]))


def chain(count: int) -> bytes:
    """Nodes in a row."""
    names = ["s", *(f"t{number}" for number in range(count)), "e"]
    nodes = [f'<bpmn:manualTask id="{name}"/>' for name in names[1:-1]]
    flows = [_flow(number, source, target) for number, (source, target) in enumerate(pairwise(names))]
    return _process("".join(['<bpmn:startEvent id="s"/>', *nodes, '<bpmn:endEvent id="e"/>', *flows]))


def _expressions(settings: Settings, figures: EngineFigures) -> None:
    condition = feel.compile(CONDITION)
    model = engine.parse(
        {"p.bpmn": _round("=again"), "rate.dmn": table()}, PLAIN
    ).decisions["rate"]  # fmt: skip
    asked = {"amount": 1499, "kind": "k14", "urgent": False}
    pairs: dict[str, tuple[Callable[[], object], Callable[[], object] | None]] = {
        "a condition of three terms": (lambda: condition.evaluate(VALUES, now=MOMENT), _other_condition()),
        "a table of 15 rules and 3 inputs": (lambda: model.decide("rate", asked, now=MOMENT), _other_table()),
    }
    for name, (mine, theirs) in pairs.items():
        own, other = [], []
        for _ in range(settings.warm + settings.rounds):
            own.append(timed(mine))
            if theirs is not None:
                other.append(timed(theirs))
        figures.times[name] = typical(own[settings.warm :])
        if theirs is not None:
            figures.times[f"{name}, pySFeel"] = typical(other[settings.warm :])
            figures.ratios[f"pySFeel / {name}"] = figures.times[f"{name}, pySFeel"] / figures.times[name]


def table() -> bytes:
    """Fifteen rules over three inputs, of which the last one fits."""
    rules = "".join(
        f'<rule id="r{n}"><inputEntry><text>[{n * 100}..{n * 100 + 99}]</text></inputEntry>'
        f'<inputEntry><text>"k{n}"</text></inputEntry><inputEntry><text>false</text></inputEntry>'
        f"<outputEntry><text>{n}</text></outputEntry></rule>"
        for n in range(ROWS)
    )
    inputs = "".join(
        f'<input id="i{n}"><inputExpression><text>{name}</text></inputExpression></input>'
        for n, name in enumerate(("amount", "kind", "urgent"))
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="u">'
        f'<decision id="rate" name="rate"><decisionTable hitPolicy="FIRST">{inputs}'
        f'<output id="o" name="rate" typeRef="number"/>{rules}</decisionTable></decision></definitions>'
    ).encode()


def _other() -> Any:
    """pySFeel, where somebody has installed it: it is under the GPL and no part of this house."""
    if find_spec("pySFeel") is None:
        return None
    return importlib.import_module("pySFeel").SFeelParser()


def _other_condition() -> Callable[[], object] | None:
    parser = _other()
    if parser is None:
        return None
    for name, value in VALUES.items():
        text = f'"{value}"' if isinstance(value, str) else str(value).lower()
        parser.sFeelParse(f"{name} <- {text}")
    return partial(parser.sFeelParse, CONDITION)


def _other_table() -> Callable[[], object] | None:
    """Its own tables read files: the cells one after the other, as such a reader does."""
    parser = _other()
    if parser is None:
        return None
    for text in ("amount <- 1499", 'kind <- "k14"', "urgent <- false"):
        parser.sFeelParse(text)

    def decide() -> int:
        for number in range(ROWS):
            cells = (
                f"amount in [{number * 100}..{number * 100 + 99}]",
                f'kind = "k{number}"',
                "urgent = false",
            )
            if all(parser.sFeelParse(cell)[1] is True for cell in cells):
                return number
        raise LookupError("no rule fits")

    return decide
