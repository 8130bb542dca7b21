"""What was deployed, to be looked at and taken out again: sets of files, newest first."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, undefer

from service.errors import NotFound
from service.operations import resources
from service.operations.recent import Recent
from service.operations.resources import Resources
from service.operations.revisions import KINDS
from service.store.models import (
    DecisionDefinition,
    DefinitionEvent,
    Deployment,
    FormDefinition,
    ProcessDefinition,
    Resource,
)

_READ: Recent[Resources] = Recent(8)
"""What was read in the deployments that were looked at last; their files never change."""


def find(session: Session, limit: int, offset: int = 0) -> Sequence[Deployment]:
    """The deployments, newest first."""
    query = select(Deployment).order_by(Deployment.deployed_at.desc(), Deployment.id)
    return session.scalars(query.limit(limit).offset(offset)).all()


def get(session: Session, id_: str) -> Deployment:
    """The deployment with this id; NotFound if there is none."""
    if (found := session.get(Deployment, id_)) is None:
        raise NotFound("deploying.no_deployment")
    return found


def definitions(session: Session, deployment_ids: Sequence[str]) -> Sequence[ProcessDefinition]:
    """The revisions that came in these deployments, by name."""
    query = select(ProcessDefinition).where(ProcessDefinition.deployment_id.in_(deployment_ids))
    return session.scalars(query.order_by(ProcessDefinition.name, ProcessDefinition.key)).all()


def before(session: Session, definition: ProcessDefinition) -> ProcessDefinition | None:
    """The revision of the same SOP that was deployed before this one; None for the first."""
    query = select(ProcessDefinition).where(
        ProcessDefinition.key == definition.key, ProcessDefinition.version < definition.version
    )
    return session.scalars(query.order_by(ProcessDefinition.version.desc()).limit(1)).first()


def forms(session: Session, deployment_id: str) -> Sequence[FormDefinition]:
    """The forms that came in this deployment, by their id."""
    query = select(FormDefinition).where(FormDefinition.deployment_id == deployment_id)
    return session.scalars(query.order_by(FormDefinition.key)).all()


def decisions(session: Session, deployment_id: str) -> Sequence[DecisionDefinition]:
    """The decisions that came in this deployment, by their id."""
    query = select(DecisionDefinition).where(DecisionDefinition.deployment_id == deployment_id)
    return session.scalars(query.order_by(DecisionDefinition.key)).all()


def contents(session: Session, deployment_id: str) -> dict[str, bytes]:
    """The files of a deployment by their name, byte for byte as they were deployed."""
    query = select(Resource.name, Resource.content).where(Resource.deployment_id == deployment_id)
    return {row.name: row.content for row in session.execute(query.order_by(Resource.name))}


def content(session: Session, deployment_id: str, name: str) -> bytes:
    """One file of a deployment; NotFound if it has none of this name."""
    query = select(Resource).where(Resource.deployment_id == deployment_id, Resource.name == name)
    file = session.scalars(query.options(undefer(Resource.content))).first()
    if file is None:
        raise NotFound("deploying.no_file", name=name)
    return file.content


def files(session: Session, deployment_id: str) -> Sequence[Resource]:
    """The files of a deployment, by name."""
    query = select(Resource).where(Resource.deployment_id == deployment_id)
    return session.scalars(query.order_by(Resource.name)).all()


def file(session: Session, deployment_id: str, id_: str) -> Resource:
    """One file of a deployment with its bytes, by its own id, as programs ask; NotFound if it has none."""
    query = select(Resource).where(Resource.deployment_id == deployment_id, Resource.id == id_)
    if (found := session.scalars(query.options(undefer(Resource.content))).first()) is None:
        raise NotFound("rest.no_resource", id=id_)
    return found


def read(session: Session, deployment_id: str) -> Resources:
    """What is in a deployment, and what there is to say of it by itself."""
    return _READ.get(deployment_id, lambda: resources.read(contents(session, deployment_id)))


def drafts(session: Session) -> Sequence[ProcessDefinition]:
    """The revisions that nobody has approved yet, the longest waiting first."""
    query = select(ProcessDefinition).join(ProcessDefinition.deployment)
    query = query.where(ProcessDefinition.status == "draft").order_by(Deployment.deployed_at)
    return session.scalars(query.options(contains_eager(ProcessDefinition.deployment))).all()


def events(session: Session, definition_ids: Sequence[str]) -> Sequence[DefinitionEvent]:
    """What was done to these revisions, newest first."""
    query = select(DefinitionEvent).where(DefinitionEvent.definition_id.in_(definition_ids))
    told = session.scalars(query).all()
    return sorted(told, key=lambda event: (event.at, KINDS.index(event.kind)), reverse=True)
