"""Activities: a person's work, a script, a sub-process, and any of them several times."""

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.diagram.model import Element
from service.engine import scripting
from service.engine.elements import Node, case_of, node_name
from service.engine.scope import Case, ScopeSpec
from service.errors import ExecutionFailed

LOOP_COUNTER = "loopCounter"
ITEMS = "#items"
"""What the items in turn are called beside their token; `#` cannot stand in a variable's name."""


class Work(Node):
    """A user, manual or plain task: it stands until a person completes it."""

    manual_work = True


class Script(Node):
    """A FEEL expression whose value goes to one variable."""

    expression: str

    def _run_hook(self, my_task: Task) -> bool:
        case = case_of(my_task)
        name = self.element.camunda["resultVariable"]
        case.write(my_task, {name: scripting.evaluate(case, my_task, self.expression)})
        return True


class SubProcess(Node):
    """An embedded sub-process: its token stands while any token inside it lives."""

    def _run_hook(self, my_task: Task) -> None:
        scope = case_of(my_task).create_subprocess(my_task, self.element.id)
        start = scope.spec.task_specs[scope.spec.entry]
        first = scope.task_tree._add_child(start, TaskState.FUTURE)
        start._update(first)


class MultiInstance(Node):
    """The same activity once for each item of a list, or a number of times; at once or in turn.

    Each instance is a child token with its own variables: the item, `loopCounter` from 0, and what
    is written in it. When an instance is done, what it wrote joins the item in the list; without a
    list of objects it is collected under the element's id. Which items there are is settled when the
    token arrives, as chapter 13.3.7 of BPMN 2.0.2 has it: a list that changes later does not count.
    """

    def __init__(self, spec: ScopeSpec, element: Element, limit: int = 500) -> None:
        super().__init__(spec, element)
        assert element.loop
        self.loop = element.loop
        self.limit = limit
        self.item = node_name(element.id) + "#item"
        self.collection: str | None = None
        self.cardinality: str | None = None
        self.completion: str | None = None

    def _run_hook(self, my_task: Task) -> bool | None:
        case, items = case_of(my_task), self._items(my_task)
        if self.element.id in case.context(my_task):
            case.write(my_task, {self.element.id: []})
        my_task.internal_data |= {"total": len(items), "begun": 0, "done": 0}
        if not items:
            return True
        if self.loop.kind == "sequential":
            my_task.data[ITEMS], items = items, items[:1]
        for item in items:
            self._begin(my_task, item)
        return None

    def _items(self, token: Task) -> list[Any]:
        case = case_of(token)
        source = self.collection or self.cardinality
        assert source
        value = scripting.evaluate(case, token, source)
        if self.collection is None and isinstance(value, int) and not isinstance(value, bool):
            value = list(range(min(value, self.limit + 1)))
        if not isinstance(value, list):
            raise self._failed("engine.collection", token, expression=source)
        if len(value) > self.limit:
            raise self._failed("engine.too_many", token, limit=self.limit)
        return value

    def _begin(self, token: Task, item: Any) -> None:
        place = token.internal_data["begun"]
        token.internal_data["begun"] = place + 1
        child = token._add_child(token.workflow.spec.task_specs[self.item], TaskState.FUTURE)
        child.internal_data |= {"place": place, "written": []}
        child.data = {LOOP_COUNTER: place}
        if self.loop.variable:
            child.data[self.loop.variable] = item
        child.task_spec._update(child)

    def item_done(self, token: Task, child: Task) -> None:
        """One instance is done: keep its results, then go on, begin the next, or wait for the others."""
        case = case_of(token)
        token.internal_data["done"] += 1
        enough = self.completion and self._enough(case, token, child)
        self._collect(case, token, child)
        child.workflow._remove_task(child.id)
        done, total = token.internal_data["done"], token.internal_data["total"]
        if enough or done >= total:
            for other in self.instances(token):
                case.withdraw(other)
            token.complete()
        elif self.loop.kind == "sequential":
            self._begin(token, token.data[ITEMS][done])

    def instances(self, token: Task) -> Iterator[Task]:
        """The instances that are still open."""
        return (child for child in token.children if child.task_spec.is_item)

    def _enough(self, case: Case, token: Task, child: Task) -> bool:
        assert self.completion
        done = token.internal_data["done"]
        child.data |= {
            "nrOfInstances": token.internal_data["total"],
            "nrOfCompletedInstances": done,
            "nrOfActiveInstances": token.internal_data["begun"] - done,
        }
        enough = scripting.evaluate(case, child, self.completion)
        if not isinstance(enough, bool):
            raise self._failed("engine.completion", token, expression=self.completion)
        return enough

    def _collect(self, case: Case, token: Task, child: Task) -> None:
        place = child.internal_data["place"]
        result = {name: child.data[name] for name in child.internal_data["written"]}
        if not result:
            return
        rows = case.context(token).get(self.collection or "")
        if isinstance(rows, list) and place < len(rows):
            row, result = self._joined(rows[place], result)
            case.write(token, {self.collection or "": [*rows[:place], row, *rows[place + 1 :]]})
        if result:
            collected = case.context(token).get(self.element.id)
            collected = collected if isinstance(collected, list) else []
            case.write(token, {self.element.id: [*collected, {**result, LOOP_COUNTER: place}]})

    def _joined(self, row: Any, result: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """The item with what an instance wrote to it, and what of its results has no place there."""
        item = result.pop(self.loop.variable or "", row)
        if isinstance(row, dict) and isinstance(item, dict):
            return row | item | result, {}
        return item, result

    def _failed(self, key: str, token: Task, **params: Any) -> ExecutionFailed:
        return ExecutionFailed(key, element=self.element.id, name=self.element.name or "", **params)
