"""Migration as clients of Camunda 7 do it: generate, validate, execute, and a batch."""

from typing import Any

import pytest

from service import worker
from service.store.database import Database
from tests.engine.drawing import several, task, xml
from tests.rest.client import As, Client

GROUP = 'camunda:candidateGroups="uji.petugas"'


def file(text: str, *steps: str, **drawn: str) -> dict[str, bytes]:
    people = {one: task(one, attributes=GROUP) for one in steps}
    return {"p.bpmn": xml(text, people | drawn, key="p")}


@pytest.fixture
def admin(as_: As) -> Client:
    return as_("admin")


def deploy(admin: Client, files: dict[str, bytes]) -> str:
    admin.deploy(files)
    versions = admin("GET", "/process-definition", key="p", latestVersion="true")
    return str(versions[0]["id"])


def start(admin: Client) -> str:
    return str(admin("POST", "/process-definition/key/p/start", {})["id"])


def plan(source: str, target: str, *pairs: tuple[str, str], **more: Any) -> dict[str, Any]:
    instructions = [{"sourceActivityIds": [one], "targetActivityIds": [two]} for one, two in pairs]
    ends = {"sourceProcessDefinitionId": source, "targetProcessDefinitionId": target}
    return {**ends, "instructions": instructions, **more}


def execution(plan: dict[str, Any], *cases: str, **more: Any) -> dict[str, Any]:
    skips = {"skipCustomListeners": True, "skipIoMappings": True}
    return {"migrationPlan": plan, "processInstanceIds": list(cases), **skips, **more}


def at(admin: Client, case: str) -> list[str]:
    return [row["taskDefinitionKey"] for row in admin("GET", "/task", processInstanceId=case)]


def test_a_generated_plan_can_be_sent_back_and_carried_out(admin: Client) -> None:
    rows = {"each": task("each", attributes=GROUP, inner=several(number="2"))}
    old = deploy(admin, file("start -> a -> each -> end", "a", **rows))
    case = start(admin)
    new = deploy(admin, file("start -> a -> each -> b -> end", "a", "b", **rows))
    ends = {"sourceProcessDefinitionId": old, "targetProcessDefinitionId": new}
    made = admin("POST", "/migration/generate", {**ends, "updateEventTriggers": True})
    pairs = [(one["sourceActivityIds"], one["targetActivityIds"]) for one in made["instructions"]]
    assert pairs == [
        (["each#multiInstanceBody"], ["each#multiInstanceBody"]),
        (["a"], ["a"]),
        (["each"], ["each"]),
    ]
    assert admin("POST", "/migration/validate", made) == {"instructionReports": [], "variableReports": {}}
    made["variables"] = {"sumber": {"value": "lama"}}
    admin("POST", "/migration/execute", execution(made, case), status=204)
    assert admin("GET", f"/process-instance/{case}")["definitionId"] == new
    assert admin("GET", f"/process-instance/{case}/variables")["sumber"]["value"] == "lama"
    assert at(admin, case) == ["a"]


def test_what_is_wrong_with_a_plan_is_told_instruction_by_instruction(admin: Client) -> None:
    old = deploy(admin, file("start -> a -> b -> end", "a", "b"))
    case = start(admin)
    new = deploy(admin, file("start -> a -> b -> end", "a", "b"))
    wrong = plan(old, new, ("a", "a"), ("b", "nowhere"), ("gone", "b"), ("a", "b"), ("start", "start"))
    report = admin("POST", "/migration/validate", wrong)
    told = {
        one["instruction"]["sourceActivityIds"][0]: one["failures"] for one in report["instructionReports"]
    }
    assert told["b"] == ["The revision that the cases go to has no element “nowhere”."]
    assert told["gone"] == ["The revision that the cases leave has no element “gone”."]
    assert told["a"] == ["“a” is mapped more than once."]
    assert told["start"] == ["No case ever stays at “start”, so there is nothing to map."]
    answer = admin("POST", "/migration/execute", execution(wrong, case), status=400)
    assert answer["type"] == "MigrationPlanValidationException"
    assert answer["validationReport"]["instructionReports"] == report["instructionReports"]
    same = plan(old, old, ("a", "a"))
    assert admin("POST", "/migration/validate", same, status=400)["type"] == "InvalidRequestException"
    split = {**plan(old, new), "instructions": [{"sourceActivityIds": ["a"], "targetActivityIds": []}]}
    assert admin("POST", "/migration/validate", split, status=400)["type"] == "InvalidRequestException"


def test_it_is_all_or_nothing(admin: Client) -> None:
    old = deploy(admin, file("start -> a -> b -> end", "a", "b"))
    stays, goes = start(admin), start(admin)
    [row] = admin("GET", "/task", processInstanceId=goes)
    admin("POST", f"/task/{row['id']}/complete", {}, status=204)
    new = deploy(admin, file("start -> b -> end", "b"))
    body = execution(plan(old, new, ("b", "b")), stays, goes)
    answer = admin("POST", "/migration/execute", body, status=400)
    assert answer["type"] == "MigratingProcessInstanceValidationException"
    assert answer["validationReport"]["processInstanceId"] == stays
    assert answer["validationReport"]["failures"] == [answer["message"]]
    assert {admin("GET", f"/process-instance/{case}")["definitionId"] for case in (stays, goes)} == {old}


def test_a_batch_goes_case_by_case(admin: Client, as_: As, database: Database) -> None:
    old = deploy(admin, file("start -> a -> b -> end", "a", "b"))
    stays, goes = start(admin), start(admin)
    [row] = admin("GET", "/task", processInstanceId=goes)
    admin("POST", f"/task/{row['id']}/complete", {}, status=204)
    new = deploy(admin, file("start -> b -> end", "b"))
    asked = {"processInstanceQuery": {"processDefinitionId": old}}
    batch = admin("POST", "/migration/executeAsync", execution(plan(old, new, ("b", "b")), **asked))
    assert (batch["type"], batch["totalJobs"], batch["remainingJobs"]) == ("instance-migration", 2, 2)
    assert [job["batchId"] for job in admin("GET", "/job")] == [batch["id"]] * 2
    while worker.work(database, "w"):
        pass
    found = admin("GET", f"/batch/{batch['id']}")
    assert (found["remainingJobs"], found["completedJobs"], found["failedJobs"]) == (0, 1, 1)
    [failed] = admin("GET", f"/batch/{batch['id']}/failures")
    assert failed["processInstanceId"] == stays
    assert "“a”" in failed["failures"][0]
    assert at(admin, goes) == ["b"]
    as_("orang")("GET", f"/batch/{batch['id']}", status=404)
    admin("GET", "/batch/none", status=404)


def test_only_who_may_takes_cases_over(admin: Client, as_: As) -> None:
    old = deploy(admin, file("start -> a -> end", "a"))
    case = start(admin)
    new = deploy(admin, file("start -> a -> end", "a"))
    body = execution(plan(old, new, ("a", "a")), case)
    for way in ("execute", "executeAsync"):
        assert as_("orang")("POST", f"/migration/{way}", body, status=403)["type"] == "AuthorizationException"
    none = execution(plan(old, new, ("a", "a")))
    assert admin("POST", "/migration/execute", none, status=400)["type"] == "InvalidRequestException"
