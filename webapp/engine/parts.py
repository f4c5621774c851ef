"""From one element of a diagram to its part: everything the engine needs of it."""

import re
from collections.abc import Mapping
from typing import Any

from webapp.engine.drawing import Drawing
from webapp.engine.expressions import Text
from webapp.engine.markup import ZAISHANG, attribute, camunda, children, split, text_of
from webapp.engine.nouns import Node
from webapp.engine.plan import Loop, Part

_DELEGATE = re.compile(r"[$#]\{\s*([A-Za-z_][\w.-]*)\s*\}")


def part_of(drawing: Drawing, element: Any, scope_id: str | None, lane: str | None) -> Part:
    definition = event_definition(element)
    kind, timer = _timer(definition)
    inputs, outputs = _mappings(element)
    passed = list(element.iter(camunda("in")))
    returned = list(element.iter(camunda("out")))
    return Part(
        node=_node(drawing, element, scope_id, lane, definition),
        line=element.sourceline,
        default=(element.get("default") or "").strip() or None,
        interrupting=_interrupting(element),
        timer_kind=kind,
        timer=timer,
        code=_code(drawing, definition),
        code_variable=_code_variable(definition),
        correlation=Text.read(element.get(f"{{{ZAISHANG}}}correlation")),
        inputs=_passed(passed) + inputs,
        outputs=outputs,
        script=Text.read(text_of(element, "script"), always_feel=True),
        loop=_loop(element),
        map_result=attribute(element, "mapDecisionResult"),
        link=definition.get("name") if definition is not None and _kind(definition) == "link" else None,
        by_event=element.get("triggeredByEvent") == "true",
        undoes=(definition.get("activityRef") or None) if definition is not None else None,
        is_handler=element.get("isForCompensation") == "true",
        passes_all=any(one.get("variables") == "all" for one in passed),
        returns_all=any(one.get("variables") == "all" for one in returned),
        returns=_passed(returned),
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
        signal=_named(drawing.signals, definition, "signalRef"),
        **_callee(element),
    )


def _callee(element: Any) -> dict[str, Any]:
    """Which process a call activity calls: one of the bundle, or one deployed on its own."""
    name, binding = (element.get("calledElement") or "").strip() or None, called_binding(element)
    if binding == "latest":
        return {"calls": name}
    version = called_version(element)
    return {"calls": name, "calls_version": version} if version else {"called": name}


def called_binding(element: Any) -> str:
    """What a call activity is bound to: deployment, latest, version, or what else is written."""
    return attribute(element, "calledElementBinding") or "deployment"


def called_version(element: Any) -> int | None:
    """The version a call activity names; None for another binding, or a text that is no number."""
    text = attribute(element, "calledElementVersion") or ""
    if called_binding(element) != "version" or not text.isascii() or not text.isdecimal():
        return None
    return int(text[:9]) or None


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
    if definition is not None and _kind(definition) == "conditional":
        return "condition", Text.read(text_of(definition, "condition"), always_feel=True)
    return None, None


def _code(drawing: Drawing, definition: Any) -> str | None:
    return _named(drawing.errors, definition, "errorRef") or _named(
        drawing.escalations, definition, "escalationRef"
    )


def _named(names: Mapping[str, str], definition: Any, ref: str) -> str | None:
    found = definition.get(ref) if definition is not None else None
    return (names.get(found) or None) if found else None


def _code_variable(definition: Any) -> str | None:
    if definition is None:
        return None
    return attribute(definition, "errorCodeVariable") or attribute(definition, "escalationCodeVariable")


def _interrupting(element: Any) -> bool:
    said = element.get("cancelActivity") or element.get("isInterrupting") or "true"
    return bool(said.strip().lower() != "false")


def _passed(mappings: list[Any]) -> tuple[tuple[str, Text], ...]:
    # camunda:in and camunda:out name a variable (source) or hold an expression (sourceExpression).
    found = []
    for one in mappings:
        text = Text.read(one.get("source"), always_feel=True) or Text.read(one.get("sourceExpression"))
        if one.get("target") and text is not None:
            found.append((one.get("target").strip(), text))
    return tuple(found)


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
    return _drawn_loop(element) or _signed_twice(element)


def _signed_twice(element: Any) -> Loop | None:
    # A double signature is two tasks at once; services see to it that two people do them.
    if _extras(element).get("signOff") != "double":
        return None
    return Loop(Text.read("[1, 2]", always_feel=True), "signature", None, False)


def _drawn_loop(element: Any) -> Loop | None:
    for marker in children(element, "multiInstanceLoopCharacteristics"):
        item = next(children(marker, "inputDataItem"), None)
        return Loop(
            Text.read(
                attribute(marker, "collection") or text_of(marker, "loopDataInputRef"), always_feel=True
            ),
            attribute(marker, "elementVariable") or (item.get("name") if item is not None else None),
            Text.read(text_of(marker, "completionCondition"), always_feel=True),
            marker.get("isSequential") == "true",
            cardinality=Text.read(text_of(marker, "loopCardinality"), always_feel=True),
        )
    for marker in children(element, "standardLoopCharacteristics"):
        most = (marker.get("loopMaximum") or "").strip()
        return Loop(
            None, None, Text.read(text_of(marker, "loopCondition"), always_feel=True), True, again=True,
            first=marker.get("testBefore") == "true", most=int(most) if most.isdecimal() else None,
        )  # fmt: skip
    return None
