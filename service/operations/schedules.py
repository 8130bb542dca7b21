"""Processes that begin by themselves: the timers of start events, a job each."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.diagram.model import Element, Process
from service.engine import timers
from service.errors import ExecutionFailed, InvalidInput
from service.store.models import Job, ProcessDefinition, new_id, now


def renew(session: Session, definition: ProcessDefinition, process: Process) -> None:
    """The latest version of a process begins when its timers say, and no older one does any more.

    A cycle counts from now, and a moment that is past begins nothing: the files of a process come
    again, its day does not. InvalidInput where a timer names no moment.
    """
    older = select(Job).join(ProcessDefinition, Job.definition_id == ProcessDefinition.id)
    older = older.where(Job.kind == "start", ProcessDefinition.key == definition.key)
    for job in session.scalars(older).all():
        if "every" in job.payload:
            session.delete(job)
    for element in process.elements.values():
        timed = any(event.kind == "timer" for event in element.events)
        if timed and element.type == "startEvent" and element.parent == process.id:
            _schedule(session, definition, element)


def _schedule(session: Session, definition: ProcessDefinition, element: Element) -> None:
    moment = now()
    try:
        due = timers.scheduled(element, moment)
    except ExecutionFailed as error:
        raise InvalidInput(
            "message.schedule", name=element.name or element.id, reason=error.message
        ) from error
    if due.at >= moment:
        session.add(
            Job(
                id=new_id(),
                kind="start",
                definition_id=definition.id,
                element_id=element.id,
                due_at=due.at,
                payload={"left": due.left, "every": due.every},
            )
        )


def go_on(job: Job, element: Element) -> bool:
    """Sets the job of a start event to its next time, after it has begun a case; whether there is one."""
    last = timers.Due(job.due_at, job.payload.get("left", 0), job.payload.get("every", ""))
    following = timers.following(element, last, now())
    if following is not None:
        job.due_at, job.payload = following.at, {"left": following.left, "every": following.every}
    return following is not None
