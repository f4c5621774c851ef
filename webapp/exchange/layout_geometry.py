"""Columns, rows and tracks in pixels, and the lines between the placed shapes.

Lines are routed on a grid with many tracks in every gap; afterwards only the tracks in use are kept,
so that a gap is as wide as what runs through it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from webapp.exchange.layout_graph import ARTIFACTS, Arrow, Graph, Shape, label_size
from webapp.exchange.layout_routes import Grid, Point, Port, Route

TRACKS, SPACING, PAD = 6, 11.0, 15.0
NARROW, WIDE, WIDEST = 42.0, 56.0, 84.0
OPPOSITE = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}
Pixel = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A grid line: in a gap (track number) or through a column or row (offset from its centre)."""

    gap: bool
    band: int
    track: int = 0
    offset: float = 0.0


@dataclass(slots=True)
class Axis:
    """All grid lines of one direction, and what the bands and gaps between them need."""

    sizes: list[float]
    gaps: list[float]
    pads: list[float]
    lines: list[Line] = field(default_factory=list)

    def pixels(self, used: Iterable[int] | None = None) -> tuple[list[float], list[float], list[float]]:
        """Positions of the lines, of the band centres and of the gap starts; unused tracks take no room."""
        keep = set(range(len(self.lines)) if used is None else used)
        tracks: dict[int, list[int]] = defaultdict(list)
        for index, line in enumerate(self.lines):
            if line.gap and index in keep:
                tracks[line.band].append(index)
        centres, gap_starts, at = [], [], 0.0
        position: dict[int, float] = {}
        for band in range(len(self.gaps)):
            gap_starts.append(at)
            count = len(tracks[band])
            width = max(self.gaps[band], self.pads[band] + PAD + (count - 1) * SPACING)
            first = at + max(self.pads[band], (width - (count - 1) * SPACING) / 2)
            for number, index in enumerate(tracks[band]):
                position[index] = first + number * SPACING
            at += width
            if band < len(self.sizes):
                centres.append(at + self.sizes[band] / 2)
                at += self.sizes[band]
        gap_starts.append(at)
        lines = []
        for index, line in enumerate(self.lines):
            fallback = gap_starts[line.band] + PAD if line.gap else centres[line.band] + line.offset
            lines.append(position.get(index, fallback))
        return lines, centres, gap_starts


@dataclass(slots=True)
class Drawing:
    """A laid-out scope: shapes with pixels, way points per arrow, lane borders, total size."""

    graph: Graph
    points: dict[str, list[Pixel]]
    lane_tops: list[float]
    width: float
    height: float


def draw(graph: Graph) -> Drawing:
    """Turn a placed graph into pixels and orthogonal lines."""
    rows_of_lane = _rows_of_lane(graph)
    across, down = _across(graph), _down(graph, rows_of_lane)
    first_row = [sum(rows_of_lane[:lane]) for lane in range(len(rows_of_lane))]
    row_of = {shape.id: first_row[shape.lane] + shape.row for shape in graph.shapes.values()}
    xs, ys = across.pixels()[0], down.pixels()[0]
    _pixels(graph, across.pixels()[1], down.pixels()[1], row_of)
    grid = Grid(xs, ys, _blocked(graph, xs, ys))
    routes = {arrow.id: _route(graph, grid, arrow) for arrow in _by_length(graph)}
    used_x = {point[0] for route in routes.values() if route for point in route.points}
    used_y = {point[1] for route in routes.values() if route for point in route.points}
    xs, columns, x_gaps = across.pixels(used_x)
    ys, rows, y_gaps = down.pixels(used_y)
    _pixels(graph, columns, rows, row_of)
    points = {
        arrow.id: _way(graph.shapes[arrow.source], graph.shapes[arrow.target], routes.get(arrow.id), xs, ys)
        for arrow in graph.arrows
    }
    tops = [y_gaps[first + lane] for lane, first in enumerate(first_row)]
    return Drawing(graph, points, tops, x_gaps[-1], y_gaps[-1])


def _rows_of_lane(graph: Graph) -> list[int]:
    rows = [1] * max(1, len(graph.lanes))
    for shape in graph.shapes.values():
        rows[shape.lane] = max(rows[shape.lane], shape.row + 1)
    return rows


def _across(graph: Graph) -> Axis:
    shapes = list(graph.shapes.values())
    count = 1 + max((shape.column for shape in shapes), default=0)
    sizes, gaps = [50.0] * count, [NARROW] * (count + 1)
    for shape in shapes:
        sizes[shape.column] = max(sizes[shape.column], shape.width)
    for arrow in graph.arrows:
        if arrow.name:
            after = graph.shapes[graph.anchor(arrow.source)].column + 1
            gaps[after] = max(gaps[after], WIDE, min(label_size(arrow.name)[0], WIDEST) + 16)
    axis = Axis(sizes, gaps, [PAD] * (count + 1))
    for band in range(count + 1):
        axis.lines += [Line(True, band, track) for track in range(TRACKS)]
        if band < count:
            offsets = {0.0} | {shape.offset for shape in shapes if shape.column == band}
            axis.lines += [Line(False, band, offset=offset) for offset in sorted(offsets)]
    return axis


