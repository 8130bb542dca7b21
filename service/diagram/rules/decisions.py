"""Rules of decisions: which table is asked, and where its answer goes."""

from collections.abc import Iterator

from service.diagram.automatic import outside
from service.diagram.model import Element, Process
from service.diagram.rules.expressions import is_expression
from service.diagram.rules.finding import error
from service.errors import Finding

MAPPINGS = ("singleEntry", "singleResult", "collectEntries", "resultList")


def no_decision(process: Process) -> Iterator[Finding]:
    """A decision is found by its id."""
    for element in _decisions(process):
        if not element.camunda.get("decisionRef", "").strip() and not outside(element):
            yield error("no_decision", element)


def two_deciders(process: Process) -> Iterator[Finding]:
    """A table answers, or a worker; not both."""
    for element in _decisions(process):
        if element.camunda.get("decisionRef") and outside(element):
            yield error("two_deciders", element)


def changing_decision(process: Process) -> Iterator[Finding]:
    """Which decision is asked is known when the diagram is deployed."""
    for element in _decisions(process):
        if is_expression(decision := element.camunda.get("decisionRef", "")):
            yield error("changing_decision", element, text=decision)


def unknown_mapping(process: Process) -> Iterator[Finding]:
    """How rows and columns become one value is one of four ways."""
    for element in _decisions(process):
        mapping = element.camunda.get("mapDecisionResult", MAPPINGS[-1])
        if mapping not in MAPPINGS:
            yield error("unknown_mapping", element, text=mapping, known=", ".join(MAPPINGS))


def _decisions(process: Process) -> Iterator[Element]:
    return (element for element in process.elements.values() if element.type == "businessRuleTask")
