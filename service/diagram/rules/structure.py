"""Rules of the drawing: what flows join, where a process starts and where it ends."""

from collections import Counter
from collections.abc import Iterator

from service.diagram.model import Element, Flow, Process
from service.diagram.rules.elements import GATEWAYS, event_kind
from service.diagram.rules.finding import error, flow_error, warning
from service.errors import Finding

Scope = tuple[Process | Element, list[Element]]


def scopes(process: Process) -> Iterator[Scope]:
    """The process and each sub-process, with the elements directly in it."""
    inside: dict[str, list[Element]] = {}
    for element in process.elements.values():
        inside.setdefault(element.parent, []).append(element)
    yield process, inside.get(process.id, [])
    for element in process.elements.values():
        if element.type == "subProcess":
            yield element, inside.get(element.id, [])


def joined(process: Process) -> Iterator[tuple[Flow, Element, Element]]:
    """The flows that join two elements of this process, with both."""
    for flow in process.flows.values():
        source, target = process.elements.get(flow.source), process.elements.get(flow.target)
        if source and target:
            yield flow, source, target


def dangling_flow(process: Process) -> Iterator[Finding]:
    """A flow joins two elements of the same process."""
    for flow in process.flows.values():
        if flow.source not in process.elements or flow.target not in process.elements:
            yield flow_error("dangling_flow", process, flow)


def crossing_flow(process: Process) -> Iterator[Finding]:
    """A flow stays inside its sub-process, or outside."""
    for flow, source, target in joined(process):
        if {source.parent, target.parent} != {flow.parent}:
            yield flow_error("crossing_flow", process, flow)


def empty(process: Process) -> Iterator[Finding]:
    """A process, and a sub-process, has steps in it."""
    for scope, elements in scopes(process):
        if not elements:
            yield error("empty", scope)


def no_start(process: Process) -> Iterator[Finding]:
    """A process, and a sub-process, begins at a start event."""
    for scope, elements in scopes(process):
        if elements and not _of_type(elements, "startEvent"):
            yield error("no_start", scope)


def several_starts(process: Process) -> Iterator[Finding]:
    """It begins at one start event; only a process may wait for several things that begin it."""
    for scope, elements in scopes(process):
        starts = _of_type(elements, "startEvent")
        if scope is process:
            starts = [start for start in starts if not start.events]
        for start in starts[1:]:
            yield error("several_starts", start)


def no_end(process: Process) -> Iterator[Finding]:
    """A process, and a sub-process, ends at an end event."""
    for scope, elements in scopes(process):
        if elements and not _of_type(elements, "endEvent"):
            yield error("no_end", scope)


def flow_into_start(process: Process) -> Iterator[Finding]:
    """Nothing comes before a start event; a boundary event is reached through its activity only."""
    for flow, _, target in joined(process):
        if target.type in ("startEvent", "boundaryEvent"):
            yield flow_error("flow_into_start", process, flow)


def flow_from_end(process: Process) -> Iterator[Finding]:
    """Nothing comes after an end event."""
    for flow, source, _ in joined(process):
        if source.type == "endEvent":
            yield flow_error("flow_from_end", process, flow)


def dead_end(process: Process) -> Iterator[Finding]:
    """Only end events have no way out; where there is no end event at all, `no_end` says it once."""
    for _, elements in scopes(process):
        for element in elements if _of_type(elements, "endEvent") else []:
            if not element.outgoing and not _needs_no_flow(element):
                yield error("dead_end", element)


def implicit_split(process: Process) -> Iterator[Finding]:
    """Several flows out of an activity or event are taken all at once, which not every reader sees."""
    plain = Counter(
        source.id for flow, source, _ in joined(process) if not flow.condition and source.default != flow.id
    )
    for key, flows in plain.items():
        if flows > 1 and process.elements[key].type not in GATEWAYS:
            yield warning("implicit_split", process.elements[key])


def no_host(process: Process) -> Iterator[Finding]:
    """A boundary event sits on an activity beside it."""
    for element in process.elements.values():
        host = process.elements.get(element.attached_to or "")
        sits = host and host.parent == element.parent and _has_border(host)
        if element.type == "boundaryEvent" and not sits:
            yield error("no_host", element)


def _needs_no_flow(element: Element) -> bool:
    """An end, what handles an event, and a link, which goes on at its partner."""
    jumps = element.type == "intermediateThrowEvent" and event_kind(element) == "link"
    return jumps or element.type == "endEvent" or element.triggered_by_event


def _has_border(host: Element) -> bool:
    return not host.type.endswith(("Event", "Gateway")) and not host.triggered_by_event


def _of_type(elements: list[Element], kind: str) -> list[Element]:
    return [element for element in elements if element.type == kind]
