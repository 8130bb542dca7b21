"""Incidents: cases that stopped and need an operator."""

from operator import attrgetter

from flask import g

from service.operations import incidents, instances
from service.store.models import Incident
from service.web.present import t
from service.web.rest.instances import visible
from service.web.rest.routes import Routes
from service.web.rest.shapes import Answer, Count, Moment, Sorted, Text, matches

ROUTES = Routes("Incident")
KINDS = {"job": "failedJob", "task": "failedTask"}
"""Camunda knows the first; an incident may have any type."""
SORT = {"incidentId": attrgetter("id"), "incidentTimestamp": attrgetter("opened_at")}


class IncidentQuery(Sorted):
    """Which open incidents; without `admin` in one case."""

    incident_id: Text | None = None
    incident_type: Text | None = None
    process_instance_id: Text | None = None
    activity_id: Text | None = None


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
    return [_answer(row) for row in query.cut(_found(query))]


@ROUTES.get("/incident/count")
def count(query: IncidentQuery) -> Count:
    """How many open incidents there are."""
    return Count(count=len(_found(query)))


def _found(query: IncidentQuery) -> list[Incident]:
    if not visible(query.process_instance_id):
        return []
    rows = incidents.find(g.session, instance_id=query.process_instance_id)
    asked = {"id": query.incident_id, "element_id": query.activity_id}
    kind = query.incident_type
    fitting = [row for row in rows if matches(row, asked) and kind in (None, KINDS[row.kind])]
    return query.sort(fitting, SORT)


def _answer(row: Incident) -> IncidentAnswer:
    return IncidentAnswer(
        id=row.id,
        process_definition_id=instances.get(g.session, row.instance_id, g.actor).definition_id,
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
