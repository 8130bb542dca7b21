"""The database: the one commit, a fair turn for writers, readers who wait for nobody, and the schema."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from service.errors import AlurError
from service.store.faults import Unwritable, in_our_words
from service.store.models import Base
from service.store.turns import Turns

MIGRATIONS = Path(__file__).parent / "migrations"
PATIENCE = 30.0
"""Seconds that a writer waits for its turn, and for a foreign writer of the same SQLite file."""
REMEMBERED = 10.0
"""Seconds for which a disk that took nothing is told to whoever asks how the database is."""
MIGRATING = 0x616C7572
"""The advisory lock under which one program at a time migrates a PostgreSQL database."""
LIMITS = {
    "timezone": "UTC",
    "lock_timeout": "3s",
    "statement_timeout": "10s",
    "idle_in_transaction_session_timeout": "15s",
}


class Database:
    """Sessions on one SQLite file or one PostgreSQL database, named by an SQLAlchemy URL.

    Whatever other writers, time limits or the machine cause comes out as Conflict, Busy or
    InvalidInput; AlurError for a URL that is none, another kind of database, or a missing driver.
    """

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise AlurError("store.url") from error
        match parsed.get_backend_name():
            case "sqlite":
                self._writer, self._reader = _sqlite(parsed)
                self._turn: Turns | nullcontext[None] = Turns(PATIENCE)
            case "postgresql" | "postgres":
                self._writer, self._reader = _postgresql(parsed)
                self._turn = nullcontext()
            case other:
                raise AlurError("store.kind", kind=other)
        self._refused: tuple[float, Unwritable] | None = None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work is committed at the end, or undone by any exception.

        On SQLite writers come in one at a time in the order they came. When this returns, the
        work is on disk; Undone says that nothing was done, and that it may be done again.
        """
        with self._watched(), self._turn, Session(self._writer, expire_on_commit=False) as session:
            with in_our_words(writing=True):
                yield session
                session.flush()
            with in_our_words(writing=True, committing=True):
                session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment of the database, cannot write, and never waits for a writer."""
        with in_our_words(), Session(self._reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    def migrate(self) -> None:
        """Brings the schema to this program's, all or nothing; an empty database gets all of it."""
        with in_our_words(), self._turn, self._writer.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(text("SET LOCAL lock_timeout = 0"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATING})
            _check_known(connection)
            config = _scripts()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def check_revision(self) -> None:
        """AlurError that names `alur migrate` when the schema is older than this program, or newer."""
        with in_our_words(), self._reader.connect() as connection:
            if _check_known(connection) != ScriptDirectory.from_config(_scripts()).get_current_head():
                raise AlurError("store.older")

    def check_writable(self) -> None:
        """Unwritable while the last work could not be kept; after some seconds somebody may try again."""
        if (refused := self._refused) and monotonic() - refused[0] < REMEMBERED:
            raise Unwritable(refused[1].message.key)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Remembers whether the last work could be kept."""
        try:
            yield
        except Unwritable as error:
            self._refused = monotonic(), error
            raise
        else:
            self._refused = None

    def dispose(self) -> None:
        """Closes every connection."""
        self._writer.dispose()
        self._reader.dispose()


def add_missing(session: Session, row: type[Base], **columns: Any) -> bool:
    """Adds a row unless its key is taken; says whether it was added.

    Two who do this at once: the second waits for the first. `rowcount` cannot tell, it is -1 on
    psycopg 3, hence RETURNING.
    """
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert(row) if dialect == "postgresql" else sqlite.insert(row)
    key = inspect(row).primary_key
    added = session.execute(insert.values(**columns).on_conflict_do_nothing().returning(*key))
    return added.first() is not None


def _sqlite(url: URL) -> tuple[Engine, Engine]:
    """A writer of one connection, and readers beside it that SQLite itself holds to reading."""
    waits = {"timeout": PATIENCE}
    writer = create_engine(url, pool_size=1, max_overflow=0, connect_args=waits)
    reader = create_engine(url, pool_size=8, max_overflow=16, connect_args=waits)
    durable = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON")
    _govern(writer, "BEGIN IMMEDIATE", durable)
    _govern(reader, "BEGIN", ("query_only = ON",))
    return writer, reader


def _govern(engine: Engine, begin: str, pragmas: tuple[str, ...]) -> None:
    """IMMEDIATE takes the writer's lock at once; a reader that later writes would fail without waiting."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def _postgresql(url: URL) -> tuple[Engine, Engine]:
    """READ COMMITTED with explicit locks to write; to read, one snapshot as SQLite gives it."""
    if find_spec("psycopg") is None:
        raise AlurError("store.driver")
    writer = create_engine(
        url.set(drivername="postgresql+psycopg"),
        isolation_level="READ COMMITTED",
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 5,
            "options": " ".join(f"-c {name}={value}" for name, value in LIMITS.items()),
        },
    )
    return writer, writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _scripts() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _check_known(connection: Connection) -> str | None:
    """The schema's revision, None in an empty database; AlurError when only a newer program knows it."""
    revision = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(_scripts()).walk_revisions()}
    if revision is not None and revision not in known:
        raise AlurError("store.newer", revision=revision)
    return revision
