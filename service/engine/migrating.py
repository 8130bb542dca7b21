"""Takes a running case over to another definition: what rests goes on resting, where the new one has it."""

from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.dmn import Decide
from service.engine import codec, frozen
from service.engine.activities import External
from service.engine.elements import Node, case_of, node_name
from service.engine.events import Catching, Trigger
from service.engine.execution import Execution
from service.engine.frozen import Row
from service.engine.gateways import EventGateway, ParallelGateway
from service.engine.passage import Passage, kind, race
from service.engine.repeated import MultiInstance
from service.engine.scope import Case, Scope, ScopeSpec
from service.engine.ways import ways
from service.errors import Conflict, Message

BESIDE = ("boundary", "trigger")
"""What listens beside something else: it may go, and others may come."""


@dataclass(frozen=True)
class Obstacle:
    """Why a case cannot go over, and the old element where that shows."""

    element: str
    message: Message


def obstacles(passage: Passage, state: str) -> list[Obstacle]:
    """Why a frozen case cannot go over, element by element; none where it can."""
    found: list[Obstacle] = []
    for row in frozen.rows(state):
        found += [one for one in _against(passage, row) if one not in found]
    return found


def _against(passage: Passage, row: Row) -> Iterator[Obstacle]:
    element = passage.old.element(row.element)
    if row.element in passage.targets:
        yield from (Obstacle(element.id, message) for message in passage.wrong.get(element.id, ()))
        if row.way and joins(passage, row) and row.way not in ways(passage, element.id):
            flow = passage.old.process.flows.get(row.way)
            source = passage.old.process.elements[flow.source] if flow else element
            said = {"name": element.name or element.id, "source": source.name or source.id}
            yield Obstacle(element.id, Message("migration.way_gone", said))
    elif not _may_go(passage, row):
        yield Obstacle(element.id, Message("migration.unmapped", {"name": element.name or element.id}))


def joins(passage: Passage, row: Row) -> bool:
    """Whether it waits at a gateway for others to come."""
    found = kind(passage.old, passage.old.element(row.element))
    return found is not None and found[0] == "join"


def _may_go(passage: Passage, row: Row) -> bool:
    """Whether it only listens beside something else, or is one of the choices behind a gateway."""
    element = passage.old.element(row.element)
    found = kind(passage.old, element)
    beside = found is not None and found[0] in BESIDE
    return beside or (row.parent is not None and not row.suffix and bool(race(passage.old.process, element)))


def carry(
    passage: Passage,
    state: str,
    variables: MutableMapping[str, Any],
    now: datetime,
    *,
    called: bool = False,
    decide: Decide | None = None,
    still: bool = False,
) -> Execution:
    """The case on the new definition, with all its tokens, before it goes on.

    What is new beside them begins to listen, what is gone is withdrawn. Conflict with the first
    obstacle; ExecutionFailed where the new diagram cannot say what to wait for. `still` is for a
    case that must not go on now: Conflict where it would have to.
    """
    if found := obstacles(passage, state):
        raise Conflict(found[0].message.key, **found[0].message.params)
    was: dict[str, str] = {}
    case = codec.build(passage.new, _rows(passage, state, was), variables)
    execution = Execution(passage.new, case, now)
    case.called, case.decide = called, decide
    for scope in case.scopes():
        host = case.host(scope)
        before = passage.old.scopes[was[str(host.id)]] if host else passage.old.spec
        _begin_to_listen(passage, scope, before)
        for token in list(scope.tasks.values()):
            if old_id := was.get(str(token.id)):
                suffix = token.task_spec.name.removeprefix(node_name(token.task_spec.element.id))
                _take_up(passage, token, before.task_specs[node_name(old_id) + suffix])
        _meet(scope)
    case.unsettled = True
    if still and case.queue:
        raise Conflict("migration.must_go_on", name=case.queue[0].task_spec.element.name or "")
    return execution


def _rows(passage: Passage, state: str, was: dict[str, str]) -> codec.Frozen:
    """The tokens under the new names; `was` learns where each of them stood."""
    scopes: dict[str | None, list[Any]] = {host: [] for host, _ in codec.scopes(state)}
    for row in frozen.rows(state):
        if row.element not in passage.targets:
            continue
        was[row.id] = row.element
        internal = row.internal
        if row.way and joins(passage, row):
            internal = {**internal, "via": ways(passage, row.element)[row.way]}
        name = node_name(passage.targets[row.element]) + row.suffix
        scopes[row.scope].append([row.id, name, row.state, row.parent, internal, row.data])
    return [[host, rows] for host, rows in scopes.items()]


def _take_up(passage: Passage, token: Task, before: Node) -> None:
    """What the new diagram wants beside a token, and otherwise than its old one did."""
    spec, case, old_id = token.task_spec, case_of(token), before.element.id
    for boundary in _new(passage, spec.boundaries, before.boundaries):
        boundary.listen(token._add_child(boundary, TaskState.FUTURE))
    match spec:
        case Catching() if old_id in passage.renewed:
            spec.wind(token)
        case External() if (spec.topic, spec.priority) != (before.topic, before.priority):
            spec.announce(token)
        case EventGateway():
            flows = passage.old.process.flows
            known = passage.followed(flows[flow].target for flow in before.element.outgoing)
            for choice in (token.workflow.spec.task_specs[path.target] for path in spec.paths):
                if choice.element.id not in known:
                    choice.listen(token._add_child(choice, TaskState.FUTURE))
        case MultiInstance() if spec.element.id != old_id and old_id in case.context(token):
            # without a list of objects the results are gathered under the element's id
            case.write(token, {spec.element.id: case.context(token)[old_id]})


def _begin_to_listen(passage: Passage, scope: Case | Scope, before: ScopeSpec) -> None:
    """The event sub-processes that are new begin to wait, unless one has interrupted all else."""
    triggers = [spec for spec in before.triggers if isinstance(spec, Trigger)]
    interrupting = passage.followed(one.element.parent for one in triggers if one.interrupting)
    if any(task.task_spec.element.id in interrupting for task in scope.task_tree.children):
        return
    for trigger in _new(passage, scope.spec.triggers, triggers):
        trigger.listen(scope.task_tree._add_child(trigger, TaskState.FUTURE))


def _new(passage: Passage, nodes: Iterable[Any], before: Iterable[Any]) -> list[Any]:
    """Those that continue none of the old ones; one that did, and has come already, does not come again."""
    known = passage.followed(node.element.id for node in before)
    return [node for node in nodes if node.element.id not in known]


def _meet(scope: Case | Scope) -> None:
    """A parallel gateway to which all have come by the new diagram's ways joins them now."""
    waiting = [task for task in scope.task_tree.children if isinstance(task.task_spec, ParallelGateway)]
    for token in waiting:
        if scope.tasks.get(token.id) and token.state == TaskState.WAITING:
            token.task_spec.meet(token)
