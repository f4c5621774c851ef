"""Draws a process 流程图: complete diagram interchange for a BPMN file that has none, or a stale one.

Columns are the longest way from a start event, rows stand inside the lanes, lines are orthogonal and
keep clear of shapes, boundary events sit on the border of their task. Elements, attributes and foreign
extensions stay as they were; only ``bpmndi:BPMNDiagram`` is replaced.
"""

from collections.abc import Iterable
from io import BytesIO

from lxml import etree

from webapp.domain.errors import Invalid
from webapp.exchange.layout_geometry import Drawing, Pixel, draw
from webapp.exchange.layout_graph import BPMN, Graph, Shape, place, read
from webapp.exchange.layout_labels import Box, label_boxes

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
ORIGIN, POOL_BAND, LANE_BAND, INSET = 60.0, 30.0, 30.0, 24.0
SCOPES = ("subProcess", "transaction", "adHocSubProcess")


def lay_out(xml: bytes) -> bytes:
    """Return the same BPMN file with a complete drawing; ``Invalid`` when the bytes are no BPMN file."""
    root = _parse(xml)
    process = root.find(f"{{{BPMN}}}process")
    if process is None:
        raise Invalid({"bpmn": "文件中没有流程（process），无法排版。"})
    for old in root.findall(f"{{{BPMNDI}}}BPMNDiagram"):
        root.remove(old)
    participant = root.find(f"{{{BPMN}}}collaboration/{{{BPMN}}}participant")
    plane = _plane(root, process)
    inner: dict[str, Drawing] = {}
    drawing = _scope(process, inner)
    bands = (POOL_BAND if participant is not None else 0.0) + (LANE_BAND if drawing.graph.lanes else 0.0)
    if participant is not None:
        _pool(plane, participant, drawing)
    _write(plane, drawing, (ORIGIN + bands, ORIGIN), inner)
    etree.indent(plane.getparent(), space="  ", level=1)
    _set_tail(root, plane.getparent())
    written: bytes = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")
    return written + b"\n"


def _parse(xml: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.parse(BytesIO(xml), parser)
    except etree.XMLSyntaxError as fault:
        raise Invalid({"bpmn": f"不是有效的 XML 文件：第 {fault.lineno or 1} 行。"}) from fault
    if tree.docinfo.doctype:
        raise Invalid({"bpmn": "文件含有 DOCTYPE 声明，不予接收。"})
    return tree.getroot()


def _scope(scope: etree._Element, inner: dict[str, Drawing]) -> Drawing:
    """Lay out one scope, its embedded sub-processes first: their size decides the room they take."""
    graph = read(scope)
    for shape in graph.shapes.values():
        if shape.kind in SCOPES and shape.element is not None and read(shape.element).shapes:
            inner[shape.id] = _scope(shape.element, inner)
            shape.width = inner[shape.id].width + 2 * INSET
            shape.height = inner[shape.id].height + 2 * INSET
    place(graph)
    return draw(graph)


def _plane(root: etree._Element, process: etree._Element) -> etree._Element:
    spaces = {"bpmndi": BPMNDI, "dc": DC, "di": DI}
    diagram = etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", nsmap=spaces)
    diagram.set("id", f"diagram_{process.get('id')}")
    plane = etree.SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane")
    whole = root.find(f"{{{BPMN}}}collaboration")
    owner = process if whole is None else whole
    plane.set("id", f"plane_{process.get('id')}")
    plane.set("bpmnElement", owner.get("id", ""))
    return plane


def _set_tail(root: etree._Element, diagram: etree._Element) -> None:
    before = diagram.getprevious()
    if before is not None:
        before.tail = "\n  "
    diagram.tail = "\n"


def _pool(plane: etree._Element, participant: etree._Element, drawing: Drawing) -> None:
    lanes = drawing.graph.lanes
    left = ORIGIN + POOL_BAND
    width = drawing.width + (LANE_BAND if lanes else 0.0)
    pool = Box(ORIGIN, ORIGIN, width + POOL_BAND, drawing.height)
    _shape(plane, participant.get("id", ""), pool, isHorizontal="true")
    bottoms = [*drawing.lane_tops[1:], drawing.height]
    for lane, top, bottom in zip(lanes, drawing.lane_tops, bottoms, strict=False):
        box = Box(left, ORIGIN + top, width, bottom - top)
        _shape(plane, lane.get("id", ""), box, isHorizontal="true")


def _write(plane: etree._Element, drawing: Drawing, origin: Pixel, inner: dict[str, Drawing]) -> None:
    labels = label_boxes(drawing)
    graph: Graph = drawing.graph
    for shape in sorted(graph.shapes.values(), key=lambda s: s.host is not None):
        box = Box(shape.x + origin[0], shape.y + origin[1], shape.width, shape.height)
        drawn = _shape(plane, shape.id, box, **_marks(shape, shape.id in inner))
        _label(drawn, labels.get(shape.id), origin)
        if shape.id in inner:
            _write(plane, inner[shape.id], (box.x + INSET, box.y + INSET), inner)
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
