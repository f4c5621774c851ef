"""From the XML of a diagram to its parts and flows; nothing is judged here but what cannot be read at all.

Flows without an id get one; ids like ``Start`` and ``End`` need no renaming, since specs name their own nodes
with a ``#``, which no XML id can hold.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from webapp.engine.expressions import Text
from webapp.engine.markup import ZAISHANG, attribute, bpmn, camunda, children, split, text_of
from webapp.engine.nouns import Flow, Node, Problem
from webapp.engine.plan import Link, Loop, Part, Plan

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
    ]
)
PASSIVE = frozenset(
    [
        "extensionElements",
        "documentation",
        "laneSet",
        "sequenceFlow",
        "textAnnotation",
        "association",
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
_DELEGATE = re.compile(r"[$#]\{\s*([A-Za-z_][\w.-]*)\s*\}")


@dataclass(slots=True)
class Drawing:
    """A process as drawn, with the elements the linter looks at again."""

    key: str
    name: str
    file: str
    element: Any
    documentation: str = ""
    parts: dict[str, Part] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    elements: dict[str, Any] = field(default_factory=dict)
    foreign: list[tuple[Any, str | None]] = field(default_factory=list)
    lanes: dict[str, str] = field(default_factory=dict)
    lane_names: list[str] = field(default_factory=list)
    messages: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def plan(self) -> Plan:
        """What the engine runs."""
        return Plan.of(self.key, self.parts, tuple(self.links))

    def flow_ids(self) -> set[str]:
        """The ids of all flows."""
        return {link.flow.id for link in self.links}

    def say(
        self, element_id: str | None, code: str, zh: str, en: str, level: Any = "error", at: Any = None
    ) -> None:
        """Note a finding at an element."""
        source = at if at is not None else self.elements.get(element_id or "")
        line = source.sourceline if source is not None else None
        self.problems.append(Problem(element_id, code, zh, en, level, line, self.file))


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
        drawing.documentation = text_of(process, "documentation") or ""
        _read_lanes(drawing)
        _read_scope(drawing, process, None, None)
        _join_links(drawing)
        found.append(drawing)
    return found


def _join_links(drawing: Drawing) -> None:
    # A pair of link events is a flow drawn in two pieces; it is run as that flow.
    ends = [part for part in drawing.parts.values() if part.node.event == "link"]
    for throw in (part for part in ends if part.node.kind == "intermediateThrowEvent"):
        for catch in (part for part in ends if part.node.kind == "intermediateCatchEvent"):
            if (throw.link, throw.node.scope) == (catch.link, catch.node.scope):
                flow = Flow(f"#link:{throw.node.id}", throw.node.id, catch.node.id, throw.link or "")
                drawing.links.append(Link(flow, throw.node.scope, None, throw.line))


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
        elif name not in PASSIVE and not (name == "multiInstanceLoopCharacteristics" and scope_id):
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
    drawing.parts[name] = _part(drawing, element, scope_id, lane)
    if split(element.tag)[1] == "subProcess":
        _read_scope(drawing, element, name, lane)


def _part(drawing: Drawing, element: Any, scope_id: str | None, lane: str | None) -> Part:
    definition = event_definition(element)
    kind, timer = _timer(definition)
    inputs, outputs = _mappings(element)
    return Part(
        node=_node(drawing, element, scope_id, lane, definition),
        line=element.sourceline,
        default=(element.get("default") or "").strip() or None,
        interrupting=(element.get("cancelActivity") or "true").strip().lower() != "false",
        timer_kind=kind,
        timer=timer,
        error_code=_error_code(drawing, definition),
        error_variable=attribute(definition, "errorCodeVariable") if definition is not None else None,
        correlation=Text.read(element.get(f"{{{ZAISHANG}}}correlation")),
        inputs=inputs,
        outputs=outputs,
        script=Text.read(text_of(element, "script"), always_feel=True),
        loop=_loop(element),
        map_result=attribute(element, "mapDecisionResult"),
        link=definition.get("name") if definition is not None and _kind(definition) == "link" else None,
    )


def _node(drawing: Drawing, element: Any, scope_id: str | None, lane: str | None, definition: Any) -> Node:
    groups = attribute(element, "candidateGroups") or ""
    return Node(
        id=element.get("id").strip(),
        kind=split(element.tag)[1],
        name=(element.get("name") or "").strip(),
        lane=lane,
        scope=scope_id,
        form_key=attribute(element, "formKey") or attribute(element, "formRef"),
        candidate_groups=(groups,) if groups.startswith("=") else _listed(groups),
        candidate_users=attribute(element, "candidateUsers"),
        assignee=attribute(element, "assignee"),
        due=attribute(element, "dueDate"),
        follow_up=attribute(element, "followUpDate"),
        priority=attribute(element, "priority"),
        delegate=_delegate(attribute(element, "delegateExpression")),
        topic=attribute(element, "topic") if attribute(element, "type") == "external" else None,
        decision_ref=attribute(element, "decisionRef"),
        result_variable=attribute(element, "resultVariable"),
        documentation=text_of(element, "documentation") or "",
        extras=_extras(element),
        event=_kind(definition) if definition is not None else None,
        message=_message(drawing, element, definition),
        attached_to=(element.get("attachedToRef") or "").strip() or None,
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def _delegate(text: str | None) -> str | None:
    found = _DELEGATE.fullmatch(text) if text else None
    return found.group(1) if found else text


def _extras(element: Any) -> dict[str, str]:
    return {split(name)[1]: value for name, value in element.attrib.items() if split(name)[0] == ZAISHANG}


def event_definitions(element: Any) -> list[Any]:
    """The event definitions of an event, references to shared ones included."""
    return [child for child in element.iterchildren() if "ventDefinition" in split(child.tag)[1]]


def event_definition(element: Any) -> Any:
    """The first event definition, or None."""
    return next(iter(event_definitions(element)), None)


def _kind(definition: Any) -> str:
    return split(definition.tag)[1].removesuffix("EventDefinition")


def _timer(definition: Any) -> tuple[str | None, Text | None]:
    for kind in ("timeDate", "timeDuration", "timeCycle"):
        text = text_of(definition, kind) if definition is not None else None
        if text is not None:
            return kind, Text.read(text)
    return None, None


def _error_code(drawing: Drawing, definition: Any) -> str | None:
    ref = definition.get("errorRef") if definition is not None else None
    return (drawing.errors.get(ref) or None) if ref else None


def _message(drawing: Drawing, element: Any, definition: Any) -> str | None:
    ref = element.get("messageRef") or (definition.get("messageRef") if definition is not None else None)
    return (drawing.messages.get(ref) or None) if ref else None


def _mappings(element: Any) -> tuple[tuple[tuple[str, Text], ...], tuple[tuple[str, Text], ...]]:
    found: dict[str, list[tuple[str, Text]]] = {"inputParameter": [], "outputParameter": []}
    for mapping in mapping_elements(element):
        name = (mapping.get("name") or "").strip()
        text = Text.read(mapping.text) or Text("")
        found[split(mapping.tag)[1]].append((name, text))
    return tuple(found["inputParameter"]), tuple(found["outputParameter"])


def mapping_elements(element: Any) -> list[Any]:
    """The input and output parameters of an element."""
    return [
        mapping
        for extension in children(element, "extensionElements")
        for both in extension.iterchildren(camunda("inputOutput"))
        for mapping in both.iterchildren(camunda("inputParameter"), camunda("outputParameter"))
    ]


def _loop(element: Any) -> Loop | None:
    for marker in children(element, "multiInstanceLoopCharacteristics"):
        return Loop(
            Text.read(attribute(marker, "collection"), always_feel=True),
            attribute(marker, "elementVariable"),
            Text.read(text_of(marker, "completionCondition"), always_feel=True),
            marker.get("isSequential") == "true",
        )
    return None
