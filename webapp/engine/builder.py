"""From a plan to Spiff specs, one per scope; nodes are made in drawing order, so the same plan gives the same spec."""

from collections.abc import Callable
from typing import Any

from webapp.engine.activities import EachOf, EachTask, PersonTask, Rules, Script, Service
from webapp.engine.events import CatchEvent, ErrorBoundary, MessageTrigger, SendMessage, TimerTrigger
from webapp.engine.plan import Link, Part, Plan
from webapp.engine.reach import reachable_flows
from webapp.engine.specs import (
    Attach,
    EndEvent,
    EventGateway,
    ExclusiveGateway,
    InclusiveGateway,
    Lean,
    ParallelGateway,
    ScopeSpec,
    SubProcess,
)

Specs = dict[str | None, ScopeSpec]
Maker = Callable[[ScopeSpec, str, Part], Lean]

MAKERS: dict[str, Maker] = {
    "startEvent": Lean,
    "manualTask": Lean,
    "endEvent": EndEvent,
    "exclusiveGateway": ExclusiveGateway,
    "parallelGateway": ParallelGateway,
    "inclusiveGateway": InclusiveGateway,
    "eventBasedGateway": EventGateway,
    "userTask": PersonTask,
    "serviceTask": Service,
    "scriptTask": Script,
    "businessRuleTask": Rules,
    "subProcess": SubProcess,
    "sendTask": SendMessage,
    "intermediateThrowEvent": Lean,
}


def build(plan: Plan) -> Specs:
    """The specs of a plan: the process under None, each sub-process under its id."""
    scopes: list[str | None] = [None]
    scopes += [part.node.id for part in plan.parts.values() if part.node.kind == "subProcess"]
    return {scope: _scope(plan, scope) for scope in scopes}


def entry_of(plan: Plan, scope: str | None) -> str:
    """The plain start event of a scope."""
    return next(
        part.node.id
        for part in plan.children(scope)
        if part.node.kind == "startEvent" and not part.node.event
    )


def _scope(plan: Plan, scope: str | None) -> ScopeSpec:
    spec = ScopeSpec(scope or plan.key)
    parts = plan.children(scope)
    nodes = {part.node.id: _make(spec, part) for part in parts}
    doors = {name: _door(spec, plan, name, nodes) for name in nodes}
    links: list[Link] = []
    for link in plan.links:
        if link.scope == scope:
            links.append(link)
            nodes[link.flow.source].lead(link.flow.id, doors[link.flow.target], link.condition)
    for part in parts:
        _equip(plan, part, nodes[part.node.id], links)
    return spec


def _make(spec: ScopeSpec, part: Part) -> Lean:
    node = part.node
    if node.attached_to is not None and node.event == "error":
        return ErrorBoundary(spec, node.id, part)
    if node.kind in ("boundaryEvent", "intermediateCatchEvent", "receiveTask") and node.event != "link":
        return CatchEvent(
            spec, node.id, part, TimerTrigger(part) if node.event == "timer" else MessageTrigger(part)
        )
    if node.event == "message" and node.kind in ("endEvent", "intermediateThrowEvent"):
        return SendMessage(spec, node.id, part)
    if part.loop is not None:
        return _each(spec, part)
    return MAKERS.get(node.kind, Lean)(spec, node.id, part)


def _each(spec: ScopeSpec, part: Part) -> Lean:
    whole = EachOf(spec, part.node.id, part)
    whole.each = EachTask(spec, f"#each:{part.node.id}", part).name
    return whole


def _door(spec: ScopeSpec, plan: Plan, name: str, nodes: dict[str, Lean]) -> Lean:
    watching = [part for part in plan.boundaries(name) if part.node.event != "error"]
    host = nodes[name]
    host.catchers = [
        (part.error_code, part.node.id) for part in plan.boundaries(name) if part.node.event == "error"
    ]
    if not watching:
        return host
    door = Attach(spec, f"#attach:{name}")
    for target in (host, *(nodes[part.node.id] for part in watching)):
        door.lead(f"#{target.name}", target)
    return door


def _equip(plan: Plan, part: Part, spec: Any, links: list[Link]) -> None:
    if isinstance(spec, SubProcess):
        spec.entry = entry_of(plan, part.node.id)
    if isinstance(spec, (ParallelGateway, InclusiveGateway)):
        spec.needs = len(plan.incoming.get(part.node.id, ()))
    if isinstance(spec, InclusiveGateway):
        spec.reach = reachable_flows(plan, part.node.id, links)
