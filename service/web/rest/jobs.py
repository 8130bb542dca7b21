"""Jobs: timers that are due at a moment, and setting one off by hand."""

from operator import attrgetter

from flask import g

from service.operations import jobs
from service.store.models import Job
from service.web.rest.instances import visible
from service.web.rest.routes import Routes
from service.web.rest.shapes import Answer, Count, Moment, Sorted, Text, matches

ROUTES = Routes("Job")
SORT = {
    "jobId": attrgetter("id"),
    "jobDueDate": attrgetter("due_at"),
    "jobRetries": attrgetter("retries"),
    "processInstanceId": attrgetter("instance_id"),
}


class JobQuery(Sorted):
    """Which jobs; without `admin` in one case."""

    job_id: Text | None = None
    process_instance_id: Text | None = None
    activity_id: Text | None = None
    timers: bool = False
    with_exception: bool = False
    no_retries_left: bool = False


class JobAnswer(Answer):
    """Something the worker does when it is due."""

    id: str
    job_definition_id: None = None
    process_instance_id: str
    execution_id: str
    process_definition_id: str
    process_definition_key: str
    retries: int
    exception_message: str | None
    failed_activity_id: str | None
    due_date: Moment
    suspended: bool
    priority: int = 0
    tenant_id: None = None
    create_time: Moment
    batch_id: None = None


@ROUTES.get("/job")
def find(query: JobQuery) -> list[JobAnswer]:
    """The jobs, the soonest first."""
    return [_answer(row) for row in query.cut(_found(query))]


@ROUTES.get("/job/count")
def count(query: JobQuery) -> Count:
    """How many jobs there are."""
    return Count(count=len(_found(query)))


@ROUTES.post("/job/{id}/execute", admin=True)
def execute(id: str) -> None:
    """Does a job now, before its time if need be."""
    jobs.execute(g.session, id, actor=g.actor)


def _found(query: JobQuery) -> list[Job]:
    if not visible(query.process_instance_id):
        return []
    asked = {"id": query.job_id, "element_id": query.activity_id, "kind": "timer" if query.timers else None}
    rows = [
        row
        for row in jobs.find(g.session, instance_id=query.process_instance_id)
        if matches(row, asked)
        and (row.error is not None or not query.with_exception)
        and (row.retries == 0 or not query.no_retries_left)
    ]
    return query.sort(rows, SORT)


def _answer(row: Job) -> JobAnswer:
    return JobAnswer(
        id=row.id,
        process_instance_id=row.instance_id,
        execution_id=row.instance_id,
        process_definition_id=row.instance.definition_id,
        process_definition_key=row.instance.definition_key,
        retries=row.retries,
        exception_message=row.error,
        failed_activity_id=row.element_id if row.error else None,
        due_date=row.due_at,
        suspended=row.instance.status == "suspended",
        create_time=row.created_at,
    )
