"""The drawing of a diagram: complete, tidy, and nothing else of the file changed."""

from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from webapp.domain.errors import Invalid
from webapp.exchange.layout import lay_out

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"
P06 = Path(__file__).parents[2] / "workflows/p06_sanction_intake/p06_sanction_intake.bpmn"

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:own="urn:own" id="d"
    targetNamespace="urn:test">"""
SMALL = f"""{HEAD}
  <bpmn:collaboration id="c"><bpmn:participant id="pool" name="试画" processRef="p" /></bpmn:collaboration>
  <bpmn:process id="p" isExecutable="true">
    <bpmn:laneSet id="lanes">
      <bpmn:lane id="upper" name="经办">
        <bpmn:flowNodeRef>start</bpmn:flowNodeRef><bpmn:flowNodeRef>write</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>done</bpmn:flowNodeRef>
      </bpmn:lane>
      <bpmn:lane id="lower" name="审核">
        <bpmn:flowNodeRef>check</bpmn:flowNodeRef><bpmn:flowNodeRef>right</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>late</bpmn:flowNodeRef><bpmn:flowNodeRef>overdue</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="start" name="开始" />
    <bpmn:userTask id="write" name="起草" own:colour="blue">
      <bpmn:extensionElements><own:thing a="1"><own:deep /></own:thing></bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:userTask id="check" name="审核" />
    <bpmn:boundaryEvent id="late" name="逾期" attachedToRef="check"><bpmn:timerEventDefinition id="t" />
    </bpmn:boundaryEvent>
    <bpmn:exclusiveGateway id="right" name="是否同意" />
    <bpmn:endEvent id="done" name="办结" />
    <bpmn:endEvent id="overdue" name="逾期办结" />
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="write" />
    <bpmn:sequenceFlow id="f2" sourceRef="write" targetRef="check" />
    <bpmn:sequenceFlow id="f3" sourceRef="check" targetRef="right" />
    <bpmn:sequenceFlow id="f4" name="同意" sourceRef="right" targetRef="done" />
    <bpmn:sequenceFlow id="f5" name="退回修改" sourceRef="right" targetRef="write" />
    <bpmn:sequenceFlow id="f6" sourceRef="late" targetRef="overdue" />
  </bpmn:process>
