"""Rules of errors and escalations: they are thrown with a code, and caught by it."""

from collections.abc import Iterator

from service.diagram.catching import THROWING, Catches, coded
from service.diagram.model import Element, EventDefinition, Process
from service.diagram.rules.elements import EVENTS, accepted
from service.diagram.rules.expressions import is_expression
from service.diagram.rules.finding import error, warning
from service.errors import Finding, Message


def no_code(process: Process) -> Iterator[Finding]:
    """Who throws says what; who catches may name nothing, but not something without a code."""
    for element, event in _running(process):
        if event.code == "" or (event.code is None and element.type in THROWING):
            yield error("no_code", element, event=Message(f"check.event.{event.kind}"))


def changing_code(process: Process) -> Iterator[Finding]:
    """A code is fixed: it is compared by the letter."""
    for element, event in _running(process):
        if is_expression(event.code or ""):
            yield error("changing_code", element, text=event.code)


def going_on(process: Process) -> Iterator[Finding]:
    """What failed is not going on: an error always interrupts."""
    for element, event in _running(process):
        if event.kind == "error" and element.type not in THROWING and not element.interrupting:
            yield error("going_on", element)


def same_code(process: Process) -> Iterator[Finding]:
    """At one place each code is caught by one event, and what is left over by one."""
    catches = Catches(process)
    for element, event in _running(process):
        if (first := catches.first(element, event)) is not element:
            yield error("same_code", element, first=first.name or first.id)


def uncaught_error(process: Process) -> Iterator[Finding]:
    """An error that nothing in the diagram catches stops the case, or goes to the process that calls."""
    for element, event in _uncaught(process, "error"):
        yield warning("uncaught_error", element, code=event.code)


def uncaught_escalation(process: Process) -> Iterator[Finding]:
    """An escalation that nothing in the diagram catches changes nothing, unless a process calls this one."""
    for element, event in _uncaught(process, "escalation"):
        yield warning("uncaught_escalation", element, code=event.code)


def _running(process: Process) -> Iterator[tuple[Element, EventDefinition]]:
    """Those that are refused as a kind are not looked at again."""
    for element, event in coded(process):
        if element.type in EVENTS and accepted(process, element):
            yield element, event


def _uncaught(process: Process, kind: str) -> Iterator[tuple[Element, EventDefinition]]:
    catches = Catches(process)
    for element, event in _running(process):
        thrown = event.kind == kind and event.code and element.type in THROWING
        if thrown and catches.nearest(element, event) is None:
            yield element, event
