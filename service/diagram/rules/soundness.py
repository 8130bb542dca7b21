"""Rules of the ways of tokens: every case can end, nothing is done twice unawares, nothing never."""

from collections.abc import Callable, Iterator

from service.diagram.model import Process
from service.diagram.rules import codes, elements, gateways, handlers, links, structure, ways
from service.diagram.rules.finding import error, label, warning
from service.diagram.soundness import Flaw, explore
from service.errors import Finding

GROUND: tuple[Callable[[Process], Iterator[Finding]], ...] = (
    elements.unsupported_element,
    elements.several_events,
    structure.dangling_flow,
    structure.crossing_flow,
    structure.empty,
    structure.no_start,
    structure.several_starts,
    structure.no_end,
    structure.flow_into_start,
    structure.flow_from_end,
    structure.dead_end,
    structure.no_host,
    handlers.joined_handler,
    links.no_link,
    links.lone_link,
    links.same_link,
    links.linked_flow,
    ways.unreachable,
    ways.waits_for_itself,
    ways.endless,
    ways.endless_automatic,
    gateways.unknown_default,
    codes.same_code,
)
"""What must be right before tokens are played: else the same fault would be told twice, and worse."""
MOST_WAYS = 100
"""Flows out of one element, beyond which no analyst draws and every choice among them would be played."""
FIRST, LAST = 3, 4
"""Of a longer path so many names are told at its beginning and at its end."""


def unsound(process: Process) -> Iterator[Finding]:
    """Every case can come to an end, whatever the data are; the path tells how one comes not to."""
    if any(True for rule in GROUND for _ in rule(process)):
        return
    crowded = next((one for one in process.elements.values() if len(one.outgoing) > MOST_WAYS), None)
    if crowded:
        yield warning("unexplored", crowded)
        return
    for flaw in explore(process):
        at = process.elements.get(flaw.element, process)
        path = _path(process, flaw)
        match flaw.kind:
            case "deadlock":
                yield error("deadlock", at, path=path, lacking=_lacking(process, flaw))
            case "multiplying":
                yield error("multiplying", at, path=path)
            case "livelock":
                yield error("livelock", at, path=path)
            case "unsynchronised":
                yield warning("unsynchronised", at, path=path)
            case "dead":
                yield warning("dead", at, path=path)
            case "unexplored":
                yield warning("unexplored", at)


def _path(process: Process, flaw: Flaw) -> str:
    """The names of what a token came through, nameless gateways left out, a long way cut in its middle."""
    named = [key for key in flaw.path[:-1] if process.elements[key].name]
    names = [f"“{label(process, key)}”" for key in (*named, *flaw.path[-1:])]
    if len(names) > FIRST + LAST:
        names = [*names[:FIRST], "…", *names[-LAST:]]
    return " → ".join(names)


def _lacking(process: Process, flaw: Flaw) -> str:
    """Where that should come from which is waited for in vain."""
    sources = (_named(process, process.flows[flow].source) for flow in flaw.lacking)
    return ", ".join(f"“{label(process, key)}”" for key in dict.fromkeys(sources))


def _named(process: Process, key: str) -> str:
    """An element, or the one before it that has a name, as long as there is one way back only."""
    found, seen = process.elements[key], {key}
    while not found.name and len(found.incoming) == 1:
        before = process.elements[process.flows[found.incoming[0]].source]
        if before.id in seen:
            break
        seen.add(before.id)
        found = before
    return found.id if found.name else key
