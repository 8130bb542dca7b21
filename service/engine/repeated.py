"""Activities that are done again: for each of several instances, or for as long as something holds."""

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.diagram.model import Element, Loop
from service.engine import scripting
from service.engine.elements import Node, case_of, node_name
from service.engine.scope import Case, ScopeSpec

LOOP_COUNTER = "loopCounter"
ITEMS = "#items"
"""What the items in turn are called beside their token; `#` cannot stand in a variable's name."""


class Repeated(Node):
    """An activity whose rounds or instances are child tokens of its own."""

    loop: Loop
    item: str

    def __init__(self, spec: ScopeSpec, element: Element) -> None:
        super().__init__(spec, element)
        assert element.loop
        self.loop = element.loop
        self.item = node_name(element.id) + "#item"

    def item_done(self, token: Task, child: Task) -> None:
        """A round or instance is done."""
        raise NotImplementedError

    def item_removed(self, token: Task, child: Task) -> None:
        """An operator took a round or instance away."""
        raise NotImplementedError

    def _new(self, token: Task, data: dict[str, Any], internal: dict[str, Any]) -> None:
        child = token._add_child(token.workflow.spec.task_specs[self.item], TaskState.FUTURE)
        child.internal_data |= internal
        child.data = data
        child.task_spec._update(child)


class StandardLoop(Repeated):
    """The same activity again and again (BPMN 2.0.2, 13.3.6); what it writes is the case's."""

    condition: str | None = None
    maximum: str | None = None

    def _run_hook(self, my_task: Task) -> bool | None:
        my_task.data[LOOP_COUNTER] = 0
        if self.loop.test_before and not self._goes_on(my_task):
            return True
        self._new(my_task, {LOOP_COUNTER: 0}, {})
        return None

    def item_done(self, token: Task, child: Task) -> None:
        child.workflow._remove_task(child.id)
        token.data[LOOP_COUNTER] += 1
        if self._goes_on(token):
            self._new(token, {LOOP_COUNTER: token.data[LOOP_COUNTER]}, {})
        else:
            token.complete()

    def item_removed(self, token: Task, child: Task) -> None:
        case_of(token).withdraw(child)
        token.complete()

    def _goes_on(self, token: Task) -> bool:
        case = case_of(token)
        if self.maximum is not None:
            most = scripting.evaluate(case, token, self.maximum)
            if not isinstance(most, int) or isinstance(most, bool):
                raise self.failed("engine.loop_maximum", expression=self.maximum)
            if token.data[LOOP_COUNTER] >= most:
                return False
        if self.condition is None:
            return True
        holds = scripting.evaluate(case, token, self.condition)
        if not isinstance(holds, bool):
            lacking = scripting.lacking(case, token, self.condition)
            raise self.failed("engine.loop_condition", expression=self.condition, lacking=lacking)
        return holds


class MultiInstance(Repeated):
    """The same activity once for each item of a list, or a number of times; at once or in turn.

    Each instance is a child token with its own variables: the item, `loopCounter` from 0, and what
    is written in it. When an instance is done, what it wrote joins the item in the list; without a
    list of objects it is collected under the element's id. Which items there are is settled when the
    token arrives, as chapter 13.3.7 of BPMN 2.0.2 has it: a list that changes later does not count.
    """

    def __init__(self, spec: ScopeSpec, element: Element, limit: int = 500) -> None:
        super().__init__(spec, element)
        self.limit = limit
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
            lacking = scripting.lacking(case, token, source)
            raise self.failed("engine.collection", expression=source, lacking=lacking)
        if len(value) > self.limit:
            raise self.failed("engine.too_many", limit=self.limit)
        return value

    def _begin(self, token: Task, item: Any) -> None:
        place = token.internal_data["begun"]
        token.internal_data["begun"] = place + 1
        data = {LOOP_COUNTER: place}
        if self.loop.variable:
            data[self.loop.variable] = item
        self._new(token, data, {"place": place, "written": []})

    def item_done(self, token: Task, child: Task) -> None:
        case = case_of(token)
        token.internal_data["done"] += 1
        enough = self.completion and self._enough(case, token, child)
        self._collect(case, token, child)
        child.workflow._remove_task(child.id)
        self._go_on(token, enough=bool(enough))

    def item_removed(self, token: Task, child: Task) -> None:
        case_of(token).withdraw(child)
        token.internal_data["total"] -= 1
        self._go_on(token, enough=False)

    def _go_on(self, token: Task, *, enough: bool) -> None:
        """Keeps waiting for the others, begins the next one in turn, or ends."""
        count = token.internal_data
        if enough or count["done"] >= count["total"]:
            for other in list(self.instances(token)):
                case_of(token).withdraw(other)
            token.complete()
        elif self.loop.kind == "sequential":
            self._begin(token, token.data[ITEMS][count["begun"]])

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
            lacking = scripting.lacking(case, child, self.completion)
            raise self.failed("engine.completion", expression=self.completion, lacking=lacking)
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
