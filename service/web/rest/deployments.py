"""Deployments: what Camunda Modeler's Deploy button calls."""

from collections.abc import Mapping
from operator import attrgetter

from flask import Response, g

from service.errors import Conflict, NotFound
from service.operations import archive, deployments
from service.operations.deployments import Deployed
from service.store.models import Deployment, Resource
from service.web.deployments import attached
from service.web.present import settings
from service.web.rest.decisions import DecisionAnswer, decision_answer
from service.web.rest.definitions import DefinitionAnswer, definition_answer
from service.web.rest.routes import Routes
from service.web.rest.sent import DeploymentForm, allow, files, understood
from service.web.rest.shapes import Answer, Asked, Count, Link, Moment, Sorted, Text, link, matches

ROUTES = Routes("Deployment")
SORT = {
    "id": attrgetter("id"),
    "name": attrgetter("name"),
    "deploymentTime": attrgetter("deployed_at"),
}


class DeploymentAnswer(Answer):
    """One set of files that came together."""

    id: str
    name: str | None
    source: str | None
    deployment_time: Moment
    tenant_id: None = None


class DeployedAnswer(DeploymentAnswer):
    """A deployment just made; what was deployed is null where there is none, or nothing had changed."""

    links: list[Link]
    deployed_process_definitions: dict[str, DefinitionAnswer] | None
    deployed_case_definitions: None = None
    deployed_decision_definitions: dict[str, DecisionAnswer] | None
    deployed_decision_requirements_definitions: None = None


class DeploymentQuery(Sorted):
    """Which deployments."""

    id: Text | None = None
    name: Text | None = None
    source: Text | None = None


class DeleteQuery(Asked):
    """How Camunda would delete."""

    cascade: bool = False
    skip_custom_listeners: bool = False
    skip_io_mappings: bool = False


class ResourceAnswer(Answer):
    """One file of a deployment."""

    id: str
    name: str
    deployment_id: str


@ROUTES.get("/deployment")
def find(query: DeploymentQuery) -> list[DeploymentAnswer]:
    """The deployments, the newest first; who may not deploy sees none."""
    return [deployment_answer(row) for row in query.cut(_found(query))]


@ROUTES.get("/deployment/count")
def count(query: DeploymentQuery) -> Count:
    """How many deployments there are."""
    return Count(count=len(_found(query)))


@ROUTES.post("/deployment/create")
def create(form: DeploymentForm) -> DeployedAnswer:
    """Checks and stores diagrams, forms and decisions: one mistake, and nothing is stored.

    Each file is a part of its own, whose name and file name are the file's. For who may deploy.
    """
    allow()
    understood(form)
    deployed = _deploy(form, files())
    row = deployed.deployment
    definitions = {definition.id: definition_answer(definition) for definition in deployed.definitions}
    return DeployedAnswer(
        **dict(deployment_answer(row)),
        links=[link("deployment", row.id)],
        deployed_process_definitions=definitions or None,
        deployed_decision_definitions={row.id: decision_answer(row) for row in deployed.decisions} or None,
    )


@ROUTES.get("/deployment/{id}")
def get(id: str) -> DeploymentAnswer:
    """One deployment; for who may deploy."""
    return deployment_answer(_one(id))


@ROUTES.delete("/deployment/{id}")
def delete(id: str, query: DeleteQuery) -> None:
    """Is refused: what was done on a deployment stays known for ever, and so does what it was done on."""
    _one(id)
    raise Conflict("rest.kept_deployment")


@ROUTES.get("/deployment/{id}/resources")
def get_resources(id: str) -> list[ResourceAnswer]:
    """The files of a deployment, by name; for who may deploy."""
    _one(id)
    return [resource_answer(row) for row in archive.files(g.session, id)]


@ROUTES.get("/deployment/{id}/resources/{resource}")
def get_resource(id: str, resource: str) -> ResourceAnswer:
    """One file of a deployment; for who may deploy."""
    _one(id)
    return resource_answer(archive.file(g.session, id, resource))


@ROUTES.get("/deployment/{id}/resources/{resource}/data")
def get_resource_data(id: str, resource: str) -> Response:
    """One file, byte for byte as it was deployed; for who may deploy."""
    _one(id)
    row = archive.file(g.session, id, resource)
    return attached(row.name, row.content)


def deployment_answer(row: Deployment) -> DeploymentAnswer:
    """A deployment as clients read it."""
    return DeploymentAnswer(
        id=row.id, name=row.name or None, source=row.source or None, deployment_time=row.deployed_at
    )


def resource_answer(row: Resource) -> ResourceAnswer:
    """A file as clients read it."""
    return ResourceAnswer(id=row.id, name=row.name, deployment_id=row.deployment_id)


def _deploy(form: DeploymentForm, sent: Mapping[str, bytes]) -> Deployed:
    """The deployment; the files are kept for whoever must tell why they are refused."""
    g.sent = sent
    return deployments.deploy(
        g.session,
        form.deployment_name,
        sent,
        source=form.deployment_source,
        actor=g.actor,
        duplicates="filter" if form.enable_duplicate_filtering else "deploy",
        approvers=settings().approvers,
        effective_at=form.deployment_activation_time,
    )


def _one(id_: str) -> Deployment:
    """A deployment; NotFound also for who may not deploy, and so knows of none."""
    if not deployments.may_deploy(g.actor):
        raise NotFound("rest.no_deployment", id=id_)
    return archive.get(g.session, id_)


def _found(query: DeploymentQuery) -> list[Deployment]:
    rows = deployments.find(g.session) if deployments.may_deploy(g.actor) else []
    asked = {"id": query.id, "name": query.name, "source": query.source}
    return query.sort([row for row in rows if matches(row, asked)], SORT)
