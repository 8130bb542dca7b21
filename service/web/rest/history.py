"""History: instances under way and ended, the elements they visited, and the values they have."""

from datetime import datetime
from operator import attrgetter
from typing import Any, Literal
from uuid import NAMESPACE_OID, uuid5

from flask import g
from pydantic import AwareDatetime

from service.operations import history, instances
from service.store.models import ActivityInstance, ProcessInstance
from service.web.rest import variables
from service.web.rest.instances import visible
from service.web.rest.routes import Routes
from service.web.rest.shapes import Answer, Count, Moment, Names, Page, Sorted, Text, like, matches
from service.web.rest.variables import VariablesQuery

ROUTES = Routes("History")
State = Literal["ACTIVE", "SUSPENDED", "COMPLETED", "EXTERNALLY_TERMINATED"]
STATES: dict[str, State] = {
    "active": "ACTIVE",
    "suspended": "SUSPENDED",
    "completed": "COMPLETED",
    "cancelled": "EXTERNALLY_TERMINATED",
}
SORT_INSTANCES = {
    "instanceId": attrgetter("id"),
    "definitionId": attrgetter("definition_id"),
    "definitionKey": attrgetter("definition_key"),
    "businessKey": attrgetter("business_key"),
    "startTime": attrgetter("started_at"),
    "endTime": attrgetter("ended_at"),
}
SORT_ACTIVITIES = {
    "activityInstanceId": attrgetter("id"),
    "instanceId": attrgetter("instance_id"),
    "activityId": attrgetter("element_id"),
    "activityName": attrgetter("name"),
    "activityType": attrgetter("kind"),
    "startTime": attrgetter("started_at"),
    "endTime": attrgetter("ended_at"),
}


class HistoricInstanceAnswer(Answer):
    """One case, under way or ended."""

    id: str
    root_process_instance_id: str
    super_process_instance_id: None = None
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
    started_by: Text | None = None
    started_after: AwareDatetime | None = None
    started_before: AwareDatetime | None = None
    finished: bool = False
    unfinished: bool = False
    active: bool = False
    suspended: bool = False
    completed: bool = False
    externally_terminated: bool = False


class ActivityAnswer(Answer):
    """One visit of an element."""

    id: str
    parent_activity_instance_id: str
    activity_id: str
    activity_name: str | None
    activity_type: str
    process_definition_key: str
    process_definition_id: str
    process_instance_id: str
    root_process_instance_id: str
    execution_id: str
    task_id: str | None
    called_process_instance_id: None = None
    called_case_instance_id: None = None
    assignee: str | None
    start_time: Moment
    end_time: Moment | None
    duration_in_millis: int | None
    canceled: bool
    complete_scope: bool = False
    removal_time: None = None
    tenant_id: None = None


class ActivityQuery(Sorted):
    """Which visits, of one case."""

    process_instance_id: Text
    activity_id: Text | None = None
    activity_name: Text | None = None
    activity_type: Text | None = None
    finished: bool = False
    unfinished: bool = False
    canceled: bool = False


class HistoricVariableAnswer(Answer):
    """One value of a case."""

    id: str
    name: str
    type: str
    value: Any
    value_info: dict[str, Any]
    process_definition_key: str
    process_definition_id: str
    process_instance_id: str
    root_process_instance_id: str
    execution_id: str
    activity_instance_id: str
    case_definition_key: None = None
    case_definition_id: None = None
    case_instance_id: None = None
    case_execution_id: None = None
    task_id: None = None
    tenant_id: None = None
    error_message: None = None
    state: Literal["CREATED"] = "CREATED"
    create_time: Moment
    removal_time: None = None


class HistoricVariableQuery(Page, VariablesQuery):
    """Which values, of one case."""

    process_instance_id: Text
    variable_name: Text | None = None
    variable_name_in: Names | None = None
    variable_name_like: Text | None = None


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


