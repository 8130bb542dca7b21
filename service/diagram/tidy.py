"""Makes a parsed file uniform, so that the model and the engine, which reads the tree, see the same."""

from itertools import count

from lxml import etree

from service.diagram.source import CAMUNDA, OPERATON, bpmn

NEEDS_ID = frozenset(map(bpmn, ("sequenceFlow", "lane")))
"""Elements whose id the standard leaves out freely, and which we and the engine go by."""
REFERENCES = (
    *("messageRef", "signalRef", "errorRef", "escalationRef", "attachedToRef", "processRef"),
    *("sourceRef", "targetRef", "default", "bpmnElement"),
)
"""Attributes that may name an id with a namespace prefix, which nothing here needs."""
NAMING = frozenset(map(bpmn, ("flowNodeRef", "incoming", "outgoing")))
"""Elements whose text may do the same."""


def tidy(root: etree._Element) -> None:
    """Operaton's words become camunda's, flows and lanes get an id, references lose their prefix."""
    taken = {node.get("id") for node in root.iter("*")}
    free = (name for number in count(1) if (name := f"flow_{number}") not in taken)
    for node in root.iter("*"):
        _rename(node)
        if node.tag in NEEDS_ID and not node.get("id"):
            node.set("id", next(free))
        for attribute in REFERENCES:
            if ":" in (reference := node.get(attribute, "")) and reference not in taken:
                node.set(attribute, reference.rpartition(":")[2])
        if node.tag in NAMING and ":" in (text := (node.text or "").strip()) and text not in taken:
            node.text = text.rpartition(":")[2]


def _rename(node: etree._Element) -> None:
    alias = f"{{{OPERATON}}}"
    if node.tag.startswith(alias):
        node.tag = f"{{{CAMUNDA}}}{node.tag.removeprefix(alias)}"
    for name in map(str, list(node.attrib)):
        if name.startswith(alias):
            node.set(f"{{{CAMUNDA}}}{name.removeprefix(alias)}", node.attrib.pop(name))
