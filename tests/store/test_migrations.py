"""The migrated schema is the one that the tables say, and a program refuses one that is not its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, make_url, text

from service.errors import AlurError
from service.language import say
from service.store.database import Database
from service.store.models import Base


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = make_url(request.getfixturevalue("postgresql_server")).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE migrations TEMPLATE template0"))
        yield server.set(database="migrations").render_as_string(hide_password=False)
        connection.execute(text("DROP DATABASE migrations WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def fresh(empty: str) -> Iterator[Database]:
    database = Database(empty)
    yield database
    database.dispose()


def refusal(database: Database) -> AlurError:
    with pytest.raises(AlurError) as refused:
        database.check_revision()
    return refused.value


def test_the_migrations_make_exactly_the_tables(fresh: Database) -> None:
    fresh.migrate()
    with fresh.reading() as session:
        context = MigrationContext.configure(
            session.connection(), opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_a_difference_between_migrations_and_tables_would_be_seen(fresh: Database) -> None:
    fresh.migrate()
    with fresh.transaction() as session:
        session.execute(text("ALTER TABLE person DROP COLUMN email"))
    with fresh.reading() as session:
        assert compare_metadata(MigrationContext.configure(session.connection()), Base.metadata)


def test_an_empty_database_is_refused_and_migrating_mends_it(fresh: Database) -> None:
    assert "alur migrate" in say(refusal(fresh).message, "en")
    fresh.migrate()
    fresh.check_revision()


def test_migrating_twice_changes_nothing(fresh: Database) -> None:
    fresh.migrate()
    fresh.migrate()
    fresh.check_revision()


def test_a_newer_schema_is_refused_and_left_alone(fresh: Database) -> None:
    fresh.migrate()
    with fresh.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert refusal(fresh).message.key == "store.newer"
    assert "alur migrate" in say(refusal(fresh).message, "id")
    with pytest.raises(AlurError):
        fresh.migrate()


def test_a_migration_that_fails_leaves_nothing_behind(fresh: Database) -> None:
    with fresh.transaction() as session:
        session.execute(text("CREATE TABLE user_task (id TEXT)"))
    with pytest.raises(Exception, match="user_task"):
        fresh.migrate()
    with fresh.reading() as session:
        there = MigrationContext.configure(session.connection()).get_current_revision()
        assert there is None
    with pytest.raises(Exception, match="person"), fresh.reading() as session:
        session.execute(text("SELECT * FROM person"))
