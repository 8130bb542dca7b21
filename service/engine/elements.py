"""What every element does: a token arrives, stands, and leaves along the flows that are open."""

from collections.abc import Iterable
from typing import Any, Protocol

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.diagram.model import Element
from service.engine import mappings, scripting
from service.engine.mappings import Given
from service.engine.scope import Case, ScopeSpec
from service.engine.scripting import Path
from service.errors import ExecutionFailed


def node_name(element_id: str) -> str:
    """The spec's name of an element: prefixed, for SpiffWorkflow keeps Start, End and Root for itself."""
    return f"n:{element_id}"


class Listening(Protocol):
    """An event on the border of an activity."""

    def listen(self, token: Task) -> None:
        """Begins to wait, with a token that is a child of the activity's."""


class Node(BpmnTaskSpec):  # type: ignore[misc]
    """An element of the diagram.

    `paths` are its outgoing flows in the file's order and `boundaries` the events on its border; both
    are filled when the whole scope is known. `is_item` marks the inner part of a repeated activity.
    `taken_in` are variables of its own that it begins with, `handed_out` what it hands out when it is done.
    """

    manual_work = False
    is_trigger = False

    def __init__(self, spec: ScopeSpec, element: Element, *, is_item: bool = False, suffix: str = "") -> None:
        name = node_name(element.id) + ("#item" if is_item else suffix)
        super().__init__(spec, name, manual=self.manual_work)
        self.bpmn_id = element.id
        self.element = element
        self.is_item = is_item
        self.paths: tuple[Path, ...] = ()
        self.boundaries: tuple[Listening, ...] = ()
        self.taken_in: tuple[Given, ...] = ()
        self.handed_out: tuple[Given, ...] = ()

    def test(self) -> None:
        """The flows are in `paths`; SpiffWorkflow's own wiring is not used."""

    def _predict(self, my_task: Task, *_: Any, **__: Any) -> None:
        """Nothing is drawn ahead of its token: prediction costs b^n for n blocks of b branches."""

    def _update(self, my_task: Task) -> None:
        self.arrive(my_task)

    def arrive(self, token: Task) -> None:
        """A token has come in; it stands here, and the events on the border begin to listen."""
        self.stand(token)
        for boundary in self.boundaries:
            boundary.listen(token._add_child(boundary, TaskState.FUTURE))
        self.begin(token)

    def stand(self, token: Task) -> None:
        """Notes a visit that will be told as left or cancelled, and fills in its own variables."""
        case_of(token).entered(token)
        if self.taken_in:
            token.data.update(mappings.values(case_of(token), token, self.taken_in))

    def begin(self, token: Task) -> None:
        """The element does what it is for, at once or when its turn comes."""
        token._ready()

    def go_on(self, token: Task) -> None:
        """A token whose turn has come does what the element is for."""
        token.run()

    def _on_ready(self, my_task: Task) -> None:
        if not self.manual:
            case_of(my_task).queue.append(my_task)

    def _run_hook(self, my_task: Task) -> bool | None:
        return True

    def _on_complete(self, my_task: Task) -> None:
        case = case_of(my_task)
        case.left(my_task)
        self.hand_out(my_task)
        if not case.alive(my_task):  # what caught the thing it threw has ended what it stood in
            return
        if self.is_item:
            my_task.parent.task_spec.item_done(my_task.parent, my_task)
            return
        self.leave(my_task)
        case.retire(my_task)

    def hand_out(self, token: Task) -> None:
        """Writes its outputs where it stands in, not in its own variables."""
        if self.handed_out:
            case = case_of(token)
            case.write(token, mappings.values(case, token, self.handed_out), outside=True)

    def leave(self, token: Task) -> None:
        """Sends a token along each open flow; where the element has none at all, the token ends here."""
        for path in self.open_paths(token):
            send(token, path)

    def open_paths(self, token: Task) -> Iterable[Path]:
        """The flows without a condition and those whose condition holds; else the default flow."""
        if all(path.condition is None and not path.default for path in self.paths):
            return self.paths
        case = case_of(token)
        taken = [
            path
            for path in self.paths
            if not path.default and (path.condition is None or scripting.holds(case, token, path))
        ]
        if not any(path.condition for path in taken):
            taken += [path for path in self.paths if path.default]
        if not taken:
            raise self.failed("engine.no_path")
        return taken

    def failed(self, key: str, **params: Any) -> ExecutionFailed:
        """What stops the instance at this element."""
        return ExecutionFailed(key, element=self.element.id, name=self.element.name or "", **params)


def case_of(token: Task) -> Case:
    """The case that a token belongs to."""
    case = token.workflow.top_workflow
    assert isinstance(case, Case)
    return case


def send(token: Task, path: Path) -> None:
    """Puts a new token, in the same scope, where a flow leads."""
    scope = token.workflow
    onward = scope.task_tree._add_child(scope.spec.task_specs[path.target], TaskState.FUTURE)
    onward.internal_data["via"] = path.id
    onward.task_spec._update(onward)
