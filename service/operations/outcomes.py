"""What became of an external task: done, failed, or ended by an error that the diagram knows."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from service.errors import ExecutionFailed
from service.operations import bell, deployments, external, gate, history, incidents
from service.operations.external import case_of
from service.operations.identity import Actor
from service.store.models import Job

LONGEST_ERROR = 666
"""Characters of a worker's error message, as in Camunda 7; its details may be as long as they like."""


def complete(
    session: Session,
    id_: str,
    worker: str,
    actor: Actor,
    values: Mapping[str, Any],
    local: Mapping[str, Any] | None = None,
) -> None:
    """The work is done: `values` are written where the task stands, and the case goes on.

    `local` is seen by the task's own output mappings and by nobody else. InvalidInput for a worker
    who no longer has the task. Where the diagram stops behind it, the result is kept with an
    incident, and nobody has to do the work again.
    """
    job = external.held(session, id_, worker)
    external.add_own_values(job, local or {})
    finish(session, job, actor, values)


def finish(session: Session, job: Job, actor: Actor, values: Mapping[str, Any]) -> bool:
    """Writes a worker's result and lets the case go on; keeps it where the diagram stops. Whether it went on.

    The caller has locked the case. It is also how a kept result is tried again.
    """
    told = _told(session, job)
    try:
        with gate.advancing(
            session, case_of(job), actor, "external_task_completed", **told, values=dict(values)
        ) as execution:
            execution.write_at(job.id, external.own_values(job))
            execution.complete(job.id, values)
    except ExecutionFailed as error:
        _stop(job)
        incidents.open_(session, case_of(job), error, actor, job_id=job.id, parked=dict(values))
        return False
    return True


def bpmn_error(
    session: Session,
    id_: str,
    worker: str,
    actor: Actor,
    code: str,
    message: str = "",
    values: Mapping[str, Any] | None = None,
) -> None:
    """The work ended with an error that the diagram knows: whatever catches this code goes on.

    Where nothing catches it the case has an incident, and the history says what the worker said.
    """
    job, values = external.held(session, id_, worker), dict(values or {})
    told = {**_told(session, job), "code": code, "reason": message, "values": values}
    try:
        with gate.advancing(session, case_of(job), actor, "external_task_erred", **told) as execution:
            execution.raise_(job.id, "error", code, message, values)
    except ExecutionFailed as error:
        _stop(job)
        history.record(session, case_of(job), "external_task_erred", actor, **told)
        incidents.open_(session, case_of(job), error, actor, job_id=job.id)


def fail(
    session: Session,
    id_: str,
    worker: str,
    actor: Actor,
    *,
    message: str = "",
    details: str | None = None,
    retries: int = 0,
    rest: timedelta = timedelta(0),
    values: Mapping[str, Any] | None = None,
    local: Mapping[str, Any] | None = None,
) -> None:
    """The worker could not do it: so many tries are left, the next after a rest.

    With none left the case has an incident, and nobody gets the task until the retries are raised.
    `values` and `local` are written all the same.
    """
    job = external.held(session, id_, worker)
    told = {**_told(session, job), "reason": message, "retries": retries}
    with gate.advancing(session, case_of(job), actor, "external_task_failed", **told) as execution:
        if values:
            execution.write(values)
        if local:
            execution.write_at(job.id, local)
    external.add_own_values(job, local or {})
    job.error, job.error_details = message[:LONGEST_ERROR], details
    job.lock_until = external.clock(session) + rest
    had, job.retries = job.retries, retries
    if retries:
        bell.ring_after(session)
        incidents.close(session, case_of(job), [] if had else [job.id], actor)
    elif had:
        incidents.open_(session, case_of(job), _failure(session, job), actor, job_id=job.id)


def _stop(job: Job) -> None:
    """Nobody gets the task any more, until an operator has mended the case."""
    job.retries, job.lock_owner, job.lock_until = 0, None, None


def _failure(session: Session, job: Job) -> ExecutionFailed:
    """The sentence of the incident, with the worker's own words if there are any."""
    told = _told(session, job)
    where = {"element": told["element_id"], "name": told["element_name"], "topic": job.topic}
    if job.error:
        return ExecutionFailed("external.failed", **where, reason=job.error)
    return ExecutionFailed("external.gave_up", **where)


def _told(session: Session, job: Job) -> dict[str, Any]:
    """What the history says of the task."""
    element = deployments.diagram(session, case_of(job).definition_id).elements[job.element_id]
    return {"element_id": element.id, "element_name": element.name or "", "topic": job.topic}
