"""Who may call: a password or a token with every request, and nothing else."""

from base64 import b64encode

import pytest
from flask import Flask

from service.operations import identity
from service.store.database import Database
from service.store.models import Person
from service.web.rest.auth import MOST, SECONDS, Verified
from tests.rest.client import As


@pytest.mark.parametrize("path", ["/deployment", "/task", "/process-definition/apa:1:x/xml", "/tidak/ada"])
def test_without_a_password_every_address_answers_401_and_no_redirect(as_: As, path: str) -> None:
    answer = as_(None).send("GET", path)
    assert answer.status_code == 401
    basic, bearer = answer.headers.getlist("WWW-Authenticate")
    assert (basic, bearer) == ('Basic realm="Alur", charset="UTF-8"', 'Bearer realm="Alur"')
    assert answer.json["type"] == "AuthenticationException"
    assert "Location" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_a_browser_is_not_asked_to_keep_the_password(as_: As) -> None:
    answer = as_(None).send("GET", "/task", headers={"Sec-Fetch-Mode": "navigate"})
    assert answer.status_code == 401
    assert answer.headers.getlist("WWW-Authenticate") == ['Bearer realm="Alur"']


@pytest.mark.parametrize(
    "authorization",
    [
        "Basic " + b64encode(b"admin:salah").decode(),
        "Basic " + b64encode(b"tidak-ada:demo").decode(),
        "Basic " + b64encode(b"admin").decode(),
        "Basic " + b64encode(b":demo").decode(),
        "Basic " + b64encode(b"\xff\xfe:demo").decode(),
        "Basic " + b64encode(b"admin:\x00").decode(),
        "Basic bukan-base64",
        "Basic",
        "Bearer token",
    ],
)
def test_wrong_credentials_are_401_in_the_same_words(as_: As, authorization: str) -> None:
    client = as_(None)
    client.headers["Authorization"] = authorization
    refused = client("GET", "/deployment", status=401)
    assert refused["type"] == "AuthenticationException"


def test_the_cookie_of_a_signed_in_person_counts_for_nothing(app: Flask, as_: As) -> None:
    client = as_(None)
    with client.http.session_transaction() as session:
        session["person"] = "admin"
    client("GET", "/task", status=401)


def test_a_verified_password_is_not_verified_again_until_it_changes(database: Database, as_: As) -> None:
    admin = as_("admin")
    admin("GET", "/version")
    with database.transaction() as session:
        session.get_one(Person, "admin").password_hash = "no longer a hash"
    admin("GET", "/version")
    with database.transaction() as session:
        identity.set_password(session, "admin", "baru-sekali")
    admin("GET", "/version", status=401)
    as_("admin", "baru-sekali")("GET", "/version")


def test_who_was_put_out_is_out_at_once(database: Database, as_: As) -> None:
    petugas = as_("petugas")
    petugas("GET", "/version")
    with database.transaction() as session:
        identity.deactivate(session, "petugas")
    petugas("GET", "/version", status=401)


def test_a_right_password_outlives_the_end_of_sessions(database: Database, as_: As) -> None:
    petugas = as_("petugas")
    petugas("GET", "/version")
    with database.transaction() as session:
        session.get_one(Person, "petugas").stamp = "another"
    petugas("GET", "/version")


def test_a_position_given_away_is_gone_at_the_next_request(database: Database, as_: As, case: dict) -> None:
    petugas = as_("petugas2")
    assert len(petugas("GET", "/task")) == 1
    with database.transaction() as session:
        identity.release(session, "petugas2", "uji.petugas")
    assert petugas("GET", "/task") == []


def test_who_guesses_has_to_wait(as_: As) -> None:
    guess = as_("kepala", "tebakan")
    for _ in range(5):
        guess("GET", "/task", status=401)
    answer = guess.send("GET", "/task")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    as_("petugas")("GET", "/task")


def test_credentials_are_forgotten_after_five_minutes_and_in_their_turn() -> None:
    now = 0.0
    verified = Verified(lambda: now)
    siti = identity.Actor("siti", "Siti", stamp="s1")
    verified.remember("siti", "rahasia", siti)
    assert verified.find("siti", "rahasia") == ("siti", "s1")
    assert verified.find("sit", "irahasia") is None
    now = SECONDS
    assert verified.find("siti", "rahasia") is None
    verified.remember("siti", "rahasia", siti)
    for number in range(MOST):
        verified.remember(f"p{number}", "x", siti)
    assert verified.find("siti", "rahasia") is None
    assert verified.find("p0", "x") is not None


def test_any_page_may_ask_with_a_password_of_its_own(as_: As) -> None:
    answer = as_(None).send("OPTIONS", "/deployment/create")
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert as_("admin").send("GET", "/version").headers["Access-Control-Allow-Origin"] == "*"
    assert as_(None).send("GET", "/version").headers["Access-Control-Allow-Origin"] == "*"
