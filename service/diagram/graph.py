"""Ways through a diagram: what can be reached from where, and which elements go round in circles."""

from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import count

from service.diagram.model import Element, Process

Graph = Mapping[str, tuple[str, ...]]
"""The ids of the elements that come after each element."""


def ways(process: Process) -> Graph:
    """Where each element leads: along its flows, from an activity to the events on its border, over links."""
    onward: dict[str, list[str]] = {key: [] for key in process.elements}
    for flow in process.flows.values():
        if flow.source in onward and flow.target in onward:
            onward[flow.source].append(flow.target)
    for element in process.elements.values():
        if element.attached_to in onward:
            onward[element.attached_to].append(element.id)
    for throw, catch in links(process):
        onward[throw.id].append(catch.id)
    return {key: tuple(targets) for key, targets in onward.items()}


def reached(graph: Graph, starts: Iterable[str], without: Set[str] = frozenset()) -> set[str]:
    """Everything on some way from the starts, which count themselves, that does not pass `without`."""
    found = set(starts)
    ahead = list(found)
    while ahead:
        fresh = set(graph[ahead.pop()]) - found - without
        found |= fresh
        ahead += fresh
    return found


def links(process: Process) -> Iterator[tuple[Element, Element]]:
    """Each throwing link event with the catching one of its name, in the same scope."""
    elements = process.elements.values()
    catches = [element for element in elements if element.type == "intermediateCatchEvent"]
    caught = {(catch.parent, name): catch for catch in catches if (name := link_name(catch))}
    for throw in elements:
        catch = caught.get((throw.parent, link_name(throw) or ""))
        if catch and throw.type == "intermediateThrowEvent":
            yield throw, catch


def link_name(element: Element) -> str | None:
    """The name of a link event's link; None for any other element."""
    return next((event.name for event in element.events if event.kind == "link"), None)


def roots(process: Process) -> dict[str, list[str]]:
    """Where each scope begins, by the scope's id: its start events and the event sub-processes in it.

    What handles an event is entered from nowhere, as soon as there is the scope around it.
    """
    found: dict[str, list[str]] = {}
    for element in process.elements.values():
        if element.type == "startEvent" or element.triggered_by_event:
            found.setdefault(element.parent, []).append(element.id)
    return found


def ended(process: Process) -> set[str]:
    """The scopes that an event can end: by its event sub-process, or on the border around it."""
    elements, found = process.elements, set()
    for element in elements.values():
        if element.interrupting and element.events and element.type == "boundaryEvent":
            found.add(element.attached_to or "")
        handler = elements.get(element.parent)
        if element.interrupting and element.type == "startEvent" and handler and handler.triggered_by_event:
            found.add(handler.parent)
    for element in elements.values():  # the outer before the inner
        if element.type == "subProcess" and element.parent in found and not element.triggered_by_event:
            found.add(element.id)
    return found


def distances(process: Process) -> dict[str, int]:
    """How many elements lie between a start and each element on the shortest way, sub-processes included."""
    graph, entered = ways(process), roots(process)
    level = entered.get(process.id, [])
    found: dict[str, int] = {}
    for distance in count():
        if not level:
            break
        found |= dict.fromkeys(level, distance)
        ahead = [*(target for key in level for target in (*graph[key], *entered.get(key, [])))]
        level = [key for key in dict.fromkeys(ahead) if key not in found]
    return found


def turned(graph: Graph) -> Graph:
    """The ids of the elements that come before each element."""
    behind: dict[str, list[str]] = {key: [] for key in graph}
    for key, targets in graph.items():
        for target in targets:
            behind[target].append(key)
    return {key: tuple(sources) for key, sources in behind.items()}


def part(graph: Graph, keys: Set[str]) -> Graph:
    """The graph with these elements only."""
    return {key: tuple(target for target in graph[key] if target in keys) for key in graph if key in keys}


def circles(graph: Graph) -> Iterator[list[str]]:
    """The sets of elements that each lead to all the others of the set, in the graph's order.

    Kosaraju's way: go back from the elements in the order in which one was last done with them.
    """
    behind, place = turned(graph), {key: at for at, key in enumerate(graph)}
    taken: set[str] = set()
    for key in reversed(_finished(graph)):
        if key in taken:
            continue
        circle = reached(behind, [key], without=taken)
        taken |= circle
        if len(circle) > 1 or key in graph[key]:
            yield sorted(circle, key=place.__getitem__)


def _finished(graph: Graph) -> list[str]:
    """Every element after all that follows it, as far as circles allow (without recursion)."""
    finished: list[str] = []
    seen: set[str] = set()
    for root in graph:
        path = [] if root in seen else [(root, iter(graph[root]))]
        seen.add(root)
        while path:
            key, rest = path[-1]
            following = next((target for target in rest if target not in seen), None)
            if following is None:
                finished.append(key)
                path.pop()
            else:
                seen.add(following)
                path.append((following, iter(graph[following])))
    return finished
