"""Linter rules about how nodes hang together: ends of flows, gateways, ways in and ways out."""

from collections.abc import Iterable

from webapp.engine.drawing import Drawing
from webapp.engine.lint_nodes import label
from webapp.engine.lint_texts import check_text
from webapp.engine.plan import Link, Part, Plan
from webapp.engine.reach import closure, neighbours, reversed_edges

RIVALS = ("intermediateCatchEvent", "receiveTask")


def review(drawing: Drawing) -> None:
    """Note everything wrong with the flows of ``drawing``."""
    for link in drawing.links:
        _ends(drawing, link)
        if link.condition is not None:
            check_text(
                drawing, link.flow.id, f"顺序流“{link.flow.name or link.flow.id}”的条件", link.condition
            )
    plan = drawing.plan()
    for part in drawing.parts.values():
        out = plan.outgoing.get(part.node.id, ())
        _ways(drawing, part, plan)
        _default(drawing, part, out)
        if part.node.kind == "exclusiveGateway":
            _choosing(drawing, part, out)
        elif part.node.kind in ("parallelGateway", "eventBasedGateway"):
            _unconditional(drawing, part, out)
        else:
            _splitting(drawing, part, out)
        if part.node.kind == "inclusiveGateway":
            _inclusive(drawing, part, out)
        if part.node.kind == "eventBasedGateway":
            _race(drawing, part, out, plan)
        _links(drawing, part)
    _scopes(drawing, plan)
    _reached(drawing, plan)


def _say(drawing: Drawing, part: Part, code: str, zh: str, en: str) -> None:
    drawing.say(part.node.id, code, f"{label(part)}{zh}", f'{part.node.kind} "{part.node.id}" {en}')


def _ends(drawing: Drawing, link: Link) -> None:
    flow = link.flow
    scopes = set()
    for name, zh in ((flow.source, "起点"), (flow.target, "终点")):
        part = drawing.parts.get(name)
        if part is None and (name not in drawing.elements or name in drawing.flow_ids()):
            drawing.say(
                flow.id, "ref.flow", f"顺序流“{flow.name or flow.id}”的{zh}“{name}”不存在。",
                f'The flow "{flow.id}" refers to "{name}", which does not exist.',
            )  # fmt: skip
        elif part is not None:
            scopes.add(part.node.scope)
    if len(scopes) > 1 or (scopes and link.scope not in scopes):
        drawing.say(
            flow.id, "flow.scope", f"顺序流“{flow.name or flow.id}”不能穿过子流程的边界。",
            f'The flow "{flow.id}" crosses the border of a sub-process.',
        )  # fmt: skip


def _ways(drawing: Drawing, part: Part, plan: Plan) -> None:
    node, into, out = part.node, plan.incoming.get(part.node.id), plan.outgoing.get(part.node.id)
    if node.kind in ("startEvent", "boundaryEvent") and into:
        _say(drawing, part, "flow.into", "不能有流入的顺序流。", "may not have incoming flows.")
    if node.kind == "endEvent" and out:
        _say(drawing, part, "flow.out_of_end", "不能有流出的顺序流。", "may not have outgoing flows.")
    beside = part.by_event or part.is_handler or (node.event == "compensate" and node.kind == "boundaryEvent")
    if node.kind != "endEvent" and not out and not beside:
        _say(
            drawing, part, "flow.dead_end",
            "没有流出的顺序流，请画到下一步或结束事件。", "has no outgoing flow.",
        )  # fmt: skip


def _default(drawing: Drawing, part: Part, out: Iterable[Link]) -> None:
    if part.default is not None and part.default not in {link.flow.id for link in out}:
        _say(
            drawing, part, "ref.default",
            f"的默认流“{part.default}”不是从它流出的顺序流。", "has a default that is no flow of its own.",
        )  # fmt: skip


def _choosing(drawing: Drawing, part: Part, out: tuple[Link, ...]) -> None:
    if len(out) < 2 and all(link.condition is None for link in out):
        return
    for link in out:
        if link.condition is None and link.flow.id != part.default:
            drawing.say(
                part.node.id, "gateway.no_condition",
                f"{label(part)}流出的顺序流“{link.flow.name or link.flow.id}”没有条件，也不是默认流。",
                f'The flow "{link.flow.id}" out of "{part.node.id}" has no condition and is not the default.',
            )  # fmt: skip
    if part.default is None:
        _say(
            drawing, part, "gateway.no_default",
            "没有默认流，条件都不满足时流程无法继续。", "has no default flow.",
        )  # fmt: skip


def _unconditional(drawing: Drawing, part: Part, out: Iterable[Link]) -> None:
    for link in out:
        if link.condition is not None:
            _say(
                drawing, part, "gateway.condition",
                f"流出的顺序流“{link.flow.name or link.flow.id}”不能有条件。", "may not have conditions.",
            )  # fmt: skip


