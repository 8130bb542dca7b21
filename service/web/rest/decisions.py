"""Decision definitions: which there are, their files, and what they give for variables."""

from operator import attrgetter

from flask import g

from service.operations import decisions
from service.operations.deployments import content
from service.store.models import DecisionDefinition
from service.web.rest.routes import Routes
from service.web.rest.shapes import (
    Answer,
    Asked,
    Count,
    Names,
    SentValue,
    Sorted,
    Text,
    Variable,
    like,
    matches,
)
from service.web.rest.variables import answers, sent_values

ROUTES = Routes("Decision definition")

SORT = {
    "id": attrgetter("id"),
    "key": attrgetter("key"),
    "name": attrgetter("name"),
    "version": attrgetter("version"),
    "deploymentId": attrgetter("deployment_id"),
}


class DecisionAnswer(Answer):
    """One version of a decision."""

    id: str
    key: str
    category: None = None
    name: str
    version: int
    resource: str
    deployment_id: str
    tenant_id: None = None
    decision_requirements_definition_id: None = None
    decision_requirements_definition_key: None = None
    history_time_to_live: None = None
    version_tag: str | None


class DmnAnswer(Answer):
    """The file as it was deployed."""

    id: str
    dmn_xml: str


class DecisionQuery(Sorted):
    """Which decisions: all versions, unless `latestVersion` says otherwise."""

    decision_definition_id: Text | None = None
    decision_definition_id_in: Names | None = None
    key: Text | None = None
    key_like: Text | None = None
    name: Text | None = None
    name_like: Text | None = None
    version: int | None = None
    latest_version: bool = False
    deployment_id: Text | None = None
    resource_name: Text | None = None
    resource_name_like: Text | None = None


class EvaluateBody(Asked):
    """What the decision is made of."""

    variables: dict[Text, SentValue] = {}


@ROUTES.get("/decision-definition")
def find(query: DecisionQuery) -> list[DecisionAnswer]:
    """The decision definitions."""
    return [decision_answer(row) for row in query.cut(_found(query))]


@ROUTES.get("/decision-definition/count")
def count(query: DecisionQuery) -> Count:
    """How many decision definitions there are."""
    return Count(count=len(_found(query)))


@ROUTES.get("/decision-definition/key/{key}")
@ROUTES.get("/decision-definition/{id}")
def get(id: str = "", key: str = "") -> DecisionAnswer:
    """One decision definition; by key, its latest version."""
    return decision_answer(_definition(id, key))


@ROUTES.get("/decision-definition/key/{key}/xml")
@ROUTES.get("/decision-definition/{id}/xml")
def xml(id: str = "", key: str = "") -> DmnAnswer:
    """The file, as it was deployed."""
    row = _definition(id, key)
    return DmnAnswer(id=row.id, dmn_xml=content(g.session, row).decode())


@ROUTES.post("/decision-definition/key/{key}/evaluate", admin=True, only_reads=True)
@ROUTES.post("/decision-definition/{id}/evaluate", admin=True, only_reads=True)
def evaluate(body: EvaluateBody, id: str = "", key: str = "") -> list[dict[str, Variable]]:
    """What the decision gives for these variables: its rows, of typed values by the outputs' names.

    An aggregated value and a literal expression's stand alone in one row. Nothing is kept.
    """
    row = _definition(id, key)
    decided = decisions.evaluate(g.session, row, g.actor, sent_values(body.variables))
    return [answers(found) for found in decided.rows]


def decision_answer(row: DecisionDefinition) -> DecisionAnswer:
    """A decision definition as clients read it."""
    return DecisionAnswer(
        id=row.id,
        key=row.key,
        name=row.name,
        version=row.version,
        resource=row.resource_name,
        deployment_id=row.deployment_id,
        version_tag=decisions.file(g.session, row).decisions[row.key].version_tag,
    )


def _definition(id_: str, key: str) -> DecisionDefinition:
    return decisions.definition(g.session, id_) if id_ else decisions.latest(g.session, key)


def _found(query: DecisionQuery) -> list[DecisionDefinition]:
    rows = decisions.definitions(g.session, query.key, latest=query.latest_version)
    asked = {
        "id": query.decision_definition_id,
        "name": query.name,
        "version": query.version,
        "deployment_id": query.deployment_id,
        "resource_name": query.resource_name,
    }
    fitting = [
        row
        for row in rows
        if matches(row, asked)
        and matches(row, {"id": query.decision_definition_id_in})
        and like(row.key, query.key_like)
        and like(row.name, query.name_like)
        and like(row.resource_name, query.resource_name_like)
    ]
    return query.sort(fitting, SORT)
