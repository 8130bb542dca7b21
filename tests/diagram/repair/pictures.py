"""Looks at the picture of a repaired file: all of it is drawn, and nothing new lies on anything."""

from lxml import etree
from pytest import approx

from service.diagram.read import is_node
from service.diagram.repair.boxes import Box, Point
from service.diagram.repair.picture import Picture
from service.diagram.source import bpmn

NEAR = 3.0
"""Pixels that the end of a line may lie away from a border."""


def drawn(content: bytes) -> tuple[etree._Element, Picture]:
    """The tree of a file and its picture."""
    root = etree.fromstring(content)
    return root, Picture(root)


def is_whole(before: bytes, after: bytes) -> None:
    """Every element that had its shape has it still, in its place, and all that is new is drawn."""
    (old, was), (new, now) = drawn(before), drawn(after)
    known = {node.get("id", "") for node in old.iter("*") if node.get("id")}
    for node in new.iter("*"):
        key = node.get("id", "")
        if is_node(node) and (key not in known or was.box(key)):
            assert now.box(key), f"{key} is not drawn"
        if is_node(node) and (there := was.box(key)) and (here := now.box(key)):
            assert here.centre == approx(there.centre, abs=1), f"{key} has moved"
        if node.tag == bpmn("sequenceFlow") and (key not in known or was.line(key)):
            _joins(now, node, was.line(key))
    fresh = [key for key in _shapes(new) if key not in known]
    for key in fresh:
        _lies_free(now, new, key)


def _joins(picture: Picture, flow: etree._Element, before: list[Point]) -> None:
    """A line that is as the analyst drew it may end beside its shape; one that is new may not."""
    line, key = picture.line(flow.get("id", "")), flow.get("id", "")
    source, target = (picture.box(flow.get(end, "")) for end in ("sourceRef", "targetRef"))
    if source is None or target is None:
        return
    assert len(line) > 1, f"{key} is not drawn"
    for box, end in ((source, 0), (target, -1)):
        same = before and line[end] == approx(before[end], abs=1)
        assert same or box.wider(NEAR).touches(line[end]), f"{key} does not reach its end {end}"


def _lies_free(picture: Picture, root: etree._Element, key: str) -> None:
    box = picture.box(key)
    assert box
    for other in _shapes(root):
        there = picture.box(other)
        if other != key and there and not _holds(there, box):
            assert not box.overlaps(there), f"{key} lies on {other}"


def _holds(container: Box, box: Box) -> bool:
    return container.width > box.width and container.holds(box)


def _shapes(root: etree._Element) -> list[str]:
    return [node.get("bpmnElement", "") for node in root.iter("{*}BPMNShape")]
