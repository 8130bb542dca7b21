"""SpiffWorkflow as it is installed, with its own parser and nothing of ours: the game's control."""

from collections.abc import Mapping
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import TaskDataEnvironment
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from tests.engine.token_game import Open, TokenGame


class Stock:
    """An instance in the stock engine, and the token game beside it; AssertionError where they differ."""

    def __init__(self, xml: bytes, variables: Mapping[str, Any]) -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(xml))
        truths = TaskDataEnvironment({"true": True, "false": False})
        self.flow = BpmnWorkflow(parser.get_spec("proses"), script_engine=PythonScriptEngine(truths))
        self.flow.task_tree.data.update(variables)
        self.game = TokenGame(xml, variables)
        self._compare()

    @property
    def open(self) -> list[Task]:
        """The tasks that wait for somebody."""
        return [task for task in self.flow.get_tasks(state=TaskState.READY) if task.task_spec.manual]

    def do(self, element: str, values: Mapping[str, Any] | None = None) -> "Stock":
        """Completes an open task."""
        task = next(task for task in self.open if task.task_spec.name == element)
        self.game.complete(Open(element, "user_task"), values or {})
        task.data.update(values or {})
        task.run()
        self._compare()
        return self

    def _compare(self) -> None:
        self.flow.do_engine_steps()
        opens = [Open(task.task_spec.name, "user_task") for task in self.open]
        ended = self.flow.completed
        variables = self.flow.data if ended else self.game.resting[0].variables
        self.game.agree(opens, variables, self.game.resting[0].end, ended)
