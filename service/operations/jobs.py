"""Jobs: everything that is due at a moment; acquired under a lease, executed in the case's transaction."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, joinedload

from service.errors import AlurError, Conflict, ExecutionFailed, NotFound
from service.operations import deployments, incidents, instances
from service.operations.identity import SYSTEM, Actor
from service.store.models import TRIES, Job, ProcessInstance, now

LEASE = timedelta(seconds=60)
"""How long a worker may take for a job before another one may try."""
WAIT = timedelta(seconds=10)
"""How long a failed job rests before its next try; twice as long after each further failure."""


def acquire(session: Session, owner: str, limit: int = 10) -> list[str]:
    """Leases due jobs to a worker, oldest first; their ids. Two workers never get the same one."""
    moment = now()
    due = (
        select(Job.id)
        .join(Job.instance)
        .where(Job.due_at <= moment, Job.retries > 0, ProcessInstance.status == "active")
        .where(or_(Job.lock_until.is_(None), Job.lock_until < moment))
        .order_by(Job.due_at, Job.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Job)
    )
    ids = list(session.scalars(due))
    if ids:
        session.execute(
            update(Job).where(Job.id.in_(ids)).values(lock_owner=owner, lock_until=moment + LEASE)
        )
    return ids


def execute(session: Session, id_: str, *, owner: str | None = None, actor: Actor = SYSTEM) -> None:
    """Fires a timer. With an owner only while the lease is theirs, and never before it is due.

    Without an owner a person sets it off by hand, before its time if they want. NotFound where there
    is no such job, Conflict where somebody else has it.
    """
    job = _locked(session, id_)
    if owner is not None and (job.lock_owner != owner or job.due_at > now()):
        raise Conflict("case.job_taken")
    stopped = job.retries == 0
    element = deployments.diagram(session, job.instance.definition_id).elements[job.element_id]
    told = {"element_id": element.id, "element_name": element.name or ""}
    with instances.advancing(session, job.instance, actor, "timer_fired", **told) as execution:
        execution.fire(job.id)
    rested = {"retries": TRIES, "error": None, "lock_owner": None, "lock_until": None}
    session.execute(update(Job).where(Job.id == id_).values(rested))
    if stopped:
        incidents.close(session, job.instance, [id_], actor)


def fail(session: Session, id_: str, error: AlurError) -> None:
    """One try less, and a rest before the next; with none left the case has an incident."""
    job = _locked(session, id_)
    job.retries -= 1
    job.lock_owner, job.lock_until = None, now() + WAIT * 2 ** max(0, 2 - job.retries)
    job.error = error.message.key
    if job.retries == 0:
        failure = error if isinstance(error, ExecutionFailed) else _failure(job, error)
        incidents.open_(session, job.instance, failure, SYSTEM, job_id=job.id)


def _failure(job: Job, error: AlurError) -> ExecutionFailed:
    return ExecutionFailed("engine.job", element=job.element_id, reason=error.message)


def _locked(session: Session, id_: str) -> Job:
    """The job after its case was locked: the order of locks is case, then job."""
    found = session.scalar(select(Job.instance_id).where(Job.id == id_))
    if found is None:
        raise NotFound("case.no_job")
    instances.locked(session, found)
    query = select(Job).where(Job.id == id_).options(joinedload(Job.instance))
    job = session.scalar(query.execution_options(populate_existing=True))
    if job is None:
        raise NotFound("case.no_job")
    return job


def find(session: Session, *, instance_id: str | None = None) -> Sequence[Job]:
    """Jobs, soonest first."""
    query = select(Job).options(joinedload(Job.instance)).order_by(Job.due_at, Job.id)
    if instance_id is not None:
        query = query.where(Job.instance_id == instance_id)
    return session.scalars(query).all()
