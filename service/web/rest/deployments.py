"""Deployments: what Camunda Modeler's Deploy button calls."""

from operator import attrgetter

from flask import g, request
from pydantic import ConfigDict

from service.errors import InvalidInput
from service.operations import deployments
from service.store.models import Deployment
from service.values import text
from service.web.rest.decisions import DecisionAnswer, decision_answer
from service.web.rest.definitions import DefinitionAnswer, definition_answer
from service.web.rest.routes import Routes
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


class DeploymentForm(Asked):
    """The texts of a deployment; each file is a part of its own, named by the file's name."""

    model_config = ConfigDict(alias_generator=lambda name: name.replace("_", "-"))

    deployment_name: Text = ""
    deployment_source: Text = ""
    enable_duplicate_filtering: bool = False


@ROUTES.get("/deployment")
def find(query: DeploymentQuery) -> list[DeploymentAnswer]:
    """The deployments, the newest first; only `admin` sees any."""
    return [deployment_answer(row) for row in query.cut(_found(query))]


@ROUTES.get("/deployment/count")
def count(query: DeploymentQuery) -> Count:
    """How many deployments there are."""
    return Count(count=len(_found(query)))


@ROUTES.post("/deployment/create", admin=True)
def create(form: DeploymentForm) -> DeployedAnswer:
    """Checks and stores diagrams, forms and decisions: one mistake, and nothing is stored.

    Each file is a part of its own, whose name and file name are the file's.
    """
    deployed = deployments.deploy(
        g.session,
        form.deployment_name,
        _files(),
        source=form.deployment_source,
        actor=g.actor,
        duplicates="filter" if form.enable_duplicate_filtering else "deploy",
    )
    row = deployed.deployment
    definitions = {definition.id: definition_answer(definition) for definition in deployed.definitions}
    return DeployedAnswer(
        **dict(deployment_answer(row)),
        links=[link("deployment", row.id)],
        deployed_process_definitions=definitions or None,
        deployed_decision_definitions={row.id: decision_answer(row) for row in deployed.decisions} or None,
    )


def deployment_answer(row: Deployment) -> DeploymentAnswer:
    """A deployment as clients read it."""
    return DeploymentAnswer(
        id=row.id, name=row.name or None, source=row.source or None, deployment_time=row.deployed_at
    )


def _files() -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for part, sent in request.files.items(multi=True):
        name = text(sent.filename or part)
        if name in files:
            raise InvalidInput("rest.twice", name=name)
        files[name] = sent.read()
    if not files:
        raise InvalidInput("rest.no_files")
    return files


def _found(query: DeploymentQuery) -> list[Deployment]:
    rows = deployments.find(g.session) if g.actor.admin else []
    asked = {"id": query.id, "name": query.name, "source": query.source}
    return query.sort([row for row in rows if matches(row, asked)], SORT)
