"""Brings a message or a signal to the case that waits for it, under its lock, and begins new cases."""

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.errors import ExecutionFailed
from service.operations import deployments, early, gate, incidents, inforce, instances, schedules
from service.operations.early import Sent
from service.operations.identity import SYSTEM, Actor
from service.store.models import TRIES, Job, ProcessDefinition, ProcessInstance, Subscription, now

Outcome = Literal["received", "kept", "gone"]
BATCH = 20
"""Jobs that are released at once: their cases are all locked meanwhile."""


def hand_over(session: Session, waiting: Subscription, actor: Actor, sent: Sent) -> Outcome:
    """Whoever comes second finds that the case no longer waits: `gone`.

    Where the diagram stops behind the message, or the case is suspended, it is `kept` as a job: it
    has come, and nobody has to send it again.
    """
    instance = gate.locked(session, waiting.instance_id)
    there = session.get(Subscription, waiting.id, populate_existing=True)
    if there is None or not early.fits(sent.keys, instance.variables):
        return "gone"
    if instance.status == "suspended":
        _keep(session, there, sent)
        return "kept"
    try:
        _receive(session, instance, there, actor, sent.values)
    except ExecutionFailed as error:
        job = _keep(session, there, sent, retries=0, error=error.message.key)
        incidents.open_(session, instance, error, actor, job_id=job.id)
        return "kept"
    return "received"


def _keep(session: Session, waiting: Subscription, sent: Sent, **columns: Any) -> Job:
    whose = Sent.of({**sent.payload, "business_key": waiting.instance.business_key})
    job = early.bound(
        whose, waiting.instance_id, waiting.id, waiting.element_id, kind=waiting.kind, **columns
    )
    session.add(job)
    session.flush()
    return job


def _receive(
    session: Session,
    instance: ProcessInstance,
    waiting: Subscription,
    actor: Actor,
    values: Mapping[str, Any],
) -> None:
    with gate.advancing(
        session,
        instance,
        actor,
        f"{waiting.kind}_received",
        element_id=waiting.element_id,
        element_name=waiting.element_name,
        message=waiting.name,
        values=dict(values),
    ) as execution:
        execution.fire(waiting.id, values)


def bring(session: Session, job: Job, actor: Actor) -> bool:
    """A job's message or signal to the case that it is for, which is locked; whether the job is done.

    If the case no longer waits there, a message looks for another receiver; a signal is over.
    """
    assert job.instance is not None
    sent = Sent.of(job.payload)
    waiting = session.get(Subscription, job.payload["wait"], populate_existing=True)
    if waiting is None:
        if job.kind == "message":
            job.definition_id, job.payload, job.due_at = job.instance.definition_id, sent.payload, now()
            job.instance = None
        return job.kind == "signal"
    _receive(session, job.instance, waiting, _sender(sent.by, actor), sent.values)
    if waiting.kind == "message" and _stands(session, waiting.id):
        # it waits on, as an event that does not interrupt does: the next one may be there already
        where = (waiting.id, waiting.name, waiting.element_id)
        early.take(session, job.instance, *where, job.instance.variables)
    return True


def _stands(session: Session, id_: str) -> bool:
    return session.scalar(select(Subscription.id).where(Subscription.id == id_)) is not None


def release(session: Session) -> None:
    """What could not be brought to a case that has ended since is tried again: it may be for another one."""
    stranded = select(Job).join(Job.instance).where(Job.kind.in_(("message", "signal")), Job.retries == 0)
    stranded = stranded.where(ProcessInstance.status.in_(("completed", "cancelled")))
    for job in session.scalars(stranded.order_by(Job.instance_id, Job.id).limit(BATCH)).all():
        assert job.instance_id is not None
        incidents.close(session, gate.locked(session, job.instance_id), [job.id], SYSTEM)
        job.retries, job.lock_until = TRIES, None


def begin(session: Session, job: Job, _: Actor) -> bool:
    """A job's new case, by a timer, message or signal; whether the job is done: a cycle goes on.

    A timer begins one only if its revision is in force, or was when it was due; a signal only if its
    revision was not withdrawn since.
    """
    assert job.definition_id is not None
    definition, asked = deployments.definition(session, job.definition_id), job.payload
    if not _begins(session, definition, job):
        return True
    actor = _sender(asked.get("by", ""), SYSTEM)
    key, values = asked.get("business_key"), asked.get("values", {})
    instances.start(session, definition, actor, values, business_key=key, element=job.element_id)
    element = deployments.diagram(session, definition.id).elements[job.element_id]
    in_force = inforce.find(session, definition.key) is definition
    return not (in_force and schedules.go_on(job, element))


def _begins(session: Session, definition: ProcessDefinition, job: Job) -> bool:
    if schedules.is_timer(job):
        return any(inforce.find(session, definition.key, at) is definition for at in (now(), job.due_at))
    return inforce.startable(definition)


def _sender(by: str, otherwise: Actor) -> Actor:
    """In whose name it comes: who sent it by hand, and may have left since; else the engine's."""
    if not by:
        return otherwise
    return SYSTEM if by.startswith("case:") else Actor(by, by, admin=True)
