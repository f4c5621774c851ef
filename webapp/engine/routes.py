"""The ways through a diagram with its sub-processes opened up, for whoever asks what lies before and behind."""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.engine.builder import inside_of
from webapp.engine.nouns import Definition
from webapp.engine.plan import Part, Plan

# A sub-process does not end by these: an event around it catches them.
THROWN = frozenset({"error", "cancel"})


@dataclass(frozen=True, slots=True)
class Routes:
    """Node → the nodes a token may come to next. A sub-process is entered by its id and left by ``left(id)``."""

    follows: Mapping[str, frozenset[str]]
    starts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """An error or escalation drawn on the boundary of a task 例外: its kind, its code, what it is called."""

    kind: str
    code: str
    name: str
    interrupting: bool


def exceptions(definition: Definition, element_id: str) -> tuple[Drawn, ...]:
    """What a task may be left by, or escalated by, as drawn on it; one that catches any code is nobody's to name."""
    plan: Plan = definition.plan
    return tuple(
        Drawn(part.node.event or "", part.code, part.node.name or part.code, part.interrupting)
        for part in plan.attached.get(element_id, ())
        if part.node.event in ("error", "escalation") and part.code
    )


def left(element_id: str) -> str:
    """The station at which a sub-process has been left."""
    return f"{element_id}#left"


def routes(definition: Definition) -> Routes:
    """The ways through a definition."""
    plan: Plan = definition.plan
    hosts = {inside_of(part): part for part in plan.parts.values() if _opens(part)}
    follows: dict[str, set[str]] = {name: set() for name in plan.parts}
    for host in hosts.values():
        follows[left(host.node.id)] = set()
    for link in plan.links:
        source = plan.parts[link.flow.source]
        follows[_out(source)].add(link.flow.target)
    for part in plan.parts.values():
        if part.node.attached_to in follows:
            follows[part.node.attached_to].add(part.node.id)
        if part.node.scope in hosts:
            _inside(plan, follows, hosts[part.node.scope], part)
    _listening(plan, hosts, follows)
    starts = tuple(part.node.id for part in plan.parts.values() if _begins(part) and part.node.scope is None)
    return Routes({name: frozenset(others) for name, others in follows.items()}, starts)


def _opens(part: Part) -> bool:
    return part.node.called is not None or part.node.kind in ("subProcess", "transaction")


def _out(part: Part) -> str:
    return left(part.node.id) if _opens(part) else part.node.id


def _begins(part: Part) -> bool:
    return part.node.kind == "startEvent"


def _inside(plan: Plan, follows: dict[str, set[str]], host: Part, part: Part) -> None:
    """What a sub-process begins with, and what it ends with."""
    if _begins(part):
        follows[host.node.id].add(part.node.id)
    ends = not plan.outgoing.get(part.node.id) and not part.by_event and not part.is_handler
    if ends and not (part.node.kind == "endEvent" and part.node.event in THROWN):
        follows[_out(part)].add(left(host.node.id))


def _listening(plan: Plan, hosts: Mapping[str, Part], follows: dict[str, set[str]]) -> None:
    """Event sub-processes may begin as soon as their scope has."""
    for part in plan.parts.values():
        if not part.by_event:
            continue
        host = hosts.get(part.node.scope or "")
        if host is not None:
            follows[host.node.id].add(part.node.id)
            continue
        for other in plan.parts.values():
            if _begins(other) and other.node.scope is None:
                follows[other.node.id].add(part.node.id)
