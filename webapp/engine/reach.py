"""Which nodes can be reached from which, over flows and boundary events."""

from collections.abc import Iterable, Mapping

from webapp.engine.plan import Link, Plan


def neighbours(plan: Plan) -> dict[str, set[str]]:
    """For every node the nodes a token may come to next, boundary events of it included."""
    after: dict[str, set[str]] = {name: set() for name in plan.parts}
    for link in plan.links:
        after.setdefault(link.flow.source, set()).add(link.flow.target)
    for part in plan.parts.values():
        if part.node.attached_to in after:
            after[part.node.attached_to].add(part.node.id)
    return after


def closure(after: Mapping[str, Iterable[str]], starts: Iterable[str], avoid: str | None = None) -> set[str]:
    """Every node reached from ``starts`` (themselves included) without passing ``avoid``."""
    seen: set[str] = set()
    todo = [name for name in starts if name != avoid]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(other for other in after.get(name, ()) if other != avoid)
    return seen


def reversed_edges(after: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """The same edges the other way round."""
    before: dict[str, set[str]] = {name: set() for name in after}
    for name, others in after.items():
        for other in others:
            before.setdefault(other, set()).add(name)
    return before


def reachable_flows(plan: Plan, gateway: str, links: Iterable[Link]) -> dict[str, frozenset[str]]:
    """For every spec of the scope the incoming flows of ``gateway`` reachable without passing it."""
    before = reversed_edges(neighbours(plan))
    found: dict[str, set[str]] = {}
    for link in links:
        if link.flow.target == gateway:
            for name in closure(before, [link.flow.source], avoid=gateway):
                found.setdefault(name, set()).add(link.flow.id)
    reach = {name: frozenset(flows) for name, flows in found.items()}
    reach.update({f"#attach:{name}": flows for name, flows in reach.items()})
    return reach
