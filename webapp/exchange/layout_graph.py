"""A process read as shapes and arrows, and each shape given a lane, a column and a row."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
EVENTS = ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
ARTIFACTS = {"textAnnotation": (150.0, 50.0), "dataObjectReference": (36.0, 50.0)}
NOT_DRAWN = ("sequenceFlow", "association", "laneSet", "extensionElements", "documentation")
DRAWN_SUFFIXES = ("Task", "task", "Event", "Gateway", "ubProcess", "callActivity", "transaction")
GLYPH, LEADING, LINE_WIDTH = 11.5, 14.0, 80.0


@dataclass(slots=True)
class Shape:
    """One element with its size, its place on the grid and, once drawn, its pixels."""

    id: str
    kind: str
    name: str
    width: float
    height: float
    lane: int = 0
    column: int = 0
    row: int = 0
    x: float = 0.0
    y: float = 0.0
    host: str | None = None
    offset: float = 0.0
    closed: bool = False
    element: etree._Element | None = None

    @property
    def round(self) -> bool:
        """Whether the name stands outside the shape (events, gateways)."""
        return self.kind in EVENTS or self.kind.endswith("Gateway")


@dataclass(frozen=True, slots=True)
class Arrow:
    """A sequence flow 顺序流 or an association from one shape to another."""

    id: str
    source: str
    target: str
    name: str
    straight: bool = False


@dataclass(slots=True)
class Graph:
    """One scope (a process or an embedded sub-process): shapes in document order, arrows, lanes."""

    shapes: dict[str, Shape] = field(default_factory=dict)
    arrows: list[Arrow] = field(default_factory=list)
    lanes: list[etree._Element] = field(default_factory=list)

    def anchor(self, shape_id: str) -> str:
        """The shape that holds the place on the grid: a boundary event stands where its host stands."""
        return self.shapes[shape_id].host or shape_id


def label_size(name: str) -> tuple[float, float]:
    """Width and height in pixels of a name that stands outside its shape, wrapped like the editor wraps it."""
    widest, lines, room = 0.0, 0, 0.0
    for word in name.split() or [""]:
        width = sum(GLYPH if ord(char) > 255 else GLYPH / 2 for char in word)
        if lines and width + GLYPH / 2 <= room:
            width += LINE_WIDTH - room + GLYPH / 2
        else:
            count = max(1, ceil(width / LINE_WIDTH))
            lines += count
            width = width / count + GLYPH if count > 1 else width
        widest, room = max(widest, width), LINE_WIDTH - width
    return ceil(min(widest, LINE_WIDTH) + 4), LEADING * lines


def local(element: etree._Element) -> str:
    """The tag without its namespace; empty for comments."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def read(scope: etree._Element) -> Graph:
    """Read one scope; sub-processes appear as single shapes whose size the caller sets."""
    lane_sets = scope.findall(_bpmn("laneSet"))
    graph = Graph(
        lanes=[
            lane
            for lane_set in lane_sets
            for lane in lane_set.iter(_bpmn("lane"))
            if lane.find(_bpmn("childLaneSet")) is None
        ]
    )
    lane_of = {
        (reference.text or "").strip(): index
        for index, lane in enumerate(graph.lanes)
        for reference in lane.findall(_bpmn("flowNodeRef"))
    }
    arrows = []
    for element in scope.iterchildren(f"{{{BPMN}}}*"):
        kind = local(element)
        if kind in ("sequenceFlow", "association"):
            arrows.append(_arrow(element, kind))
        elif kind in ARTIFACTS or (kind not in NOT_DRAWN and kind.endswith(DRAWN_SUFFIXES)):
            shape = _shape(element, kind)
            shape.lane = lane_of.get(shape.id, 0)
            graph.shapes[shape.id] = shape
    graph.arrows = [a for a in arrows if a.source in graph.shapes and a.target in graph.shapes]
    return graph


def _bpmn(tag: str) -> str:
    return f"{{{BPMN}}}{tag}"


def _arrow(element: etree._Element, kind: str) -> Arrow:
    return Arrow(
        element.get("id", ""),
        element.get("sourceRef", ""),
        element.get("targetRef", ""),
        element.get("name", ""),
        kind == "association",
    )


def _shape(element: etree._Element, kind: str) -> Shape:
    if kind in EVENTS:
        width, height = 36.0, 36.0
    elif kind.endswith("Gateway"):
        width, height = 50.0, 50.0
    else:
        width, height = ARTIFACTS.get(kind, (100.0, 80.0))
    return Shape(
        element.get("id", ""),
        kind,
        element.get("name", ""),
        width,
        height,
        host=element.get("attachedToRef") if kind == "boundaryEvent" else None,
        element=element,
    )


def place(graph: Graph) -> None:
    """Give every shape its column (longest way from a start) and its row within the lane."""
    forward = _forward(graph)
    _columns(graph, forward)
    _artifact_columns(graph)
    _rows(graph, forward)
    _boundary_events(graph)


def _forward(graph: Graph) -> dict[str, list[str]]:
    """Arrows between grid places without those that lead back to where the walk came from."""
    following: dict[str, list[str]] = defaultdict(list)
    for arrow in graph.arrows:
        if not arrow.straight:
            following[graph.anchor(arrow.source)].append(graph.anchor(arrow.target))
    places = [shape.id for shape in graph.shapes.values() if shape.host is None]
    entered = {target for targets in following.values() for target in targets}
    forward: dict[str, list[str]] = {shape_id: [] for shape_id in places}
    done: set[str] = set()
    for root in sorted(places, key=lambda shape_id: shape_id in entered):
        if root not in done:
            _walk(root, following, forward, done)
    return forward


