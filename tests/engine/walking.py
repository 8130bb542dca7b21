"""Walks an execution in tests, by the ids of what is open, freezing and thawing it between steps."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from service.engine.definition import Definition
from service.engine.execution import Budget, Execution

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


class Walk:
    """An instance that is frozen and thawed before each step, as the service does."""

    def __init__(
        self, definition: Definition, variables: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        self.definition = definition
        self.now = NOW
        self.budget = Budget()
        self._keep(Execution.start(definition, variables or {}, self.now, **kwargs))

    def _keep(self, execution: Execution) -> None:
        execution.advance(self.budget)
        self.steps = execution.steps
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
        return Execution.restore(self.definition, self.state, self.variables, self.now)

    def do(self, element: str, values: Mapping[str, Any] | None = None, nth: int = 0) -> "Walk":
        """Completes or fires what waits at an element."""
        wait = [wait for wait in self.waits if wait.element.id == element][nth]
        execution = self.restored()
        (execution.complete if wait.kind == "user_task" else execution.fire)(wait.id, values or {})
        self._keep(execution)
        return self
