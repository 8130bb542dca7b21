"""What an operator does to cases through the interface: incidents, retries, suspension, modification."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from service import worker
from service.store.database import Database
from service.store.models import TRIES, Job, now
from tests.engine.drawing import sub, xml
from tests.operations.moves import task_xml, timer
from tests.rest.client import As, Client, values

GATEWAY = "start -> a -> x1; x1 -> b [=siap]; x1 -> end [default]; b -> end"
LATE = "start -> tunggu -> x1; x1 -> a [=ya]; x1 -> end [default]; a -> end"
INNER = "start -> a -> s -> end"


@pytest.fixture
def admin(as_: As) -> Client:
    """The administrator, with three processes deployed."""
    client = as_("admin")
    steps = {one: task_xml(one, 'camunda:candidateGroups="uji.petugas"') for one in "abd"}
    drawn = {"a": steps["a"], "s": sub("s", "start1 -> d -> end1", drawn={"d": steps["d"]})}
    client.deploy({
        "macet.bpmn": xml(GATEWAY, {"a": steps["a"], "b": steps["b"]}, key="macet"),
        "tunda.bpmn": xml(LATE, {"tunggu": timer("PT1H"), "a": steps["a"]}, key="tunda"),
        "dalam.bpmn": xml(INNER, drawn, key="dalam"),
    })  # fmt: skip
    return client


def start(admin: Client, key: str) -> str:
    return str(admin("POST", f"/process-definition/key/{key}/start", {})["id"])


def steps(admin: Client, case: str) -> list[str]:
    return sorted(task["taskDefinitionKey"] for task in admin("GET", "/task", processInstanceId=case))


@pytest.fixture
def stuck(admin: Client) -> str:
    """A case that stopped behind a person's work."""
    case = start(admin, "macet")
    [task] = admin("GET", "/task", processInstanceId=case)
    admin("POST", f"/task/{task['id']}/complete", values(catatan="baik"), status=204)
    return case


@pytest.fixture
def late(admin: Client, database: Database) -> str:
    """A case whose timer has no tries left."""
    case = start(admin, "tunda")
    for _ in range(TRIES):
        with database.transaction() as session:
            session.execute(update(Job).values(lock_until=None, due_at=now() - timedelta(seconds=1)))
        assert worker.work(database, "w") == 1
    return case


def test_incidents_are_found_by_what_they_are(admin: Client, stuck: str, late: str) -> None:
    [task] = admin("GET", "/incident", processInstanceId=stuck)
    [job] = admin("GET", "/incident", incidentType="failedJob")
    assert (task["incidentType"], task["activityId"], job["processInstanceId"]) == ("failedTask", "x1", late)
    assert "siap" in task["incidentMessage"]
    assert admin("GET", f"/incident/{task['id']}") == task
    for query, found in (
        ({}, 2),
        ({"incidentId": job["id"]}, 1),
        ({"incidentMessageLike": "%siap%"}, 1),
        ({"incidentMessage": "x"}, 0),
        ({"processDefinitionKeyIn": "macet,lain"}, 1),
        ({"processDefinitionId": task["processDefinitionId"]}, 1),
        ({"configuration": job["configuration"]}, 1),
        ({"failedActivityId": "x1", "executionId": stuck}, 1),
        ({"causeIncidentId": job["id"], "rootCauseIncidentId": job["id"]}, 1),
        ({"incidentTimestampAfter": "2000-01-01T00:00:00.000+0700"}, 2),
        ({"incidentTimestampBefore": "2000-01-01T00:00:00.000+0700"}, 0),
        ({"maxResults": "1", "sortBy": "incidentTimestamp", "sortOrder": "desc"}, 1),
    ):
        assert len(admin("GET", "/incident", **query)) == found, query
        if "maxResults" not in query:
            assert admin("GET", "/incident/count", **query) == {"count": found}
    newest = admin("GET", "/incident", sortBy="incidentTimestamp", sortOrder="desc")
    assert [one["id"] for one in newest] == [job["id"], task["id"]]


def test_an_incident_is_read_by_who_may_see_its_case(as_: As, admin: Client, stuck: str) -> None:
    [incident] = admin("GET", "/incident")
    assert as_("petugas")("GET", f"/incident/{incident['id']}") == incident
    as_("orang")("GET", f"/incident/{incident['id']}", status=404)
    as_("petugas")("DELETE", f"/incident/{incident['id']}", status=403)
    admin("GET", "/incident/none", status=404)


