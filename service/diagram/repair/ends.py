"""Ends that were not drawn: what leads nowhere gets an end event behind it."""

from lxml import etree

from service.diagram.repair.becoming import gateway
from service.diagram.repair.boxes import Point
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.source import bpmn, local
from service.errors import Finding


def dead_end(drawing: Drawing, finding: Finding) -> Repairs:
    """Where nothing comes any more, the way ends."""
    node = drawing.node(finding.element)
    if node is not None and not drawing.outgoing(finding.element or ""):
        add_end(drawing, node)
        yield of(finding, "end")


def no_end(drawing: Drawing, finding: Finding) -> Repairs:
    """A process without an end ends wherever nothing comes any more."""
    scope = drawing.node(finding.element)
    if scope is None:
        return
    last = [node for node in drawing.inside(scope) if _leads_nowhere(drawing, node)]
    for node in last:
        add_end(drawing, node)
    if last:
        yield of(finding, "ends", count=len(last))


def add_end(drawing: Drawing, node: etree._Element) -> None:
    """An end event behind an element, with the flow to it."""
    if local(node) == "eventBasedGateway":
        gateway(drawing, node, "exclusiveGateway")
    key = node.get("id", "")
    box = drawing.picture.box(key)
    near = Point(box.right + 70, box.centre.y) if box else None
    drawing.connect(node, drawing.add("endEvent", drawing.fresh(f"Selesai_{key}"), "", node, near))


def _leads_nowhere(drawing: Drawing, node: etree._Element) -> bool:
    jumps = node.find(bpmn("linkEventDefinition")) is not None and local(node) == "intermediateThrowEvent"
    handles = node.get("triggeredByEvent") == "true"
    return not (drawing.outgoing(node.get("id", "")) or jumps or handles or local(node) == "endEvent")
