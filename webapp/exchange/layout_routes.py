"""Orthogonal lines on a grid: the cheapest way between two shapes around all others.

The grid has one vertical line per column centre and track, one horizontal line per row centre and
track. A route is a chain of grid points; the caller turns grid points into pixels afterwards.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import pairwise

Point = tuple[int, int]
State = tuple[Point, int]
HORIZONTAL, VERTICAL = 0, 1
BEND, CROSSING, SHARED, FOREIGN = 30.0, 24.0, 60.0, 900.0


@dataclass(frozen=True, slots=True)
class Port:
    """A side of a shape where a line may begin or end: the first free grid point outside it."""

    side: str
    point: Point
    cost: float

    @property
    def axis(self) -> int:
        """The axis on which a line passes this side."""
        return HORIZONTAL if self.side in ("left", "right") else VERTICAL


@dataclass(frozen=True, slots=True)
class Route:
    """The way a line takes: side it leaves from, grid points where it turns, side it arrives at."""

    leaves: str
    points: tuple[Point, ...]
    arrives: str


@dataclass(slots=True)
class Grid:
    """Grid lines in pixels, points inside shapes, and what earlier lines have taken."""

    xs: Sequence[float]
    ys: Sequence[float]
    blocked: frozenset[Point]
    taken: dict[State, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))

    def route(self, flow: tuple[str, str], starts: Iterable[Port], ends: Iterable[Port]) -> Route | None:
        """Find the cheapest way for ``flow`` (source id, target id) and keep it; ``None``: walled in."""
        goals = {(port.point, port.axis): port for port in ends}
        left = self._way_left([point for point, _ in goals])
        queue: list[tuple[float, int, Point, int]] = []
        best: dict[State, float] = {}
        came: dict[State, State | None] = {}
        sides: dict[State, str] = {}
        for port in starts:
            state = (port.point, port.axis)
            if port.point not in self.blocked and port.cost < best.get(state, float("inf")):
                best[state], came[state], sides[state] = port.cost, None, port.side
                heappush(queue, (port.cost + left(port.point), len(best), port.point, port.axis))
        reached = self._search(flow, goals, left, queue, best, came)
        if reached is None:
            return None
        way = [reached]
        while (before := came[way[-1]]) is not None:
            way.append(before)
        way.reverse()
        for point, axis in way:
            self.taken[(point, axis)].add(flow)
        turns = tuple(here for (before, _), (here, _) in pairwise(way) if here == before)
        return Route(sides[way[0]], turns, goals[reached].side)

    def _search(
        self,
        flow: tuple[str, str],
        goals: Mapping[State, Port],
        left: Callable[[Point], float],
        queue: list[tuple[float, int, Point, int]],
        best: dict[State, float],
        came: dict[State, State | None],
    ) -> State | None:
        found: State | None = None
        bound, serial = float("inf"), len(best)
        settled: set[State] = set()
        while queue and queue[0][0] < bound:
            _, _, point, axis = heappop(queue)
            if (point, axis) in settled:
                continue
            settled.add((point, axis))
            cost = best[(point, axis)]
            goal = goals.get((point, axis))
            if goal is not None and cost + goal.cost < bound:
                bound, found = cost + goal.cost, (point, axis)
            for state, price in self._moves(flow, point, axis):
                if cost + price < best.get(state, float("inf")):
                    best[state], came[state] = cost + price, (point, axis)
                    serial += 1
                    heappush(queue, (cost + price + left(state[0]), serial, *state))
        return found

    def _way_left(self, goals: Sequence[Point]) -> Callable[[Point], float]:
        """The way still to go to the box around all goals: never too much, so the search stays exact."""
        columns, rows = [self.xs[i] for i, _ in goals], [self.ys[j] for _, j in goals]
        west, east = min(columns, default=0.0), max(columns, default=0.0)
        north, south = min(rows, default=0.0), max(rows, default=0.0)
        across = [max(west - x, x - east, 0.0) for x in self.xs]
        down = [max(north - y, y - south, 0.0) for y in self.ys]
        return lambda point: across[point[0]] + down[point[1]]

    def _moves(self, flow: tuple[str, str], point: Point, axis: int) -> Iterable[tuple[State, float]]:
        """Turn on the spot, or go to the next point on either side."""
        corner = CROSSING * 2 if self._strangers(flow, point) else 0.0
        yield (point, 1 - axis), BEND + corner
        for step in (-1, 1):
            column, row = (point[0] + step, point[1]) if axis == HORIZONTAL else (point[0], point[1] + step)
            inside = 0 <= column < len(self.xs) and 0 <= row < len(self.ys)
            if not inside or (column, row) in self.blocked:
                continue
            along = abs(self.xs[column] - self.xs[point[0]]) + abs(self.ys[row] - self.ys[point[1]])
            yield ((column, row), axis), along + self._toll(flow, (column, row), axis)

    def _toll(self, flow: tuple[str, str], point: Point, axis: int) -> float:
        """The price of running along or across lines that lead elsewhere."""
        toll = 0.0
        for source, target in self.taken.get((point, axis), ()):
            if target != flow[1]:
                toll = max(toll, SHARED if source == flow[0] else FOREIGN)
        return toll + (CROSSING if self.taken.get((point, 1 - axis)) else 0.0)

    def _strangers(self, flow: tuple[str, str], point: Point) -> bool:
        lines = (self.taken.get((point, axis), ()) for axis in (HORIZONTAL, VERTICAL))
        return any(target != flow[1] for line in lines for _, target in line)
