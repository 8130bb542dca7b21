"""Gateways: where tokens part and meet, as chapter 13.4 of BPMN 2.0.2 tells it."""

from collections.abc import Iterable, Mapping

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.engine import scripting
from service.engine.elements import Node, case_of
from service.engine.events import Catching
from service.engine.scope import Case, Scope
from service.engine.scripting import Path


class ExclusiveGateway(Node):
    """Each token takes the first flow whose condition holds, else the default; it never waits."""

    def open_paths(self, token: Task) -> Iterable[Path]:
        if len(self.paths) == 1 and self.paths[0].condition is None:
            return self.paths
        case = case_of(token)
        for path in self.paths:
            if not path.default and path.condition and scripting.holds(case, token, path):
                return (path,)
        if default := [path for path in self.paths if path.default]:
            return default
        raise self.failed("engine.no_path")


class Joining(Node):
    """A gateway whose tokens wait for each other; a waiting token knows the flow it came by.

    One that an operator put here came by none, and goes on alone.
    """

    def arrive(self, token: Task) -> None:
        if len(self.element.incoming) > 1 and "via" in token.internal_data:
            token._set_state(TaskState.WAITING)
            self.meet(token)
        else:
            self.stand(token)
            token._ready()

    def meet(self, token: Task) -> None:
        """A token has come to wait with the others."""

    def waiting(self, scope: "Case | Scope") -> dict[str, Task]:
        """The oldest waiting token of each incoming flow that has one."""
        oldest: dict[str, Task] = {}
        for task in scope.tasks.values():
            if task.task_spec is self and task.state == TaskState.WAITING:
                oldest.setdefault(task.internal_data["via"], task)
        return oldest

    def join(self, tokens: Iterable[Task]) -> None:
        """Makes one token of several; any more on the same flows stay and wait for the next round."""
        first, *others = tokens
        for other in others:
            other.workflow._remove_task(other.id)
        self.stand(first)
        first._ready()


class ParallelGateway(Joining):
    """Takes one token from each incoming flow, gives one to each outgoing flow."""

    def meet(self, token: Task) -> None:
        arrived = self.waiting(token.workflow)
        if arrived.keys() >= set(self.element.incoming):
            self.join(arrived.values())

    def open_paths(self, token: Task) -> Iterable[Path]:
        return self.paths


class InclusiveGateway(Joining):
    """Waits while a token elsewhere could still come in by a flow that has none.

    `upstream` gives, for each incoming flow, the names of the specs from which a token can reach it
    without passing this gateway.
    """

    upstream: Mapping[str, frozenset[str]]

    def settle(self, scope: "Case | Scope") -> bool:
        """Joins what waits here if nothing more can come; asked when nothing else can move by itself."""
        arrived = self.waiting(scope)
        if not arrived or self._awaits_more(scope, arrived):
            return False
        self.join(arrived.values())
        return True

    def _awaits_more(self, scope: "Case | Scope", arrived: Mapping[str, Task]) -> bool:
        empty = self.upstream.keys() - arrived.keys()
        elsewhere = {task.task_spec.name for task in scope.task_tree.children if task.task_spec is not self}
        return any(
            any(name in self.upstream[flow] for flow in empty)
            and not any(name in self.upstream[flow] for flow in arrived)
            for name in elsewhere
        )


class EventGateway(Node):
    """Waits for the first of several events; the choices wait as children of its token."""

    def _run_hook(self, my_task: Task) -> None:
        for path in self.paths:
            choice = my_task.workflow.spec.task_specs[path.target]
            assert isinstance(choice, Catching)
            choice.listen(my_task._add_child(choice, TaskState.FUTURE))
