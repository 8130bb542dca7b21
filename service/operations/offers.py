"""User tasks that have come up: to whom they are offered, and which turn of their step they are."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, select

from service.engine.execution import People, Wait
from service.errors import ExecutionFailed
from service.operations import identity
from service.operations.change import Change
from service.operations.positions import position_id
from service.store import rows
from service.store.models import Candidate, Person, UserTask


class Offer(NamedTuple):
    """The rows of a task that has come up, and of those who may do it."""

    task: dict[str, Any]
    candidates: list[rows.Row]


def arisen(change: Change) -> list[Offer]:
    """The user tasks that have come up, for `add`; ExecutionFailed where nobody can do one."""
    return [offer(change, wait) for wait in change.new if wait.kind == "user_task"]


def add(change: Change, offers: list[Offer]) -> None:
    """Keeps them, each with its turn, and tells of them."""
    turns = _turns(change, offers) if offers else {}
    for task, _ in offers:
        task["turn"] = turns.get((task["element_id"], task["item"]), 0) + 1
        task["returned"] = task["turn"] > 1 and _goes_back(change, task["element_id"])
        change.tell(
            "task_created",
            identity.SYSTEM,
            element_id=task["element_id"],
            element_name=task["name"],
            task_id=task["id"],
            turn=task["turn"],
            returned=task["returned"],
            item=task["item"],
        )
    rows.add(change.session, UserTask, [task for task, _ in offers])
    rows.add(change.session, Candidate, [row for _, candidates in offers for row in candidates])


def _goes_back(change: Change, element_id: str) -> bool:
    """Whether the step lies before the one that was just done, or is the same."""
    left = next((step.element for step in change.execution.steps if step.kind == "left"), element_id)
    distances = change.execution.definition.distances
    return distances.get(element_id, 0) <= distances.get(left, 0)


def _turns(change: Change, offers: list[Offer]) -> dict[tuple[str, str], int]:
    """How often each step, or each item of it, has come up in this case before."""
    elements = {offer.task["element_id"] for offer in offers}
    asked = {"instance": change.instance.id, "elements": list(elements)}
    return {(element, item): turn for element, item, turn in change.session.execute(_last_turns(), asked)}


@cache
def _last_turns() -> Select[Any]:
    task = rows.table(UserTask).c
    last = select(task.element_id, task.item, func.max(task.turn))
    last = last.where(task.instance_id == bindparam("instance"))
    last = last.where(task.element_id.in_(bindparam("elements", expanding=True)))
    return last.group_by(task.element_id, task.item)


def offer(change: Change, wait: Wait) -> Offer:
    """A user task as the diagram has it; ExecutionFailed where nobody can do it."""
    people, process = change.execution.people(wait), change.execution.definition.process
    lane = process.lanes[wait.element.lane].name if wait.element.lane else None
    assignee = next(iter(people.assignee), None)
    if assignee and change.session.get(Person, assignee) is None:
        raise ExecutionFailed(
            "case.unknown_assignee", element=wait.element.id, name=wait.element.name or "", who=assignee
        )
    task = {
        "id": wait.id,
        "instance_id": change.instance.id,
        "element_id": wait.element.id,
        "name": wait.element.name or wait.element.id,
        "lane": lane or "",
        "item": wait.item,
        "assignee": assignee,
        "created_at": change.at,
        "claimed_at": change.at if assignee else None,
        "locals": dict(wait.locals),
    }
    whom = dict.fromkeys(_candidates(change, people, lane))
    return Offer(task, [{"task_id": wait.id, "kind": kind, "name": name} for kind, name in whom])


def _candidates(change: Change, people: People, lane: str | None) -> Iterator[tuple[str, str]]:
    """Whom the diagram offers it to, by kind and name; else the lane's position, or who may start.

    An assignee alone is not an offer: who gives the task back leaves it to the lane.
    """
    groups: Iterable[str] = people.groups
    if not (people.users or people.groups):
        definition = change.instance.definition
        groups = [position_id(definition.office, lane)] if lane else definition.starters
    for user in people.users:
        yield "user", user
    for group in groups:
        yield "group", group
