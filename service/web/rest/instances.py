"""Process instances that are under way, and their variables; ended ones are in the history."""

from operator import attrgetter

from flask import g

from service.errors import NotAllowed, NotFound
from service.operations import instances
from service.store.models import ProcessInstance
from service.web.rest.routes import Routes
from service.web.rest.shapes import (
    Answer,
    Asked,
    Count,
    Link,
    Names,
    SentValue,
    Sorted,
    Text,
    Variable,
    link,
    matches,
)
from service.web.rest.variables import (
    ModificationsBody,
    VariablesQuery,
    answers,
    one,
    sent_value,
    sent_values,
)

ROUTES = Routes("Process instance")
UNDER_WAY = ("active", "suspended")
SORT = {
    "instanceId": attrgetter("id"),
    "definitionId": attrgetter("definition_id"),
    "definitionKey": attrgetter("definition_key"),
    "businessKey": attrgetter("business_key"),
}


class InstanceAnswer(Answer):
    """One case."""

    links: list[Link]
    id: str
    definition_id: str
    definition_key: str
    business_key: str | None
    case_instance_id: None = None
    ended: bool
    suspended: bool
    tenant_id: None = None
    variables: dict[str, Variable] | None = None


class InstanceQuery(Sorted):
    """Which instances."""

    process_instance_ids: Names | None = None
    business_key: Text | None = None
    process_definition_id: Text | None = None
    process_definition_key: Text | None = None
    active: bool = False
    suspended: bool = False


class CancelQuery(Asked):
    """Camunda's switches for listeners and mappings, of which there are none to skip."""

    skip_custom_listeners: bool = False
    skip_io_mappings: bool = False
    skip_subprocesses: bool = False
    fail_if_not_exists: bool = True


@ROUTES.get("/process-instance")
def find(query: InstanceQuery) -> list[InstanceAnswer]:
    """The process instances under way that the asker may see."""
    return [instance_answer(row) for row in query.cut(_found(query))]


@ROUTES.get("/process-instance/count")
def count(query: InstanceQuery) -> Count:
    """How many process instances are under way."""
    return Count(count=len(_found(query)))


@ROUTES.get("/process-instance/{id}")
def get(id: str) -> InstanceAnswer:
    """One process instance under way."""
    return instance_answer(under_way(id))


@ROUTES.delete("/process-instance/{id}", admin=True)
def cancel(id: str, query: CancelQuery) -> None:
    """Cancels an instance: what it waits for is closed, its history stays."""
    instances.cancel(g.session, under_way(id).id, g.actor, "")


@ROUTES.get("/process-instance/{id}/variables")
def variables(id: str, query: VariablesQuery) -> dict[str, Variable]:
    """Every variable of an instance."""
    return answers(instances.variables(g.session, under_way(id).id))


@ROUTES.post("/process-instance/{id}/variables", admin=True)
def modify(id: str, body: ModificationsBody) -> None:
    """Sets and deletes variables."""
    kept = {name: sent for name, sent in body.modifications.items() if name not in body.deletions}
    values = sent_values(kept)
    instances.set_variables(g.session, under_way(id).id, g.actor, values, delete=body.deletions)


@ROUTES.get("/process-instance/{id}/variables/{name}")
def variable(id: str, name: str, query: VariablesQuery) -> Variable:
    """One variable of an instance."""
    return one(instances.variables(g.session, under_way(id).id), name)


@ROUTES.put("/process-instance/{id}/variables/{name}", admin=True)
def set_variable(id: str, name: str, body: SentValue) -> None:
    """Sets one variable."""
    instances.set_variables(g.session, under_way(id).id, g.actor, {name: sent_value(name, body)})


@ROUTES.delete("/process-instance/{id}/variables/{name}", admin=True)
def delete_variable(id: str, name: str) -> None:
    """Deletes one variable."""
    instances.set_variables(g.session, under_way(id).id, g.actor, {}, delete=[name])


def instance_answer(row: ProcessInstance) -> InstanceAnswer:
    """An instance as clients read it."""
    return InstanceAnswer(
        links=[link("process-instance", row.id)],
        id=row.id,
        definition_id=row.definition_id,
        definition_key=row.definition_key,
        business_key=row.business_key or None,
        ended=row.status not in UNDER_WAY,
        suspended=row.status == "suspended",
    )


def started_answer(row: ProcessInstance, *, with_variables: bool = False) -> InstanceAnswer:
    """An instance just started, with its variables if they are asked for."""
    started = instance_answer(row)
    if with_variables:
        started.variables = answers(instances.variables(g.session, row.id))
    return started


def under_way(id_: str) -> ProcessInstance:
    """The instance that the asker may see; NotFound also when it has ended, as in Camunda."""
    row = instances.get(g.session, id_, g.actor)
    if row.status not in UNDER_WAY:
        raise NotFound("rest.instance_ended", id=id_)
    return row


def visible(instance_id: str | None) -> bool:
    """May the asker see this case? Only `admin` asks about all of them (None)."""
    if instance_id is None:
        if not g.actor.admin:
            raise NotAllowed("rest.name_instance")
        return True
    try:
        instances.get(g.session, instance_id, g.actor)
    except NotFound:
        return False
    return True


def _found(query: InstanceQuery) -> list[ProcessInstance]:
    asked = {"id": query.process_instance_ids, "definition_id": query.process_definition_id}
    rows = [
        row
        for status in _statuses(query)
        for row in instances.find(
            g.session,
            g.actor,
            status=status,
            definition_key=query.process_definition_key,
            business_key=query.business_key,
            limit=None,
        )
        if matches(row, asked)
    ]
    return query.sort(rows, SORT)


def _statuses(query: InstanceQuery) -> tuple[str, ...]:
    if query.active == query.suspended:
        return UNDER_WAY
    return ("active",) if query.active else ("suspended",)
