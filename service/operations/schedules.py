"""Processes that begin by themselves, by the timers of their start events, while they are in force."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service.diagram.model import Element, Process
from service.engine import timers
from service.errors import ExecutionFailed, InvalidInput
from service.operations import inforce
from service.operations.identity import SYSTEM, Actor
from service.store.models import Job, ProcessDefinition, new_id, now


def plan(session: Session, definition: ProcessDefinition, process: Process, actor: Actor) -> None:
    """What follows from a revision's day: it takes effect at once, or a job brings that about.

    InvalidInput where a timer of its start names no moment, for a draft too.
    """
    day = definition.effective_at
    if definition.status == "approved" and day is not None and day <= now():
        take_effect(session, definition, process, day, actor)
        return
    for element in _timed(process):
        _due(element, now())
    if definition.status == "approved" and day is not None:
        session.add(Job(id=new_id(), kind="effect", definition_id=definition.id, element_id="", due_at=day))


def take_effect(
    session: Session, definition: ProcessDefinition, process: Process, at: datetime, actor: Actor = SYSTEM
) -> None:
    """From this moment on the process begins when the timers of this revision say."""
    inforce.record(session, definition, "took_effect", actor, at)
    renew(session, definition, process, at)


def renew(session: Session, definition: ProcessDefinition, process: Process, at: datetime) -> None:
    """The process begins when this revision's timers say, and no other's do from this moment on.

    A cycle counts from the moment, and one that is past begins nothing: the files of a process come
    again, its day does not. What was due before, and only waits for a worker, stays.
    """
    clear(session, definition.key, at, definition.id)
    for element in _timed(process):
        due = _due(element, at)
        if due.at >= at:
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


def clear(session: Session, key: str, at: datetime, whole: str = "") -> None:
    """No timer begins this process from this moment on; those of the revision `whole` go altogether."""
    planned = select(Job).join(ProcessDefinition, Job.definition_id == ProcessDefinition.id)
    planned = planned.where(Job.kind == "start", ProcessDefinition.key == key)
    for job in session.scalars(planned.where(or_(Job.due_at >= at, Job.definition_id == whole))).all():
        if is_timer(job):
            session.delete(job)


def is_timer(job: Job) -> bool:
    """Whether this job of a start comes from a timer, and not from a message or signal."""
    return "every" in job.payload


def _timed(process: Process) -> list[Element]:
    return [
        element
        for element in process.elements.values()
        if element.type == "startEvent"
        and element.parent == process.id
        and any(event.kind == "timer" for event in element.events)
    ]


def _due(element: Element, moment: datetime) -> timers.Due:
    try:
        return timers.scheduled(element, moment)
    except ExecutionFailed as error:
        raise InvalidInput(
            "message.schedule", name=element.name or element.id, reason=error.message
        ) from error


def go_on(job: Job, element: Element) -> bool:
    """Sets the job of a start event to its next time, after it has begun a case; whether there is one."""
    last = timers.Due(job.due_at, job.payload.get("left", 0), job.payload.get("every", ""))
    following = timers.following(element, last, now())
    if following is not None:
        job.due_at, job.payload = following.at, {"left": following.left, "every": following.every}
    return following is not None
