"""The drawing in a BPMN file: whether two files show the same things at the same places."""

from lxml import etree

from service.diagram.source import parse

DRAWING = "http://www.omg.org/spec/BPMN/20100524/DI"


def redrawn(old: bytes, new: bytes) -> bool:
    """Whether the drawings of two readable BPMN files differ; not their ids, spaces or prefixes."""
    return old != new and _drawing(old) != _drawing(new)


def _drawing(xml: bytes) -> list[object]:
    return [_said(node) for node in parse(xml).iter(f"{{{DRAWING}}}BPMNDiagram")]


def _said(node: etree._Element) -> tuple[object, ...]:
    """An element of the drawing: what it is and what stands in it; the order of shapes says nothing."""
    attributes = tuple(sorted((str(name), str(value)) for name, value in node.items() if name != "id"))
    inside = [_said(child) for child in node.iterchildren("*")]
    if node.tag == f"{{{DRAWING}}}BPMNPlane":
        inside.sort(key=repr)
    return node.tag, attributes, tuple(inside)
