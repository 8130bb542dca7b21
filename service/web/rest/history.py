"""History: the cases under way and ended."""

from datetime import datetime
from operator import attrgetter
from typing import Literal, Protocol

from flask import g
from pydantic import AwareDatetime

from service.operations import instances
from service.store.models import ProcessInstance
from service.web.rest.routes import Routes
from service.web.rest.shapes import Answer, Count, Moment, Names, Sorted, Text, like, matches

ROUTES = Routes("History")
State = Literal["ACTIVE", "SUSPENDED", "COMPLETED", "EXTERNALLY_TERMINATED"]
STATES: dict[str, State] = {
    "active": "ACTIVE",
    "suspended": "SUSPENDED",
    "completed": "COMPLETED",
    "cancelled": "EXTERNALLY_TERMINATED",
}
SORT = {
    "instanceId": attrgetter("id"),
    "definitionId": attrgetter("definition_id"),
    "definitionKey": attrgetter("definition_key"),
    "businessKey": attrgetter("business_key"),
    "startTime": attrgetter("started_at"),
    "endTime": attrgetter("ended_at"),
}


class HistoricInstanceAnswer(Answer):
    """One case, under way or ended."""

    id: str
    root_process_instance_id: str
    super_process_instance_id: str | None
    super_case_instance_id: None = None
    case_instance_id: None = None
    process_definition_name: str
    process_definition_key: str
    process_definition_version: int
    process_definition_id: str
    business_key: str | None
    start_time: Moment
    end_time: Moment | None
    removal_time: None = None
    duration_in_millis: int | None
    start_user_id: str | None
    start_activity_id: None = None
    delete_reason: str | None = None
    tenant_id: None = None
    state: State


class HistoricInstanceQuery(Sorted):
    """Which cases."""

    process_instance_id: Text | None = None
    process_instance_ids: Names | None = None
    process_instance_business_key: Text | None = None
    process_instance_business_key_in: Names | None = None
    process_instance_business_key_like: Text | None = None
    process_definition_id: Text | None = None
    process_definition_key: Text | None = None
    process_definition_key_in: Names | None = None
    super_process_instance_id: Text | None = None
    root_process_instance_id: Text | None = None
    started_by: Text | None = None
    started_after: AwareDatetime | None = None
    started_before: AwareDatetime | None = None
    finished: bool = False
    unfinished: bool = False
    active: bool = False
    suspended: bool = False
    completed: bool = False
    externally_terminated: bool = False


class Ending(Protocol):
    """What asks for what has ended, or for what has not."""

    finished: bool
    unfinished: bool


class Ended(Protocol):
    """What ends at some time."""

    @property
    def ended_at(self) -> datetime | None: ...


@ROUTES.get("/history/process-instance")
def find(query: HistoricInstanceQuery) -> list[HistoricInstanceAnswer]:
    """The cases that the asker may see, the newest first."""
    return [instance_answer(row) for row in query.cut(_found(query))]


@ROUTES.get("/history/process-instance/count")
def count(query: HistoricInstanceQuery) -> Count:
    """How many cases there are."""
    return Count(count=len(_found(query)))


@ROUTES.get("/history/process-instance/{id}")
def get(id: str) -> HistoricInstanceAnswer:
    """One case, under way or ended."""
    return instance_answer(instances.get(g.session, id, g.actor))


def instance_answer(row: ProcessInstance) -> HistoricInstanceAnswer:
    """A case as clients read it."""
    return HistoricInstanceAnswer(
        id=row.id,
        root_process_instance_id=row.root_id or row.id,
        super_process_instance_id=row.parent_id,
        process_definition_name=row.definition.name,
        process_definition_key=row.definition_key,
        process_definition_version=row.definition.version,
        process_definition_id=row.definition_id,
        business_key=row.business_key or None,
        start_time=row.started_at,
        end_time=row.ended_at,
        duration_in_millis=milliseconds(row.started_at, row.ended_at),
        start_user_id=row.started_by or None,
        state=STATES[row.status],
    )


def _found(query: HistoricInstanceQuery) -> list[ProcessInstance]:
    rows = instances.find(
        g.session,
        g.actor,
        definition_key=query.process_definition_key,
        business_key=query.process_instance_business_key,
        limit=None,
    )
    asked = {
        "id": query.process_instance_id,
        "definition_id": query.process_definition_id,
        "started_by": query.started_by,
        "parent_id": query.super_process_instance_id,
        "root_id": query.root_process_instance_id,
        "status": [status for status, state in STATES.items() if _asked_state(query, state)] or None,
    }
    several = {
        "id": query.process_instance_ids,
        "business_key": query.process_instance_business_key_in,
        "definition_key": query.process_definition_key_in,
    }
    fitting = [
        row
        for row in rows
        if matches(row, asked)
        and matches(row, several)
        and like(row.business_key, query.process_instance_business_key_like)
        and ended_as_asked(row, query)
        and (query.started_after is None or row.started_at >= query.started_after)
        and (query.started_before is None or row.started_at <= query.started_before)
    ]
    return query.sort(fitting, SORT)


def _asked_state(query: HistoricInstanceQuery, state: str) -> bool:
    return bool(getattr(query, state.lower()))


def ended_as_asked(row: Ended, query: Ending) -> bool:
    """Has it ended, or not, as the query wants it?"""
    if query.finished and row.ended_at is None:
        return False
    return not (query.unfinished and row.ended_at is not None)


def milliseconds(start: datetime, end: datetime | None) -> int | None:
    """How long something took, once it is over."""
    return None if end is None else int((end - start).total_seconds() * 1000)
