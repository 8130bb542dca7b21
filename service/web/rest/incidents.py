"""Incidents: cases that stopped and need an operator."""

from datetime import datetime
from operator import attrgetter

from flask import g
from pydantic import AwareDatetime

from service.errors import InvalidInput, NotFound
from service.operations import incidents, mending
from service.store.models import Incident
from service.web.present import t
from service.web.rest.instances import visible
from service.web.rest.routes import Routes
from service.web.rest.shapes import Answer, Count, Moment, Names, Sorted, Text, like, matches

ROUTES = Routes("Incident")
KINDS = {"job": "failedJob", "external": "failedExternalTask", "task": "failedTask"}
"""Camunda knows the first two; an incident may have any type."""
SORT = {
    name: attrgetter(attribute)
    for name, attribute in {
        "incidentId": "id",
        "incidentMessage": "incident_message",
        "incidentTimestamp": "incident_timestamp",
        "incidentType": "incident_type",
        "executionId": "execution_id",
        "activityId": "activity_id",
        "processInstanceId": "process_instance_id",
        "processDefinitionId": "process_definition_id",
        "causeIncidentId": "cause_incident_id",
        "rootCauseIncidentId": "root_cause_incident_id",
        "configuration": "configuration",
    }.items()
}


class IncidentQuery(Sorted):
    """Which open incidents; without `admin` in one case."""

    incident_id: Text | None = None
    incident_type: Text | None = None
    incident_message: Text | None = None
    incident_message_like: Text | None = None
    incident_timestamp_before: AwareDatetime | None = None
    incident_timestamp_after: AwareDatetime | None = None
    process_definition_id: Text | None = None
    process_definition_key_in: Names | None = None
    process_instance_id: Text | None = None
    execution_id: Text | None = None
    activity_id: Text | None = None
    failed_activity_id: Text | None = None
    cause_incident_id: Text | None = None
    root_cause_incident_id: Text | None = None
    configuration: Text | None = None


class IncidentAnswer(Answer):
    """One case that stopped."""

    id: str
    process_definition_id: str
    process_instance_id: str
    execution_id: str
    incident_timestamp: Moment
    incident_type: str
    activity_id: str | None
    failed_activity_id: str | None
    cause_incident_id: str
    root_cause_incident_id: str
    configuration: str | None
    incident_message: str
    tenant_id: None = None
    job_definition_id: None = None
    annotation: None = None


@ROUTES.get("/incident")
def find(query: IncidentQuery) -> list[IncidentAnswer]:
    """The open incidents."""
    return query.cut(_found(query))


@ROUTES.get("/incident/count")
def count(query: IncidentQuery) -> Count:
    """How many open incidents there are."""
    return Count(count=len(_found(query)))


@ROUTES.get("/incident/{id}")
def get(id: str) -> IncidentAnswer:
    """One open incident."""
    return _answer(_open(id))


@ROUTES.delete("/incident/{id}", admin=True)
def resolve(id: str) -> None:
    """Tries the kept work of a task once more; where the diagram still stops, there is a new incident.

    The incident of a job is resolved by new retries, as in Camunda.
    """
    if _open(id).kind != "task":
        raise InvalidInput("rest.incident_of_a_job")
    mending.resume(g.session, id, g.actor)


def _open(id_: str) -> Incident:
    """The open incident of a case that the asker may see."""
    found = incidents.get(g.session, id_)
    if found.resolved_at is not None or not visible(found.instance_id):
        raise NotFound("case.no_incident")
    return found


def _found(query: IncidentQuery) -> list[IncidentAnswer]:
    if not visible(query.process_instance_id):
        return []
    rows = [
        _answer(row)
        for row in incidents.find(g.session, instance_id=query.process_instance_id)
        if query.process_definition_key_in is None
        or row.instance.definition_key in query.process_definition_key_in
    ]
    asked = {
        "id": query.incident_id,
        "incident_type": query.incident_type,
        "incident_message": query.incident_message,
        "process_definition_id": query.process_definition_id,
        "execution_id": query.execution_id,
        "activity_id": query.activity_id,
        "failed_activity_id": query.failed_activity_id,
        "cause_incident_id": query.cause_incident_id,
        "root_cause_incident_id": query.root_cause_incident_id,
        "configuration": query.configuration,
    }
    fitting = [
        row
        for row in rows
        if matches(row, asked)
        and like(row.incident_message, query.incident_message_like)
        and _within(row.incident_timestamp, query)
    ]
    return query.sort(fitting, SORT)


def _within(moment: datetime, query: IncidentQuery) -> bool:
    before, after = query.incident_timestamp_before, query.incident_timestamp_after
    return (before is None or moment < before) and (after is None or moment > after)


def _answer(row: Incident) -> IncidentAnswer:
    return IncidentAnswer(
        id=row.id,
        process_definition_id=row.instance.definition_id,
        process_instance_id=row.instance_id,
        execution_id=row.instance_id,
        incident_timestamp=row.opened_at,
        incident_type=KINDS[row.kind],
        activity_id=row.element_id or None,
        failed_activity_id=row.element_id or None,
        cause_incident_id=row.id,
        root_cause_incident_id=row.id,
        configuration=row.job_id or row.task_id,
        incident_message=t(incidents.told(row)),
    )
