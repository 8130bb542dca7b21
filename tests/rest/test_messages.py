"""Messages, signals and timers: brought in from outside, and what waits for them."""

from typing import Any

import pytest

from service import worker
from service.store.database import Database
from tests.engine.drawing import xml
from tests.rest.client import As, Client, files, values


@pytest.fixture
def admin(as_: As) -> Client:
    """Who speaks for the outside world."""
    return as_("admin")


def waiting(admin: Client, number: str, **variables: Any) -> str:
    """A case that waits for the message `balasan`; its id."""
    body = {"businessKey": number, **values(**variables)}
    started = admin("POST", "/process-definition/key/message_catch/start", body)
    [task] = admin("GET", "/task", processInstanceId=started["id"])
    admin("POST", f"/task/{task['id']}/complete", {}, status=204)
    return str(started["id"])


def test_what_a_case_waits_for_is_listed(as_: As, admin: Client) -> None:
    admin.deploy(files("message_catch.bpmn"))
    case = waiting(admin, "P-1")
    [row] = admin("GET", "/event-subscription")
    assert row.items() >= {
        ("eventType", "message"),
        ("eventName", "balasan"),
        ("activityId", "tunggu"),
        ("processInstanceId", case),
        ("executionId", case),
    }
    assert set(row) - {"id", "createdDate", "tenantId"} == {
        "eventType",
        "eventName",
        "activityId",
        "processInstanceId",
        "executionId",
    }
    assert admin("GET", "/event-subscription", eventName="balasan", activityId="tunggu") == [row]
    for query in ({"eventName": "lain"}, {"eventType": "signal"}, {"processInstanceId": "lain"}):
        assert admin("GET", "/event-subscription", **query) == []
    as_("orang")("GET", "/event-subscription", status=403)
    assert as_("orang")("GET", "/event-subscription", processInstanceId=case) == []


def test_a_message_finds_its_case_by_business_key_id_or_variables(admin: Client) -> None:
    admin.deploy(files("message_catch.bpmn"))
    by_key, by_id, by_value = (waiting(admin, f"P-{n}", nip=str(n)) for n in (1, 2, 3))
    several = admin("POST", "/message", {"messageName": "balasan"}, status=409)
    assert "3" in several["message"]
    assert len(admin("GET", "/event-subscription")) == 3
    arrived = {"processVariables": {"nomor": {"value": 7, "type": "Integer"}}}
    for case, whom in (
        (by_key, {"businessKey": "P-1"}),
        (by_id, {"processInstanceId": by_id}),
        (by_value, {"correlationKeys": {"nip": {"value": "3", "type": "String"}}}),
    ):
        body = {"messageName": "balasan", "resultEnabled": True, **whom, **arrived}
        [result] = admin("POST", "/message", body)
        assert (result["resultType"], result["execution"]["processInstanceId"]) == ("Execution", case)
        assert admin("GET", f"/process-instance/{case}/variables/nomor")["value"] == 7
    assert admin("GET", "/event-subscription") == []


def test_a_message_reaches_all_who_wait_when_asked(admin: Client) -> None:
    admin.deploy(files("message_catch.bpmn"))
    cases = {waiting(admin, "P-1"), waiting(admin, "P-2")}
    results = admin("POST", "/message", {"messageName": "balasan", "all": True, "resultEnabled": True})
    assert {result["execution"]["id"] for result in results} == cases


def test_a_message_for_nobody_is_an_error(admin: Client) -> None:
    refused = admin("POST", "/message", {"messageName": "balasan"}, status=400)
    assert "balasan" in refused["message"]


def test_a_message_begins_a_case(admin: Client) -> None:
    admin.deploy(files("message_start.bpmn"))
    body = {"messageName": "balasan", "businessKey": "B-1", "resultEnabled": True}
    [result] = admin("POST", "/message", body)
    assert (result["resultType"], result["execution"]) == ("ProcessDefinition", None)
    assert result["processInstance"]["businessKey"] == "B-1"
    assert len(admin("GET", "/task")) == 1


def test_a_signal_reaches_everybody_who_waits(database: Database, admin: Client) -> None:
    admin.deploy(files("signal_catch.bpmn"))
    admin("POST", "/signal", {"name": "libur"}, status=204)
    for _ in range(2):
        admin("POST", "/process-definition/key/signal_catch/start", {})
    admin("POST", "/signal", {"name": "libur", **values(sebab="banjir")}, status=204)
    assert len(admin("GET", "/job", messages="true")) == 2
    assert worker.work(database, "w") == 2
    tasks = admin("GET", "/task")
    assert [task["name"] for task in tasks] == ["Catat", "Catat"]
    assert admin("GET", f"/task/{tasks[1]['id']}/variables/sebab")["value"] == "banjir"


def test_a_message_that_is_early_is_kept_as_long_as_it_says(database: Database, admin: Client) -> None:
    admin.deploy(files("message_catch.bpmn"))
    body = {"messageName": "balasan", "businessKey": "P-1", "timeToLive": "P7D", "resultEnabled": True}
    sent = {"processVariables": {"tanggal": {"value": "2026-01-31T00:00:00.000+0700", "type": "Date"}}}
    assert admin("POST", "/message", body | sent) == []
    case = waiting(admin, "P-1")
    assert worker.work(database, "w") == 1
    assert admin("GET", "/event-subscription") == []
    assert admin("GET", f"/process-instance/{case}/variables/tanggal")["type"] == "Date"
    refused = admin("POST", "/message", body | {"timeToLive": "besok"}, status=400)
    assert "besok" in refused["message"]


