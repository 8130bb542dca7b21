"""The OpenAPI 3.1 document, generated from the table of routes."""

from collections.abc import Iterable, Mapping
from functools import cache
from types import NoneType
from typing import Any, get_args

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode, JsonSchemaValue

from service import __version__
from service.operations.requests import LONGEST_KEY
from service.web.rest.refusals import ErrorAnswer
from service.web.rest.routes import MULTIPART_FORMAT, Route
from service.web.rest.values import JSON_FORMAT

PREFIX = "/engine-rest"
SCHEMA = "#/components/schemas/{model}"
ONCE = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same request with the same key is done once in 24 hours, and gets the first answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
}
DESCRIPTION = (
    "A part of Camunda 7's REST API: clients of Camunda 7, Camunda Modeler among them, can use it as it is. "
    "A parameter or field that is not listed here is refused, never ignored."
)


@cache
def document(routes: tuple[Route, ...]) -> dict[str, Any]:
    """The whole document."""
    schemas, definitions = _schemas(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Alur",
            "version": __version__,
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": PREFIX}],
        "security": [{"basic": []}, {"bearer": []}],
        "tags": [{"name": noun} for noun in dict.fromkeys(route.noun for route in routes)],
        "paths": paths,
        "components": {
            "schemas": definitions,
            "securitySchemes": {name: {"type": "http", "scheme": name} for name in ("basic", "bearer")},
            "responses": {"Error": _response("Why not.", schemas[("error", "serialization")])},
        },
    }


Schemas = Mapping[tuple[str, JsonSchemaMode], JsonSchemaValue]


def _schemas(routes: Iterable[Route]) -> tuple[Schemas, dict[str, Any]]:
    """The schema of each body and answer by its route, and the models that they refer to."""
    inputs: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        ("error", "serialization", TypeAdapter(ErrorAnswer))
    ]
    for route in routes:
        if body := route.body or route.form:
            inputs.append((_key(route), "validation", TypeAdapter(body)))
        if answer := route.answer:
            inputs.append((_key(route), "serialization", answer))
    schemas, rest = TypeAdapter.json_schemas(inputs, ref_template=SCHEMA)
    return schemas, rest["$defs"]


def _key(route: Route) -> str:
    return f"{route.method} {route.path}"


def _operation(route: Route, schemas: Schemas) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _name(route),
        "tags": [route.noun],
        "summary": (route.function.__doc__ or "").split("\n")[0],
        "description": _description(route),
        "parameters": [*_places(route), *_query(route), *([] if route.only_reads else [ONCE])],
        "responses": {**_answers(route, schemas), "default": {"$ref": "#/components/responses/Error"}},
    }
    if route.body or route.form:
        operation["requestBody"] = _body(route, schemas[(_key(route), "validation")])
    if route.open_to_all:
        operation["security"] = []
    return operation


def _name(route: Route) -> str:
    """Unique: the noun, the verb, and by what."""
    verb = "".join(part.capitalize() for part in route.function.__name__.split("_"))
    noun = "".join(part.capitalize() for part in route.noun.split())
    last = route.path.rsplit("/", 1)[-1]
    by = "ByKey" if "key" in route.places else ""
    return f"{noun}{verb}{by}" + ("" if last != "submit-form" or verb == "SubmitForm" else "SubmitForm")


def _description(route: Route) -> str:
    words = " ".join((route.function.__doc__ or "").split())
    return f"{words} Only for `admin`." if route.admin else words


def _places(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": place, "in": "path", "required": True, "schema": {"type": "string"}}
        for place in route.places
    ]


def _query(route: Route) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema = route.query.model_json_schema(by_alias=True)
    required = schema.get("required", ())
    return [_parameter(name, part, name in required) for name, part in schema["properties"].items()]


def _parameter(name: str, schema: dict[str, Any], required: bool) -> dict[str, Any]:
    """Null cannot be said in a query; a list is written with commas."""
    choices = [choice for choice in schema.pop("anyOf", ()) if choice != {"type": "null"}]
    schema = {key: value for key, value in {**schema, **dict(*choices)}.items() if key != "title"}
    if schema.get("default", 0) is None:
        del schema["default"]
    listed = {"style": "form", "explode": False} if schema.get("type") == "array" else {}
    return {"name": name, "in": "query", "required": required, "schema": schema, **listed}


def _body(route: Route, schema: JsonSchemaValue) -> dict[str, Any]:
    if not route.form:
        return {"content": {JSON_FORMAT: {"schema": schema}}}
    files = {"additionalProperties": {"type": "string", "contentMediaType": "application/octet-stream"}}
    model = route.form.model_json_schema(by_alias=True)
    return {"required": True, "content": {MULTIPART_FORMAT: {"schema": {**model, **files}}}}


def _answers(route: Route, schemas: Schemas) -> dict[str, Any]:
    nothing = {"204": {"description": "Done."}}
    if route.answer is None:
        return nothing
    found = {"200": _response("Done.", schemas[(_key(route), "serialization")])}
    return {**found, **nothing} if NoneType in get_args(route.hints["return"]) else found


def _response(description: str, schema: JsonSchemaValue) -> dict[str, Any]:
    return {"description": description, "content": {JSON_FORMAT: {"schema": schema}}}
