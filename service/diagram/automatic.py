"""Where tokens go by themselves: ways on which nobody and nothing is waited for, and circles on them."""

from collections.abc import Iterator

from service.diagram.catching import CODED, THROWING, Catches
from service.diagram.graph import Graph, circles, links, part
from service.diagram.model import Element, EventDefinition, Process

WAITS = frozenset(
    ("userTask", "manualTask", "task", "receiveTask", "serviceTask", "callActivity", "eventBasedGateway")
)
"""Where a token always stands until somebody or something comes."""
CAUGHT = frozenset(("boundaryEvent", "startEvent"))
"""Events that may come at once, when something is thrown."""
CALLED = ("message", "signal")
"""What is thrown by its name, to whoever listens."""
OUT = "/out"
"""Behind the id of a sub-process: where its token leaves it. No id of an element has a slash."""


def spinning(process: Process) -> Iterator[list[str]]:
    """The circles, by the ids of their elements, that would run until the engine stops them."""
    ahead = [_by_itself(process)]
    while ahead:
        graph = ahead.pop()
        for circle in circles(graph):
            held = {key for key in circle if _held(process, key, set(circle))}
            if held:
                ahead.append(part(graph, set(circle) - held))
            else:
                yield [key for key in circle if key in process.elements]


def outside(element: Element) -> bool:
    """Whether a worker outside does what is to be done (camunda:type `external`)."""
    written = (element.camunda, *(event.camunda for event in element.events))
    return any(one.get("type") == "external" for one in written)


def waits(element: Element) -> bool:
    """Whether a token stands on an element until somebody or something comes, a sub-process left out."""
    if element.type == "intermediateCatchEvent":
        return not any(event.kind == "link" for event in element.events)
    return element.type in WAITS or outside(element)


def _by_itself(process: Process) -> Graph:
    """Every way of a token that leads on at once; a sub-process is entered and left through its inside."""
    graph: dict[str, list[str]] = {key: [] for key in process.elements}
    for source, target in (*_flows(process), *_insides(process), *_thrown(process)):
        graph.setdefault(source, []).append(target)
        graph.setdefault(target, [])
    waiting = {element.id for element in process.elements.values() if waits(element)}
    return part({key: tuple(targets) for key, targets in graph.items()}, graph.keys() - waiting)


def _flows(process: Process) -> Iterator[tuple[str, str]]:
    for flow in process.flows.values():
        source, target = process.elements.get(flow.source), process.elements.get(flow.target)
        if source and target:
            yield source.id + (OUT if source.type == "subProcess" else ""), target.id
    for throw, catch in links(process):
        yield throw.id, catch.id


def _insides(process: Process) -> Iterator[tuple[str, str]]:
    """From a sub-process to its start event, and from its end events out of it."""
    for element in process.elements.values():
        around = process.elements.get(element.parent)
        if around is None or around.type != "subProcess":
            continue
        if element.type == "startEvent" and not around.triggered_by_event:
            yield around.id, element.id
        elif element.type == "endEvent":
            yield element.id, around.id + OUT
        elif element.triggered_by_event:
            yield element.id + OUT, around.id + OUT


def _thrown(process: Process) -> Iterator[tuple[str, str]]:
    """From what throws to what it sets going in the same instance, or in a new one of the same process."""
    catches, elements = Catches(process), process.elements.values()
    for element in elements:
        for event in _throws(element):
            if event.kind in CODED and (caught := catches.nearest(element, event)):
                yield element.id, caught.id
            elif event.kind in CALLED and event.name:
                yield element.id, _call(event)
        if _hears(process, element):
            yield from ((_call(event), element.id) for event in element.events if event.kind in CALLED)


def _throws(element: Element) -> tuple[EventDefinition, ...]:
    if element.type == "sendTask":
        return (EventDefinition("message", element.message),)
    return element.events if element.type in THROWING else ()


def _hears(process: Process, element: Element) -> bool:
    """Whether an event comes as often as something is thrown: it ends nothing, or begins a new instance."""
    begins = element.type == "startEvent" and element.parent == process.id
    return begins or (element.type in CAUGHT and not element.interrupting)


def _call(event: EventDefinition) -> str:
    """Where all that throw a message or signal of one name meet all that hear it."""
    return f"/{event.kind}/{event.name}"


def _held(process: Process, key: str, circle: set[str]) -> bool:
    """Whether a parallel join waits for something from outside the circle, in each round."""
    element = process.elements.get(key)
    if element is None or element.type != "parallelGateway":
        return False
    sources = (process.elements.get(process.flows[flow].source) for flow in element.incoming)
    return any(one and not {one.id, one.id + OUT} & circle for one in sources)