@ROUTES.get("/history/activity-instance")
def activities(query: ActivityQuery) -> list[ActivityAnswer]:
    """The visits of elements, in the order in which they were entered."""
    if not visible(query.process_instance_id):
        return []
    instance = instances.get(g.session, query.process_instance_id, g.actor)
    asked = {
        "element_id": query.activity_id,
        "name": query.activity_name,
        "kind": query.activity_type,
        "cancelled": query.canceled or None,
    }
    rows = [
        row
        for row in history.activities(g.session, instance.id)
        if matches(row, asked) and _ended_as_asked(row, query)
    ]
    return [_activity_answer(row, instance) for row in query.cut(query.sort(rows, SORT_ACTIVITIES))]


@ROUTES.get("/history/variable-instance")
def values(query: HistoricVariableQuery) -> list[HistoricVariableAnswer]:
    """The values of a case: those it has, or had when it ended."""
    if not visible(query.process_instance_id):
        return []
    instance = instances.get(g.session, query.process_instance_id, g.actor)
    wanted = query.variable_name_in or ([query.variable_name] if query.variable_name else None)
    return query.cut(
        [
            _variable_answer(instance, name, value)
            for name, value in instances.variables(g.session, instance.id).items()
            if (wanted is None or name in wanted) and like(name, query.variable_name_like)
        ]
    )


def instance_answer(row: ProcessInstance) -> HistoricInstanceAnswer:
    """A case as clients read it."""
    return HistoricInstanceAnswer(
        id=row.id,
        root_process_instance_id=row.id,
        process_definition_name=row.definition.name,
        process_definition_key=row.definition_key,
        process_definition_version=row.definition.version,
        process_definition_id=row.definition_id,
        business_key=row.business_key or None,
        start_time=row.started_at,
        end_time=row.ended_at,
        duration_in_millis=_milliseconds(row.started_at, row.ended_at),
        start_user_id=row.started_by or None,
        state=STATES[row.status],
    )


def _activity_answer(row: ActivityInstance, instance: ProcessInstance) -> ActivityAnswer:
    return ActivityAnswer(
        id=row.id,
        parent_activity_instance_id=instance.id,
        activity_id=row.element_id,
        activity_name=row.name or None,
        activity_type=row.kind,
        process_definition_key=instance.definition_key,
        process_definition_id=instance.definition_id,
        process_instance_id=instance.id,
        root_process_instance_id=instance.id,
        execution_id=instance.id,
        task_id=row.task_id,
        assignee=row.actor or None if row.task_id else None,
        start_time=row.started_at,
        end_time=row.ended_at,
        duration_in_millis=_milliseconds(row.started_at, row.ended_at),
        canceled=row.cancelled,
    )


def _variable_answer(instance: ProcessInstance, name: str, value: Any) -> HistoricVariableAnswer:
    return HistoricVariableAnswer(
        id=str(uuid5(NAMESPACE_OID, f"{instance.id}/{name}")),
        name=name,
        **dict(variables.answer(value)),
        process_definition_key=instance.definition_key,
        process_definition_id=instance.definition_id,
        process_instance_id=instance.id,
        root_process_instance_id=instance.id,
        execution_id=instance.id,
        activity_instance_id=instance.id,
        create_time=instance.started_at,
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
        and _ended_as_asked(row, query)
        and (query.started_after is None or row.started_at >= query.started_after)
        and (query.started_before is None or row.started_at <= query.started_before)
    ]
    return query.sort(fitting, SORT_INSTANCES)


def _asked_state(query: HistoricInstanceQuery, state: str) -> bool:
    return bool(getattr(query, state.lower()))


def _ended_as_asked(
    row: ProcessInstance | ActivityInstance, query: HistoricInstanceQuery | ActivityQuery
) -> bool:
    if query.finished and row.ended_at is None:
        return False
    return not (query.unfinished and row.ended_at is not None)


def _milliseconds(start: datetime, end: datetime | None) -> int | None:
    return None if end is None else int((end - start).total_seconds() * 1000)
