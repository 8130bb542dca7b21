"""What is wrong with a request is said with a status and a sentence, and nothing has changed."""

import json
from typing import Any

import pytest
from flask import Flask

from service.store.database import Database
from tests.rest.client import SURAT, As, files, values

ENTITY = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def broken(name: str, old: bytes, new: bytes) -> dict[str, bytes]:
    """The files of `surat`, one of them changed."""
    sent = files(*SURAT)
    assert old in sent[name]
    sent[name] = sent[name].replace(old, new, 1)
    return sent


@pytest.mark.parametrize(
    ("sent", "file"),
    [
        ({"surat.bpmn": b"bukan BPMN"}, "surat.bpmn"),
        ({"surat.bpmn": b""}, "surat.bpmn"),
        ({"surat.bpmn": b"\x00\xff" * 50}, "surat.bpmn"),
        (broken("surat.bpmn", b"<definitions", ENTITY + b"<definitions"), "surat.bpmn"),
        (broken("surat.bpmn", b"intermediateCatchEvent id", b"serviceTask id"), "surat.bpmn"),
        (broken("surat.bpmn", b'=keputusan = "setuju"', b"=keputusan = ("), "surat.bpmn"),
        (broken("surat.bpmn", b'=keputusan = "setuju"', b"${execution.getVariable('a')}"), "surat.bpmn"),
        ({"surat.bpmn": files("surat.bpmn")["surat.bpmn"]}, "surat.bpmn"),
        (broken("putusan.form", b'"radio"', b'"kalender"'), "putusan.form"),
        (broken("putusan.form", b"{", b"["), "putusan.form"),
    ],
)
def test_files_that_are_no_good_are_refused_by_name(as_: As, sent: dict[str, bytes], file: str) -> None:
    admin = as_("admin")
    refused = admin.deploy(sent, status=400)
    assert refused["type"] == "ParseException"
    assert refused["message"].startswith("ENGINE-09005") or file.endswith(".form")
    [error, *_] = refused["details"][file]["errors"]
    assert error["message"] in refused["message"]
    assert admin("GET", "/deployment/count") == admin("GET", "/process-definition/count") == {"count": 0}


def test_a_deployment_without_files_or_with_a_tenant_is_refused(as_: As) -> None:
    admin = as_("admin")
    assert "file" in admin.deploy({}, status=400)["message"]
    assert "tenant-id" in admin.deploy(files(*SURAT), **{"tenant-id": "a"}, status=400)["message"]
    admin.deploy(files("sequence.bpmn"), **{"tenant-id": ""})
    as_("petugas").deploy(files(*SURAT), status=403)
    assert as_("petugas")("GET", "/deployment") == []
    assert admin("GET", "/deployment/count") == {"count": 1}


def test_ten_megabytes_of_text_are_too_much(as_: As, case: dict[str, Any]) -> None:
    petugas = as_("petugas")
    [task] = petugas("GET", "/task")
    body = values(nomor="x" * 10_000_000, sifat="biasa")
    refused = petugas("POST", f"/task/{task['id']}/complete", body, status=413)
    assert refused == {"type": "RestException", "message": "This is too large."}
    assert petugas("GET", "/task") == [task]


def test_a_long_text_within_the_limit_of_a_body_is_judged_by_the_form(as_: As, case: dict[str, Any]) -> None:
    petugas = as_("petugas")
    [task] = petugas("GET", "/task")
    body = values(nomor="x" * 1_500_000, sifat="biasa")
    refused = petugas("POST", f"/task/{task['id']}/complete", body, status=400)
    assert list(refused["fields"]) == ["nomor"]


