"""Looks for a free place in a drawing: near, inside what it belongs to, and upon nothing."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from service.diagram.repair.boxes import Box, Point, around, crosses

Sizes = Sequence[tuple[float, float]]
"""Widths and heights, the best first."""
GAP = 12.0
"""Pixels between a new shape and what is there."""
LEGIBLE = 3
"""How many of the sizes can be read; a smaller one is taken where nothing else is left."""
STEP = 20
NEAR, FAR = 140, 600
"""How far from where it should be a place is looked for, at first and at last."""


def find(
    sizes: Sizes, near: Point, within: Sequence[Box], shapes: Sequence[Box], lines: Sequence[Sequence[Point]]
) -> Box:
    """The nearest free place; one that lies on a line, is smaller or lies outside only where it must."""
    for inside in (within, within[-1:], ()):
        for good, kept in ((sizes[:LEGIBLE], lines), (sizes[:LEGIBLE], ()), (sizes, ())):
            for far in (NEAR, FAR):
                for size in good:
                    if place := _nearest(size, near, far, inside, shapes, kept):
                        return place
    return _below(sizes[0], near, shapes)


def is_free(box: Box, shapes: Sequence[Box], gap: float = 4.0) -> bool:
    """Whether nothing lies there."""
    wide = box.wider(gap)
    return not any(wide.overlaps(shape) for shape in shapes)


def _nearest(
    size: tuple[float, float],
    near: Point,
    far: int,
    within: Sequence[Box],
    shapes: Sequence[Box],
    lines: Sequence[Sequence[Point]],
) -> Box | None:
    reach = around(near, 2 * far + size[0], 2 * far + size[1])
    solid = [shape for shape in shapes if reach.overlaps(shape)]
    drawn = [(a, b) for line in lines for a, b in pairwise(line)]
    drawn = [(a, b) for a, b in drawn if crosses(a, b, reach)]
    for x, y in _offsets(far):
        box = around(Point(near.x + x, near.y + y), *size)
        inside = all(holder.holds(box.wider(3)) for holder in within) and is_free(box, solid, GAP)
        if inside and not any(crosses(a, b, box.wider(3)) for a, b in drawn):
            return box
    return None


@cache
def _offsets(far: int) -> tuple[tuple[int, int], ...]:
    """Steps away from a place, the nearest first; a step to the side before one up or down."""
    steps = range(-far, far + 1, STEP)
    away = ((x, y) for x in steps for y in steps)
    return tuple(sorted(away, key=lambda at: at[0] ** 2 + 1.2 * at[1] ** 2))


def _below(size: tuple[float, float], near: Point, shapes: Sequence[Box]) -> Box:
    """Under everything, where there is always room."""
    lowest = max((shape.bottom for shape in shapes), default=near.y)
    return Box(near.x - size[0] / 2, lowest + 2 * GAP, *size)
