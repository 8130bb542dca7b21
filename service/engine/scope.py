"""The live side of a process: its tokens, in a scope for the process and one per open sub-process."""

from collections import ChainMap, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NoReturn, Self
from uuid import UUID

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

ORIGIN = "#origin"
"""The name of each scope's root; `#` cannot stand in an XML id, so no element can have it."""


class Origin(BpmnTaskSpec):  # type: ignore[misc]
    """The root of a scope's tree: the parent of its tokens, never run."""

    def __init__(self, spec: BpmnProcessSpec) -> None:
        super().__init__(spec, ORIGIN)

    def test(self) -> None:
        """A root needs neither inputs nor outputs."""

    def _predict(self, my_task: Task, *_: Any, **__: Any) -> None:
        """Nothing is drawn ahead of its token."""


class ScopeSpec(BpmnProcessSpec):  # type: ignore[misc]
    """The specs of one process or embedded sub-process, by the name `node_name` gives an element's id.

    `entry` is the name of its none start event, empty where there is none.
    """

    def __init__(self, scope_id: str) -> None:
        super().__init__(name=scope_id)
        self.start = Origin(self)
        self.entry = ""


class NoScripts:
    """Stands where SpiffWorkflow keeps its Python engine, so that nothing can reach one."""

    def __getattr__(self, name: str) -> NoReturn:
        raise RuntimeError(f"SpiffWorkflow asked for its script engine ({name})")


@dataclass(frozen=True)
class Step:
    """A token entered or left an element, or was taken from it."""

    token: str
    element: str
    kind: Literal["entered", "left", "cancelled"]


class Scope(BpmnSubWorkflow):  # type: ignore[misc]
    """The tokens inside one open embedded sub-process."""

    def _task_completed_notify(self, task: Task) -> None:
        """SpiffWorkflow would walk the whole tree here; tokens are woken by name instead."""


class Case(BpmnWorkflow):  # type: ignore[misc]
    """The tokens of one instance, the queue of those that can go on by themselves, and its variables.

    `steps` collects what happened since it was started or restored and `written` the names of the
    case's variables that were set; `now` is the moment that timers count from.
    """

    def __init__(
        self, spec: ScopeSpec, scopes: Mapping[str, ScopeSpec], variables: dict[str, Any], **kwargs: Any
    ) -> None:
        self.variables = variables
        self.queue: deque[Task] = deque()
        self.steps: list[Step] = []
        self.end: str | None = None
        self.written: set[str] = set()
        self.now: datetime
        super().__init__(spec, dict(scopes), script_engine=NoScripts(), **kwargs)

    @classmethod
    def new(cls, spec: ScopeSpec, scopes: Mapping[str, ScopeSpec], variables: dict[str, Any]) -> Self:
        """A case without a token yet."""
        case = cls(spec, scopes, variables)
        case.task_tree._set_state(TaskState.STARTED)
        return case

    def _task_completed_notify(self, task: Task) -> None:
        """As in Scope."""

    def create_subprocess(self, my_task: Task, spec_name: str) -> Scope:
        """Opens the scope of a sub-process that a token has reached."""
        scope = Scope(self.subprocess_specs[spec_name], my_task.id, self)
        scope.task_tree._set_state(TaskState.STARTED)
        self.subprocesses[my_task.id] = scope
        return scope

    def tokens(self) -> Iterator[Task]:
        """Every live token, scope by scope, oldest first."""
        for scope in (self, *self.subprocesses.values()):
            for task in scope.tasks.values():
                if task.task_spec.name != ORIGIN:
                    yield task

    def token(self, token_id: UUID) -> Task | None:
        """The live token with this id."""
        for scope in (self, *self.subprocesses.values()):
            if task := scope.tasks.get(token_id):
                return task
        return None

    def entered(self, task: Task) -> None:
        """Notes that a token stands on an element now."""
        self.steps.append(Step(str(task.id), task.task_spec.element.id, "entered"))

    def left(self, task: Task) -> None:
        """Notes that a token has gone on."""
        self.steps.append(Step(str(task.id), task.task_spec.element.id, "left"))

    def context(self, task: Task) -> Mapping[str, Any]:
        """What an expression sees at a token: the case's variables under those of its several instances."""
        local = [owner.data for owner in self._owners(task) if owner.data]
        return ChainMap(*local, self.variables) if local else self.variables

    def locals(self, task: Task) -> dict[str, Any]:
        """The variables that only this token's instance sees."""
        return dict(ChainMap(*(owner.data for owner in self._owners(task))))

    def write(self, task: Task, values: Mapping[str, Any]) -> None:
        """Sets variables where the token writes: in its own instance of several, else in the case."""
        owner = self._item(task)
        (self.variables if owner is None else owner.data).update(values)
        if owner is None:
            self.written.update(values)
        else:
            owner.internal_data["written"] = [*{**dict.fromkeys(owner.internal_data["written"]), **values}]

    def place(self, task: Task) -> int | None:
        """Which of several instances the token is in, from 0; the innermost, if they are in each other."""
        owner = self._item(task)
        return None if owner is None else owner.internal_data["place"]

    def _item(self, task: Task) -> Task | None:
        return next((owner for owner in self._owners(task) if owner.task_spec.is_item), None)

    def _owners(self, task: Task) -> Iterator[Task]:
        """The token and the hosts of the sub-processes it is in, from the inside out."""
        owner: Task | None = task
        while owner is not None:
            yield owner
            owner = self.token(owner.workflow.parent_task_id) if owner.workflow is not self else None

    def retire(self, task: Task) -> None:
        """Takes a token that is done off the tree; an empty scope is finished."""
        scope = task.workflow
        scope._remove_task(task.id)
        self.close_if_empty(scope)

    def close_if_empty(self, scope: "Case | Scope") -> None:
        """Finishes the case, or lets a sub-process go on, when its last token is gone."""
        if len(scope.tasks) > 1:
            return
        if scope is self:
            self.completed = True
            return
        host = self.token(scope.parent_task_id)
        if host is not None:
            del self.subprocesses[host.id]
            host.complete()

    def withdraw(self, task: Task) -> None:
        """Cancels a token with everything under it; does not look whether its scope is empty now."""
        inner = self.subprocesses.pop(task.id, None)
        for child in [*task.children, *(inner.task_tree.children if inner else ())]:
            self.withdraw(child)
        if task.internal_data.get("stands"):
            self.steps.append(Step(str(task.id), task.task_spec.element.id, "cancelled"))
        task._set_state(TaskState.CANCELLED)
        task.workflow._remove_task(task.id)
