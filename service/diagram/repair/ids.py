"""Ids that are missing, are there twice, or cannot be ids: new ones, where it is plain whose."""

from lxml import etree

from service.diagram.read import is_node
from service.diagram.repair.drawing import WAYS, Drawing
from service.diagram.repair.kinds import Repairs, of
from service.diagram.repair.names import ncname
from service.diagram.source import bpmn, is_bpmn, local
from service.errors import Finding

REFERRED = frozenset(("bpmnElement", "processRef", "default", "attachedToRef", "sourceRef", "targetRef"))
JOINED = (*map(bpmn, ("sequenceFlow", "process", "participant", "collaboration", "lane")),)


def no_id(drawing: Drawing, finding: Finding) -> Repairs:
    """An element without an id gets one; nothing can have led to it."""
    tag = str(finding.params.get("tag", ""))
    node = next((one for one in drawing.root.iter(bpmn(tag)) if not one.get("id")), None)
    if node is not None:
        node.set("id", drawing.fresh(f"{tag}_{1}"))
        yield of(finding, "new_id", tag=tag, id=node.get("id"))


def duplicate_id(drawing: Drawing, finding: Finding) -> Repairs:
    """Of two the later gets a new id, if it is plain which flows are its own."""
    old = finding.element or ""
    same = [one for one in drawing.root.iter("*") if is_bpmn(one) and one.get("id") == old]
    for node in same[1:]:
        if node.tag in JOINED or (is_node(node) and not _names_flows(drawing, node, old)):
            continue
        new = drawing.fresh(f"{old}_2")
        node.set("id", new)
        for way, attribute in WAYS.items():
            for flow in _flows(drawing, node, way):
                flow.set(attribute, new)
        if is_node(node):
            drawing.picture.part(old, new)
            for reference in drawing.lanes(old)[1:2]:
                reference.text = new
        yield of(finding, "other_id", tag=local(node), id=new)


def _names_flows(drawing: Drawing, node: etree._Element, key: str) -> bool:
    """Whether an element says itself which flows lead to it and out of it, or has none."""
    told = any(node.find(bpmn(way)) is not None for way in WAYS)
    return told or not (drawing.incoming(key) or drawing.outgoing(key))


def _flows(drawing: Drawing, node: etree._Element, way: str) -> list[etree._Element]:
    found = (drawing.node((one.text or "").strip()) for one in node.iterchildren(bpmn(way)))
    return [flow for flow in found if flow is not None and flow.tag == bpmn("sequenceFlow")]


def bad_id(drawing: Drawing, finding: Finding) -> Repairs:
    """An id with spaces or signs is written without them, wherever it is named."""
    old = finding.element or ""
    new = drawing.fresh(ncname(old, "id"))
    for node in drawing.root.iter("*"):
        _rename(node, old, new)
    drawing.picture.rename(old, new)
    yield of(finding, "clean_id", id=new)


def _rename(node: etree._Element, old: str, new: str) -> None:
    for name, value in [*node.items()]:
        if value == old and (str(name) == "id" or str(name) in REFERRED or str(name).endswith("Ref")):
            node.set(name, new)
    refers = is_bpmn(node) and (local(node) in ("incoming", "outgoing") or local(node).endswith("Ref"))
    if refers and (node.text or "").strip() == old:
        node.text = new
