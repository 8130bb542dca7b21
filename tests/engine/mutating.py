"""Changes a drawn diagram in one place, as an analyst might."""

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
WAYS = ("insert", "remove", "join", "unjoin", "guard", "unguard", "cut", "branch")
"""A step more or less, other gateways, an event on a border more or less, a flow less, a new branch."""


def mutated(xml: bytes, way: str, place: int) -> bytes:
    """The file with one change; unchanged where there is nothing of that kind."""
    root = etree.fromstring(xml)
    races = {node.get("id") for node in root.iter(BPMN + "eventBasedGateway")}
    chosen = {f.get("targetRef") for f in root.iter(BPMN + "sequenceFlow") if f.get("sourceRef") in races}
    found = [
        node
        for node in root.iter()
        if isinstance(node.tag, str)
        and _fits(node, way)
        and node.get("sourceRef") not in races  # behind such a gateway only events may stand
        and node.get("id") not in chosen
    ]
    if found:
        CHANGES[way](root, found[place % len(found)])
    return bytes(etree.tostring(root))


def _fits(node: etree._Element, way: str) -> bool:
    kinds = {
        "insert": ("sequenceFlow",),
        "remove": ("userTask", "serviceTask", "manualTask", "task", "intermediateCatchEvent"),
        "join": ("exclusiveGateway",),
        "unjoin": ("parallelGateway",),
        "guard": ("userTask", "subProcess", "serviceTask"),
        "unguard": ("boundaryEvent",),
        "cut": ("sequenceFlow",),
        "branch": ("parallelGateway",),
    }
    handler = node.get("triggeredByEvent") is not None
    return node.tag.removeprefix(BPMN) in kinds[way] and not handler


def _flow(parent: etree._Element, id_: str, source: str, target: str) -> None:
    etree.SubElement(parent, BPMN + "sequenceFlow", id=id_, sourceRef=source, targetRef=target)


def _insert(root: etree._Element, flow: etree._Element) -> None:
    parent, target = flow.getparent(), flow.get("targetRef")
    flow.set("targetRef", "fresh")
    etree.SubElement(parent, BPMN + "userTask", id="fresh")
    _flow(parent, "fresh_flow", "fresh", target)


def _remove(root: etree._Element, node: etree._Element) -> None:
    id_ = node.get("id")
    flows = list(root.iter(BPMN + "sequenceFlow"))
    outs = [flow for flow in flows if flow.get("sourceRef") == id_]
    if len(outs) != 1 or any(one.get("attachedToRef") == id_ for one in root.iter()):
        return
    for flow in flows:
        if flow.get("targetRef") == id_:
            flow.set("targetRef", outs[0].get("targetRef"))
    node.getparent().remove(outs[0])
    node.getparent().remove(node)


def _join(root: etree._Element, gateway: etree._Element) -> None:
    gateway.tag = BPMN + "parallelGateway"
    gateway.attrib.pop("default", None)


def _unjoin(root: etree._Element, gateway: etree._Element) -> None:
    gateway.tag = BPMN + "inclusiveGateway"


def _guard(root: etree._Element, host: etree._Element) -> None:
    parent = host.getparent()
    guard = etree.SubElement(parent, BPMN + "boundaryEvent", id="fresh", attachedToRef=host.get("id"))
    timer = etree.SubElement(guard, BPMN + "timerEventDefinition")
    etree.SubElement(timer, BPMN + "timeDuration").text = "P1D"
    etree.SubElement(parent, BPMN + "endEvent", id="fresh_end")
    _flow(parent, "fresh_flow", "fresh", "fresh_end")


def _unguard(root: etree._Element, event: etree._Element) -> None:
    for flow in list(root.iter(BPMN + "sequenceFlow")):
        if flow.get("sourceRef") == event.get("id"):
            flow.getparent().remove(flow)
    event.getparent().remove(event)


def _cut(root: etree._Element, flow: etree._Element) -> None:
    others = [one for one in root.iter(BPMN + "sequenceFlow") if one is not flow]
    if any(one.get("sourceRef") == flow.get("sourceRef") for one in others):
        for node in root.iter():
            if node.get("default") == flow.get("id"):
                return
        flow.getparent().remove(flow)


def _branch(root: etree._Element, gateway: etree._Element) -> None:
    """From a parallel gateway to the next one behind it, if there is one in the same scope."""
    parent, here = gateway.getparent(), gateway.get("id")
    others = [node.get("id") for node in parent.findall(BPMN + "parallelGateway") if node.get("id") != here]
    if others:
        etree.SubElement(parent, BPMN + "userTask", id="fresh")
        _flow(parent, "fresh_flow", here, "fresh")
        _flow(parent, "fresh_flow2", "fresh", others[0])


CHANGES = {
    "insert": _insert,
    "remove": _remove,
    "join": _join,
    "unjoin": _unjoin,
    "guard": _guard,
    "unguard": _unguard,
    "cut": _cut,
    "branch": _branch,
}
