"""Ways through a diagram: what can be reached from where, and which elements go round in circles."""

from collections.abc import Iterable, Iterator, Mapping, Set

from service.diagram.model import Process

Graph = Mapping[str, tuple[str, ...]]
"""The ids of the elements that come after each element."""


def ways(process: Process) -> Graph:
    """Where each element leads: along its flows, and from an activity to the events on its border."""
    onward: dict[str, list[str]] = {key: [] for key in process.elements}
    for flow in process.flows.values():
        if flow.source in onward and flow.target in onward:
            onward[flow.source].append(flow.target)
    for element in process.elements.values():
        if element.attached_to in onward:
            onward[element.attached_to].append(element.id)
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


def distances(process: Process) -> dict[str, int]:
    """How many elements lie between a start and each element on the shortest way, sub-processes included."""
    graph, inside = ways(process), process.elements.values()
    starts = [element for element in inside if element.type == "startEvent"]
    level = [start.id for start in starts if start.parent == process.id]
    found: dict[str, int] = {}
    while level:
        found |= dict.fromkeys(level, max(found.values(), default=-1) + 1)
        entered = [start.id for start in starts if start.parent in level]
        ahead = [*(target for key in level for target in graph[key]), *entered]
        level = [key for key in dict.fromkeys(ahead) if key not in found]
    return found


def part(graph: Graph, keys: Set[str]) -> Graph:
    """The graph with these elements only."""
    return {key: tuple(target for target in graph[key] if target in keys) for key in graph if key in keys}


def circles(graph: Graph) -> Iterator[list[str]]:
    """The sets of elements that each lead to all the others of the set, in the graph's order.

    Kosaraju's way: go back from the elements in the order in which one was last done with them.
    """
    behind = _turned(graph)
    taken: set[str] = set()
    for key in reversed(_finished(graph)):
        if key in taken:
            continue
        circle = reached(behind, [key], without=taken)
        taken |= circle
        if len(circle) > 1 or key in graph[key]:
            yield [node for node in graph if node in circle]


def _turned(graph: Graph) -> Graph:
    behind: dict[str, list[str]] = {key: [] for key in graph}
    for key, targets in graph.items():
        for target in targets:
            behind[target].append(key)
    return {key: tuple(sources) for key, sources in behind.items()}


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
