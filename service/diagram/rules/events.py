"""Rules of what events wait for: a message or signal with a name, a timer that can be read."""

import re
from collections.abc import Iterator
from datetime import datetime

from service.diagram.model import Element, EventDefinition, Process
from service.diagram.rules.expressions import is_expression
from service.diagram.rules.finding import error
from service.errors import Finding, Message

_DAYS = r"(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
_MONTHS = r"(?:\d+Y)?(?:\d+M)?"
DURATION = re.compile(rf"P(?=\d|T\d)(?:{_DAYS}|{_MONTHS})")
"""FEEL counts days and hours, or years and months, not both: a month has no length in days."""
CYCLE = re.compile(rf"R\d*/({DURATION.pattern})")
NOTHING = re.compile(r"[^1-9]*")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def no_message(process: Process) -> Iterator[Finding]:
    """A message is found by its name."""
    for element in process.elements.values():
        waits = element.type == "receiveTask" or any(event.kind == "message" for event in element.events)
        if waits and not _message(element):
            yield error("no_message", element)


def no_signal(process: Process) -> Iterator[Finding]:
    """A signal is found by its name."""
    for element in process.elements.values():
        if any(event.kind == "signal" and not event.name for event in element.events):
            yield error("no_signal", element)


def changing_name(process: Process) -> Iterator[Finding]:
    """The name of a message or signal is fixed: the case is told by its business key, not by the name."""
    for element in process.elements.values():
        for name in (_message(element), *(event.name for event in element.events if event.kind == "signal")):
            if name and is_expression(name):
                yield error("changing_name", element, message=name)


def no_timer(process: Process) -> Iterator[Finding]:
    """A timer says when."""
    for element, timer in _timers(process):
        if not timer.timer or not timer.expression:
            yield error("no_timer", element)


def bad_timer(process: Process) -> Iterator[Finding]:
    """A timer that is no expression is ISO 8601: a date, a duration or a repetition."""
    for element, timer in _timers(process):
        text = timer.expression
        if timer.timer and text and not is_expression(text) and not _readable(timer.timer, text):
            yield error("bad_timer", element, text=text, form=Message(f"check.timer.{timer.timer}"))


def _message(element: Element) -> str | None:
    names = (event.name for event in element.events if event.kind == "message")
    return next(names, None) or element.message


def _timers(process: Process) -> Iterator[tuple[Element, EventDefinition]]:
    for element in process.elements.values():
        for event in element.events:
            if event.kind == "timer":
                yield element, event


def _readable(kind: str, text: str) -> bool:
    if kind == "duration":
        return DURATION.fullmatch(text) is not None
    if kind == "cycle":
        cycle = CYCLE.fullmatch(text)
        return cycle is not None and not NOTHING.fullmatch(cycle[1])
    return DAY.fullmatch(text) is not None or _has_zone(text)


def _has_zone(text: str) -> bool:
    """A moment without its zone would be another moment in another office."""
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
