"""An executable definition: the specs of a process and its sub-processes, built from the read diagram."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service import feel
from service.diagram.graph import distances
from service.diagram.model import Element, Flow, Process
from service.engine import scripting, timers
from service.engine.activities import MultiInstance, Script, SubProcess, Work
from service.engine.elements import Node, node_name
from service.engine.events import Boundary, Catching, EndEvent, Passing
from service.engine.gateways import EventGateway, ExclusiveGateway, InclusiveGateway, ParallelGateway
from service.engine.scope import ScopeSpec
from service.engine.scripting import Path
from service.errors import ExpressionError, Finding, Refused

KINDS: dict[str, type[Node]] = {
    "startEvent": Passing,
    "endEvent": EndEvent,
    "intermediateThrowEvent": Passing,
    "intermediateCatchEvent": Catching,
    "receiveTask": Catching,
    "boundaryEvent": Boundary,
    "userTask": Work,
    "manualTask": Work,
    "task": Work,  # what analysts draw: 99 % of the activities in real diagrams
    "scriptTask": Script,
    "subProcess": SubProcess,
    "exclusiveGateway": ExclusiveGateway,
    "parallelGateway": ParallelGateway,
    "inclusiveGateway": InclusiveGateway,
    "eventBasedGateway": EventGateway,
}
"""The element types that the engine runs; all others are refused."""


@dataclass(frozen=True)
class Definition:
    """What instances of one process definition share: never changed, never serialized.

    `distances` tells how far each element is from the start, so that a way back can be known.
    """

    process: Process
    spec: ScopeSpec
    scopes: dict[str, ScopeSpec]
    distances: dict[str, int]

    def element(self, element_id: str) -> Element:
        """The element of the diagram with this id."""
        return self.process.elements[element_id]

    def title(self, variables: Mapping[str, Any]) -> str:
        """What a case with these variables is about, by the process's `sop.perihal`."""
        return scripting.text(self.process.properties.get("sop.perihal"), variables)


def compile(process: Process) -> Definition:
    """The executable form of a process that `diagram.check` found without errors; else Refused."""
    parents = {process.id, *(e.id for e in process.elements.values() if e.type == "subProcess")}
    scopes = {parent: _scope(process, parent) for parent in parents}
    return Definition(process, scopes.pop(process.id), scopes, distances(process))


def _scope(process: Process, parent: str) -> ScopeSpec:
    spec = ScopeSpec(parent)
    elements = [element for element in process.elements.values() if element.parent == parent]
    for element in elements:
        _add(spec, element)
        if element.type == "startEvent" and not element.events:
            spec.entry = node_name(element.id)
    for element in elements:
        node = spec.task_specs[node_name(element.id)]
        node.paths = tuple(_paths(process, element))
        if element.attached_to:
            host = spec.task_specs[node_name(element.attached_to)]
            host.boundaries = (*host.boundaries, node)
    for node in spec.task_specs.values():
        if isinstance(node, InclusiveGateway):
            node.upstream = {flow: _reaching(spec, process, node, flow) for flow in node.element.incoming}
    return spec


def _add(spec: ScopeSpec, element: Element) -> None:
    kind = KINDS.get(element.type)
    if kind is None:
        raise Refused([Finding("unsupported", "error", "", element.id, element.name, element.line)])
    inner = kind(spec, element, is_item=element.loop is not None)
    if isinstance(inner, Script):
        inner.expression = _feel(element, element.script)
    if isinstance(inner, Catching) and inner.event.timer:
        when = (inner.event.expression or "").strip()
        inner.when = when if timers.LITERAL.match(when) else _feel(element, when)
    if element.loop is None:
        return
    several = MultiInstance(spec, element)
    several.collection = element.loop.collection and _feel(element, element.loop.collection)
    several.cardinality = element.loop.cardinality and _feel(element, element.loop.cardinality)
    several.completion = element.loop.completion and _feel(element, element.loop.completion)


def _paths(process: Process, element: Element) -> Iterator[Path]:
    for flow_id in element.outgoing:
        flow = process.flows[flow_id]
        is_default = flow.id == element.default
        condition = None if is_default else _condition(element, flow)
        yield Path(flow.id, flow.name, node_name(flow.target), condition, is_default)


def _condition(element: Element, flow: Flow) -> str | None:
    if flow.condition is None or element.type == "parallelGateway":
        return None
    return _feel(element, flow.condition)


def _feel(element: Element, text: str | None) -> str:
    try:
        expression = feel.translate(text or "")
        feel.parse(expression)
    except ExpressionError as error:
        why = {"reason": error.message}
        finding = Finding("expression", "error", "", element.id, element.name, element.line, why)
        raise Refused([finding]) from error
    return expression


def _reaching(spec: ScopeSpec, process: Process, gateway: Node, flow: str) -> frozenset[str]:
    """The names of the specs from which a token can come to the gateway by this flow, and not through it."""
    found: set[str] = set()
    open_ends = [process.flows[flow].source]
    while open_ends:
        element = process.elements[open_ends.pop()]
        if node_name(element.id) in found or element is gateway.element:
            continue
        found.add(node_name(element.id))
        open_ends += _before(process, element)
    return frozenset(found)


def _before(process: Process, element: Element) -> Iterable[str]:
    """The elements that a token may stand on just before this one."""
    if element.attached_to:
        yield element.attached_to
    for flow in element.incoming:
        yield process.flows[flow].source
