"""User tasks: which there are, for who may do them."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from flask import g

from service.diagram.model import Element
from service.errors import NotFound
from service.operations import deployments, tasks
from service.store.models import UserTask
from service.web.rest.forms import FormReference, reference
from service.web.rest.routes import Routes
from service.web.rest.shapes import (
    Answer,
    Asked,
    Count,
    Moment,
    Names,
    Order,
    Orders,
    Page,
    Sorted,
    Text,
    in_order,
)

ROUTES = Routes("Task")
PRIORITY = 50
"""Camunda's default; ours have none."""
SORT: dict[str, Callable[[UserTask], Any]] = {
    "id": attrgetter("id"),
    "name": attrgetter("name"),
    "created": attrgetter("created_at"),
    "dueDate": attrgetter("due_at"),
    "assignee": attrgetter("assignee"),
    "instanceId": attrgetter("instance_id"),
    "taskDefinitionKey": attrgetter("element_id"),
    "priority": lambda row: PRIORITY,
}


class TaskAnswer(Answer):
    """Work that waits for a person."""

    id: str
    name: str
    assignee: str | None
    created: Moment
    due: Moment | None
    follow_up: None = None
    last_updated: Moment
    delegation_state: None = None
    description: str | None
    execution_id: str
    owner: None = None
    parent_task_id: None = None
    priority: int = PRIORITY
    process_definition_id: str
    process_instance_id: str
    task_definition_key: str
    case_execution_id: None = None
    case_instance_id: None = None
    case_definition_id: None = None
    suspended: bool
    form_key: None = None
    camunda_form_ref: FormReference | None
    tenant_id: None = None


class TaskFilter(Asked):
    """Which open tasks."""

    process_instance_id: Text | None = None
    process_instance_business_key: Text | None = None
    process_definition_id: Text | None = None
    process_definition_key: Text | None = None
    task_definition_key: Text | None = None
    name: Text | None = None
    assignee: Text | None = None
    assigned: bool = False
    unassigned: bool = False
    candidate_group: Text | None = None
    candidate_groups: Names | None = None
    candidate_user: Text | None = None
    active: bool = False

    def filters(self) -> dict[str, Any]:
        """The filters as `tasks.find` has them; nobody finds what they may not do."""
        groups = [*([self.candidate_group] if self.candidate_group else []), *(self.candidate_groups or [])]
        return {
            "actor": g.actor,
            "instance_id": self.process_instance_id,
            "business_key": self.process_instance_business_key,
            "definition_id": self.process_definition_id,
            "definition_key": self.process_definition_key,
            "element_id": self.task_definition_key,
            "name": self.name,
            "assignee": self.assignee,
            "unassigned": self.unassigned if self.assigned != self.unassigned else None,
            "candidate_groups": groups or None,
            "candidate_user": self.candidate_user,
        }


class TaskQuery(Sorted, TaskFilter):
    """Which open tasks, in which order."""


class TaskBody(TaskFilter):
    """Which open tasks, in which orders."""

    sorting: Orders = []


@ROUTES.get("/task")
def find(query: TaskQuery) -> list[TaskAnswer]:
    """The open tasks that the asker may do; `admin` sees all."""
    return _page(query, query, query.orders)


@ROUTES.post("/task", only_reads=True)
def search(query: Page, body: TaskBody) -> list[TaskAnswer]:
    """The same, asked in a body."""
    return _page(body, query, body.sorting)


@ROUTES.get("/task/count")
def count(query: TaskFilter) -> Count:
    """How many open tasks there are."""
    return Count(count=tasks.count(g.session, **query.filters()))


@ROUTES.post("/task/count", only_reads=True)
def search_count(body: TaskBody) -> Count:
    """The same, asked in a body."""
    return Count(count=tasks.count(g.session, **body.filters()))


@ROUTES.get("/task/{id}")
def get(id: str) -> TaskAnswer:
    """One open task."""
    task = open_task(id)
    return task_answer(task, form_reference(task))


def task_answer(row: UserTask, form: FormReference | None) -> TaskAnswer:
    """A task as clients read it."""
    return TaskAnswer(
        id=row.id,
        name=row.name,
        assignee=row.assignee,
        created=row.created_at,
        due=row.due_at,
        last_updated=row.claimed_at or row.created_at,
        description=_element(row).documentation,
        execution_id=row.instance_id,
        process_definition_id=row.instance.definition_id,
        process_instance_id=row.instance_id,
        task_definition_key=row.element_id,
        suspended=row.instance.status == "suspended",
        camunda_form_ref=form,
    )


def _page(asked: TaskFilter, page: Page, orders: list[Order]) -> list[TaskAnswer]:
    """Sorted here, or cut by the database in its own order, the oldest first."""
    if orders:
        rows = page.cut(in_order(tasks.find(g.session, **asked.filters()), orders, SORT))
    else:
        bounds: dict[str, Any] = {"limit": page.max_results, "offset": page.first_result}
        rows = list(tasks.find(g.session, **asked.filters(), **bounds))
    references: dict[tuple[str, str], FormReference | None] = {}
    for row in rows:
        key = (row.instance.definition_id, row.element_id)
        if key not in references:
            references[key] = form_reference(row)
    return [task_answer(row, references[row.instance.definition_id, row.element_id]) for row in rows]


def open_task(id_: str) -> UserTask:
    """The open task, for who may see it; NotFound also when it is done, as in Camunda."""
    task = tasks.get(g.session, id_, g.actor)
    if task.status != "open":
        raise NotFound("rest.task_done", name=task.name)
    return task


def form_reference(row: UserTask) -> FormReference | None:
    """Which form the task has, as clients read it."""
    return reference(tasks.form(g.session, row), _element(row))


def _element(row: UserTask) -> Element:
    return deployments.diagram(g.session, row.instance.definition_id).elements[row.element_id]
