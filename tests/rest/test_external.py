"""External tasks over HTTP: what Camunda 7's workers say, and what they are answered."""

from collections.abc import Callable
from typing import Any

import pytest

from service.store.database import Database
from tests.engine.drawing import xml
from tests.operations.printing import let_locks_run_out
from tests.rest.client import As, values
from tests.rest.printing import WORK, act, asked, fetch

TASK = {
    "id", "topicName", "workerId", "lockExpirationTime", "processInstanceId", "executionId",
    "processDefinitionId", "processDefinitionKey", "processDefinitionVersionTag", "activityId",
    "activityInstanceId", "businessKey", "errorMessage", "retries", "priority", "suspended", "createTime",
    "tenantId",
}  # fmt: skip
LOCKED = TASK | {"errorDetails", "variables", "extensionProperties"}


def test_a_worker_fetches_and_completes(as_: As, kartu: Callable[..., str]) -> None:
    case = kartu(nama="Siti", jumlah=2)
    admin = as_("admin")
    [task] = fetch(as_, topic={"variables": ["nama", "tidak_ada"], "includeExtensionProperties": True})
    assert set(task) == LOCKED
    assert (task["processInstanceId"], task["activityId"], task["businessKey"]) == (case, "cetak", "K-1")
    assert (task["workerId"], task["topicName"], task["priority"]) == ("w1", "cetak", 7)
    assert (task["retries"], task["errorMessage"], task["suspended"]) == (None, None, False)
    assert task["variables"] == {"nama": {"value": "Siti", "type": "String", "valueInfo": {}}}
    assert task["extensionProperties"] == {"pencetak": "lantai 2"}
    assert fetch(as_) == []
    sent = values(nomor="001")["variables"]
    act(as_, task, "complete", variables=sent, localVariables={"x": {"value": 1}})
    found = admin("GET", f"/process-instance/{case}/variables")
    assert {name: one["value"] for name, one in found.items()} == {
        "nama": "Siti", "jumlah": 2, "nomor": "001"
    }  # fmt: skip
    refused = act(as_, task, "complete", status=404)
    assert refused["type"] == "InvalidRequestException"


def test_a_worker_that_lost_its_lock_is_refused_and_changes_nothing(
    as_: As, kartu: Callable[..., str], database: Database
) -> None:
    case = kartu()
    [task] = fetch(as_)
    let_locks_run_out(database)
    [again] = fetch(as_, workerId="w2")
    admin = as_("admin")
    before = (
        admin("GET", f"/external-task/{task['id']}"),
        admin("GET", "/history/activity-instance", processInstanceId=case),
    )
    verbs: dict[str, dict[str, Any]] = {
        "complete": values(x=1),
        "failure": {"errorMessage": "x", "retries": 1},
        "bpmnError": {"errorCode": "KERTAS"},
        "extendLock": {"newDuration": 1000},
        "lock": {"lockDuration": 1000},
    }
    for verb, body in verbs.items():
        refused = act(as_, task, verb, status=400, **body)
        assert refused["type"] == "InvalidRequestException"
        assert "w2" in refused["message"]
    assert before == (
        admin("GET", f"/external-task/{task['id']}"),
        admin("GET", "/history/activity-instance", processInstanceId=case),
    )
    admin("POST", f"/external-task/{task['id']}/unlock", status=204)
    assert "w2" not in act(as_, again, "complete", worker="w2", status=400)["message"].replace("“w2”", "")
    act(as_, task, "lock", lockDuration=1000)
    act(as_, task, "extendLock", newDuration=60_000)
    act(as_, task, "complete")


