"""Who may start a process, and which positions its diagram gives work to."""

from collections.abc import Iterator

from service.diagram.model import Element, Process
from service.diagram.rules.elements import WORK
from service.diagram.rules.expressions import is_expression
from service.operations.positions import position_id


def by_hand(process: Process) -> bool:
    """Whether a person can start it: it has a plain start event and is not kept off the list of SOPs."""
    return process.camunda.get("isStartableInTasklist") != "false" and plain_start(process) is not None


def plain_start(process: Process) -> Element | None:
    """The start event that waits for nothing, where a person's case begins; None where there is none."""
    return next((event for event in _starts(process) if not event.events), None)


def starters(process: Process) -> list[str]:
    """The positions that may start it: camunda:candidateStarterGroups, else the lane where it begins."""
    if named := _named(process.camunda.get("candidateStarterGroups", "")):
        return named
    lane = _first_lane(process)
    return [position_id(office(process), lane)] if lane else []


def office(process: Process) -> str:
    """The short code of the office whose procedure it is; empty where the diagram has none."""
    return process.properties.get("sop.kantor", "").strip()


def lanes_with_work(process: Process) -> list[str]:
    """The names of the lanes that have work to do, and of the one where a case begins, each once."""
    elements = process.elements.values()
    names = [_lane(process, element) for element in elements if element.type in WORK]
    return list(dict.fromkeys(name for name in (*names, _first_lane(process)) if name))


def groups(process: Process) -> list[str]:
    """The candidate groups that the diagram names outright, each once."""
    named = [process.camunda.get("candidateStarterGroups", "")]
    named += [element.camunda.get("candidateGroups", "") for element in process.elements.values()]
    return list(dict.fromkeys(group for text in named for group in _named(text)))


def _named(text: str) -> list[str]:
    return [] if is_expression(text) else [word for part in text.split(",") if (word := part.strip())]


def _starts(process: Process) -> list[Element]:
    """The start events of the process itself, the plain one first."""
    events = [e for e in process.elements.values() if e.type == "startEvent" and e.parent == process.id]
    return sorted(events, key=lambda event: bool(event.events))


def _first_lane(process: Process) -> str | None:
    for event in _starts(process)[:1]:
        for element in _from(process, event):
            if lane := _lane(process, element):
                return lane
    return None


def _from(process: Process, element: Element) -> Iterator[Element]:
    """The element and what follows it, the nearest first."""
    ahead, seen = [element], {element.id}
    while ahead:
        element = ahead.pop(0)
        yield element
        for flow in element.outgoing:
            target = process.flows[flow].target
            if target not in seen:
                seen.add(target)
                ahead.append(process.elements[target])


def _lane(process: Process, element: Element) -> str | None:
    lane = process.lanes.get(element.lane or "")
    return lane.name if lane else None
