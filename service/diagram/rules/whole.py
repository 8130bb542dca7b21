"""Rules of the file as a whole: its ids, its processes, and extensions that nothing here would obey."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from service.diagram.lanes import memberships
from service.diagram.model import Diagram, Process
from service.diagram.parts import attributes
from service.diagram.read import is_node
from service.diagram.rules.elements import ACTIVITIES, PROGRAMMED
from service.diagram.rules.finding import error, node_error, node_warning
from service.diagram.source import CAMUNDA, bpmn, is_bpmn, local
from service.errors import Finding

NCNAME = re.compile(r"[^\W\d][\w.-]*")
"""A name without a colon, as XML wants ids to be; a letter or underscore comes first."""
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
HARMLESS = {"isForCompensation": "false", "instantiate": "false", "startQuantity": "1"}
HARMLESS |= {"completionQuantity": "1", "parallelMultiple": "false"}
HARMLESS |= {"eventGatewayType": "Exclusive", "behavior": "All"}
"""Attributes that change what an element does, and the value with which they do not."""
UNHEEDED = frozenset(("variableName", "variableEvents"))
UNHEEDED |= {"calledElementTenantId", "variableMappingClass", "variableMappingDelegateExpression"}
UNHEEDED |= {"caseRef", "caseBinding", "caseVersion", "caseTenantId", "decisionRefTenantId"}
"""Attributes of Camunda's that would change what an element does, and that are not obeyed."""
HEEDED = frozenset(("properties", "property"))
IGNORABLE = frozenset(("failedJobRetryTimeCycle",))
"""Extensions that an engine may pass over without doing something else than was drawn."""
PLACES = {
    "inputOutput": ACTIVITIES | {"intermediateThrowEvent", "endEvent"},
    "in": frozenset(("callActivity",)),
    "out": frozenset(("callActivity",)),
    "connector": PROGRAMMED,
}
"""Extensions that are obeyed or told of by a rule of their own, and the elements on which they are."""


def checked(diagram: Diagram) -> list[Process]:
    """The processes that would run: the executable ones, or all where none is."""
    every = list(diagram.processes.values())
    return [process for process in every if process.executable] or every


def no_process(diagram: Diagram) -> Iterator[Finding]:
    """A file without a process has nothing to run."""
    if diagram.root.find(bpmn("process")) is None:
        yield node_error("no_process", diagram.root)


def no_id(diagram: Diagram) -> Iterator[Finding]:
    """A process is found, and an element is joined, by its id."""
    for node in diagram.root.iter("*"):
        if (is_node(node) or node.tag == bpmn("process")) and not node.get("id"):
            yield node_error("no_id", node, tag=local(node))


def duplicate_id(diagram: Diagram) -> Iterator[Finding]:
    """Two things with one id cannot be told apart."""
    seen: dict[str, etree._Element] = {}
    for node in diagram.root.iter("*"):
        if is_bpmn(node) and (key := node.get("id")):
            if key in seen:
                yield node_error("duplicate_id", node, first=seen[key].sourceline)
            seen.setdefault(key, node)


def bad_id(diagram: Diagram) -> Iterator[Finding]:
    """An id without spaces and colons: it is part of addresses and of other files."""
    for node in diagram.root.iter("*"):
        if is_bpmn(node) and (key := node.get("id")) and not NCNAME.fullmatch(key):
            yield node_error("bad_id", node)


def not_executable(diagram: Diagram) -> Iterator[Finding]:
    """One process at least says that it is meant to run."""
    if diagram.processes and not any(process.executable for process in diagram.processes.values()):
        for process in diagram.processes.values():
            yield error("not_executable", process)


def other_engine(diagram: Diagram) -> Iterator[Finding]:
    """Camunda 8 says forms, people and lists in other words, which would silently count for nothing."""
    first = next(diagram.root.iter(f"{{{ZEEBE}}}*"), None)
    if first is not None:
        yield node_error("other_engine", carrier(first))


def unsupported_attribute(diagram: Diagram) -> Iterator[Finding]:
    """An attribute that changes what an element does is obeyed or refused, never overlooked."""
    for node in nodes(diagram):
        for attribute, harmless in HARMLESS.items():
            if node.get(attribute, harmless) != harmless:
                yield node_error("unsupported_attribute", node, attribute=attribute)
        for attribute in sorted(UNHEEDED & attributes(node).keys()):
            place = node if is_node(node) else carrier(node)
            yield node_error("unsupported_attribute", place, attribute=attribute)


def unsupported_extension(diagram: Diagram) -> Iterator[Finding]:
    """The same for the camunda extensions inside an element: listeners, mappings, connectors."""
    prefix = f"{{{CAMUNDA}}}"
    for node in nodes(diagram):
        outermost = next(node.iterancestors()).tag == bpmn("extensionElements")
        if outermost and node.tag.startswith(prefix) and not _obeyed(node):
            yield node_error("unsupported_extension", carrier(node), extension=local(node))


def two_lanes(diagram: Diagram) -> Iterator[Finding]:
    """An element in two lanes side by side has two owners; one is taken."""
    nodes = {node.get("id", ""): node for node in diagram.root.iter("*") if is_node(node)}
    first: dict[str, etree._Element] = {}
    for lane, member in memberships(diagram.root):
        other = first.setdefault(member, lane)
        apart = lane is not other and lane not in other.iterancestors() and other not in lane.iterancestors()
        if apart and member in nodes:
            yield node_warning("two_lanes", nodes[member], first=other.get("name"), second=lane.get("name"))


def nodes(diagram: Diagram) -> Iterator[etree._Element]:
    """Every XML element of the processes that would run."""
    keys = {process.id for process in checked(diagram)}
    for process in diagram.root.iterchildren(bpmn("process")):
        if process.get("id") in keys:
            yield from process.iter("*")


def _obeyed(node: etree._Element) -> bool:
    name = local(node)
    holder = next(islice(node.iterancestors(), 1, None))
    return name in HEEDED | IGNORABLE or (is_bpmn(holder) and local(holder) in PLACES.get(name, ()))


def carrier(node: etree._Element) -> etree._Element:
    """The BPMN element with an id that an extension belongs to."""
    return next((above for above in node.iterancestors() if is_bpmn(above) and above.get("id")), node)
