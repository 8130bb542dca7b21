"""Errors and escalations without a code: what is thrown gets one, what catches takes any."""

from lxml import etree

from service.diagram.repair.becoming import plain
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.source import bpmn, local
from service.errors import Finding, Message


def no_code(drawing: Drawing, finding: Finding) -> Repairs:
    """Where nothing around it catches, an error would only stop the case: it is a plain end."""
    node = drawing.node(finding.element)
    definition = None if node is None else _definition(node)
    if node is None or definition is None:
        return
    kind = local(definition).removesuffix("EventDefinition")
    if local(node) not in ("endEvent", "intermediateThrowEvent"):
        definition.attrib.pop(f"{kind}Ref", "")
        yield of(finding, "any_code", event=Message(f"check.event.{kind}"))
    elif _caught(drawing, node, kind):
        key = node.get("id", "")
        thrown = drawing.declare(kind, f"{kind.capitalize()}_{key}", name=drawing.label(key))
        thrown.set(f"{kind}Code", key)
        definition.set(f"{kind}Ref", thrown.get("id", ""))
        yield of(finding, "own_code", event=Message(f"check.event.{kind}"), code=key)
    else:
        plain(drawing, node)
        yield of(finding, "plain_uncaught", event=Message(f"check.event.{kind}"))


def _definition(node: etree._Element) -> etree._Element | None:
    tags = map(bpmn, ("errorEventDefinition", "escalationEventDefinition"))
    return next(node.iterchildren(*tags), None)


def _caught(drawing: Drawing, node: etree._Element, kind: str) -> bool:
    """Whether an event on the border of what is around it waits for such a thing without naming it."""
    around = {one.get("id") for one in node.iterancestors(bpmn("subProcess"))}
    for event in drawing.root.iter(bpmn("boundaryEvent")):
        caught = event.find(bpmn(f"{kind}EventDefinition"))
        if event.get("attachedToRef") in around and caught is not None and not caught.get(f"{kind}Ref"):
            return True
    return False