def test_the_incident_of_a_task_is_resolved_by_trying_again(admin: Client, stuck: str) -> None:
    [before] = admin("GET", "/incident")
    admin("DELETE", f"/incident/{before['id']}", status=204)
    [after] = admin("GET", "/incident")
    assert after["id"] != before["id"]
    admin("GET", f"/incident/{before['id']}", status=404)
    admin("PUT", f"/process-instance/{stuck}/variables/siap", {"value": True}, status=204)
    admin("DELETE", f"/incident/{after['id']}", status=204)
    assert admin("GET", "/incident") == []
    assert steps(admin, stuck) == ["b"]
    assert admin("GET", f"/process-instance/{stuck}/variables")["catatan"]["value"] == "baik"


def test_the_incident_of_a_job_is_resolved_by_retries(admin: Client, late: str, database: Database) -> None:
    [incident] = admin("GET", "/incident")
    refused = admin("DELETE", f"/incident/{incident['id']}", status=400)
    assert refused["type"] == "InvalidRequestException"
    job = f"/job/{incident['configuration']}"
    assert admin("GET", job)["retries"] == 0
    assert admin("GET", "/job", noRetriesLeft="true") == admin("GET", "/job")
    assert admin("GET", "/job", withRetriesLeft="true") == []
    for body in ({}, {"retries": -1}, {"retries": "x"}, {"retries": 2**40}, {"retries": 1, "x": 1}):
        admin("PUT", f"{job}/retries", body, status=400)
    admin("PUT", "/job/none/retries", {"retries": 1}, status=404)
    admin("PUT", f"/process-instance/{late}/variables/ya", {"value": True}, status=204)
    body = {"retries": 2, "dueDate": "2026-01-01T00:00:00.000+0700"}
    admin("PUT", f"{job}/retries", body, status=204)
    assert admin("GET", "/incident") == []
    assert admin("GET", job)["retries"] == 2
    assert worker.work(database, "w") == 1
    assert steps(admin, late) == ["a"]


def test_a_suspended_instance_stands_still(admin: Client, late: str) -> None:
    case = start(admin, "macet")
    [task] = admin("GET", "/task", processInstanceId=case)
    admin("PUT", f"/process-instance/{case}/suspended", {"suspended": True}, status=204)
    assert admin("GET", f"/process-instance/{case}")["suspended"] is True
    assert [row["id"] for row in admin("GET", "/process-instance", suspended="true")] == [case]
    assert admin("GET", f"/history/process-instance/{case}")["state"] == "SUSPENDED"
    refused = admin("POST", f"/task/{task['id']}/complete", {}, status=409)
    assert "suspended" in refused["message"]
    admin("PUT", f"/process-instance/{case}/suspended", {"suspended": False}, status=204)
    admin("POST", f"/task/{task['id']}/complete", values(siap=True), status=204)
    for body in ({}, {"suspended": "x"}, {"suspended": None}, {"suspended": True, "x": 1}):
        admin("PUT", f"/process-instance/{case}/suspended", body, status=400)


def test_several_instances_are_suspended_at_once(as_: As, admin: Client) -> None:
    first, second, other = start(admin, "macet"), start(admin, "macet"), start(admin, "dalam")
    definition = admin("GET", f"/process-instance/{other}")["definitionId"]
    path = "/process-instance/suspended"
    for body, suspended in (
        ({"suspended": True, "processInstanceIds": [first, other]}, {first, other}),
        ({"suspended": False, "processDefinitionId": definition}, {first}),
        ({"suspended": True, "processDefinitionKey": "macet"}, {first, second}),
        ({"suspended": False, "processDefinitionKey": "macet"}, set()),
    ):
        admin("PUT", path, body, status=204)
        found = {row["id"] for row in admin("GET", "/process-instance", suspended="true")}
        assert found == suspended
    for body in (
        {"suspended": True},
        {"suspended": True, "processInstanceIds": [], "processDefinitionKey": "x"},
    ):
        admin("PUT", path, body, status=400)
    admin("PUT", path, {"suspended": True, "processInstanceIds": [first, "none"]}, status=404)
    assert admin("GET", "/process-instance/count", suspended="true") == {"count": 0}
    as_("petugas")("PUT", path, {"suspended": True, "processInstanceIds": [first]}, status=403)


