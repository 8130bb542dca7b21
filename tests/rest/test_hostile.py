"""Whatever is sent to whichever route, the answer is never 500: bad input is the sender's mistake."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.store.database import Database
from service.web.rest.routes import Route
from tests.rest.client import As, Client

WORDS = (
    "",
    "x",
    "\x00",
    "a\x00b",
    "\u202e",
    "%",
    "' OR 1=1 --",
    "../..",
    "😀" * 50,
    "9" * 400,
    "-1",
    "1e999",
    "null",
)
JSON = (
    None,
    True,
    -1,
    2**70,
    1.5,
    "",
    "\x00",
    [],
    [[]],
    {},
    {"value": {}},
    {"x": None},
    {"x": {"value": "\x00"}},
)


def requests_of(route: Route, ids: dict[str, str]) -> Iterator[tuple[str, dict[str, str], Any]]:
    """Paths, queries and bodies, each hostile in one place, once with real ids and once without."""
    real = {place: ids.get(f"{route.noun}.{place}", ids.get(place, "x")) for place in route.places}
    required = dict.fromkeys(_fields(route.query), "x") if route.query else {}
    for word in WORDS:
        yield route.path.format(**{place: quote(word or " ", safe="") for place in route.places}), {}, {}
        yield route.path.format(**real), dict.fromkeys(required, word), {}
    for name, words in zip(required, cycle(zip(WORDS, WORDS[::-1], strict=True)), strict=False):
        for word in words:
            yield route.path.format(**real), {name: word}, {}
    if route.body:
        for value in JSON:
            yield route.path.format(**real), {}, value
            for name in _fields(route.body):
                yield route.path.format(**real), {}, {name: value}


def _fields(model: Any) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


@pytest.fixture
def ids(as_: As, case: dict[str, Any]) -> dict[str, str]:
    """The ids of things that are there, by noun and place."""
    [task] = as_("admin")("GET", "/task")
    return {
        "key": "surat",
        "name": "perihal",
        "Process definition.id": case["definitionId"],
        "Process instance.id": case["id"],
        "History.id": case["id"],
        "Task.id": task["id"],
    }


def test_no_route_stumbles_over_hostile_input(as_: As, ids: dict[str, str]) -> None:
    admin: Client = as_("admin")
    routes: tuple[Route, ...] = admin.http.application.extensions["alur.routes"]
    for route in routes:
        if route.method == "DELETE":
            continue
        for path, query, body in requests_of(route, ids):
            sent = {"json": body} if route.body else {}
            answer = admin.send(route.method, path, query_string=query or None, **sent)
            told = (route.method, path, query, body, answer.status_code, answer.text[:200])
            assert answer.status_code < 500, told
            if answer.status_code >= 400:
                assert set(answer.json) >= {"type", "message"}, told


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
TYPES = st.sampled_from(
    ["String", "Integer", "Double", "Boolean", "Date", "Json", "Object", "Null", "File", ""]
)
VALUE = st.fixed_dictionaries({"value": ANY}, optional={"type": TYPES, "valueInfo": ANY})


@given(
    variables=st.dictionaries(st.text() | st.sampled_from(["nomor", "sifat", "lampiran"]), VALUE, max_size=4)
)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_variables_make_a_form_or_a_start_stumble(
    as_: As, ids: dict[str, str], database: Database, variables: dict[str, Any]
) -> None:
    admin, body = as_("admin"), {"variables": variables}
    for path in (f"/task/{ids['Task.id']}/complete", "/process-definition/key/surat/start", "/message"):
        sent = {"messageName": "tidak ada", "processVariables": variables} if path == "/message" else body
        answer = admin.send("POST", path, json=sent)
        assert answer.status_code < 500, (path, answer.text)
