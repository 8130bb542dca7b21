"""User tasks: who may see them, who has them, their forms, and their completion."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, Literal

from flask import g

from service.diagram.model import Element
from service.errors import NotFound
from service.operations import deployments, instances, tasks
from service.store.models import UserTask
from service.web.rest.forms import FormAnswer, FormReference, deployed, reference
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
    SentValue,
    Sorted,
    Text,
    Variable,
    in_order,
)
from service.web.rest.variables import FormVariablesQuery, VariablesQuery, answers, one, sent_values

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


class PersonBody(Asked):
    """Whose task it shall be."""

    user_id: Text | None = None


class CompleteBody(Asked):
    """The form, filled in."""

    variables: dict[Text, SentValue] = {}
    with_variables_in_return: bool = False


class IdentityLinkAnswer(Answer):
    """Who has the task, or may take it."""

    user_id: str | None
    group_id: str | None
    type: Literal["assignee", "candidate"]


class LinksQuery(Asked):
    """Which links."""

    type: Text | None = None


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
    task = _open(id)
    return task_answer(task, _reference(task))


@ROUTES.get("/task/{id}/form")
def form(id: str) -> FormAnswer:
    """Which form the task has; without one, every field is null."""
    task = _open(id)
    return FormAnswer(camunda_form_ref=_reference(task))


@ROUTES.get("/task/{id}/deployed-form")
def deployed_form(id: str) -> dict[str, Any]:
    """The task's form, as form-js reads it."""
    return deployed(tasks.form(g.session, _open(id)))


@ROUTES.get("/task/{id}/form-variables")
def form_variables(id: str, query: FormVariablesQuery) -> dict[str, Variable]:
    """The values that the task's form begins with."""
    data, names = tasks.data(g.session, _open(id)), query.variable_names
    return answers({name: value for name, value in data.items() if names is None or name in names})


@ROUTES.get("/task/{id}/variables")
def variables(id: str, query: VariablesQuery) -> dict[str, Variable]:
    """The values that the task sees: its case's, under its own."""
    return answers(tasks.data(g.session, _open(id)))


@ROUTES.get("/task/{id}/variables/{name}")
def variable(id: str, name: str, query: VariablesQuery) -> Variable:
    """One value that the task sees."""
    return one(tasks.data(g.session, _open(id)), name)


@ROUTES.get("/task/{id}/localVariables")
def local_variables(id: str, query: VariablesQuery) -> dict[str, Variable]:
    """The values that only this one of several tasks has."""
    return answers(_open(id).locals)


@ROUTES.get("/task/{id}/localVariables/{name}")
def local_variable(id: str, name: str, query: VariablesQuery) -> Variable:
    """One value that only this one of several tasks has."""
    return one(_open(id).locals, name)


@ROUTES.get("/task/{id}/identity-links")
def identity_links(id: str, query: LinksQuery) -> list[IdentityLinkAnswer]:
    """Who has the task, and which people and positions may take it."""
    task = _open(id)
    links = [_link("assignee", user=task.assignee)] if task.assignee else []
    links += [_link("candidate", **{candidate.kind: candidate.name}) for candidate in task.candidates]
    return [link for link in links if query.type in (None, link.type)]


@ROUTES.post("/task/{id}/claim")
def claim(id: str, body: PersonBody) -> None:
    """Takes the task; only `admin` takes it for somebody else."""
    tasks.claim(g.session, id, g.actor, body.user_id)


@ROUTES.post("/task/{id}/unclaim")
def unclaim(id: str) -> None:
    """Gives the task back to everybody who may do it."""
    tasks.unclaim(g.session, id, g.actor)


@ROUTES.post("/task/{id}/assignee")
def assign(id: str, body: PersonBody) -> None:
    """Hands the task to somebody, or with null to nobody."""
    tasks.assign(g.session, id, g.actor, body.user_id)


@ROUTES.post("/task/{id}/complete")
@ROUTES.post("/task/{id}/submit-form")
def complete(id: str, body: CompleteBody) -> dict[str, Variable] | None:
    """Completes the task with its form, filled in; 204, or 200 with the case's variables.

    The form is checked as if a person had sent it. Without a form only `admin` may send variables.
    Where the diagram stops behind the task, the work is kept and the case has an incident.
    """
    task = tasks.complete(g.session, id, g.actor, sent_values(body.variables))
    if not body.with_variables_in_return:
        return None
    return answers(instances.variables(g.session, task.instance_id))


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


def _link(kind: Literal["assignee", "candidate"], **who: str) -> IdentityLinkAnswer:
    return IdentityLinkAnswer(user_id=who.get("user"), group_id=who.get("group"), type=kind)


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
            references[key] = _reference(row)
    return [task_answer(row, references[row.instance.definition_id, row.element_id]) for row in rows]


def _open(id_: str) -> UserTask:
    """The open task, for who may see it; NotFound also when it is done, as in Camunda."""
    task = tasks.get(g.session, id_, g.actor)
    if task.status != "open":
        raise NotFound("rest.task_done", name=task.name)
    return task


def _element(row: UserTask) -> Element:
    return deployments.diagram(g.session, row.instance.definition_id).elements[row.element_id]


def _reference(row: UserTask) -> FormReference | None:
    return reference(tasks.form(g.session, row), _element(row))
