"""Files of other tools 导入: what has a counterpart here is written beside it, everything else stays as it was.

Camunda 8's extensions become Camunda 7's attributes, simple JUEL becomes FEEL; the report says what was mapped and
what will not be executed. Nothing is run from what is imported before a designer has seen it.
"""

from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from webapp.engine import juel, markup, zeebe
from webapp.engine.markup import BPMN, CAMUNDA, ZAISHANG, split
from webapp.engine.nouns import Problem

# The prefix under which what is written in is known.
etree.register_namespace("camunda", CAMUNDA)
etree.register_namespace("zaishang", ZAISHANG)
TEXTS = ("conditionExpression", "condition", "completionCondition", "loopCardinality", "loopCondition", "timeDate",
         "timeDuration", "timeCycle", "inputParameter", "outputParameter")  # fmt: skip
ATTRIBUTES = ("assignee", "candidateUsers", "candidateGroups", "dueDate", "followUpDate", "priority", "collection",
              "calledElement")  # fmt: skip
# Where another element of the file names a process.
REFERRING = ("processRef", "bpmnElement", "calledElement")
KNOWN = (BPMN, CAMUNDA, ZAISHANG, zeebe.ZEEBE, markup.BPMNDI)
STANDARD = ("http://www.omg.org/spec/", "http://www.w3.org/")


@dataclass(frozen=True, slots=True)
class Translation:
    """A file ready to be drawn on: its bytes, and what was done to it."""

    content: bytes
    notes: tuple[Problem, ...]


@dataclass(slots=True)
class Report:
    """The growing list of notes, each at its element."""

    file: str
    notes: list[Problem] = field(default_factory=list)

    def say(self, element: Any, code: str, zh: str, en: str, level: Any = "warning") -> None:
        """Note what was mapped (a warning) or what has no counterpart (an error)."""
        owner = next((one for one in (element, *element.iterancestors()) if one.get("id")), element)
        found = Problem(owner.get("id"), code, zh, en, level, element.sourceline, self.file)
        self.notes.append(found)


def translate(content: bytes, file: str) -> Translation:
    """The file with counterparts written in; raises ``markup.Unreadable`` for what is no XML.

    A file in which nothing was to be done keeps its bytes.
    """
    markup.parse(content, file)
    root = etree.fromstring(content, _parser())
    report = Report(file)
    zeebe.translate(root, report)
    for element in root.iter(etree.Element):
        _texts(element, report)
        _attributes(element, report)
    changed = bool(report.notes)
    _foreign(root, report)
    if not changed:
        return Translation(content, tuple(report.notes))
    written = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")
    return Translation(written, tuple(report.notes))


def _parser() -> Any:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _texts(element: Any, report: Report) -> None:
    space, name = split(element.tag)
    if space not in (BPMN, CAMUNDA) or name not in TEXTS or not element.text:
        return
    found = _feel(element, element.text, report)
    if found is not None:
        element.text = found


def _attributes(element: Any, report: Report) -> None:
    for name, value in list(element.attrib.items()):
        space, local = split(name)
        if space == CAMUNDA and local in ATTRIBUTES:
            found = _feel(element, value, report)
            if found is not None:
                element.set(name, found)


def _feel(element: Any, text: str, report: Report) -> str | None:
    try:
        found = juel.translated(text)
    except juel.NotSimple as error:
        report.say(
            element, "import.juel",
            f"表达式“{text.strip()}”不能自动改写成 FEEL（“{error}”处），请手工改写。",
            f'"{text.strip()}" has no simple counterpart in FEEL, because of "{error}"; write it by hand.', "error",
        )  # fmt: skip
        return None
    if found is not None:
        report.say(
            element, "import.feel", f"表达式“{text.strip()}”改写成了 FEEL“{found}”，请核对。",
            f'"{text.strip()}" became FEEL "{found}"; please check.',
        )  # fmt: skip
    return found


def _foreign(root: Any, report: Report) -> None:
    """One note for every foreign extension, by name: kept in the file, never executed."""
    seen: set[str] = set()
    for element in root.iter(etree.Element):
        names = [element.tag, *element.attrib] if split(element.tag)[0] in (BPMN, CAMUNDA) else [element.tag]
        for name in names:
            space, local = split(name)
            if name in seen or not space or space in KNOWN or space.startswith(STANDARD):
                continue
            seen.add(name)
            report.say(
                element, "import.foreign", f"扩展“{local}”（{space}）原样保留，但不会被执行。",
                f'The extension "{local}" ({space}) is kept and never executed.',
            )  # fmt: skip


def process_name(content: bytes, key: str) -> str:
    """The name a diagram gives its process; '' for a file or process without one."""
    root = etree.fromstring(content, _parser())
    found = next((one for one in root.iter(markup.bpmn("process")) if one.get("id") == key), None)
    return (found.get("name") or "").strip() if found is not None else ""


def rekeyed(content: bytes, old: str, new: str) -> bytes:
    """The file with its process known by another key: the process itself, its participants, its plane, its callers.

    Everything else stays as it was; the same bytes when the key is the same.
    """
    if old == new:
        return content
    root = etree.fromstring(content, _parser())
    for element in root.iter(etree.Element):
        for name in ("id",) if element.tag == markup.bpmn("process") else REFERRING:
            space, _, local = (element.get(name) or "").rpartition(":")
            if local == old:
                element.set(name, f"{space}:{new}" if space else new)
    return bytes(etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8"))
