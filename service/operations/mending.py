"""Mending: what an operator does to a case that stopped, or that must not go on for now."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from service import config
from service.errors import AlurError, Busy, Conflict, ExecutionFailed, InvalidInput, NotAllowed, NotFound
from service.language import say
from service.operations import bell, gate, history, incidents, instances, jobs, outcomes, tasks
from service.operations.identity import SYSTEM, Actor
from service.store.models import TRIES, Incident, Job, Person, ProcessInstance

MOST_RETRIES = 1000
"""A job that is tried more often than this is not stopped by anything."""


def resume(
    session: Session,
    incident_id: str,
    actor: Actor,
    *,
    values: Mapping[str, Any] | None = None,
    reason: str = "",
) -> bool:
    """Sets variables, if there are any, and tries what stopped once more; whether it went on.

    A person's kept work is tried in the name of who did it. The incident is resolved by this; where
    the diagram still stops, a new one tells why. NotAllowed for who is no administrator, Conflict
    for what was mended already.
    """
    allow(actor)
    incident = _stopped(session, incident_id)
    instance = incident.instance
    if values:
        set_variables(session, instance.id, actor, values, reason=reason)
    if incident.resolved_at is not None:
        return True  # a condition was waiting for these values, and took the case away from there
    incidents.resolve(session, incident, instance, actor, reason=reason)
    if incident.task_id is None:
        return _again(session, incident, instance, actor)
    task = tasks.get(session, incident.task_id, actor)
    worker = who_did(session, incident)
    return tasks.finish(session, task, worker, incident.parked or {}).status == "completed"


def set_variables(
    session: Session,
    instance_id: str,
    actor: Actor,
    values: Mapping[str, Any],
    delete: Collection[str] = (),
    *,
    reason: str = "",
) -> None:
    """Sets and removes variables of a case, also among the values that a stopped step keeps.

    Otherwise the kept ones would undo the mending when the step is tried again.
    """
    instances.set_variables(session, instance_id, actor, values, delete, reason=reason)
    for incident in incidents.find(session, instance_id=instance_id):
        if incident.parked and not incident.parked.keys().isdisjoint({*values, *delete}):
            kept = {name: values.get(name, value) for name, value in incident.parked.items()}
            incident.parked = {name: value for name, value in kept.items() if name not in delete}


def who_did(session: Session, incident: Incident) -> Actor:
    """Whose work stopped there, also when they do not sign in any more."""
    person = session.get(Person, incident.opened_for) if incident.opened_for else None
    return Actor(person.id, person.name) if person else SYSTEM


def _stopped(session: Session, incident_id: str) -> Incident:
    """The open incident after its case was locked; Conflict where it was mended or the case is suspended."""
    instance = gate.locked(session, incidents.get(session, incident_id).instance_id)
    incident = session.get_one(Incident, incident_id, populate_existing=True)
    if incident.resolved_at is not None:
        raise Conflict("case.nothing_parked")
    if instance.status == "suspended":
        raise Conflict("case.suspended", number=instance.business_key)
    return incident


def _again(session: Session, incident: Incident, instance: ProcessInstance, actor: Actor) -> bool:
    """What was due is done now; a worker elsewhere is given new tries, unless its result is kept."""
    job = session.get(Job, incident.job_id, populate_existing=True) if incident.job_id else None
    if job is None:
        return True  # nothing waits there any more
    if job.kind == "external" and incident.parked is not None:
        return outcomes.finish(session, job, who_did(session, incident), incident.parked)
    job.retries, job.error, job.error_details = TRIES, None, None
    job.lock_owner = job.lock_until = None
    if job.kind == "external":
        bell.ring_after(session)
        return True
    try:
        with session.begin_nested():
            jobs.execute(session, job.id, actor=actor)
    except Busy:
        raise
    except AlurError as error:
        failure = error if isinstance(error, ExecutionFailed) else _failure(job, error)
        job.retries, job.error = 0, error.message.key
        job.error_details = say(error.message, config.language())
        incidents.open_(session, instance, failure, SYSTEM, job_id=job.id)
        return False
    return not incidents.count(session, job_id=incident.job_id)  # a call that cannot be made tells so itself


def _failure(job: Job, error: AlurError) -> ExecutionFailed:
    return ExecutionFailed("engine.job", element=job.element_id, reason=error.message)


def set_retries(
    session: Session, job_id: str, actor: Actor, retries: int, *, due: datetime | None = None
) -> None:
    """How often a job is still tried. More than none resolves its incident, none makes one.

    NotFound where there is no such job, InvalidInput for a number that is none.
    """
    allow(actor)
    if not 0 <= retries <= MOST_RETRIES:
        raise InvalidInput("mend.retries", limit=MOST_RETRIES)
    job = _locked(session, job_id)
    stopped, job.retries = job.retries == 0, retries
    job.due_at = due or job.due_at
    if stopped and retries:
        job.lock_owner = job.lock_until = None
    if stopped and retries:
        for incident in incidents.find(session, job_id=job.id):
            incidents.resolve(session, incident, gate.locked(session, incident.instance_id), actor)
    elif job.instance is not None and not stopped and not retries:
        failure = ExecutionFailed("mend.stopped", element=job.element_id)
        incidents.open_(session, job.instance, failure, actor, job_id=job.id)


def job(session: Session, id_: str) -> Job:
    """The job; NotFound where there is none."""
    if (found := session.get(Job, id_)) is None:
        raise NotFound("case.no_job")
    return found


def _locked(session: Session, id_: str) -> Job:
    """The job after its case was locked."""
    found = job(session, id_)
    if found.instance_id is not None:
        gate.locked(session, found.instance_id)
    session.refresh(found)
    return found


def suspend(session: Session, instance_id: str, actor: Actor, reason: str = "") -> ProcessInstance:
    """Nothing of the case goes on until it is activated: no task, no job, no message; everything stays.

    Cases that it has called go on, as in Camunda.
    """
    instance = _under_way(session, instance_id, actor)
    if instance.status == "active":
        instance.status = "suspended"
        history.record(session, instance, "instance_suspended", actor, **_because(reason))
    return instance


def activate(session: Session, instance_id: str, actor: Actor, reason: str = "") -> ProcessInstance:
    """A suspended case goes on; what has become due meanwhile is due now.

    Conditions are looked at again: ExecutionFailed where one of them stops the case.
    """
    instance = _under_way(session, instance_id, actor)
    if instance.status == "suspended":
        instance.status = "active"
        told = _because(reason)
        with gate.advancing(session, instance, actor, "instance_activated", **told) as execution:
            execution.write({})
    return instance


def _under_way(session: Session, instance_id: str, actor: Actor) -> ProcessInstance:
    allow(actor)
    instance = gate.locked(session, instance_id)
    if instance.status not in ("active", "suspended"):
        raise Conflict("case.not_active", number=instance.business_key)
    return instance


def _because(reason: str) -> dict[str, str]:
    """What the history tells of a reason: a program gives none."""
    return {"reason": reason} if reason else {}


def allow(actor: Actor) -> None:
    """NotAllowed for who is no administrator."""
    if not actor.admin:
        raise NotAllowed("case.may_not_mend")
