"""People, passwords and positions are kept from the command line."""

import pytest

from service.operations import identity
from service.store.database import Database
from tests.cli.conftest import Alur


def test_a_person_is_added_with_the_password_from_standard_input(alur: Alur, kept: Database) -> None:
    told = alur("user", "add", "Ani", "Ani Susanti", "--admin", stdin="rahasia sekali\nmore")
    assert told == (0, "ani has been added.\n", "")
    with kept.reading() as session:
        assert identity.sign_in(session, "ani", "rahasia sekali").admin
    assert alur("user", "list").out == "ani\tAni Susanti\tadministrator\n"


@pytest.mark.parametrize("password", ["", "short\n"])
def test_a_short_password_is_refused(alur: Alur, kept: Database, password: str) -> None:
    assert alur("user", "add", "ani", "Ani", stdin=password).code == 1
    with kept.reading() as session:
        assert identity.people(session) == []


def test_a_login_that_is_taken_is_refused(alur: Alur) -> None:
    assert alur("user", "add", "ani", "Ani", stdin="rahasia sekali").code == 0
    told = alur("user", "add", "ani", "Ani", stdin="rahasia sekali")
    assert told == (1, "", 'alur: The login "ani" is taken already.\n')


def test_a_password_is_changed(alur: Alur, kept: Database) -> None:
    alur("user", "add", "ani", "Ani", stdin="rahasia sekali")
    assert alur("user", "password", "ani", stdin="rahasia baru").code == 0
    assert alur("user", "password", "budi", stdin="rahasia baru").code == 1
    with kept.reading() as session:
        assert identity.sign_in(session, "ani", "rahasia baru").id == "ani"


def test_positions_are_held_and_released(alur: Alur, kept: Database) -> None:
    alur("user", "add", "ani", "Ani", stdin="rahasia sekali")
    with kept.transaction() as session:
        identity.ensure_position(session, "uji", "Arsip")
    assert alur("user", "positions").out == "uji.arsip\tArsip\t\n"
    assert alur("user", "hold", "ani", "uji.arsip").code == 0
    assert alur("user", "positions").out == "uji.arsip\tArsip\tani\n"
    assert alur("user", "list").out == "ani\tAni\tuji.arsip\n"
    assert alur("user", "release", "ani", "uji.arsip").code == 0
    assert alur("user", "release", "ani", "uji.arsip").code == 1
    assert alur("user", "hold", "ani", "uji.none").code == 1


def test_the_days_of_a_position_are_the_offices_days(alur: Alur, kept: Database) -> None:
    alur("user", "add", "ani", "Ani", stdin="rahasia sekali")
    with kept.transaction() as session:
        identity.ensure_position(session, "uji", "Arsip")
    days = ("--since", "2099-01-31", "--until", "2099-01-31")
    assert alur("user", "hold", "ani", "uji.arsip", *days).code == 0
    with kept.reading() as session:
        (held,) = identity._holdings(session, "ani", "uji.arsip")
    assert held.since.isoformat() == "2099-01-30T17:00:00+00:00"
    assert held.until
    assert held.until.isoformat() == "2099-01-31T17:00:00+00:00"
    assert alur("user", "hold", "ani", "uji.arsip", "--since", "31/1/2099").code == 2


def test_a_deactivated_person_is_marked(alur: Alur) -> None:
    alur("user", "add", "ani", "Ani", stdin="rahasia sekali")
    assert alur("user", "deactivate", "ani").code == 0
    assert alur("user", "list").out == "ani\tAni\tinactive\n"
