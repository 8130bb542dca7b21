"""The job executor: acquires what is due, executes it, or records the failure; sleeps only when idle."""

import logging
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
        try:
            with database.transaction() as session:
                jobs.execute(session, id_, owner=owner)
        except (Conflict, NotFound):
            continue  # the case has moved on, or another worker was faster
        except AlurError as error:
            with database.transaction() as session:
                jobs.fail(session, id_, error)
    return len(due)
