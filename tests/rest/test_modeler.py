"""Camunda Modeler's Deploy and Start buttons, request by request, over real connections."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from service.forms import Form
from service.operations import deployments, identity, tokens
from service.store.database import Database
from service.store.models import now
from tests.live import serving
from tests.rest.client import SURAT, As, files
from tests.rest.modeler import Modeler, basic, by_node, texts
from tests.rest.test_decisions import DECISIONS

ADMIN = basic("admin", "demo")
Open = Callable[..., Modeler]


@pytest.fixture
def open_(app: Flask) -> Iterator[Open]:
    """A Modeler on a live server, in the name of an administrator unless something else is shown."""
    with serving(app) as address:
        yield lambda shown=ADMIN, path="/engine-rest", **more: Modeler(address + path, shown, **more)


def changed(name: str, old: str, new: str) -> dict[str, bytes]:
    """The files of the SOP, one of them changed."""
    sent = files(*SURAT)
    assert old.encode() in sent[name]
    return sent | {name: sent[name].replace(old.encode(), new.encode())}


def definition(said: Any) -> dict[str, Any]:
    """What the Modeler keeps of a deployment: the first process."""
    assert said.status == 200, said.body
    first: dict[str, Any] = next(iter(said.json["deployedProcessDefinitions"].values()))
    return first


def labels_of(form: Form) -> list[str]:
    """What stands before the field of the form that the tests change."""
    return [one["label"] for one in form.raw["components"] if one.get("key") == "catatan"]


def test_without_credentials_the_modeler_asks_for_them(open_: Open) -> None:
    for said in (open_(None).connect(), open_(None).deploy(files(*SURAT))):
        assert said.status == 401
        assert said.headers["www-authenticate"].startswith("Basic ")
        assert "location" not in said.headers
        assert said.json["message"]


@pytest.mark.parametrize("wrong", [basic("admin", "salah"), basic("admin", ""), "Bearer salah", "Bearer "])
def test_wrong_credentials_are_told_as_such(open_: Open, wrong: str) -> None:
    assert open_(wrong).connect().status == 401
    assert (
        open_(wrong, headers={"Accept-Language": "en-US"}).connect().json["type"] == "AuthenticationException"
    )


def test_a_password_or_a_token_connects_deploys_and_starts(open_: Open, database: Database) -> None:
    with database.transaction() as session:
        secret = tokens.issue(session, "admin", "Modeler", 30)[1]
    for number, shown in enumerate((ADMIN, f"Bearer {secret}"), 1):
        modeler = open_(shown)
        assert modeler.connect().json == []
        deployed = definition(modeler.deploy(files(*SURAT), name=f"surat {number}"))
        assert deployed["version"] == number
        assert modeler.start(deployed["id"], f"M-{number}", {}).json["businessKey"] == f"M-{number}"


@pytest.mark.parametrize("path", ["/engine-rest", "/engine-rest/deployment/create"])
def test_a_deployment_answers_with_what_the_modeler_reads(open_: Open, path: str) -> None:
    said = open_(path=path).deploy(files(*SURAT))
    deployed = definition(said)
    assert (said.json["name"], said.json["source"], said.json["tenantId"]) == (
        "surat",
        "Camunda Modeler",
        None,
    )
    assert [link["rel"] for link in said.json["links"]] == ["self"]
    assert deployed["id"].startswith("surat:1:")
    assert (deployed["key"], deployed["resource"], deployed["deploymentId"]) == (
        *("surat", "surat.bpmn"),
        said.json["id"],
    )


def test_start_deploys_again_unchanged_and_starts_what_was_kept(open_: Open) -> None:
    modeler = open_()
    first = modeler.deploy(files(*SURAT))
    kept = definition(first)
    again = modeler.deploy(files(*SURAT)).json
    assert (again["id"], again["deployedProcessDefinitions"]) == (first.json["id"], None)
    variables = {
        "jumlah": {"value": 1, "type": "Integer"},
        "perihal": {"value": "Undangan", "type": "String"},
    }
    started = modeler.start(kept["id"], "default", variables).json
    assert (started["definitionId"], started["businessKey"]) == (kept["id"], "default")
    read = modeler.send("GET", f"/process-instance/{started['id']}/variables").json
    assert {name: value["value"] for name, value in read.items()} == {"jumlah": 1, "perihal": "Undangan"}


def test_the_body_of_a_start_may_say_nothing(open_: Open) -> None:
    modeler = open_()
    deployed = definition(modeler.deploy(files(*SURAT)))
    path = f"/process-definition/{deployed['id']}/start"
    said = modeler.send("POST", path, b'{"businessKey":"default"}', **{"content-type": "application/json"})
    assert said.status == 200


def test_one_changed_form_deploys_all_again_and_each_case_keeps_its_own(
    open_: Open, database: Database
) -> None:
    modeler = open_()
    one = definition(modeler.deploy(files(*SURAT)))
    two = definition(modeler.deploy(changed("putusan.form", "Catatan", "Alasan")))
    three = definition(modeler.deploy(changed("surat.bpmn", "Putuskan", "Memutuskan")))
    assert [one["version"], two["version"], three["version"]] == [1, 2, 3]
    with database.reading() as session:
        labels = [
            labels_of(form)
            for each in (one, two, three)
            if (form := deployments.form(session, each["id"], "putusan"))
        ]
    assert labels == [["Catatan"], ["Alasan"], ["Catatan"]]


@pytest.mark.parametrize(
    ("binding", "label"),
    [
        ('formRefBinding="deployment"', "Catatan"),
        ('formRefBinding="latest"', "Alasan"),
        ('formRefBinding="version" camunda:formRefVersion="2"', "Alasan"),
        ('formRefBinding="version" camunda:formRefVersion="1"', "Catatan"),
    ],
)
def test_a_form_is_found_as_it_is_bound(open_: Open, database: Database, binding: str, label: str) -> None:
    modeler, own = open_(), 'formRef="putusan" camunda:formRefBinding="deployment"'
    sent = changed("surat.bpmn", own, f'formRef="putusan" camunda:{binding}')
    definition(modeler.deploy(files(*SURAT), name="asal"))
    first = changed("putusan.form", "Catatan", "Alasan")
    modeler.deploy(first, name="asal")
    if "latest" in binding or "version" in binding:
        del sent["putusan.form"]
    made = definition(modeler.deploy(sent, name="terikat"))
    with database.reading() as session:
        element = deployments.diagram(session, made["id"]).elements["putuskan"]
        form = deployments.form_of(session, made["id"], element)
    assert form
    assert labels_of(form) == [label]


def test_a_form_that_is_not_attached_is_told(open_: Open) -> None:
    said = open_().deploy(files("surat.bpmn"))
    assert said.status == 400
    assert "putusan" in said.json["message"]


def test_the_same_diagram_under_two_names_is_two_deployments(open_: Open) -> None:
    modeler = open_()
    ids = [modeler.deploy(files(*SURAT), name=name).json["id"] for name in ("a", "b", "a", "b")]
    assert ids[:2] == ids[2:]
    assert len(set(ids)) == 2


def test_a_table_and_a_picture_come_along(open_: Open) -> None:
    extra = {"drd.dmn": (DECISIONS / "drd.dmn").read_bytes(), "denah.png": b"\x89PNG\r\n\x1a\n\x00\xff"}
    modeler = open_()
    said = modeler.deploy(files(*SURAT) | extra)
    assert definition(said)["key"] == "surat"
    assert {row["key"] for row in said.json["deployedDecisionDefinitions"].values()} >= {"biaya", "tarif"}
    alone = modeler.deploy({"drd.dmn": extra["drd.dmn"]}, name="tabel").json
    assert alone["deployedProcessDefinitions"] is None


@pytest.mark.parametrize(
    "name", ["surat keluar.bpmn", "Surat – Édaran ñ ✓.bpmn", "a'b&c=d%20e.bpmn", "s.BPMN"]
)
def test_a_file_keeps_its_name_and_its_bytes(open_: Open, name: str) -> None:
    modeler, sent = open_(), files(*SURAT)
    diagram = sent.pop("surat.bpmn") + b"<!-- \xc3\xa9 -->\r\n"
    said = modeler.deploy({name: diagram, **sent})
    assert definition(said)["resource"] == name
    id_ = said.json["id"]
    kept = {row["name"]: row["id"] for row in modeler.send("GET", f"/deployment/{id_}/resources").json}
    assert set(kept) == {name, *sent}
    data = modeler.send("GET", f"/deployment/{id_}/resources/{kept[name]}/data")
    assert data.body == diagram
    assert data.headers["content-disposition"].startswith("attachment")
    assert data.headers["x-content-type-options"] == "nosniff"


def test_a_wrong_diagram_is_told_line_by_line_and_nothing_is_kept(open_: Open) -> None:
    modeler = open_(headers={"Accept-Language": "en-US"})
    said = modeler.deploy(changed("surat.bpmn", 'targetRef="putuskan"', 'targetRef="hilang"'))
    assert (said.status, said.json["type"]) == (400, "ParseException")
    first, *lines = said.json["message"].splitlines()
    assert first == "ENGINE-09005 Could not parse BPMN process. Errors: "
    errors = said.json["details"]["surat.bpmn"]["errors"]
    told = [line for line in lines if line.startswith("* surat.bpmn:")]
    assert len(told) == len(errors)
    for line, error in zip(told, errors, strict=True):
        assert f"* surat.bpmn:{error['line']}" in line
        assert error["message"] in line
        assert set(error) == {"message", "line", "column", "mainBpmnElementId", "bpmnElementIds"}
    assert "/deployments" in lines[-1]
    assert modeler.connect().json == modeler.send("GET", "/process-definition").json == []


def test_what_can_be_repaired_is_told_with_the_way_to_it(open_: Open) -> None:
    plain = changed("surat.bpmn", 'isExecutable="true"', 'isExecutable="false"')
    message = open_(headers={"Accept-Language": "en-US"}).deploy(plain).json["message"]
    assert "Alur can repair 1 of these errors" in message
    assert "alur check --repair" in message
    assert (
        "Alur dapat memperbaiki 1" in open_(headers={"Accept-Language": "id"}).deploy(plain).json["message"]
    )


def test_a_thousand_mistakes_make_no_endless_message(open_: Open) -> None:
    more = "".join(f'<userTask id="t{n}" name="{"x" * 300}"/>' for n in range(500))
    said = open_().deploy(changed("surat.bpmn", "</process>", more + "</process>"))
    assert said.status == 400
    assert len(said.json["message"]) < 25_000
    assert len(said.json["details"]["surat.bpmn"]["errors"]) > 100


@pytest.mark.parametrize("broken", [b"", b"bukan BPMN", b"<a>", b"\x00\xff" * 1000, b"<!DOCTYPE a []><a/>"])
def test_what_is_no_diagram_is_told_too(open_: Open, broken: bytes) -> None:
    said = open_().deploy({"surat.bpmn": broken})
    assert (said.status, said.json["type"]) == (400, "ParseException")
    assert said.json["message"].startswith("ENGINE-09005 Could not parse BPMN process.")


def test_who_may_not_deploy_is_told_so(open_: Open, as_: As) -> None:
    said = open_(basic("petugas", "demo")).deploy(files(*SURAT))
    assert (said.status, said.json["type"]) == (403, "AuthorizationException")
    assert as_("admin")("GET", "/deployment/count") == {"count": 0}


def test_an_analyst_may_deploy_and_look(
    open_: Open, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALUR_ANALYSTS", "uji.petugas")
    modeler = open_(basic("petugas", "demo"))
    id_ = modeler.deploy(files(*SURAT)).json["id"]
    assert [row["id"] for row in modeler.connect().json] == []
    assert modeler.send("GET", f"/deployment/{id_}").json["name"] == "surat"
    with database.transaction() as session:
        identity.release(session, "petugas", "uji.petugas")
    assert modeler.send("GET", f"/deployment/{id_}").status == 404


def test_a_tenant_and_only_what_changed_are_refused_in_words(open_: Open) -> None:
    modeler = open_(headers={"Accept-Language": "en-US"})
    assert "Tenant ID" in modeler.deploy(files(*SURAT), tenant="pusat").json["message"]
    assert "deploy-changed-only" in modeler.deploy(files(*SURAT), deploy_changed_only="true").json["message"]
    assert modeler.deploy(files(*SURAT), deploy_changed_only="false").status == 200


def test_a_time_of_activation_is_when_it_takes_effect(open_: Open, database: Database) -> None:
    modeler, day = open_(), now() + timedelta(days=3)
    one = definition(modeler.deploy(files(*SURAT)))
    sent = changed("surat.bpmn", "Putuskan", "Memutuskan")
    later = day.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    two = definition(modeler.deploy(sent, deployment_activation_time=later))
    with database.reading() as session:
        assert deployments.latest(session, "surat").id == one["id"]
        row = deployments.definition(session, two["id"])
        assert row.effective_at == day.replace(microsecond=0)
    early = modeler.start(two["id"], "M-1", {})
    assert (early.status, early.json["message"].startswith("Rev")) == (409, True)
    wrong = modeler.deploy(sent, name="x", deployment_activation_time="besok")
    assert (wrong.status, wrong.json["type"]) == (400, "InvalidRequestException")


def test_a_page_of_another_origin_may_ask_each_route(open_: Open) -> None:
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
        "Access-Control-Request-Private-Network": "true",
    }
    for origin in ("null", "file://", "http://localhost:3000"):
        modeler = open_(None, origin=origin)
        for path in (
            "/deployment/create",
            "/version",
            "/deployment?maxResults=0",
            "/process-definition/a:1:b/start",
        ):
            said = modeler.send("OPTIONS", path, **asked)
            assert said.status == 204
            assert said.headers["access-control-allow-origin"] == "*"
            assert "Authorization" in said.headers["access-control-allow-headers"]
            assert "POST" in said.headers["access-control-allow-methods"]
            assert said.headers["access-control-allow-private-network"] == "true"
            assert not {"access-control-allow-credentials", "set-cookie"} & set(said.headers)
        assert modeler.connect().headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-private-network" not in open_(None).send("OPTIONS", "/version").headers


def test_the_links_lead_to_what_was_made(open_: Open, app: Flask, database: Database) -> None:
    modeler = open_()
    deployed = modeler.deploy(files(*SURAT)).json
    case = modeler.start(next(iter(deployed["deployedProcessDefinitions"])), "M-1", {}).json
    places = modeler.places()
    assert places.headers["access-control-allow-origin"] == "*"
    assert set(places.json) == {"cockpitUrl", "tasklistUrl", "adminUrl"}
    cockpit = places.json["cockpitUrl"].removeprefix(modeler.base.removesuffix("/engine-rest"))
    assert not cockpit.endswith("cockpit/")
    browser = app.test_client()
    with database.reading() as session:
        stamp = identity.actor(session, "admin").stamp
    with browser.session_transaction() as cookie:
        cookie["person"], cookie["stamp"] = "admin", stamp
    asked = [{"type": "id", "operator": "eq", "value": deployed["id"]}]
    for query, path in (
        ({"deploymentsQuery": json.dumps(asked)}, f"/deployments/{deployed['id']}"),
        *(
            ({"deploymentsQuery": junk}, "/sops")
            for junk in ("", "[", "{}", "[1]", '[{"type":"id","value":7}]')
        ),
    ):
        shown = browser.get(f"{cockpit}repository", query_string=query, follow_redirects=True)
        assert (shown.status_code, shown.request.path) == (200, path)
    shown = browser.get(f"{cockpit}process-instance/{case['id']}", follow_redirects=True)
    assert (shown.status_code, shown.request.path) == (200, f"/cases/{case['id']}")


def test_node_deploys_and_starts_as_a_browser_would(open_: Open) -> None:
    if not shutil.which("node"):
        pytest.skip("not deployed with node's own FormData: there is no node")
    modeler, sent = open_(), files(*SURAT)
    named = {"Surat – Édaran ✓ 1.bpmn": sent.pop("surat.bpmn"), **sent}
    told = by_node(modeler.base, ADMIN, texts("Surat – Édaran"), named)
    assert {step: answer["status"] for step, answer in told.items()} == dict.fromkeys(
        ("connect", "version", "deploy", "start"), 200
    )
    [deployed] = told["deploy"]["json"]["deployedProcessDefinitions"].values()
    assert deployed["resource"] == "Surat – Édaran ✓ 1.bpmn"
    assert told["deploy"]["json"]["name"] == "Surat – Édaran"
    assert told["start"]["json"]["definitionId"] == deployed["id"]
    again = modeler.deploy(named, name="Surat – Édaran").json
    assert (again["id"], again["deployedProcessDefinitions"]) == (told["deploy"]["json"]["id"], None)
    refused = by_node(modeler.base, None, texts("x"), named)
    assert {answer["status"] for answer in refused.values()} == {401}
