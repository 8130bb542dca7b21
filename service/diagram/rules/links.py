"""Rules of links: an arrow that was cut in two, so each half needs its partner and nothing else."""

from collections.abc import Iterator

from service.diagram.graph import link_name
from service.diagram.model import Element, Process
from service.diagram.rules.elements import event_kind
from service.diagram.rules.finding import error, flow_error
from service.diagram.rules.structure import joined
from service.errors import Finding

HALVES = ("intermediateThrowEvent", "intermediateCatchEvent")


def no_link(process: Process) -> Iterator[Finding]:
    """The halves of a link find each other by its name."""
    for element in _links(process):
        if not link_name(element):
            yield error("no_link", element)


def lone_link(process: Process) -> Iterator[Finding]:
    """Who jumps must land, in the same process or sub-process; what nobody jumps to is lost."""
    ends = {(element.type, element.parent, link_name(element)) for element in _links(process)}
    for element in _links(process):
        others = ((kind, element.parent, link_name(element)) for kind in HALVES if kind != element.type)
        if link_name(element) and not ends.issuperset(others):
            yield error("lone_link", element, link=link_name(element))


def same_link(process: Process) -> Iterator[Finding]:
    """It must be plain where a link leads; only the ways into it may be many."""
    seen: set[tuple[str, str | None]] = set()
    for element in _links(process):
        key = element.parent, link_name(element)
        if element.type == "intermediateCatchEvent" and key[1]:
            if key in seen:
                yield error("same_link", element, link=key[1])
            seen.add(key)


def linked_flow(process: Process) -> Iterator[Finding]:
    """A link has a flow at one end only: at the other it goes on at its partner."""
    for flow, source, target in joined(process):
        leaves = source.type == "intermediateThrowEvent" and event_kind(source) == "link"
        enters = target.type == "intermediateCatchEvent" and event_kind(target) == "link"
        if leaves or enters:
            yield flow_error("linked_flow", process, flow)


def _links(process: Process) -> Iterator[Element]:
    for element in process.elements.values():
        if element.type in HALVES and event_kind(element) == "link":
            yield element
