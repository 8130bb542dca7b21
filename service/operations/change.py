"""What one advance did to a case: from which waits to which, and what the history will tell of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from service.engine.execution import Execution, Wait
from service.operations import history
from service.operations.identity import Actor
from service.store.models import ProcessInstance
from service.store.rows import Row


@dataclass(frozen=True)
class Change:
    """One advance, and who set it going; `before` and `after` are the waits by their ids."""

    session: Session
    instance: ProcessInstance
    execution: Execution
    actor: Actor
    at: datetime
    before: dict[str, Wait]
    after: dict[str, Wait]
    events: list[Row] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        session: Session,
        instance: ProcessInstance,
        execution: Execution,
        actor: Actor,
        at: datetime,
        before: dict[str, Wait],
    ) -> "Change":
        """What was done to an execution that has advanced, and had these waits before."""
        return cls(session, instance, execution, actor, at, before, by_id(execution))

    @property
    def new(self) -> list[Wait]:
        """The waits that have come up, oldest first."""
        return [wait for id_, wait in self.after.items() if id_ not in self.before]

    @property
    def gone(self) -> list[Wait]:
        """The waits that are no more."""
        return [wait for id_, wait in self.before.items() if id_ not in self.after]

    def tell(self, kind: str, actor: Actor, **told: Any) -> None:
        """The history's next event, to be written with the others of this change."""
        self.events.append(history.event(self.instance, kind, actor, **told))

    def write(self) -> None:
        """Writes the events that were told, all with one statement."""
        history.write(self.session, self.events)
        self.events.clear()


def by_id(execution: Execution) -> dict[str, Wait]:
    """What an execution waits for, oldest first."""
    return {wait.id: wait for wait in execution.waits()}
