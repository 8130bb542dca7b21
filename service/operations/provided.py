"""Which variables a process gets and from whom, and the names that it reads but nobody gives it."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from service import feel
from service.diagram.automatic import outside
from service.diagram.graph import reached, ways
from service.diagram.model import Element, Flow, Process
from service.diagram.rules.elements import WORK
from service.diagram.rules.expressions import variables, written
from service.diagram.rules.finding import Place, label
from service.errors import ExpressionError, Finding, Message
from service.forms import Form
from service.operations import starting

Forms = Mapping[str, Form]
"""The forms of a deployment by their ids."""
ROWS = frozenset(("this", "parent", "i", "_this_", "_parent_", "_i_"))
"""What a form's expression sees besides variables."""
SEVERAL = frozenset(("loopCounter", "nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances"))
"""What each of several instances is given by the engine."""
BRINGING = frozenset(("message", "signal"))
"""Events that bring variables with them."""
MOST = 20
"""Findings about one process, and sources of anything beyond which nothing can be said of it."""
MOST_COMPARED = 200
"""Names among which one that may be meant is looked for."""


class Reading(NamedTuple):
    """A name that is read: at an element, by its id, or for the process as a whole; and what for."""

    name: str
    element: str
    where: str
    at: Place


def form_of(element: Element, forms: Forms) -> Form | None:
    """The form among these that a step opens: that which it names, else a task's own by its id."""
    named = element.camunda.get("formRef") or (element.id if element.type in WORK else "")
    return forms.get(named)


class Supply:
    """The variables of a process: the names it reads, those that are given, and sources of anything.

    `called` says whether another process of the same files calls it, with variables of its own.
    """

    def __init__(self, process: Process, forms: Forms, *, called: bool) -> None:
        elements = process.elements.values()
        self.process, self.forms = process, forms
        self.readings = tuple(_readings(process))
        self.names = {name for element in elements for name in _given(element, forms)}
        staffed = not called and _by_staff(process, forms)
        self._graph = _onward(process)
        self._open = {e.id for e in elements if _is_open(process, e, forms, staffed=staffed)}
        self._after = reached(self._graph, self._open)

    def unknown(self, file: str) -> Iterator[Finding]:
        """The names in the diagram's expressions and templates that nobody can have given a value."""
        told: set[tuple[str, str]] = set()
        for name, element, where, at in self.readings:
            if len(told) < MOST and (name, at.id) not in told and self.lacks(name, element):
                told.add((name, at.id))
                place = {"where": Message(f"check.where.{where}"), "variable": name, "known": self.like(name)}
                params = {**place, "name": _label(self.process, at)}
                yield Finding("unknown_variable", "warning", file, at.id, at.name, at.line, params)

    def unshown(self) -> Iterator[tuple[Form, str]]:
        """The same of the forms that its steps open: each form with a name."""
        for element in self.process.elements.values():
            if form := form_of(element, self.forms):
                yield from (
                    (form, name) for name in sorted(form.reads - ROWS) if self.lacks(name, element.id)
                )

    def lacks(self, name: str, element: str) -> bool:
        """Whether this name has no value at an element: nobody gives it, and nobody could before.

        A source of anything that can come before, or beside, may give it too.
        """
        if name in self.names or element in self._after or len(self._open) > MOST:
            return False
        return self._open <= reached(self._graph, [element]) if element else not self._open

    def like(self, name: str) -> str:
        """What may be meant: the names that are most like it, else some of them."""
        known = sorted(self.names)[:MOST_COMPARED]
        return ", ".join(get_close_matches(name[:50], known, 3, 0.5) or known[:5]) or "–"

    def read(self) -> set[str]:
        """Every name that its diagram or one of its forms reads."""
        found = {reading.name for reading in self.readings}
        opened = (form_of(element, self.forms) for element in self.process.elements.values())
        return found.union(*(form.reads for form in opened if form))


def _readings(process: Process) -> Iterator[Reading]:
    """Start events see no variables yet: a rule of the diagram tells of theirs."""
    for at, where, text in written(process):
        started = isinstance(at, Element) and at.type == "startEvent" and at.parent == process.id
        if not started:
            element = at.source if isinstance(at, Flow) else at.id
            yield from (Reading(name, element, where, at) for name in _names(text))
    for one in process.elements.values():
        if one.loop and one.loop.collection and one.loop.collection.isidentifier():
            yield Reading(one.loop.collection, one.id, "collection", one)
        for passed in one.passed_in:
            if passed.source:
                yield Reading(passed.source, one.id, "passed", one)
        yield from (Reading(n, one.id, "butir", one) for n in _shown(one.properties.get("sop.butir", "")))
    yield from (Reading(n, "", "perihal", process) for n in _shown(process.properties.get("sop.perihal", "")))


def _names(expression: str) -> Sequence[str]:
    """What an expression reads; a rule of the diagram tells of those that cannot be read."""
    try:
        return sorted(feel.parse(feel.translate(expression)))
    except ExpressionError:
        return ()


def _shown(template: str) -> Sequence[str]:
    try:
        return sorted(feel.template_names(template))
    except ExpressionError:
        return ()


def _given(element: Element, forms: Forms) -> Iterator[str]:
    """The variables that an element writes, by name."""
    yield from (name for name in variables(element) if name)
    yield from (passed.target for passed in element.passed_out)
    if form := form_of(element, forms):
        yield from form.fields
    if element.loop:
        yield from (*SEVERAL, element.id)


def _is_open(process: Process, element: Element, forms: Forms, *, staffed: bool) -> bool:
    """Whether an element may write what the files do not say."""
    if any(event.kind in BRINGING for event in element.events) or element.type == "receiveTask":
        return element.type not in ("endEvent", "intermediateThrowEvent")
    if element.type == "startEvent":
        plain = element.parent == process.id and not element.events
        return plain and not staffed
    if element.type in WORK and not form_of(element, forms):
        return bool(element.camunda.get("formRef") or element.camunda.get("formKey"))
    return outside(element) or any(passed.all for passed in element.passed_out)


def _by_staff(process: Process, forms: Forms) -> bool:
    """Whether a case begins by hand, with what the start form asks for and nothing else.

    A process that opens no form at all and is no SOP is taken for one that programs start, with
    variables of their own.
    """
    opened = any(form_of(element, forms) for element in process.elements.values())
    return starting.by_hand(process) and (opened or any(n.startswith("sop.") for n in process.properties))


def _onward(process: Process) -> dict[str, tuple[str, ...]]:
    """The ways through a process, into its sub-processes and out of them."""
    graph = ways(process)
    onward = {key: list(targets) for key, targets in graph.items()}
    for element in process.elements.values():
        if element.parent in onward:
            onward[element.parent].append(element.id)
            onward[element.id] += graph[element.parent]
    return {key: tuple(targets) for key, targets in onward.items()}


def _label(process: Process, at: Place) -> str:
    if isinstance(at, Flow) and not at.name:
        return f"{label(process, at.source)} → {label(process, at.target)}"
    return at.name or at.id
