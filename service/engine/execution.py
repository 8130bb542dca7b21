"""One running instance: started or restored, acted upon, advanced to its next waits, frozen."""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service import feel
from service.diagram.model import Element
from service.dmn import Decide, Decided
from service.engine import codec, mending, scripting, throwing
from service.engine.activities import Call, External, Work
from service.engine.advancing import Budget, advance
from service.engine.definition import Definition
from service.engine.elements import node_name
from service.engine.events import Catching
from service.engine.mending import Token
from service.engine.scope import Case, Step, Thrown
from service.engine.waits import Wait, waits
from service.errors import Conflict

__all__ = ["Budget", "Execution", "People", "Step", "Thrown", "Token", "Wait"]


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
        cls,
        definition: Definition,
        variables: MutableMapping[str, Any],
        now: datetime,
        *,
        element: str | None = None,
        by: str = "",
        called: bool = False,
        decide: Decide | None = None,
    ) -> Self:
        """A new instance with its token on the given start event, or on the none start event.

        `by` is who starts it, for the variable that the event's camunda:initiator names. `called`
        says that another case waits for this one: what it does not catch goes there.
        """
        case = Case.new(definition.spec, definition.scopes, variables)
        execution = cls(definition, case, now)
        case.called, case.decide = called, decide
        name = node_name(element) if element else definition.spec.entry
        if not name:
            raise Conflict("engine.no_start", name=definition.process.name or definition.process.id)
        spec = definition.spec.task_specs[name]
        if initiator := spec.element.camunda.get("initiator"):
            case.variables[initiator] = by
        case.listen(case)
        spec._update(case.task_tree._add_child(spec, TaskState.FUTURE))
        return execution

    @classmethod
    def restore(
        cls,
        definition: Definition,
        state: str,
        variables: MutableMapping[str, Any],
        now: datetime,
        *,
        called: bool = False,
        decide: Decide | None = None,
    ) -> Self:
        """The instance as `freeze` left it."""
        execution = cls(definition, codec.thaw(definition, state, variables), now)
        execution._case.called, execution._case.decide = called, decide
        return execution

    def freeze(self) -> str:
        """The live tokens as text; the variables are kept beside it by the caller."""
        return codec.freeze(self._case)

    @property
    def variables(self) -> MutableMapping[str, Any]:
        """The case's variables, live."""
        return self._case.variables

    @property
    def steps(self) -> list[Step]:
        """What tokens did since the start or the restoring, in order."""
        return self._case.steps

    @property
    def thrown(self) -> list[Thrown]:
        """What left the instance since the start or the restoring: messages, signals, errors, escalations."""
        return self._case.thrown

    @property
    def decided(self) -> list[tuple[str, Decided]]:
        """The decisions that were made since the start or the restoring, with the ids of their elements."""
        return self._case.decided

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
        """The end event of the process, or of an event sub-process of it, that was reached last."""
        return self.definition.element(self._case.end) if self._case.end else None

    def waits(self) -> Iterator[Wait]:
        """Everything the instance waits for, oldest first."""
        return waits(self._case)

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
        """A person or a program outside has done its work; its values are written where the token stands.

        For a call activity they are the variables of the called case, and what is passed out is written.
        """
        token = self._waiting(wait_id)
        match token.task_spec:
            case Work() | External():
                self._case.write(token, values)
            case Call() as call:
                self._case.write(token, call.returning(token, values), outside=True)
            case _:
                raise Conflict("engine.not_waiting")
        token.run()

    def passing(self, wait_id: str) -> tuple[dict[str, Any], str | None]:
        """The variables and the business key, if it names one, that a call activity passes on."""
        token = self._waiting(wait_id)
        values, key = token.task_spec.passing(token)
        return values, key

    def fire(self, wait_id: str, values: Mapping[str, Any] | None = None) -> None:
        """A message, a signal or a timer has come."""
        token = self._waiting(wait_id)
        if not isinstance(token.task_spec, Catching):
            raise Conflict("engine.not_waiting")
        if values:
            self._case.write(token, values)
        token.task_spec.fire(token)

    def raise_(
        self,
        wait_id: str,
        kind: Literal["error", "escalation"],
        code: str,
        message: str = "",
        values: Mapping[str, Any] | None = None,
    ) -> bool:
        """Work outside or a called case ends in an error, or tells an escalation; whether it was caught.

        ExecutionFailed for an error that nobody catches, unless this case is itself called.
        """
        token = self._waiting(wait_id)
        thrown = Thrown(kind, code, token.task_spec.element.id, values or {}, message)
        return throwing.raise_(self._case, token, thrown, own=True)

    def write(self, values: Mapping[str, Any], delete: Iterable[str] = ()) -> None:
        """Sets and removes variables of the case from outside; conditions are looked at in `advance`."""
        for name in delete:
            self._case.variables.pop(name, None)
            self._case.written.add(name)
        self._case.variables.update(values)
        self._case.written.update(values)
        self._case.unsettled = True

    def write_at(self, wait_id: str, values: Mapping[str, Any]) -> None:
        """Sets variables that only one token sees."""
        self._waiting(wait_id).data.update(values)
        self._case.unsettled = True

    def tokens(self) -> Iterator[Token]:
        """What stands where, the outer before the inner."""
        return mending.tokens(self._case)

    def place(self, element_id: str) -> None:
        """Puts a token before an element; Conflict where none can stand."""
        mending.place(self._case, self.definition, element_id)

    def after(self, element_id: str) -> None:
        """Puts a token behind an element, as if it were done."""
        mending.after(self._case, self.definition, element_id)

    def along(self, flow_id: str) -> None:
        """Puts a token on a sequence flow."""
        mending.along(self._case, self.definition, flow_id)

    def remove(self, token_id: str) -> None:
        """Takes one token away, with everything inside it."""
        mending.remove(self._case, self._waiting_or_not(token_id))

    def remove_all(self, element_id: str) -> None:
        """Takes away every token that stands on an element."""
        for token in list(self._case.tokens()):
            if token.task_spec.element.id == element_id and self._case.alive(token):
                mending.remove(self._case, token)

    def cancel(self) -> None:
        """Takes away every token."""
        self._case.clear(self._case)
        self._case.completed = True

    def _waiting(self, wait_id: str) -> Task:
        token = self._waiting_or_not(wait_id)
        if token.state not in (TaskState.READY, TaskState.WAITING):
            raise Conflict("engine.not_waiting")
        return token

    def _waiting_or_not(self, token_id: str) -> Task:
        try:
            token = self._case.token(UUID(token_id))
        except ValueError:
            token = None
        if token is None:
            raise Conflict("engine.not_waiting")
        return token

    def advance(self, budget: Budget) -> None:
        """Runs everything that goes on by itself; ExecutionFailed beyond the budget or in a dead end."""
        advance(self._case, self.definition, budget)
