"""Several ways out of a step: BPMN takes all of them at once, which a gateway makes visible."""

from service.diagram.repair.boxes import Point
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.source import bpmn, local
from service.errors import Finding


def implicit_split(drawing: Drawing, finding: Finding) -> Repairs:
    """A parallel gateway behind the step, so that everybody sees that all ways are taken.

    Of a way back and a way on only one can be meant: taken both at once, the case would never end.
    """
    node = drawing.node(finding.element)
    key = finding.element or ""
    flows = drawing.outgoing(key)
    plain = [flow for flow in flows if flow.find(bpmn("conditionExpression")) is None]
    if node is None or local(node).endswith("Gateway") or len(plain) != len(flows) or node.get("default"):
        return
    box = drawing.picture.box(key)
    near = Point(box.right + 50, box.centre.y) if box else None
    back = drawing.goes_back(key)
    tag, name = ("exclusiveGateway", "Pilihan") if back else ("parallelGateway", "Bersama")
    gateway = drawing.add(tag, drawing.fresh(f"{name}_{key}"), "", node, near)
    for flow in flows:
        drawing.lead(flow, "outgoing", gateway)
    drawing.connect(node, gateway)
    yield of(finding, "split_back" if back else "split", count=len(flows))
