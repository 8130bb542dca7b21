"""One running instance: started or restored, acted upon, advanced to its next waits, frozen."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service import feel
from service.diagram.model import Element
from service.engine import codec, scripting
from service.engine.activities import Work
from service.engine.definition import Definition
from service.engine.elements import node_name
from service.engine.events import Catching, due_of
from service.engine.gateways import InclusiveGateway
from service.engine.scope import Case, Step
from service.errors import Conflict, ExecutionFailed

__all__ = ["Budget", "Execution", "People", "Step", "Wait"]


@dataclass(frozen=True)
class Budget:
    """How much one advance may cost: steps of the engine, and seconds of wall time."""

    steps: int = 2000
    seconds: float = 5.0


@dataclass(frozen=True)
class Wait:
    """Something the instance waits for; `id` is stable for as long as it waits.

    `name` is a message's or signal's; `locals` are the variables that only this one of several
    instances sees, and `item` their label.
    """

    id: str
    kind: Literal["user_task", "message", "signal", "timer"]
    element: Element
    name: str = ""
    due: datetime | None = None
    item: str = ""
    locals: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class People:
    """Whom a diagram names for a user task, by id; all empty where it leaves that to the lane."""

    assignee: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


class Execution:
    """An instance in memory. An exception leaves it unusable: it is thrown away, and nothing of it saved."""

    def __init__(self, definition: Definition, case: Case, now: datetime) -> None:
        self.definition = definition
        self._case = case
        case.now = now

    @classmethod
    def start(
        cls, definition: Definition, variables: dict[str, Any], now: datetime, *, element: str | None = None
    ) -> Self:
        """A new instance with its token on the given start event, or on the none start event."""
        case = Case.new(definition.spec, definition.scopes, variables)
        execution = cls(definition, case, now)
        name = node_name(element) if element else definition.spec.entry
        if not name:
            raise Conflict("engine.no_start", name=definition.process.name or definition.process.id)
        spec = definition.spec.task_specs[name]
        spec._update(case.task_tree._add_child(spec, TaskState.FUTURE))
        return execution

    @classmethod
    def restore(cls, definition: Definition, state: str, variables: dict[str, Any], now: datetime) -> Self:
        """The instance as `freeze` left it."""
        return cls(definition, codec.thaw(definition, state, variables), now)

    def freeze(self) -> str:
        """The live tokens as text; the variables are kept beside it by the caller."""
        return codec.freeze(self._case)

    @property
    def variables(self) -> dict[str, Any]:
        """The case's variables, live."""
        return self._case.variables

    @property
    def steps(self) -> list[Step]:
        """What tokens did since the start or the restoring, in order."""
        return self._case.steps

    @property
    def wrote(self) -> bool:
        """Whether the case's variables were set since the start or the restoring."""
        return bool(self._case.written)

    @property
    def ended(self) -> bool:
        """Whether no token is left."""
        return bool(self._case.completed)

    @property
    def end_element(self) -> Element | None:
        """The end event of the process that was reached last."""
        return self.definition.element(self._case.end) if self._case.end else None

    def waits(self) -> Iterator[Wait]:
        """Everything the instance waits for, oldest first."""
        for token in self._case.tokens():
            if isinstance(token.task_spec, Work) and token.state == TaskState.READY:
                yield self._wait(token, "user_task")
            elif isinstance(token.task_spec, Catching) and token.state == TaskState.WAITING:
                kind = token.task_spec.event.kind
                due = due_of(token).at if kind == "timer" else None
                yield self._wait(token, kind, token.task_spec.event.name or "", due)

    def _wait(self, token: Task, kind: Any, name: str = "", due: datetime | None = None) -> Wait:
        element = token.task_spec.element
        local = self._case.locals(token)
        item = scripting.text(element.properties.get("sop.butir"), self._case.context(token)) if local else ""
        if not item and (place := self._case.place(token)) is not None:
            item = str(place + 1)
        return Wait(str(token.id), kind, element, name, due, item, local)

    def people(self, wait: Wait) -> People:
        """Whom the diagram names for a user task; ExecutionFailed where an expression cannot say."""
        token, named = self._waiting(wait.id), wait.element.camunda
        return People(
            scripting.names(self._case, token, named.get("assignee")),
            scripting.names(self._case, token, named.get("candidateUsers")),
            scripting.names(self._case, token, named.get("candidateGroups")),
        )

    def title(self) -> str:
        """What the case is about."""
        return self.definition.title(self.variables)

    @property
    def retitled(self) -> bool:
        """Whether what was set since the start or the restoring could change the title."""
        template = self.definition.process.properties.get("sop.perihal", "")
        return feel.may_read(template, self._case.written)

    def complete(self, wait_id: str, values: Mapping[str, Any]) -> None:
        """A person has done a user task; its values are written where the task stands."""
        token = self._waiting(wait_id)
        if not isinstance(token.task_spec, Work):
            raise Conflict("engine.not_waiting")
        self._case.write(token, values)
        token.run()

    def fire(self, wait_id: str, values: Mapping[str, Any] | None = None) -> None:
        """A message, a signal or a timer has come."""
        token = self._waiting(wait_id)
        if not isinstance(token.task_spec, Catching):
            raise Conflict("engine.not_waiting")
        self._case.write(token, values or {})
        token.task_spec.fire(token)

    def cancel(self) -> None:
        """Takes away every token."""
        for token in self._case.task_tree.children:
            self._case.withdraw(token)
        self._case.completed = True

    def _waiting(self, wait_id: str) -> Task:
        token = self._case.token(UUID(wait_id))
        if token is None or token.state not in (TaskState.READY, TaskState.WAITING):
            raise Conflict("engine.not_waiting")
        return token

    def advance(self, budget: Budget) -> None:
        """Runs everything that goes on by itself; ExecutionFailed beyond the budget or in a dead end."""
        until, steps = time.monotonic() + budget.seconds, 0
        while token := self._next():
            steps += 1
            if steps > budget.steps or time.monotonic() > until:
                element = token.task_spec.element
                raise ExecutionFailed(
                    "engine.budget", element=element.id, name=element.name or "", steps=steps
                )
            token.run()
        if not self.ended and next(self.waits(), None) is None:
            raise self._dead_end()

    def _next(self) -> Task | None:
        """The next token that can go on; an inclusive gateway joins only when nothing else can move."""
        while not self._case.completed:
            while self._case.queue:
                token = self._case.queue.popleft()
                if token.id in token.workflow.tasks and token.state == TaskState.READY:
                    return token
            if not self._settle():
                return None
        return None

    def _settle(self) -> bool:
        """Lets one inclusive gateway join, innermost scope first."""
        for scope in (*reversed(self._case.subprocesses.values()), self._case):
            gateways = {
                task.task_spec
                for task in scope.task_tree.children
                if isinstance(task.task_spec, InclusiveGateway) and task.state == TaskState.WAITING
            }
            for gateway in sorted(gateways, key=lambda spec: str(spec.name)):
                if gateway.settle(scope):
                    return True
        return False

    def _dead_end(self) -> ExecutionFailed:
        """Tokens are left that nothing can ever move, as at a parallel gateway that lacks one."""
        elements = [token.task_spec.element for token in self._case.tokens()]
        stuck = next(e for e in elements if e.type.endswith("Gateway"))
        return ExecutionFailed("engine.dead_end", element=stuck.id, name=stuck.name or "")
