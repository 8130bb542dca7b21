"""Rules of what events wait for: a message or signal with a name, a timer that can be read."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from service import feel
from service.diagram.catching import THROWING
from service.diagram.model import Element, EventDefinition, Process
from service.diagram.rules.elements import EVENTS, accepted
from service.diagram.rules.expressions import is_expression
from service.diagram.rules.finding import error
from service.errors import ExpressionError, Finding, Message

_DAYS = r"(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
_MONTHS = r"(?:\d+Y)?(?:\d+M)?"
DURATION = re.compile(rf"P(?=\d|T\d)(?:{_DAYS}|{_MONTHS})")
"""FEEL counts days and hours, or years and months, not both: a month has no length in days."""
CYCLE = re.compile(rf"R(?!0+/)\d*/(?:([^/]+)/)?({DURATION.pattern})")
"""How often, perhaps from when on, and in which rhythm."""
NOTHING = re.compile(r"[^1-9]*")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def no_message(process: Process) -> Iterator[Finding]:
    """A message is found by its name."""
    for element, event in _awaited(process, "message"):
        if not event.name:
            yield error("no_message", element)


def no_signal(process: Process) -> Iterator[Finding]:
    """A signal is found by its name."""
    for element, event in _awaited(process, "signal"):
        if not event.name:
            yield error("no_signal", element)


def changing_name(process: Process) -> Iterator[Finding]:
    """The name of a message or signal is fixed: the case is told by its business key, not by the name."""
    for element, event in (*_awaited(process, "message"), *_awaited(process, "signal")):
        if event.name and is_expression(event.name):
            yield error("changing_name", element, message=event.name)


def same_message(process: Process) -> Iterator[Finding]:
    """A message comes to one event at each place: of two that wait for it neither could be told."""
    seen: dict[tuple[str, str, str], Element] = {}
    for element, event in _awaited(process, "message"):
        for place in _places(process, element):
            first = seen.setdefault((*place, event.name or element.id), element)
            if first is not element:
                yield error("same_message", element, first=first.name or first.id, message=event.name)


def no_timer(process: Process) -> Iterator[Finding]:
    """A timer says when."""
    for element, event in _awaited(process, "timer"):
        if not event.timer or not event.expression:
            yield error("no_timer", element)


def bad_timer(process: Process) -> Iterator[Finding]:
    """A timer that is no expression is ISO 8601: a date, a duration or a repetition."""
    for element, event in _awaited(process, "timer"):
        text = event.expression
        if event.timer and text and not is_expression(text) and not _readable(event.timer, text):
            yield error("bad_timer", element, text=text, form=Message(f"check.timer.{event.timer}"))


def start_variables(process: Process) -> Iterator[Finding]:
    """What starts a case by the clock is computed before there is a case."""
    for element, event in _awaited(process, "timer"):
        begins = element.type == "startEvent" and element.parent == process.id
        if begins and (names := _names(event.expression or "")):
            yield error("start_variables", element, names=", ".join(sorted(names)))


def no_condition(process: Process) -> Iterator[Finding]:
    """A conditional event says for what it waits."""
    for element, event in _awaited(process, "conditional"):
        if not event.expression:
            yield error("no_condition", element)


def _places(process: Process, element: Element) -> Iterator[tuple[str, str]]:
    """Where an event waits beside others: on an activity, in a scope, or behind an event-based gateway."""
    if element.type == "boundaryEvent":
        yield "on", element.attached_to or ""
    elif element.type == "startEvent":
        around = process.elements.get(element.parent)
        yield "in" if around else "begins", around.parent if around else process.id
    for flow in element.incoming:
        before = process.elements.get(process.flows[flow].source)
        if before and before.type == "eventBasedGateway":
            yield "after", before.id


def _names(text: str) -> frozenset[str]:
    """The variables that an expression reads; one that cannot be read is told elsewhere."""
    try:
        return feel.parse(feel.translate(text)) if is_expression(text) else frozenset()
    except ExpressionError:
        return frozenset()


def _awaited(process: Process, kind: str) -> Iterator[tuple[Element, EventDefinition]]:
    """What is waited for, by events that run at all and by receive tasks."""
    for element in process.elements.values():
        if element.type == "receiveTask" and kind == "message":
            yield element, EventDefinition("message", element.message)
        elif element.type in EVENTS and element.type not in THROWING and accepted(process, element):
            yield from ((element, event) for event in element.events if event.kind == kind)


def _readable(kind: str, text: str) -> bool:
    if kind == "duration":
        return DURATION.fullmatch(text) is not None
    if kind == "cycle":
        cycle = CYCLE.fullmatch(text)
        if cycle is None or (cycle[1] and not _is_moment(cycle[1])):
            return False
        return not NOTHING.fullmatch(cycle[2])
    return _is_moment(text)


def _is_moment(text: str) -> bool:
    """A day, or a moment with its zone: without it, it would be another one in another office."""
    try:
        moment = datetime.fromisoformat(text)
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return False
    return DAY.fullmatch(text) is not None or (moment.tzinfo is not None and text[10:11] == "T")
