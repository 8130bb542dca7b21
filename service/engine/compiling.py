"""Makes the specs of a process out of the read diagram: a node for each element, and what joins them."""

from collections.abc import Iterable, Iterator

from service import feel
from service.diagram.graph import links
from service.diagram.model import Element, Flow, Passed, Process
from service.diagram.passing import OWN_KEY
from service.engine import mappings, scripting, timers
from service.engine.activities import Call, Decision, External, ExternalEnd, Script, SubProcess, Work
from service.engine.elements import Node, node_name
from service.engine.events import Boundary, Catching, Passing, Trigger
from service.engine.gateways import EventGateway, ExclusiveGateway, InclusiveGateway, ParallelGateway
from service.engine.mappings import Formula
from service.engine.repeated import MultiInstance, Repeated, StandardLoop
from service.engine.scope import ScopeSpec
from service.engine.scripting import Path
from service.engine.throwing import EndEvent, Throwing
from service.errors import ExpressionError, Finding, Refused

KINDS: dict[str, type[Node]] = {
    "startEvent": Passing,
    "endEvent": EndEvent,
    "intermediateThrowEvent": Throwing,
    "intermediateCatchEvent": Catching,
    "receiveTask": Catching,
    "boundaryEvent": Boundary,
    "userTask": Work,
    "manualTask": Work,
    "task": Work,  # what analysts draw: 99 % of the activities in real diagrams
    "scriptTask": Script,
    "serviceTask": External,
    "sendTask": Throwing,
    "businessRuleTask": Decision,
    "callActivity": Call,
    "subProcess": SubProcess,
    "exclusiveGateway": ExclusiveGateway,
    "parallelGateway": ParallelGateway,
    "inclusiveGateway": InclusiveGateway,
    "eventBasedGateway": EventGateway,
}
"""The element types that the engine runs; all others are refused."""


def scope(process: Process, parent: str) -> ScopeSpec:
    """The specs of a process or sub-process by its id; Refused for what the engine does not run."""
    spec = ScopeSpec(parent)
    elements = [element for element in process.elements.values() if element.parent == parent]
    for element in elements:
        _add(spec, element)
        if element.type == "subProcess" and element.triggered_by_event:
            _listen(spec, process, element)
    spec.entry = _entry(process, parent, elements)
    for element in elements:
        node = spec.task_specs[node_name(element.id)]
        node.paths = tuple(_paths(process, element))
        if element.attached_to:
            host = spec.task_specs[node_name(element.attached_to)]
            host.boundaries = (*host.boundaries, node)
    for node in spec.task_specs.values():
        if isinstance(node, InclusiveGateway):
            node.upstream = {flow: _reaching(process, node, flow) for flow in node.element.incoming}
    return spec


def _entry(process: Process, parent: str, elements: list[Element]) -> str:
    """Where a token begins by itself: the none start, or what an event sub-process is begun by."""
    around = process.elements.get(parent)
    for element in elements:
        if element.type == "startEvent" and (not element.events or (around and around.triggered_by_event)):
            return node_name(element.id)
    return ""


def _add(spec: ScopeSpec, element: Element) -> None:
    inner = _kind(element)(spec, element, is_item=element.loop is not None)
    inner.taken_in = tuple(mappings.given(one, lambda text: _feel(element, text)) for one in element.inputs)
    inner.handed_out = tuple(
        mappings.given(one, lambda text: _feel(element, text)) for one in element.outputs
    )
    _prepare(inner, element)
    if element.loop:
        _repeat(spec, element)


def _kind(element: Element) -> type[Node]:
    """What runs an element; a topic makes work for a program outside of tasks and message events."""
    kind = KINDS.get(element.type)
    if kind is None:
        raise Refused([Finding("unsupported", "error", "", element.id, element.name, element.line)])
    if _said(element).get("type") == "external":
        return ExternalEnd if kind is EndEvent else External
    passes = element.type == "intermediateCatchEvent" and element.events[0].kind == "link"
    return Passing if passes else kind


