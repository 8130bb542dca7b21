"""The variables of process instances that are under way."""

from flask import g

from service.operations import gate, mending
from service.web.rest.instances import under_way
from service.web.rest.routes import Routes
from service.web.rest.shapes import SentValue, Variable
from service.web.rest.variables import (
    ModificationsBody,
    VariablesQuery,
    answers,
    one,
    sent_value,
    sent_values,
)

ROUTES = Routes("Process instance")


@ROUTES.get("/process-instance/{id}/variables")
def variables(id: str, query: VariablesQuery) -> dict[str, Variable]:
    """Every variable of an instance."""
    return answers(gate.variables(g.session, under_way(id).id))


@ROUTES.post("/process-instance/{id}/variables", admin=True)
def modify(id: str, body: ModificationsBody) -> None:
    """Sets and deletes variables."""
    kept = {name: sent for name, sent in body.modifications.items() if name not in body.deletions}
    values = sent_values(kept)
    mending.set_variables(g.session, under_way(id).id, g.actor, values, delete=body.deletions)


@ROUTES.get("/process-instance/{id}/variables/{name}")
def variable(id: str, name: str, query: VariablesQuery) -> Variable:
    """One variable of an instance."""
    return one(gate.variables(g.session, under_way(id).id), name)


@ROUTES.put("/process-instance/{id}/variables/{name}", admin=True)
def set_variable(id: str, name: str, body: SentValue) -> None:
    """Sets one variable."""
    mending.set_variables(g.session, under_way(id).id, g.actor, {name: sent_value(name, body)})


@ROUTES.delete("/process-instance/{id}/variables/{name}", admin=True)
def delete_variable(id: str, name: str) -> None:
    """Deletes one variable."""
    mending.set_variables(g.session, under_way(id).id, g.actor, {}, delete=[name])
