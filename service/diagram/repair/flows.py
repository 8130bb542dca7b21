"""Flows that join what cannot be joined: they are led to where they were meant to go, or taken out."""

from lxml import etree

from service.diagram.repair import layers
from service.diagram.repair.becoming import plain
from service.diagram.repair.drawing import Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.source import bpmn, local
from service.errors import Finding


def dangling(drawing: Drawing, finding: Finding) -> Repairs:
    """A flow that joins nothing carries nothing."""
    flow = _flow(drawing, finding)
    if flow is None:
        return
    ends = (drawing.node(flow.get("sourceRef")), drawing.node(flow.get("targetRef")))
    pools = {None if end is None else drawing.process_of(end) for end in ends}
    drawing.drop(flow)
    yield of(finding, "dropped" if None in pools or len(pools) < 2 else "dropped_between")


def crossing(drawing: Drawing, finding: Finding) -> Repairs:
    """A flow into or out of a sub-process ends at its border; one at a wrong place in the file moves."""
    flow = _flow(drawing, finding)
    source = None if flow is None else drawing.node(flow.get("sourceRef"))
    target = None if flow is None else drawing.node(flow.get("targetRef"))
    if flow is None or source is None or target is None:
        return
    scope = source.getparent()
    if scope is not None and scope is target.getparent():
        layers.take_out(flow)
        layers.before(scope, flow, layers.LATE)
        yield of(finding, "moved_flow")
        return
    around = next((one for one in target.iterancestors() if one.getparent() is scope), None)
    if around is not None and scope is not None and around.get("triggeredByEvent") != "true":
        drawing.lead(flow, "incoming", around)
        _move(flow, scope)
        yield of(finding, "entered", around=drawing.label(around.get("id", "")))
        return
    around = next((one for one in source.iterancestors() if one.getparent() is target.getparent()), None)
    if around is not None and _leaves_only_to(drawing, around, target):
        _leave(drawing, flow, around, target)
        yield of(finding, "left", around=drawing.label(around.get("id", "")))


def _leaves_only_to(drawing: Drawing, around: etree._Element, target: etree._Element) -> bool:
    """Whether no other way leads out of a sub-process: then it is plain where its end leads."""
    joinable = around.tag != bpmn("process") and around.get("triggeredByEvent") != "true"
    return joinable and all(node is target for node in drawing.after(around.get("id", "")))


def _leave(drawing: Drawing, flow: etree._Element, around: etree._Element, target: etree._Element) -> None:
    """The flow begins at the border; where one is there already, it is enough."""
    scope = target.getparent()
    if drawing.outgoing(around.get("id", "")) or scope is None:
        drawing.drop(flow)
        return
    drawing.lead(flow, "outgoing", around)
    _move(flow, scope)


def _move(flow: etree._Element, scope: etree._Element) -> None:
    """The flow stands in the file where both its ends do."""
    if flow.getparent() is not scope:
        layers.take_out(flow)
        layers.before(scope, flow, layers.LATE)


def into_start(drawing: Drawing, finding: Finding) -> Repairs:
    """A start in the middle of a way is an event on it; back to the one start means on to what follows it."""
    flow = _flow(drawing, finding)
    node = None if flow is None else drawing.node(flow.get("targetRef"))
    scope = None if node is None else node.getparent()
    if flow is None or node is None or scope is None:
        return
    key = node.get("id", "")
    starts = [one for one in drawing.inside(scope) if local(one) == "startEvent"]
    other = any(not drawing.incoming(one.get("id", "")) for one in starts)
    following = drawing.after(key)
    if local(node) == "startEvent" and other:
        awaits = any(local(child).endswith("EventDefinition") for child in node)
        if awaits:
            node.tag = bpmn("intermediateCatchEvent")
            layers.strip(node, "isInterrupting")
        else:
            plain(drawing, node, "intermediateThrowEvent")
        yield of(finding, "on_the_way", event=drawing.label(key))
    elif following and following[0] is not node:
        drawing.lead(flow, "incoming", following[0])
        yield of(
            finding, "past_start", event=drawing.label(key), next=drawing.label(following[0].get("id", ""))
        )


def from_end(drawing: Drawing, finding: Finding) -> Repairs:
    """An end in the middle of a way is an event on it."""
    flow = _flow(drawing, finding)
    node = None if flow is None else drawing.node(flow.get("sourceRef"))
    if node is None or local(node) != "endEvent":
        return
    if node.find(bpmn("messageEventDefinition")) is not None:
        node.tag = bpmn("intermediateThrowEvent")
    else:
        plain(drawing, node, "intermediateThrowEvent")
    yield of(finding, "on_the_way", event=drawing.label(node.get("id", "")))


def apart(drawing: Drawing, finding: Finding) -> Repairs:
    """Nothing leads into what handles an event, or out of it."""
    if (flow := _flow(drawing, finding)) is not None:
        drawing.drop(flow)
        yield of(finding, "dropped_handler")


def _flow(drawing: Drawing, finding: Finding) -> etree._Element | None:
    node = drawing.node(finding.element)
    return node if node is not None and node.tag == bpmn("sequenceFlow") else None
