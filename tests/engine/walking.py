"""Walks an execution in tests, by the ids of what is open, freezing and thawing it between steps."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from service.engine.definition import Definition
from service.engine.execution import Budget, Execution, Wait

WORK = ("user_task", "external", "call")
"""What is completed; everything else is fired."""
NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


class Walk:
    """An instance that is frozen and thawed before each step, as the service does."""

    def __init__(
        self,
        definition: Definition,
        variables: dict[str, Any] | None = None,
        *,
        element: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.definition = definition
        self.now = NOW
        self.budget = Budget()
        self._kwargs = kwargs
        self.keep(Execution.start(definition, variables or {}, self.now, element=element, **kwargs))

    def keep(self, execution: Execution) -> None:
        execution.advance(self.budget)
        self.steps = execution.steps
        self.thrown = execution.thrown
        self.waits = list(execution.waits())
        self.ended = execution.ended
        self.end = execution.end_element.id if execution.end_element else None
        self.variables = execution.variables
        self.state = execution.freeze()

    @property
    def open(self) -> list[str]:
        """The elements that are waiting, sorted."""
        return sorted(wait.element.id for wait in self.waits)

    def restored(self) -> Execution:
        """The instance thawed from its text."""
        return Execution.restore(self.definition, self.state, dict(self.variables), self.now, **self._kwargs)

    def do(self, element: str, values: Mapping[str, Any] | None = None, nth: int = 0) -> "Walk":
        """Completes or fires what waits at an element."""
        return self.act([wait for wait in self.waits if wait.element.id == element][nth], values)

    def act(self, wait: Wait, values: Mapping[str, Any] | None = None) -> "Walk":
        """Completes or fires a wait."""
        execution = self.restored()
        (execution.complete if wait.kind in WORK else execution.fire)(wait.id, values or {})
        self.keep(execution)
        return self

    def raise_(self, element: str, kind: str, code: str, nth: int = 0) -> bool:
        """An error or an escalation comes out of what is done at an element; whether somebody caught it."""
        wait = [wait for wait in self.waits if wait.element.id == element][nth]
        execution = self.restored()
        caught = execution.raise_(wait.id, kind, code)
        self.keep(execution)
        return caught

    def write(self, values: Mapping[str, Any]) -> "Walk":
        """Sets variables of the case from outside."""
        execution = self.restored()
        execution.write(values)
        self.keep(execution)
        return self
