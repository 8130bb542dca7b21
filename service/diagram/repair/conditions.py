"""Conditions on flows: writing one, and taking out what stands where none belongs or cannot be read."""

from lxml import etree

from service.diagram.parts import text
from service.diagram.repair import layers
from service.diagram.repair.becoming import gateway
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.source import bpmn, local
from service.errors import Finding

TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def choose(flow: etree._Element, expression: str) -> None:
    """Gives a flow a condition."""
    bare(flow)
    prefix = next((name for name, uri in flow.nsmap.items() if uri == etree.QName(flow).namespace), None)
    condition = flow.makeelement(bpmn("conditionExpression"))
    condition.set(TYPE, f"{prefix}:tFormalExpression" if prefix else "tFormalExpression")
    condition.text = expression
    layers.before(flow, condition, frozenset())


def bare(flow: etree._Element) -> str:
    """Takes the condition off a flow; what it said."""
    said = ""
    for child in [*flow.iterchildren(bpmn("conditionExpression"))]:
        said = text(child) or said
        layers.take_out(child)
    return said


def needless(drawing: Drawing, finding: Finding) -> Repairs:
    """Where there is nothing to choose, or where it is the default, a condition says nothing."""
    if (flow := _flow(drawing, finding)) is not None:
        yield of(finding, "unconditioned", text=bare(flow))


def misplaced(drawing: Drawing, finding: Finding) -> Repairs:
    """A parallel gateway that has conditions chooses among its ways: it is an inclusive one."""
    flow = _flow(drawing, finding)
    source = None if flow is None else drawing.node(flow.get("sourceRef"))
    if flow is None or source is None:
        return
    if local(source) == "parallelGateway" and len(drawing.outgoing(source.get("id", ""))) > 1:
        gateway(drawing, source, "inclusiveGateway")
        yield of(finding, "inclusive", gateway=drawing.label(source.get("id", "")))
    elif len(drawing.outgoing(source.get("id", ""))) == 1:
        yield of(finding, "unconditioned", text=bare(flow))


def unreadable(drawing: Drawing, finding: Finding) -> Repairs:
    """A condition in plain words is what a person decides; it becomes the name of the way."""
    flow = _flow(drawing, finding)
    if flow is None or flow.find(bpmn("conditionExpression")) is None:
        return
    said = bare(flow)
    if not flow.get("name"):
        flow.set("name", said[:80])
    yield of(finding, "worded", text=said)


def unknown_default(drawing: Drawing, finding: Finding) -> Repairs:
    """A default that is no way of the element is none."""
    node = drawing.node(finding.element)
    if node is not None and layers.strip(node, "default"):
        yield of(finding, "no_default")


def _flow(drawing: Drawing, finding: Finding) -> etree._Element | None:
    node = drawing.node(finding.element)
    return node if node is not None and node.tag == bpmn("sequenceFlow") else None
