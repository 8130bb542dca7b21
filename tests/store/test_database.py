"""The one commit, the turns of writers, and what a database's errors become."""

import sqlite3
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from service.errors import AlurError, Busy, Conflict, InvalidInput
from service.store import database as module
from service.store.database import Database, add_missing
from service.store.models import Person, Position, Sequence


def count(database: Database) -> int:
    with database.reading() as session:
        return session.execute(text("SELECT last FROM sequence WHERE name = 'n'")).scalar_one()


@pytest.fixture
def counter(database: Database) -> Database:
    with database.transaction() as session:
        session.add(Sequence(name="n", last=0))
    return database


def test_what_was_done_in_a_transaction_is_there_afterwards(counter: Database) -> None:
    with counter.transaction() as session:
        session.get_one(Sequence, "n").last = 7
    assert count(counter) == 7


def test_an_exception_undoes_all_of_a_transaction(counter: Database) -> None:
    with pytest.raises(ZeroDivisionError), counter.transaction() as session:
        session.get_one(Sequence, "n").last = 7
        session.flush()
        1 / 0  # noqa: B018
    assert count(counter) == 0


def test_eight_threads_lose_no_update(counter: Database) -> None:
    def work() -> None:
        for _ in range(25):
            with counter.transaction() as session:
                session.get_one(Sequence, "n", with_for_update=True).last += 1

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(counter) == 200


def test_a_reader_does_not_wait_for_a_writer_and_sees_what_was_committed(counter: Database) -> None:
    with counter.transaction() as session:
        session.get_one(Sequence, "n").last = 7
        session.flush()
        assert count(counter) == 0
    assert count(counter) == 7


def test_a_reader_sees_one_moment(counter: Database) -> None:
    with counter.reading() as session:
        before = session.get_one(Sequence, "n").last
        with counter.transaction() as other:
            other.get_one(Sequence, "n").last = 7
        assert session.scalar(select(Sequence.last)) == before == 0


def test_a_reader_cannot_write(counter: Database) -> None:
    with pytest.raises(DBAPIError), counter.reading() as session:
        session.execute(text("UPDATE sequence SET last = 9"))
    assert count(counter) == 0


def test_foreign_keys_are_held(database: Database) -> None:
    with pytest.raises(DBAPIError), database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO holding (id, person_id, position_id, since) VALUES ('x', 'y', 'z', '2026-01-01')"
            )
        )


def test_a_key_that_two_add_is_a_conflict(counter: Database) -> None:
    with pytest.raises(Conflict) as refused, counter.transaction() as session:
        session.add(Sequence(name="n", last=1))
    assert refused.value.message.key == "store.conflict"


@pytest.mark.parametrize("name", ["a\x00b", "a\ud800"])
def test_a_text_that_cannot_be_kept_is_refused_in_words(database: Database, name: str) -> None:
    with pytest.raises(InvalidInput), database.transaction() as session:
        session.add(Position(id="p", name=name))
    with pytest.raises(InvalidInput), database.reading() as session:
        session.get(Person, name)


def test_an_added_row_is_told_from_one_that_was_there(database: Database) -> None:
    with database.transaction() as session:
        assert add_missing(session, Sequence, name="n", last=1)
        assert not add_missing(session, Sequence, name="n", last=2)
    assert count(database) == 1


def test_a_transaction_inside_a_transaction_is_found_out(sqlite: Database) -> None:
    with pytest.raises(RuntimeError), sqlite.transaction(), sqlite.transaction():
        pass


def test_a_foreign_writer_of_the_file_makes_it_busy(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    database = Database(sqlite_url)
    foreign = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(Busy), database.transaction() as session:
            session.add(Sequence(name="n", last=1))
    finally:
        foreign.close()
        database.dispose()


def test_two_who_lock_crosswise_do_not_wait_for_ever(postgresql_database: Database) -> None:
    with postgresql_database.transaction() as session:
        session.add_all([Sequence(name="a", last=0), Sequence(name="b", last=0)])
    both, outcomes = Barrier(2), []

    def work(first: str, second: str) -> None:
        try:
            with postgresql_database.transaction() as session:
                session.get_one(Sequence, first, with_for_update=True)
                both.wait()
                session.get_one(Sequence, second, with_for_update=True)
            outcomes.append("done")
        except Busy:
            outcomes.append("busy")

    threads = [Thread(target=work, args=names) for names in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with postgresql_database.transaction() as session:
        session.execute(text("DELETE FROM sequence"))
    assert sorted(outcomes) == ["busy", "done"]


def test_a_server_that_is_not_there_is_busy() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(Busy), database.reading() as session:
        session.execute(text("SELECT 1"))
    database.dispose()


def test_another_kind_of_database_is_refused_by_name() -> None:
    with pytest.raises(AlurError) as refused:
        Database("mysql://localhost/x")
    assert refused.value.message.params["kind"] == "mysql"


def test_sqlite_is_durable(sqlite: Database) -> None:
    with sqlite.transaction() as session:
        pragmas = {name: session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")}
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}


def test_postgresql_gives_up_waiting(postgresql_database: Database) -> None:
    with postgresql_database.transaction() as session:
        limits = {name: session.scalar(text(f"SHOW {name}")) for name in module.LIMITS}
        assert session.scalar(text("SHOW transaction_isolation")) == "read committed"
    assert limits == module.LIMITS
