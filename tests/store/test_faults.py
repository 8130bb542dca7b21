"""A full, failing, locked or restarted database: a sentence, and where it is safe a second try."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from service.errors import AlurError, Busy, Conflict, Undone
from service.store.database import Database
from service.store.faults import Overtaken, Unwritable, tried
from service.store.models import Sequence


def failing(times: int, error: AlurError) -> Any:
    """Work that fails so often before it is done, and how often it was tried."""
    seen: list[int] = []

    def work() -> int:
        seen.append(1)
        if len(seen) <= times:
            raise error
        return len(seen)

    return work, seen


@pytest.mark.parametrize("error", [Undone("store.busy"), Overtaken("store.conflict")])
def test_what_the_database_undid_is_tried_again(error: AlurError) -> None:
    work, _ = failing(2, error)
    assert tried(work) == 3


def test_what_is_undone_again_and_again_is_told_in_the_end() -> None:
    work, seen = failing(9, Undone("store.busy"))
    rewound: list[int] = []
    with pytest.raises(Undone):
        tried(work, lambda: rewound.append(1))
    assert (len(seen), len(rewound)) == (3, 2)


@pytest.mark.parametrize(
    "error", [Busy("store.unknown"), Conflict("store.conflict"), Unwritable("store.full")]
)
def test_what_may_have_been_done_or_cannot_be_is_not_tried_again(error: AlurError) -> None:
    work, seen = failing(1, error)
    with pytest.raises(type(error)):
        tried(work)
    assert len(seen) == 1


def test_a_full_disk_is_a_sentence_and_passes(sqlite: Database) -> None:
    @event.listens_for(sqlite._writer, "begin")
    def no_room(connection: Any) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")

    with pytest.raises(Unwritable) as refused, sqlite.transaction() as session:
        session.add(Sequence(name="n" * 100_000, last=1))
    assert refused.value.message.key == "store.full"
    with pytest.raises(Unwritable):
        sqlite.check_writable()
    with sqlite.transaction() as session:
        session.execute(text("PRAGMA max_page_count = 1000000"))
        session.add(Sequence(name="n" * 100_000, last=1))
    sqlite.check_writable()


def test_a_database_that_is_only_for_reading_is_a_sentence(sqlite_url: str) -> None:
    database = Database(f"{sqlite_url}?mode=ro&uri=true".replace("sqlite:///", "sqlite:///file:"))
    with pytest.raises(Unwritable) as refused, database.transaction() as session:
        session.add(Sequence(name="n", last=1))
    assert refused.value.message.key == "store.read_only"
    database.dispose()


def test_a_folder_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'nowhere' / 'alur.db'}")
    with pytest.raises(Unwritable), database.transaction() as session:
        session.add(Sequence(name="n", last=1))
    database.dispose()


def terminated(database: Database, session: Any) -> None:
    """The server ends this session's connection, as a restart does."""
    pid = session.scalar(text("SELECT pg_backend_pid()"))
    with database.transaction() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def test_a_connection_lost_before_the_commit_is_work_undone(postgresql_database: Database) -> None:
    with pytest.raises(Undone), postgresql_database.transaction() as session:
        terminated(postgresql_database, session)
        session.add(Sequence(name="n", last=1))
    with postgresql_database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM sequence")) == 0


def test_whoever_loses_the_connection_at_the_commit_is_told_that_nobody_knows(
    postgresql_database: Database,
) -> None:
    with pytest.raises(Busy) as refused, postgresql_database.transaction() as session:
        session.add(Sequence(name="n", last=1))
        session.flush()
        event.listen(session, "before_commit", lambda own: terminated(postgresql_database, own), once=True)
    assert (type(refused.value), refused.value.message.key) == (Busy, "store.unknown")


@pytest.mark.parametrize(
    ("state", "key", "kind"),
    [
        ("53100", "store.full", Unwritable),
        ("58030", "store.disk", Unwritable),
        ("25006", "store.read_only", Unwritable),
        ("40001", "store.busy", Undone),
        ("40P01", "store.busy", Undone),
        ("55P03", "store.busy", Busy),
        ("57014", "store.busy", Busy),
        ("57P01", "store.busy", Undone),
    ],
)
def test_what_a_server_says_has_its_sentence(
    postgresql_database: Database, state: str, key: str, kind: type[AlurError]
) -> None:
    with pytest.raises(AlurError) as refused, postgresql_database.transaction() as session:
        session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$"))
    assert (refused.value.message.key, type(refused.value)) == (key, kind)