def _down(graph: Graph, rows_of_lane: list[int]) -> Axis:
    """Rows of all lanes; every lane has a gap of its own above and below, so no line hides a border."""
    axis = Axis([], [], [])
    hosts = {(shape.lane, shape.row) for shape in graph.shapes.values() if shape.host}
    for lane, count in enumerate(rows_of_lane):
        for row in range(count + 1):
            above = (lane, row - 1) in hosts
            axis.gaps.append(58.0 if above else 30.0)
            axis.pads.append(30.0 if above else PAD)
            if row < count:
                sizes = [s.height for s in graph.shapes.values() if (s.lane, s.row) == (lane, row)]
                axis.sizes.append(max([80.0, *sizes]))
        axis.sizes.append(0.0)
    axis.sizes.pop()
    for band in range(len(axis.gaps)):
        axis.lines += [Line(True, band, track) for track in range(TRACKS)]
        if band < len(axis.sizes) and axis.sizes[band]:
            axis.lines.append(Line(False, band))
    return axis


def _pixels(graph: Graph, columns: list[float], rows: list[float], row_of: Mapping[str, int]) -> None:
    for shape in graph.shapes.values():
        band = row_of[shape.id] + shape.lane
        shape.x = columns[shape.column] - shape.width / 2
        shape.y = rows[band] - shape.height / 2
    for shape in graph.shapes.values():
        if shape.host:
            host = graph.shapes[shape.host]
            shape.x = host.x + host.width / 2 + shape.offset - shape.width / 2
            shape.y = host.y + host.height - shape.height / 2


def _blocked(graph: Graph, xs: list[float], ys: list[float]) -> frozenset[Point]:
    blocked: set[Point] = set()
    for shape in graph.shapes.values():
        columns = [i for i, x in enumerate(xs) if shape.x - 5 < x < shape.x + shape.width + 5]
        rows = [j for j, y in enumerate(ys) if shape.y - 5 < y < shape.y + shape.height + 5]
        blocked.update((i, j) for i in columns for j in rows)
    return frozenset(blocked)


def _by_length(graph: Graph) -> list[Arrow]:
    """Short forward lines first: they take the straight ways, long ones go round."""

    def length(arrow: Arrow) -> tuple[bool, float]:
        source, target = graph.shapes[arrow.source], graph.shapes[arrow.target]
        return target.x <= source.x, abs(target.x - source.x) + 2 * abs(target.y - source.y)

    return sorted((arrow for arrow in graph.arrows if not arrow.straight), key=length)


def _route(graph: Graph, grid: Grid, arrow: Arrow) -> Route | None:
    source, target = graph.shapes[arrow.source], graph.shapes[arrow.target]
    leaving = {"bottom": 0.0} if source.host else {"right": 0.0, "bottom": 18.0, "top": 18.0, "left": 120.0}
    arriving = {"left": 0.0, "top": 24.0, "bottom": 24.0, "right": 90.0}
    hosts = {shape.host for shape in graph.shapes.values()}
    # Below a task with boundary events their own lines leave.
    for shape, sides in ((source, leaving), (target, arriving)):
        if shape.id in hosts:
            sides.pop("bottom", None)
    return grid.route(
        (arrow.source, arrow.target),
        _ports(grid, source, leaving),
        _ports(grid, target, arriving),
    )


def _ports(grid: Grid, shape: Shape, prices: Mapping[str, float]) -> list[Port]:
    x, y = shape.x + shape.width / 2, shape.y + shape.height / 2
    column = min(range(len(grid.xs)), key=lambda i: abs(grid.xs[i] - x))
    row = min(range(len(grid.ys)), key=lambda j: abs(grid.ys[j] - y))
    outside = {
        "right": _first((i, row) for i in range(column, len(grid.xs)) if grid.xs[i] > shape.x + shape.width),
        "left": _first((i, row) for i in range(column, -1, -1) if grid.xs[i] < shape.x),
        "bottom": _first((column, j) for j in range(len(grid.ys)) if grid.ys[j] > shape.y + shape.height),
        "top": _first((column, j) for j in range(len(grid.ys) - 1, -1, -1) if grid.ys[j] < shape.y),
    }
    return [Port(side, point, prices[side]) for side, point in outside.items() if side in prices and point]


def _first(points: Iterable[Point]) -> Point | None:
    return next(iter(points), None)


def _way(source: Shape, target: Shape, route: Route | None, xs: list[float], ys: list[float]) -> list[Pixel]:
    if route is None:
        return _straight(source, target)
    inner = [(xs[i], ys[j]) for i, j in route.points]
    return _corners([_border(source, route.leaves), *inner, _border(target, route.arrives)])


def _straight(source: Shape, target: Shape) -> list[Pixel]:
    side = "bottom" if target.y > source.y else "top"
    if source.kind in ARTIFACTS or target.kind in ARTIFACTS:
        return [_border(source, side), _border(target, OPPOSITE[side])]
    return [_border(source, "right"), _border(target, "left")]


def _border(shape: Shape, side: str) -> Pixel:
    middle, centre = shape.x + shape.width / 2, shape.y + shape.height / 2
    sides = {
        "right": (shape.x + shape.width, centre),
        "left": (shape.x, centre),
        "top": (middle, shape.y),
        "bottom": (middle, shape.y + shape.height),
    }
    return sides[side]


def _corners(points: list[Pixel]) -> list[Pixel]:
    """Drop points in the middle of a straight stretch."""
    single = [here for before, here in zip([None, *points], points, strict=False) if here != before]
    kept = single[:1]
    for here, after in pairwise(single[1:]):
        before = kept[-1]
        vertical = abs(before[0] - here[0]) < 1 and abs(here[0] - after[0]) < 1
        horizontal = abs(before[1] - here[1]) < 1 and abs(here[1] - after[1]) < 1
        if not vertical and not horizontal:
            kept.append(here)
    return [*kept, single[-1]]
