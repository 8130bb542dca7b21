"""Rules of the ways through a process: all can be reached, all can end."""

from collections.abc import Iterator

from service.diagram.automatic import spinning
from service.diagram.graph import Graph, circles, ended, reached, ways
from service.diagram.model import Element, Process
from service.diagram.rules.elements import event_kind
from service.diagram.rules.finding import error, flow_error, label
from service.diagram.rules.structure import scopes
from service.errors import Finding


def unreachable(process: Process) -> Iterator[Finding]:
    """Everything lies on a way from the start; of a row of lost elements the first is told."""
    graph = ways(process)
    found = reached(graph, _starts(process))
    for element in sorted(process.elements.values(), key=lambda element: bool(element.incoming)):
        if element.id not in found:
            found |= reached(graph, [element.id])
            yield error("unreachable", element)


def waits_for_itself(process: Process) -> Iterator[Finding]:
    """A parallel gateway waits for all its flows, so none of them may begin at itself."""
    graph = ways(process)
    arrived = _arrived(process, graph)
    for circle in circles(graph):
        stuck = set(circle) - arrived
        for gateway in (process.elements[key] for key in circle if key in stuck):
            flows = [process.flows[key] for key in gateway.incoming]
            if gateway.type == "parallelGateway" and any(flow.source in arrived for flow in flows):
                for flow in flows:
                    if flow.source in stuck:
                        yield flow_error("waits_for_itself", process, flow)


def endless(process: Process) -> Iterator[Finding]:
    """No circle without a way out, unless an event may end it from outside."""
    graph, free = ways(process), ended(process)
    for circle in circles(graph):
        closed = all(target in circle for key in circle for target in graph[key])
        if closed and process.elements[circle[0]].parent not in free:
            yield _circle("endless", process, circle)


def endless_automatic(process: Process) -> Iterator[Finding]:
    """No circle in which nobody and nothing is waited for: it would spin until the engine stops it."""
    for circle in spinning(process):
        yield _circle("endless_automatic", process, circle)


def _starts(process: Process) -> set[str]:
    """Everything that is entered without a way that leads there."""
    starts = {key for _, elements in scopes(process) for key in _entries(elements)}
    return starts | {key for key, element in process.elements.items() if _stands_apart(process, element)}


def _arrived(process: Process, graph: Graph) -> set[str]:
    """What a token can come to at all, where a parallel gateway needs one on each of its flows."""
    lacking = {
        element.id: len(element.incoming)
        for element in process.elements.values()
        if element.type == "parallelGateway"
    }
    arrived: set[str] = set()
    ahead = list(_starts(process))
    while ahead:
        if (key := ahead.pop()) not in arrived:
            arrived.add(key)
            for target in graph[key]:
                lacking[target] = lacking.get(target, 1) - 1
                if lacking[target] <= 0:
                    ahead.append(target)
    return arrived


def _entries(elements: list[Element]) -> list[str]:
    """Where a scope begins: its start event; without one, whatever has nothing before it."""
    starts = [element.id for element in elements if element.type == "startEvent"]
    return starts or [element.id for element in elements if not element.incoming]


def _stands_apart(process: Process, element: Element) -> bool:
    """What handles an event is entered from nowhere; the rest is refused elsewhere.

    An event on nothing, a link without its partner, what lies in a sub-process that does not run.
    """
    parent = process.elements.get(element.parent)
    refused = parent is not None and parent.type != "subProcess"
    lost = element.type == "boundaryEvent" and element.attached_to not in process.elements
    linked = element.type == "intermediateCatchEvent" and event_kind(element) == "link"
    return refused or lost or linked or element.triggered_by_event


def _circle(code: str, process: Process, circle: list[str]) -> Finding:
    names = " → ".join(f"“{label(process, key)}”" for key in circle)
    return error(code, process.elements[circle[0]], circle=names)
