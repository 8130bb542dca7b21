"""Jobs: everything that is due at a moment; acquired under a lease, executed in the case's transaction."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session, joinedload

from service import config, language
from service.errors import AlurError, Busy, Conflict, ExecutionFailed, NotFound, Undone
from service.operations import (
    batches,
    calls,
    deliveries,
    deployments,
    early,
    gate,
    incidents,
    messages,
    requests,
    revisions,
)
from service.operations.early import Sent
from service.operations.identity import SYSTEM, Actor
from service.store.models import TRIES, Incident, Job, ProcessInstance, now

LEASE = timedelta(seconds=60)
"""How long a worker may take for a job before another one may try."""
WAIT = timedelta(seconds=10)
"""How long a failed job rests before its next try; twice as long after each further failure."""
SOON = timedelta(seconds=1)
"""How long a job rests that found its case or the database busy, which costs no try."""


def acquire(session: Session, owner: str, limit: int = 10) -> list[str]:
    """Leases due jobs to a worker, oldest first; their ids. Two workers never get the same one.

    Those of suspended cases wait. A lease that lies further ahead than any worker could have taken
    one was taken by a clock that has been set back since, and counts as run out.
    """
    moment = now()
    free = or_(
        Job.lock_until.is_(None),
        Job.lock_until < moment,
        and_(Job.lock_owner.is_not(None), Job.lock_until > moment + 2 * LEASE),
    )
    due = (
        select(Job.id)
        .outerjoin(Job.instance)
        .where(Job.kind.in_(DO), Job.topic.is_(None), Job.due_at <= moment, Job.retries > 0, free)
        .where(or_(Job.instance_id.is_(None), ProcessInstance.status != "suspended"))
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
    """Does a job. With an owner only while the lease is theirs, and never before it is due.

    Without an owner a person sets it off by hand, before its time if they want. NotFound where there
    is no such job, Conflict where somebody else has it or a worker elsewhere must do it.
    """
    job = _locked(session, id_)
    if owner is not None and (job.lock_owner != owner or job.due_at > now()):
        raise Conflict("case.job_taken")
    if job.kind not in DO:
        raise Conflict("message.elsewhere")
    stopped, case = job.retries == 0, job.instance
    if (_done_by_worker if owner else DO[job.kind])(session, job, actor):
        session.execute(delete(Job).where(Job.id == id_))
    else:
        rested = {
            "retries": TRIES,
            "error": None,
            "error_details": None,
            "lock_owner": None,
            "lock_until": None,
        }
        session.execute(update(Job).where(Job.id == id_).values(rested))
    if case is None and session.scalar(select(exists().where(Incident.job_id == id_))):
        stopped, case = True, _thrower(session, job)
    if stopped and case is not None:
        incidents.close(session, case, [id_], actor)


def _done_by_worker(session: Session, job: Job, actor: Actor) -> bool:
    """What a person would be told to look at again has nobody to tell it to here: it counts as a failure."""
    try:
        return DO[job.kind](session, job, actor)
    except Conflict as error:
        if isinstance(error, Undone) or (job.instance and job.instance.status == "suspended"):
            raise
        raise _failure(job, error) from error


def _timer(session: Session, job: Job, actor: Actor) -> bool:
    """The job of a timer goes with its wait; a cycle's is due again."""
    assert job.instance is not None
    element = deployments.diagram(session, job.instance.definition_id).elements[job.element_id]
    told = {"element_id": element.id, "element_name": element.name or ""}
    with gate.advancing(session, job.instance, actor, "timer_fired", **told) as execution:
        execution.fire(job.id)
    return False


def _message(session: Session, job: Job, actor: Actor) -> bool:
    bound = job.instance_id is not None
    return (deliveries.bring if bound else messages.forward)(session, job, actor)


