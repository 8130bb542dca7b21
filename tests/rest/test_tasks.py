"""User tasks: seen, claimed, handed over, and completed, each by who may."""

from typing import Any

import pytest

from tests.rest.client import As, Client, files, values

GOOD = values(nomor="001", sifat="biasa", lampiran=2)
KEYS = {
    "id", "name", "assignee", "created", "due", "followUp", "lastUpdated", "delegationState", "description",
    "executionId", "owner", "parentTaskId", "priority", "processDefinitionId", "processInstanceId",
    "taskDefinitionKey", "caseExecutionId", "caseInstanceId", "caseDefinitionId", "suspended", "formKey",
    "camundaFormRef", "tenantId",
}  # fmt: skip


@pytest.fixture
def task(as_: As, case: dict[str, Any]) -> dict[str, Any]:
    """The case's first task, which waits for the petugas."""
    [task] = as_("petugas")("GET", "/task")
    return task


def history_of(as_: As, case: dict[str, Any]) -> tuple[Any, Any, Any]:
    """What a refused request must not change."""
    admin, id_ = as_("admin"), case["id"]
    return (
        admin("GET", "/task"),
        admin("GET", f"/process-instance/{id_}/variables"),
        admin("GET", "/history/activity-instance", processInstanceId=id_),
    )


def test_a_task_has_all_that_clients_need(task: dict[str, Any], case: dict[str, Any]) -> None:
    assert set(task) == KEYS
    assert task["executionId"] == task["processInstanceId"] == case["id"]
    assert task["processDefinitionId"] == case["definitionId"]
    assert task["description"] == "Surat dicatat di buku agenda."
    assert task["camundaFormRef"] == {"key": "pencatatan", "binding": "deployment", "version": None}
    assert (task["assignee"], task["priority"], task["suspended"]) == (None, 50, False)
    assert task["created"].endswith("+0700")


def test_everybody_lists_what_is_theirs_to_do(as_: As, task: dict[str, Any]) -> None:
    for login, seen in (("admin", 1), ("petugas", 1), ("petugas2", 1), ("kepala", 0), ("orang", 0)):
        client = as_(login)
        assert len(client("GET", "/task")) == seen
        assert len(client("POST", "/task", {})) == seen
        assert client("GET", "/task/count") == client("POST", "/task/count", {}) == {"count": seen}
        client("GET", f"/task/{task['id']}", status=200 if seen else 404)


def test_tasks_are_filtered_alike_by_query_and_body(
    as_: As, task: dict[str, Any], case: dict[str, Any]
) -> None:
    admin = as_("admin")

    def found(**query: Any) -> int:
        sent = {
            name: str(value).lower() if isinstance(value, bool) else value for name, value in query.items()
        }
        by_query, by_body = admin("GET", "/task", **sent), admin("POST", "/task", query)
        assert by_query == by_body
        assert admin("GET", "/task/count", **sent) == {"count": len(by_query)}
        return len(by_query)

    assert found(processInstanceId=case["id"]) == 1
    assert found(processInstanceId="lain") == 0
    assert found(processInstanceBusinessKey="S-1", processDefinitionKey="surat") == 1
    assert found(processDefinitionId=case["definitionId"], taskDefinitionKey="catat") == 1
    assert found(taskDefinitionKey="putuskan") == 0
    assert found(name="Catat surat", active=True) == 1
    assert found(candidateGroup="uji.petugas") == 1
    assert found(candidateGroups="uji.kepala,uji.petugas") == 1
    assert found(candidateGroup="uji.kepala") == 0
    assert found(candidateUser="petugas") == 0
    assert found(unassigned=True) == 1
    assert found(assigned=True) == 0
    admin("POST", f"/task/{task['id']}/assignee", {"userId": "petugas"}, status=204)
    assert found(assignee="petugas") == 1
    assert found(assignee="petugas2") == 0
    assert found(unassigned=True) == 0
    assert found(assigned=True) == 1
    assert found(candidateGroup="uji.petugas") == 0


def test_tasks_are_sorted_and_cut(as_: As, case: dict[str, Any]) -> None:
    admin = as_("admin")
    second = admin("POST", "/process-definition/key/surat/start", {"businessKey": "S-2"})
    ids = [case["id"], second["id"]]
    newest = {"sortBy": "created", "sortOrder": "desc"}
    assert [row["executionId"] for row in admin("GET", "/task")] == ids
    assert [row["executionId"] for row in admin("GET", "/task", **newest)] == ids[::-1]
    assert [row["executionId"] for row in admin("POST", "/task", {"sorting": [newest]})] == ids[::-1]
    assert [row["executionId"] for row in admin("POST", "/task", {"sorting": newest})] == ids[::-1]
    assert [row["executionId"] for row in admin("GET", "/task", firstResult="1", maxResults="1")] == ids[1:]
    assert [row["executionId"] for row in admin("POST", "/task", {}, maxResults="1")] == ids[:1]
    by_due = admin("GET", "/task", sortBy="dueDate", sortOrder="asc")
    assert len(by_due) == 2


