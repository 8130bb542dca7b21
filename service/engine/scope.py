"""The live side of a process: its tokens, in a scope for the process and one per open sub-process."""

from collections import ChainMap, deque
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NoReturn, Protocol, Self
from uuid import UUID, uuid4

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.dmn import Decide, Decided

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


class Trigger(Protocol):
    """What begins an event sub-process, listening for as long as the scope around it is open."""

    def listen(self, token: Task) -> None:
        """Begins to wait, with a token of the scope's own."""


class ScopeSpec(BpmnProcessSpec):  # type: ignore[misc]
    """The specs of one process or embedded sub-process, by the name `node_name` gives an element's id.

    `entry` is the name of its none start event, empty where there is none, and `triggers` what
    begins the event sub-processes in it.
    """

    def __init__(self, scope_id: str) -> None:
        super().__init__(name=scope_id)
        self.start = Origin(self)
        self.entry = ""
        self.triggers: tuple[Trigger, ...] = ()


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


@dataclass(frozen=True)
class Thrown:
    """What left the instance: a message or signal by its name, an escalation or error by its code."""

    kind: Literal["message", "signal", "escalation", "error"]
    name: str
    element: str
    values: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""


class Scope(BpmnSubWorkflow):  # type: ignore[misc]
    """The tokens inside one open embedded sub-process."""

    def _task_completed_notify(self, task: Task) -> None:
        """SpiffWorkflow would walk the whole tree here; tokens are woken by name instead."""