def _splitting(drawing: Drawing, part: Part, out: tuple[Link, ...]) -> None:
    sure = [link for link in out if link.condition is None or link.flow.id == part.default]
    if out and not sure:
        _say(
            drawing, part, "gateway.no_default",
            "流出的顺序流都有条件，请指定默认流。", "has only conditional flows and no default.",
        )  # fmt: skip


def _inclusive(drawing: Drawing, part: Part, out: tuple[Link, ...]) -> None:
    if len(out) > 1 and all(link.condition is None for link in out):
        _say(
            drawing, part, "gateway.no_condition",
            "流出的顺序流都没有条件；要全部走请用并行网关。", "has no conditions; use a parallel gateway.",
        )  # fmt: skip


def _race(drawing: Drawing, part: Part, out: tuple[Link, ...], plan: Plan) -> None:
    if len(out) < 2:
        _say(drawing, part, "race.few", "至少要有两个事件可等。", "needs at least two events.")
    for link in out:
        target = drawing.parts.get(link.flow.target)
        if target is None:
            continue
        if target.node.kind not in RIVALS or target.node.event == "link":
            _say(
                drawing, part, "race.target",
                f"之后只能是计时、消息、信号、条件捕获事件或接收任务，不能是“{target.node.id}”。",
                "may lead only to timer, message, signal or conditional events or receive tasks.",
            )  # fmt: skip
        elif len(plan.incoming.get(target.node.id, ())) > 1 or plan.boundaries(target.node.id):
            _say(
                drawing, part, "race.target",
                f"之后的“{target.node.id}”不能有别的流入，也不能带边界事件。",
                "leads to an event with other incoming flows or boundary events.",
            )  # fmt: skip


def _links(drawing: Drawing, part: Part) -> None:
    if part.node.event != "link":
        return
    same = [
        other
        for other in drawing.parts.values()
        if other.node.event == "link" and other.link == part.link and other.node.scope == part.node.scope
    ]
    catches = [other for other in same if other.node.kind == "intermediateCatchEvent"]
    throws = [other for other in same if other.node.kind == "intermediateThrowEvent"]
    if not part.link or len(catches) != 1 or not throws:
        _say(
            drawing, part, "link.pair",
            "是链接事件，须有名称，同一层里要有抛出端和唯一的捕获端。", "needs exactly one partner of its name.",
        )  # fmt: skip


def _scopes(drawing: Drawing, plan: Plan) -> None:
    scopes = [None] + [
        p.node.id for p in drawing.parts.values() if p.node.kind in ("subProcess", "transaction")
    ]
    for scope in scopes:
        where = "流程" if scope is None else label(drawing.parts[scope])
        inside = plan.children(scope)
        starts = [part for part in inside if part.node.kind == "startEvent"]
        plain = [part for part in starts if part.node.event is None]
        at = drawing.element if scope is None else None
        if not starts or (scope is not None and not plain and not drawing.parts[scope].by_event):
            drawing.say(scope, "start.none", f"{where}没有开始事件。", "There is no start event.", at=at)
        if len(plain) > 1:
            drawing.say(
                scope,
                "start.several",
                f"{where}有多个无类型的开始事件。",
                "There are several plain starts.",
                at=at,
            )
        if not any(part.node.kind == "endEvent" for part in inside):
            drawing.say(scope, "end.none", f"{where}没有结束事件。", "There is no end event.", at=at)


def _entered(plan: Plan) -> tuple[dict[str, set[str]], list[str]]:
    """What comes after what, seen from outside in, event sub-processes and handlers included; and where it begins."""
    after, tops = neighbours(plan), []
    for part in plan.parts.values():
        name, scope = part.node.id, part.node.scope
        if part.node.kind == "startEvent" or part.by_event:
            if scope in after:
                after[scope].add(name)
            elif scope is None:
                tops.append(name)
        if part.undone_by is not None:
            after[name].add(part.undone_by)
    return after, tops


def _reached(drawing: Drawing, plan: Plan) -> None:
    after, tops = _entered(plan)
    seen = closure(after, tops)
    before = reversed_edges(neighbours(plan))
    ends = [part.node.id for part in plan.parts.values() if part.node.kind == "endEvent"]
    ending = closure(before, ends)
    for name, part in plan.parts.items():
        if name not in seen:
            if tops:
                _say(
                    drawing, part, "node.unreachable", "从开始事件走不到。", "cannot be reached from a start."
                )
        elif name not in ending and plan.outgoing.get(name) and ends:
            _say(drawing, part, "node.endless", "之后走不到任何结束事件。", "never comes to an end.")
