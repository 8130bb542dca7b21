"""Process instances that are under way; ended ones are in the history."""

from operator import attrgetter

from flask import g

from service.errors import InvalidInput, NotAllowed, NotFound
from service.operations import gate, instances, mending
from service.store.models import ProcessInstance
from service.web.rest.routes import Routes
from service.web.rest.shapes import (
    Answer,
    Asked,
    Count,
    Link,
    Names,
    Sorted,
    Text,
    Variable,
    link,
    matches,
)
from service.web.rest.variables import answers

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
    super_process_instance: Text | None = None
    sub_process_instance: Text | None = None
    root_process_instance_id: Text | None = None
    active: bool = False
    suspended: bool = False


class SuspensionBody(Asked):
    """Shall it stand still, or go on?"""

    suspended: bool


class SuspensionsBody(SuspensionBody):
    """The instances meant: by their ids, or all of one process definition or of one process."""

    process_instance_ids: Names | None = None
    process_definition_id: Text | None = None
    process_definition_key: Text | None = None


class CancelQuery(Asked):
    """Camunda's switches for listeners and mappings, of which there are none to skip."""

    skip_custom_listeners: bool = False
    skip_io_mappings: bool = False
    skip_subprocesses: bool = False
    fail_if_not_exists: bool = True


@ROUTES.get("/process-instance")
def find(query: InstanceQuery) -> list[InstanceAnswer]:
    """The process instances under way that the asker may see."""
    return [instance_answer(row) for row in query.cut(found(query))]


@ROUTES.get("/process-instance/count")
def count(query: InstanceQuery) -> Count:
    """How many process instances are under way."""
    return Count(count=len(found(query)))


@ROUTES.get("/process-instance/{id}")
def get(id: str) -> InstanceAnswer:
    """One process instance under way."""
    return instance_answer(under_way(id))


@ROUTES.put("/process-instance/suspended", admin=True)
def suspend_several(body: SuspensionsBody) -> None:
    """Suspends or activates several instances, all or none; those that they called are others."""
    asked = (body.process_instance_ids, body.process_definition_id, body.process_definition_key)
    if len([one for one in asked if one is not None]) != 1:
        raise InvalidInput("rest.suspend_which")
    if body.process_instance_ids is not None:
        ids = [under_way(id).id for id in body.process_instance_ids]
    else:
        query = InstanceQuery.model_construct(
            process_definition_id=body.process_definition_id,
            process_definition_key=body.process_definition_key,
        )
        ids = [row.id for row in found(query)]
    for id in sorted(set(ids)):  # in one order, so that two who do this never wait for each other
        _switch(id, body)


@ROUTES.put("/process-instance/{id}/suspended", admin=True)
def suspend(id: str, body: SuspensionBody) -> None:
    """Suspends an instance, in which nothing goes on then, or activates it."""
    _switch(under_way(id).id, body)


def _switch(id_: str, body: SuspensionBody) -> None:
    (mending.suspend if body.suspended else mending.activate)(g.session, id_, g.actor)


@ROUTES.delete("/process-instance/{id}", admin=True)
def cancel(id: str, query: CancelQuery) -> None:
    """Cancels an instance: what it waits for is closed, its history stays."""
    instances.cancel(g.session, under_way(id).id, g.actor, "")


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
        started.variables = answers(gate.variables(g.session, row.id))
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


def found(query: InstanceQuery) -> list[ProcessInstance]:
    """The instances under way that the asker may see and that fit."""
    asked = {
        "id": query.process_instance_ids,
        "definition_id": query.process_definition_id,
        "parent_id": query.super_process_instance,
    }
    caller, root = _caller(query.sub_process_instance), query.root_process_instance_id
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
        if matches(row, asked) and caller in (None, row.id) and root in (None, row.root_id or row.id)
    ]
    return query.sort(rows, SORT)


def _caller(called: str | None) -> str | None:
    """The id of the instance that called this one; one that nothing has where none did."""
    if called is None:
        return None
    try:
        return instances.get(g.session, called, g.actor).parent_id or ""
    except NotFound:
        return ""


def _statuses(query: InstanceQuery) -> tuple[str, ...]:
    if query.active == query.suspended:
        return UNDER_WAY
    return ("active",) if query.active else ("suspended",)
