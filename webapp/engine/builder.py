"""From a plan to Spiff specs, one per scope; nodes are made in drawing order, so the same plan gives the same spec."""

from collections.abc import Callable
from typing import Any

from webapp.engine.activities import PersonTask, Rules, Script, Service
from webapp.engine.calling import LateCall, OneLateCall, UndoLateCall
from webapp.engine.events import CatchEvent, Caught, SendMessage, Watch
from webapp.engine.plan import Link, Part, Plan
from webapp.engine.reach import reachable_flows
from webapp.engine.repeating import ONES, Again, EachOf
from webapp.engine.scopes import CallActivity, EventSubProcess, SubProcess, Thrower
from webapp.engine.specs import (
    Attach,
    Catcher,
    EventGateway,
    ExclusiveGateway,
    InclusiveGateway,
    Lean,
    ParallelGateway,
    ScopeSpec,
)
from webapp.engine.triggers import ConditionTrigger, MessageTrigger, SignalTrigger, TimerTrigger, Trigger
from webapp.engine.undoing import HANDLERS, Undoing

Specs = dict[str | None, ScopeSpec]
Maker = Callable[[ScopeSpec, str, Part], Lean]

MAKERS: dict[str, Maker] = {
    "startEvent": Lean,
    "task": Lean,
    "manualTask": Lean,
    "endEvent": Thrower,
    "exclusiveGateway": ExclusiveGateway,
    "parallelGateway": ParallelGateway,
    "inclusiveGateway": InclusiveGateway,
    "eventBasedGateway": EventGateway,
    "userTask": PersonTask,
    "serviceTask": Service,
    "scriptTask": Script,
    "businessRuleTask": Rules,
    "subProcess": SubProcess,
    "transaction": SubProcess,
    "callActivity": CallActivity,
    "lateCall": LateCall,
    "sendTask": SendMessage,
    "intermediateThrowEvent": Thrower,
}
LATE_ONES: dict[str, type[Any]] = {"lateCall": OneLateCall}
TRIGGERS: dict[str | None, type[Trigger]] = {
    "timer": TimerTrigger,
    "signal": SignalTrigger,
    "conditional": ConditionTrigger,
}
SCOPES = ("subProcess", "transaction")
NO_TOKEN = ("error", "escalation", "cancel")
WAITING = ("boundaryEvent", "intermediateCatchEvent", "receiveTask")


def build(plan: Plan) -> Specs:
    """The specs of a plan: the process under None, each sub-process under its id, called ones under theirs."""
    scopes: list[str | None] = [None, *plan.called]
    scopes += [part.node.id for part in plan.parts.values() if part.node.kind in SCOPES]
    specs = {scope: _scope(plan, scope) for scope in scopes}
    specs[None].any_conditional = any(spec.conditional for spec in specs.values())
    return specs


def entry_of(plan: Plan, scope: str | None) -> str:
    """The start event of a scope: the plain one, or the one of an event sub-process."""
    starts = [part.node for part in plan.children(scope) if part.node.kind == "startEvent"]
    return next((node.id for node in starts if not node.event), starts[0].id)


def _scope(plan: Plan, scope: str | None) -> ScopeSpec:
    spec = ScopeSpec(scope or plan.key)
    parts = [part for part in plan.children(scope) if not part.is_handler and not _is_mark(part)]
    nodes = {part.node.id: _make(spec, part) for part in parts}
    doors = {name: _door(spec, plan, name, nodes) for name in nodes}
    links: list[Link] = []
    for link in plan.flows_in(scope):
        if link.flow.source in nodes and link.flow.target in doors:
            links.append(link)
            nodes[link.flow.source].lead(link.flow.id, doors[link.flow.target], link.condition)
    for part in parts:
        _equip(plan, part, nodes[part.node.id], links)
    for part in parts:
        if part.by_event:
            _listen(spec, plan, part)
    _undo(spec, plan, parts)
    spec.conditional = any(
        isinstance(node, CatchEvent) and isinstance(node.trigger, ConditionTrigger)
        for node in spec.task_specs.values()
    )
    return spec


def _is_mark(part: Part) -> bool:
    # A compensation event on an activity only says which handler undoes it; no token ever stands on it.
    return part.node.event == "compensate" and part.node.attached_to is not None


