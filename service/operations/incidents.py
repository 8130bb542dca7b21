"""Incidents: cases that stopped and need an operator; the work that stopped them is kept."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager

from service.errors import ExecutionFailed, Message, NotFound
from service.language import catalogue
from service.operations import deployments, history
from service.operations.identity import SYSTEM, Actor
from service.store.models import Incident, Job, ProcessInstance, now

KINDS = ("task", "job", "external")
"""Behind a person's work, in something that was due, or in what a worker elsewhere does."""


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
    said = {name: plain(value) for name, value in error.message.params.items()}
    said["name"] = _name(session, instance, error)
    incident = Incident(
        instance_id=instance.id,
        kind="task" if task_id else _kind(session, job_id),
        element_id=error.element,
        task_id=task_id,
        job_id=job_id,
        sentence=error.message.key,
        details=said,
        parked=parked,
        opened_for=actor.id,
    )
    session.add(incident)
    kept = {"by": actor.id, "values": dict(parked)} if parked is not None else {}
    history.record(
        session,
        instance,
        "incident_opened",
        SYSTEM,
        element_id=error.element,
        element_name=said["name"],
        task_id=task_id,
        sentence=incident.sentence,
        **kept,
    )
    return incident


def _name(session: Session, instance: ProcessInstance, error: ExecutionFailed) -> str:
    """What the element is called, also where the error knows only its id."""
    element = deployments.diagram(session, instance.definition_id).elements.get(error.element)
    return (element and element.name) or str(error.message.params.get("name", error.element))


def _kind(session: Session, job_id: str | None) -> str:
    job = session.get(Job, job_id) if job_id else None
    return "external" if job is not None and job.kind == "external" else "job"


def resolve(
    session: Session, incident: Incident, instance: ProcessInstance, actor: Actor, *, reason: str = ""
) -> None:
    """Closes it; the caller mends what it is about."""
    incident.resolved_at = now()
    history.record(
        session,
        instance,
        "incident_resolved",
        actor,
        element_id=incident.element_id,
        element_name=str(incident.details.get("name", "")),
        task_id=incident.task_id,
        **({"reason": reason} if reason else {}),
    )


def close(session: Session, instance: ProcessInstance, waits: Collection[str], actor: Actor) -> None:
    """Resolves what stopped at these tasks and jobs: they have gone on, or the case no longer waits there."""
    for incident in find(session, instance_id=instance.id):
        # one that was resolved a moment ago may still look open in the database
        if incident.resolved_at is None and {incident.task_id, incident.job_id}.intersection(waits):
            resolve(session, incident, instance, actor)


def told(incident: Incident) -> Message:
    """What stopped the case, to be said in the reader's language."""
    params = spoken(incident.details)
    if lacking(incident):
        params["warnings"] = ""  # they say the same, in the expression language's own words
    if params.get("value") == "null":
        params["value"] = Message("mend.null")
    return Message(incident.sentence, params)


def lacking(incident: Incident) -> list[str]:
    """The variables that the expression reads and that were unknown or null when the case stopped."""
    return [name for name in str(incident.details.get("lacking", "")).split(", ") if name]


def remedy(incident: Incident) -> Message:
    """What an operator does about it."""
    reason = incident.details.get("reason")
    within = [reason["key"]] if isinstance(reason, dict) else []
    for key in (f"mend.remedy.{sentence}" for sentence in (*within, incident.sentence)):
        if key in catalogue():
            return Message(key, spoken(incident.details))
    return Message("mend.remedy.other")


def plain(value: Any) -> Any:
    """A sentence within the sentence is kept by its key; the reader's language is not known yet."""
    if isinstance(value, Message):
        return {"key": value.key, "params": {name: plain(one) for name, one in value.params.items()}}
    return value if isinstance(value, str | int | float) else str(value)


def spoken(kept: Mapping[str, Any]) -> dict[str, Any]:
    """What `plain` kept; an object is a sentence, for nothing else is kept as one."""
    return {
        name: Message(value["key"], spoken(value["params"])) if isinstance(value, dict) else value
        for name, value in kept.items()
    }


def get(session: Session, id_: str) -> Incident:
    """The incident, open or not; NotFound where there is none."""
    if (found := session.get(Incident, id_)) is None:
        raise NotFound("case.no_incident")
    return found


def find(
    session: Session,
    *,
    open_only: bool = True,
    newest_first: bool = False,
    limit: int | None = None,
    offset: int = 0,
    **filters: str | None,
) -> Sequence[Incident]:
    """Incidents with their cases, oldest first; `filters` are those of `count`."""
    query = _asked(select(Incident), filters, open_only).options(
        contains_eager(Incident.instance).joinedload(ProcessInstance.definition)
    )
    order = (Incident.opened_at, Incident.id)
    query = query.order_by(*(column.desc() for column in order) if newest_first else order)
    return session.scalars(query.limit(limit).offset(offset)).all()


def count(session: Session, **filters: str | None) -> int:
    """How many are open, by id, instance_id, definition_id, definition_key, element_id and kind, if given."""
    return session.scalar(_asked(select(func.count(Incident.id)), filters, open_only=True)) or 0


def _asked(query: Select[Any], filters: Mapping[str, str | None], open_only: bool) -> Select[Any]:
    query = query.join(Incident.instance)
    if open_only:
        query = query.where(Incident.resolved_at.is_(None))
    for name, value in filters.items():
        if value is not None:
            table = ProcessInstance if name.startswith("definition") else Incident
            query = query.where(getattr(table, name) == value)
    return query


def definitions(session: Session) -> Sequence[str]:
    """The keys of the processes that have an open incident."""
    query = select(ProcessInstance.definition_key).join(Incident, Incident.instance_id == ProcessInstance.id)
    query = query.where(Incident.resolved_at.is_(None)).distinct()
    return session.scalars(query.order_by(ProcessInstance.definition_key)).all()