def test_a_message_with_an_id_comes_once(admin: Client) -> None:
    admin.deploy(files("message_catch.bpmn"))
    case, other = waiting(admin, "P-1"), waiting(admin, "P-2")
    body = {"messageName": "balasan", "businessKey": "P-1", "messageId": "surat-1", "resultEnabled": True}
    first = admin("POST", "/message", body)
    assert first[0]["execution"]["processInstanceId"] == case
    again = admin("POST", "/message", {**body, "businessKey": "P-2"})
    assert again[0]["execution"]["processInstanceId"] == case
    [left] = admin("GET", "/event-subscription")
    assert left["processInstanceId"] == other
    admin("POST", "/message", {**body, "messageId": ""}, status=400)


def test_a_message_that_begins_a_case_begins_one_for_its_id(admin: Client) -> None:
    admin.deploy(files("message_start.bpmn"))
    body = {"messageName": "balasan", "messageId": "surat-1", "resultEnabled": True}
    first, again = admin("POST", "/message", body), admin("POST", "/message", body)
    assert first[0]["resultType"] == again[0]["resultType"] == "ProcessDefinition"
    assert first[0]["processInstance"]["id"] == again[0]["processInstance"]["id"]
    assert len(admin("GET", "/task")) == 1


def test_one_of_several_that_wait_is_told_by_its_own_variables(admin: Client) -> None:
    each = (
        '<bpmn:receiveTask id="tunggu" messageRef="m"><bpmn:multiInstanceLoopCharacteristics '
        'camunda:collection="=pegawai" camunda:elementVariable="nip"/></bpmn:receiveTask>'
    )
    drawn = xml(
        "start -> tunggu -> b -> end", {"tunggu": each}, '<bpmn:message id="m" name="surat"/>', "tiap"
    )
    admin.deploy({"tiap.bpmn": drawn})
    admin(
        "POST",
        "/process-definition/key/tiap/start",
        {"variables": {"pegawai": {"value": '["1","2"]', "type": "Json"}}},
    )
    body = {"messageName": "surat"}
    admin("POST", "/message", body, status=409)
    for nip in ("1", "2"):
        own = {"localCorrelationKeys": {"nip": {"value": nip, "type": "String"}}}
        admin("POST", "/message", body | own, status=204)
    assert [task["taskDefinitionKey"] for task in admin("GET", "/task")] == ["b"]


def test_a_message_behind_which_the_diagram_stops_is_kept_by_the_case(admin: Client) -> None:
    catch = (
        '<bpmn:intermediateCatchEvent id="tunggu" name="Kartu">'
        '<bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateCatchEvent>'
    )
    flow = "start -> tunggu -> x1; x1 -> b [=siap]; x1 -> end [=not(siap)]; b -> end"
    admin.deploy({"k.bpmn": xml(flow, {"tunggu": catch}, '<bpmn:message id="m" name="surat"/>', "kartu")})
    case = admin("POST", "/process-definition/key/kartu/start", {})["id"]
    sent = {"processVariables": {"nomor": {"value": 7, "type": "Integer"}}}
    admin("POST", "/message", {"messageName": "surat", **sent}, status=204)
    [job] = admin("GET", "/job", processInstanceId=case)
    assert (job["retries"], job["failedActivityId"]) == (0, "tunggu")
    [incident] = admin("GET", "/incident", processInstanceId=case)
    assert incident["configuration"] == job["id"]
    admin("PUT", f"/process-instance/{case}/variables/siap", {"value": True, "type": "Boolean"}, status=204)
    admin("POST", f"/job/{job['id']}/execute", {}, status=204)
    assert admin("GET", f"/process-instance/{case}/variables/nomor")["value"] == 7
    assert admin("GET", "/incident", processInstanceId=case) == []


def test_a_tenant_is_not_known(admin: Client) -> None:
    admin("POST", "/message", {"messageName": "balasan", "tenantId": None}, status=400)
    refused = admin("POST", "/message", {"messageName": "balasan", "tenantId": "a"}, status=400)
    assert "tenantId" in refused["message"]


def test_a_process_that_begins_by_itself_has_a_job(database: Database, admin: Client) -> None:
    admin.deploy(files("timer_start.bpmn"))
    [job] = admin("GET", "/job", timers="true")
    assert (job["processInstanceId"], job["processDefinitionKey"]) == (None, "timer_start")
    admin("POST", f"/job/{job['id']}/execute", {}, status=204)
    assert [task["name"] for task in admin("GET", "/task")] == ["Periksa"]
    [again] = admin("GET", "/job")
    assert again["dueDate"] > job["dueDate"]


def test_only_admin_speaks_for_the_outside_world(as_: As) -> None:
    as_("petugas")("POST", "/message", {"messageName": "balasan"}, status=403)
    as_("petugas")("POST", "/signal", {"name": "libur"}, status=403)


def test_a_timer_is_a_job_that_admin_may_set_off(as_: As, admin: Client) -> None:
    admin.deploy(files("timer_duration.bpmn"))
    case = admin("POST", "/process-definition/key/timer_duration/start", {})
    [job] = admin("GET", "/job", processInstanceId=case["id"], timers="true")
    assert (job["processDefinitionKey"], job["retries"], job["suspended"]) == ("timer_duration", 3, False)
    assert (job["exceptionMessage"], job["failedActivityId"]) == (None, None)
    assert job["dueDate"] > job["createTime"]
    assert admin("GET", "/job/count") == {"count": 1}
    assert admin("GET", "/job", noRetriesLeft="true") == admin("GET", "/job", withException="true") == []
    as_("petugas")("GET", "/job", status=403)
    as_("petugas")("POST", f"/job/{job['id']}/execute", status=403)
    admin("POST", f"/job/{job['id']}/execute", {}, status=204)
    assert [task["name"] for task in admin("GET", "/task")] == ["Periksa"]
    assert admin("GET", "/job") == []
    admin("POST", f"/job/{job['id']}/execute", status=404)
