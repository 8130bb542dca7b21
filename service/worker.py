"""The job executor: acquires what is due, executes it, or records the failure; sleeps only when idle."""

import logging
from contextlib import suppress
from threading import Event

from service.errors import AlurError, Conflict, NotFound
from service.operations import jobs
from service.store.database import Database
from service.store.models import new_id

IDLE = 1.0
"""Seconds between two looks at the table when nothing was due."""

log = logging.getLogger("alur.worker")


def run(database: Database, stop: Event) -> None:
    """Works until `stop` is set; a database that is away for a while is asked again."""
    owner = new_id()
    while not stop.is_set():
        try:
            worked = work(database, owner)
        except AlurError as error:
            log.warning("the jobs cannot be read: %s", error)
            worked = 0
        if not worked:
            stop.wait(IDLE)


def work(database: Database, owner: str) -> int:
    """Executes one batch of due jobs, each in a transaction of its own; how many there were."""
    with database.transaction() as session:
        due = jobs.acquire(session, owner)
    for id_ in due:
        _execute(database, id_, owner)
    return len(due)


def _execute(database: Database, id_: str, owner: str) -> None:
    """One job; a mistake of ours in its case is that case's incident, and stops no other."""
    try:
        with database.transaction() as session:
            jobs.execute(session, id_, owner=owner)
        return
    except (Conflict, NotFound):
        return  # the case has moved on, or another worker was faster
    except AlurError as error:
        failure = error
    except Exception:
        log.exception("the job %s failed", id_)
        failure = AlurError("engine.mistake")
    with suppress(NotFound), database.transaction() as session:
        jobs.fail(session, id_, failure)
