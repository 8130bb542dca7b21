"""Damages a diagram at random, as a hurried analyst, an old tool or a text editor may."""

from random import Random

from lxml import etree

from service.diagram.read import NODES, is_node
from service.diagram.source import bpmn

KINDS = sorted(NODES - {"implicitThrowEvent"})
EVENTS = ("timer", "message", "signal", "error", "escalation", "conditional", "link", "compensate", "cancel")
LOOPS = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
ODD = ("isForCompensation", "instantiate", "default", "triggeredByEvent", "attachedToRef")


def damaged(content: bytes, random: Random, times: int) -> bytes:
    """A copy with some things taken out, turned into others, or written twice."""
    root = etree.fromstring(content)
    for _ in range(times):
        nodes = [node for node in root.iter("*") if is_node(node)]
        flows = [*root.iter(bpmn("sequenceFlow"))]
        if nodes and flows:
            random.choice(DAMAGES)(random.choice(nodes), random.choice(flows), nodes, random)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _lose_node(node, _flow, _nodes, _random):
    node.getparent().remove(node)


def _lose_flow(_node, flow, _nodes, _random):
    flow.getparent().remove(flow)


def _lose_details(node, _flow, _nodes, _random):
    for child in [*node]:
        node.remove(child)


def _turn(node, _flow, _nodes, random):
    node.tag = bpmn(random.choice(KINDS))


def _await(node, _flow, _nodes, random):
    etree.SubElement(node, bpmn(f"{random.choice(EVENTS)}EventDefinition"))


def _lead_elsewhere(_node, flow, nodes, random):
    flow.set(random.choice(("sourceRef", "targetRef")), random.choice(nodes).get("id", ""))


def _same_id(node, _flow, nodes, random):
    node.set("id", random.choice(nodes).get("id", ""))


def _no_id(node, _flow, _nodes, _random):
    node.attrib.pop("id", "")


def _bad_id(node, _flow, _nodes, _random):
    node.set("id", f"a b:{node.get('id', '')}")


def _odd(node, _flow, nodes, random):
    node.set(random.choice(ODD), random.choice(("true", "nowhere", nodes[0].get("id", ""))))


def _repeat(node, _flow, _nodes, random):
    etree.SubElement(node, bpmn(random.choice(LOOPS)))


def _words(_node, flow, _nodes, random):
    etree.SubElement(flow, bpmn("conditionExpression")).text = random.choice(("lebih dari (", "if x:"))


def _undrawn(node, _flow, _nodes, _random):
    for shape in [*node.getroottree().getroot().iter("{*}BPMNShape")]:
        if shape.get("bpmnElement") == node.get("id"):
            shape.getparent().remove(shape)


DAMAGES = (
    *(_lose_node, _lose_flow, _lose_details, _turn, _await, _lead_elsewhere, _same_id, _no_id, _bad_id),
    *(_odd, _repeat, _words, _undrawn),
)
