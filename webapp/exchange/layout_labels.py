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


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name could stand, and how far that is from the best place for it."""

    box: Box
    price: float


def label_boxes(drawing: Drawing) -> dict[str, Box]:
    """A box per named event, gateway and flow, each where least lies under it."""
    shapes = list(drawing.graph.shapes.values())
    solid = [Box(s.x, s.y, s.width, s.height) for s in shapes]
    ways = {arrow_id: _stretches(points) for arrow_id, points in drawing.points.items()}
    lines = [box for boxes in ways.values() for box in boxes]
    lines += [Box(0, top - 2, drawing.width, 4) for top in drawing.lane_tops[1:]]
    labels: dict[str, Box] = {}
    for shape in shapes:
        if shape.round and shape.name:
            labels[shape.id] = _best(_around(shape), solid, lines, labels.values())
    for arrow in drawing.graph.arrows:
        if arrow.name:
            foreign = [box for other, boxes in ways.items() if other != arrow.id for box in boxes]
            places = _along(arrow.name, drawing.points[arrow.id], foreign)
            labels[arrow.id] = _best(places, solid, lines, labels.values())
    return labels


def _best(places: Iterable[Place], solid: list[Box], lines: list[Box], labels: Iterable[Box]) -> Box:
    places = list(places)
    whole = _around_all([place.box for place in places])
    solid, lines, others = ([box for box in boxes if whole.covers(box)] for boxes in (solid, lines, labels))

    def price(place: Place) -> float:
        over = sum(place.box.covers(o) for o in solid) * 30 + sum(place.box.covers(o) for o in others) * 30
        return over + sum(place.box.covers(line) for line in lines) * 6 + place.price

    return min(places, key=price).box


def _around_all(boxes: list[Box]) -> Box:
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)
    return Box(x, y, right - x, bottom - y)


def _stretches(points: list[Pixel]) -> list[Box]:
    return [
        Box(min(a[0], b[0]) - 2, min(a[1], b[1]) - 2, abs(a[0] - b[0]) + 4, abs(a[1] - b[1]) + 4)
        for a, b in pairwise(points)
    ]


def _around(shape: Shape) -> list[Place]:
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
    spots += [
        (right, centre + 3),
        (left, centre + 3),
        (right, centre - height / 2),
        (left, centre - height / 2),
    ]
    if shape.host is not None:
        spots = [spots[4], spots[5], *spots[6:]]
    elif shape.kind.endswith("Gateway"):
        spots[0], spots[1] = spots[1], spots[0]
    return [Place(Box(x, y, width, height), number * 6) for number, (x, y) in enumerate(spots)]


STEP, NEAR, SHARED = 16.0, 12.0, 90.0


def _along(name: str, points: list[Pixel], foreign: list[Box]) -> list[Place]:
    """Places on both sides of each stretch of a line, dearer the farther from its source.

    A stretch that another line shares says nothing about which of them is meant: dearer still.
    """
    width, height = label_size(name)
    places, walked = [], 0.0
    for (ax, ay), (bx, by) in pairwise(points):
        flat, length = ay == by, abs(bx - ax) + abs(by - ay)
        size = width if flat else height
        around = Box(min(ax, bx) - 1, min(ay, by) - 1, abs(bx - ax) + 2, abs(by - ay) + 2)
        beside = [box for box in foreign if box.covers(around)]
        along = NEAR
        while along + size <= length or along == NEAR:
            at = along + size / 2
            x = ax + (at if bx >= ax else -at) * flat
            y = ay + (at if by >= ay else -at) * (not flat)
            shared = any(box.covers(Box(x - 1, y - 1, 2, 2)) for box in beside)
            price = (walked + along) / 8 + SHARED * shared
            spots = (
                ((x - width / 2, y - height - 3), (x - width / 2, y + 3))
                if flat
                else ((x + 4, y - height / 2), (x - width - 4, y - height / 2))
            )
            places += [Place(Box(*spot, width, height), price + 3 * n) for n, spot in enumerate(spots)]
            along += STEP
        walked += length
    return places
