"""A decision model 决策模型: parsed once, asked often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from webapp.engine.feel import FeelBudgetError, FeelFunction, Run
from webapp.engine.feel.calls import arranged
from webapp.engine.feel.names import normal
from webapp.engine.feel.values import Value, bounded, to_feel

from .builder import Builder
from .document import Element, imports_of, read
from .errors import DecisionError, DmnError, Problem
from .graph import Decision, InputData, Knowledge, Node, Service, read_graph
from .outcome import DecisionOutcome, Job, Note, Trace
from .tables import Table
from .types import Types

Functions = Mapping[str, Callable[..., object]]
MAX_IMPORTS = 10
Known = dict[str, Value]
"""Values already found, by the id of the node."""


@dataclass(frozen=True, slots=True)
class DecisionModel:
    """All decisions of one file, compiled; share it freely between evaluations.

    ``nodes`` holds those of imported files too, under ``namespace#id``; ``imports`` says for each file, the one
    asked under the empty name, by which names it sees the others.
    """

    id: str
    name: str
    nodes: Mapping[str, Node]
    types: Types
    imports: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def decisions(self) -> tuple[str, ...]:
        """The ids of the decisions, in the order of the file; those of imported files are not its own."""
        return tuple(
            node.id for node in self.nodes.values() if isinstance(node, Decision) and "#" not in node.id
        )

    @property
    def services(self) -> tuple[str, ...]:
        """The ids of the decision services."""
        return tuple(node.id for node in self.nodes.values() if isinstance(node, Service))

    def answer_name(self, decision_id: str) -> str:
        """What a single answer is called: the only output of its table, else the decision itself."""
        table = getattr(getattr(self.nodes.get(decision_id), "logic", None), "__self__", None)
        only = table.outputs[0].name if isinstance(table, Table) and len(table.outputs) == 1 else ""
        return only or decision_id

    def answer_type(self, decision_id: str) -> str | None:
        """The type a table names for its only output; None where it names none or has several."""
        table = getattr(getattr(self.nodes.get(decision_id), "logic", None), "__self__", None)
        return table.outputs[0].type if isinstance(table, Table) and len(table.outputs) == 1 else None

    def decide(
        self,
        decision_id: str,
        inputs: Mapping[str, object],
        *,
        now: datetime | None = None,
        functions: Functions | None = None,
    ) -> DecisionOutcome:
        """The value of a decision (by id or name) for inputs by name, with a trace of all it asked.

        DecisionError when rules contradict the hit policy, a value is not allowed, or there is no such
        decision; FeelBudgetError when it costs too much.
        """
        node = self._find(decision_id)
        job = Job(Run(now, functions))
        try:
            given = {normal(name): to_feel(job.run, value) for name, value in inputs.items()}
            if isinstance(node, Service):
                value = self._serve(job, node, given)
            else:
                value = self._decided(job, node, self._inputs(job.run, given), self._loose(given))
        except RecursionError:
            raise FeelBudgetError from None
        return DecisionOutcome(bounded(value), tuple(job.traces))

    def _find(self, wanted: str) -> Decision | Service:
        node = self.nodes.get(wanted)
        found = [node] if node is not None else [item for item in self.nodes.values() if item.name == wanted]
        for item in found:
            if isinstance(item, Decision | Service):
                return item
        raise DecisionError(f"没有名为“{wanted}”的决策。", f"There is no decision {wanted}.", wanted)

    def _inputs(self, run: Run, given: Known) -> Known:
        return {
            node.id: self.types.entered(run, given[node.name], node.type)
            for node in self.nodes.values()
            if isinstance(node, InputData) and node.name in given
        }

    def _loose(self, given: Known) -> Known:
        """Inputs no node declares: a file without input data reads them by name."""
        declared = {node.name for node in self.nodes.values()}
        return {name: value for name, value in given.items() if name not in declared}

    def _decided(self, job: Job, decision: Decision, known: Known, loose: Known) -> Value:
        if decision.id in known:
            return known[decision.id]
        names = self._names(job, decision, decision.needs, known, loose)
        job.notes.append(Note())
        value = self.types.coerced(job.run, decision.logic(job, names), decision.type)
        note = job.notes.pop()
        inputs = note.inputs or {
            self.nodes[item].name: names.get(self.nodes[item].name) for item in self._data(decision)
        }
        bounded([value, *inputs.values()])
        job.traces.append(Trace(decision.id, decision.name, inputs, tuple(note.rules), value))
        known[decision.id] = value
        return value

    def _data(self, decision: Decision) -> list[str]:
        return [item for item in decision.needs if isinstance(self.nodes.get(item), InputData | Decision)]

    def _names(self, job: Job, of: Node, needs: tuple[str, ...], known: Known, loose: Known) -> Known:
        names = dict(loose)
        home = of.id.rpartition("#")[0]
        for needed in needs:
            node = self.nodes.get(needed)
            if node is None:
                continue
            value, there = self._value(job, node, known, loose), node.id.rpartition("#")[0]
            if there == home:
                names[node.name] = value
            else:
                under = self.imports.get(home, {}).get(there, "")
                names[under] = {**names.get(under, {}), node.name: value}
        return names

    def _value(self, job: Job, node: Node, known: Known, loose: Known) -> Value:
        if isinstance(node, Decision):
            return self._decided(job, node, known, loose)
        if isinstance(node, Knowledge):
            return self._function(job, node, known, loose)
        if isinstance(node, Service):
            return self._service_function(job, node, known)
        return known.get(node.id)

    def _function(self, job: Job, knowledge: Knowledge, known: Known, loose: Known) -> Value:
        names = self._names(
            job, knowledge, tuple(item for item in knowledge.needs if item != knowledge.id), known, {}
        )
        function = knowledge.logic(job, names)
        if type(function) is not FeelFunction:
            return function
        names[knowledge.name] = function
        return function if knowledge.type is None else self._typed(function, knowledge.type)

    def _typed(self, function: FeelFunction, kind: str) -> FeelFunction:
        def call(run: Run, args: tuple[Value, ...], names: tuple[str, ...]) -> Value:
            return self.types.coerced(run, function.call(run, args, names), kind)

        return FeelFunction(function.params, call)

    def _service_function(self, job: Job, service: Service, known: Known) -> FeelFunction:
        wanted = (*service.inputs, *service.given_decisions)
        params = tuple(self.nodes[item].name for item in wanted if item in self.nodes)

        def call(run: Run, args: tuple[Value, ...], names: tuple[str, ...]) -> Value:
            values = arranged(params, args, names)
            if values is None:
                return None
            return self._serve(job, service, dict(zip(params, values, strict=True)))

        return FeelFunction(params, call)

    def _serve(self, job: Job, service: Service, given: Known) -> Value:
        known: Known = {}
        for item in (*service.inputs, *service.given_decisions):
            node = self.nodes.get(item)
            if isinstance(node, InputData | Decision):
                value = given.get(node.name)
                known[item] = self.types.entered(job.run, value, node.type)
                if value is not None and known[item] is None:
                    return None
        results: Known = {}
        for item in service.outputs:
            node = self.nodes.get(item)
            if isinstance(node, Decision):
                results[node.name] = self._decided(job, node, known, self._loose(given))
        value = next(iter(results.values())) if len(results) == 1 else results
        return self.types.coerced(job.run, value, service.type)


def parse(xml: bytes, beside: Iterable[bytes] = ()) -> DecisionModel:
    """Read a DMN file; DmnError names every bad element at once. ``beside``: files it may import."""
    model, problems = check(xml, beside)
    if problems:
        raise DmnError(problems)
    return model


def check(xml: bytes, beside: Iterable[bytes] = ()) -> tuple[DecisionModel, tuple[Problem, ...]]:
    """A DMN file with its problems, for an editor: a bad result counts as null, a bad test as a dash.

    DmnError only for what is no DMN file at all.
    """
    root = read(xml)
    library = imported_roots(root, beside)
    types, problems = Types(), list[Problem]()
    nodes: dict[str, Node] = {}
    for home, other in library.items():
        builder = Builder(other, library.values(), types, home)
        nodes = read_graph(builder, other, nodes)
        problems += builder.problems
    for one in (*library.values(), root):
        for home, name in imports_of(one).items():
            if home in library:
                types.alias(name, library[home])
    builder = Builder(root, library.values(), types)
    nodes = read_graph(builder, root, nodes)
    if not any(isinstance(node, Decision) for node in nodes.values()):
        builder.problem(root, "文件中没有决策", "the file has no decision")
    seen = {"": imports_of(root)} | {home: imports_of(other) for home, other in library.items()}
    model = DecisionModel(root.get("id") or "", root.get("name") or "", nodes, types, seen)
    return model, (*problems, *builder.problems)


def imported_roots(root: Element, beside: Iterable[bytes]) -> dict[str, Element]:
    """The files a file imports, directly or not, by namespace, those imported by others first."""
    wanted = imports_of(root)
    if not wanted:
        return {}
    known = {other.get("namespace", ""): other for other in map(_readable, beside) if other is not None}
    found: dict[str, Element] = {}

    def visit(home: str, path: tuple[str, ...]) -> None:
        if home in found or home in path or home not in known or len(path) > MAX_IMPORTS:
            return
        for inner in imports_of(known[home]):
            visit(inner, (*path, home))
        found[home] = known[home]

    for home in wanted:
        visit(home, (root.get("namespace", ""),))
    return found


def _readable(xml: bytes) -> Element | None:
    try:
        return read(xml)
    except DmnError:
        return None
