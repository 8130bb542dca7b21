"""A check over REST says of files what deploying them would say, and keeps nothing."""

from io import BytesIO
from typing import Any

import pytest

from tests.rest.client import SURAT, As, files


def checked(as_: As, sent: dict[str, bytes], login: str = "admin", status: int = 200) -> Any:
    data: dict[str, Any] = {name: (BytesIO(content), name) for name, content in sent.items()}
    kind = "multipart/form-data"
    answer = as_(login).send("POST", "/deployment/check", data=data, content_type=kind)
    assert answer.status_code == status, answer.text
    return answer.json


def test_what_could_be_deployed_is_ok_and_is_not_deployed(as_: As) -> None:
    told = checked(as_, files(*SURAT))
    assert told["ok"]
    assert [one["file"] for one in told["files"]] == list(SURAT)
    assert all(finding["severity"] == "warning" for one in told["files"] for finding in one["findings"])
    assert as_("admin")("GET", "/deployment/count") == {"count": 0}


def test_a_finding_has_its_place_its_sentence_its_remedy_and_what_would_repair_it(as_: As) -> None:
    sent = files(*SURAT)
    sent["surat.bpmn"] = sent["surat.bpmn"].replace(b'isExecutable="true"', b'isExecutable="false"')
    told = checked(as_, sent)
    assert not told["ok"]
    [diagram, *rest] = told["files"]
    assert [one["ok"] for one in (diagram, *rest)] == [False, True, True, True]
    [finding] = [one for one in diagram["findings"] if one["code"] == "not_executable"]
    assert set(finding) == {"code", "severity", "element", "name", "line", "message", "remedy", "repair"}
    assert finding["message"]
    assert finding["remedy"]
    assert finding["repair"]


@pytest.mark.parametrize("broken", [b"", b"bukan", b"\x00\xff", b"<!DOCTYPE a []><a/>"])
def test_what_cannot_be_read_is_told_and_has_no_repair(as_: As, broken: bytes) -> None:
    [diagram] = checked(as_, {"a.bpmn": broken})["files"]
    assert not diagram["ok"]
    assert all(finding["repair"] is None for finding in diagram["findings"])


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("surat.bpmn", b'targetRef="putuskan"', b'targetRef="hilang"'),
        ("surat.bpmn", b'"permohonan"', b'"tidak-ada"'),
        ("putusan.form", b'"radio"', b'"kalender"'),
    ],
)
def test_check_and_deploy_agree(as_: As, name: str, old: bytes, new: bytes) -> None:
    sent = files(*SURAT)
    sent[name] = sent[name].replace(old, new)
    told = checked(as_, sent)
    found = sorted(
        f"{one['message']} {one['remedy']}"
        for file in told["files"]
        for one in file["findings"]
        if one["severity"] == "error"
    )
    refused = as_("admin").deploy(sent, status=400)
    errors = [error["message"] for file in refused["details"].values() for error in file["errors"]]
    assert sorted(errors) == found
    assert found


def test_only_who_may_deploy_may_check(as_: As) -> None:
    checked(as_, files(*SURAT), "petugas", 403)
    assert "file" in checked(as_, {}, status=400)["message"]


def test_a_deployment_and_its_files_are_read_byte_for_byte(as_: As) -> None:
    admin, sent = as_("admin"), files(*SURAT)
    id_ = admin.deploy(sent)["id"]
    assert admin("GET", f"/deployment/{id_}")["id"] == id_
    rows = admin("GET", f"/deployment/{id_}/resources")
    assert [row["name"] for row in rows] == sorted(sent)
    for row in rows:
        path = f"/deployment/{id_}/resources/{row['id']}"
        assert admin("GET", path) == row == {**row, "deploymentId": id_}
        data = admin.send("GET", f"{path}/data")
        assert data.data == sent[row["name"]]
        assert data.headers["Content-Type"] == "application/octet-stream"
    other = admin.deploy(sent, **{"deployment-name": "lain"})["id"]
    for path in (
        "/deployment/x",
        "/deployment/x/resources",
        f"/deployment/{other}/resources/{rows[0]['id']}",
    ):
        admin("GET", path, status=404)
        as_("petugas")("GET", path.replace("x", id_), status=404)


def test_a_deployment_is_not_deleted(as_: As) -> None:
    admin = as_("admin")
    id_ = admin.deploy(files(*SURAT))["id"]
    refused = admin("DELETE", f"/deployment/{id_}", cascade="true", status=409)
    assert "history" in refused["message"]
    admin("DELETE", "/deployment/x", status=404)
    assert admin("GET", "/deployment/count") == {"count": 1}
