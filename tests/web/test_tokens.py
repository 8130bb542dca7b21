"""The page of one's own access tokens: made with the password, shown once, revoked."""

import re

import pytest
from argon2 import PasswordHasher

from service.errors import Unauthenticated
from service.operations import tokens
from service.operations.identity import Actor
from service.store.database import Database
from service.store.models import Person
from service.web import attempts
from tests.web.reader import As, Reader, words

PASSWORD = "rahasia sekali"
PAGE = "/account/tokens"
SECRET = re.compile(r'id="secret" value="([^"]+)"')


@pytest.fixture
def siti(database: Database, as_: As) -> Reader:
    """Siti, signed in."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with database.transaction() as session:
        session.add(Person(id="siti", name="Siti", password_hash=cheap))
    return as_("siti")


def made(reader: Reader, **fields: str) -> str:
    """A token's secret, as the page shows it."""
    asked = {"name": "Modeler di laptop", "days": "90", "password": PASSWORD, **fields}
    found = SECRET.search(reader.post(PAGE, 200, **asked))
    assert found
    return found[1]


def actor(database: Database, secret: str) -> Actor:
    with database.reading() as session:
        return tokens.actor(session, secret)


def test_a_token_is_shown_once(siti: Reader, database: Database) -> None:
    assert "Token akses" in siti.get("/")
    assert "Belum ada token" in siti.get(PAGE)
    secret = made(siti)
    assert actor(database, secret).id == "siti"
    page = siti.get(PAGE)
    assert "Modeler di laptop" in page
    assert "berlaku sampai" in page
    assert secret not in page


def test_the_page_says_where_programs_connect(siti: Reader) -> None:
    assert 'value="http://localhost/engine-rest"' in siti.get(PAGE)


def test_a_token_without_an_end_lasts_until_it_is_revoked(siti: Reader, database: Database) -> None:
    secret = made(siti, days="")
    page = siti.get(PAGE)
    assert "sampai dicabut" in words(page).partition("Token baru")[0]
    [action] = re.findall(r'action="(/account/tokens/[^"]+/revoke)"', page)
    assert "sudah dicabut" in siti.post(action, 200, _follow=True)
    with pytest.raises(Unauthenticated):
        actor(database, secret)


@pytest.mark.parametrize(
    "wrong", [{"password": "salah"}, {"password": ""}, {"name": " "}, {"name": "x" * 200}, {"days": "0"}]
)
def test_without_the_password_or_a_name_there_is_no_token(siti: Reader, wrong: dict[str, str]) -> None:
    page = siti.post(PAGE, 422, **{"name": "x", "days": "30", "password": PASSWORD, **wrong})
    assert "error-summary" in page
    assert "Belum ada token" in page


def test_who_guesses_the_password_here_has_to_wait(siti: Reader) -> None:
    for _ in range(attempts.LIMIT):
        siti.post(PAGE, 422, name="x", days="", password="salah")
    assert siti.send(PAGE, name="x", days="", password=PASSWORD).status_code == 429


def test_nobody_revokes_anothers_token(siti: Reader, database: Database, as_: As) -> None:
    with database.transaction() as session:
        session.add(Person(id="lina", name="Lina", password_hash="none"))
        session.flush()
        token, secret = tokens.issue(session, "lina", "rahasia Lina", None)
        id_ = token.id
    assert "rahasia Lina" not in siti.get(PAGE)
    siti.post(f"{PAGE}/{id_}/revoke", 404)
    assert actor(database, secret).id == "lina"


def test_a_name_with_markup_is_text(siti: Reader) -> None:
    made(siti, name="<script>alert(1)</script>")
    assert "<script>alert" not in siti.get(PAGE)


def test_an_expired_token_is_shown_as_such(siti: Reader, database: Database) -> None:
    made(siti)
    with database.transaction() as session:
        [token] = tokens.find(session, "siti")
        token.expires_at = token.created_at
    assert "kedaluwarsa sejak" in siti.get(PAGE)
