"""Linter rules about joining: a parallel gateway that would wait for ever."""

from itertools import combinations

from webapp.engine.drawing import Drawing
from webapp.engine.lint_nodes import label
from webapp.engine.plan import Link, Part, Plan
from webapp.engine.reach import closure, neighbours


def review(drawing: Drawing) -> None:
    """Note the parallel gateways that cannot fire."""
    plan = drawing.plan()
    after = neighbours(plan)
    for part in plan.parts.values():
        into = plan.incoming.get(part.node.id, ())
        if part.node.kind != "parallelGateway" or len(into) < 2:
            continue
        if not _waits_for_itself(drawing, plan, after, part, into):
            _never_together(drawing, plan, after, part, into)


def _waits_for_itself(
    drawing: Drawing, plan: Plan, after: dict[str, set[str]], part: Part, into: tuple[Link, ...]
) -> bool:
    starts = [p.node.id for p in plan.children(part.node.scope) if p.node.kind == "startEvent"]
    first = closure(after, starts, avoid=part.node.id)
    late = [link for link in into if link.flow.source in drawing.parts and link.flow.source not in first]
    for link in late:
        drawing.say(
            part.node.id,
            "parallel.deadlock",
            f"{label(part)}要等的顺序流“{link.flow.id}”只能从它自己之后来，会永远等下去；循环请先用排他网关合并。",
            f'{part.node.kind} "{part.node.id}" waits for the flow "{link.flow.id}", which comes only from behind '
            "itself.",
        )
    return bool(late)


def _never_together(
    drawing: Drawing, plan: Plan, after: dict[str, set[str]], part: Part, into: tuple[Link, ...]
) -> None:
    """Two flows that no fork can both fill: the branches were split by a choice, not in parallel."""
    ends = {link.flow.id: link.flow.source for link in into}
    pairs = {frozenset(pair) for pair in combinations(ends, 2)}
    for ways in _forks(plan, part.node.scope):
        if not pairs:
            return
        filled = [_filled(after, part.node.id, ends, flow, target) for flow, target in ways]
        pairs = {pair for pair in pairs if not _fills(filled, pair)}
    if pairs:
        one, other = sorted(min(pairs, key=sorted))
        drawing.say(
            part.node.id,
            "parallel.never",
            f"{label(part)}要同时等到“{one}”和“{other}”，但这两条分支不会同时走到，流程会永远停在这里；"
            "由条件分开的分支请用排他网关汇合。",
            f'{part.node.kind} "{part.node.id}" joins "{one}" and "{other}", which never both come; '
            "join what a choice has split by an exclusive gateway.",
        )


def _fills(filled: list[set[str]], pair: frozenset[str]) -> bool:
    one, other = sorted(pair)
    return any(
        one in left and other in right
        for number, left in enumerate(filled)
        for again, right in enumerate(filled)
        if number != again
    )


def _filled(
    after: dict[str, set[str]], gateway: str, ends: dict[str, str], flow: str | None, target: str
) -> set[str]:
    """The incoming flows of the gateway that a token on this way can come by."""
    if target == gateway:
        return {flow} if flow is not None else set()
    seen = closure(after, [target], avoid=gateway)
    return {name for name, source in ends.items() if source in seen}


def _forks(plan: Plan, scope: str | None) -> list[list[tuple[str | None, str]]]:
    """The ways out of every node of the scope that can leave by several of them at once."""
    found = []
    for part in plan.children(scope):
        name = part.node.id
        out = plan.outgoing.get(name, ())
        beside = [one.node.id for one in plan.boundaries(name) if not one.interrupting]
        many = len(out) > 1 and part.node.kind not in ("exclusiveGateway", "eventBasedGateway")
        if many or beside:
            ways: list[tuple[str | None, str]] = [(link.flow.id, link.flow.target) for link in out]
            found.append(ways + [(None, event) for event in beside])
    return found
