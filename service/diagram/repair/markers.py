"""Markers and kinds of elements that are not run: the nearest that is, or none."""

from service.diagram.repair import layers
from service.diagram.repair.becoming import aside, gateway
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.source import bpmn, camunda, local
from service.errors import Finding, Message


def loop(drawing: Drawing, finding: Finding) -> Repairs:
    """A step that is repeated nobody knows how often is done once."""
    node = drawing.node(finding.element)
    if node is None:
        return
    marks = [child for child in node.iterchildren("*") if local(child).endswith("LoopCharacteristics")]
    for mark in marks:
        layers.take_out(mark)
    if marks:
        yield of(finding, "once")


def element(drawing: Drawing, finding: Finding) -> Repairs:
    """A kind of element that is not run becomes the nearest one that is."""
    node = drawing.node(finding.element)
    if node is None:
        return
    kind = Message(f"check.kind.{local(node)}")
    match local(node):
        case "complexGateway":
            gateway(drawing, node, "inclusiveGateway")
            yield of(finding, "inclusive_instead", kind=kind)
        case "transaction" | "adHocSubProcess" as tag:
            for child in [*node.iterchildren(bpmn("completionCondition"))]:
                layers.take_out(child)
            layers.strip(node, "method", "ordering", "cancelRemainingInstances")
            node.tag = bpmn("subProcess")
            yield of(finding, "subprocess_instead" if tag == "transaction" else "all_once", kind=kind)
        case "implicitThrowEvent":
            node.tag = bpmn("intermediateThrowEvent")
            yield of(finding, "plain_throw", event=Message("check.event.none"))


def attribute(drawing: Drawing, finding: Finding) -> Repairs:
    """An attribute that is not obeyed is taken off; what compensates is set aside."""
    node = drawing.node(finding.element)
    name = str(finding.params.get("attribute", ""))
    if node is not None and name == "isForCompensation":
        aside(drawing, node)
        yield of(finding, "aside")
        return
    around = drawing.root if node is None else node
    holders = [one for one in around.iter("*") if node is not None or not one.get("id")]
    if sum(layers.strip(one, name, camunda(name)) for one in holders):
        yield of(finding, "attribute", attribute=name)


def going_on(drawing: Drawing, finding: Finding) -> Repairs:
    """An error always interrupts."""
    node = drawing.node(finding.element)
    if node is not None:
        layers.strip(node, "cancelActivity", "isInterrupting")
        yield of(finding, "interrupting")
