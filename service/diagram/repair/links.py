"""Links that have no partner: what jumps nowhere ends, what nobody jumps to is passed."""

from service.diagram.repair.becoming import plain
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.source import bpmn, local
from service.errors import Finding


def alone(drawing: Drawing, finding: Finding) -> Repairs:
    """An arrow that goes on somewhere else goes on nowhere in here."""
    node = drawing.node(finding.element)
    if node is None or node.find(bpmn("linkEventDefinition")) is None:
        return
    leads_on = bool(drawing.outgoing(finding.element or ""))
    if local(node) == "intermediateThrowEvent" and not leads_on:
        plain(drawing, node, "endEvent")
        yield of(finding, "link_ends")
    else:
        plain(drawing, node, "intermediateThrowEvent")
        yield of(finding, "link_passed")


def joined(drawing: Drawing, finding: Finding) -> Repairs:
    """A link with flows at both its ends is a plain event on a way."""
    flow = drawing.node(finding.element)
    ends = () if flow is None else (flow.get("sourceRef"), flow.get("targetRef"))
    for end in ends:
        node = drawing.node(end)
        if node is not None and node.find(bpmn("linkEventDefinition")) is not None:
            plain(drawing, node, "intermediateThrowEvent")
            yield of(finding, "link_passed", name=drawing.label(end or ""))
