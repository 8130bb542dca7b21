"""The OpenAPI document says what the routes do: all of them, and nothing else."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import validate

from tests.rest.client import As


@pytest.fixture
def document(as_: As) -> dict[str, Any]:
    """The document, which needs no password."""
    found: dict[str, Any] = as_(None)("GET", "/openapi.json")
    return found


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)


def test_the_document_says_what_it_describes(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert re.match(r"\d+\.\d+", document["info"]["version"])
    assert document["servers"] == [{"url": "/engine-rest"}]


def test_every_route_is_in_the_document(app: Flask, document: dict[str, Any]) -> None:
    served = {
        (re.sub(r"<(\w+)>", r"{\1}", rule.rule.removeprefix("/engine-rest")), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/engine-rest") and rule.endpoint != "rest.unknown"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert described == served
    assert len(described) > 50


def test_every_operation_has_a_name_and_a_sentence_of_its_own(document: dict[str, Any]) -> None:
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    assert all(operation["summary"].rstrip(";").strip() for operation in operations)


def test_places_parameters_and_bodies_are_described(document: dict[str, Any]) -> None:
    task = document["paths"]["/task"]["get"]
    parameters = {parameter["name"]: parameter for parameter in task["parameters"]}
    assert parameters["candidateGroups"]["schema"]["type"] == "array"
    assert parameters["candidateGroups"]["explode"] is False
    assert parameters["sortOrder"]["schema"]["enum"] == ["asc", "desc"]
    assert parameters["maxResults"]["schema"]["minimum"] == 0
    history = document["paths"]["/history/activity-instance"]["get"]
    assert [p["name"] for p in history["parameters"] if p["required"]] == ["processInstanceId"]
    create = document["paths"]["/deployment/create"]["post"]
    form = create["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert "deployment-name" in form["properties"]
    assert form["additionalProperties"]["contentMediaType"] == "application/octet-stream"
    start = document["paths"]["/process-definition/{id}/start"]["post"]
    assert [p["name"] for p in start["parameters"] if p["in"] == "path"] == ["id"]
    assert set(start["responses"]) == {"200", "default"}
    assert set(document["paths"]["/task/{id}/complete"]["post"]["responses"]) == {"200", "204", "default"}
    assert set(document["paths"]["/task/{id}/unclaim"]["post"]["responses"]) == {"204", "default"}


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    schemas = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert schemas <= set(document["components"]["schemas"])
    assert "default" in document["paths"]["/task"]["get"]["responses"]
