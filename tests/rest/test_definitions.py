"""Process definitions: found, read, and started by id or by key."""

from typing import Any

import pytest

from tests.engine.drawing import xml
from tests.rest.client import SURAT, As, files, values


def test_a_definition_is_found_by_key_by_id_and_in_the_list(as_: As, surat: dict[str, Any]) -> None:
    petugas = as_("petugas")
    assert petugas("GET", "/process-definition/key/surat") == surat
    assert petugas("GET", f"/process-definition/{surat['id']}") == surat
    assert petugas("GET", "/process-definition", key="surat", latestVersion="true") == [surat]
    assert (surat["name"], surat["versionTag"], surat["startableInTasklist"]) == (
        "Surat masuk",
        "7/2024",
        True,
    )
    assert set(surat) == {
        "id", "key", "category", "description", "name", "version", "resource", "deploymentId", "diagram",
        "suspended", "tenantId", "versionTag", "historyTimeToLive", "startableInTasklist",
    }  # fmt: skip


def test_all_versions_are_listed_filtered_sorted_and_cut(as_: As, surat: dict[str, Any]) -> None:
    admin = as_("admin")
    admin.deploy(files(*SURAT, "sequence.bpmn"))

    def versions(**query: str) -> list[tuple[str, int]]:
        return [(row["key"], row["version"]) for row in admin("GET", "/process-definition", **query)]

    order = {"sortBy": "version", "sortOrder": "desc"}
    assert versions(key="surat", **order) == [("surat", 2), ("surat", 1)]
    assert versions(key="surat", **order, firstResult="1", maxResults="1") == [("surat", 1)]
    assert sorted(versions(latestVersion="true")) == [("sequence", 1), ("surat", 2)]
    assert versions(keyLike="sura%", latestVersion="true") == [("surat", 2)]
    assert versions(keysIn="sequence,lain") == [("sequence", 1)]
    assert versions(deploymentId=surat["deploymentId"]) == [("surat", 1)]
    assert versions(nameLike="%masuk", version="1") == [("surat", 1)]
    assert admin("GET", "/process-definition/count", key="surat") == {"count": 2}


@pytest.mark.parametrize("by", ["key/surat", "{id}"])
def test_the_xml_comes_byte_for_byte(as_: As, surat: dict[str, Any], by: str) -> None:
    answer = as_("petugas")("GET", f"/process-definition/{by.format(**surat)}/xml")
    assert answer["id"] == surat["id"]
    assert answer["bpmn20Xml"].encode() == files("surat.bpmn")["surat.bpmn"]


@pytest.mark.parametrize("by", ["key/surat", "{id}"])
def test_the_start_form_is_named_and_given(as_: As, surat: dict[str, Any], by: str) -> None:
    petugas, path = as_("petugas"), f"/process-definition/{by.format(**surat)}"
    named = petugas("GET", f"{path}/startForm")
    reference = {"key": "permohonan", "binding": "deployment", "version": None}
    assert named == {"key": None, "camundaFormRef": reference, "contextPath": None}
    document = petugas("GET", f"{path}/deployed-start-form")
    assert (document["id"], document["components"][0]["key"]) == ("permohonan", "perihal")


def test_a_start_without_a_form_says_so(as_: As) -> None:
    admin = as_("admin")
    admin.deploy(files("sequence.bpmn"))
    assert admin("GET", "/process-definition/key/sequence/startForm")["camundaFormRef"] is None
    refused = admin("GET", "/process-definition/key/sequence/deployed-start-form", status=404)
    assert "no form" in refused["message"]


@pytest.mark.parametrize("by", ["key/surat", "{id}"])
def test_admin_starts_with_any_variables_and_reads_them_back(as_: As, surat: dict[str, Any], by: str) -> None:
    variables = {
        "perihal": {"value": "Undangan", "type": "String"},
        "jumlah": {"value": 3, "type": "Integer"},
        "datang": {"value": "2026-01-31T10:00:00.000+0700", "type": "Date"},
        "pegawai": {"value": '[{"nip": "1"}]', "type": "Json"},
    }
    body = {"businessKey": "A-1", "variables": variables, "withVariablesInReturn": True}
    started = as_("admin")("POST", f"/process-definition/{by.format(**surat)}/start", body)
    assert {name: (sent["type"], sent["value"]) for name, sent in started["variables"].items()} == {
        name: (sent["type"], sent["value"]) for name, sent in variables.items()
    }
    del started["variables"]
    assert started["links"][0]["href"].endswith(f"/engine-rest/process-instance/{started['id']}")
    assert {key: started[key] for key in started if key not in ("links", "id")} == {
        "definitionId": surat["id"], "definitionKey": "surat", "businessKey": "A-1", "caseInstanceId": None,
        "ended": False, "suspended": False, "tenantId": None,
    }  # fmt: skip


@pytest.mark.parametrize("verb", ["start", "submit-form"])
@pytest.mark.parametrize("by", ["key/surat", "{id}"])
def test_staff_start_with_the_start_form(as_: As, surat: dict[str, Any], by: str, verb: str) -> None:
    path, petugas = f"/process-definition/{by.format(**surat)}/{verb}", as_("petugas")
    wrong = petugas("POST", path, values(tanggal="bukan tanggal"), status=400)
    assert wrong["type"] == "FormFieldValidationException"
    assert set(wrong["fields"]) == {"perihal", "tanggal"}
    foreign = petugas("POST", path, values(perihal="x", keputusan="setuju"), status=400)
    assert list(foreign["fields"]) == ["keputusan"]
    assert petugas("GET", "/process-instance") == []
    started = petugas(
        "POST", path, {**values(perihal="Undangan", tanggal="2026-01-31"), "businessKey": "B-7"}
    )
    assert started["businessKey"] == "B-7"
    tanggal = petugas("GET", f"/process-instance/{started['id']}/variables/tanggal")
    assert tanggal == {"value": "2026-01-31", "type": "String", "valueInfo": {"kind": "date"}}


def test_without_a_start_form_staff_send_no_variables(as_: As) -> None:
    petugas, drawn = as_("petugas"), xml("start -> a -> end", key="mulai")
    starters = b'isExecutable="true" camunda:candidateStarterGroups="uji.petugas"'
    as_("admin").deploy({"mulai.bpmn": drawn.replace(b'isExecutable="true"', starters)})
    path = "/process-definition/key/mulai/start"
    as_("orang")("POST", path, values(disetujui=True), status=403)
    refused = petugas("POST", path, values(disetujui=True), status=400)
    assert "disetujui" in refused["message"]


def test_a_start_form_is_opened_by_who_may_start(as_: As, surat: dict[str, Any]) -> None:
    for route in ("startForm", "deployed-start-form"):
        as_("kepala")("GET", f"/process-definition/key/surat/{route}", status=403)


def test_who_may_not_start_is_told_so(as_: As, surat: dict[str, Any]) -> None:
    refused = as_("kepala")("POST", "/process-definition/key/surat/start", values(perihal="x"), status=403)
    assert refused["type"] == "AuthorizationException"
    assert as_("admin")("GET", "/process-instance/count") == {"count": 0}


@pytest.mark.parametrize("path", ["key/tidak-ada", "tidak:1:ada", "key/tidak-ada/xml", "tidak:1:ada/xml"])
def test_an_unknown_definition_is_404(as_: As, path: str) -> None:
    assert (
        as_("petugas")("GET", f"/process-definition/{path}", status=404)["type"] == "InvalidRequestException"
    )
