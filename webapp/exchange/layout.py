"""Draws a process 流程图: complete diagram interchange for a BPMN file that has none, or a stale one.

Columns are the longest way from a start event, rows stand inside the lanes, lines are orthogonal and
keep clear of shapes, boundary events sit on the border of their task. A sub-process drawn closed stays closed
and has a sheet of its own, with its own lanes. Elements, attributes and foreign extensions stay as they were;
only ``bpmndi:BPMNDiagram`` is replaced.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO

from lxml import etree

from webapp.domain.errors import Invalid
from webapp.exchange.layout_geometry import Drawing, Pixel, draw
from webapp.exchange.layout_graph import BPMN, Graph, Shape, local, place, read
from webapp.exchange.layout_labels import Box, label_boxes

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
ORIGIN, POOL_BAND, LANE_BAND, INSET = 60.0, 30.0, 30.0, 24.0
SCOPES = ("subProcess", "transaction", "adHocSubProcess")
CLOSED = (150.0, 96.0)


def lay_out(xml: bytes) -> bytes:
    """Return the same BPMN file with a complete drawing; ``Invalid`` when the bytes are no BPMN file."""
    root = _parse(xml)
    process = root.find(f"{{{BPMN}}}process")
    if process is None:
        raise Invalid({"bpmn": "文件中没有流程（process），无法排版。"})
    sheets = Sheets(_closed(root))
    for old in root.findall(f"{{{BPMNDI}}}BPMNDiagram"):
        root.remove(old)
    participant = root.find(f"{{{BPMN}}}collaboration/{{{BPMN}}}participant")
    drawing = _scope(process, sheets)
    _sheet(root, process, drawing, sheets, participant)
    for closed in process.iter(*(f"{{{BPMN}}}{kind}" for kind in SCOPES)):
        if closed.get("id", "") in sheets.closed:
            _sheet(root, closed, sheets.inner[closed.get("id", "")], sheets, None)
    written: bytes = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")
    return written + b"\n"


@dataclass(slots=True)
class Sheets:
    """The sub-processes of a file: which are drawn closed, and the drawing of each one's content."""

    closed: frozenset[str]
    inner: dict[str, Drawing] = field(default_factory=dict)


def _closed(root: etree._Element) -> frozenset[str]:
    return frozenset(
        shape.get("bpmnElement", "")
        for shape in root.iter(f"{{{BPMNDI}}}BPMNShape")
        if shape.get("isExpanded") == "false"
    )


