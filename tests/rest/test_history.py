"""History: cases under way and ended, their visits and values."""

from typing import Any

from tests.rest.client import As, values


def test_a_case_under_way_is_history_too(as_: As, case: dict[str, Any]) -> None:
    row = as_("petugas")("GET", f"/history/process-instance/{case['id']}")
    assert (row["state"], row["endTime"], row["durationInMillis"]) == ("ACTIVE", None, None)
    assert (row["startUserId"], row["businessKey"]) == ("petugas", "S-1")
    assert (row["processDefinitionKey"], row["processDefinitionName"]) == ("surat", "Surat masuk")
    assert as_("petugas")("GET", "/history/process-instance") == [row]
    as_("kepala")("GET", f"/history/process-instance/{case['id']}", status=404)


def test_the_list_of_cases_is_filtered(as_: As, case: dict[str, Any]) -> None:
    admin = as_("admin")
    admin("DELETE", f"/process-instance/{case['id']}", status=204)
    admin("POST", "/process-definition/key/surat/start", {"businessKey": "S-2"})
    for query, found in (
        ({}, 2),
        ({"finished": "true"}, 1),
        ({"unfinished": "true"}, 1),
        ({"active": "true"}, 1),
        ({"externallyTerminated": "true"}, 1),
        ({"active": "true", "externallyTerminated": "true"}, 2),
        ({"completed": "true"}, 0),
        ({"startedBy": "petugas"}, 1),
        ({"processInstanceId": case["id"]}, 1),
        ({"processInstanceIds": f"{case['id']},x"}, 1),
        ({"processInstanceBusinessKey": "S-2"}, 1),
        ({"processInstanceBusinessKeyLike": "S-%"}, 2),
        ({"processInstanceBusinessKeyLike": "%-1"}, 1),
        ({"processInstanceBusinessKeyIn": "S-1,S-2,S-3"}, 2),
        ({"processDefinitionKeyIn": "surat"}, 2),
        ({"processDefinitionKey": "lain"}, 0),
        ({"startedAfter": "2000-01-01T00:00:00.000+0700"}, 2),
        ({"startedBefore": "2000-01-01T00:00:00.000+0700"}, 0),
        ({"maxResults": "1"}, 1),
    ):
        assert len(admin("GET", "/history/process-instance", **query)) == found, query
        if "maxResults" not in query:
            counted = admin("GET", "/history/process-instance/count", **query)
            assert counted == {"count": found}
    by_key = admin("GET", "/history/process-instance", sortBy="businessKey", sortOrder="asc")
    assert [row["businessKey"] for row in by_key] == ["S-1", "S-2"]
    by_end = admin("GET", "/history/process-instance", sortBy="endTime", sortOrder="asc")
    assert [row["businessKey"] for row in by_end] == ["S-1", "S-2"]


def test_visits_are_told_in_their_order(as_: As, case: dict[str, Any]) -> None:
    petugas = as_("petugas")
    [task] = petugas("GET", "/task")
    petugas("POST", f"/task/{task['id']}/complete", values(nomor="1", sifat="biasa"), status=204)
    rows = petugas("GET", "/history/activity-instance", processInstanceId=case["id"])
    assert [row["activityId"] for row in rows] == ["mulai", "catat", "putuskan"]
    mulai, catat, putuskan = rows
    assert (catat["activityName"], catat["activityType"]) == ("Catat surat", "userTask")
    assert (catat["taskId"], catat["assignee"]) == (task["id"], "petugas")
    assert catat["durationInMillis"] >= 0
    assert (putuskan["endTime"], putuskan["assignee"]) == (None, None)
    assert mulai["taskId"] is None
    query = {"processInstanceId": case["id"]}
    assert petugas("GET", "/history/activity-instance", **query, unfinished="true") == [putuskan]
    assert petugas("GET", "/history/activity-instance", **query, activityType="startEvent") == [mulai]
    assert petugas("GET", "/history/activity-instance", **query, canceled="true") == []
    newest = petugas("GET", "/history/activity-instance", **query, sortBy="activityId", sortOrder="desc")
    assert [row["activityId"] for row in newest] == ["putuskan", "mulai", "catat"]


def test_values_are_told_by_name(as_: As, case: dict[str, Any]) -> None:
    petugas, query = as_("petugas"), {"processInstanceId": case["id"]}
    [row] = petugas("GET", "/history/variable-instance", **query, variableName="perihal")
    assert (row["type"], row["value"], row["state"]) == ("String", "Undangan", "CREATED")
    assert petugas("GET", "/history/variable-instance", **query, variableNameIn="perihal,x") == [row]
    assert petugas("GET", "/history/variable-instance", **query, variableNameLike="peri%") == [row]
    assert (
        petugas("GET", "/history/variable-instance", **query, deserializeValues="false", maxResults="0") == []
    )


def test_nobody_reads_the_history_of_a_case_they_may_not_see(as_: As, case: dict[str, Any]) -> None:
    kepala, query = as_("kepala"), {"processInstanceId": case["id"]}
    assert kepala("GET", "/history/process-instance") == []
    assert kepala("GET", "/history/activity-instance", **query) == []
    assert kepala("GET", "/history/variable-instance", **query) == []
    assert kepala("GET", "/incident", **query) == []
    kepala("GET", "/incident", status=403)
