"""Decision definitions as Camunda 7's clients ask for them: found, read, and evaluated with typed values."""

import json
from typing import Any

import pytest

from tests.conftest import DIAGRAMS
from tests.dmn.drawing import Column, file, table
from tests.rest.client import As, values

DECISIONS = DIAGRAMS.parent / "decisions"
NAMES = ("drd.dmn", "unique.dmn", "collect.dmn", "any_contradicting.dmn")


@pytest.fixture
def found(as_: As) -> dict[str, dict[str, Any]]:
    """What a deployment of some tables answers, by the decisions' keys."""
    deployed = as_("admin").deploy({name: (DECISIONS / name).read_bytes() for name in NAMES})
    assert deployed["deployedProcessDefinitions"] is None
    return {row["key"]: row for row in deployed["deployedDecisionDefinitions"].values()}


def evaluated(as_: As, key: str, **plain: Any) -> Any:
    return as_("admin")("POST", f"/decision-definition/key/{key}/evaluate", values(**plain))


def test_a_deployment_answers_with_its_decisions(found: dict[str, dict[str, Any]]) -> None:
    assert set(found) == {"biaya", "tarif", "wilayah", "unique", "collect", "any_contradicting"}
    row = found["biaya"]
    assert row["id"].startswith("biaya:1:")
    assert {name: row[name] for name in ("name", "version", "resource", "versionTag", "tenantId")} == {
        "name": "Biaya perjalanan",
        "version": 1,
        "resource": "drd.dmn",
        "versionTag": "2026",
        "tenantId": None,
    }


def test_everybody_finds_the_decisions(as_: As, found: dict[str, dict[str, Any]]) -> None:
    as_("admin").deploy({"unique.dmn": (DECISIONS / "unique.dmn").read_bytes()})
    ask = as_("orang")
    assert [row["key"] for row in ask("GET", "/decision-definition", nameLike="Biaya%")] == ["biaya"]
    assert len(ask("GET", "/decision-definition")) == 7
    assert ask("GET", "/decision-definition/count", latestVersion="true") == {"count": 6}
    versions = ask("GET", "/decision-definition", key="unique", sortBy="version", sortOrder="asc")
    assert [row["version"] for row in versions] == [1, 2]
    assert ask("GET", "/decision-definition/count", key="unique", version="2") == {"count": 1}
    assert ask("GET", "/decision-definition", decisionDefinitionIdIn=found["tarif"]["id"]) == [found["tarif"]]
    assert len(ask("GET", "/decision-definition", resourceNameLike="drd%", maxResults="2")) == 2


def test_a_decision_is_read_by_id_and_by_key(as_: As, found: dict[str, dict[str, Any]]) -> None:
    ask, id_ = as_("petugas"), found["biaya"]["id"]
    assert ask("GET", f"/decision-definition/{id_}") == found["biaya"]
    assert ask("GET", "/decision-definition/key/biaya") == found["biaya"]
    text = (DECISIONS / "drd.dmn").read_text("utf-8")
    for path in (id_, "key/biaya"):
        assert ask("GET", f"/decision-definition/{path}/xml") == {"id": id_, "dmnXml": text}


@pytest.mark.parametrize("path", ["tidak-ada", "key/tidak-ada", "tidak-ada/xml", "key/tidak-ada/xml"])
def test_a_decision_that_is_not_there_is_a_404(as_: As, path: str) -> None:
    answer = as_("admin")("GET", f"/decision-definition/{path}", status=404)
    assert answer["type"] == "InvalidRequestException"


def test_a_table_answers_with_its_rows_of_typed_values(as_: As, found: dict[str, dict[str, Any]]) -> None:
    body = values(lama=3, golongan="II")
    body["variables"]["mulai"] = {
        "value": "2026-01-01",
        "type": "String",
        "valueInfo": {"kind": "date"},
    }
    expected = [
        {
            "penyetuju": {"value": "atasan", "type": "String", "valueInfo": {}},
            "batas": {"value": "2026-01-04", "type": "String", "valueInfo": {"kind": "date"}},
        }
    ]
    for path in (found["unique"]["id"], "key/unique"):
        assert as_("admin")("POST", f"/decision-definition/{path}/evaluate", body) == expected


def test_several_rows_and_none_are_a_list(as_: As, found: dict[str, dict[str, Any]]) -> None:
    rows = evaluated(as_, "collect", golongan="III", hadir=15)
    assert [row["persen"]["value"] for row in rows] == [5, 2.5]
    assert [row["persen"]["type"] for row in rows] == ["Integer", "Double"]
    assert evaluated(as_, "collect", golongan="I", hadir=30) == []


def test_a_single_value_stands_alone_in_its_row(as_: As, found: dict[str, dict[str, Any]]) -> None:
    (row,) = evaluated(as_, "biaya", negara="Indonesia", hari=3)
    assert row == {"biaya": {"value": 1111000, "type": "Integer", "valueInfo": {}}}


def test_the_latest_version_is_evaluated_by_key_and_any_by_its_id(
    as_: As, found: dict[str, dict[str, Any]]
) -> None:
    newer = file(table([], [Column("x")], [([], ["9"])], id_="any_contradicting"))
    as_("admin").deploy({"b.dmn": newer})
    assert evaluated(as_, "any_contradicting")[0]["x"]["value"] == 9
    old = found["any_contradicting"]["id"]
    (row,) = as_("admin")("POST", f"/decision-definition/{old}/evaluate", values(n=1.5))
    assert row["x"]["value"] == 1


def test_a_decision_without_an_answer_says_why(as_: As, found: dict[str, dict[str, Any]]) -> None:
    path = "/decision-definition/key/any_contradicting/evaluate"
    answer = as_("admin")("POST", path, values(n=3), status=422)
    assert answer["type"] == "ProcessEngineException"
    assert "rules 1, 2" in answer["message"]


def test_what_is_not_understood_is_refused(as_: As, found: dict[str, dict[str, Any]]) -> None:
    path = "/decision-definition/key/unique/evaluate"
    as_("admin")("POST", path, {"nilai": {}}, status=400)
    as_("admin")("POST", path, {"variables": {"lama": {"value": "x", "type": "Integer"}}}, status=400)
    as_("admin")("GET", "/decision-definition", tenantIdIn="a", status=400)


def test_only_an_administrator_evaluates_outside_of_a_case(as_: As, found: dict[str, dict[str, Any]]) -> None:
    answer = as_("petugas")("POST", "/decision-definition/key/unique/evaluate", values(lama=3), status=403)
    assert answer["type"] == "AuthorizationException"
    as_(None)("POST", "/decision-definition/key/unique/evaluate", values(lama=3), status=401)


def test_a_table_with_a_mistake_is_refused_with_its_place(as_: As) -> None:
    bad = file(table([Column("n")], [Column("x")], [(["> (1"], ["1"])]))
    answer = as_("admin").deploy({"a.dmn": bad}, status=400)
    assert answer["type"] == "ParseException"
    assert "* a.dmn:5 (tabel): " in answer["message"]
    assert "BPMN" not in json.dumps(answer)
    (mistake,) = answer["details"]["a.dmn"]["errors"]
    assert mistake["mainBpmnElementId"] == "tabel"
