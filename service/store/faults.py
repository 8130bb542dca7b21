"""Says a database's errors in the product's words."""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import exc
from sqlalchemy.orm.exc import StaleDataError

from service.errors import AlurError, Busy, Conflict, InvalidInput, Undone

CROSSED = ("40",)
"""PostgreSQL: serialization failed, or a deadlock was found; it has undone the transaction."""
LOST = ("08", "25P03", "57P0")
"""PostgreSQL: the connection is gone, was left idle for too long, or the server goes down or comes up."""
FULL = ("53100", "SQLITE_FULL")
READ_ONLY = ("25006", "SQLITE_READONLY")
FAILED = ("58", "SQLITE_IOERR", "SQLITE_CANTOPEN")
BUSY = ("53", "55P03", "57", "SQLITE_BUSY", "SQLITE_LOCKED")
"""Out of resources, or a lock or a statement took too long."""
TAKEN = ("23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
TOO_LONG = ("54000", "SQLITE_TOOBIG")

PAUSES = (0.05, 0.2)
"""Seconds before the second and the third try, at most; two that met must not meet again."""

T = TypeVar("T")


class Overtaken(Conflict, Undone):
    """Somebody else has changed a row that no lock held; nothing was done, and it may be done again."""


class Unwritable(Busy):
    """The database takes nothing: its disk is full or fails, or it is there to be read only."""


def tried(work: Callable[[], T], rewind: Callable[[], object] = lambda: None) -> T:
    """What the work gives, which is one transaction; where the database undid it, it is done again.

    Up to three times in all, after a `rewind` each; then Undone is told.
    """
    for pause in PAUSES:
        try:
            return work()
        except Undone:
            time.sleep(pause * random.uniform(0.2, 1))  # noqa: S311
            rewind()
    return work()


@contextmanager
def in_our_words(*, writing: bool = False, committing: bool = False) -> Iterator[None]:
    """What another writer, a limit or the machine caused leaves as an AlurError; a mistake of ours stays.

    Only where the database was to be written is it worth a sentence that it cannot be. Who loses the
    connection while `committing` cannot know whether it was done.
    """
    try:
        yield
    except StaleDataError as error:
        raise Overtaken("store.conflict") from error
    except exc.TimeoutError as error:
        raise Busy("store.busy") from error
    except (exc.StatementError, sqlite3.OperationalError) as error:
        if (said := _said(error, writing=writing, committing=committing)) is None:
            raise
        raise said from error


def _said(
    error: exc.StatementError | sqlite3.OperationalError, *, writing: bool, committing: bool
) -> AlurError | None:
    cause = error.orig if isinstance(error, exc.StatementError) else error
    if isinstance(cause, AlurError):
        return cause
    code = _code(cause)
    if code.startswith(LOST) or (isinstance(error, exc.DBAPIError) and error.connection_invalidated):
        return Busy("store.unknown") if committing else Undone("store.busy")
    if isinstance(error, exc.OperationalError) and not code:
        return Busy("store.busy")
    if code.startswith(READ_ONLY):
        return Unwritable("store.read_only") if writing else None
    return next((kind(key) for codes, kind, key in SAID if code.startswith(codes)), None)


SAID: tuple[tuple[tuple[str, ...], type[AlurError], str], ...] = (
    (TAKEN, Conflict, "store.conflict"),
    (TOO_LONG, InvalidInput, "value.long"),
    (CROSSED, Undone, "store.busy"),
    (FULL, Unwritable, "store.full"),
    (FAILED, Unwritable, "store.disk"),
    (BUSY, Busy, "store.busy"),
)
"""What a code's beginning means; the first that fits."""


def _code(cause: BaseException | None) -> str:
    """PostgreSQL's SQLSTATE or SQLite's error name; empty when the driver knows neither."""
    return str(getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None) or "")