def _parse(xml: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.parse(BytesIO(xml), parser)
    except etree.XMLSyntaxError as fault:
        raise Invalid({"bpmn": f"不是有效的 XML 文件：第 {fault.lineno or 1} 行。"}) from fault
    if tree.docinfo.doctype:
        raise Invalid({"bpmn": "文件含有 DOCTYPE 声明，不予接收。"})
    return tree.getroot()


def _scope(scope: etree._Element, sheets: Sheets) -> Drawing:
    """Lay out one scope, its embedded sub-processes first: their size decides the room they take."""
    graph = read(scope)
    for shape in graph.shapes.values():
        if shape.kind in SCOPES and shape.element is not None and read(shape.element).shapes:
            inner = sheets.inner[shape.id] = _scope(shape.element, sheets)
            opened = (inner.width + 2 * INSET, inner.height + 2 * INSET)
            shape.closed = shape.id in sheets.closed
            shape.width, shape.height = CLOSED if shape.closed else opened
    place(graph)
    return draw(graph)


def _sheet(
    root: etree._Element,
    owner: etree._Element,
    drawing: Drawing,
    sheets: Sheets,
    participant: etree._Element | None,
) -> None:
    """One diagram of the file: the process, or a closed sub-process."""
    plane = _plane(root, owner)
    left = ORIGIN
    if participant is not None:
        left += POOL_BAND
        width = drawing.width + (LANE_BAND if drawing.graph.lanes else 0.0)
        pool = Box(ORIGIN, ORIGIN, width + POOL_BAND, drawing.height)
        _shape(plane, participant.get("id", ""), pool, isHorizontal="true")
    if participant is not None or local(owner) != "process":
        _lanes(plane, drawing, left)
    bands = left - ORIGIN + (LANE_BAND if drawing.graph.lanes else 0.0)
    _write(plane, drawing, (ORIGIN + bands, ORIGIN), sheets)
    etree.indent(plane.getparent(), space="  ", level=1)
    _set_tail(root, plane.getparent())


def _plane(root: etree._Element, owner: etree._Element) -> etree._Element:
    spaces = {"bpmndi": BPMNDI, "dc": DC, "di": DI}
    diagram = etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", nsmap=spaces)
    diagram.set("id", f"diagram_{owner.get('id')}")
    plane = etree.SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane")
    whole = root.find(f"{{{BPMN}}}collaboration") if local(owner) == "process" else None
    shown = owner if whole is None else whole
    plane.set("id", f"plane_{owner.get('id')}")
    plane.set("bpmnElement", shown.get("id", ""))
    return plane


def _set_tail(root: etree._Element, diagram: etree._Element) -> None:
    before = diagram.getprevious()
    if before is not None:
        before.tail = "\n  "
    diagram.tail = "\n"


def _lanes(plane: etree._Element, drawing: Drawing, left: float) -> None:
    bottoms = [*drawing.lane_tops[1:], drawing.height]
    for lane, top, bottom in zip(drawing.graph.lanes, drawing.lane_tops, bottoms, strict=False):
        box = Box(left, ORIGIN + top, drawing.width + LANE_BAND, bottom - top)
        _shape(plane, lane.get("id", ""), box, isHorizontal="true")


def _write(plane: etree._Element, drawing: Drawing, origin: Pixel, sheets: Sheets) -> None:
    labels = label_boxes(drawing)
    graph: Graph = drawing.graph
    for shape in sorted(graph.shapes.values(), key=lambda s: s.host is not None):
        box = Box(shape.x + origin[0], shape.y + origin[1], shape.width, shape.height)
        opened = shape.id in sheets.inner and shape.id not in sheets.closed
        drawn = _shape(plane, shape.id, box, **_marks(shape, opened))
        _label(drawn, labels.get(shape.id), origin)
        if opened:
            _write(plane, sheets.inner[shape.id], (box.x + INSET, box.y + INSET), sheets)
    for arrow in graph.arrows:
        edge = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNEdge")
        edge.set("id", f"{arrow.id}_di")
        edge.set("bpmnElement", arrow.id)
        _waypoints(edge, drawing.points[arrow.id], origin)
        _label(edge, labels.get(arrow.id), origin)


def _marks(shape: Shape, expanded: bool) -> dict[str, str]:
    if shape.kind == "exclusiveGateway":
        return {"isMarkerVisible": "true"}
    if shape.kind in SCOPES:
        return {"isExpanded": "true" if expanded else "false"}
    return {}


def _shape(plane: etree._Element, element_id: str, box: Box, **marks: str) -> etree._Element:
    shape = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNShape")
    shape.set("id", f"{element_id}_di")
    shape.set("bpmnElement", element_id)
    for name, value in marks.items():
        shape.set(name, value)
    _bounds(shape, box)
    return shape


def _bounds(parent: etree._Element, box: Box) -> None:
    bounds = etree.SubElement(parent, f"{{{DC}}}Bounds")
    for name, value in (("x", box.x), ("y", box.y), ("width", box.width), ("height", box.height)):
        bounds.set(name, f"{value:.0f}")


def _label(parent: etree._Element, box: Box | None, origin: Pixel) -> None:
    if box is not None:
        label = etree.SubElement(parent, f"{{{BPMNDI}}}BPMNLabel")
        _bounds(label, Box(box.x + origin[0], box.y + origin[1], box.width, box.height))


def _waypoints(edge: etree._Element, points: Iterable[Pixel], origin: Pixel) -> None:
    for x, y in points:
        waypoint = etree.SubElement(edge, f"{{{DI}}}waypoint")
        waypoint.set("x", f"{x + origin[0]:.0f}")
        waypoint.set("y", f"{y + origin[1]:.0f}")
