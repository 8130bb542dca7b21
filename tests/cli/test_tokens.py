"""Access tokens are made, listed and revoked from the command line, for anybody."""

import pytest

from service.errors import Unauthenticated
from service.operations import tokens
from service.store.database import Database
from tests.cli.conftest import Alur


def test_a_token_is_printed_once_and_alone(alur: Alur, kept: Database) -> None:
    alur("user", "add", "ani", "Ani", stdin="rahasia sekali")
    told = alur("user", "token", "ani", "--name", "CI kantor", "--days", "30")
    assert told.code == 0
    secret = told.out.removesuffix("\n")
    assert "CI kantor" in told.error
    with kept.reading() as session:
        assert tokens.actor(session, secret).id == "ani"
    listed = alur("user", "tokens", "ani").out
    id_, name, until = listed.removesuffix("\n").split("\t")
    assert (name, until[-6:]) == ("CI kantor", "+07:00")
    assert secret not in listed
    assert "CI kantor" in alur("user", "revoke-token", id_).out
    with kept.reading() as session, pytest.raises(Unauthenticated):
        tokens.actor(session, secret)


def test_a_token_may_last_until_it_is_revoked(alur: Alur) -> None:
    alur("user", "add", "ani", "Ani", stdin="rahasia sekali")
    assert alur("user", "token", "ani", "--name", "x").code == 0
    assert alur("user", "tokens", "ani").out.endswith("\tuntil it is revoked\n")


@pytest.mark.parametrize(
    "asked",
    [
        ("user", "token", "budi", "--name", "x"),
        ("user", "token", "ani", "--name", " "),
        ("user", "token", "ani", "--name", "x", "--days", "0"),
        ("user", "revoke-token", "none"),
    ],
)
def test_what_cannot_be_is_refused(alur: Alur, asked: tuple[str, ...]) -> None:
    alur("user", "add", "ani", "Ani", stdin="rahasia sekali")
    told = alur(*asked)
    assert (told.code, told.out) == (1, "")
    assert alur("user", "tokens", "ani").out == ""
