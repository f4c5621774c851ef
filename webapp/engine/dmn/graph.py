"""The decision requirements graph 决策需求图 of one file: nodes, what each needs, in which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from webapp.engine.feel.names import normal

from .boxed import Logic, compiled, expression_in, function_logic
from .builder import Builder
from .document import Element, key_of, local, part, parts, reference

REQUIRES = {
    "informationRequirement": ("requiredInput", "requiredDecision"),
    "knowledgeRequirement": ("requiredKnowledge",),
}


@dataclass(frozen=True, slots=True)
class InputData:
    """A value the caller gives."""

    id: str
    name: str
    type: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: its logic and the ids of what it needs."""

    id: str
    name: str
    type: str | None
    needs: tuple[str, ...]
    logic: Logic


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model 业务知识模型: a named function."""

    id: str
    name: str
    type: str | None
    needs: tuple[str, ...]
    logic: Logic


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service 决策服务: decisions offered together as one function."""

    id: str
    name: str
    type: str | None
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]
    given_decisions: tuple[str, ...]


Node = InputData | Decision | Knowledge | Service


def read_graph(builder: Builder, root: Element, imported: dict[str, Node] | None = None) -> dict[str, Node]:
    """All nodes of a file by key, and those it imports; dangling references and circles are problems."""
    nodes: dict[str, Node] = dict(imported or {})
    for element in root:
        reader = READERS.get(local(element))
        if reader is None:
            continue
        node = reader(builder, element)
        if not _id(element) or not node.name or node.id in nodes:
            builder.problem(element, "元素缺少编号或名称，或编号重复", "an id or name is missing or repeated")
        nodes[node.id] = node
    _check_references(builder, root, nodes)
    _check_circles(builder, root, nodes)
    return nodes


def _name(element: Element) -> str:
    return normal(element.get("name") or "")


def _id(element: Element) -> str:
    """The id, or the name where the id was left out."""
    return element.get("id") or _name(element)


def _type(element: Element) -> str | None:
    variable = part(element, "variable")
    return variable.get("typeRef") if variable is not None else None


def _key(builder: Builder, element: Element) -> str:
    return key_of(builder.home, _id(element))


def _needs(builder: Builder, element: Element) -> tuple[str, ...]:
    return tuple(
        reference(target, builder.home)
        for requirement in parts(element, *REQUIRES)
        for target in parts(requirement, *REQUIRES[local(requirement)])
    )


def _input(builder: Builder, element: Element) -> InputData:
    return InputData(_key(builder, element), _name(element), _type(element))


def _decision(builder: Builder, element: Element) -> Decision:
    identity = _key(builder, element)
    logic = compiled(builder, expression_in(element), identity)
    return Decision(identity, _name(element), _type(element), _needs(builder, element), logic)


def _knowledge(builder: Builder, element: Element) -> Knowledge:
    identity = _key(builder, element)
    encapsulated = part(element, "encapsulatedLogic")
    logic: Logic = (
        function_logic(builder, encapsulated, identity)
        if encapsulated is not None
        else (lambda job, names: None)
    )
    return Knowledge(identity, _name(element), _type(element), _needs(builder, element), logic)


def _service(builder: Builder, element: Element) -> Service:
    def refer(tag: str) -> tuple[str, ...]:
        return tuple(reference(child, builder.home) for child in parts(element, tag))

    return Service(
        _key(builder, element),
        _name(element),
        _type(element),
        refer("outputDecision"),
        refer("inputData"),
        refer("inputDecision"),
    )


READERS: dict[str, Callable[[Builder, Element], Node]] = {
    "inputData": _input,
    "decision": _decision,
    "businessKnowledgeModel": _knowledge,
    "decisionService": _service,
}


def _check_references(builder: Builder, root: Element, nodes: dict[str, Node]) -> None:
    for element in root:
        for target in element.iter():
            wanted = reference(target, builder.home) if local(target) in TARGETS else None
            if wanted is not None and wanted not in nodes:
                builder.problem(
                    target,
                    f"“{_name(element)}”引用的“{wanted}”不在本文件中，也不在它引用的文件中",
                    f"{_name(element)} refers to {wanted}, which is neither in this file nor in one it imports",
                )


TARGETS = frozenset(
    {"requiredInput", "requiredDecision", "requiredKnowledge", "outputDecision", "inputDecision"}
)


def _check_circles(builder: Builder, root: Element, nodes: dict[str, Node]) -> None:
    done: set[str] = set()
    for start in nodes:
        path: list[str] = []
        _walk(builder, root, nodes, start, path, done)


def _walk(
    builder: Builder, root: Element, nodes: dict[str, Node], at: str, path: list[str], done: set[str]
) -> None:
    if at in path:
        names = " → ".join(nodes[step].name for step in [*path[path.index(at) :], at])
        builder.problem(root, f"决策之间循环引用：{names}", f"the decisions form a circle: {names}")
        done.update(path)
        return
    node = nodes.get(at)
    if at in done or not isinstance(node, Decision | Knowledge):
        return
    if len(path) > MAX_CHAIN:
        builder.problem(root, f"决策链超过 {MAX_CHAIN} 级", f"a chain of decisions exceeds {MAX_CHAIN}")
        return
    path.append(at)
    for needed in node.needs:
        if not (isinstance(node, Knowledge) and needed == at):  # a knowledge model may call itself
            _walk(builder, root, nodes, needed, path, done)
    path.pop()
    done.add(at)


MAX_CHAIN = 40
