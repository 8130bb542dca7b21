"""Rules of gateways: which way is taken must be said on the flows, and nowhere else."""

from collections.abc import Iterator

from service.diagram.model import Element, Flow, Process
from service.diagram.rules.elements import ACTIVITIES, event_kind
from service.diagram.rules.finding import error, flow_error, kind
from service.diagram.rules.structure import joined
from service.errors import Finding

CHOOSING = frozenset(("exclusiveGateway", "inclusiveGateway"))


def missing_condition(process: Process) -> Iterator[Finding]:
    """Of several flows out of a choice each has its condition, but for the default flow."""
    for element, flow in _out_of(process, several=True):
        if element.type in CHOOSING and not flow.condition and element.default != flow.id:
            yield flow_error("missing_condition", process, flow)


def needless_condition(process: Process) -> Iterator[Finding]:
    """A choice with one way out is none: were the condition false, nothing could go on."""
    for element, flow in _out_of(process, several=False):
        if element.type in CHOOSING and flow.condition:
            yield flow_error("needless_condition", process, flow)


def misplaced_condition(process: Process) -> Iterator[Finding]:
    """Exclusive and inclusive gateways choose, and activities; events and other gateways do not."""
    for flow, source, _ in joined(process):
        if flow.condition and source.type not in CHOOSING | ACTIVITIES:
            yield flow_error("misplaced_condition", process, flow, kind=kind(source))


def default_with_condition(process: Process) -> Iterator[Finding]:
    """The default flow is taken when no condition holds, so it has none itself."""
    for flow, source, _ in joined(process):
        if flow.condition and source.default == flow.id:
            yield flow_error("default_with_condition", process, flow)


def unknown_default(process: Process) -> Iterator[Finding]:
    """The default flow is one of the element's own."""
    for element in process.elements.values():
        if element.default and element.default not in element.outgoing:
            yield error("unknown_default", element, default=element.default)


def unawaited(process: Process) -> Iterator[Finding]:
    """An event-based gateway is followed by plain events to wait for, and by nothing else."""
    hosts = {element.attached_to for element in process.elements.values()}
    for flow, source, target in joined(process):
        plain = not target.loop and target.id not in hosts
        if source.type == "eventBasedGateway" and not (plain and _comes(target)):
            yield flow_error("unawaited", process, flow)


def _comes(element: Element) -> bool:
    """Whether an event-based gateway can wait for it."""
    catches = element.type == "intermediateCatchEvent" and event_kind(element) != "link"
    return catches or element.type == "receiveTask"


def _out_of(process: Process, *, several: bool) -> Iterator[tuple[Element, Flow]]:
    for element in process.elements.values():
        if (len(element.outgoing) > 1) == several:
            for flow in element.outgoing:
                yield element, process.flows[flow]
