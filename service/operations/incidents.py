"""Incidents: cases that stopped and need an operator; the work that stopped them is kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.errors import ExecutionFailed
from service.operations import history
from service.operations.identity import SYSTEM, Actor
from service.store.models import Incident, ProcessInstance


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


def _plain(value: Any) -> Any:
    """A sentence within the sentence is kept by its key; the reader's language is not known yet."""
    return value if isinstance(value, str | int | float) else str(value)


def find(session: Session, *, instance_id: str | None = None, open_only: bool = True) -> Sequence[Incident]:
    """Incidents, oldest first."""
    query = select(Incident).order_by(Incident.opened_at, Incident.id)
    if instance_id is not None:
        query = query.where(Incident.instance_id == instance_id)
    if open_only:
        query = query.where(Incident.resolved_at.is_(None))
    return session.scalars(query).all()