def test_a_tasks_form_and_its_values_are_given(as_: As, task: dict[str, Any]) -> None:
    petugas, path = as_("petugas"), f"/task/{task['id']}"
    assert petugas("GET", f"{path}/form")["camundaFormRef"]["key"] == "pencatatan"
    document = petugas("GET", f"{path}/deployed-form")
    assert [field["key"] for field in document["components"]] == ["nomor", "sifat", "lampiran"]
    assert document["schemaVersion"] == 18
    assert petugas("GET", f"{path}/form-variables")["perihal"]["value"] == "Undangan"
    assert set(petugas("GET", f"{path}/form-variables", variableNames="perihal,x")) == {"perihal"}
    assert petugas("GET", f"{path}/variables", deserializeValues="false")["perihal"]["type"] == "String"
    assert petugas("GET", f"{path}/variables/perihal")["value"] == "Undangan"
    petugas("GET", f"{path}/variables/tidak_ada", status=404)
    assert petugas("GET", f"{path}/localVariables") == {}
    petugas("GET", f"{path}/localVariables/perihal", status=404)
    as_("kepala")("GET", f"{path}/form-variables", status=404)


def test_several_tasks_have_values_of_their_own(as_: As) -> None:
    admin = as_("admin")
    admin.deploy(files("multi_parallel.bpmn"))
    admin("POST", "/process-definition/key/multi_parallel/start", values(pegawai=["Siti", "Budi"]))
    tasks = admin("GET", "/task")
    own = [admin("GET", f"/task/{task['id']}/localVariables/p")["value"] for task in tasks]
    assert sorted(own) == ["Budi", "Siti"]
    assert tasks[0]["camundaFormRef"] is None
    admin("GET", f"/task/{tasks[0]['id']}/deployed-form", status=404)


def test_identity_links_say_who_has_it_and_who_may(as_: As, task: dict[str, Any]) -> None:
    petugas, path = as_("petugas"), f"/task/{task['id']}/identity-links"
    candidate = {"userId": None, "groupId": "uji.petugas", "type": "candidate"}
    assert petugas("GET", path) == [candidate]
    petugas("POST", f"/task/{task['id']}/claim", {"userId": "petugas"}, status=204)
    assignee = {"userId": "petugas", "groupId": None, "type": "assignee"}
    assert petugas("GET", path) == [assignee, candidate]
    assert petugas("GET", path, type="assignee") == [assignee]


def holder(client: Client, task: dict[str, Any]) -> str | None:
    found: str | None = client("GET", f"/task/{task['id']}")["assignee"]
    return found


def test_of_two_who_claim_one_wins_and_the_other_reads_who_has_it(as_: As, task: dict[str, Any]) -> None:
    first, second, path = as_("petugas"), as_("petugas2"), f"/task/{task['id']}"
    first("POST", f"{path}/claim", {"userId": "petugas"}, status=204)
    first("POST", f"{path}/claim", status=204)
    refused = second("POST", f"{path}/claim", {"userId": "petugas2"}, status=409)
    assert "Petugas" in refused["message"]
    assert holder(second, task) == "petugas"
    second("POST", f"{path}/unclaim", status=403)
    first("POST", f"{path}/unclaim", status=204)
    assert holder(second, task) is None


def test_only_admin_claims_for_somebody_else(as_: As, task: dict[str, Any]) -> None:
    path = f"/task/{task['id']}/claim"
    as_("petugas")("POST", path, {"userId": "petugas2"}, status=403)
    admin = as_("admin")
    assert holder(admin, task) is None
    admin("POST", path, {"userId": "tidak-ada"}, status=404)
    admin("POST", path, {"userId": "petugas2"}, status=204)
    assert holder(admin, task) == "petugas2"
    admin("POST", path, {"userId": "petugas"}, status=409)


def test_a_task_is_handed_over(as_: As, task: dict[str, Any]) -> None:
    petugas, path = as_("petugas"), f"/task/{task['id']}/assignee"
    petugas("POST", path, {"userId": "petugas2"}, status=403)
    petugas("POST", f"/task/{task['id']}/claim", status=204)
    petugas("POST", path, {"userId": "petugas2"}, status=204)
    assert holder(petugas, task) == "petugas2"
    as_("admin")("POST", path, {"userId": None}, status=204)
    assert holder(petugas, task) is None


def test_completing_gives_the_variables_back_when_asked(as_: As, task: dict[str, Any]) -> None:
    body = {**GOOD, "withVariablesInReturn": True}
    given = as_("petugas")("POST", f"/task/{task['id']}/complete", body)
    assert (given["nomor"]["value"], given["lampiran"]["type"]) == ("001", "Integer")