@pytest.mark.parametrize(
    ("method", "path", "body", "names"),
    [
        ("POST", "/task", {"tidakAda": 1}, "tidakAda"),
        ("POST", "/task", {"unassigned": "mungkin"}, "unassigned"),
        ("POST", "/task", {"candidateGroups": {"a": 1}}, "candidateGroups"),
        ("POST", "/task", {"sorting": [{"sortBy": "created"}]}, "sorting.0.sortOrder"),
        ("POST", "/task", {"sorting": [{"sortBy": "x", "sortOrder": "asc"}]}, "created"),
        ("POST", "/message", {}, "messageName"),
        ("POST", "/message", {"messageName": 5}, "messageName"),
        ("POST", "/message", {"messageName": "a\x00b"}, "messageName"),
        ("POST", "/message", {"messageName": "a", "correlationKeys": {"x": 5}}, "correlationKeys.x"),
        (
            "POST",
            "/message",
            {"messageName": "a", "processVariables": {"x": {"v": 5}}},
            "processVariables.x.v",
        ),
        ("POST", "/process-definition/key/surat/start", values(x=2**60), "x"),
        ("POST", "/process-definition/key/surat/start", values(x="\x00"), "x"),
        (
            "POST",
            "/process-definition/key/surat/start",
            {"variables": {"x": {"value": 1, "type": "File"}}},
            "File",
        ),
        ("POST", "/process-definition/key/surat/start", {"startInstructions": []}, "startInstructions"),
        ("GET", "/task?tidakAda=1", None, "tidakAda"),
        ("GET", "/task?maxResults=-1", None, "maxResults"),
        ("GET", "/task?maxResults=banyak", None, "maxResults"),
        ("GET", "/task?firstResult=99999999999", None, "firstResult"),
        ("GET", "/task?sortBy=created", None, "sortOrder"),
        ("GET", "/task?sortBy=created&sortOrder=naik", None, "sortOrder"),
        ("GET", "/task?sortBy=rahasia&sortOrder=asc", None, "created"),
        ("GET", "/task?name=a&name=b", None, "name"),
        ("GET", "/task?name=%00", None, "name"),
        ("GET", "/history/activity-instance", None, "processInstanceId"),
        ("GET", "/history/process-instance?startedAfter=kemarin", None, "startedAfter"),
        ("GET", "/history/process-instance?startedAfter=2026-01-31T10:00:00", None, "startedAfter"),
    ],
)
def test_what_cannot_be_understood_is_named_without_its_value(
    as_: As, surat: dict[str, Any], method: str, path: str, body: Any, names: str
) -> None:
    refused = as_("admin")(method, path, body, status=400)
    assert refused["type"] == "InvalidRequestException"
    assert names in refused["message"]
    for value in ("mungkin", "banyak", "kemarin", "naik", "rahasia"):
        assert value not in refused["message"]
    assert as_("admin")("GET", "/process-instance/count") == {"count": 0}


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"[]",
        b'"teks"',
        b"null",
        b"1" * 5000,
        b'{"a": NaN}',
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"name": "\\ud800"}',
    ],
)
def test_a_body_that_is_no_json_object_is_refused(as_: As, data: bytes) -> None:
    answer = as_("admin").send("POST", "/task", data=data, content_type="application/json")
    assert (answer.status_code, answer.json["type"]) == (400, "InvalidRequestException")


def test_a_body_of_another_kind_is_refused(as_: As) -> None:
    admin = as_("admin")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        assert admin.send("POST", "/task", data=b'{"a":1}', content_type=kind).status_code == 415
    assert admin.send("POST", "/deployment/create", json={}).status_code == 415


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/tidak/ada", 404),
        ("GET", "/", 404),
        ("GET", "/task/", 404),
        ("GET", "/task/%00", 400),
        ("GET", f"/task/{'x' * 5000}", 404),
        ("GET", "/process-instance/../../etc", 404),
        ("DELETE", "/task", 405),
        ("PUT", "/deployment/create", 405),
        ("GET", "/message", 405),
    ],
)
def test_an_address_that_is_not_there_is_json_too(as_: As, method: str, path: str, status: int) -> None:
    refused = as_("admin")(method, path, status=status)
    assert set(refused) == {"type", "message"}


def test_a_wrong_method_says_which_are_right(as_: As) -> None:
    assert as_("admin").send("DELETE", "/task").headers["Allow"] == "GET, POST"


def test_sentences_are_said_in_the_language_that_is_asked_for(as_: As) -> None:
    admin = as_("admin")
    said = {}
    for language in ("id", "en", "id-ID,id;q=0.9,en;q=0.8", "en-US,en", "fr", "*", ""):
        admin.headers["Accept-Language"] = language
        said[language] = admin("GET", "/tidak/ada", status=404)["message"]
    indonesian, english = said["id"], said["en"]
    assert indonesian.startswith("Alamat ini tidak ada")
    assert english.startswith("There is no such address")
    assert {language for language, sentence in said.items() if sentence == english} == {"en", "en-US,en"}


def test_a_database_that_is_gone_is_503_and_not_a_page(app: Flask, as_: As, database: Database) -> None:
    admin = as_("admin")
    admin("GET", "/version")
    app.extensions["alur.database"] = Database("postgresql://nobody@127.0.0.1:1/none")
    answer = admin.send("GET", "/task")
    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/json")
    assert json.loads(answer.data)["message"]
