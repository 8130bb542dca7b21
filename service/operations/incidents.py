"""Incidents: cases that stopped and need an operator; the work that stopped them is kept."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.errors import ExecutionFailed, Message, NotFound
from service.operations import history
from service.operations.identity import SYSTEM, Actor
from service.store.models import Incident, ProcessInstance, now


def open_(
    session: Session,
    instance: ProcessInstance,
    error: ExecutionFailed,
    actor: Actor,
    *,
    task_id: str | None = None,
    job_id: str | None = None,
    parked: Mapping[str, Any] | None = None,
) -> Incident:
    """Keeps what stopped the case, where, in which words, and the values that a person had typed."""
    incident = Incident(
        instance_id=instance.id,
        kind="task" if task_id else "job",
        element_id=error.element,
        task_id=task_id,
        job_id=job_id,
        sentence=error.message.key,
        details={name: _plain(value) for name, value in error.message.params.items()},
        parked=parked,
        opened_for=actor.id,
    )
    session.add(incident)
    history.record(
        session,
        instance,
        "incident_opened",
        SYSTEM,
        element_id=error.element,
        element_name=str(error.message.params.get("name", "")),
        task_id=task_id,
        sentence=incident.sentence,
    )
    return incident


def locked(session: Session, id_: str) -> Incident:
    """The incident after its case was locked; NotFound where there is none."""
    found = session.scalar(select(Incident.instance_id).where(Incident.id == id_))
    if found is None:
        raise NotFound("case.no_incident")
    session.execute(select(ProcessInstance.id).where(ProcessInstance.id == found).with_for_update())
    return session.get_one(Incident, id_, populate_existing=True)


def resolve(session: Session, incident: Incident, instance: ProcessInstance, actor: Actor) -> None:
    """Closes it; the caller mends what it is about."""
    incident.resolved_at = now()
    history.record(
        session,
        instance,
        "incident_resolved",
        actor,
        element_id=incident.element_id,
        task_id=incident.task_id,
    )


def close(session: Session, instance: ProcessInstance, waits: Collection[str], actor: Actor) -> None:
    """Resolves what stopped at these tasks and jobs: they have gone on, or the case no longer waits there."""
    for incident in find(session, instance_id=instance.id):
        # one that was resolved a moment ago may still look open in the database
        if incident.resolved_at is None and {incident.task_id, incident.job_id}.intersection(waits):
            resolve(session, incident, instance, actor)


def told(incident: Incident) -> Message:
    """What stopped the case, to be said in the reader's language."""
    return Message(incident.sentence, _spoken(incident.details))


def _plain(value: Any) -> Any:
    """A sentence within the sentence is kept by its key; the reader's language is not known yet."""
    if isinstance(value, Message):
        return {"key": value.key, "params": {name: _plain(one) for name, one in value.params.items()}}
    return value if isinstance(value, str | int | float) else str(value)


def _spoken(kept: Mapping[str, Any]) -> dict[str, Any]:
    """What `_plain` kept; an object is a sentence, for nothing else is kept as one."""
    return {
        name: Message(value["key"], _spoken(value["params"])) if isinstance(value, dict) else value
        for name, value in kept.items()
    }


def find(session: Session, *, instance_id: str | None = None, open_only: bool = True) -> Sequence[Incident]:
    """Incidents, oldest first."""
    query = select(Incident).order_by(Incident.opened_at, Incident.id)
    if instance_id is not None:
        query = query.where(Incident.instance_id == instance_id)
    if open_only:
        query = query.where(Incident.resolved_at.is_(None))
    return session.scalars(query).all()
