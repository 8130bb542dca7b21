"""Keeps the rows in step with the engine: what an instance waits for, and which elements were visited.

The frozen instance is the truth; these rows are its waits, found again after each advance.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from service.engine.execution import Execution, People, Step, Wait
from service.errors import ExecutionFailed
from service.operations import bell, early, history, identity, incidents
from service.operations.identity import Actor
from service.store.models import (
    ActivityInstance,
    Candidate,
    Job,
    Person,
    ProcessInstance,
    Subscription,
    UserTask,
)


@dataclass(frozen=True)
class Change:
    """What one advance did to an instance, and who set it going."""

    session: Session
    instance: ProcessInstance
    execution: Execution
    actor: Actor
    at: datetime


def new_tasks(change: Change, before: Iterable[Wait]) -> list[UserTask]:
    """The user tasks that have come up, for `follow` to add; ExecutionFailed where nobody can do one."""
    known = {wait.id for wait in before}
    work = [w for w in change.execution.waits() if w.kind == "user_task" and w.id not in known]
    return [_task(change, wait) for wait in work]


def follow(change: Change, before: Iterable[Wait], tasks: list[UserTask]) -> None:
    """Adds rows for the waits that are new and closes those of the waits that are gone."""
    old = {wait.id: wait for wait in before}
    new = {wait.id: wait for wait in change.execution.waits()}
    _open_tasks(change, tasks)
    for wait in (wait for id_, wait in new.items() if id_ not in old):
        _listen(change, wait)
    _close(change, [wait for id_, wait in old.items() if id_ not in new])
    for id_ in old.keys() & new.keys():
        if new[id_].due != old[id_].due:
            change.session.execute(update(Job).where(Job.id == id_).values(due_at=new[id_].due))
    _visits(change, {wait.id: wait for wait in [*old.values(), *new.values()]})


def _open_tasks(change: Change, tasks: list[UserTask]) -> None:
    turns = _turns(change, tasks) if tasks else {}
    for task in tasks:
        task.turn = turns.get((task.element_id, task.item), 0) + 1
        task.returned = task.turn > 1 and _goes_back(change, task)
        change.session.add(task)
        history.record(
            change.session,
            change.instance,
            "task_created",
            identity.SYSTEM,
            element_id=task.element_id,
            element_name=task.name,
            task_id=task.id,
            turn=task.turn,
            returned=task.returned,
            item=task.item,
        )


def _goes_back(change: Change, task: UserTask) -> bool:
    """Whether the step lies before the one that was just done, or is the same."""
    left = next((step.element for step in change.execution.steps if step.kind == "left"), task.element_id)
    distances = change.execution.definition.distances
    return distances.get(task.element_id, 0) <= distances.get(left, 0)


def _turns(change: Change, tasks: list[UserTask]) -> dict[tuple[str, str], int]:
    """How often each step, or each item of it, has come up in this case before."""
    query = (
        select(UserTask.element_id, UserTask.item, func.max(UserTask.turn))
        .where(UserTask.instance_id == change.instance.id)
        .where(UserTask.element_id.in_({task.element_id for task in tasks}))
        .group_by(UserTask.element_id, UserTask.item)
    )
    return {(element, item): turn for element, item, turn in change.session.execute(query)}


def _task(change: Change, wait: Wait) -> UserTask:
    people, process = change.execution.people(wait), change.execution.definition.process
    lane = process.lanes[wait.element.lane].name if wait.element.lane else None
    assignee = next(iter(people.assignee), None)
    if assignee and change.session.get(Person, assignee) is None:
        raise ExecutionFailed(
            "case.unknown_assignee", element=wait.element.id, name=wait.element.name or "", who=assignee
        )
    return UserTask(
        id=wait.id,
        instance_id=change.instance.id,
        element_id=wait.element.id,
        name=wait.element.name or wait.element.id,
        lane=lane or "",
        item=wait.item,
        assignee=assignee,
        created_at=change.at,
        claimed_at=change.at if assignee else None,
        locals=dict(wait.locals),
        candidates=list(_candidates(change, people, lane)),
    )


def _candidates(change: Change, people: People, lane: str | None) -> Iterable[Candidate]:
    """Whom the diagram offers it to; else the lane's position, and without a lane who may start.

    An assignee alone is not an offer: who gives the task back leaves it to the lane.
    """
    groups: Iterable[str] = people.groups
    if not (people.users or people.groups):
        definition = change.instance.definition
        groups = [identity.position_id(definition.office, lane)] if lane else definition.starters
    for user in people.users:
        yield Candidate(kind="user", name=user)
    for group in groups:
        yield Candidate(kind="group", name=group)


def _listen(change: Change, wait: Wait) -> None:
    row: Job | Subscription
    if wait.kind in ("timer", "external"):
        row = Job(
            id=wait.id,
            instance_id=change.instance.id,
            kind=wait.kind,
            element_id=wait.element.id,
            topic=wait.name if wait.kind == "external" else None,
            priority=wait.priority,
            payload={"local": dict(wait.locals)} if wait.kind == "external" and wait.locals else {},
            due_at=wait.due or change.at,
        )
        if wait.kind == "external":
            bell.ring_after(change.session)
    elif wait.kind in ("message", "signal"):
        row = Subscription(
            id=wait.id,
            instance_id=change.instance.id,
            kind=wait.kind,
            name=wait.name,
            element_id=wait.element.id,
            element_name=wait.element.name or wait.name,
            created_at=change.at,
        )
        if wait.kind == "message":
            variables, where = change.execution.variables, (wait.id, wait.name, wait.element.id)
            early.take(change.session, change.instance, *where, variables, wait.locals)
    else:  # people's work has its tasks already, a call its case, and a condition is looked at by the engine
        return
    change.session.add(row)


def _close(change: Change, waits: list[Wait]) -> None:
    """Messages, signals and jobs vanish; work that nobody did is told as cancelled."""
    gone = {kind: [wait.id for wait in waits if wait.kind == kind] for kind in {wait.kind for wait in waits}}
    if ids := [*gone.get("timer", ()), *gone.get("external", ()), *gone.get("call", ())]:
        change.session.execute(delete(Job).where(Job.id.in_(ids)))
        incidents.close(change.session, change.instance, ids, change.actor)
    if ids := [*gone.get("message", ()), *gone.get("signal", ())]:
        change.session.execute(delete(Subscription).where(Subscription.id.in_(ids)))
    taken = {step.token for step in change.execution.steps if step.kind == "cancelled"}
    if ids := [id_ for id_ in gone.get("user_task", ()) if id_ in taken]:
        change.session.execute(
            update(UserTask).where(UserTask.id.in_(ids)).values(status="cancelled", ended_at=change.at)
        )
        incidents.close(change.session, change.instance, ids, change.actor)
        for wait in waits:
            if wait.id in ids:
                history.record(
                    change.session,
                    change.instance,
                    "task_cancelled",
                    change.actor,
                    element_id=wait.element.id,
                    element_name=wait.element.name or "",
                    task_id=wait.id,
                )


def _visits(change: Change, waits: dict[str, Wait]) -> None:
    """Writes the steps of the tokens as visits: one row each, closed when the token goes on."""
    begun: dict[str, dict[str, Any]] = {}
    closed: dict[str, list[str]] = {"left": [], "cancelled": []}
    for order, step in enumerate(change.execution.steps):
        if step.kind == "entered":
            begun[step.token] = _visit(change, step, order, waits)
        elif visit := begun.get(step.token):
            visit |= {"ended_at": change.at, "cancelled": step.kind == "cancelled"}
        else:
            closed[step.kind].append(step.token)
    if begun:
        rows = insert(ActivityInstance).execution_options(render_nulls=True)  # one statement for all
        change.session.execute(rows, list(begun.values()))
    for kind, ids in closed.items():
        if ids:
            ended = update(ActivityInstance).where(ActivityInstance.id.in_(ids))
            ended = ended.values(ended_at=change.at, cancelled=kind == "cancelled", actor=change.actor.id)
            change.session.execute(ended.execution_options(synchronize_session=False))


def _visit(change: Change, step: Step, order: int, waits: dict[str, Wait]) -> dict[str, Any]:
    definition = change.execution.definition
    element = definition.element(step.element)
    wait = waits.get(step.token)
    return {
        "id": step.token,
        "instance_id": change.instance.id,
        "element_id": element.id,
        "name": element.name or "",
        "kind": element.type,
        "lane": (definition.process.lanes[element.lane].name or "") if element.lane else "",
        "order": order,
        "started_at": change.at,
        "ended_at": None,
        "cancelled": False,
        "task_id": step.token if wait and wait.kind == "user_task" else None,
    }
