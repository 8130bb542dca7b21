"""Rules of what is done outside: a worker takes it by its topic, and no program runs in here."""

from collections.abc import Iterator

from lxml import etree

from service.diagram.catching import THROWING
from service.diagram.model import Diagram
from service.diagram.parts import attributes
from service.diagram.read import is_node
from service.diagram.rules.elements import PROGRAMMED
from service.diagram.rules.expressions import is_expression
from service.diagram.rules.finding import node_error
from service.diagram.rules.whole import carrier, nodes
from service.diagram.source import bpmn, camunda, local
from service.errors import Finding, Message

SENDING = frozenset(("sendTask", "messageEventDefinition"))
"""What a message with a name suffices for."""
PROGRAMS = ("class", "expression", "delegateExpression")
CONNECTOR = f"{bpmn('extensionElements')}/{camunda('connector')}"


def foreign_program(diagram: Diagram) -> Iterator[Finding]:
    """A class, an expression or a connector is a program of another system."""
    for node in _working(diagram):
        if program := _program(node):
            yield _error("foreign_program", node, program=program)


def no_topic(diagram: Diagram) -> Iterator[Finding]:
    """The worker that is to do a service task finds it by its topic."""
    for node in _working(diagram):
        asked = local(node) == "serviceTask" or {"type", "topic"} & attributes(node).keys()
        if asked and not _program(node) and not _topic(node):
            yield _error("no_topic", node)


def nothing_sent(diagram: Diagram) -> Iterator[Finding]:
    """Who sends has a message with a name, or a worker that sends."""
    named = {node.get("id") for node in diagram.root.iterchildren(bpmn("message")) if node.get("name")}
    for node in _working(diagram):
        silent = node.get("messageRef") not in named and node.get(camunda("type")) != "external"
        if local(node) in SENDING and silent and not _program(node):
            yield _error("nothing_sent", node)


def bad_priority(diagram: Diagram) -> Iterator[Finding]:
    """The priority among the tasks of a topic is a whole number, or computed."""
    for node in _working(diagram):
        priority = node.get(camunda("taskPriority"), "0").strip()
        if not is_expression(priority) and not priority.removeprefix("-").isdecimal():
            yield _error("bad_priority", node, text=priority)


def stray_topic(diagram: Diagram) -> Iterator[Finding]:
    """On anything else a topic is asked for by nobody."""
    working = set(_working(diagram))
    for node in nodes(diagram):
        if node.get(camunda("topic")) is not None and node not in working:
            yield _error("stray_topic", node)


def _working(diagram: Diagram) -> Iterator[etree._Element]:
    """The tasks that a program may do, and the definitions of messages that are thrown."""
    for node in nodes(diagram):
        event = node.getparent()
        thrown = node.tag == bpmn("messageEventDefinition") and event is not None and local(event) in THROWING
        if thrown or node.tag in map(bpmn, PROGRAMMED):
            yield node


def _topic(node: etree._Element) -> bool:
    return node.get(camunda("type")) == "external" and bool(node.get(camunda("topic"), "").strip())


def _program(node: etree._Element) -> str | None:
    """What is written there in place of a topic, as Camunda calls it."""
    written = attributes(node)
    kind = written.get("type", "external")
    if kind != "external":
        return f"type={kind}"
    if node.find(CONNECTOR) is not None:
        return "connector"
    return next((f"{name}={written[name]}" for name in PROGRAMS if name in written), None)


def _error(code: str, node: etree._Element, /, **params: object) -> Finding:
    """At the element itself: a definition inside an event has no name."""
    place = node if is_node(node) else carrier(node)
    kind = Message(f"check.kind.{local(place)}") if is_node(place) else local(place)
    return node_error(code, place, kind=kind, **params)
