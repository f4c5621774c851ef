"""The plain engine and ours side by side, for diagrams whose expressions are Python. Only tests read them so."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.util.task import TaskState

from tests.engine.play import NOW
from webapp.engine import markup, reader
from webapp.engine.builder import build
from webapp.engine.codec import decode, encode
from webapp.engine.commands import Command, Complete, Start
from webapp.engine.drawing import Drawing
from webapp.engine.expressions import Text
from webapp.engine.machine import Machine
from webapp.engine.nouns import Definition, Step
from webapp.engine.plan import Part, Plan, joined
from webapp.engine.runtime import obey

SCRIPT = "# script\n"
PEOPLE = ("manualTask", "task", "userTask")


class Python(BasePythonScriptEngineEnvironment):  # type: ignore[misc]
    """Evaluates the Python of the test data, in the place where the product evaluates FEEL alone."""

    functions = None

    def evaluate(self, expression: str, context: Mapping[str, Any], external_context: Any = None) -> Any:
        values = dict(context)
        if not expression.startswith(SCRIPT):
            return eval(expression, values)
        before = set(values)
        with redirect_stdout(StringIO()):
            exec(expression, values)
        values.pop("__builtins__", None)
        return {name: value for name, value in values.items() if name in before or _is_data(value)}


def _is_data(value: Any) -> bool:
    return isinstance(value, (str, int, float, bool, list, dict, type(None)))


class Plain:
    """A workflow of the plain engine."""

    def __init__(self, spec: Any, subs: Any) -> None:
        self.spec, self.subs = spec, subs
        self.workflow: Any = None

    def start(self) -> None:
        """Begin."""
        self.workflow = BpmnWorkflow(self.spec, self.subs)
        self._settle()

    def open(self) -> list[str]:
        """The elements people are asked at."""
        return sorted(_plain_name(task) for task in self._ready())

    def _settle(self) -> None:
        with redirect_stdout(StringIO()):
            self.workflow.do_engine_steps()

    def _ready(self) -> list[Any]:
        return list(self.workflow.get_tasks(state=TaskState.READY, manual=True))

    def complete(self, element: str, values: Mapping[str, Any]) -> None:
        """Finish the first task at the element."""
        task = next(one for one in self._ready() if _plain_name(one) == element)
        task.data.update(values)
        task.run()
        self._settle()

    @property
    def finished(self) -> bool:
        """Whether the instance has ended."""
        return bool(self.workflow.is_completed())


def _plain_name(task: Any) -> str:
    name: str = task.task_spec.name
    return name.removesuffix(" [child]")


def plain_specs(files: list[Path], process: str) -> tuple[Any, Any]:
    """The plain engine's specs of a process."""
    parser = SpiffBpmnParser()
    for file in files:
        parser.add_bpmn_file(str(file))
    return parser.get_spec(process), parser.get_subprocess_specs(process)


class Ours:
    """Our engine on the same diagram: stored, pruned and restored before every step."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.specs = build(definition.plan)
        self.state: bytes | None = None
        self.tasks: dict[str, str] = {}
        self.finished = False

    def do(self, command: Command) -> Step:
        """One step."""
        machine = self._machine()
        machine.script_engine.environment = Python()
        obey(machine, command)
        step = machine.journal.step(encode(machine), dict(machine.variables), not machine.live)
        self.state, self.finished = step.state, step.finished
        for task in step.closed:
            del self.tasks[task.id]
        self.tasks |= {task.id: task.element_id.rpartition(":")[2] for task in step.opened}
        return step

    def _machine(self) -> Machine:
        if self.state is None:
            return Machine(self.definition, self.specs, now=NOW, seed="s")
        return decode(self.state, self.definition, self.specs, now=NOW, seed="s")

    def start(self) -> None:
        """Begin."""
        self.do(Start())

    def open(self) -> list[str]:
        """The elements people are asked at."""
        return sorted(self.tasks.values())

    def complete(self, element: str, values: Mapping[str, Any]) -> None:
        """Finish the first task at the element."""
        self.do(Complete(next(name for name, at in self.tasks.items() if at == element), dict(values)))


def drawings(files: list[Path]) -> list[Drawing]:
    """Everything drawn in the files."""
    found: list[Drawing] = []
    for file in files:
        found += reader.read(markup.parse(file.read_bytes(), file.name), file.name)
    return found


def definition_of(main: Drawing, others: list[Drawing]) -> Definition:
    """The definition of a drawing, unjudged, its scripts and times marked as Python."""
    plan = joined(_readable(main.plan()), [_readable(other.plan()) for other in others])
    nodes = {name: part.node for name, part in plan.parts.items()}
    return Definition(
        main.key, main.name, main.key, nodes, tuple(link.flow for link in plan.links), plan=plan
    )


def _readable(plan: Plan) -> Plan:
    return Plan.of(plan.key, {name: _part(part) for name, part in plan.parts.items()}, plan.links)


def _part(part: Part) -> Part:
    node = part.node
    if node.kind in PEOPLE:
        node = replace(node, kind="userTask")
    passes = node.kind == "callActivity"
    return replace(
        part,
        node=node,
        script=_marked(part.script),
        passes_all=passes,
        returns_all=passes,
        timer=_python(part.timer),
    )


def _marked(text: Text | None) -> Text | None:
    return Text(text.literal, SCRIPT + text.literal) if text is not None else None


def _python(text: Text | None) -> Text | None:
    return Text(text.literal, text.literal) if text is not None else None
