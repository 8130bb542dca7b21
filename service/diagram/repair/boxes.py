"""Rectangles and lines of a drawing: what overlaps, what is crossed, where a line meets a border."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple


class Point(NamedTuple):
    """A place in the drawing, in its pixels; y grows downwards."""

    x: float
    y: float


class Box(NamedTuple):
    """The bounds of a shape."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of its right border."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of its lower border."""
        return self.y + self.height

    @property
    def centre(self) -> Point:
        """Its middle."""
        return Point(self.x + self.width / 2, self.y + self.height / 2)

    def about(self, width: float, height: float) -> "Box":
        """A box of this size with the same middle."""
        return around(self.centre, width, height)

    def wider(self, margin: float) -> "Box":
        """The box with a margin on each side; a negative one makes it smaller."""
        return Box(self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin)

    def overlaps(self, other: "Box") -> bool:
        """Whether they share more than a border."""
        beside = self.right <= other.x or other.right <= self.x
        return not (beside or self.bottom <= other.y or other.bottom <= self.y)

    def holds(self, other: "Box") -> bool:
        """Whether the other lies inside, or is the same."""
        wide = self.x <= other.x and other.right <= self.right
        return wide and self.y <= other.y and other.bottom <= self.bottom

    def touches(self, point: Point) -> bool:
        """Whether the point lies inside or on the border."""
        return self.x <= point.x <= self.right and self.y <= point.y <= self.bottom


def around(centre: Point, width: float, height: float) -> Box:
    """The box of this size with its middle there."""
    return Box(centre.x - width / 2, centre.y - height / 2, width, height)


def crosses(start: Point, end: Point, box: Box) -> bool:
    """Whether a straight line goes through the inside of a box (Liang and Barsky's clipping)."""
    span = _clipped(start, end, box)
    return span is not None and span[1] - span[0] > 1e-9


def border(inside: Point, outside: Point, box: Box) -> Point:
    """Where the line from a point in the box to one outside leaves it."""
    span = _clipped(inside, outside, box)
    far = span[1] if span else 0.0
    dx, dy = outside.x - inside.x, outside.y - inside.y
    return Point(inside.x + far * dx, inside.y + far * dy)


def clipped(points: Sequence[Point], box: Box) -> list[Point]:
    """A line that begins in the middle of a box, cut so that it begins at its border."""
    for at, (one, other) in enumerate(pairwise(points)):
        if not box.touches(other):
            return [border(one, other, box), *points[at + 1 :]]
    return list(points)


def length(points: Sequence[Point]) -> float:
    """How long a line is, measured along the axes."""
    return sum(abs(a.x - b.x) + abs(a.y - b.y) for a, b in pairwise(points))


def _clipped(start: Point, end: Point, box: Box) -> tuple[float, float] | None:
    """The part of a line that lies in a box, from 0 (its start) to 1; None where it lies beside."""
    if max(start.x, end.x) < box.x or min(start.x, end.x) > box.right:
        return None
    if max(start.y, end.y) < box.y or min(start.y, end.y) > box.bottom:
        return None
    near, far = 0.0, 1.0
    sides = (
        (start.x - end.x, start.x - box.x),
        (end.x - start.x, box.right - start.x),
        (start.y - end.y, start.y - box.y),
        (end.y - start.y, box.bottom - start.y),
    )
    for slope, room in sides:
        if slope == 0:
            if room <= 0:
                return None
        elif slope < 0:
            near = max(near, room / slope)
        else:
            far = min(far, room / slope)
    return (near, far) if near < far else None
