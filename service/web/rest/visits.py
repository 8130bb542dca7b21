"""History: the visits of elements, in the order in which they were entered."""

from operator import attrgetter

from flask import g

from service.operations import history, instances
from service.store.models import ActivityInstance, ProcessInstance
from service.web.rest.history import ended_as_asked, milliseconds
from service.web.rest.instances import visible
from service.web.rest.routes import Routes
from service.web.rest.shapes import Answer, Moment, Sorted, Text, matches

ROUTES = Routes("History")
SORT = {
    "activityInstanceId": attrgetter("id"),
    "instanceId": attrgetter("instance_id"),
    "activityId": attrgetter("element_id"),
    "activityName": attrgetter("name"),
    "activityType": attrgetter("kind"),
    "startTime": attrgetter("started_at"),
    "endTime": attrgetter("ended_at"),
}


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
        if matches(row, asked) and ended_as_asked(row, query)
    ]
    return [_answer(row, instance) for row in query.cut(query.sort(rows, SORT))]


def _answer(row: ActivityInstance, instance: ProcessInstance) -> ActivityAnswer:
    return ActivityAnswer(
        id=row.id,
        parent_activity_instance_id=instance.id,
        activity_id=row.element_id,
        activity_name=row.name or None,
        activity_type=row.kind,
        process_definition_key=instance.definition_key,
        process_definition_id=instance.definition_id,
        process_instance_id=instance.id,
        root_process_instance_id=instance.root_id or instance.id,
        execution_id=instance.id,
        task_id=row.task_id,
        assignee=row.actor or None if row.task_id else None,
        start_time=row.started_at,
        end_time=row.ended_at,
        duration_in_millis=milliseconds(row.started_at, row.ended_at),
        canceled=row.cancelled,
    )