def _over(session: Session, job: Job, actor: Actor) -> bool:
    """Between a case and the one that it called. An escalation that nobody waits for any more is over."""
    assert job.instance is not None
    if job.kind == "escalation" and not _awaited(session, job.instance, calls.Due.of(job).wait):
        return True
    gate.go_over(session, job.instance, calls.Due.of(job), actor)
    return True


def _awaited(session: Session, caller: ProcessInstance, wait_id: str) -> bool:
    return any(wait.id == wait_id for wait in gate.restored(session, caller, now()).waits())


DO: Mapping[str, Callable[[Session, Job, Actor], bool]] = {
    "timer": _timer,
    "message": _message,
    "signal": deliveries.bring,
    "start": deliveries.begin,
    batches.KIND: batches.do,
    "call": _over,
    "return": _over,
    "error": _over,
    "escalation": _over,
    "effect": revisions.take_effect,
}
"""What is done for each kind of job, which is locked with its case; whether the job is over by that.

A kind that does not stand here is done by a worker elsewhere.
"""


def fail(session: Session, id_: str, error: AlurError) -> None:
    """One try less, and a rest before the next; with none left the case has an incident.

    A message that finds no receiver is an incident of the case that threw it. A job of no case, the
    timer of a start event, stays where it is, with what stopped it. To find somebody else at work
    costs no try.
    """
    job = _locked(session, id_)
    job.lock_owner = None
    if isinstance(error, Busy):
        job.lock_until = now() + SOON
        return
    job.retries -= 1
    job.lock_until = now() + WAIT * 2 ** max(0, 2 - job.retries)
    job.error = error.message.key
    job.error_details = language.say(error.message, config.language())
    if job.retries == 0 and job.kind == batches.KIND:
        batches.give_up(session, job, error)
        return
    case = job.instance or _thrower(session, job)
    if job.retries == 0 and case is not None:
        failure = error if isinstance(error, ExecutionFailed) else _failure(job, error)
        incidents.open_(session, case, failure, SYSTEM, job_id=job.id)


def _thrower(session: Session, job: Job) -> ProcessInstance | None:
    by = job.payload.get("by", "")
    thrower = Sent("", by=by).thrower
    return gate.locked(session, thrower) if thrower else None


def _failure(job: Job, error: AlurError) -> ExecutionFailed:
    return ExecutionFailed("engine.job", element=job.element_id, reason=error.message)


def _locked(session: Session, id_: str) -> Job:
    """The job after its case was locked: the order of locks is case, then job."""
    found = session.execute(select(Job.instance_id).where(Job.id == id_)).first()
    if found is None:
        raise NotFound("case.no_job")
    if found.instance_id is not None:
        gate.locked(session, found.instance_id)
    query = select(Job).where(Job.id == id_).options(joinedload(Job.instance))
    query = query.with_for_update(of=Job).execution_options(populate_existing=True)
    job = session.scalar(query)
    if job is None:
        raise NotFound("case.no_job")
    if job.instance_id != found.instance_id:  # it has found its case in the meantime
        raise Conflict("case.job_taken")
    return job


def find(session: Session, *, id: str | None = None, instance_id: str | None = None) -> Sequence[Job]:
    """Jobs, soonest first."""
    query = select(Job).options(joinedload(Job.instance)).order_by(Job.due_at, Job.id)
    if id is not None:
        query = query.where(Job.id == id)
    if instance_id is not None:
        query = query.where(Job.instance_id == instance_id)
    return session.scalars(query).all()


def stuck(session: Session) -> Sequence[Job]:
    """Jobs of no case that have no tries left, oldest first: processes that should have begun."""
    query = select(Job).where(Job.instance_id.is_(None), Job.retries == 0)
    return session.scalars(query.order_by(Job.due_at, Job.id)).all()


def sweep(session: Session) -> None:
    """Throws away what is past its time, and releases what is stranded, a batch each; now and then."""
    deliveries.release(session)
    early.purge(session)
    requests.purge(session)
