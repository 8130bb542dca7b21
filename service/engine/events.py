"""Events: those that start, wait and end, and those on the border of an activity."""

from datetime import datetime

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.diagram.model import Element, EventDefinition
from service.engine import timers
from service.engine.elements import Node, case_of
from service.engine.scope import ORIGIN, Case, ScopeSpec


class Passing(Node):
    """A start event, or an intermediate event without a definition: the token goes straight on."""


class EndEvent(Node):
    """The token ends here; a terminate event takes all others of its scope with it."""

    def leave(self, token: Task) -> None:
        case = case_of(token)
        if token.workflow is case:
            case.end = self.element.id
        if any(event.kind == "terminate" for event in self.element.events):
            for other in token.workflow.task_tree.children:
                if other is not token:
                    case.withdraw(other)


class Catching(Node):
    """Waits for a message, a signal or a timer: an intermediate catch event or a receive task.

    `when` is a timer's definition, ISO 8601 or FEEL.
    """

    when: str

    def __init__(self, spec: ScopeSpec, element: Element, *, is_item: bool = False) -> None:
        super().__init__(spec, element, is_item=is_item)
        self.event = element.events[0] if element.events else EventDefinition("message", element.message)

    def arrive(self, token: Task) -> None:
        self.stand(token)
        for boundary in self.boundaries:
            boundary.listen(token._add_child(boundary, TaskState.FUTURE))
        self.listen(token)

    def listen(self, token: Task) -> None:
        """Begins to wait; a timer's first moment is fixed now."""
        token._set_state(TaskState.WAITING)
        if self.event.timer:
            _set_due(token, timers.due(case_of(token), token, self.event.timer, self.when))

    def fire(self, token: Task) -> None:
        """What was waited for has come."""
        token.run()

    def _on_complete(self, my_task: Task) -> None:
        gateway = my_task.parent
        if self.is_item or gateway.task_spec.name == ORIGIN:
            super()._on_complete(my_task)
            return
        # one of the choices behind an event-based gateway: the others stop waiting
        self.stand(my_task)
        case = case_of(my_task)
        case.left(my_task)
        case.left(gateway)
        self.leave(my_task)
        case.retire(gateway)


class Boundary(Catching):
    """An event on the border of an activity; its token is a child of the activity's."""

    def fire(self, token: Task) -> None:
        case, host = case_of(token), token.parent
        case.entered(token)
        case.left(token)
        self.leave(token)
        if self.element.interrupting:
            case.withdraw(host)
            case.close_if_empty(token.workflow)
        elif self.event.kind == "timer":
            self._wait_again(case, token)

    def _wait_again(self, case: Case, token: Task) -> None:
        """A cycle comes again, any other timer only once; messages and signals keep listening."""
        if following := timers.again(case, token, due_of(token)):
            _set_due(token, following)
        else:
            token.workflow._remove_task(token.id)


def _set_due(token: Task, due: timers.Due) -> None:
    token.internal_data["due"] = [due.at.isoformat(), due.left, due.every]


def due_of(token: Task) -> timers.Due:
    """The moment that a waiting timer's token holds."""
    at, left, every = token.internal_data["due"]
    return timers.Due(datetime.fromisoformat(at), left, every)