def _walk(
    root: str, following: Mapping[str, list[str]], forward: dict[str, list[str]], done: set[str]
) -> None:
    """Depth first from a start; an arrow to a place still on the way is one that leads back."""
    on_the_way = {root}
    stack: list[tuple[str, Iterator[str]]] = [(root, iter(following.get(root, ())))]
    while stack:
        node, rest = stack[-1]
        target = next(rest, None)
        if target is None:
            done.add(node)
            on_the_way.discard(node)
            stack.pop()
        elif target not in on_the_way:
            forward[node].append(target)
            if target not in done:
                on_the_way.add(target)
                stack.append((target, iter(following.get(target, ()))))


def _columns(graph: Graph, forward: dict[str, list[str]]) -> None:
    waiting: dict[str, int] = defaultdict(int)
    for targets in forward.values():
        for target in targets:
            waiting[target] += 1
    ready = [shape_id for shape_id in forward if not waiting[shape_id]]
    roots = set(ready)
    while ready:
        node = ready.pop()
        for target in forward[node]:
            graph.shapes[target].column = max(graph.shapes[target].column, graph.shapes[node].column + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    for shape_id in roots:
        if forward[shape_id]:
            first = min(graph.shapes[target].column for target in forward[shape_id])
            graph.shapes[shape_id].column = max(0, first - 1)


def _artifact_columns(graph: Graph) -> None:
    for arrow in graph.arrows:
        if not arrow.straight:
            continue
        for note, other in ((arrow.source, arrow.target), (arrow.target, arrow.source)):
            if graph.shapes[note].kind in ARTIFACTS:
                beside = graph.shapes[graph.anchor(other)]
                graph.shapes[note].column, graph.shapes[note].lane = beside.column, beside.lane


def _rows(graph: Graph, forward: dict[str, list[str]]) -> None:
    before: dict[str, list[str]] = defaultdict(list)
    for node, targets in forward.items():
        for target in targets:
            before[target].append(node)
    order = {shape_id: index for index, shape_id in enumerate(graph.shapes)}
    occupied: set[tuple[int, int, int]] = set()
    ahead, aside = _ahead(forward), _aside(graph)

    def rank(shape: Shape) -> tuple[bool, bool, int, float, int]:
        rows = [graph.shapes[node].row + 100 * graph.shapes[node].lane for node in before[shape.id]]
        mean = sum(rows) / len(rows) if rows else 0.0
        return shape.kind in ARTIFACTS, shape.id in aside, -ahead.get(shape.id, 0), mean, order[shape.id]

    columns = defaultdict(list)
    for shape in graph.shapes.values():
        if shape.host is None:
            columns[shape.column].append(shape)
    for column in sorted(columns):
        for shape in sorted(columns[column], key=rank):
            near = [graph.shapes[n].row for n in before[shape.id] if graph.shapes[n].lane == shape.lane]
            shape.row = _free_row(occupied, shape, near[0] if near else 0)
            occupied.add((shape.lane, shape.column, shape.row))


def _ahead(forward: dict[str, list[str]]) -> dict[str, int]:
    """The longest way still ahead of each place: the main line keeps its row, exits give way."""
    ahead: dict[str, int] = {}
    for root in forward:
        stack = [root]
        while stack:
            node = stack[-1]
            missing = [target for target in forward[node] if target not in ahead]
            if missing:
                stack += missing
            else:
                ahead[stack.pop()] = 1 + max((ahead[target] for target in forward[node]), default=0)
    return ahead


def _aside(graph: Graph) -> set[str]:
    """The places that only boundary events lead to: they leave the row to the main line."""
    targets = {arrow.target for arrow in graph.arrows}
    return targets - {arrow.target for arrow in graph.arrows if not graph.shapes[arrow.source].host}


def _free_row(occupied: set[tuple[int, int, int]], shape: Shape, wanted: int) -> int:
    for distance in range(len(occupied) + 1):
        for row in (wanted + distance, wanted - distance):
            if row >= 0 and (shape.lane, shape.column, row) not in occupied:
                return row
    return wanted


def _boundary_events(graph: Graph) -> None:
    """Spread the events along the lower border of their host; a host too narrow for them grows."""
    attached: dict[str, list[Shape]] = defaultdict(list)
    for shape in graph.shapes.values():
        if shape.host is not None:
            attached[shape.host].append(shape)
    for host_id, events in attached.items():
        host = graph.shapes[host_id]
        # The middle of a closed sub-process's border carries its plus sign.
        slots = len(events) + (len(events) % 2 if host.closed else 0)
        # The name of each stands beside its line, before the line of the next.
        room = max(event.width + 8 for event in events)
        if slots > 1:
            room = max(room, *(label_size(event.name)[0] + 20 for event in events))
        host.width = max(host.width, slots * room)
        first = -(slots - 1) / 2 * room if slots > 1 else 28.0
        for number, event in enumerate(events):
            event.lane, event.column, event.row = host.lane, host.column, host.row
            event.offset = first + number * room