def test_a_failure_rests_and_ends_in_an_incident(
    as_: As, kartu: Callable[..., str], database: Database
) -> None:
    case, admin = kartu(), as_("admin")
    [task] = fetch(as_)
    path = f"/external-task/{task['id']}"
    assert admin.send("GET", f"{path}/errorDetails").status_code == 204
    said = {"errorMessage": "Kertas habis", "errorDetails": "baris 1\nbaris 2"}
    act(as_, task, "failure", retries=1, retryTimeout=60_000, **said)
    assert fetch(as_) == []
    assert admin.send("GET", f"{path}/errorDetails").text == "baris 1\nbaris 2"
    assert admin("GET", path)["retries"] == 1
    let_locks_run_out(database)
    [task] = fetch(as_)
    assert (task["errorMessage"], task["errorDetails"]) == ("Kertas habis", "baris 1\nbaris 2")
    act(as_, task, "failure", retries=0, **said)
    [incident] = admin("GET", "/incident", processInstanceId=case)
    assert (incident["incidentType"], incident["configuration"]) == ("failedExternalTask", task["id"])
    assert "Kertas habis" in incident["incidentMessage"]
    let_locks_run_out(database)
    assert fetch(as_) == []
    admin("PUT", f"{path}/retries", {"retries": 2}, status=204)
    assert admin("GET", "/incident", processInstanceId=case) == []
    assert fetch(as_)[0]["retries"] == 2


def test_a_failure_without_a_word_is_still_one(as_: As, kartu: Callable[..., str]) -> None:
    kartu()
    [task] = fetch(as_)
    act(as_, task, "failure", retries=3)
    assert fetch(as_)[0]["retries"] == 3


def test_an_error_goes_to_the_event_that_catches_it(as_: As, kartu: Callable[..., str]) -> None:
    case = kartu()
    [task] = fetch(as_)
    sent = {"sisa": {"value": 0, "type": "Integer"}}
    act(as_, task, "bpmnError", errorCode="KERTAS", errorMessage="habis", variables=sent)
    found = as_("admin")("GET", f"/process-instance/{case}/variables")
    assert {name: one["value"] for name, one in found.items()} == {"sisa": 0, "kode": "KERTAS"}
    assert [row["taskDefinitionKey"] for row in as_("admin")("GET", "/task")] == ["c"]


def test_a_result_behind_which_the_diagram_stops_is_kept(as_: As) -> None:
    admin = as_("admin")
    drawn = xml(
        "start -> cetak -> x1; x1 -> a [=baik]; x1 -> end [default]; a -> end", {"cetak": WORK}, key="k"
    )
    admin.deploy({"k.bpmn": drawn})
    case = admin("POST", "/process-definition/key/k/start", {})["id"]
    [task] = fetch(as_)
    act(as_, task, "complete", **values(nomor=7))
    [incident] = admin("GET", "/incident", processInstanceId=case)
    assert (incident["incidentType"], incident["activityId"]) == ("failedExternalTask", "x1")
    assert fetch(as_) == []


def test_retries_of_several_are_raised_together_or_not_at_all(as_: As, kartu: Callable[..., str]) -> None:
    cases, admin = [kartu(), kartu(), kartu()], as_("admin")
    tasks = fetch(as_, maxTasks=9)
    for task in tasks:
        act(as_, task, "failure")
    body = {"retries": 2, "externalTaskIds": [tasks[0]["id"], "tidak-ada"]}
    admin("PUT", "/external-task/retries", body, status=404)
    assert admin("GET", "/external-task/count", noRetriesLeft="true") == {"count": 3}
    body = {"retries": 2, "externalTaskIds": [tasks[0]["id"]], "processInstanceIds": cases[1:]}
    admin("PUT", "/external-task/retries", body, status=204)
    assert admin("GET", "/external-task/count", withRetriesLeft="true") == {"count": 3}
    assert admin("GET", "/incident") == []


def test_tasks_are_listed_by_what_they_are(as_: As, kartu: Callable[..., str]) -> None:
    case, other = kartu(), kartu()
    admin = as_("admin")
    [task] = fetch(as_)

    def found(**query: str) -> int:
        rows = admin("GET", "/external-task", **query)
        assert admin("GET", "/external-task/count", **query) == {"count": len(rows)}
        assert all(set(row) == TASK for row in rows)
        body: dict[str, Any] = {name: True if value == "true" else value for name, value in query.items()}
        assert admin("POST", "/external-task", body) == rows
        assert admin("POST", "/external-task/count", body) == {"count": len(rows)}
        return len(rows)

    assert found() == found(topicName="cetak", active="true", withRetriesLeft="true") == 2
    assert found(locked="true") == found(notLocked="true") == found(workerId="w1") == 1
    assert (
        found(locked="true", notLocked="true") == found(suspended="true") == found(noRetriesLeft="true") == 0
    )
    assert found(externalTaskId=task["id"]) == found(processInstanceIdIn=f"{case},lain") == 1
    assert found(externalTaskId=task["id"], processInstanceId=other) == 0
    assert found(lockExpirationAfter="2026-01-01T00:00:00.000+0700") == 1
    assert found(lockExpirationBefore="2026-01-01T00:00:00.000+0700") == 0
    assert found(priorityHigherThanOrEquals="7", priorityLowerThanOrEquals="7", activityIdIn="cetak") == 2
    ids = [row["processInstanceId"] for row in admin("GET", "/external-task", maxResults="1")]
    assert ids == [case]
    newest = {"sortBy": "createTime", "sortOrder": "desc"}
    assert [row["processInstanceId"] for row in admin("GET", "/external-task", **newest)] == [other, case]
    admin("GET", "/external-task", sortBy="warna", sortOrder="asc", status=400)


