"""The one linter: what a diagram may contain is a closed list, and everything wrong is said at once.

Each finding names the element, its line, what is wrong and what to do, in Chinese and English.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.engine import (
    lint_events,
    lint_extras,
    lint_flows,
    lint_joins,
    lint_names,
    lint_nodes,
    lint_texts,
    lint_types,
)
from webapp.engine.drawing import Drawing
from webapp.engine.markup import BPMNDI, bpmn, children
from webapp.engine.nouns import Catalogue


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the bundle and the installation offer to a diagram."""

    forms: Mapping[str, Any]
    decisions: Mapping[str, Any]
    catalogue: Catalogue
    processes: frozenset[str] = frozenset()
    called: frozenset[str] = frozenset()


def lint(drawing: Drawing, around: Surroundings) -> None:
    """Note every problem of ``drawing`` in it."""
    _key(drawing)
    _foreign(drawing)
    for part in drawing.parts.values():
        lint_nodes.review(drawing, part, around)
        lint_events.review(drawing, part, around)
        lint_texts.review(drawing, part)
        lint_extras.review(drawing, part, around)
    lint_flows.review(drawing)
    lint_joins.review(drawing)
    lint_names.review(drawing, around)
    lint_types.review(drawing, around)
    _lanes(drawing)
    _picture(drawing)


def _key(drawing: Drawing) -> None:
    if not drawing.key.replace("-", "_").isidentifier():
        drawing.say(
            None,
            "process.key",
            f"流程的编号“{drawing.key}”只能用字母、数字、下划线和连字符，且不能以数字开头。",
            f'The process id "{drawing.key}" must be a plain name.',
            at=drawing.element,
        )


REFUSED: dict[str, tuple[str, str]] = {
    "complexGateway": ("请改用排他、并行或包容网关。", "use another gateway"),
    "adHocSubProcess": ("请改用普通子流程。", "use a plain sub-process"),
    "implicitThrowEvent": ("请改用明确的抛出事件。", "use an explicit throw event"),
    "event": ("请改用明确的事件类型。", "use an explicit event"),
}


def _foreign(drawing: Drawing) -> None:
    for element, scope in drawing.foreign:
        name = element.tag.rpartition("}")[2]
        zh, en = REFUSED.get(name, ("请删去它。", "remove it"))
        found = element.get("id") or scope
        drawing.say(
            found,
            "element.unsupported",
            f"元素“{element.get('name') or found or name}”（{name}）不受支持。{zh}",
            f'The element "{found or name}" ({name}) is not supported: {en}.',
            at=element,
        )


def _lanes(drawing: Drawing) -> None:
    for lane in drawing.element.iter(bpmn("lane")):
        for ref in children(lane, "flowNodeRef"):
            name = (ref.text or "").strip()
            if name not in drawing.elements:
                drawing.say(
                    lane.get("id"),
                    "ref.lane",
                    f"泳道“{lane.get('name') or lane.get('id')}”引用了不存在的节点“{name}”。",
                    f'The lane refers to "{name}", which does not exist.',
                    at=ref,
                )


def _picture(drawing: Drawing) -> None:
    root = drawing.element.getroottree().getroot()
    shapes = {
        shape.get("bpmnElement"): shape
        for tag in ("BPMNShape", "BPMNEdge")
        for shape in root.iter(f"{{{BPMNDI}}}{tag}")
    }
    if not shapes:
        drawing.say(
            None,
            "di.missing",
            "文件里没有图形信息，流程可以运行，但无法显示流程图。",
            "The file has no diagram interchange; the process runs but cannot be shown.",
            "warning",
            at=drawing.element,
        )
        return
    for name in drawing.parts:
        if name not in shapes:
            drawing.say(
                name,
                "di.shape",
                f"节点“{name}”没有图形，流程图上看不到它。",
                f'The node "{name}" has no shape.',
                "warning",
            )
