"""The engine that Alur would have with SpiffWorkflow as it comes: its parser, its tree, its JSON.

It stands in for `service.engine.execution.Execution` in the benchmark's own server, for a diagram of
user tasks and exclusive gateways. What it does is what SpiffWorkflow's documentation shows: the
whole history stays in the tree, specs are written with every instance, conditions are Python.
"""

import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service import feel
from service.diagram.model import Element
from service.engine import scripting
from service.engine.definition import Definition
from service.engine.execution import Budget, People, Wait
from service.engine.scope import Step
from service.errors import Conflict

CONDITION = "{http://www.omg.org/spec/BPMN/20100524/MODEL}conditionExpression"


class Own(threading.local):
    """A serializer for each thread: one that two threads share can write an instance wrongly."""

    def __init__(self) -> None:
        self.serializer = BpmnWorkflowSerializer()


OWN = Own()


def parsed(diagram: bytes, process_id: str) -> BpmnProcessSpec:
    """SpiffWorkflow's spec of a process, its FEEL equations as Python's."""
    root = etree.fromstring(diagram)
    for condition in root.iter(CONDITION):
        condition.text = (condition.text or "").removeprefix("=").replace(" = ", " == ")
    parser = BpmnParser()
    parser.add_bpmn_xml(root)
    return parser.get_spec(process_id)


class Open(Wait):
    """A user task that is open; this diagram has no several instances."""

    @property
    def locals(self) -> Mapping[str, Any]:
        """None."""
        return {}

    @property
    def item(self) -> str:
        """None."""
        return ""


class StockExecution:
    """An instance in memory, with the interface of `service.engine.execution.Execution`.

    `specs` holds the spec of each process by its id, for new instances; a restored one brings its own.
    """

    specs: ClassVar[dict[str, BpmnProcessSpec]] = {}

    def __init__(self, definition: Definition, workflow: BpmnWorkflow, variables: dict[str, Any]) -> None:
        self.definition = definition
        self.variables = variables
        self.steps: list[Step] = []
        self.written: set[str] = set()
        self.thrown: list[Any] = []
        self.decided: list[Any] = []
        self._workflow = workflow
        self._end: str | None = None

    @classmethod
    def start(cls, definition: Definition, variables: dict[str, Any], now: datetime, **more: Any) -> Self:
        """A new instance at its start event."""
        workflow = BpmnWorkflow(cls.specs[definition.process.id])
        workflow.get_next_task(state=TaskState.READY).data.update(variables)
        return cls(definition, workflow, variables)

    @classmethod
    def restore(
        cls, definition: Definition, state: str, variables: dict[str, Any], now: datetime, **more: Any
    ) -> Self:
        """The instance as `freeze` left it."""
        return cls(definition, OWN.serializer.deserialize_json(state), variables)

    def freeze(self) -> str:
        """The whole tree and the specs as JSON."""
        return str(OWN.serializer.serialize_json(self._workflow))

    @property
    def ended(self) -> bool:
        """Whether nothing is left to do."""
        return bool(self._workflow.is_completed())

    @property
    def end_element(self) -> Element | None:
        """The end event that was reached last."""
        return self.definition.element(self._end) if self._end else None

    def waits(self) -> Iterator[Wait]:
        """The user tasks that are open."""
        for task in self._workflow.get_tasks(state=TaskState.READY, manual=True):
            element = self.definition.element(task.task_spec.bpmn_id)
            yield Open(str(task.id), "user_task", element, self._workflow, task)

    def people(self, wait: Wait) -> People:
        """Nobody by name: the benchmark's diagram leaves that to its lanes."""
        return People()

    def title(self) -> str:
        """What the case is about, as our engine says it: that is no part of the comparison."""
        return scripting.text(self.definition.process.properties.get("sop.perihal"), self.variables)

    @property
    def wrote(self) -> bool:
        """Whether variables were set."""
        return bool(self.written)

    @property
    def retitled(self) -> bool:
        """Whether the title could be another now, as our engine finds it."""
        return feel.may_read(self.definition.process.properties.get("sop.perihal", ""), self.written)

    def context(self, token: Task) -> Mapping[str, Any]:
        """What an expression sees at a task."""
        return dict(token.data)

    def complete(self, wait_id: str, values: Mapping[str, Any]) -> None:
        """A person has done a user task."""
        task = self._workflow.get_task_from_id(UUID(wait_id))
        if task.state != TaskState.READY:
            raise Conflict("engine.not_waiting")
        self.variables.update(values)
        self.written.update(values)
        task.data.update(values)
        task.run()
        self._step(task, "left")
        self._stand(task)

    def advance(self, budget: Budget) -> None:
        """Runs everything that goes on by itself."""
        self._workflow.do_engine_steps(did_complete_task=self._passed)

    def _passed(self, task: Task) -> None:
        self._step(task, "entered")
        self._step(task, "left")
        self._stand(task)

    def _stand(self, after: Task) -> None:
        """Notes the user tasks that have come up behind one that is done."""
        for child in after.children:
            if child.state == TaskState.READY and child.task_spec.manual:
                self._step(child, "entered")

    def _step(self, task: Task, kind: Any) -> None:
        """Of the diagram's elements only; SpiffWorkflow adds some of its own."""
        element = self.definition.process.elements.get(task.task_spec.bpmn_id or "")
        if element is not None:
            self.steps.append(Step(str(task.id), element.id, kind))
            self._end = element.id if element.type == "endEvent" else self._end