def _make(spec: ScopeSpec, part: Part) -> Lean:
    node = part.node
    if node.attached_to is not None and node.event in NO_TOKEN:
        return Caught(spec, node.id, part)
    if part.loop is not None:
        return _each(spec, part)
    if node.kind in WAITING and node.event != "link":
        return CatchEvent(spec, node.id, part, _trigger(part))
    if node.event == "message" and node.kind in ("endEvent", "intermediateThrowEvent"):
        return SendMessage(spec, node.id, part)
    if node.event in ("compensate", "cancel"):
        return Undoing(spec, node.id, part)
    if part.by_event:
        return EventSubProcess(spec, node.id, part)
    return MAKERS.get(_made_as(part), Lean)(spec, node.id, part)


def _made_as(part: Part) -> str:
    """The kind a node is made as: what it calls may be in the bundle or deployed on its own."""
    return "lateCall" if part.node.calls else part.node.kind


def _trigger(part: Part) -> Trigger:
    return TRIGGERS.get(part.node.event, MessageTrigger)(part)


def _each(spec: ScopeSpec, part: Part) -> Lean:
    assert part.loop is not None
    whole = (Again if part.loop.again else EachOf)(spec, part.node.id, part)
    kind, name = LATE_ONES.get(_made_as(part)) or ONES[part.node.kind], f"#each:{part.node.id}"
    one: Any = (
        kind(spec, name, part, _trigger(part)) if issubclass(kind, CatchEvent) else kind(spec, name, part)
    )
    whole.each, whole.loop = one.name, part.loop
    return whole


def _door(spec: ScopeSpec, plan: Plan, name: str, nodes: dict[str, Lean]) -> Lean:
    attached = [part for part in plan.boundaries(name) if part.node.id in nodes]
    watching = [part for part in attached if part.node.event not in NO_TOKEN]
    host = nodes[name]
    host.catchers = [_catcher(part, part.node.id) for part in attached if part.node.event in NO_TOKEN]
    if not watching:
        return host
    door = Attach(spec, f"#attach:{name}")
    for target in (host, *(nodes[part.node.id] for part in watching)):
        door.lead(f"#{target.name}", target)
    return door


def _catcher(part: Part, name: str) -> Catcher:
    return Catcher(part.node.event or "", part.code, name, part.interrupting, part.code_variable)


def _equip(plan: Plan, part: Part, spec: Any, links: list[Link]) -> None:
    for node in (spec, spec._wf_spec.task_specs[spec.each]) if isinstance(spec, EachOf) else (spec,):
        node.is_undone = part.undone_by is not None
        if isinstance(node, SubProcess):
            node.inside = inside_of(part)
            node.entry = entry_of(plan, node.inside)
    if isinstance(spec, (ParallelGateway, InclusiveGateway)):
        spec.needs = len(plan.incoming.get(part.node.id, ()))
    if isinstance(spec, InclusiveGateway):
        spec.reach = reachable_flows(plan, part.node.id, links)


def inside_of(part: Part) -> str:
    """The scope that a sub-process or call activity opens."""
    return f"{part.node.called}:" if part.node.called else part.node.id


def _listen(spec: ScopeSpec, plan: Plan, part: Part) -> None:
    start = plan.parts[entry_of(plan, part.node.id)]
    if start.node.event in NO_TOKEN:
        spec.catchers.append(_catcher(start, part.node.id))
        return
    watch = Watch(spec, f"#watch:{part.node.id}", start, _trigger(start))
    watch.target = part.node.id
    spec.watches.append(watch.name)


def _undo(spec: ScopeSpec, plan: Plan, parts: list[Part]) -> None:
    """A scope in which something is undone has a handler of its own for everything that may have been done."""
    if not any(isinstance(node, Undoing) for node in spec.task_specs.values()):
        return
    for part in plan.parts.values():
        if part.undone_by is None:
            continue
        handler = plan.parts[part.undone_by]
        make = UndoLateCall if handler.node.calls else HANDLERS[handler.node.kind]
        node: Any = make(spec, f"#undo:{handler.node.id}", handler)
        if isinstance(node, SubProcess):
            node.inside = inside_of(handler)
            node.entry = entry_of(plan, node.inside)
        spec.undoing[part.node.id] = node.name
