"""Several ways out of a step: BPMN takes all of them at once, which a gateway makes visible."""

from service.diagram.repair.boxes import Point
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.source import bpmn, local
from service.errors import Finding


def implicit_split(drawing: Drawing, finding: Finding) -> Repairs:
    """A parallel gateway behind the step, so that everybody sees that all ways are taken."""
    node = drawing.node(finding.element)
    key = finding.element or ""
    flows = drawing.outgoing(key)
    plain = [flow for flow in flows if flow.find(bpmn("conditionExpression")) is None]
    if node is None or local(node).endswith("Gateway") or len(plain) != len(flows) or node.get("default"):
        return
    box = drawing.picture.box(key)
    near = Point(box.right + 50, box.centre.y) if box else None
    gateway = drawing.add("parallelGateway", drawing.fresh(f"Bersama_{key}"), "", node, near)
    for flow in flows:
        drawing.lead(flow, "outgoing", gateway)
    drawing.connect(node, gateway)
    yield of(finding, "split", count=len(flows))
