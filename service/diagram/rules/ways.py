"""Rules of the ways through a process: all can be reached, all can end."""

from collections.abc import Iterator

from service.diagram.graph import circles, part, reached, ways
from service.diagram.model import Element, Process
from service.diagram.rules.elements import WORK
from service.diagram.rules.finding import error, label
from service.diagram.rules.structure import scopes
from service.errors import Finding

WAITS = WORK | {"receiveTask", "intermediateCatchEvent", "boundaryEvent", "eventBasedGateway"}
"""Where a token stands until somebody or something comes."""


def unreachable(process: Process) -> Iterator[Finding]:
    """Everything lies on a way from the start; of a row of lost elements the first is told."""
    graph = ways(process)
    starts = {key for _, elements in scopes(process) for key in _entries(elements)}
    starts |= {key for key, element in process.elements.items() if _stands_apart(process, element)}
    found = reached(graph, starts)
    for element in sorted(process.elements.values(), key=lambda element: bool(element.incoming)):
        if element.id not in found:
            found |= reached(graph, [element.id])
            yield error("unreachable", element)


def endless(process: Process) -> Iterator[Finding]:
    """No circle without a way out."""
    graph = ways(process)
    for circle in circles(graph):
        if all(target in circle for key in circle for target in graph[key]):
            yield _circle("endless", process, circle)


def endless_automatic(process: Process) -> Iterator[Finding]:
    """No circle in which nobody and nothing is waited for: it would spin until the engine stops it."""
    automatic = {key for key, element in process.elements.items() if not _waits(process, element)}
    for circle in circles(part(ways(process), automatic)):
        yield _circle("endless_automatic", process, circle)


def _entries(elements: list[Element]) -> list[str]:
    """Where a scope begins: its start event; without one, whatever has nothing before it."""
    starts = [element.id for element in elements if element.type == "startEvent"]
    return starts or [element.id for element in elements if not element.incoming]


def _stands_apart(process: Process, element: Element) -> bool:
    """Refused elsewhere: an event sub-process, an event on nothing, what lies in a refused sub-process."""
    parent = process.elements.get(element.parent)
    refused = parent is not None and (parent.type != "subProcess" or parent.triggered_by_event)
    lost = element.type == "boundaryEvent" and element.attached_to not in process.elements
    return refused or lost or element.triggered_by_event


def _waits(process: Process, element: Element) -> bool:
    if element.type == "subProcess":
        return any(_waits(process, one) for one in process.elements.values() if one.parent == element.id)
    return element.type in WAITS


def _circle(code: str, process: Process, circle: list[str]) -> Finding:
    names = " → ".join(f"“{label(process, key)}”" for key in circle)
    return error(code, process.elements[circle[0]], circle=names)
