"""People sign in, and hold positions while they hold them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from service.errors import Conflict, InvalidInput, NotFound, Unauthenticated
from service.operations import identity
from service.operations.identity import Actor
from service.operations.positions import position_id
from service.store.database import Database
from service.store.models import Holding, Person, now

People = Callable[..., Actor]


@pytest.fixture
def siti(database: Database) -> str:
    with database.transaction() as session:
        return identity.add_person(session, "Siti ", " Siti Aminah ", "rahasia").id


def refusal(database: Database, login: str, password: str) -> str:
    with database.reading() as session, pytest.raises(Unauthenticated) as refused:
        identity.sign_in(session, login, password)
    return refused.value.message.key


def test_a_person_signs_in_whatever_the_case_of_the_login(database: Database, siti: str) -> None:
    with database.reading() as session:
        actor = identity.sign_in(session, " SITI", "rahasia")
    assert (siti, actor.id, actor.name, actor.admin) == ("siti", "siti", "Siti Aminah", False)


def test_whatever_does_not_fit_is_answered_in_the_same_words(database: Database, siti: str) -> None:
    tries = [(siti, "Rahasia"), (siti, ""), ("nobody", "rahasia"), ("a\x00\ud800", "x"), (siti, "x" * 10**6)]
    assert {refusal(database, *one) for one in tries} == {"identity.unknown"}


def test_an_unknown_login_costs_what_a_wrong_password_costs() -> None:
    assert not PasswordHasher().check_needs_rehash(identity._DECOY)


def test_a_deactivated_person_is_nobody(database: Database, siti: str) -> None:
    with database.transaction() as session:
        identity.deactivate(session, siti)
    assert refusal(database, siti, "rahasia") == "identity.unknown"
    with database.reading() as session, pytest.raises(Unauthenticated):
        identity.actor(session, siti)


def test_a_new_password_replaces_the_old_one_and_ends_sessions(database: Database, siti: str) -> None:
    with database.transaction() as session:
        before = identity.actor(session, siti).stamp
        identity.set_password(session, siti, "baru-sekali")
        assert identity.actor(session, siti).stamp != before
    assert refusal(database, siti, "rahasia") == "identity.unknown"
    with database.reading() as session:
        assert identity.sign_in(session, siti, "baru-sekali").id == siti


def test_the_password_is_not_kept(database: Database, siti: str) -> None:
    with database.reading() as session:
        assert "rahasia" not in session.get_one(Person, siti).password_hash


@pytest.mark.parametrize("login", ["", " ", "a b", "-a", "é", "a/b", "x" * 65, "a:b"])
def test_a_login_that_is_none_is_refused(database: Database, login: str) -> None:
    with pytest.raises(InvalidInput), database.transaction() as session:
        identity.add_person(session, login, "A", "rahasia")


def test_a_login_is_taken_once(database: Database, siti: str) -> None:
    with pytest.raises(Conflict), database.transaction() as session:
        identity.add_person(session, siti.upper(), "A", "rahasia")


@pytest.mark.parametrize("password", ["", "x" * 1001])
def test_a_password_has_a_length(database: Database, password: str) -> None:
    with pytest.raises(InvalidInput), database.transaction() as session:
        identity.add_person(session, "a", "A", password)


@pytest.mark.parametrize(
    ("office", "lane", "expected"),
    [
        ("kemenag", "Kasubbag TU", "kemenag.kasubbag-tu"),
        ("", "Kasubbag TU", "kasubbag-tu"),
        ("bkpsdm", "  Kabid. Mutasi/Promosi &\n Kinerja ", "bkpsdm.kabid-mutasi-promosi-kinerja"),
        ("Dinas X", "JF Ánalis (Ahli_Muda)", "dinas-x.jf-analis-ahli-muda"),
        ("", "科长", "科长"),
    ],
)
def test_a_lane_names_a_position(office: str, lane: str, expected: str) -> None:
    assert position_id(office, lane) == expected


@given(st.text(min_size=1), st.text())
def test_naming_a_position_twice_gives_the_same_name(lane: str, office: str) -> None:
    try:
        once = position_id(office, lane)
    except InvalidInput:
        return
    *before, name = once.split(".")
    assert position_id(before[0] if before else "", name) == once
    assert not set(once) & set(" /&,\n\t'\"")


def test_a_lane_without_letters_names_nothing() -> None:
    with pytest.raises(InvalidInput):
        position_id("kemenag", "—")


def test_a_position_is_made_once(database: Database) -> None:
    with database.transaction() as session:
        first = identity.ensure_position(session, "kemenag", "Kasubbag  TU")
        assert identity.ensure_position(session, "kemenag", "kasubbag tu") is first
        assert [(p.id, p.name, p.office) for p in identity.positions(session)] == [
            ("kemenag.kasubbag-tu", "Kasubbag TU", "kemenag")
        ]


def test_an_actor_has_the_positions_held_now(database: Database, people: People) -> None:
    people("ani", "kemenag.arsip", "kemenag.tu")
    with database.transaction() as session:
        for name in ("lama", "nanti", "sampai"):
            identity.ensure_position(session, "kemenag", name)
        day = timedelta(days=1)
        session.add(Holding(person_id="ani", position_id="kemenag.lama", since=now() - 2 * day, until=now()))
        identity.hold(session, "ani", "kemenag.nanti", since=now() + day)
        identity.hold(session, "ani", "kemenag.sampai", until=now() + day)
    with database.reading() as session:
        assert identity.actor(session, "ani").positions == {"kemenag.arsip", "kemenag.tu", "kemenag.sampai"}


def test_an_admin_holds_only_what_an_admin_holds(people: People) -> None:
    people("ani", "kemenag.arsip")
    assert people("root", admin=True).positions == frozenset()


def test_a_released_position_is_held_no_longer(database: Database, people: People) -> None:
    people("ani", "kemenag.arsip")
    with database.transaction() as session:
        assert [p.id for p in identity.holders(session, "kemenag.arsip")] == ["ani"]
        identity.release(session, "ani", "kemenag.arsip")
        assert identity.actor(session, "ani").positions == frozenset()
        assert identity.holders(session, "kemenag.arsip") == []
        with pytest.raises(NotFound):
            identity.release(session, "ani", "kemenag.arsip")


def test_a_position_that_was_to_be_held_later_is_released_too(database: Database, people: People) -> None:
    people("ani", "kemenag.arsip")
    with database.transaction() as session:
        identity.release(session, "ani", "kemenag.arsip")
        identity.hold(session, "ani", "kemenag.arsip", since=now() + timedelta(days=9))
        identity.release(session, "ani", "kemenag.arsip")
        assert session.query(Holding).count() == 1


def test_holding_twice_is_holding_once(database: Database, people: People) -> None:
    people("ani", "kemenag.arsip")
    end = now() + timedelta(days=1)
    with database.transaction() as session:
        identity.hold(session, "ani", "kemenag.arsip", until=end)
        assert [h.until for h in session.query(Holding)] == [end]


def test_what_does_not_exist_cannot_be_held(database: Database, people: People) -> None:
    people("ani", "kemenag.arsip")
    with database.transaction() as session:
        with pytest.raises(NotFound):
            identity.hold(session, "ani", "kemenag.none")
        with pytest.raises(NotFound):
            identity.hold(session, "none", "kemenag.arsip")
        with pytest.raises(InvalidInput):
            identity.hold(session, "ani", "kemenag.arsip", until=now() - timedelta(days=1))


def test_holders_are_active_people_by_name(database: Database, people: People) -> None:
    for login in ("budi", "ani", "cici"):
        people(login, "kemenag.arsip")
    with database.transaction() as session:
        identity.deactivate(session, "budi")
        assert [p.id for p in identity.holders(session, "kemenag.arsip")] == ["ani", "cici"]
        assert [p.id for p in identity.people(session)] == ["ani", "budi", "cici"]
