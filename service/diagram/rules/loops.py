"""Rules of what is done several times: for each item of a list, or a number of times."""

from collections.abc import Iterator

from service.diagram.model import Element, Loop, Process
from service.diagram.rules.expressions import VARIABLE, is_expression
from service.diagram.rules.finding import error, warning
from service.errors import Finding

MOST_INSTANCES = 500
"""Instances of one element at once: what a person still finds a way through."""


def no_collection(process: Process) -> Iterator[Finding]:
    """It must be said how often: by a list or by a number."""
    for element, loop in _several(process):
        if not loop.collection and not loop.cardinality:
            yield error("no_collection", element)


def bad_collection(process: Process) -> Iterator[Finding]:
    """The list is named by its variable, or computed by an expression."""
    for element, loop in _several(process):
        if loop.collection and not VARIABLE.fullmatch(loop.collection) and not is_expression(loop.collection):
            yield error("bad_collection", element, text=loop.collection)


def own_collection(process: Process) -> Iterator[Finding]:
    """What is collected under the element's id would take the place of a list of that name."""
    for element, loop in _several(process):
        if loop.collection == element.id:
            yield error("own_collection", element, text=loop.collection)


def no_variable(process: Process) -> Iterator[Finding]:
    """Without a name for the item nobody can see which one it is."""
    for element, loop in _several(process):
        if loop.collection and not loop.variable:
            yield warning("no_variable", element)


def many_instances(process: Process) -> Iterator[Finding]:
    """A number that is written down is one that people can do."""
    for element, loop in _several(process):
        number = (loop.cardinality or "").lstrip("=").strip()
        if number.isdecimal() and int(number[:9]) > MOST_INSTANCES:
            yield error("many_instances", element, limit=MOST_INSTANCES)


def no_round(process: Process) -> Iterator[Finding]:
    """A loop says when it ends: by a condition, or by the number of its rounds."""
    for element, loop in _looping(process):
        if not loop.completion and not loop.maximum:
            yield error("no_round", element)


def bad_maximum(process: Process) -> Iterator[Finding]:
    """The most rounds are a number, and one at least."""
    for element, loop in _looping(process):
        if loop.maximum and not (loop.maximum.isdecimal() and int(loop.maximum[:9])):
            yield error("bad_maximum", element, text=loop.maximum)


def _looping(process: Process) -> Iterator[tuple[Element, Loop]]:
    for element in process.elements.values():
        if element.loop and element.loop.kind == "standard":
            yield element, element.loop


def _several(process: Process) -> Iterator[tuple[Element, Loop]]:
    for element in process.elements.values():
        if element.loop and element.loop.kind != "standard":
            yield element, element.loop