</bpmn:definitions>""".encode()

Box = tuple[float, float, float, float]


def root_of(xml: bytes) -> etree._Element:
    return etree.fromstring(lay_out(xml))


def boxes(root: etree._Element) -> dict[str, Box]:
    found = {}
    for shape in root.iter(f"{BPMNDI}BPMNShape"):
        bounds = shape.find(f"{DC}Bounds")
        found[shape.get("bpmnElement")] = tuple(float(bounds.get(n)) for n in ("x", "y", "width", "height"))
    return found


def lines(root: etree._Element) -> dict[str, list[tuple[float, float]]]:
    return {
        edge.get("bpmnElement"): [(float(p.get("x")), float(p.get("y"))) for p in edge.iter(f"{DI}waypoint")]
        for edge in root.iter(f"{BPMNDI}BPMNEdge")
    }


def inside(inner: Box, outer: Box) -> bool:
    return (
        outer[0] <= inner[0]
        and outer[1] <= inner[1]
        and inner[0] + inner[2] <= outer[0] + outer[2]
        and inner[1] + inner[3] <= outer[1] + outer[3]
    )


def cuts(a: tuple[float, float], b: tuple[float, float], box: Box) -> bool:
    left, right = min(a[0], b[0]), max(a[0], b[0])
    top, bottom = min(a[1], b[1]), max(a[1], b[1])
    x, y, width, height = box
    return left < x + width - 1 and right > x + 1 and top < y + height - 1 and bottom > y + 1


@pytest.fixture(scope="module", params=["small", "p06"])
def source(request: pytest.FixtureRequest) -> bytes:
    return SMALL if request.param == "small" else P06.read_bytes()


@pytest.fixture(scope="module")
def laid_out(source: bytes) -> bytes:
    return lay_out(source)


@pytest.fixture(scope="module")
def drawn(laid_out: bytes) -> etree._Element:
    return etree.fromstring(laid_out)


def nodes_and_flows(root: etree._Element) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    process = root.find(f"{BPMN}process")
    nodes = {
        e.get("id"): etree.QName(e).localname for e in process if e.tag != f"{BPMN}laneSet" and e.get("id")
    }
    flows = {
        f.get("id"): (f.get("sourceRef"), f.get("targetRef")) for f in process.iter(f"{BPMN}sequenceFlow")
    }
    return {i: kind for i, kind in nodes.items() if kind != "sequenceFlow"}, flows


def test_every_node_lane_pool_and_flow_is_drawn_once(drawn: etree._Element) -> None:
    nodes, flows = nodes_and_flows(drawn)
    lanes = {lane.get("id") for lane in drawn.iter(f"{BPMN}lane")}
    pools = {pool.get("id") for pool in drawn.iter(f"{BPMN}participant")}

    assert set(boxes(drawn)) == set(nodes) | lanes | pools
    assert set(lines(drawn)) == set(flows)
    ids = [element.get("id") for element in drawn.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_everything_stands_inside_its_lane_and_lanes_fill_the_pool(drawn: etree._Element) -> None:
    found = boxes(drawn)
    (pool,) = [found[p.get("id")] for p in drawn.iter(f"{BPMN}participant")]
    lanes = list(drawn.iter(f"{BPMN}lane"))
    assert sum(found[lane.get("id")][3] for lane in lanes) == pytest.approx(pool[3], abs=len(lanes))
    for lane in lanes:
        assert inside(found[lane.get("id")], pool)
        for reference in lane.iter(f"{BPMN}flowNodeRef"):
            assert inside(found[reference.text], found[lane.get("id")]), reference.text


def test_shapes_do_not_overlap(drawn: etree._Element) -> None:
    nodes, _ = nodes_and_flows(drawn)
    solid = [(i, box) for i, box in boxes(drawn).items() if nodes.get(i) not in (None, "boundaryEvent")]
    for number, (one, box) in enumerate(solid):
        for other, (x, y, width, height) in solid[number + 1 :]:
            apart = (
                box[0] + box[2] <= x or x + width <= box[0] or box[1] + box[3] <= y or y + height <= box[1]
            )
            assert apart, (one, other)


def test_flows_run_from_left_to_right_unless_they_lead_back(drawn: etree._Element) -> None:
    found = boxes(drawn)
    _, flows = nodes_and_flows(drawn)
    back = [flow for flow, (source, target) in flows.items() if found[target][0] <= found[source][0]]
    assert len(back) <= len(flows) / 5


def test_lines_are_orthogonal_and_begin_and_end_on_the_border(drawn: etree._Element) -> None:
    found = boxes(drawn)
    _, flows = nodes_and_flows(drawn)
    for flow, points in lines(drawn).items():
        for (ax, ay), (bx, by) in pairwise(points):
            assert ax == bx or ay == by, flow
        for shape, (x, y) in ((flows[flow][0], points[0]), (flows[flow][1], points[-1])):
            left, top, width, height = found[shape]
            on_side = min(abs(x - left), abs(x - left - width)) <= 1 and top - 1 <= y <= top + height + 1
            on_top = min(abs(y - top), abs(y - top - height)) <= 1 and left - 1 <= x <= left + width + 1
            assert on_side or on_top, flow


def test_no_line_runs_through_a_shape(drawn: etree._Element) -> None:
    found = boxes(drawn)
    nodes, flows = nodes_and_flows(drawn)
    hosts = {b.get("id"): b.get("attachedToRef") for b in drawn.iter(f"{BPMN}boundaryEvent")}
    for flow, points in lines(drawn).items():
        ends = {*flows[flow], hosts.get(flows[flow][0])}
        for node in set(nodes) - ends:
            for a, b in pairwise(points):
                assert not cuts(a, b, found[node]), (flow, node)


def test_boundary_events_sit_on_the_border_of_their_task(drawn: etree._Element) -> None:
    found = boxes(drawn)
    for event in drawn.iter(f"{BPMN}boundaryEvent"):
        x, y, width, height = found[event.get("id")]
        host = found[event.get("attachedToRef")]
        assert y + height / 2 == pytest.approx(host[1] + host[3], abs=1)
        assert host[0] <= x + width / 2 <= host[0] + host[2]


def test_names_outside_shapes_have_a_place_of_their_own(drawn: etree._Element) -> None:
    named = {e.get("id") for e in drawn.iter() if e.get("name") and e.get("id")}
    nodes, _ = nodes_and_flows(drawn)
    for drawing in drawn.iter(f"{BPMNDI}BPMNShape", f"{BPMNDI}BPMNEdge"):
        element = drawing.get("bpmnElement")
        kind = nodes.get(element, "flow" if drawing.tag.endswith("Edge") else "")
        outside = kind.endswith(("Event", "Gateway", "flow"))
        assert (drawing.find(f"{BPMNDI}BPMNLabel") is not None) == (outside and element in named), element


def test_labels_hardly_ever_lie_on_shapes(drawn: etree._Element) -> None:
    nodes, _ = nodes_and_flows(drawn)
    solid = [box for i, box in boxes(drawn).items() if i in nodes]
    labels = [bounds for label in drawn.iter(f"{BPMNDI}BPMNLabel") for bounds in label.iter(f"{DC}Bounds")]
    over = 0
    for bounds in labels:
        x, y, width, height = (float(bounds.get(n)) for n in ("x", "y", "width", "height"))
        over += any(cuts((x + 2, y + 2), (x + width - 2, y + height - 2), box) for box in solid)
    assert over <= len(labels) / 20


def test_elements_attributes_and_foreign_extensions_stay_as_they_were(source: bytes, laid_out: bytes) -> None:
    def without_drawing(root: etree._Element) -> bytes:
        for diagram in root.findall(f"{BPMNDI}BPMNDiagram"):
            root.remove(diagram)
        return etree.tostring(root, method="c14n2", strip_text=True)

    assert without_drawing(etree.fromstring(laid_out)) == without_drawing(etree.fromstring(source))


def test_a_stale_drawing_is_replaced_and_the_result_is_stable(laid_out: bytes) -> None:
    assert lay_out(laid_out) == laid_out
    assert laid_out.count(b"<bpmndi:BPMNDiagram ") == 1


def test_a_process_without_pool_and_lanes_is_drawn_too() -> None:
    bare = f"""{HEAD}<bpmn:process id="p"><bpmn:startEvent id="s" /><bpmn:endEvent id="e" />
      <bpmn:sequenceFlow id="f" sourceRef="s" targetRef="e" /></bpmn:process></bpmn:definitions>"""
    root = root_of(bare.encode())
    assert set(boxes(root)) == {"s", "e"}
    assert root.find(f".//{BPMNDI}BPMNPlane").get("bpmnElement") == "p"


def test_an_embedded_sub_process_is_drawn_open_around_its_content() -> None:
    nested = f"""{HEAD}<bpmn:process id="p"><bpmn:startEvent id="s" />
      <bpmn:subProcess id="sub"><bpmn:startEvent id="is" /><bpmn:userTask id="it" /><bpmn:endEvent id="ie" />
        <bpmn:sequenceFlow id="if1" sourceRef="is" targetRef="it" />
        <bpmn:sequenceFlow id="if2" sourceRef="it" targetRef="ie" /></bpmn:subProcess>
      <bpmn:endEvent id="e" /><bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="sub" />
      <bpmn:sequenceFlow id="f2" sourceRef="sub" targetRef="e" /></bpmn:process></bpmn:definitions>"""
    root = root_of(nested.encode())
    found = boxes(root)
    for node in ("is", "it", "ie"):
        assert inside(found[node], found["sub"])
    assert not inside(found["e"], found["sub"])
    assert set(lines(root)) == {"f1", "f2", "if1", "if2"}


CLOSED = f"""{HEAD}<bpmn:process id="p"><bpmn:startEvent id="s" />
  <bpmn:subProcess id="sub" name="核查">
    <bpmn:laneSet id="ls"><bpmn:lane id="la" name="甲"><bpmn:flowNodeRef>is</bpmn:flowNodeRef></bpmn:lane>
      <bpmn:lane id="lb" name="乙"><bpmn:flowNodeRef>it</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>ie</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
    <bpmn:startEvent id="is" /><bpmn:userTask id="it" /><bpmn:endEvent id="ie" />
    <bpmn:sequenceFlow id="if1" sourceRef="is" targetRef="it" />
    <bpmn:sequenceFlow id="if2" sourceRef="it" targetRef="ie" /></bpmn:subProcess>
  {"".join(f'<bpmn:boundaryEvent id="b{n}" name="逾期{n}5日" attachedToRef="sub" />' for n in range(4))}
  <bpmn:endEvent id="e" /><bpmn:endEvent id="e2" />
  <bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="sub" />
  <bpmn:sequenceFlow id="f2" sourceRef="sub" targetRef="e" />
  {"".join(f'<bpmn:sequenceFlow id="g{n}" sourceRef="b{n}" targetRef="e2" />' for n in range(4))}</bpmn:process>
  <bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"><bpmndi:BPMNPlane>
    <bpmndi:BPMNShape bpmnElement="sub" isExpanded="false" /></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
  </bpmn:definitions>""".encode()


def test_a_closed_sub_process_stays_closed_and_has_a_sheet_of_its_own_with_its_lanes() -> None:
    root = root_of(CLOSED)
    sheets = {plane.get("bpmnElement"): plane for plane in root.iter(f"{BPMNDI}BPMNPlane")}
    assert set(sheets) == {"p", "sub"}
    assert set(boxes(sheets["sub"])) == {"la", "lb", "is", "it", "ie"}
    assert {"it", "la"}.isdisjoint(boxes(sheets["p"]))
    found = boxes(sheets["sub"])
    assert inside(found["is"], found["la"])
    assert inside(found["it"], found["lb"])
    assert lay_out(lay_out(CLOSED)) == lay_out(CLOSED)


@pytest.mark.parametrize(
    "drawn", [CLOSED, CLOSED.replace(b'isExpanded="false"', b"")], ids=["closed", "open"]
)
def test_any_number_of_boundary_events_sits_beside_each_other_on_the_border(drawn: bytes) -> None:
    found = boxes(root_of(drawn))
    x, y, width, height = found["sub"]
    events = sorted(found[f"b{number}"] for number in range(4))
    assert all(x <= left and left + size <= x + width for left, _, size, _ in events)
    assert all(one[0] + one[2] < other[0] for one, other in pairwise(events))
    assert {top + size / 2 for _, top, _, size in events} == {y + height}


def test_a_note_stands_beside_what_it_explains() -> None:
    noted = SMALL.replace(
        b"</bpmn:process>",
        '<bpmn:textAnnotation id="note"><bpmn:text>说明</bpmn:text></bpmn:textAnnotation>'
        '<bpmn:association id="link" sourceRef="write" targetRef="note" /></bpmn:process>'.encode(),
    )
    root = root_of(noted)
    note, task = boxes(root)["note"], boxes(root)["write"]
    assert note[0] + note[2] / 2 == pytest.approx(task[0] + task[2] / 2, abs=1)
    assert len(lines(root)["link"]) == 2


@pytest.mark.parametrize(
    "broken",
    [
        b"not a diagram",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><x />",
        HEAD.encode() + b"</bpmn:definitions>",
    ],
)
def test_what_is_no_diagram_is_refused_with_a_sentence(broken: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        lay_out(broken)
    assert all("。" in sentence for sentence in refused.value.problems.values())
