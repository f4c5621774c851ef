"""Where names stand that do not fit inside a shape: events, gateways and flows."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from webapp.exchange.layout_geometry import Drawing, Pixel
from webapp.exchange.layout_graph import Shape, label_size


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    x: float
    y: float
    width: float
    height: float

    def covers(self, other: "Box") -> float:
        """The common area."""
        wide = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        high = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return max(0.0, wide) * max(0.0, high)


def label_boxes(drawing: Drawing) -> dict[str, Box]:
    """A box per named event, gateway and flow, each where least lies under it."""
    shapes = list(drawing.graph.shapes.values())
    solid = [Box(s.x, s.y, s.width, s.height) for s in shapes]
    lines = [box for points in drawing.points.values() for box in _stretches(points)]
    lines += [Box(0, top - 2, drawing.width, 4) for top in drawing.lane_tops[1:]]
    labels: dict[str, Box] = {}
    for shape in shapes:
        if shape.round and shape.name:
            labels[shape.id] = _best(_around(shape), solid, lines, labels.values())
    for arrow in drawing.graph.arrows:
        if arrow.name:
            places = _along(arrow.name, drawing.points[arrow.id])
            labels[arrow.id] = _best(places, solid, lines, labels.values())
    return labels


def _best(places: Iterable[Box], solid: list[Box], lines: list[Box], labels: Iterable[Box]) -> Box:
    places = list(places)
    whole = _around_all(places)
    solid, lines, others = ([box for box in boxes if whole.covers(box)] for boxes in (solid, lines, labels))

    def price(numbered: tuple[int, Box]) -> float:
        order, box = numbered
        over = sum(box.covers(o) for o in solid) * 3 + sum(box.covers(o) for o in others) * 3
        return over + sum(box.covers(line) for line in lines) * 4 + order * 6

    return min(enumerate(places), key=price)[1]


def _around_all(boxes: list[Box]) -> Box:
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)
    return Box(x, y, right - x, bottom - y)


def _stretches(points: list[Pixel]) -> list[Box]:
    return [
        Box(min(a[0], b[0]) - 2, min(a[1], b[1]) - 2, abs(a[0] - b[0]) + 4, abs(a[1] - b[1]) + 4)
        for a, b in pairwise(points)
    ]


def _around(shape: Shape) -> list[Box]:
    width, height = label_size(shape.name)
    middle, centre = shape.x + shape.width / 2, shape.y + shape.height / 2
    below, above = shape.y + shape.height + 4, shape.y - height - 4
    right, left = shape.x + shape.width + 4, shape.x - width - 4
    spots = [(middle - width / 2, below), (middle - width / 2, above), (right - 8, above), (left + 8, above)]
    spots += [
        (right - 8, below),
        (left + 8, below),
        (right, centre - height - 2),
        (left, centre - height - 2),
    ]
    if shape.kind.endswith("Gateway"):
        spots[0], spots[1] = spots[1], spots[0]
    return [Box(x, y, width, height) for x, y in spots]


def _along(name: str, points: list[Pixel]) -> list[Box]:
    """Places beside each stretch of a line, beginning at its source."""
    width, height = label_size(name)
    places = []
    for (ax, ay), (bx, by) in pairwise(points):
        if ay == by:
            step = 1 if bx >= ax else -1
            for along in (12.0, max(12.0, abs(bx - ax) / 2 - width / 2)):
                x = ax + step * along - (width if step < 0 else 0)
                places += [Box(x, ay - height - 3, width, height), Box(x, ay + 3, width, height)]
        else:
            step = 1 if by >= ay else -1
            for along in (12.0, max(12.0, abs(by - ay) / 2 - height / 2)):
                y = ay + step * along - (height if step < 0 else 0)
                places += [Box(ax + 4, y, width, height), Box(ax - width - 4, y, width, height)]
    return places