def test_only_administrators_are_workers(as_: As, kartu: Callable[..., str]) -> None:
    kartu()
    [task] = fetch(as_)
    for login in ("petugas", "orang"):
        client, path = as_(login), f"/external-task/{task['id']}"
        client("POST", "/external-task/fetchAndLock", asked(), status=403)
        client("POST", f"{path}/complete", {"workerId": "w1"}, status=403)
        client("GET", path, status=403)
        client("GET", "/external-task", status=403)
    as_(None)("POST", "/external-task/fetchAndLock", asked(), status=401)


def test_what_a_worker_says_wrong_changes_nothing(as_: As, kartu: Callable[..., str]) -> None:
    kartu()
    [task] = fetch(as_)
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("complete", {"variables": [1]}),
        ("complete", {"variables": {"n": 1}}),
        ("complete", {"variables": {"n": {"value": "x", "type": "Integer"}}}),
        ("complete", {"variables": {"n": {"value": 10**400}}}),
        ("complete", {"hasil": 1}),
        ("failure", {"retries": -1}),
        ("failure", {"retries": 2**31}),
        ("failure", {"retryTimeout": -1}),
        ("failure", {"retryTimeout": 10**30}),
        ("failure", {"errorMessage": {"a": 1}}),
        ("failure", {"errorDetails": "\x00"}),
        ("bpmnError", {}),
        ("bpmnError", {"errorCode": ""}),
        ("bpmnError", {"errorCode": 7}),
        ("extendLock", {}),
        ("extendLock", {"newDuration": 0}),
        ("lock", {"lockDuration": -5}),
    ]
    for verb, body in wrong:
        assert act(as_, task, verb, status=400, **body)["message"], (verb, body)
    admin, path = as_("admin"), f"/external-task/{task['id']}"
    for body in ({}, {"retries": None}, {"retries": -1}, {"retries": "x"}, {"retries": 2**40}):
        admin("PUT", f"{path}/retries", body, status=400)
    for body in ({}, {"priority": "x"}, {"priority": 2**40}):
        admin("PUT", f"{path}/priority", body, status=400)
    now_ = admin("GET", path)
    assert {name: now_[name] for name in TASK} == {name: task[name] for name in TASK}


@pytest.mark.parametrize("id_", ["tidak-ada", "00000000-0000-4000-8000-000000000000", "%00", "1'--"])
def test_a_task_that_nobody_knows_is_not_found(as_: As, kartu: Callable[..., str], id_: str) -> None:
    kartu()
    admin, path = as_("admin"), f"/external-task/{id_}"
    status = 404 if id_ != "%00" else None
    for verb, body in (
        ("complete", {"workerId": "w"}),
        ("failure", {"workerId": "w"}),
        ("bpmnError", {"workerId": "w", "errorCode": "E"}),
        ("extendLock", {"workerId": "w", "newDuration": 1}),
        ("lock", {"workerId": "w", "lockDuration": 1}),
        ("unlock", {}),
    ):
        answer = admin.send("POST", f"{path}/{verb}", json=body)
        assert answer.status_code == (status or 404) or (status is None and answer.status_code == 400)
    for answer in (
        admin.send("GET", path),
        admin.send("GET", f"{path}/errorDetails"),
        admin.send("PUT", f"{path}/retries", json={"retries": 1}),
        admin.send("PUT", f"{path}/priority", json={"priority": 1}),
    ):
        assert answer.status_code in ((404,) if status else (400, 404))
