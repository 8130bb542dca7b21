"""Finds a line between two shapes that goes through no third one, with few corners."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from math import inf

from service.diagram.repair.boxes import Box, Point, crosses, length

AWAY = 20.0
"""Pixels that a line keeps from what it goes around."""
CORNER, CROSSING, THROUGH = 25.0, 60.0, 5000.0
"""What a corner, a crossed line and a crossed shape count for, in pixels of way."""
Line = Sequence[Point]
Port = tuple[Point, bool]
"""Where a line may begin or end, and whether it lies on a side (else above or below)."""


def route(source: Box, target: Box, shapes: Iterable[Box], lines: Iterable[Line]) -> list[Point]:
    """The best line from the border of one shape to that of another."""
    reach = _around(source, target).wider(AWAY + 1)
    solid = [*filter(reach.overlaps, shapes), source.wider(-1), target.wider(-1)]
    drawn = [(a, b) for line in lines for a, b in pairwise(line) if crosses(a, b, reach)]
    best: list[Point] = []
    least = inf
    for way in sorted({tuple(tidy(way)) for way in _ways(source, target)}, key=_effort_first):
        if (cost := _effort(way)) >= least:  # what comes after is longer still
            break
        if (cost := _cost(way, solid, drawn, cost, least)) < least:
            best, least = [*way], cost
    return best


def _cost(
    way: Line, solid: Sequence[Box], drawn: Sequence[tuple[Point, Point]], cost: float, least: float
) -> float:
    """What a way counts for; as soon as it is no better than another, how much more does not matter."""
    hindrances = chain(
        (THROUGH * crosses(a, b, box) for a, b in pairwise(way) for box in solid),
        (CROSSING * _meet(a, b, *other) for a, b in pairwise(way) for other in drawn),
    )
    for more in hindrances:
        cost += more
        if cost >= least:
            break
    return cost


def _around(one: Box, other: Box) -> Box:
    """The smallest box that holds both; no way leads far out of it."""
    x, y = min(one.x, other.x), min(one.y, other.y)
    return Box(x, y, max(one.right, other.right) - x, max(one.bottom, other.bottom) - y)


def _effort_first(way: Line) -> tuple[float, Line]:
    """The shortest first; of two as long always the same one."""
    return _effort(way), way


def _effort(way: Line) -> float:
    return length(way) + CORNER * len(way)


def tidy(points: Line) -> list[Point]:
    """The line without points that it does not need."""
    kept: list[Point] = []
    for point in points:
        if kept and point == kept[-1]:
            continue
        while len(kept) > 1 and _straight(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    return kept if len(kept) > 1 else [*kept, *kept]


def _straight(a: Point, b: Point, c: Point) -> bool:
    return (a.x == b.x == c.x and (a.y <= b.y) == (b.y <= c.y)) or (
        a.y == b.y == c.y and (a.x <= b.x) == (b.x <= c.x)
    )


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two straight lines cross, or lie on each other."""
    one = Box(min(a.x, b.x), min(a.y, b.y), abs(a.x - b.x) or 0.5, abs(a.y - b.y) or 0.5)
    return crosses(c, d, one)


def _ports(box: Box) -> tuple[Port, ...]:
    middle = box.centre
    return (
        (Point(box.right, middle.y), True),
        (Point(box.x, middle.y), True),
        (Point(middle.x, box.bottom), False),
        (Point(middle.x, box.y), False),
    )


def _ways(source: Box, target: Box) -> Iterator[Line]:
    """Every line with up to four corners along the axes, and beside the two shapes."""
    around = (source, target)
    xs = {(source.right + target.x) / 2, (target.right + source.x) / 2}
    xs |= {x for box in around for x in (box.x - AWAY, box.right + AWAY)}
    ys = {(source.bottom + target.y) / 2, (target.bottom + source.y) / 2}
    ys |= {y for box in around for y in (box.y - AWAY, box.bottom + AWAY)}
    for a, a_sides in _ports(source):
        for b, b_sides in _ports(target):
            if a_sides and b_sides:
                yield from ((a, Point(x, a.y), Point(x, b.y), b) for x in xs)
            elif not (a_sides or b_sides):
                yield from ((a, Point(a.x, y), Point(b.x, y), b) for y in ys)
            elif a_sides:
                yield a, Point(b.x, a.y), b
                yield from ((a, Point(x, a.y), Point(x, y), Point(b.x, y), b) for x in xs for y in ys)
            else:
                yield a, Point(a.x, b.y), b
                yield from ((a, Point(a.x, y), Point(x, y), Point(x, b.y), b) for x in xs for y in ys)
