"""Rules of calls: which process is called, in which version, and what goes over and comes back."""

from collections.abc import Iterator

from lxml import etree

from service.diagram.graph import reached, roots, ways
from service.diagram.model import Diagram, Element, Process
from service.diagram.passing import OWN_KEY
from service.diagram.rules.expressions import VARIABLE, is_expression
from service.diagram.rules.finding import error, node_error, warning
from service.diagram.rules.whole import checked, nodes
from service.diagram.rules.work import BINDINGS
from service.diagram.source import bpmn, camunda, local
from service.errors import Finding, Message

PASSING = (camunda("in"), camunda("out"))
BOUND = {"callActivity": "calledElement", "businessRuleTask": "decisionRef"}
"""What an element asks for by a key, and the beginning of the attributes that say in which version."""


def no_called(process: Process) -> Iterator[Finding]:
    """The called process is found by its id."""
    for element in _calls(process):
        if not (element.called or "").strip():
            yield error("no_called", element)


def changing_called(process: Process) -> Iterator[Finding]:
    """Which process is called is known when the diagram is deployed."""
    for element in _calls(process):
        if is_expression(element.called or ""):
            yield error("changing_called", element, text=element.called)


def own_call(process: Process) -> Iterator[Finding]:
    """A process that calls itself must stop doing so some time."""
    for key in sorted(_own(process)) if _ends(process) else ():
        yield warning("own_call", process.elements[key])


def endless_call(process: Process) -> Iterator[Finding]:
    """Where each way to an end leads through a call of the same process, no case of it ever ends."""
    for key in () if _ends(process) else sorted(_own(process)):
        yield error("endless_call", process.elements[key])


def uncallable(diagram: Diagram) -> Iterator[Finding]:
    """What is called begins at its plain start event; a process of another file is looked at when it runs."""
    for process in checked(diagram):
        for element in _calls(process):
            called = diagram.processes.get(element.called or "")
            if called and called.executable and not any(_begins(called)):
                yield error("uncallable", element, called=called.name or called.id)


def unknown_binding(process: Process) -> Iterator[Finding]:
    """Which version of what is asked for: the latest, that of the deployment, or a number."""
    for element, binding, _ in _bound(process):
        if binding not in BINDINGS:
            yield error("unknown_binding", element, binding=binding)


def no_version(process: Process) -> Iterator[Finding]:
    """The binding to a version has the version's number."""
    for element, binding, version in _bound(process):
        if binding == "version" and not version.isdecimal():
            yield error("no_version", element)


def bad_passing(diagram: Diagram) -> Iterator[Finding]:
    """One thing goes over at a time, and has a name where it arrives; or all variables do."""
    for node in nodes(diagram):
        call = next(node.iterancestors(bpmn("callActivity")), None)
        if node.tag in PASSING and call is not None and not _passes(node):
            kind = Message("check.kind.callActivity")
            yield node_error("bad_passing", call, kind=kind, text=_written(node))


def _calls(process: Process) -> Iterator[Element]:
    return (element for element in process.elements.values() if element.type == "callActivity")


def _begins(process: Process) -> Iterator[bool]:
    """Whether each start event of the process itself is plain."""
    for element in process.elements.values():
        if element.type == "startEvent" and element.parent == process.id:
            yield not element.events


def _own(process: Process) -> set[str]:
    """The activities that call the process that they are in."""
    return {element.id for element in _calls(process) if element.called == process.id}


def _ends(process: Process) -> bool:
    """Whether some way from the start ends without an own call, or an event ends one."""
    own = _own(process)
    starts = [key for key in roots(process).get(process.id, []) if key not in own]
    found = reached(ways(process), starts, without=own)
    left = any(one.attached_to in own and one.interrupting for one in process.elements.values())
    return left or any(process.elements[key].type == "endEvent" for key in found)


def _bound(process: Process) -> Iterator[tuple[Element, str, str]]:
    for element in process.elements.values():
        if what := BOUND.get(element.type):
            version = element.camunda.get(f"{what}Version", "").strip()
            yield element, element.camunda.get(f"{what}Binding", "latest"), version


def _passes(node: etree._Element) -> bool:
    """Whether it is one of the four shapes; `local` would take from a token what others see too."""
    said = {str(name): str(value).strip() for name, value in node.items()}
    if said.pop("local", "false") != "false":
        return False
    match said:
        case {"variables": "all", **rest} | {"variables": "all", "target": "", **rest}:
            return not rest
        case {"businessKey": key, **rest} if node.tag == camunda("in"):
            return not rest and (is_expression(key) or OWN_KEY.fullmatch(key) is not None)
        case {"source": name, "target": target, **rest}:
            return not rest and _is_variable(name) and _is_variable(target)
        case {"sourceExpression": text, "target": target, **rest}:
            return not rest and bool(text) and _is_variable(target)
    return False


def _is_variable(name: str) -> bool:
    return VARIABLE.fullmatch(name) is not None


def _written(node: etree._Element) -> str:
    said = " ".join(f'{name!s}="{value!s}"' for name, value in node.items())
    return f"{local(node)} {said}".strip()
