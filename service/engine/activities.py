"""Activities: a person's work, a script, a decision, what is done elsewhere, and a sub-process."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.diagram.model import Passed
from service.engine import mappings, scripting
from service.engine.elements import Node, case_of
from service.engine.mappings import Formula
from service.engine.throwing import EndEvent
from service.errors import DecisionFailed


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


class Decision(Node):
    """A business rule task: the result of a DMN decision goes to one variable."""

    def _run_hook(self, my_task: Task) -> bool:
        case, said = case_of(my_task), self.element.camunda
        assert case.decide
        try:
            decided = case.decide(
                said["decisionRef"],
                said.get("decisionRefBinding", "latest"),
                said.get("decisionRefVersion"),
                case.context(my_task),
            )
            value = decided.mapped(said.get("mapDecisionResult"))
        except DecisionFailed as error:
            raise self.failed("engine.decision", reason=error.message) from error
        case.decided.append((self.element.id, decided))
        if name := said.get("resultVariable"):
            case.write(my_task, {name: value})
        return True


class External(Node):
    """Work of a program outside, which asks for it by its topic."""

    manual_work = True
    topic: str | Formula
    priority: str | Formula

    def begin(self, token: Task) -> None:
        self.announce(token)
        super().begin(token)

    def announce(self, token: Task) -> None:
        """Keeps with the token what programs find the work by."""
        case = case_of(token)
        topic, priority = (mappings.value(case, token, text) for text in (self.topic, self.priority))
        token.internal_data |= {"topic": str(topic), "priority": self._number(priority)}

    def _number(self, value: Any) -> int:
        try:
            return int(value)
        except (TypeError, ValueError) as error:
            raise self.failed("engine.priority", value=str(value)) from error


class ExternalEnd(External, EndEvent):
    """An end event whose message a program outside sends."""

    def throw(self, token: Task) -> None:
        """The program has sent it already."""


class Call(Node):
    """A call activity: it stands until the case that it started is done."""

    manual_work = True
    passed_in: tuple[Passed, ...] = ()
    passed_out: tuple[Passed, ...] = ()
    business_key: str | None = None

    def passing(self, token: Task) -> tuple[dict[str, Any], str | None]:
        """The variables and the business key that the called case begins with."""
        case = case_of(token)
        values = mappings.passed(case, token, self.passed_in)
        if self.business_key is None:
            return values, None
        key = scripting.evaluate(case, token, self.business_key)
        return values, None if key is None else str(key)

    def returning(self, token: Task, there: Mapping[str, Any]) -> dict[str, Any]:
        """What the called case, with its variables `there`, brings back."""
        return mappings.passed(case_of(token), token, self.passed_out, there)


class SubProcess(Node):
    """A sub-process: its token stands while any token inside it lives."""

    def _run_hook(self, my_task: Task) -> None:
        scope = self.open(my_task)
        start = scope.spec.task_specs[scope.spec.entry]
        start._update(scope.task_tree._add_child(start, TaskState.FUTURE))

    def open(self, token: Task) -> Any:
        """Its scope, without a token in it yet."""
        case = case_of(token)
        scope = case.create_subprocess(token, self.element.id)
        case.listen(scope)
        return scope
