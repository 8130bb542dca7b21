"""Process instances under way, and their variables."""

from typing import Any

from tests.rest.client import As


def test_a_case_is_found_by_who_may_see_it(as_: As, case: dict[str, Any]) -> None:
    path = f"/process-instance/{case['id']}"
    for login in ("admin", "petugas", "petugas2"):
        assert as_(login)("GET", path) == case
        assert as_(login)("GET", "/process-instance", businessKey="S-1") == [case]
    as_("kepala")("GET", path, status=404)
    assert as_("kepala")("GET", "/process-instance") == []
    assert as_("kepala")("GET", "/process-instance/count") == {"count": 0}


def test_the_list_of_cases_is_filtered(as_: As, case: dict[str, Any]) -> None:
    admin = as_("admin")
    for query, found in (
        ({"processDefinitionKey": "surat"}, 1),
        ({"processDefinitionKey": "lain"}, 0),
        ({"processDefinitionId": case["definitionId"]}, 1),
        ({"processInstanceIds": f"{case['id']},x"}, 1),
        ({"businessKey": "S-2"}, 0),
        ({"active": "true"}, 1),
        ({"suspended": "true"}, 0),
        ({"maxResults": "0"}, 0),
        ({"sortBy": "businessKey", "sortOrder": "asc"}, 1),
    ):
        assert len(admin("GET", "/process-instance", **query)) == found, query


def test_variables_are_read_set_and_deleted_by_admin(as_: As, case: dict[str, Any]) -> None:
    admin, path = as_("admin"), f"/process-instance/{case['id']}/variables"
    assert admin("GET", path)["perihal"] == {"value": "Undangan", "type": "String", "valueInfo": {}}
    admin("PUT", f"{path}/jumlah", {"value": 3, "type": "Integer"}, status=204)
    assert admin("GET", f"{path}/jumlah", deserializeValue="false")["value"] == 3
    body = {"modifications": {"a": {"value": [1]}, "b": {"value": 2}}, "deletions": ["jumlah", "b"]}
    admin("POST", path, body, status=204)
    assert admin("GET", path)["a"] == {"value": "[1]", "type": "Json", "valueInfo": {}}
    admin("GET", f"{path}/jumlah", status=404)
    admin("GET", f"{path}/b", status=404)
    admin("DELETE", f"{path}/a", status=204)
    assert set(admin("GET", path)) == {"perihal", "tanggal"}


def test_staff_read_variables_but_change_them_only_by_forms(as_: As, case: dict[str, Any]) -> None:
    petugas, path = as_("petugas"), f"/process-instance/{case['id']}/variables"
    before = petugas("GET", path)
    petugas("PUT", f"{path}/perihal", {"value": "Lain"}, status=403)
    petugas("POST", path, {"modifications": {"perihal": {"value": "Lain"}}}, status=403)
    petugas("DELETE", f"{path}/perihal", status=403)
    assert petugas("GET", path) == before
    as_("kepala")("GET", path, status=404)


def test_a_cancelled_case_is_gone_and_stays_in_the_history(as_: As, case: dict[str, Any]) -> None:
    path = f"/process-instance/{case['id']}"
    as_("petugas")("DELETE", path, status=403)
    admin = as_("admin")
    admin("DELETE", path, skipCustomListeners="true", skipIoMappings="true", status=204)
    admin("GET", path, status=404)
    admin("DELETE", path, status=404)
    assert admin("GET", "/task") == []
    assert admin("GET", f"/history{path}")["state"] == "EXTERNALLY_TERMINATED"


def test_variables_of_an_ended_case_are_not_changed(as_: As, case: dict[str, Any]) -> None:
    admin = as_("admin")
    admin("DELETE", f"/process-instance/{case['id']}", status=204)
    admin("PUT", f"/process-instance/{case['id']}/variables/x", {"value": 1}, status=404)
    names = {row["name"] for row in admin("GET", "/history/variable-instance", processInstanceId=case["id"])}
    assert names == {"perihal", "tanggal"}
