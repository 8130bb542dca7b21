"""Rules of expressions: FEEL, or JUEL that can be said in FEEL, in every place that has one."""

import re
from collections.abc import Iterator
from textwrap import shorten
from time import process_time

from service import feel
from service.diagram.model import Diagram, Element, EventDefinition, Process
from service.diagram.passing import OWN_KEY, texts
from service.diagram.rules.finding import Place, error, flow_error, node_error
from service.diagram.rules.whole import carrier, checked, nodes
from service.diagram.source import bpmn, is_bpmn
from service.errors import ExpressionError, Finding, Message

VARIABLE = re.compile(r"[^\W\d]\w*")
LONGEST = 25_000
"""Letters of all expressions of a file together: some thousand conditions, read in a second."""
SHORTEST = 25
"""What an expression counts for at least."""
PATIENCE = 1.0
"""Seconds of CPU time for expressions that cannot be read; a mistake can send the parser astray."""
INSIDE = re.compile(r"(?<!\\)[$#]\{")
TOLD = ("CodeVariable", "MessageVariable")
"""How the attributes end in which an event names the variables for what it has caught."""
PEOPLE = ("assignee", "candidateUsers", "candidateGroups")
OUTSIDE = ("topic", "taskPriority")


def is_expression(text: str) -> bool:
    """Whether a text, where plain words may stand as well, is FEEL (`=…`) or JUEL (`${…}`)."""
    return text.lstrip().startswith(("=", "${", "#{"))


def is_mixed(text: str) -> bool:
    """Whether a text that is no expression has one somewhere inside."""
    return not is_expression(text) and INSIDE.search(text) is not None


def unreadable(diagram: Diagram) -> Iterator[Finding]:
    """Every expression can be read before anybody depends on it; reading a flood would take minutes."""
    length, astray = 0, 0.0
    for process in checked(diagram):
        for at, where, text in written(process):
            length += weight(text)
            if length > LONGEST:
                yield error("too_many_expressions", at, limit=LONGEST)
                return
            begun = process_time()
            for finding in _read(at, where, text):
                astray += process_time() - begun
                yield finding
            if astray > PATIENCE:
                return


def weight(text: str) -> int:
    """How much reading an expression costs, in letters: what is nested costs more."""
    return max(len(text) + 3 * sum(map(text.count, "([{")), SHORTEST)


def other_language(process: Process) -> Iterator[Finding]:
    """A condition is an expression, not a script in a programming language."""
    for flow in process.flows.values():
        if not _is_ours(flow.language):
            yield flow_error("other_language", process, flow, language=flow.language)


def foreign_language(diagram: Diagram) -> Iterator[Finding]:
    """The same for every other expression: of an event, a loop or a timer."""
    for node in nodes(diagram):
        language = None if node.tag == bpmn("conditionExpression") else node.get("language")
        if is_bpmn(node) and not _is_ours(language):
            yield node_error("foreign_language", carrier(node), language=language)


def script_language(process: Process) -> Iterator[Finding]:
    """A script task computes a value in FEEL; it runs no program."""
    for element in _scripts(process):
        if (element.script_format or "").lower() != "feel":
            yield error("script_language", element, language=element.script_format or "–")


def no_script(process: Process) -> Iterator[Finding]:
    """A script task holds its expression itself."""
    for element in _scripts(process):
        if not element.script:
            yield error("no_script", element)


def no_result(process: Process) -> Iterator[Finding]:
    """What a script task computes, and what a decision gives, goes into a variable."""
    for element in process.elements.values():
        computes = element.type == "scriptTask" or bool(element.camunda.get("decisionRef"))
        if computes and not element.camunda.get("resultVariable"):
            yield error("no_result", element)


def bad_variable(process: Process) -> Iterator[Finding]:
    """A variable's name can be written in an expression."""
    for element in process.elements.values():
        for name in variables(element):
            if name and not VARIABLE.fullmatch(name):
                yield error("bad_variable", element, variable=name)


def mixed_people(process: Process) -> Iterator[Finding]:
    """Who does a task is a list of names or one expression, not both in one field."""
    for element in process.elements.values():
        for attribute in PEOPLE:
            text = element.camunda.get(attribute, "")
            if "{" in text and not is_expression(text):
                yield error("mixed_people", element, text=text)


def _read(at: Place, where: str, text: str) -> Iterator[Finding]:
    try:
        feel.parse(feel.translate(text))
    except ExpressionError as problem:
        place = Message(f"check.where.{where}")
        yield error("unreadable", at, where=place, text=shorten(text, 200), reason=problem.message)


def _is_ours(language: str | None) -> bool:
    """Languages are named by a word or by an address that holds it."""
    return not language or any(ours in language.lower() for ours in ("feel", "juel"))


def _scripts(process: Process) -> Iterator[Element]:
    return (element for element in process.elements.values() if element.type == "scriptTask")


def written(process: Process) -> Iterator[tuple[Place, str, str]]:
    """Every expression with its place and what it is for."""
    for flow in process.flows.values():
        if flow.condition and _is_ours(flow.language):
            yield flow, "condition", flow.condition
    for element in process.elements.values():
        for where, text in _of_element(element):
            if text:
                yield element, where, text


def variables(element: Element) -> Iterator[str | None]:
    """The names of variables that an element writes itself."""
    yield element.camunda.get("resultVariable")
    yield element.camunda.get("initiator")
    yield element.loop.variable if element.loop else None
    yield from (parameter.name for parameter in (*element.inputs, *element.outputs))
    for event in element.events:
        yield from (name for attribute, name in event.camunda.items() if attribute.endswith(TOLD))


def _of_element(element: Element) -> Iterator[tuple[str, str | None]]:
    if element.type == "scriptTask":
        yield "script", element.script
    if loop := element.loop:
        yield "cardinality", loop.cardinality
        yield "rounds" if loop.kind == "standard" else "completion", loop.completion
        yield "collection", _if_expression(loop.collection)
    for event in element.events:
        yield from _of_event(event)
    yield from _passed(element)
    for attribute in (*PEOPLE, *OUTSIDE):
        yield attribute, _if_expression(element.camunda.get(attribute))


def _of_event(event: EventDefinition) -> Iterator[tuple[str, str | None]]:
    if event.timer:
        yield "timer", _if_expression(event.expression)
    else:
        yield "event", event.expression
    for attribute in OUTSIDE:
        yield attribute, _if_expression(event.camunda.get(attribute))


def _passed(element: Element) -> Iterator[tuple[str, str | None]]:
    """What goes into an activity and comes out."""
    for where, parameters in (("input", element.inputs), ("output", element.outputs)):
        for parameter in parameters:
            yield from ((where, _if_expression(text)) for text in texts(parameter.value))
    for rule in (*element.passed_in, *element.passed_out):
        yield "passed", rule.expression
    if element.business_key and not OWN_KEY.fullmatch(element.business_key):
        yield "businessKey", element.business_key


def _if_expression(text: str | None) -> str | None:
    return text if text and is_expression(text) else None
