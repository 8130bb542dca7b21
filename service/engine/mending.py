"""What an operator does to a case that stands wrong: tokens put somewhere and taken away."""

from collections.abc import Iterator
from dataclasses import dataclass

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.diagram.model import Element
from service.engine.activities import SubProcess
from service.engine.definition import Definition
from service.engine.elements import Node, node_name, send
from service.engine.scope import Case, Scope
from service.errors import Conflict


@dataclass(frozen=True)
class Token:
    """A token, and the token of the sub-process that it is in; `item` says that it is one of several."""

    id: str
    element: Element
    parent: str | None
    item: bool = False


def tokens(case: Case) -> Iterator[Token]:
    """Every token that stands on an element, the outer before the inner; what only listens is none."""
    for token in case.tokens():
        spec = token.task_spec
        if token.internal_data.get("stands"):
            host = token.parent if spec.is_item else case.host(token.workflow)
            yield Token(str(token.id), spec.element, str(host.id) if host else None, spec.is_item)


def place(case: Case, definition: Definition, element_id: str) -> None:
    """A new token arrives at an element; the sub-processes around it are opened where they are not."""
    element = _standing(definition, element_id)
    scope = _scope(case, definition, element.parent)
    spec = scope.spec.task_specs[node_name(element.id)]
    spec._update(scope.task_tree._add_child(spec, TaskState.FUTURE))


def after(case: Case, definition: Definition, element_id: str) -> None:
    """A new token leaves an element, as if it had been there."""
    element = _standing(definition, element_id)
    scope = _scope(case, definition, element.parent)
    token = _passing(scope, scope.spec.task_specs[node_name(element.id)])
    token.task_spec.leave(token)
    if case.alive(token):
        case.retire(token)


def along(case: Case, definition: Definition, flow_id: str) -> None:
    """A new token is put on a sequence flow."""
    flow = definition.process.flows.get(flow_id)
    if flow is None:
        raise Conflict("engine.no_flow", flow=flow_id)
    scope = _scope(case, definition, definition.element(flow.source).parent)
    source: Node = scope.spec.task_specs[node_name(flow.source)]
    token = _passing(scope, source)
    send(token, next(path for path in source.paths if path.id == flow_id))
    scope._remove_task(token.id)


def remove(case: Case, token: Task) -> None:
    """Takes a token away; of several instances the others go on, and the next one in turn begins."""
    if token.task_spec.is_item:
        token.parent.task_spec.item_removed(token.parent, token)
    else:
        case.withdraw(token)


def tidy(case: Case) -> None:
    """Ends the sub-processes whose last token was taken away; Conflict where nothing would be left at all."""
    for scope in reversed(case.scopes()):
        if any(not task.task_spec.is_trigger for task in scope.task_tree.children):
            continue
        host = case.host(scope)
        if host is not None and case.alive(host):
            remove(case, host)
        elif scope is case and not case.completed:
            raise Conflict("engine.nothing_left")


def _passing(scope: "Case | Scope", spec: Node) -> Task:
    return scope.task_tree._add_child(spec, TaskState.FUTURE)


def _standing(definition: Definition, element_id: str) -> Element:
    """The element, if a token can come to it by itself; Conflict where it is begun by what it belongs to."""
    element = definition.process.elements.get(element_id)
    if element is None:
        raise Conflict("engine.no_element", element=element_id)
    around = definition.process.elements.get(element.parent)
    listens = element.type == "startEvent" and around is not None and around.triggered_by_event
    if element.attached_to or listens:
        raise Conflict("engine.cannot_stand", name=element.name or element.id)
    return element


def _scope(case: Case, definition: Definition, parent: str) -> "Case | Scope":
    """The open scope of a sub-process, opened where there is none; Conflict where there are several."""
    if parent == definition.process.id:
        return case
    found = [scope for scope in case.subprocesses.values() if scope.spec.name == parent]
    if len(found) > 1:
        raise Conflict("engine.several_open", name=definition.element(parent).name or parent)
    return found[0] if found else _opened(case, definition, definition.element(parent))


def _opened(case: Case, definition: Definition, element: Element) -> Scope:
    if element.loop:
        raise Conflict("engine.several_open", name=element.name or element.id)
    around = _scope(case, definition, element.parent)
    spec = around.spec.task_specs[node_name(element.id)]
    assert isinstance(spec, SubProcess)
    host = _passing(around, spec)
    spec.stand(host)
    for boundary in spec.boundaries:
        boundary.listen(host._add_child(boundary, TaskState.FUTURE))
    host._set_state(TaskState.STARTED)
    scope: Scope = spec.open(host)
    return scope
