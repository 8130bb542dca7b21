"""Makes one kind of element out of another, with its id, name, flows, place and data kept."""

from lxml import etree

from service.diagram.repair import layers
from service.diagram.repair.drawing import Drawing
from service.diagram.source import bpmn, camunda, local

DEFINITIONS = ("EventDefinition", "eventDefinitionRef")
TO_PROPERTY = frozenset(map(bpmn, ("dataInput", "dataOutput")))
"""Under these ids data reach an event; an activity has properties for it."""
SETS = frozenset(map(bpmn, ("inputSet", "outputSet")))
CATCHING = ("startEvent", "intermediateCatchEvent", "boundaryEvent")
PROGRAMMED = (
    *("class", "expression", "delegateExpression", "type", "topic", "taskPriority", "resultVariable"),
    *("decisionRef", "decisionRefBinding", "decisionRefVersion", "mapDecisionResult", "resource"),
    *("calledElementBinding", "calledElementVersion"),
)
"""Attributes of Camunda's that say which program does a task."""
OWN = (
    *("implementation", "operationRef", "messageRef", "instantiate", "scriptFormat", "calledElement"),
    *("isInterrupting", "parallelMultiple", "attachedToRef", "cancelActivity", "triggeredByEvent"),
)
"""Attributes that a step of a person has none of."""


def person(drawing: Drawing, node: etree._Element, name: str = "") -> None:
    """The element becomes a step that a person does."""
    _undress(drawing, node)
    node.tag = bpmn("userTask")
    if name:
        node.set("name", name)
    drawing.grow(node.get("id", ""))


def plain(drawing: Drawing, node: etree._Element, tag: str | None = None) -> None:
    """An event becomes one without a marker, of the same kind or another."""
    sides = local(node) in CATCHING, (tag or local(node)) in CATCHING
    node.tag = bpmn(tag or local(node))
    layers.strip(node, "isInterrupting", "parallelMultiple", "attachedToRef", "cancelActivity")
    undefine(node)
    if sides[0] != sides[1]:
        _loosen(drawing, node)


def undefine(node: etree._Element) -> None:
    """Takes out what an event waits for or throws."""
    for child in [*node.iterchildren("*")]:
        if local(child).endswith(DEFINITIONS):
            layers.take_out(child)


def awaiting(drawing: Drawing, node: etree._Element, label: str) -> None:
    """An event waits for a message of its own, whose coming people record."""
    key = node.get("id", "")
    message = drawing.declare("message", f"Message_{key}", name=f"{label} ({key})")
    undefine(node)
    definition = etree.SubElement(node, bpmn("messageEventDefinition"), id=drawing.fresh(f"{key}_message"))
    definition.set("messageRef", message.get("id", ""))
    layers.settle(definition)


def gateway(drawing: Drawing, node: etree._Element, tag: str) -> None:
    """A gateway becomes one of another kind."""
    for child in [*node.iterchildren(bpmn("activationCondition"))]:
        layers.take_out(child)
    layers.strip(node, "activationCondition", "eventGatewayType", "instantiate")
    node.tag = bpmn(tag)


def aside(drawing: Drawing, node: etree._Element) -> None:
    """The element stays in the picture as a note at its place, and is not run; its lines stay as lines."""
    key, name = node.get("id", ""), node.get("name", "")
    scope = node.getparent()
    assert scope is not None
    for flow in (*drawing.incoming(key), *drawing.outgoing(key)):
        _as_line(drawing, flow)
    for reference in drawing.lanes(key):
        layers.take_out(reference)
    for child in [*node.iterdescendants("*")]:
        if child.get("id"):
            drawing.picture.remove(child.get("id", ""))
    layers.take_out(node)
    note = scope.makeelement(bpmn("textAnnotation"), {"id": key})
    layers.before(scope, note, layers.LAST)
    words = etree.SubElement(note, bpmn("text"))
    words.text = name
    layers.settle(words)
    drawing.index()


def _as_line(drawing: Drawing, flow: etree._Element) -> None:
    """A flow becomes a line without a meaning, between what it joined."""
    said = {name: flow.get(name, "") for name in ("id", "sourceRef", "targetRef")}
    scope = flow.getparent()
    assert scope is not None
    points = drawing.picture.line(said["id"])
    if drawing.node(said["sourceRef"]) is None or drawing.node(said["targetRef"]) is None:
        drawing.drop(flow)
        return
    drawing.unjoin(flow)
    layers.take_out(flow)
    line = scope.makeelement(bpmn("association"), said)
    layers.before(scope, line, layers.LAST)
    drawing.picture.draw(said["id"], points)


def _undress(drawing: Drawing, node: etree._Element) -> None:
    """Takes off what only the old kind of element has."""
    undefine(node)
    for child in [*node.iterchildren("*")]:
        if child.tag in TO_PROPERTY:
            child.tag = bpmn("property")
            layers.strip(child, "isCollection")
        elif child.tag in SETS or child.tag == bpmn("script"):
            layers.take_out(child)
    layers.strip(node, *OWN, *map(camunda, PROGRAMMED))
    for tag in ("connector", "in", "out", "field"):
        for child in [*node.iterfind(f"{bpmn('extensionElements')}/{camunda(tag)}")]:
            layers.take_out(child)


def _loosen(drawing: Drawing, node: etree._Element) -> None:
    """What carried data to or from an event becomes a plain line: the new kind has no such side."""
    scope = node.getparent()
    assert scope is not None
    for child in [*node.iterchildren(bpmn("dataInputAssociation"), bpmn("dataOutputAssociation"))]:
        away = child.tag == bpmn("dataOutputAssociation")
        other = next((one.text for one in child.iterchildren(bpmn("targetRef" if away else "sourceRef"))), "")
        ends = (node.get("id", ""), (other or "").strip())
        source, target = ends if away else ends[::-1]
        layers.take_out(child)
        said = {"id": child.get("id", ""), "sourceRef": source, "targetRef": target}
        layers.before(scope, scope.makeelement(bpmn("association"), said), layers.LAST)
    for child in [*node.iterchildren("*")]:
        if child.tag in SETS or child.tag in TO_PROPERTY:
            layers.take_out(child)
