"""External tasks, as a worker sees them: completed, failed, ended by an error, held longer, given back.

Only administrators may: a worker signs in with an account of its own that has that right.
"""

from datetime import timedelta
from typing import Annotated

from flask import g
from pydantic import Field

from service.operations import external, outcomes
from service.web.rest.external import MOST
from service.web.rest.routes import Routes
from service.web.rest.shapes import Asked, SentValue, Text
from service.web.rest.variables import sent_values

ROUTES = Routes("External task")
YEAR = 365 * 24 * 60 * 60 * 1000
Milliseconds = Annotated[int, Field(ge=0, le=YEAR)]
Duration = Annotated[int, Field(ge=1, le=YEAR)]
"""Milliseconds, at least one and at most a year."""


class WorkerBody(Asked):
    """Which worker says so."""

    worker_id: Text


class CompleteBody(WorkerBody):
    """What the worker found out; `localVariables` are for the task's output mappings only."""

    variables: dict[Text, SentValue] = {}
    local_variables: dict[Text, SentValue] = {}


class FailureBody(CompleteBody):
    """Why it failed, how often it is still tried, and after how many milliseconds."""

    error_message: Text = ""
    error_details: Text | None = None
    retries: int = Field(0, ge=0, le=MOST)
    retry_timeout: Milliseconds = 0


class BpmnErrorBody(WorkerBody):
    """An error that the diagram knows, by its code."""

    error_code: Text = Field(min_length=1)
    error_message: Text = ""
    variables: dict[Text, SentValue] = {}


class ExtendBody(WorkerBody):
    """How many milliseconds the worker still needs, from now."""

    new_duration: Duration


class LockBody(WorkerBody):
    """For how many milliseconds the worker takes the task."""

    lock_duration: Duration


@ROUTES.post("/external-task/{id}/complete", admin=True)
def complete(id: str, body: CompleteBody) -> None:
    """The work is done, and the case goes on.

    400 for a worker whose lock another has taken. Where the diagram stops behind the task, the
    result is kept and the case has an incident: the worker is not to blame, and is answered 204.
    """
    values, local = sent_values(body.variables), sent_values(body.local_variables)
    outcomes.complete(g.session, id, body.worker_id, g.actor, values, local)


@ROUTES.post("/external-task/{id}/failure", admin=True)
def failure(id: str, body: FailureBody) -> None:
    """The work failed: it is tried again after a rest, or with no retries left the case has an incident."""
    outcomes.fail(
        g.session,
        id,
        body.worker_id,
        g.actor,
        message=body.error_message,
        details=body.error_details,
        retries=body.retries,
        rest=timedelta(milliseconds=body.retry_timeout),
        values=sent_values(body.variables),
        local=sent_values(body.local_variables),
    )


@ROUTES.post("/external-task/{id}/bpmnError", admin=True)
def bpmn_error(id: str, body: BpmnErrorBody) -> None:
    """The work ended with an error that the diagram knows; one that nothing catches is an incident."""
    values = sent_values(body.variables)
    outcomes.bpmn_error(g.session, id, body.worker_id, g.actor, body.error_code, body.error_message, values)


@ROUTES.post("/external-task/{id}/extendLock", admin=True)
def extend_lock(id: str, body: ExtendBody) -> None:
    """The worker needs longer; 400 once the lock has run out."""
    external.extend(g.session, id, body.worker_id, timedelta(milliseconds=body.new_duration))


@ROUTES.post("/external-task/{id}/lock", admin=True)
def lock(id: str, body: LockBody) -> None:
    """The worker takes this one task; 400 while another has it."""
    external.lock(g.session, id, body.worker_id, timedelta(milliseconds=body.lock_duration))


@ROUTES.post("/external-task/{id}/unlock", admin=True)
def unlock(id: str) -> None:
    """Whoever has the task has it no longer."""
    external.unlock(g.session, id)
