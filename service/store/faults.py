"""Says a database's errors in the product's words."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc
from sqlalchemy.orm.exc import StaleDataError

from service.errors import AlurError, Busy, Conflict, InvalidInput

BUSY_STATES = ("08", "25P03", "40", "53", "55P03", "57", "58")
"""PostgreSQL: connection lost, left idle, serialization or deadlock, out of resources, lock or
statement timed out, shutting down, disk failed."""
BUSY_NAMES = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN")
TAKEN = ("23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
TOO_LONG = ("54000", "SQLITE_TOOBIG")


@contextmanager
def in_our_words() -> Iterator[None]:
    """What another writer, a limit or the machine caused leaves as an AlurError; a mistake of ours stays."""
    try:
        yield
    except StaleDataError as error:
        raise Conflict("store.conflict") from error
    except exc.TimeoutError as error:
        raise Busy("store.busy") from error
    except exc.StatementError as error:
        if (said := _said(error)) is None:
            raise
        raise said from error


def _said(error: exc.StatementError) -> AlurError | None:
    if isinstance(error.orig, AlurError):
        return error.orig
    code = _code(error)
    if code.startswith(TAKEN):
        return Conflict("store.conflict")
    if code.startswith(TOO_LONG):
        return InvalidInput("value.long")
    lost = isinstance(error, exc.DBAPIError) and error.connection_invalidated
    unreachable = isinstance(error, exc.OperationalError) and not code
    if lost or unreachable or code.startswith((*BUSY_STATES, *BUSY_NAMES)):
        return Busy("store.busy")
    return None


def _code(error: exc.StatementError) -> str:
    """PostgreSQL's SQLSTATE or SQLite's error name; empty when the driver knows neither."""
    return str(getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None) or "")
