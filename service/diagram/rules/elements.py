"""Rules of what this engine runs: every other kind of element is refused by its name."""

from collections.abc import Iterator

from service.diagram.model import Element, Process
from service.diagram.rules.finding import error
from service.errors import Finding, Message

WORK = frozenset(("userTask", "manualTask", "task"))
"""What people do; analysts draw the plain task for nearly all of it."""
GATEWAYS = frozenset(("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"))
ACTIVITIES = WORK | {"scriptTask", "receiveTask", "subProcess"}
EVENTS = {
    "startEvent": ("none", "message"),
    "endEvent": ("none", "terminate"),
    "intermediateCatchEvent": ("message", "timer", "signal"),
    "intermediateThrowEvent": ("none",),
    "boundaryEvent": ("message", "timer", "signal"),
}
"""The event definitions that run, by the kind of event."""
SUPPORTED = ACTIVITIES | GATEWAYS | EVENTS.keys()
KNOWN = frozenset(
    ("none", "message", "timer", "signal", "terminate", "error", "escalation", "conditional", "link")
) | {"cancel", "compensate"}
"""Event definitions that have a name of their own in the sentences."""


def unsupported_element(process: Process) -> Iterator[Finding]:
    """Only elements whose behaviour is shown right run."""
    for element in process.elements.values():
        if element.type not in SUPPORTED:
            yield error("unsupported_element", element)
        elif element.triggered_by_event:
            yield error("unsupported_element", element, kind=Message("check.kind.eventSubProcess"))


def unsupported_event(process: Process) -> Iterator[Finding]:
    """Only events whose behaviour is shown right run."""
    for element in process.elements.values():
        if element.type in EVENTS and len(element.events) < 2 and not accepted(process, element):
            event = element.events[0].kind if element.events else "none"
            word = event if event in KNOWN else "unknown"
            yield error("unsupported_event", element, event=Message(f"check.event.{word}"))


def several_events(process: Process) -> Iterator[Finding]:
    """An event waits for one thing."""
    for element in process.elements.values():
        if len(element.events) > 1:
            yield error("several_events", element)


def unsupported_loop(process: Process) -> Iterator[Finding]:
    """A loop is drawn with a gateway, where one can see it."""
    for element in process.elements.values():
        if element.loop and element.loop.kind == "standard":
            yield error("unsupported_loop", element)


def accepted(process: Process, element: Element) -> bool:
    """Whether an event of this kind runs, at this place."""
    event = element.events[0].kind if element.events else "none"
    if element.type == "startEvent" and element.parent != process.id:
        return event == "none"
    return event in EVENTS[element.type]
