"""Reads a BPMN file into the model: what is written, whether or not it makes sense."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from service.diagram import lanes, parts, passing
from service.diagram.model import Diagram, Element, Flow, Process
from service.diagram.source import bpmn, line_of, local, parse
from service.diagram.tidy import tidy
from service.errors import Finding, Refused

MOST_ELEMENTS = 2000
"""Flow nodes of one file."""
FLOWS = 2
"""Sequence flows that there may be for each of those."""
CONTAINERS = frozenset(("process", "subProcess", "transaction", "adHocSubProcess"))
NODES = frozenset(
    (
        *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"),
        *("task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask"),
        *("businessRuleTask", "callActivity", "subProcess", "transaction", "adHocSubProcess"),
        *("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"),
        *("complexGateway", "implicitThrowEvent"),
    )
)
"""Everything in BPMN that a sequence flow may join."""


@dataclass(frozen=True)
class _File:
    """What the elements of a file refer to: names and codes by id, lanes and notes by element."""

    names: Mapping[str, str | None]
    codes: Mapping[str, str]
    lanes: Mapping[str, str]
    notes: Mapping[str, tuple[str, ...]]


def read(xml: bytes, file: str = "") -> Diagram:
    """The processes of a BPMN file; Refused when it is unsafe, no XML, no BPMN or too large.

    Elements without an id and processes without one are not in the model: `check` finds them.
    """
    root = parse(xml, file)
    tidy(root)
    flows = sum(1 for _ in root.iter(bpmn("sequenceFlow")))
    if max(sum(is_node(node) for node in root.iter("*")), flows // FLOWS) > MOST_ELEMENTS:
        raise Refused([Finding("too_many_elements", "error", file, params={"limit": MOST_ELEMENTS})])
    named = _File(parts.names(root), parts.codes(root), lanes.of_elements(root), parts.notes(root))
    pools = {pool.get("processRef"): parts.name(pool) for pool in root.iter(bpmn("participant"))}
    processes = (_process(node, named, pools) for node in root.iterchildren(bpmn("process")))
    return Diagram({process.id: process for process in processes if process.id}, root)


def is_node(node: etree._Element) -> bool:
    """Whether the element is a flow node: an event, an activity or a gateway."""
    return local(node) in NODES and node.tag == bpmn(local(node))


def _process(node: etree._Element, named: _File, pools: Mapping[str | None, str | None]) -> Process:
    key = node.get("id", "")
    flows = {flow.id: flow for flow in _flows(node)}
    return Process(
        id=key,
        name=parts.name(node) or pools.get(key),
        executable=parts.truth(node.get("isExecutable"), otherwise=False),
        lanes=lanes.of_process(node),
        elements={element.id: element for element in _elements(node, key, flows, named)},
        flows=flows,
        camunda=parts.attributes(node),
        properties=_identity(node) if key in pools else parts.properties(node),
        line=line_of(node),
    )


def _identity(process: etree._Element) -> dict[str, str]:
    """The properties of a process in a pool, and those of the picture with its pools, which are said last:
    where there are pools, that is what is clicked for them.
    """
    picture = next(process.itersiblings(bpmn("collaboration"), preceding=True), None)
    there = {} if picture is None else parts.properties(picture)
    return {**there, **parts.properties(process), **{name: value for name, value in there.items() if value}}


def _flows(process: etree._Element) -> Iterator[Flow]:
    for node in process.iter(bpmn("sequenceFlow")):
        parent = node.getparent()
        condition = node.find(bpmn("conditionExpression"))
        yield Flow(
            id=node.get("id", ""),
            name=parts.name(node),
            source=node.get("sourceRef", ""),
            target=node.get("targetRef", ""),
            condition=parts.text(condition),
            line=line_of(node),
            parent="" if parent is None else parent.get("id", ""),
            language=None if condition is None else condition.get("language"),
        )


def _elements(
    process: etree._Element, key: str, flows: Mapping[str, Flow], named: _File
) -> Iterator[Element]:
    incoming, outgoing = defaultdict(list), defaultdict(list)
    for flow in flows.values():
        outgoing[flow.source].append(flow.id)
        incoming[flow.target].append(flow.id)
    for node in process.iter("*"):
        if is_node(node) and (own := node.get("id")):
            yield _element(node, key, tuple(incoming[own]), tuple(outgoing[own]), named)


def _element(
    node: etree._Element, process: str, incoming: tuple[str, ...], outgoing: tuple[str, ...], named: _File
) -> Element:
    key = node.get("id", "")
    parent = node.getparent()
    return Element(
        id=key,
        type=local(node),
        name=parts.name(node),
        process=process,
        parent="" if parent is None else parent.get("id", ""),
        line=line_of(node),
        lane=named.lanes.get(key),
        incoming=incoming,
        outgoing=outgoing,
        default=node.get("default"),
        attached_to=node.get("attachedToRef") if local(node) == "boundaryEvent" else None,
        interrupting=parts.truth(node.get("cancelActivity", node.get("isInterrupting")), otherwise=True),
        triggered_by_event=local(node) == "subProcess"
        and parts.truth(node.get("triggeredByEvent"), otherwise=False),
        events=tuple(parts.events(node, named.names, named.codes)),
        loop=parts.loop(node),
        message=parts.referred(node, named.names),
        script=parts.text(node.find(bpmn("script"))),
        script_format=node.get("scriptFormat"),
        inputs=tuple(passing.inputs(node)),
        outputs=tuple(passing.outputs(node)),
        called=node.get("calledElement"),
        passed_in=tuple(passing.passed(node, "in")),
        passed_out=tuple(passing.passed(node, "out")),
        business_key=passing.business_key(node),
        camunda=parts.attributes(node),
        properties=parts.properties(node),
        documentation=parts.documentation(node),
        annotations=named.notes.get(key, ()),
    )