def test_tokens_stand_in_a_tree(admin: Client, stuck: str) -> None:
    case = start(admin, "dalam")
    path = f"/process-instance/{case}"
    instructions = [{"type": "startBeforeActivity", "activityId": "d"}, {"type": "cancel", "activityId": "a"}]
    admin("POST", f"{path}/modification", {"instructions": instructions}, status=204)
    tree = admin("GET", f"{path}/activity-instances")
    assert (tree["id"], tree["parentActivityInstanceId"], tree["activityType"]) == (
        case,
        None,
        "processDefinition",
    )
    [outer] = tree["childActivityInstances"]
    [inner] = outer["childActivityInstances"]
    assert (outer["activityId"], outer["parentActivityInstanceId"]) == ("s", case)
    assert (inner["activityId"], inner["parentActivityInstanceId"]) == ("d", outer["id"])
    assert (inner["activityName"], inner["childActivityInstances"]) == ("Langkah d", [])
    [incident] = admin("GET", "/incident")
    [token] = admin("GET", f"/process-instance/{stuck}/activity-instances")["childActivityInstances"]
    assert (token["activityId"], token["incidentIds"]) == ("a", [incident["id"]])


def test_a_case_is_moved_and_the_kept_work_with_it(admin: Client, stuck: str) -> None:
    path = f"/process-instance/{stuck}"
    [token] = admin("GET", f"{path}/activity-instances")["childActivityInstances"]
    body = {
        "skipCustomListeners": True,
        "skipIoMappings": False,
        "annotation": "keliru",
        "instructions": [
            {"type": "startAfterActivity", "activityId": "b", "variables": {"siap": {"value": False}}},
            {"type": "startTransition", "transitionId": "f2"},
            {"type": "cancel", "activityInstanceId": token["id"]},
        ],
    }
    admin("POST", f"{path}/modification", body, status=204)
    assert (steps(admin, stuck), admin("GET", "/incident")) == (["b"], [])
    found = admin("GET", f"{path}/variables")
    assert (found["catatan"]["value"], found["siap"]["value"]) == ("baik", False)


BEFORE: dict[str, Any] = {"type": "startBeforeActivity", "activityId": "b"}


@pytest.mark.parametrize(
    "instructions",
    [
        [],
        None,
        [{}],
        [{"type": "startBefore"}],
        [{"type": "startBeforeActivity"}],
        [{"type": "startBeforeActivity", "activityId": "nowhere"}],
        [{"type": "startTransition", "activityId": "b"}],
        [{"type": "startTransition", "transitionId": "b"}],
        [{"type": "cancel"}],
        [{"type": "cancel", "activityId": "a", "activityInstanceId": "x"}],
        [{"type": "cancel", "activityId": "a"}],
        [BEFORE, {"type": "cancel", "activityId": "b"}],
        [BEFORE, {"type": "cancel", "transitionInstanceId": "x"}],
        [{**BEFORE, "ancestorActivityInstanceId": "x"}],
        [{**BEFORE, "variables": {"x": {"value": "x", "type": "Integer"}}}],
    ],
)
def test_what_cannot_be_modified_is_told_and_changes_nothing(admin: Client, instructions: Any) -> None:
    case = start(admin, "macet")
    path = f"/process-instance/{case}/modification"
    assert admin("POST", path, {"instructions": instructions}, status=400)["message"]
    admin("POST", path, {"instructions": [BEFORE], "skipIoMappings": True}, status=400)
    assert steps(admin, case) == ["a"]


def test_a_modification_that_stops_the_diagram_changes_nothing(as_: As, admin: Client, stuck: str) -> None:
    path, body = f"/process-instance/{stuck}/modification", {"instructions": [{**BEFORE, "activityId": "x1"}]}
    assert admin("POST", path, body, status=422)["type"] == "ProcessEngineException"
    assert len(admin("GET", "/incident")) == 1
    as_("petugas")("POST", path, body, status=403)
    admin("POST", "/process-instance/none/modification", body, status=404)


def test_cases_that_call_each_other_are_found_by_each_other(admin: Client) -> None:
    calls = '<bpmn:callActivity id="panggil" calledElement="macet"/>'
    admin.deploy({"atas.bpmn": xml("start -> panggil -> end", {"panggil": calls}, key="atas")})
    above = start(admin, "atas")
    [below] = admin("GET", "/process-instance", superProcessInstance=above)
    assert below["definitionKey"] == "macet"
    assert [row["id"] for row in admin("GET", "/process-instance", subProcessInstance=below["id"])] == [above]
    assert admin("GET", "/process-instance", subProcessInstance=above) == []
    assert admin("GET", "/process-instance", subProcessInstance="none") == []
    whole = admin("GET", "/process-instance", rootProcessInstanceId=above)
    assert {row["id"] for row in whole} == {above, below["id"]}
    told = admin("GET", f"/history/process-instance/{below['id']}")
    assert (told["superProcessInstanceId"], told["rootProcessInstanceId"]) == (above, above)
    [found] = admin("GET", "/history/process-instance", superProcessInstanceId=above)
    assert found == told
