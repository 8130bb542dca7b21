"""Process definitions: what can be started, by id or by key, with the form that starts it."""

from operator import attrgetter
from typing import Any

from flask import g

from service.operations import deployments, inforce, instances, starting
from service.store.models import ProcessDefinition, ProcessInstance
from service.web.rest.forms import FormAnswer, deployed, reference
from service.web.rest.instances import InstanceAnswer, started_answer
from service.web.rest.routes import Routes
from service.web.rest.shapes import Answer, Asked, Count, Names, SentValue, Sorted, Text, like, matches
from service.web.rest.variables import sent_values

ROUTES = Routes("Process definition")

SORT = {
    "id": attrgetter("id"),
    "key": attrgetter("key"),
    "name": attrgetter("name"),
    "version": attrgetter("version"),
    "deploymentId": attrgetter("deployment_id"),
}


class DefinitionAnswer(Answer):
    """One version of a process; it is suspended while it is a draft, before its day, and when withdrawn."""

    id: str
    key: str
    category: None = None
    description: str | None = None
    name: str
    version: int
    resource: str
    deployment_id: str
    diagram: None = None
    suspended: bool
    tenant_id: None = None
    version_tag: str | None
    history_time_to_live: None = None
    startable_in_tasklist: bool


class XmlAnswer(Answer):
    """The diagram as it was deployed."""

    id: str
    bpmn20_xml: str


class DefinitionQuery(Sorted):
    """Which definitions: all versions, or with `latestVersion` those in force.

    `active` are those on which cases may begin, `suspended` the others.
    """

    process_definition_id: Text | None = None
    process_definition_id_in: Names | None = None
    key: Text | None = None
    keys_in: Names | None = None
    key_like: Text | None = None
    name: Text | None = None
    name_like: Text | None = None
    version: int | None = None
    latest_version: bool = False
    deployment_id: Text | None = None
    resource_name: Text | None = None
    active: bool = False
    suspended: bool = False


class SubmitBody(Asked):
    """The start form, filled in."""

    business_key: Text | None = None
    variables: dict[Text, SentValue] = {}


class StartBody(SubmitBody):
    """How an instance begins."""

    with_variables_in_return: bool = False


@ROUTES.get("/process-definition")
def find(query: DefinitionQuery) -> list[DefinitionAnswer]:
    """The process definitions."""
    return [definition_answer(row) for row in query.cut(_found(query))]


@ROUTES.get("/process-definition/count")
def count(query: DefinitionQuery) -> Count:
    """How many process definitions there are."""
    return Count(count=len(_found(query)))


@ROUTES.get("/process-definition/key/{key}")
@ROUTES.get("/process-definition/{id}")
def get(id: str = "", key: str = "") -> DefinitionAnswer:
    """One process definition; by key, the version in force."""
    return definition_answer(_definition(id, key))


@ROUTES.get("/process-definition/key/{key}/xml")
@ROUTES.get("/process-definition/{id}/xml")
def xml(id: str = "", key: str = "") -> XmlAnswer:
    """The diagram, as it was deployed."""
    row = _definition(id, key)
    return XmlAnswer(id=row.id, bpmn20_xml=deployments.xml(g.session, row.id).decode())


@ROUTES.get("/process-definition/key/{key}/startForm")
@ROUTES.get("/process-definition/{id}/startForm")
def start_form(id: str = "", key: str = "") -> FormAnswer:
    """Which form starts an instance; without one, every field is null."""
    row = _definition(id, key)
    form = instances.start_form(g.session, row, g.actor)
    event = starting.plain_start(deployments.diagram(g.session, row.id))
    return FormAnswer(camunda_form_ref=reference(form, event) if event else None)


@ROUTES.get("/process-definition/key/{key}/deployed-start-form")
@ROUTES.get("/process-definition/{id}/deployed-start-form")
def deployed_start_form(id: str = "", key: str = "") -> dict[str, Any]:
    """The form that starts an instance, as form-js reads it."""
    return deployed(instances.start_form(g.session, _definition(id, key), g.actor))


@ROUTES.post("/process-definition/key/{key}/start")
@ROUTES.post("/process-definition/{id}/start")
def start(body: StartBody, id: str = "", key: str = "") -> InstanceAnswer:
    """Starts an instance.

    `admin` may give it any variables; for everybody else they are the start form, filled in.
    """
    row = _definition(id, key)
    if g.actor.admin:
        values = sent_values(body.variables)
        started = instances.start(g.session, row, g.actor, values, business_key=body.business_key)
    else:
        started = _begin(row, body)
    return started_answer(started, with_variables=body.with_variables_in_return)


@ROUTES.post("/process-definition/key/{key}/submit-form")
@ROUTES.post("/process-definition/{id}/submit-form")
def submit_form(body: SubmitBody, id: str = "", key: str = "") -> InstanceAnswer:
    """Starts an instance with the start form, filled in."""
    return started_answer(_begin(_definition(id, key), body))


def _begin(row: ProcessDefinition, body: SubmitBody) -> ProcessInstance:
    values = sent_values(body.variables)
    return instances.begin(g.session, row, g.actor, values, business_key=body.business_key)


def definition_answer(row: ProcessDefinition) -> DefinitionAnswer:
    """A process definition as clients read it."""
    process = deployments.diagram(g.session, row.id)
    return DefinitionAnswer(
        id=row.id,
        key=row.key,
        name=row.name,
        version=row.version,
        resource=row.resource_name,
        deployment_id=row.deployment_id,
        suspended=not inforce.startable(row),
        version_tag=process.camunda.get("versionTag"),
        startable_in_tasklist=process.camunda.get("isStartableInTasklist") != "false",
    )


def _definition(id_: str, key: str) -> ProcessDefinition:
    return deployments.definition(g.session, id_) if id_ else deployments.latest(g.session, key)


def _found(query: DefinitionQuery) -> list[ProcessDefinition]:
    rows = deployments.definitions(g.session, query.key, latest=query.latest_version)
    asked = {
        "id": query.process_definition_id,
        "name": query.name,
        "version": query.version,
        "deployment_id": query.deployment_id,
        "resource_name": query.resource_name,
    }
    fitting = [
        row
        for row in rows
        if matches(row, asked)
        and matches(row, {"id": query.process_definition_id_in, "key": query.keys_in})
        and like(row.key, query.key_like)
        and like(row.name, query.name_like)
        and not (query.active and not inforce.startable(row))
        and not (query.suspended and inforce.startable(row))
    ]
    return query.sort(fitting, SORT)
