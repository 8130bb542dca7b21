"""User tasks: who has them or may take them, and their completion."""

from typing import Literal

from flask import g

from service.operations import gate, tasks
from service.web.rest.routes import Routes
from service.web.rest.shapes import Answer, Asked, SentValue, Text, Variable
from service.web.rest.tasks import open_task
from service.web.rest.variables import answers, sent_values

ROUTES = Routes("Task")


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


@ROUTES.get("/task/{id}/identity-links")
def identity_links(id: str, query: LinksQuery) -> list[IdentityLinkAnswer]:
    """Who has the task, and which people and positions may take it."""
    task = open_task(id)
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
    return answers(gate.variables(g.session, task.instance_id))


def _link(kind: Literal["assignee", "candidate"], **who: str) -> IdentityLinkAnswer:
    return IdentityLinkAnswer(user_id=who.get("user"), group_id=who.get("group"), type=kind)
