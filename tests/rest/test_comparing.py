"""What a program is told of the difference between two definitions."""

from typing import Any

from tests.rest.client import SURAT, As, files


def changed(surat: dict[str, Any], as_: As) -> str:
    """A second version of the process, in which the registrar has another form and another name."""
    sent = files(*SURAT)
    sent["surat.bpmn"] = sent["surat.bpmn"].replace(b'versionTag="7/2024"', b'versionTag="8/2025"')
    as_("admin").deploy(sent)
    found: str = as_("admin")("GET", "/process-definition/key/surat")["id"]
    assert found != surat["id"]
    return found


def test_a_definition_tells_what_another_one_changes(as_: As, surat: dict[str, Any]) -> None:
    new = changed(surat, as_)
    answer = as_("petugas")("GET", f"/process-definition/{surat['id']}/compare", to=new)
    assert answer == {
        "sourceProcessDefinitionId": surat["id"],
        "targetProcessDefinitionId": new,
        "counts": {"added": 0, "removed": 0, "moved": 0, "changed": 1},
        "differences": [
            {
                "kind": "changed",
                "about": "versionTag",
                "sourceElementId": None,
                "targetElementId": None,
                "subject": "The process",
                "sentence": "The process – version tag: from “7/2024” to “8/2025”",
            }
        ],
        "sourceMarks": {},
        "targetMarks": {},
        "redrawn": False,
    }


def test_the_sentences_are_in_the_language_that_was_asked_for(as_: As, surat: dict[str, Any]) -> None:
    new = changed(surat, as_)
    client = as_("petugas")
    client.headers["Accept-Language"] = "id"
    answer = client("GET", f"/process-definition/{surat['id']}/compare", to=new)
    assert answer["differences"][0]["sentence"] == "Proses – tanda versi: dari “7/2024” menjadi “8/2025”"


def test_without_two_definitions_there_is_nothing_to_compare(as_: As, surat: dict[str, Any]) -> None:
    path = f"/process-definition/{surat['id']}/compare"
    as_("petugas")("GET", path, status=400)
    as_("petugas")("GET", path, to="surat:9:x", status=404)
    as_(None)("GET", path, to=surat["id"], status=401)
