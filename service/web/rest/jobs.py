"""Jobs: what is due at a moment; how often it is still tried, and setting it off by hand."""

from operator import attrgetter

from flask import g
from pydantic import AwareDatetime

from service.errors import NotFound
from service.operations import deployments, jobs, mending
from service.store.models import Job, ProcessDefinition
from service.web.rest.instances import visible
from service.web.rest.routes import Routes
from service.web.rest.shapes import Answer, Asked, Count, Moment, Sorted, Text, matches

ROUTES = Routes("Job")
SORT = {
    "jobId": attrgetter("id"),
    "jobDueDate": attrgetter("due_at"),
    "jobRetries": attrgetter("retries"),
    "processInstanceId": attrgetter("instance_id"),
}
MESSAGES = ("message", "signal")


class JobQuery(Sorted):
    """Which jobs; without `admin` in one case."""

    job_id: Text | None = None
    process_instance_id: Text | None = None
    activity_id: Text | None = None
    failed_activity_id: Text | None = None
    timers: bool = False
    messages: bool = False
    with_exception: bool = False
    with_retries_left: bool = False
    no_retries_left: bool = False
    active: bool = False
    suspended: bool = False


class JobAnswer(Answer):
    """Something the worker does when it is due."""

    id: str
    job_definition_id: None = None
    process_instance_id: str | None
    execution_id: str | None
    process_definition_id: str
    process_definition_key: str
    retries: int
    exception_message: str | None
    failed_activity_id: str | None
    due_date: Moment
    suspended: bool
    priority: int
    tenant_id: None = None
    create_time: Moment
    batch_id: str | None = None


class RetriesBody(Asked):
    """How often the job is still tried, and from when on."""

    retries: int
    due_date: AwareDatetime | None = None


@ROUTES.get("/job")
def find(query: JobQuery) -> list[JobAnswer]:
    """The jobs, the soonest first."""
    return [_answer(row) for row in query.cut(_found(query))]


@ROUTES.get("/job/count")
def count(query: JobQuery) -> Count:
    """How many jobs there are."""
    return Count(count=len(_found(query)))


@ROUTES.get("/job/{id}")
def get(id: str) -> JobAnswer:
    """One job."""
    return _answer(_job(id))


@ROUTES.put("/job/{id}/retries", admin=True)
def set_retries(id: str, body: RetriesBody) -> None:
    """Sets how often a job is still tried: more than none resolves its incident, none makes one."""
    mending.set_retries(g.session, _job(id).id, g.actor, body.retries, due=body.due_date)


@ROUTES.post("/job/{id}/execute", admin=True)
def execute(id: str) -> None:
    """Does a job now, before its time if need be."""
    jobs.execute(g.session, _job(id).id, actor=g.actor)


def _job(id_: str) -> Job:
    """The job of a case that the asker may see; what a worker elsewhere does is an external task instead."""
    row = mending.job(g.session, id_)
    if row.kind == "external" or not visible(row.instance_id):
        raise NotFound("case.no_job")
    return row


def _found(query: JobQuery) -> list[Job]:
    if not visible(query.process_instance_id):
        return []
    asked = {"id": query.job_id, "element_id": query.activity_id, "kind": _kinds(query)}
    rows = [
        row
        for row in jobs.find(g.session, instance_id=query.process_instance_id)
        if row.kind != "external" and matches(row, asked) and _as_asked(row, query)
    ]
    return query.sort(rows, SORT)


def _kinds(query: JobQuery) -> list[str] | None:
    wanted = ["timer", "start"] * query.timers + list(MESSAGES) * query.messages
    return wanted or None


def _as_asked(row: Job, query: JobQuery) -> bool:
    suspended = row.instance is not None and row.instance.status == "suspended"
    return (
        (query.failed_activity_id in (None, row.element_id if row.error else ""))
        and (row.error is not None or not query.with_exception)
        and (row.retries > 0 or not query.with_retries_left)
        and (row.retries == 0 or not query.no_retries_left)
        and (suspended or not query.suspended)
        and (not suspended or not query.active)
    )


def _answer(row: Job) -> JobAnswer:
    definition = _definition(row)
    return JobAnswer(
        id=row.id,
        process_instance_id=row.instance_id,
        execution_id=row.instance_id,
        process_definition_id=definition.id,
        process_definition_key=definition.key,
        retries=row.retries,
        exception_message=row.error_details or row.error,
        failed_activity_id=row.element_id if row.error else None,
        due_date=row.due_at,
        suspended=row.instance is not None and row.instance.status == "suspended",
        priority=row.priority,
        create_time=row.created_at,
        batch_id=row.payload.get("batch"),
    )


def _definition(row: Job) -> ProcessDefinition:
    """The process of its case, or the one that it starts."""
    if row.instance is not None:
        return row.instance.definition
    return deployments.definition(g.session, row.definition_id or "")