def _said(element: Element) -> dict[str, str]:
    """The camunda attributes of an element, and of the definition of a message event."""
    return {**element.camunda, **(element.events[0].camunda if element.events else {})}


def _prepare(node: Node, element: Element) -> None:
    """Reads the expressions that this kind of element has."""
    match node:
        case Script():
            node.expression = _feel(element, element.script)
        case Catching():
            _prepare_catching(node, element)
        case External():
            said = _said(element)
            node.topic = _text(element, said["topic"])
            node.priority = _text(element, said.get("taskPriority", "0"))
        case Call():
            node.passed_in = tuple(_passed(element, rule) for rule in element.passed_in)
            node.passed_out = tuple(_passed(element, rule) for rule in element.passed_out)
            node.business_key = _key(element, element.business_key)


def _prepare_catching(node: Catching, element: Element) -> None:
    text = (node.event.expression or "").strip()
    if node.event.kind == "conditional":
        node.when = _feel(element, text)
    elif node.event.timer:
        node.when = text if timers.LITERAL.match(text) else _feel(element, text)


def _listen(spec: ScopeSpec, process: Process, inner: Element) -> None:
    """An event sub-process is begun by its start event, which waits in the scope around it."""
    start = next(e for e in process.elements.values() if e.parent == inner.id and e.type == "startEvent")
    trigger = Trigger(spec, start, inner)
    _prepare_catching(trigger, start)
    spec.triggers = (*spec.triggers, trigger)


def _repeat(spec: ScopeSpec, element: Element) -> None:
    assert element.loop
    loop = element.loop
    repeated: Repeated
    if loop.kind == "standard":
        repeated = StandardLoop(spec, element)
        repeated.condition = loop.completion and _feel(element, loop.completion)
        repeated.maximum = loop.maximum and _feel(element, loop.maximum)
        return
    repeated = MultiInstance(spec, element)
    repeated.collection = loop.collection and _feel(element, loop.collection)
    repeated.cardinality = loop.cardinality and _feel(element, loop.cardinality)
    repeated.completion = loop.completion and _feel(element, loop.completion)


def _paths(process: Process, element: Element) -> Iterator[Path]:
    """The flows out of an element; a link goes on where the catch of its name is."""
    for flow_id in element.outgoing:
        flow = process.flows[flow_id]
        is_default = flow.id == element.default
        condition = None if is_default else _condition(element, flow)
        yield Path(flow.id, flow.name, node_name(flow.target), condition, is_default)
    if element.type == "intermediateThrowEvent":
        for other in _linked(process, element):
            yield Path(f"link:{element.id}", other.name, node_name(other.id))


def _linked(process: Process, element: Element) -> Iterator[Element]:
    """The link events of the other side that have the same name, in the same scope."""
    for throw, catch in links(process):
        if throw is element:
            yield catch
        elif catch is element:
            yield throw


def _condition(element: Element, flow: Flow) -> str | None:
    if flow.condition is None or element.type == "parallelGateway":
        return None
    return _feel(element, flow.condition)


def _passed(element: Element, rule: Passed) -> Passed:
    if rule.expression is None:
        return rule
    return Passed(rule.target, expression=_feel(element, rule.expression))


def _key(element: Element, text: str | None) -> str | None:
    """The business key that a called case gets; None for the calling one's, which it gets anyhow."""
    return None if text is None or OWN_KEY.fullmatch(text) else _feel(element, text)


def _text(element: Element, text: str) -> str | Formula:
    return Formula(_feel(element, text)) if scripting.is_expression(text) else text


def _feel(element: Element, text: str | None) -> str:
    try:
        expression = feel.translate(text or "")
        feel.parse(expression)
    except ExpressionError as error:
        why = {"reason": error.message}
        finding = Finding("expression", "error", "", element.id, element.name, element.line, why)
        raise Refused([finding]) from error
    return expression


def _reaching(process: Process, gateway: Node, flow: str) -> frozenset[str]:
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
    if element.type == "intermediateCatchEvent":
        yield from (other.id for other in _linked(process, element))
    for flow in element.incoming:
        yield process.flows[flow].source
