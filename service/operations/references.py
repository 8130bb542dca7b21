"""What a diagram names outside itself, forms and decisions, and what of it is nowhere to be found."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.diagram.model import Element, Process
from service.diagram.rules.expressions import is_expression
from service.errors import Finding
from service.operations.resources import Resources
from service.store.models import DecisionDefinition, FormDefinition, ProcessDefinition

Versioned = type[ProcessDefinition] | type[FormDefinition] | type[DecisionDefinition]


class Reference(NamedTuple):
    """An element that names a form or a decision by its key, and how that is bound.

    `binding` is `deployment`, `latest` or `version`; `version` is as written.
    """

    element: Element
    kind: str
    key: str
    binding: str
    version: str


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


def missing(session: Session, read: Resources) -> Iterator[Finding]:
    """What is named and neither in these files nor, where that counts, in earlier ones."""
    sent = {
        "form": {form.id for form in read.forms.values()},
        "decision": {key for _, definitions in read.decisions.items() for key in definitions.decisions},
    }
    for file, process in read.processes():
        for reference in referred(process):
            if not _is_there(session, reference, reference.key in sent[reference.kind]):
                yield _finding(file, reference)


def newest(session: Session, table: Versioned, key: str) -> int:
    """The number of the latest version with this key; 0 where there is none."""
    return session.scalar(select(func.max(table.version)).where(table.key == key)) or 0


def _is_there(session: Session, reference: Reference, sent: bool) -> bool:
    """A binding that nobody knows is refused elsewhere."""
    table = FormDefinition if reference.kind == "form" else DecisionDefinition
    last = newest(session, table, reference.key) + sent
    version = reference.version
    there = {
        "deployment": sent,
        "latest": last > 0,
        "version": version.isdecimal() and 0 < int(version) <= last,
    }
    return there.get(reference.binding, True)


def _finding(file: str, reference: Reference) -> Finding:
    _, kind, key, binding, version = reference
    code = f"{kind}_missing" if binding == "deployment" else f"{kind}_missing_{binding}"
    element, where = reference.element, {kind: key, "version": version}
    return Finding(code, "error", file, element.id, element.name, element.line, where)
