"""The drawing of a diagram (BPMN DI): what is where, and how something new comes in beside it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from lxml import etree

from service.diagram.repair import layers, places, routes
from service.diagram.repair.boxes import Box, Point, clipped, length
from service.diagram.source import local

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
LABEL = f"{{{DI}}}BPMNLabel"


class Picture:
    """The shapes and edges of a file by the ids of what they show; a file may have none at all."""

    def __init__(self, root: etree._Element) -> None:
        self._shapes = _shown(root, "BPMNShape")
        self._edges = _shown(root, "BPMNEdge")
        self._shown = Counter(node.get("bpmnElement", "") for node in root.iter(f"{{{DI}}}BPMNShape"))
        self._plane = next(root.iter(f"{{{DI}}}BPMNPlane"), None)
        self._boxes = {key: box for key, node in self._shapes.items() if (box := _box(node))}
        self._holding = {key for key in self._boxes if self._is_container(key)}
        self._lines = {key: list(_points(node)) for key, node in self._edges.items()}

    def box(self, key: str) -> Box | None:
        """Where a shape is; None for what is not drawn."""
        return self._boxes.get(key)

    def line(self, key: str) -> list[Point]:
        """The points of an edge; empty for what is not drawn."""
        return self._lines.get(key, [])

    def middle(self, key: str) -> Point | None:
        """The middle of the longest straight part of an edge."""
        line = self.line(key)
        parts = list(pairwise(line))
        if not parts:
            return None
        a, b = max(parts, key=length)
        return Point((a.x + b.x) / 2, (a.y + b.y) / 2)

    def place(self, sizes: places.Sizes, near: Point, within: Iterable[str], split: str = "") -> Box:
        """A free place for something new, inside these containers if there is room.

        `split` is the edge that it will stand on, which does not have to be kept free.
        """
        inside = [self._boxes[key] for key in within if key in self._boxes]
        lines = [line for key, line in self._lines.items() if key != split]
        return places.find(sizes, near, inside, self._solid(), lines)

    def add_shape(self, key: str, box: Box, beside: str, *, marked: bool = False) -> None:
        """Draws a new element, on the plane that something else is drawn on; `marked` if it has a cross."""
        if (plane := self._plane_of(beside)) is None:
            return
        shape = etree.SubElement(plane, f"{{{DI}}}BPMNShape", id=f"{key}_di", bpmnElement=key)
        etree.SubElement(shape, f"{{{DC}}}Bounds")
        if marked:
            shape.set("isMarkerVisible", "true")
        layers.settle(shape)
        self._shapes[key] = shape
        self._put(key, box)

    def add_edge(self, key: str, source: str, target: str) -> None:
        """Draws a new line between two shapes."""
        if (plane := self._plane_of(source)) is None or not self._both(source, target):
            return
        edge = etree.SubElement(plane, f"{{{DI}}}BPMNEdge", id=f"{key}_di", bpmnElement=key)
        layers.settle(edge)
        self._edges[key] = edge
        self.route(key, source, target)

    def route(self, key: str, source: str, target: str) -> None:
        """Draws a line anew, because one of its ends is another shape now."""
        if key in self._edges and self._both(source, target):
            a, b = self._boxes[source], self._boxes[target]
            lines = [line for other, line in self._lines.items() if other != key]
            self.draw(key, routes.route(a, b, self._solid(source, target), lines))

    def draw(self, key: str, points: Iterable[Point]) -> None:
        """Gives an edge other points; its label goes, for it would stand where the line was."""
        if (edge := self._edges.get(key)) is None:
            return
        self._lines[key] = list(points)
        for old in (*edge.iterchildren(f"{{{DD}}}waypoint"), *edge.iterchildren(LABEL)):
            edge.remove(old)
        for point in self._lines[key]:
            etree.SubElement(edge, f"{{{DD}}}waypoint", x=_number(point.x), y=_number(point.y))
        layers.settle(edge)

    def resize(self, key: str, sizes: places.Sizes, edges: Iterable[tuple[str, bool]]) -> None:
        """Grows a shape about its middle as far as there is room, and lets its lines end at its border.

        `edges` are the ids of the lines with whether they begin there. The label beside it goes.
        """
        if (box := self._boxes.get(key)) is None:
            return
        solid = self._solid(key, labels=False)
        holders = [other for name, other in self._boxes.items() if name != key and other.holds(box)]
        grown = (box.about(*size) for size in sizes)
        inside = (one for one in grown if all(holder.holds(one) for holder in holders))
        fits = (one for one in inside if places.is_free(one, solid, gap=1.0))
        self._put(key, next(fits, box))
        for label in self._shapes[key].iterchildren(LABEL):
            self._shapes[key].remove(label)
        for edge, begins in edges:
            self._dock(edge, self._boxes[key], begins)

    def remove(self, key: str) -> None:
        """Takes a shape or an edge out of the drawing."""
        for shown in (self._shapes.pop(key, None), self._edges.pop(key, None)):
            if shown is not None and (parent := shown.getparent()) is not None:
                parent.remove(shown)
        self._boxes.pop(key, None)
        self._lines.pop(key, None)

    def rename(self, old: str, new: str) -> None:
        """What showed one element shows the other now."""
        for shown in (self._shapes, self._edges):
            if old in shown:
                shown[new] = shown.pop(old)
                shown[new].set("bpmnElement", new)
        if old in self._boxes:
            self._boxes[new] = self._boxes.pop(old)
        if old in self._lines:
            self._lines[new] = self._lines.pop(old)

    def part(self, old: str, new: str) -> None:
        """Of two shapes that show one id, the one that was kept shows the other element now."""
        if self._shown[old] > 1 and old in self._shapes:
            self._shown[old] -= 1
            shape, box = self._shapes[old], self._boxes.get(old)
            shape.set("bpmnElement", new)
            self._shapes[new] = shape
            if box:
                self._boxes[new] = box
            self._again(old)

    def _again(self, key: str) -> None:
        """Looks for the other shape of an id."""
        if self._plane is not None and (shape := _shown(self._plane, "BPMNShape").get(key)) is not None:
            self._shapes[key] = shape
            if box := _box(shape):
                self._boxes[key] = box

    def holders(self, key: str) -> list[str]:
        """Everything that a shape lies in, the smallest first."""
        if (box := self._boxes.get(key)) is None:
            return []
        found = [name for name, other in self._boxes.items() if name != key and other.holds(box)]
        return sorted(found, key=lambda name: self._boxes[name].width * self._boxes[name].height)

    def _dock(self, edge: str, box: Box, begins: bool) -> None:
        points = self.line(edge)
        if len(points) > 1:
            ordered = points if begins else points[::-1]
            cut = clipped([box.centre, *ordered[1:]] if len(points) == 2 else ordered, box)
            self.draw(edge, cut if begins else cut[::-1])

    def _solid(self, *without: str, labels: bool = True) -> list[Box]:
        """Every shape that nothing may lie upon: all but those that hold others, and the labels."""
        kept = {key: box for key, box in self._boxes.items() if key not in without}
        words = (_box(label) for key in kept for label in self._shapes[key].iterchildren(LABEL))
        shapes = (box for key, box in kept.items() if key not in self._holding)
        return [*shapes, *(filter(None, words) if labels else ())]

    def _is_container(self, key: str) -> bool:
        shape = self._shapes[key]
        return shape.get("isExpanded") == "true" or shape.get("isHorizontal") is not None or self._wraps(key)

    def _wraps(self, key: str) -> bool:
        box = self._boxes[key]
        inner = (other for name, other in self._boxes.items() if name != key and other != box)
        return box.width > 120 and any(box.holds(other) for other in inner)

    def _both(self, source: str, target: str) -> bool:
        return source in self._boxes and target in self._boxes

    def _plane_of(self, beside: str) -> etree._Element | None:
        shape = self._shapes.get(beside)
        return self._plane if shape is None else shape.getparent()

    def _put(self, key: str, box: Box) -> None:
        self._boxes[key] = box
        bounds = self._shapes[key].find(f"{{{DC}}}Bounds")
        if bounds is not None:
            for name, value in zip(("x", "y", "width", "height"), box, strict=True):
                bounds.set(name, _number(value))


def _shown(root: etree._Element, kind: str) -> dict[str, etree._Element]:
    found = root.iter(f"{{{DI}}}{kind}")
    return {node.get("bpmnElement", "").rpartition(":")[2]: node for node in found}


def _box(node: etree._Element) -> Box | None:
    bounds = node.find(f"{{{DC}}}Bounds")
    if bounds is None:
        return None
    try:
        x, y, width, height = (float(bounds.get(name, "")) for name in ("x", "y", "width", "height"))
    except ValueError:
        return None
    return Box(x, y, width, height)


def _points(edge: etree._Element) -> Iterator[Point]:
    for node in edge.iterchildren("*"):
        if local(node) == "waypoint":
            try:
                yield Point(float(node.get("x", "")), float(node.get("y", "")))
            except ValueError:
                continue


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
