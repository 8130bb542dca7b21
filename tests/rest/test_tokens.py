"""A program calls with an access token in the place of a name and a password."""

from base64 import b64encode

import pytest
from argon2 import PasswordHasher

from service.operations import identity, tokens
from service.store.database import Database
from service.store.models import Person
from service.web.attempts import LIMIT
from tests.rest.client import As, Client


@pytest.fixture
def secret(database: Database, as_: As) -> str:
    """A token of the kepala."""
    with database.transaction() as session:
        return tokens.issue(session, "kepala", "uji", 1)[1]


def bearing(as_: As, secret: str, scheme: str = "Bearer") -> Client:
    client = as_(None)
    client.headers["Authorization"] = f"{scheme} {secret}"
    return client


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_token_is_enough(as_: As, case: dict, database: Database, secret: str, scheme: str) -> None:
    kepala = bearing(as_, secret, scheme)
    assert kepala("GET", "/version")["version"]
    with database.transaction() as session:
        identity.deactivate(session, "kepala")
    kepala("GET", "/version", status=401)


def test_a_revoked_token_is_401_at_once(as_: As, database: Database, secret: str) -> None:
    kepala = bearing(as_, secret)
    kepala("GET", "/version")
    with database.transaction() as session:
        [token] = tokens.find(session, "kepala")
        tokens.revoke(session, token.id, identity.SYSTEM)
    refused = kepala("GET", "/version", status=401)
    assert refused["type"] == "AuthenticationException"
    assert "Access tokens" in refused["message"]


def test_wrong_tokens_have_to_wait_and_a_right_one_never(as_: As, secret: str) -> None:
    for number in range(LIMIT):
        bearing(as_, f"alur_{number}")("GET", "/version", status=401)
    refused = bearing(as_, "alur_x").send("GET", "/version")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    bearing(as_, secret)("GET", "/version")
    as_("admin")("GET", "/version")


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer a b", "Bearer =", "Token x", "Bearer \x7f"])
def test_half_a_header_is_nobody(as_: As, header: str) -> None:
    client = as_(None)
    client.headers["Authorization"] = header
    client("GET", "/version", status=401)


def test_a_token_signs_nobody_in_to_the_pages(as_: As, secret: str) -> None:
    answer = bearing(as_, secret).http.get("/", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 303


def test_a_password_in_latin_1_is_read_as_the_modeler_writes_it(as_: As, database: Database) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("sandi é")
    with database.transaction() as session:
        session.add(Person(id="jose", name="José", password_hash=cheap))
    for encoding in ("utf-8", "latin-1"):
        client = as_(None)
        client.headers["Authorization"] = "Basic " + b64encode("jose:sandi é".encode(encoding)).decode()
        client("GET", "/version")
