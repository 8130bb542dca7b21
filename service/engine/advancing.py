"""Lets a case go on by itself, token by token, to the next waits."""

import time
from dataclasses import dataclass

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.engine import mending
from service.engine.definition import Definition
from service.engine.elements import Node
from service.engine.events import waiting
from service.engine.gateways import InclusiveGateway
from service.engine.scope import Case
from service.engine.waits import waits
from service.errors import ExecutionFailed


@dataclass(frozen=True)
class Budget:
    """How much one advance may cost: steps of the engine, and seconds of wall time."""

    steps: int = 2000
    seconds: float = 5.0


def advance(case: Case, definition: Definition, budget: Budget) -> None:
    """Runs everything that goes on by itself; ExecutionFailed beyond the budget or in a dead end."""
    until, steps = time.monotonic() + budget.seconds, 0
    mending.tidy(case)
    while token := _next(case, definition):
        steps += 1
        if steps > budget.steps or time.monotonic() > until:
            raise token.task_spec.failed("engine.budget", steps=steps)
        token.task_spec.go_on(token)
    if not case.completed and next(waits(case), None) is None:
        raise _dead_end(case)


def _next(case: Case, definition: Definition) -> Task | None:
    """The next token that can go on; an inclusive gateway joins only when nothing else can move."""
    while not case.completed:
        _look_at_conditions(case, definition)
        while case.queue:
            token = case.queue.popleft()
            if case.alive(token) and token.state in (TaskState.READY, TaskState.WAITING):
                return token
        if not _settle(case):
            return None
    return None


def _look_at_conditions(case: Case, definition: Definition) -> None:
    """Whenever variables were written, the events whose condition became true go before all else."""
    if case.unsettled and definition.conditional:
        tokens = waiting(case, "conditional")
        due = [token for token in tokens if token.task_spec.becomes_true(token)]
        case.queue.extendleft(reversed(due))
    case.unsettled = False


def _settle(case: Case) -> bool:
    """Lets one inclusive gateway join, innermost scope first."""
    for scope in (*reversed(case.subprocesses.values()), case):
        gateways = {
            task.task_spec
            for task in scope.task_tree.children
            if isinstance(task.task_spec, InclusiveGateway) and task.state == TaskState.WAITING
        }
        for gateway in sorted(gateways, key=lambda spec: str(spec.name)):
            if gateway.settle(scope):
                return True
    return False


def _dead_end(case: Case) -> ExecutionFailed:
    """Tokens are left that nothing can ever move, as at a parallel gateway that lacks one."""
    nodes: list[Node] = [token.task_spec for token in case.tokens()]
    stuck = next(node for node in nodes if node.element.type.endswith("Gateway"))
    return stuck.failed("engine.dead_end")
