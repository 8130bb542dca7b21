"""The five routes that Camunda Modeler calls, request by request as its Camunda 7 tab sends them."""

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from service.operations import identity
from service.store.database import Database
from tests.rest.client import SURAT, As, Client, files

BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"


def multipart(sent: dict[str, bytes], *texts: tuple[str, str]) -> bytes:
    """The body as Chromium writes a FormData: text parts, then one part per file; diagrams are text/xml."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in texts
    ]
    for name, content in sent.items():
        kind = "text/xml" if name.endswith(".bpmn") else "application/octet-stream"
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
            f"Content-Type: {kind}\r\n\r\n"
        )
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def deploy(client: Client, sent: dict[str, bytes], name: str = "surat") -> TestResponse:
    texts = (
        ("deployment-name", name),
        ("deployment-source", "Camunda Modeler"),
        ("enable-duplicate-filtering", "true"),
    )
    return client.send(
        "POST",
        "/deployment/create",
        data=multipart(sent, *texts),
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
        headers={"accept": "application/json", "Origin": "file://", "Sec-Fetch-Mode": "cors"},
    )


def test_the_modeler_finds_the_connection_and_asks_for_a_password(as_: As) -> None:
    assert as_(None).send("GET", "/deployment?maxResults=0").status_code == 401
    assert as_("admin")("GET", "/deployment", maxResults="0") == []


def test_the_modeler_deploys_a_diagram_with_its_forms(as_: As) -> None:
    admin = as_("admin")
    assert re.fullmatch(r"7\.\d+\.\d+", admin("GET", "/version")["version"])
    answer = deploy(admin, files(*SURAT))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    deployed: dict[str, Any] = answer.json
    assert (deployed["name"], deployed["source"], deployed["tenantId"]) == ("surat", "Camunda Modeler", None)
    [(id_, definition)] = deployed["deployedProcessDefinitions"].items()
    assert definition["id"] == id_
    assert id_.startswith("surat:1:")
    assert (definition["key"], definition["version"], definition["resource"]) == ("surat", 1, "surat.bpmn")
    assert definition["deploymentId"] == deployed["id"]
    assert [link["rel"] for link in deployed["links"]] == ["self"]


def test_the_modeler_starts_what_it_has_just_deployed_again_unchanged(as_: As) -> None:
    admin = as_("admin")
    first = deploy(admin, files(*SURAT)).json
    again = deploy(admin, files(*SURAT)).json
    assert again["id"] == first["id"]
    assert again["deployedProcessDefinitions"] is None
    [id_] = first["deployedProcessDefinitions"]
    body = {"businessKey": "M-1", "variables": {"jumlah": {"value": 1, "type": "Integer"}}}
    started = admin("POST", f"/process-definition/{id_}/start", body)
    assert started["businessKey"] == "M-1"
    assert admin("GET", f"/process-instance/{started['id']}")["definitionId"] == id_


def test_one_changed_file_deploys_all_files_again(as_: As) -> None:
    admin = as_("admin")
    deploy(admin, files(*SURAT))
    changed = files(*SURAT)
    changed["putusan.form"] = changed["putusan.form"].replace(b"Catatan", b"Alasan")
    [definition] = deploy(admin, changed).json["deployedProcessDefinitions"].values()
    assert definition["version"] == 2
    other_name = deploy(admin, changed, name="lain").json
    assert [d["version"] for d in other_name["deployedProcessDefinitions"].values()] == [3]


def test_the_modeler_is_told_what_is_wrong_and_where(as_: As) -> None:
    broken = files(*SURAT)
    broken["surat.bpmn"] = broken["surat.bpmn"].replace(b'targetRef="putuskan"', b'targetRef="hilang"')
    answer = deploy(as_("admin"), broken)
    assert answer.status_code == 400
    refused: dict[str, Any] = answer.json
    assert refused["type"] == "ParseException"
    assert refused["message"].startswith("ENGINE-09005 Could not parse BPMN process. Errors: \n* ")
    assert "surat.bpmn" in refused["message"]
    errors = refused["details"]["surat.bpmn"]["errors"]
    assert any(error["line"] > 1 and error["mainBpmnElementId"] for error in errors)
    assert all(error["message"] in refused["message"] for error in errors)
    assert as_("admin")("GET", "/deployment") == []


def test_the_modelers_links_lead_to_our_pages(
    app: Flask, database: Database, as_: As, case: dict[str, Any]
) -> None:
    browser = app.test_client()
    answer = browser.get("/.well-known/camunda-automation-platform/webapps")
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert set(answer.json) == {"cockpitUrl", "tasklistUrl", "adminUrl"}
    cockpit = answer.json["cockpitUrl"]
    assert not cockpit.endswith("cockpit/")
    with database.reading() as session:
        stamp = identity.actor(session, "petugas").stamp
    with browser.session_transaction() as cookie:
        cookie["person"], cookie["stamp"] = "petugas", stamp
    shown = browser.get(f"{cockpit}process-instance/{case['id']}", follow_redirects=True)
    assert (shown.status_code, shown.request.path) == (200, f"/cases/{case['id']}")
    query = 'deploymentsQuery=[{"type":"id","operator":"eq","value":"x"}]'
    listed = browser.get(f"{cockpit}repository?{query}", follow_redirects=True)
    assert (listed.status_code, listed.request.path) == (200, "/sops")
