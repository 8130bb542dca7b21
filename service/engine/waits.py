"""What an instance waits for: people, programs outside, called cases, messages, signals, times and more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.diagram.model import Element
from service.engine import scripting
from service.engine.activities import Call, External, Work
from service.engine.events import Catching, due_of
from service.engine.scope import Case


@dataclass(frozen=True)
class Wait:
    """Something the instance waits for; `id` is stable for as long as it waits.

    `name` is a message's, a signal's or a topic's, or the key of the process that is called.
    """

    id: str
    kind: Literal["user_task", "message", "signal", "timer", "conditional", "external", "call"]
    element: Element
    _case: Case = field(repr=False)
    _token: Task = field(repr=False)
    name: str = ""
    due: datetime | None = None
    priority: int = 0

    @property
    def locals(self) -> Mapping[str, Any]:
        """The variables that only this token sees."""
        return self._case.locals(self._token)

    @property
    def item(self) -> str:
        """What this one of several instances is called: by its label, else by its number."""
        if (place := self._case.place(self._token)) is None:
            return ""
        label = self.element.properties.get("sop.butir")
        return scripting.text(label, self._case.context(self._token)) or str(place + 1)


def waits(case: Case) -> Iterator[Wait]:
    """Everything a case waits for, oldest first; errors and escalations come from inside, and are none."""
    for token in case.tokens():
        match token.task_spec, token.state:
            case Work(), TaskState.READY:
                yield _wait(case, token, "user_task")
            case External(), TaskState.READY:
                kept = token.internal_data
                yield _wait(case, token, "external", kept["topic"], priority=kept["priority"])
            case Call(), TaskState.READY:
                yield _wait(case, token, "call", token.task_spec.element.called or "")
            case Catching(event=event), TaskState.WAITING if event.kind not in ("error", "escalation"):
                due = due_of(token).at if event.kind == "timer" else None
                yield _wait(case, token, event.kind, event.name or "", due)


def _wait(
    case: Case, token: Task, kind: Any, name: str = "", due: datetime | None = None, priority: int = 0
) -> Wait:
    return Wait(str(token.id), kind, token.task_spec.element, case, token, name, due, priority)
