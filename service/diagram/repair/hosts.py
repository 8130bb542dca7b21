"""Boundary events that sit on nothing: they go to the step whose border they are drawn on."""

from lxml import etree

from service.diagram.repair.becoming import plain
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.source import local
from service.errors import Finding

BORDERED = ("Task", "task", "callActivity", "subProcess", "transaction", "adHocSubProcess")


def no_host(drawing: Drawing, finding: Finding) -> Repairs:
    """Attached to what it touches; else it is an event on a way, and waits there."""
    node = drawing.node(finding.element)
    scope = None if node is None else node.getparent()
    if node is None or scope is None or local(node) != "boundaryEvent":
        return
    host = next((one for one in drawing.inside(scope) if _touches(drawing, node, one)), None)
    if host is not None:
        node.set("attachedToRef", host.get("id", ""))
        yield of(finding, "attached", host=drawing.label(host.get("id", "")))
    elif any(local(child).endswith("EventDefinition") for child in node.iterchildren("*")):
        for name in ("attachedToRef", "cancelActivity"):
            node.attrib.pop(name, "")
        node.tag = node.tag.replace("boundaryEvent", "intermediateCatchEvent")
        yield of(finding, "detached")
    else:
        plain(drawing, node, "intermediateThrowEvent")
        yield of(finding, "detached")


def _touches(drawing: Drawing, event: etree._Element, host: etree._Element) -> bool:
    here, there = drawing.picture.box(event.get("id", "")), drawing.picture.box(host.get("id", ""))
    if here is None or there is None or not local(host).endswith(BORDERED):
        return False
    return host.get("triggeredByEvent") != "true" and here.wider(2).overlaps(there) and not there.holds(here)
