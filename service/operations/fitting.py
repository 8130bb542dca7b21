"""How the diagrams and forms of one deployment fit each other; needs no database."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Literal, NamedTuple

from service.diagram.automatic import outside
from service.diagram.model import Element, Process
from service.diagram.rules.elements import WORK
from service.diagram.rules.expressions import is_expression
from service.errors import Finding
from service.forms import Form
from service.forms.schema import CHOICES, Component
from service.operations.provided import Supply, form_of

Sent = Mapping[str, Set[str]]
"""The keys of what is among the files, by `form` and `decision`."""
Processes = Sequence[tuple[str, Process]]
"""Executable processes, each with its file."""
DECIDING = frozenset(("exclusiveGateway", "inclusiveGateway"))
DECISION = "keputusan"
"""How the key of a decision begins; see forms/README.md."""


class Reference(NamedTuple):
    """An element that names a form or a decision by its key, and how that is bound.

    `binding` is `deployment`, `latest` or `version`; `version` is as written.
    """

    element: Element
    kind: Literal["form", "decision"]
    key: str
    binding: str
    version: str

    def finding(
        self, file: str, ending: str = "", severity: Literal["error", "warning"] = "error"
    ) -> Finding:
        """That it is not there: `form_missing`, with an ending for how it is bound."""
        element, where = self.element, {self.kind: self.key, "version": self.version}
        code = f"{self.kind}_{ending or 'missing'}"
        return Finding(code, severity, file, element.id, element.name, element.line, where)


def referred(process: Process) -> Iterator[Reference]:
    """Everything that the elements of a process name; a form belongs to the deployment, as in Camunda."""
    for element in process.elements.values():
        said = element.camunda
        if key := said.get("formRef"):
            binding = said.get("formRefBinding", "deployment")
            yield Reference(element, "form", key, binding, said.get("formRefVersion", ""))
        key = said.get("decisionRef", "")
        if element.type == "businessRuleTask" and key and not is_expression(key):
            binding = said.get("decisionRefBinding", "latest")
            yield Reference(element, "decision", key, binding, said.get("decisionRefVersion", ""))


def check(
    processes: Processes, forms: Mapping[str, Form], sent: Sent, wrong: Set[str] = frozenset()
) -> Iterator[Finding]:
    """What does not fit: forms and decisions that are not there, names that nobody gives or reads.

    `forms` are by the file's name. Of files that are `wrong` by themselves the names are not looked
    at, nor is what their conditions may read.
    """
    by_id = {form.id: form for form in forms.values()}
    files = {form.id: file for file, form in forms.items()}
    called = {element.called for _, process in processes for element in process.elements.values()}
    supplies = []
    for file, process in processes:
        yield from _missing(file, process, sent)
        if file not in wrong:
            supplies.append(Supply(process, by_id, called=process.id in called))
            yield from supplies[-1].unknown(file)
    if processes:
        yield from _unused(processes, forms)
    if not wrong:
        yield from _unshown(supplies, files)
        yield from _unread(supplies, files)


def unsettled(processes: Processes, sent: Sent) -> Iterator[Finding]:
    """What is bound to an earlier deployment and not among these files: only the database can tell."""
    for file, process in processes:
        for one in referred(process):
            if one.binding in ("latest", "version") and one.key not in sent[one.kind]:
                yield one.finding(file, "later", "warning")


def _missing(file: str, process: Process, sent: Sent) -> Iterator[Finding]:
    """What belongs to this deployment and is not in it."""
    for one in referred(process):
        if one.binding == "deployment" and one.key not in sent[one.kind]:
            yield one.finding(file, "missing")


def _unshown(supplies: Sequence[Supply], files: Mapping[str, str]) -> Iterator[Finding]:
    """Names that a form's expressions and templates read and that nobody gives: of each form once."""
    told: set[tuple[str, str]] = set()
    for supply in supplies:
        for form, name in supply.unshown():
            if (form.id, name) not in told:
                told.add((form.id, name))
                process = supply.process.name or supply.process.id
                params = {"variable": name, "known": supply.like(name), "process": process}
                yield Finding("form_unknown_variable", "warning", files[form.id], form.id, params=params)


def _unused(processes: Processes, forms: Mapping[str, Form]) -> Iterator[Finding]:
    """Forms that no step opens, neither by name nor by its own id."""
    named = {
        element.camunda.get("formRef") or (element.id if element.type in WORK else "")
        for _, process in processes
        for element in process.elements.values()
    }
    for file, form in forms.items():
        if form.id not in named:
            yield Finding("form_unused", "warning", file, form.id)


def _unread(supplies: Sequence[Supply], files: Mapping[str, str]) -> Iterator[Finding]:
    """Choices that look like decisions and that nobody reads: no condition, mapping or form.

    Most fields are there for the record, and rightly. One that decides has a key as decisions have
    it, or the gateway behind its step reads nothing of its form.
    """
    opened: dict[str, list[tuple[Supply, Element]]] = defaultdict(list)
    for supply in supplies:
        for element in supply.process.elements.values():
            if form := form_of(element, supply.forms):
                opened[form.id].append((supply, element))
    reads = {id(supply): supply.read() for supply in supplies if opened}
    for key, places in opened.items():
        form = places[0][0].forms[key]
        if any(_tells_outside(supply.process) for supply, _ in places):
            continue
        read = set[str]().union(*(reads[id(supply)] for supply, _ in places))
        ignored = any(_ignored(supply, element, form) for supply, element in places)
        for field in _choices(form.components):
            if field.name[0] not in read and (ignored or field.name[0].startswith(DECISION)):
                params = {"field": ".".join(field.name), "form": key}
                yield Finding("field_unread", "warning", files[key], field.id, field.title, params=params)


def _ignored(supply: Supply, element: Element, form: Form) -> bool:
    """Whether a gateway comes next whose conditions ask for nothing of this form."""
    process = supply.process
    for flow in element.outgoing:
        gateway = process.elements.get(process.flows[flow].target)
        if gateway and gateway.type in DECIDING and len(gateway.outgoing) > 1:
            asked = {reading.name for reading in supply.readings if reading.element == gateway.id}
            return asked.isdisjoint(form.fields)
    return False


def _choices(components: tuple[Component, ...]) -> Iterator[Component]:
    """The choices of a form that are variables of their own, and not part of a row or an object."""
    for component in components:
        if component.type in CHOICES:
            yield component
        elif not component.name:
            yield from _choices(component.components)


def _tells_outside(process: Process) -> bool:
    """Whether a program or another process may read any of its variables."""
    elements = process.elements.values()
    return any(outside(one) or any(passed.all for passed in one.passed_in) for one in elements)
