"""Rules of what this engine runs: every other kind of element is refused by its name."""

from collections.abc import Iterator

from service.diagram.catching import CODED
from service.diagram.model import Element, Process
from service.diagram.rules.finding import error, kind
from service.errors import Finding, Message

WORK = frozenset(("userTask", "manualTask", "task"))
"""What people do; analysts draw the plain task for nearly all of it."""
GATEWAYS = frozenset(("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"))
PROGRAMMED = frozenset(("serviceTask", "sendTask", "businessRuleTask"))
"""What a program outside may do."""
ACTIVITIES = WORK | PROGRAMMED | {"scriptTask", "receiveTask", "callActivity", "subProcess"}
CAUGHT = ("message", "timer", "signal", "conditional")
EVENTS = {
    "startEvent": ("none", "message", "timer", "signal"),
    "endEvent": ("none", "terminate", "message", "signal", *CODED),
    "intermediateCatchEvent": (*CAUGHT, "link"),
    "intermediateThrowEvent": ("none", "message", "signal", "escalation", "link"),
    "boundaryEvent": (*CAUGHT, *CODED),
}
"""The event definitions that run, by the kind of event; of start events those of a process."""
HANDLED = (*CAUGHT, *CODED)
"""What an event sub-process can begin with."""
SUPPORTED = ACTIVITIES | GATEWAYS | EVENTS.keys()
KNOWN = frozenset(("none", "terminate", "link", "cancel", "compensate", *HANDLED))
"""Event definitions that have a name of their own in the sentences."""


def unsupported_element(process: Process) -> Iterator[Finding]:
    """Only elements whose behaviour is shown right run."""
    for element in process.elements.values():
        if element.type not in SUPPORTED:
            yield error("unsupported_element", element)


def unsupported_event(process: Process) -> Iterator[Finding]:
    """Only events whose behaviour is shown right run."""
    for element in process.elements.values():
        if element.type in EVENTS and len(element.events) < 2 and not accepted(process, element):
            word = event_kind(element) if event_kind(element) in KNOWN else "unknown"
            place = Message(f"check.place.{where}") if (where := _place(process, element)) else kind(element)
            yield error("unsupported_event", element, kind=place, event=Message(f"check.event.{word}"))


def several_events(process: Process) -> Iterator[Finding]:
    """An event waits for one thing."""
    for element in process.elements.values():
        if len(element.events) > 1:
            yield error("several_events", element)


def stray_event(process: Process) -> Iterator[Finding]:
    """Only an event waits for or throws something; what stands inside a task or gateway nobody awaits."""
    for element in process.elements.values():
        if element.events and element.type not in EVENTS:
            yield error("stray_event", element)


def misplaced_loop(process: Process) -> Iterator[Finding]:
    """What repeats is an activity; what handles an event begins as often as the event comes."""
    for element in process.elements.values():
        if element.loop and (element.type not in ACTIVITIES or element.triggered_by_event):
            yield error("misplaced_loop", element)


def accepted(process: Process, element: Element) -> bool:
    """Whether an event of this kind runs, at this place."""
    event = event_kind(element)
    match _place(process, element):
        case "handler":
            return event in HANDLED
        case "inner":
            return event == "none"
    return event in EVENTS[element.type]


def event_kind(element: Element) -> str:
    """What an event waits for or throws; `none` where it has no definition."""
    return element.events[0].kind if element.events else "none"


def _place(process: Process, element: Element) -> str | None:
    """Of a start event inside a sub-process, which kind of sub-process that is."""
    if element.type != "startEvent" or element.parent == process.id:
        return None
    parent = process.elements.get(element.parent)
    return "handler" if parent and parent.triggered_by_event else "inner"
