"""Rules of the ways through a process: all can be reached, all can end."""

from collections.abc import Iterator

from service.diagram.graph import circles, part, reached, ways
from service.diagram.model import Element, Process
from service.diagram.rules.elements import CODED, WORK, event_kind, outside
from service.diagram.rules.finding import error, label
from service.diagram.rules.structure import scopes
from service.errors import Finding

WAITS = WORK | {"receiveTask", "serviceTask", "callActivity", "eventBasedGateway"}
"""Where a token always stands until somebody or something comes."""
CATCHING = frozenset(("intermediateCatchEvent", "boundaryEvent"))
OUTSIDE = frozenset(("sendTask", "businessRuleTask", "intermediateThrowEvent"))
"""Where it stands if a worker outside does what is to be done."""


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
    automatic = process.elements.keys() - _waiting(process)
    for circle in circles(part(ways(process), automatic)):
        yield _circle("endless_automatic", process, circle)


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


def _waiting(process: Process) -> set[str]:
    """Where a token stands for a while: what waits, and the sub-processes around it.

    What handles an event may never be entered, so its sub-process does not wait for that.
    """
    found: set[str] = set()
    for element in filter(_waits, process.elements.values()):
        around: Element | None = element
        while around and around.id not in found and not around.triggered_by_event:
            found.add(around.id)
            around = process.elements.get(around.parent)
    return found


def _waits(element: Element) -> bool:
    """What is thrown inside comes at once, and so does a link."""
    if element.type in CATCHING:
        return event_kind(element) not in (*CODED, "link")
    return element.type in WAITS or (element.type in OUTSIDE and outside(element))


def _circle(code: str, process: Process, circle: list[str]) -> Finding:
    names = " → ".join(f"“{label(process, key)}”" for key in circle)
    return error(code, process.elements[circle[0]], circle=names)
