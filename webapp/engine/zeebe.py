"""Camunda 8's extensions (``zeebe:``) written a second time as Camunda 7's, which the engine reads."""

from collections.abc import Callable
from typing import Any

from lxml import etree

from webapp.engine.markup import ZAISHANG, bpmn, camunda, split

ZEEBE = "http://camunda.org/schema/zeebe/1.0"
FEEL = "={}"
COPIED = {
    "assignmentDefinition": {
        "assignee": "assignee", "candidateGroups": "candidateGroups", "candidateUsers": "candidateUsers",
    },
    "taskSchedule": {"dueDate": "dueDate", "followUpDate": "followUpDate"},
    "priorityDefinition": {"priority": "priority"},
    "formDefinition": {"formKey": "formKey", "formId": "formKey"},
    "calledDecision": {"decisionId": "decisionRef", "resultVariable": "resultVariable"},
}  # fmt: skip


def zeebe(name: str) -> str:
    """The full name of a Camunda 8 element."""
    return f"{{{ZEEBE}}}{name}"


def translate(root: Any, report: Any) -> None:
    """Write the counterparts of everything that has one, and tell of everything that has none."""
    for element in list(root.iter(etree.Element)):
        space, name = split(element.tag)
        if space != ZEEBE or split(element.getparent().tag)[0] == ZEEBE:
            continue
        owner = element.getparent().getparent()
        if name in COPIED:
            _copy(owner, element, COPIED[name], report)
        elif name in _RULES:
            _RULES[name](owner, element, report)
        elif name not in ("userTask",):
            report.say(
                element, "import.foreign", f"扩展“zeebe:{name}”原样保留，但不会被执行。",
                f'The extension "zeebe:{name}" is kept and never executed.',
            )  # fmt: skip


def _set(owner: Any, name: str, value: str) -> None:
    if owner.get(name) is None:
        owner.set(name, value)


def _told(element: Any, report: Any) -> None:
    name = split(element.tag)[1]
    report.say(
        element, "import.zeebe", f"“zeebe:{name}”改写成了本系统的写法，请核对。",
        f'"zeebe:{name}" was mapped; please check.',
    )  # fmt: skip


def _copy(owner: Any, element: Any, names: dict[str, str], report: Any) -> None:
    for theirs, ours in names.items():
        if element.get(theirs):
            _set(owner, camunda(ours), element.get(theirs))
    _told(element, report)


def _task(owner: Any, element: Any, report: Any) -> None:
    _set(owner, camunda("type"), "external")
    _set(owner, camunda("topic"), element.get("type") or "")
    _told(element, report)


def _mapping(owner: Any, element: Any, report: Any) -> None:
    if not len(element):
        return
    whole = etree.SubElement(element.getparent(), camunda("inputOutput"))
    for one in element:
        kind = split(one.tag)[1]
        if kind in ("input", "output"):
            made = etree.SubElement(whole, camunda(f"{kind}Parameter"), name=one.get("target") or "")
            made.text = one.get("source") or ""
    _told(element, report)


def _called(owner: Any, element: Any, report: Any) -> None:
    _set(owner, "calledElement", element.get("processId") or "")
    if element.get("bindingType"):
        # Where nothing is said, what is called is looked for in the bundle, as everywhere here.
        _set(owner, camunda("calledElementBinding"), element.get("bindingType"))
    for kind, said in (("in", "propagateAllParentVariables"), ("out", "propagateAllChildVariables")):
        if element.get(said, "true") == "true":
            etree.SubElement(element.getparent(), camunda(kind), variables="all")
    _told(element, report)


def _script(owner: Any, element: Any, report: Any) -> None:
    source, name = (element.get("expression") or "").removeprefix("="), element.get("resultVariable")
    if name and source and next(owner.iterchildren(bpmn("script")), None) is None:
        owner.set("scriptFormat", "feel")
        etree.SubElement(owner, bpmn("script")).text = f"{{{name}: {source}}}"
        _told(element, report)


def _loop(owner: Any, element: Any, report: Any) -> None:
    # The extension stands inside the multi-instance marker itself.
    for theirs, ours in (("inputCollection", "collection"), ("inputElement", "elementVariable")):
        if element.get(theirs):
            _set(owner, camunda(ours), element.get(theirs))
    if element.get("outputCollection"):
        report.say(
            element, "import.foreign", "多实例的输出集合没有对应的写法，不会被收集，请在办理中写入变量。",
            "The output collection of a multi-instance activity is not collected.", "error",
        )  # fmt: skip
    _told(element, report)


def _subscription(owner: Any, element: Any, report: Any) -> None:
    key = element.get("correlationKey")
    for one in owner.getroottree().getroot().iter(etree.Element) if key else ():
        if one.get("messageRef") == owner.get("id") and owner.get("id"):
            event = one.getparent() if split(one.tag)[1] == "messageEventDefinition" else one
            _set(event, f"{{{ZAISHANG}}}correlation", key)
    _told(element, report)


_RULES: dict[str, Callable[[Any, Any, Any], None]] = {
    "taskDefinition": _task,
    "ioMapping": _mapping,
    "calledElement": _called,
    "script": _script,
    "loopCharacteristics": _loop,
    "subscription": _subscription,
}
