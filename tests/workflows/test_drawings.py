"""Every diagram can be read: shapes, lanes, labels and lines, on every sheet of every process."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"
FILES = sorted(Path(__file__).resolve().parents[2].glob("workflows/*/*.bpmn"))
SYSTEM = "系统自动办理"
# A meeting's result is awaited where the meeting decides; what is attached to a task stands with its task.
AUTOMATIC = frozenset(
    ["serviceTask", "businessRuleTask", "scriptTask", "sendTask", "intermediateThrowEvent",
     "intermediateCatchEvent", "eventBasedGateway"]
)  # fmt: skip
BY_PEOPLE = frozenset(["userTask", "manualTask", "receiveTask"])
Box = tuple[float, float, float, float]


@dataclass
class Sheet:
    """One drawing of a file: boxes of shapes and labels, and the points of lines, by element id."""

    name: str
    shapes: dict[str, Box] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    lines: dict[str, list[tuple[float, float]]] = field(default_factory=dict)


@dataclass
class Picture:
    """A file: its elements by id and its sheets."""

    elements: dict[str, etree._Element]
    sheets: list[Sheet]

    def kind(self, element_id: str) -> str:
        return str(etree.QName(self.elements[element_id]).localname)

    def nodes(self, sheet: Sheet) -> Iterator[tuple[str, Box]]:
        for element_id, box in sheet.shapes.items():
            if self.kind(element_id) not in ("lane", "participant"):
                yield element_id, box


def read(path: Path) -> Picture:
    root = etree.parse(path).getroot()
    sheets = []
    for plane in root.iter(f"{BPMNDI}BPMNPlane"):
        sheet = Sheet(plane.get("bpmnElement"))
        for drawn in plane.iter(f"{BPMNDI}BPMNShape", f"{BPMNDI}BPMNEdge"):
            element_id = drawn.get("bpmnElement")
            for bounds in drawn.findall(f"{DC}Bounds"):
                sheet.shapes[element_id] = box_of(bounds)
            for bounds in drawn.iterfind(f"{BPMNDI}BPMNLabel/{DC}Bounds"):
                sheet.labels[element_id] = box_of(bounds)
            points = [(float(p.get("x")), float(p.get("y"))) for p in drawn.iter(f"{DI}waypoint")]
            if points:
                sheet.lines[element_id] = points
        sheets.append(sheet)
    return Picture({e.get("id"): e for e in root.iter(f"{BPMN}*") if e.get("id")}, sheets)


def box_of(bounds: etree._Element) -> Box:
    x, y, width, height = (float(bounds.get(name)) for name in ("x", "y", "width", "height"))
    return x, y, width, height


def overlap(one: Box, other: Box) -> bool:
    return (
        min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0]) > 1
        and min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1]) > 1
    )


def inside(inner: Box, outer: Box) -> bool:
    return (
        outer[0] - 1 <= inner[0]
        and outer[1] - 1 <= inner[1]
        and inner[0] + inner[2] <= outer[0] + outer[2] + 1
        and inner[1] + inner[3] <= outer[1] + outer[3] + 1
    )


@pytest.fixture(scope="module", params=FILES, ids=[path.stem for path in FILES])
def picture(request: pytest.FixtureRequest) -> Picture:
    return read(request.param)


def test_everything_is_drawn_exactly_once(picture: Picture) -> None:
    drawn = [element_id for sheet in picture.sheets for element_id in (*sheet.shapes, *sheet.lines)]
    assert len(drawn) == len(set(drawn))
    nodes = {
        i for i in picture.elements if picture.kind(i).endswith(("Task", "Event", "Gateway", "ubProcess"))
    }
    flows = {i for i in picture.elements if picture.kind(i) == "sequenceFlow"}
    assert (nodes | flows) - set(drawn) == set()


def test_no_two_shapes_overlap(picture: Picture) -> None:
    for sheet in picture.sheets:
        for (one, box), (other, beside) in combinations(picture.nodes(sheet), 2):
            hosts = {picture.elements[one].get("attachedToRef"), picture.elements[other].get("attachedToRef")}
            if not hosts & {one, other}:
                assert not overlap(box, beside), (sheet.name, one, other)


def test_every_node_lies_within_its_lane_and_every_lane_is_drawn(picture: Picture) -> None:
    for lane in (e for e in picture.elements.values() if etree.QName(e).localname == "lane"):
        (sheet,) = [sheet for sheet in picture.sheets if lane.get("id") in sheet.shapes]
        for reference in lane.findall(f"{BPMN}flowNodeRef"):
            # A boundary event sits on the border of its task, which lies within.
            assert inside(sheet.shapes[reference.text], sheet.shapes[lane.get("id")]), reference.text


def test_every_node_has_one_lane(picture: Picture) -> None:
    placed = [
        reference.text
        for lane in picture.elements.values()
        for reference in lane.findall(f"{BPMN}flowNodeRef")
    ]
    assert len(placed) == len(set(placed))
    for sheet in picture.sheets:
        outside = {element_id for element_id, _ in picture.nodes(sheet)}.difference(placed)
        # A sheet of phases alone needs no lanes: whose work it is stands on the sheet of each phase.
        assert not outside or outside == {element_id for element_id, _ in picture.nodes(sheet)}
        assert not [element_id for element_id in outside if picture.kind(element_id).endswith("Task")]


def test_the_systems_work_stands_in_the_systems_lane_and_peoples_work_does_not(picture: Picture) -> None:
    for lane in picture.elements.values():
        for reference in lane.findall(f"{BPMN}flowNodeRef"):
            kind = picture.kind(reference.text)
            assert kind not in (BY_PEOPLE if lane.get("name") == SYSTEM else AUTOMATIC), reference.text


def test_labels_lie_over_no_node_and_over_no_other_label(picture: Picture) -> None:
    for sheet in picture.sheets:
        for element_id, label in sheet.labels.items():
            under = [other for other, box in picture.nodes(sheet) if overlap(label, box)]
            assert under == [], (sheet.name, element_id)
        for (one, box), (other, beside) in combinations(sheet.labels.items(), 2):
            assert not overlap(box, beside), (sheet.name, one, other)


def test_lines_are_orthogonal_and_run_through_no_node(picture: Picture) -> None:
    for sheet in picture.sheets:
        for flow, points in sheet.lines.items():
            ends = {picture.elements[flow].get("sourceRef"), picture.elements[flow].get("targetRef")}
            ends |= {picture.elements[end].get("attachedToRef") for end in ends}
            for (ax, ay), (bx, by) in pairwise(points):
                assert ax == bx or ay == by, flow
                stretch = (min(ax, bx) - 1, min(ay, by) - 1, abs(ax - bx) + 2, abs(ay - by) + 2)
                crossed = [node for node, box in picture.nodes(sheet) if overlap(stretch, box)]
                assert set(crossed) <= ends, (sheet.name, flow)


def test_no_two_nodes_of_a_diagram_have_the_same_name(picture: Picture) -> None:
    names = [
        picture.elements[element_id].get("name")
        for sheet in picture.sheets
        for element_id, _ in picture.nodes(sheet)
    ]
    told = [name for name in names if name]
    assert sorted(told) == sorted(set(told))


def test_the_way_up_shows_its_phases_from_left_to_right_on_one_screen() -> None:
    """At 1280 pixels no smaller than seven tenths of its size; the main line is one row."""
    (path,) = [path for path in FILES if path.stem == "p04_reinstatement"]
    picture = read(path)
    top = picture.sheets[0].shapes
    assert top["pool_p04_reinstatement"][2] <= 1280 / 0.7
    phases = ("initiation", "selection", "checks", "deliberation", "decision", "appointment", "probation")
    boxes = [top[f"phase_{phase}"] for phase in phases]
    assert len({y + height / 2 for _, y, _, height in boxes}) == 1
    assert all(one[0] + one[2] < other[0] for one, other in pairwise(boxes))
