"""Events that do not say what they wait for or throw: a person confirms, sends, or begins."""

from lxml import etree

from service.diagram.parts import name as name_of
from service.diagram.repair import words
from service.diagram.repair.becoming import aside, awaiting, person, plain
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.rules.elements import KNOWN
from service.diagram.source import bpmn, local
from service.errors import Finding, Message


def without_details(drawing: Drawing, finding: Finding) -> Repairs:
    """What no machine can know, a person does: by the kind of event and its place."""
    node = drawing.node(finding.element)
    if node is None:
        return
    event = Message(f"check.event.{_kind(node)}")
    match local(node):
        case "startEvent" if _handles(node):
            awaiting(drawing, node, words.label(drawing, node))
            yield of(finding, "recorded", event=event)
        case "startEvent":
            plain(drawing, node)
            yield of(finding, "plain_start", event=event)
        case "boundaryEvent" if _kind(node) == "compensate":
            aside(drawing, node)
            yield of(finding, "aside")
        case "boundaryEvent":
            awaiting(drawing, node, words.label(drawing, node))
            yield of(finding, "recorded", event=event)
        case "intermediateCatchEvent":
            yield from _caught(drawing, node, finding, event)
        case "intermediateThrowEvent":
            yield from _thrown(drawing, node, finding, event)
        case "endEvent":
            plain(drawing, node)
            yield of(finding, "plain_end", event=event)


def _caught(drawing: Drawing, node: etree._Element, finding: Finding, event: Message) -> Repairs:
    """Behind an event-based gateway the first that comes decides, so it must stay an event."""
    gateways = drawing.before(node.get("id", ""))
    if any(gateway.tag == bpmn("eventBasedGateway") for gateway in gateways):
        awaiting(drawing, node, words.label(drawing, node))
        yield of(finding, "recorded", event=event)
    else:
        name = words.waiting(words.label(drawing, node))
        person(drawing, node, name)
        yield of(finding, "confirmed", event=event, step=name)


def _thrown(drawing: Drawing, node: etree._Element, finding: Finding, event: Message) -> Repairs:
    match _kind(node):
        case "message":
            name = words.sending(words.label(drawing, node))
            person(drawing, node, name)
            yield of(finding, "sent", step=name)
        case "timer" | "conditional":
            name = words.waiting(words.label(drawing, node))
            person(drawing, node, name)
            yield of(finding, "confirmed", event=event, step=name)
        case _:
            plain(drawing, node)
            yield of(finding, "plain_throw", event=event)


def _handles(start: etree._Element) -> bool:
    scope = start.getparent()
    return scope is not None and scope.get("triggeredByEvent") == "true"


def _kind(node: etree._Element) -> str:
    """The event's kind by its word in the sentences."""
    kinds = [local(one).removesuffix("EventDefinition") for one in node.iterchildren("*")]
    return next((kind for kind in kinds if kind in KNOWN), "none")


def unawaited(drawing: Drawing, finding: Finding) -> Repairs:
    """Behind an event-based gateway something must come: a message before what stands there."""
    flow = drawing.node(finding.element)
    if flow is None or flow.tag != bpmn("sequenceFlow"):
        return
    target = drawing.node(flow.get("targetRef"))
    if target is None:
        return
    label = name_of(flow) or words.label(drawing, target)
    if local(target) == "intermediateThrowEvent":
        plain(drawing, target, "intermediateCatchEvent")
        awaiting(drawing, target, label)
        yield of(finding, "caught_instead", target=label)
    else:
        event = drawing.split(flow, "intermediateCatchEvent", f"Tunggu_{target.get('id')}", label)
        awaiting(drawing, event, label)
        yield of(finding, "awaited", target=label)