@pytest.mark.parametrize("verb", ["complete", "submit-form"])
def test_a_form_filled_in_wrong_changes_nothing(
    as_: As, case: dict[str, Any], task: dict[str, Any], verb: str
) -> None:
    before = history_of(as_, case)
    for body, fields in (
        (values(), {"nomor", "sifat"}),
        (values(nomor="1", sifat="rahasia"), {"sifat"}),
        (values(nomor="1", sifat="biasa", keputusan="setuju"), {"keputusan"}),
        (values(nomor="1", sifat="biasa", perihal="Lain"), {"perihal"}),
        (values(nomor="1", sifat="biasa", lampiran="dua"), {"lampiran"}),
        (values(nomor={"a": 1}, sifat=["biasa"]), {"nomor", "sifat"}),
        (values(nomor="1", sifat="biasa", __builtins__=1, constructor=1), {"__builtins__", "constructor"}),
    ):
        refused = as_("petugas")("POST", f"/task/{task['id']}/{verb}", body, status=400)
        assert refused["type"] == "FormFieldValidationException"
        assert set(refused["fields"]) == fields
        assert all(refused["fields"].values())
    assert history_of(as_, case) == before


def test_the_form_holds_for_admin_too(as_: As, case: dict[str, Any], task: dict[str, Any]) -> None:
    before = history_of(as_, case)
    refused = as_("admin")("POST", f"/task/{task['id']}/complete", values(nomor="1", sifat="x"), status=400)
    assert set(refused["fields"]) == {"sifat"}
    assert history_of(as_, case) == before


def test_a_task_of_another_position_is_not_theirs(
    as_: As, case: dict[str, Any], task: dict[str, Any]
) -> None:
    before = history_of(as_, case)
    path = f"/task/{task['id']}"
    for login in ("kepala", "orang"):
        for verb, body in (("claim", {}), ("complete", GOOD), ("submit-form", GOOD), ("assignee", {})):
            refused = as_(login)("POST", f"{path}/{verb}", body, status=404)
            assert refused["message"]
    assert history_of(as_, case) == before


def test_who_sees_the_case_may_still_not_do_anothers_task(
    as_: As, case: dict[str, Any], task: dict[str, Any]
) -> None:
    petugas = as_("petugas")
    petugas("POST", f"/task/{task['id']}/complete", GOOD, status=204)
    [putuskan] = as_("kepala")("GET", "/task")
    before = history_of(as_, case)
    refused = petugas("POST", f"/task/{putuskan['id']}/complete", values(keputusan="setuju"), status=403)
    assert refused["type"] == "AuthorizationException"
    assert history_of(as_, case) == before


def test_what_somebody_else_has_claimed_is_theirs(
    as_: As, case: dict[str, Any], task: dict[str, Any]
) -> None:
    as_("petugas")("POST", f"/task/{task['id']}/claim", status=204)
    before = history_of(as_, case)
    refused = as_("petugas2")("POST", f"/task/{task['id']}/complete", GOOD, status=403)
    assert "Petugas" in refused["message"]
    assert history_of(as_, case) == before
    as_("admin")("POST", f"/task/{task['id']}/complete", GOOD, status=204)


def test_a_task_is_completed_once(as_: As, case: dict[str, Any], task: dict[str, Any]) -> None:
    petugas, path = as_("petugas"), f"/task/{task['id']}"
    petugas("POST", f"{path}/complete", GOOD, status=204)
    before = history_of(as_, case)
    for verb in ("complete", "submit-form", "claim", "unclaim"):
        refused = petugas("POST", f"{path}/{verb}", GOOD if "m" in verb[:4] else {}, status=409)
        assert "Petugas" in refused["message"]
    petugas("GET", path, status=404)
    assert history_of(as_, case) == before


def test_without_a_form_only_admin_sends_variables(as_: As) -> None:
    admin, petugas = as_("admin"), as_("petugas")
    admin.deploy({"lanes.bpmn": files("lanes.bpmn")["lanes.bpmn"].replace(b"Pemohon", b"Petugas")})
    petugas("POST", "/process-definition/key/lanes/start", {})
    [task] = petugas("GET", "/task")
    path = f"/task/{task['id']}/complete"
    refused = petugas("POST", path, values(keputusan="lengkap"), status=400)
    assert "keputusan" in refused["message"]
    admin("POST", path, {**values(keputusan="lengkap"), "withVariablesInReturn": True})


def test_work_behind_which_the_diagram_stops_is_kept(as_: As) -> None:
    admin = as_("admin")
    diagram = files("exclusive.bpmn")["exclusive.bpmn"].replace(b'keputusan = "setuju"', b"keputusan")
    admin.deploy({"exclusive.bpmn": diagram})
    started = admin("POST", "/process-definition/key/exclusive/start", {})
    [task] = admin("GET", "/task")
    admin("POST", f"/task/{task['id']}/complete", {}, status=204)
    [incident] = admin("GET", "/incident", processInstanceId=started["id"])
    assert (incident["incidentType"], incident["configuration"]) == ("failedTask", task["id"])
    assert incident["incidentMessage"]
    assert incident["activityId"]
    assert admin("GET", "/incident/count", incidentType="failedTask") == {"count": 1}
    assert admin("GET", "/incident", incidentType="failedJob") == []
