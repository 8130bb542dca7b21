"""User tasks: their forms, and the values that they see."""

from typing import Any

from flask import g

from service.operations import tasks
from service.web.rest.forms import FormAnswer, deployed
from service.web.rest.routes import Routes
from service.web.rest.shapes import Variable
from service.web.rest.tasks import form_reference, open_task
from service.web.rest.variables import FormVariablesQuery, VariablesQuery, answers, one

ROUTES = Routes("Task")


@ROUTES.get("/task/{id}/form")
def form(id: str) -> FormAnswer:
    """Which form the task has; without one, every field is null."""
    task = open_task(id)
    return FormAnswer(camunda_form_ref=form_reference(task))


@ROUTES.get("/task/{id}/deployed-form")
def deployed_form(id: str) -> dict[str, Any]:
    """The task's form, as form-js reads it."""
    return deployed(tasks.form(g.session, open_task(id)))


@ROUTES.get("/task/{id}/form-variables")
def form_variables(id: str, query: FormVariablesQuery) -> dict[str, Variable]:
    """The values that the task's form begins with."""
    data, names = tasks.data(g.session, open_task(id)), query.variable_names
    return answers({name: value for name, value in data.items() if names is None or name in names})


@ROUTES.get("/task/{id}/variables")
def variables(id: str, query: VariablesQuery) -> dict[str, Variable]:
    """The values that the task sees: its case's, under its own."""
    return answers(tasks.data(g.session, open_task(id)))


@ROUTES.get("/task/{id}/variables/{name}")
def variable(id: str, name: str, query: VariablesQuery) -> Variable:
    """One value that the task sees."""
    return one(tasks.data(g.session, open_task(id)), name)


@ROUTES.get("/task/{id}/localVariables")
def local_variables(id: str, query: VariablesQuery) -> dict[str, Variable]:
    """The values that only this one of several tasks has."""
    return answers(open_task(id).locals)


@ROUTES.get("/task/{id}/localVariables/{name}")
def local_variable(id: str, name: str, query: VariablesQuery) -> Variable:
    """One value that only this one of several tasks has."""
    return one(open_task(id).locals, name)
