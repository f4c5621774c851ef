"""From the XML of a diagram to its parts and flows; nothing is judged here but what cannot be read at all.

Flows without an id get one; ids like ``Start`` and ``End`` need no renaming, since specs name their own nodes
with a ``#``, which no XML id can hold.
"""

from dataclasses import replace
from typing import Any

from webapp.engine.drawing import Drawing
from webapp.engine.expressions import Text
from webapp.engine.markup import ZAISHANG, bpmn, children, split, text_of
from webapp.engine.nouns import Flow
from webapp.engine.parts import part_of
from webapp.engine.plan import Link

NODES = frozenset(
    [
        "startEvent",
        "endEvent",
        "boundaryEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
        "subProcess",
        "transaction",
        "callActivity",
        "task",
    ]
)
MARKERS = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")
PASSIVE = frozenset(
    [
        "extensionElements",
        "documentation",
        "laneSet",
        "sequenceFlow",
        "textAnnotation",
        "group",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "ioSpecification",
        "property",
        "dataInputAssociation",
        "incoming",
        "outgoing",
        "dataOutputAssociation",
        "auditing",
        "monitoring",
        "category",
        "supportedInterfaceRef",
    ]
)


def read(root: Any, file: str) -> list[Drawing]:
    """Every process of a file that does not say it is not executable."""
    messages = _names(root, "message", "name")
    errors = _names(root, "error", "errorCode")
    found = []
    for process in children(root, "process"):
        if (process.get("isExecutable") or "").strip() == "false":
            continue
        key = (process.get("id") or "").strip()
        drawing = Drawing(key, process.get("name") or key, file, process, messages=messages, errors=errors)
        drawing.signals = _names(root, "signal", "name")
        drawing.escalations = _names(root, "escalation", "escalationCode")
        drawing.parameters = _parameters(process)
        drawing.documentation = text_of(process, "documentation") or ""
        _read_lanes(drawing)
        _read_scope(drawing, process, None, None)
        _join_links(drawing)
        _join_handlers(drawing)
        found.append(drawing)
    return found


def _parameters(process: Any) -> frozenset[str] | None:
    said = process.get(f"{{{ZAISHANG}}}parameters")
    return None if said is None else frozenset(name for name in said.replace(",", " ").split())


def _join_links(drawing: Drawing) -> None:
    # A pair of link events is a flow drawn in two pieces; it is run as that flow.
    ends = [part for part in drawing.parts.values() if part.node.event == "link"]
    for throw in (part for part in ends if part.node.kind == "intermediateThrowEvent"):
        for catch in (part for part in ends if part.node.kind == "intermediateCatchEvent"):
            if (throw.link, throw.node.scope) == (catch.link, catch.node.scope):
                flow = Flow(f"#link:{throw.node.id}", throw.node.id, catch.node.id, throw.link or "")
                drawing.links.append(Link(flow, throw.node.scope, None, throw.line))


def _join_handlers(drawing: Drawing) -> None:
    # An association leads from the compensation event on an activity to the handler that undoes it.
    pairs = dict(drawing.associations) | {target: source for source, target in drawing.associations}
    for part in list(drawing.parts.values()):
        host, handler = drawing.parts.get(part.node.attached_to or ""), pairs.get(part.node.id)
        if part.node.event == "compensate" and host is not None and handler in drawing.parts:
            drawing.parts[host.node.id] = replace(host, undone_by=handler)


def _names(root: Any, tag: str, name: str) -> dict[str, str]:
    return {
        found.get("id"): (found.get(name) or "").strip() for found in children(root, tag) if found.get("id")
    }


def _read_lanes(drawing: Drawing) -> None:
    for lane in drawing.element.iter(bpmn("lane")):
        name = lane.get("name") or lane.get("id") or ""
        drawing.lane_names.append(name)
        for ref in children(lane, "flowNodeRef"):
            drawing.lanes[(ref.text or "").strip()] = name


def _read_scope(drawing: Drawing, scope: Any, scope_id: str | None, lane: str | None) -> None:
    for element in scope.iterchildren():
        space, name = split(element.tag)
        if space != split(bpmn(""))[0]:
            continue
        if name == "sequenceFlow":
            _read_flow(drawing, element, scope_id)
        elif name in NODES:
            _read_node(drawing, element, scope_id, lane)
        elif name == "association":
            drawing.associations.append((element.get("sourceRef") or "", element.get("targetRef") or ""))
        elif name not in PASSIVE and not (name in MARKERS and scope_id):
            drawing.foreign.append((element, scope_id))
            if element.get("id"):
                _claim(drawing, element.get("id").strip(), element)


def _read_flow(drawing: Drawing, element: Any, scope_id: str | None) -> None:
    name = (element.get("id") or "").strip() or f"#flow{len(drawing.links) + 1}"
    condition = Text.read(text_of(element, "conditionExpression"), always_feel=True)
    flow = Flow(
        name,
        (element.get("sourceRef") or "").strip(),
        (element.get("targetRef") or "").strip(),
        element.get("name") or "",
        condition.source if condition else None,
    )
    if not _claim(drawing, name, element):
        return
    drawing.links.append(Link(flow, scope_id, condition, element.sourceline))


def _claim(drawing: Drawing, name: str, element: Any) -> bool:
    if name in drawing.elements:
        drawing.say(
            name, "id.duplicate", f"编号“{name}”用了两次，每个元素的编号必须唯一。",
            f'The id "{name}" is used twice.', at=element,
        )  # fmt: skip
        return False
    drawing.elements[name] = element
    return True


def _read_node(drawing: Drawing, element: Any, scope_id: str | None, lane: str | None) -> None:
    name = (element.get("id") or "").strip()
    if not name:
        drawing.say(
            None, "id.missing", f"有一个{split(element.tag)[1]}元素没有编号（id）。", "An element has no id.",
            at=element,
        )  # fmt: skip
        return
    if not _claim(drawing, name, element):
        return
    lane = drawing.lanes.get(name) or lane
    drawing.parts[name] = part_of(drawing, element, scope_id, lane)
    if split(element.tag)[1] in ("subProcess", "transaction"):
        _read_scope(drawing, element, name, lane)
