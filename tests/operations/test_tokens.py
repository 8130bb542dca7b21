"""Tokens stand for a person until they expire, are revoked, or the person is put out."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from service.errors import InvalidInput, NotFound, Unauthenticated
from service.operations import identity, tokens
from service.operations.identity import Actor
from service.store.database import Database
from service.store.models import AccessToken, now

People = Callable[..., Actor]


def issued(database: Database, login: str = "siti", days: int | None = None) -> tuple[str, str]:
    with database.transaction() as session:
        token, secret = tokens.issue(session, login, "Modeler", days)
        return token.id, secret


def known(database: Database, secret: str) -> Actor:
    with database.reading() as session:
        return tokens.actor(session, secret)


def test_a_token_is_its_person_with_the_positions_held_now(database: Database, people: People) -> None:
    siti = people("siti", "uji.loket")
    _, secret = issued(database)
    assert known(database, secret) == siti
    with database.transaction() as session:
        identity.release(session, "siti", "uji.loket")
    assert known(database, secret).positions == frozenset()


def test_nothing_of_a_secret_is_kept(database: Database, people: People) -> None:
    people("siti")
    secrets = [issued(database)[1] for _ in range(20)]
    assert len(set(secrets)) == 20
    assert all(len(secret) >= len(tokens.PREFIX) + 43 for secret in secrets)  # 256 bits in base 64
    with database.reading() as session:
        rows = tokens.find(session, "siti")
        kept = [value for row in rows for value in (row.id, row.name, row.digest)]
    assert all(secret not in value for secret in secrets for value in kept)
    assert all(len(row.digest) == 64 for row in rows)


@pytest.mark.parametrize("wrong", ["", "alur_", "x", "\x00", "\ud800", "alur_" + "A" * 100_000])
def test_what_is_no_token_is_nobody(database: Database, people: People, wrong: str) -> None:
    people("siti")
    issued(database)
    with pytest.raises(Unauthenticated) as refused:
        known(database, wrong)
    assert refused.value.message.key == "token.unknown"


def test_a_digest_is_no_secret(database: Database, people: People) -> None:
    people("siti")
    id_, secret = issued(database)
    with database.reading() as session:
        digest = session.get_one(AccessToken, id_).digest
    for wrong in (digest, id_, secret[:-1], secret.upper()):
        with pytest.raises(Unauthenticated):
            known(database, wrong)


def test_an_expired_token_is_worth_nothing_and_is_still_listed(database: Database, people: People) -> None:
    people("siti")
    id_, secret = issued(database, days=1)
    assert known(database, secret).id == "siti"
    with database.transaction() as session:
        session.get_one(AccessToken, id_).expires_at = now() - timedelta(seconds=1)
    with pytest.raises(Unauthenticated):
        known(database, secret)
    with database.reading() as session:
        assert [row.id for row in tokens.find(session, "siti")] == [id_]


def test_the_tokens_of_somebody_put_out_are_worth_nothing(database: Database, people: People) -> None:
    people("siti")
    _, secret = issued(database)
    with database.transaction() as session:
        identity.deactivate(session, "siti")
    with pytest.raises(Unauthenticated) as refused:
        known(database, secret)
    assert refused.value.message.key == "token.unknown"
    with database.transaction() as session, pytest.raises(NotFound):
        tokens.issue(session, "siti", "x", None)


def test_one_revokes_ones_own_and_an_administrator_anybodys(database: Database, people: People) -> None:
    siti, lina, admin = people("siti"), people("lina"), people("admin", admin=True)
    (first, secret), (second, other) = issued(database), issued(database)
    with database.transaction() as session, pytest.raises(NotFound):
        tokens.revoke(session, first, lina)
    for id_, actor in ((first, siti), (second, admin)):
        with database.transaction() as session:
            tokens.revoke(session, id_, actor)
        with database.transaction() as session, pytest.raises(NotFound):
            tokens.revoke(session, id_, actor)
    for gone in (secret, other):
        with pytest.raises(Unauthenticated):
            known(database, gone)


@pytest.mark.parametrize(
    ("name", "days"), [("", None), ("  ", None), ("x" * 101, None), ("a\x00b", None), ("x", 0), ("x", 99_999)]
)
def test_a_name_and_an_age_have_limits(database: Database, people: People, name: str, days: int) -> None:
    people("siti")
    with database.transaction() as session, pytest.raises(InvalidInput):
        tokens.issue(session, "siti", name, days)
    with database.reading() as session:
        assert tokens.find(session, "siti") == []


def test_nobody_has_tokens_without_number(database: Database, people: People) -> None:
    people("siti")
    with database.transaction() as session:
        for _ in range(tokens.MOST):
            tokens.issue(session, "siti", "x", None)
        with pytest.raises(InvalidInput):
            tokens.issue(session, "siti", "x", None)


def test_nobody_unknown_gets_a_token(database: Database) -> None:
    with database.transaction() as session, pytest.raises(NotFound):
        tokens.issue(session, "tidak-ada", "x", None)
