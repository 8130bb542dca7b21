"""Events that wait: between activities, on the border of one, and those that begin event sub-processes."""

from collections.abc import Iterator
from datetime import datetime

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.diagram.model import Element, EventDefinition
from service.engine import scripting, timers
from service.engine.elements import Node, case_of, node_name
from service.engine.scope import ORIGIN, Case, ScopeSpec


class Passing(Node):
    """A start event, or an intermediate event without a definition: the token goes straight on."""


class Catching(Node):
    """Waits for what its `event` tells: an intermediate catch event or a receive task.

    `when` is a timer's definition, ISO 8601 or FEEL, or the condition of a conditional event.
    """

    when: str

    def __init__(self, spec: ScopeSpec, element: Element, *, is_item: bool = False, suffix: str = "") -> None:
        super().__init__(spec, element, is_item=is_item, suffix=suffix)
        self.event = element.events[0] if element.events else EventDefinition("message", element.message)

    def begin(self, token: Task) -> None:
        self.listen(token)

    def listen(self, token: Task) -> None:
        """Begins to wait; a timer's first moment is fixed now, a condition is looked at soon."""
        token._set_state(TaskState.WAITING)
        self.wind(token)
        if self.event.kind == "conditional":
            case_of(token).unsettled = True

    def wind(self, token: Task) -> None:
        """A timer is counted from now; any other event has nothing to count."""
        if self.event.timer:
            _set_due(token, timers.due(case_of(token), token, self.event.timer, self.when))

    def fire(self, token: Task) -> None:
        """What was waited for has come."""
        token.run()

    def go_on(self, token: Task) -> None:
        self.fire(token)

    def becomes_true(self, token: Task) -> bool:
        """Whether a conditional event's condition holds now and did not before (BPMN 2.0.2, 10.5.4).

        Null is not yet true: the variables that it reads may still have to be filled in.
        """
        held = token.internal_data.get("held", False)
        value = scripting.evaluate(case_of(token), token, self.when)
        if value is not None and not isinstance(value, bool):
            raise self.failed("engine.event_condition", expression=self.when, value=str(value))
        token.internal_data["held"] = bool(value)
        return bool(value) and not held

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
        self.hand_out(my_task)
        self.leave(my_task)
        case.retire(gateway)


class Recurring(Catching):
    """An event that may come again and again while what it belongs to goes on."""

    interrupting: bool

    def fire(self, token: Task) -> None:
        case = case_of(token)
        case.passed(token)
        if self.interrupting:
            self.interrupt(case, token)
            return
        self.answer(case, token)
        if self.event.kind == "timer" and case.alive(token):
            self._wait_again(case, token)

    def interrupt(self, case: Case, token: Task) -> None:
        """What was under way ends, and the event's own way begins."""
        raise NotImplementedError

    def answer(self, case: Case, token: Task) -> None:
        """The event's own way begins beside what is under way."""
        raise NotImplementedError

    def _wait_again(self, case: Case, token: Task) -> None:
        """A cycle comes again, any other timer only once; all other events keep listening."""
        if following := timers.again(case, token, due_of(token)):
            _set_due(token, following)
        else:
            token.workflow._remove_task(token.id)


class Boundary(Recurring):
    """An event on the border of an activity; its token is a child of the activity's."""

    def __init__(self, spec: ScopeSpec, element: Element, *, is_item: bool = False) -> None:
        super().__init__(spec, element, is_item=is_item)
        self.interrupting = element.interrupting

    def interrupt(self, case: Case, token: Task) -> None:
        host = token.parent
        self.leave(token)
        case.withdraw(host)
        case.close_if_empty(token.workflow)

    def answer(self, case: Case, token: Task) -> None:
        self.leave(token)


class Trigger(Recurring):
    """Begins an event sub-process; its token is the scope's own, and does not keep the scope open."""

    is_trigger = True

    def __init__(self, spec: ScopeSpec, element: Element, inner: Element) -> None:
        super().__init__(spec, element, suffix="#trigger")
        self.inner = node_name(inner.id)
        self.interrupting = element.interrupting or self.event.kind == "error"

    def interrupt(self, case: Case, token: Task) -> None:
        """Everything else in the scope ends, the other event sub-processes too (BPMN 2.0.2, 13.5.4)."""
        case.clear(token.workflow)
        self.answer(case, token)

    def answer(self, case: Case, token: Task) -> None:
        scope = token.workflow
        spec = scope.spec.task_specs[self.inner]
        inner = scope.task_tree._add_child(spec, TaskState.FUTURE)
        spec._update(inner)


def waiting(case: Case, kind: str, name: str | None = None) -> list[Task]:
    """The tokens that wait for an event of a kind now, of one name where that is given, oldest first."""
    return [
        token
        for token in case.tokens()
        if isinstance(token.task_spec, Catching)
        and token.state == TaskState.WAITING
        and token.task_spec.event.kind == kind
        and name in (None, token.task_spec.event.name)
    ]


def catchers(case: Case, token: Task, kind: str, *, own: bool) -> Iterator[Task]:
    """What could catch an error or escalation thrown at a token, the nearest first.

    With `own` the activity's border comes first, for what happens to an activity; what an event
    throws goes to the scope around it. On each level those that name a code come before those that
    catch any.
    """
    host, scope = (token if own else None), token.workflow
    while True:
        if host is not None:
            owner = host.parent if host.task_spec.is_item else host
            yield from _named_first(owner.children, kind)
        begun = host.task_spec.name if host is not None else ""
        triggers = (token for token in scope.task_tree.children if token.task_spec.is_trigger)
        yield from _named_first([one for one in triggers if one.task_spec.inner != begun], kind)
        host = case.host(scope)
        if host is None:
            return
        scope = host.workflow


def _named_first(tokens: list[Task], kind: str) -> list[Task]:
    found = [
        token
        for token in tokens
        if isinstance(token.task_spec, Recurring) and token.task_spec.event.kind == kind
    ]
    return sorted(found, key=lambda token: token.task_spec.event.code is None)


def _set_due(token: Task, due: timers.Due) -> None:
    token.internal_data["due"] = [due.at.isoformat(), due.left, due.every]


def due_of(token: Task) -> timers.Due:
    """The moment that a waiting timer's token holds."""
    at, left, every = token.internal_data["due"]
    return timers.Due(datetime.fromisoformat(at), left, every)