class Case(BpmnWorkflow):  # type: ignore[misc]
    """The tokens of one instance, the queue of those that can go on by themselves, and its variables.

    `steps`, `thrown` and `decided` collect what happened since it was started or restored, and
    `written` the names of the case's variables that were set; `unsettled` says that a condition may
    hold now that did not. `now` is the moment that timers count from, `called` whether another case
    waits for this one, and `decide` how a decision is found.
    """

    def __init__(
        self,
        spec: ScopeSpec,
        scopes: Mapping[str, ScopeSpec],
        variables: MutableMapping[str, Any],
        **kwargs: Any,
    ) -> None:
        self.variables = variables
        self.queue: deque[Task] = deque()
        self.steps: list[Step] = []
        self.thrown: list[Thrown] = []
        self.decided: list[tuple[str, Decided]] = []
        self.end: str | None = None
        self.written: set[str] = set()
        self.unsettled = False
        self.called = False
        self.decide: Decide | None = None
        self.now: datetime
        super().__init__(spec, dict(scopes), script_engine=NoScripts(), **kwargs)

    @classmethod
    def new(
        cls, spec: ScopeSpec, scopes: Mapping[str, ScopeSpec], variables: MutableMapping[str, Any]
    ) -> Self:
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

    def listen(self, scope: "Case | Scope") -> None:
        """The event sub-processes of a scope that was opened begin to wait for their events."""
        for trigger in scope.spec.triggers:
            trigger.listen(scope.task_tree._add_child(trigger, TaskState.FUTURE))

    def scopes(self) -> "tuple[Case | Scope, ...]":
        """The process and its open sub-processes, the outer before the inner."""
        return (self, *self.subprocesses.values())

    def tokens(self) -> Iterator[Task]:
        """Every live token, scope by scope, oldest first."""
        for scope in self.scopes():
            for task in scope.tasks.values():
                if task.task_spec.name != ORIGIN:
                    yield task

    def token(self, token_id: UUID) -> Task | None:
        """The live token with this id."""
        for scope in self.scopes():
            if task := scope.tasks.get(token_id):
                return task
        return None

    def alive(self, task: Task) -> bool:
        """Whether a token has not been taken away meanwhile."""
        return task.id in task.workflow.tasks

    def host(self, scope: "Case | Scope") -> Task | None:
        """The token of the sub-process that a scope belongs to; None for the process itself."""
        return None if scope is self else self.token(scope.parent_task_id)

    def entered(self, task: Task) -> None:
        """Notes that a token stands on an element now."""
        task.internal_data["stands"] = True
        self.steps.append(Step(str(task.id), task.task_spec.element.id, "entered"))

    def left(self, task: Task) -> None:
        """Notes that a token has gone on."""
        task.internal_data["stands"] = False
        self.steps.append(Step(str(task.id), task.task_spec.element.id, "left"))

    def passed(self, task: Task) -> None:
        """Notes a visit of an event that may come again while its token keeps listening."""
        visit, element = str(uuid4()), task.task_spec.element.id
        self.steps += [Step(visit, element, "entered"), Step(visit, element, "left")]

    def context(self, task: Task) -> Mapping[str, Any]:
        """What an expression sees at a token: the case's variables under those that are local to it."""
        local = [owner.data for owner in self._owners(task) if owner.data]
        return ChainMap(*local, self.variables) if local else self.variables

    def locals(self, task: Task) -> dict[str, Any]:
        """The variables that only this token sees."""
        return dict(ChainMap(*(owner.data for owner in self._owners(task))))

    def write(self, task: Task, values: Mapping[str, Any], *, outside: bool = False) -> None:
        """Sets variables, each where the token has it: its own, those of what it is in, or the case's.

        What is new goes to its own instance of several, else to the case. `outside` is for what an
        activity hands out: it does not stay with the activity's own token.
        """
        owners = list(self._writers(task, outside=outside))
        for name, value in values.items():
            owner = next((owner for owner in owners if name in owner.data), None)
            if owner is None and owners and collects(owners[-1]):
                owner = owners[-1]
            (self.variables if owner is None else owner.data)[name] = value
            if owner is None:
                self.written.add(name)
            elif collects(owner) and name not in owner.internal_data["written"]:
                owner.internal_data["written"] = [*owner.internal_data["written"], name]
        self.unsettled = True

    def _writers(self, task: Task, *, outside: bool) -> Iterator[Task]:
        """Whose variables a token writes: from the inside out, as far as its own instance of several."""
        for owner in self._owners(task):
            if not (outside and owner is task) or collects(owner):
                yield owner
            if collects(owner):
                return

    def place(self, task: Task) -> int | None:
        """Which of several instances the token is in, from 0; the innermost, if they are in each other."""
        owner = next((owner for owner in self._owners(task) if collects(owner)), None)
        return None if owner is None else owner.internal_data["place"]

    def _owners(self, task: Task) -> Iterator[Task]:
        """The token and the hosts of the sub-processes it is in, from the inside out."""
        owner: Task | None = task
        while owner is not None:
            yield owner
            owner = self.host(owner.workflow)

    def retire(self, task: Task) -> None:
        """Takes a token that is done off the tree; an empty scope is finished."""
        scope = task.workflow
        scope._remove_task(task.id)
        self.close_if_empty(scope)

    def close_if_empty(self, scope: "Case | Scope") -> None:
        """Finishes the case, or lets a sub-process go on, when its last token is gone."""
        if any(not task.task_spec.is_trigger for task in scope.task_tree.children):
            return
        self.clear(scope)
        if scope is self:
            self.completed = True
        elif host := self.host(scope):
            del self.subprocesses[host.id]
            host.complete()

    def clear(self, scope: "Case | Scope", besides: Iterable[Task] = ()) -> None:
        """Withdraws every token of a scope but these."""
        for task in list(scope.task_tree.children):
            if task not in besides:
                self.withdraw(task)

    def withdraw(self, task: Task) -> None:
        """Cancels a token with everything under it; does not look whether its scope is empty now."""
        inner = self.subprocesses.pop(task.id, None)
        for child in [*task.children, *(inner.task_tree.children if inner else ())]:
            self.withdraw(child)
        if task.internal_data.get("stands"):
            self.steps.append(Step(str(task.id), task.task_spec.element.id, "cancelled"))
        task._set_state(TaskState.CANCELLED)
        task.workflow._remove_task(task.id)


def collects(token: Task) -> bool:
    """Whether a token is one of several instances, whose results are gathered when it is done."""
    return "written" in token.internal_data
