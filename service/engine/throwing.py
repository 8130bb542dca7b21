"""Events that throw, and ends: what they set going in the instance, and what leaves it."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.task import Task

from service.diagram.model import Element, EventDefinition
from service.engine.elements import Node, case_of
from service.engine.events import catchers, waiting
from service.engine.scope import Case, ScopeSpec, Thrown
from service.errors import ExecutionFailed


class Throwing(Node):
    """An intermediate throw event, or a send task with a message: it throws, then the token goes on."""

    def __init__(self, spec: ScopeSpec, element: Element, *, is_item: bool = False) -> None:
        super().__init__(spec, element, is_item=is_item)
        otherwise = EventDefinition("message" if element.type == "sendTask" else "none", element.message)
        self.event = element.events[0] if element.events else otherwise

    def hand_out(self, token: Task) -> None:
        super().hand_out(token)
        self.throw(token)

    def throw(self, token: Task) -> None:
        """Does what the event's definition says."""
        case, name = case_of(token), self.event.name or ""
        values = {one.name: token.data[one.name] for one in self.taken_in}
        match self.event.kind:
            case "message":
                case.thrown.append(Thrown("message", name, self.element.id, values))
            case "signal":
                case.thrown.append(Thrown("signal", name, self.element.id, values))
                _broadcast(case, name, values)
            case "escalation" | "error" as kind:
                raise_(case, token, Thrown(kind, self.event.code or "", self.element.id, message=name))


class EndEvent(Throwing):
    """The token ends here; a terminate event takes all others of its scope with it."""

    def hand_out(self, token: Task) -> None:
        case = case_of(token)
        if _is_last(case, token):
            case.end = self.element.id
        super().hand_out(token)

    def leave(self, token: Task) -> None:
        if self.event.kind == "terminate":
            case_of(token).clear(token.workflow, besides=[token])
        super().leave(token)


def _is_last(case: Case, token: Task) -> bool:
    """Whether the case may end here: in the process itself or in an event sub-process of it."""
    host = case.host(token.workflow)
    while host is not None and host.task_spec.element.triggered_by_event:
        host = case.host(host.workflow)
    return host is None


def raise_(case: Case, token: Task, thrown: Thrown, *, own: bool = False) -> bool:
    """Brings an error or escalation to the nearest that catches it; whether any did.

    What nobody catches goes to the case that called this one. An error that nobody catches there is
    ExecutionFailed; an escalation is then forgotten, as chapter 10.5.6 of BPMN 2.0.2 has it.
    """
    for catcher in catchers(case, token, thrown.kind, own=own):
        event = catcher.task_spec.event
        if event.code in (None, thrown.name):
            case.write(catcher, {**thrown.values, **_told(event, thrown)})
            catcher.task_spec.fire(catcher)
            return True
    if thrown.kind == "error":
        _fail(case, token, thrown)
    elif case.called:
        case.thrown.append(thrown)
    return False


def _fail(case: Case, token: Task, thrown: Thrown) -> None:
    element: Element = token.task_spec.element
    if not case.called:
        raise ExecutionFailed(
            "engine.uncaught", element=element.id, name=element.name or "", code=thrown.name or "–"
        )
    case.thrown.append(thrown)
    case.clear(case)
    case.completed = True


def _told(event: EventDefinition, thrown: Thrown) -> Mapping[str, Any]:
    """The variables in which the catching event wants the code and the message."""
    wanted = {
        event.camunda.get(f"{thrown.kind}CodeVariable"): thrown.name,
        event.camunda.get(f"{thrown.kind}MessageVariable"): thrown.message,
    }
    return {name: value for name, value in wanted.items() if name}


def _broadcast(case: Case, name: str, values: Mapping[str, Any]) -> None:
    """A signal reaches all that wait for it in this moment, the instance's own here and now."""
    for token in waiting(case, "signal", name):
        if case.alive(token):
            case.write(token, values)
            token.task_spec.fire(token)
