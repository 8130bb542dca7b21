"""External tasks, looked at from outside: which there are, how important, and how often they are tried."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from flask import Response, g
from pydantic import AwareDatetime, Field

from service.operations import bell, external, mending
from service.operations.external import case_of
from service.store.models import TRIES, Job
from service.web.rest.routes import Routes
from service.web.rest.shapes import (
    Answer,
    Asked,
    Count,
    Moment,
    Names,
    Order,
    Orders,
    Page,
    Sorted,
    Text,
    in_order,
)

ROUTES = Routes("External task")
MOST = 2**31 - 1
"""The largest number of retries, and the largest priority on either side of 0."""
SORT: dict[str, Callable[[Job], Any]] = {
    "id": attrgetter("id"),
    "lockExpirationTime": attrgetter("lock_until"),
    "processInstanceId": attrgetter("instance_id"),
    "processDefinitionId": lambda row: case_of(row).definition_id,
    "processDefinitionKey": lambda row: case_of(row).definition_key,
    "taskPriority": attrgetter("priority"),
    "createTime": attrgetter("created_at"),
}


class ExternalTaskAnswer(Answer):
    """Work that waits for a program. `retries` is null until a worker has failed at it."""

    id: str
    topic_name: str
    worker_id: str | None
    lock_expiration_time: Moment | None
    process_instance_id: str
    execution_id: str
    process_definition_id: str
    process_definition_key: str
    process_definition_version_tag: None = None
    activity_id: str
    activity_instance_id: str
    business_key: str
    error_message: str | None
    retries: int | None
    priority: int
    suspended: bool
    create_time: Moment
    tenant_id: None = None


class ExternalTaskFilter(Asked):
    """Which external tasks."""

    external_task_id: Text | None = None
    external_task_id_in: Names | None = None
    topic_name: Text | None = None
    worker_id: Text | None = None
    locked: bool = False
    not_locked: bool = False
    with_retries_left: bool = False
    no_retries_left: bool = False
    lock_expiration_before: AwareDatetime | None = None
    lock_expiration_after: AwareDatetime | None = None
    activity_id: Text | None = None
    activity_id_in: Names | None = None
    execution_id: Text | None = None
    process_instance_id: Text | None = None
    process_instance_id_in: Names | None = None
    process_definition_id: Text | None = None
    process_definition_key: Text | None = None
    active: bool = False
    suspended: bool = False
    priority_higher_than_or_equals: int | None = Field(None, ge=-MOST, le=MOST)
    priority_lower_than_or_equals: int | None = Field(None, ge=-MOST, le=MOST)

    def filters(self) -> list[tuple[str, Any]]:
        """The filters as `external.find` has them."""
        asked: list[tuple[str, Any]] = [
            ("id", self.external_task_id),
            ("id", self.external_task_id_in),
            ("topic", self.topic_name),
            ("lock_owner", self.worker_id),
            ("locked", True if self.locked else None),
            ("locked", False if self.not_locked else None),
            ("tries_left", True if self.with_retries_left else None),
            ("tries_left", False if self.no_retries_left else None),
            ("locked_before", self.lock_expiration_before),
            ("locked_after", self.lock_expiration_after),
            ("element_id", self.activity_id),
            ("element_id", self.activity_id_in),
            ("instance_id", self.execution_id),
            ("instance_id", self.process_instance_id),
            ("instance_id", self.process_instance_id_in),
            ("definition_id", self.process_definition_id),
            ("definition_key", self.process_definition_key),
            ("status", "active" if self.active else None),
            ("status", "suspended" if self.suspended else None),
            ("priority_from", self.priority_higher_than_or_equals),
            ("priority_to", self.priority_lower_than_or_equals),
        ]
        return [(name, value) for name, value in asked if value is not None]


class ExternalTaskQuery(Sorted, ExternalTaskFilter):
    """Which external tasks, in which order."""


class ExternalTaskBody(ExternalTaskFilter):
    """Which external tasks, in which orders."""

    sorting: Orders = []


class RetriesBody(Asked):
    """How often it is still tried."""

    retries: int = Field(ge=0, le=MOST)


class SeveralRetriesBody(RetriesBody):
    """Which tasks are still tried so often: these, and those of these instances."""

    external_task_ids: list[Text] = []
    process_instance_ids: list[Text] = []


class PriorityBody(Asked):
    """The larger, the sooner."""

    priority: int = Field(ge=-MOST, le=MOST)


@ROUTES.get("/external-task", admin=True)
def find(query: ExternalTaskQuery) -> list[ExternalTaskAnswer]:
    """The external tasks, the oldest first."""
    return _page(query, query, query.orders)


@ROUTES.post("/external-task", admin=True, only_reads=True)
def search(query: Page, body: ExternalTaskBody) -> list[ExternalTaskAnswer]:
    """The same, asked in a body."""
    return _page(body, query, body.sorting)


@ROUTES.get("/external-task/count", admin=True)
def count(query: ExternalTaskFilter) -> Count:
    """How many external tasks there are."""
    return Count(count=external.count(g.session, query.filters()))


@ROUTES.post("/external-task/count", admin=True, only_reads=True)
def search_count(body: ExternalTaskBody) -> Count:
    """The same, asked in a body."""
    return Count(count=external.count(g.session, body.filters()))


@ROUTES.get("/external-task/{id}", admin=True)
def get(id: str) -> ExternalTaskAnswer:
    """One external task."""
    return ExternalTaskAnswer.model_validate(told(external.get(g.session, id)))


@ROUTES.get("/external-task/{id}/errorDetails", admin=True)
def error_details(id: str) -> Response:
    """What the worker said at length when it failed, as plain text; 204 if it said nothing."""
    details = external.get(g.session, id).error_details
    return Response(details, mimetype="text/plain") if details else Response(status=204)


@ROUTES.put("/external-task/retries", admin=True)
def set_retries_of_several(body: SeveralRetriesBody) -> None:
    """Says of several tasks how often they are still tried; of all of them, or of none."""
    of_cases = external.find(g.session, [("instance_id", body.process_instance_ids)])
    for id_ in sorted({*body.external_task_ids, *(job.id for job in of_cases)}):
        _set_retries(id_, body.retries)


@ROUTES.put("/external-task/{id}/retries", admin=True)
def set_retries(id: str, body: RetriesBody) -> None:
    """How often the task is still tried; more than none resolves its incident, none makes one."""
    _set_retries(id, body.retries)


@ROUTES.put("/external-task/{id}/priority", admin=True)
def set_priority(id: str, body: PriorityBody) -> None:
    """How important the task is."""
    external.set_priority(g.session, id, body.priority)


def told(row: Job) -> dict[str, Any]:
    """What every answer says of a task."""
    case, untried = case_of(row), row.error is None and row.retries == TRIES
    return {
        "id": row.id,
        "topic_name": row.topic,
        "worker_id": row.lock_owner,
        "lock_expiration_time": row.lock_until,
        "process_instance_id": case.id,
        "execution_id": case.id,
        "process_definition_id": case.definition_id,
        "process_definition_key": case.definition_key,
        "activity_id": row.element_id,
        "activity_instance_id": row.id,
        "business_key": case.business_key,
        "error_message": row.error or None,
        "retries": None if untried else row.retries,
        "priority": row.priority,
        "suspended": case.status == "suspended",
        "create_time": row.created_at,
    }


def _set_retries(id_: str, retries: int) -> None:
    external.get(g.session, id_)
    mending.set_retries(g.session, id_, g.actor, retries)
    if retries:
        bell.ring_after(g.session)


def _page(asked: ExternalTaskFilter, page: Page, orders: list[Order]) -> list[ExternalTaskAnswer]:
    """Sorted here, or cut by the database in its own order."""
    if orders:
        rows = page.cut(in_order(external.find(g.session, asked.filters()), orders, SORT))
    else:
        bounds: dict[str, Any] = {"limit": page.max_results, "offset": page.first_result}
        rows = list(external.find(g.session, asked.filters(), **bounds))
    return [ExternalTaskAnswer.model_validate(told(row)) for row in rows]
