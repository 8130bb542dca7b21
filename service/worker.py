"""The job executor: acquires what is due, executes it, or records the failure; sleeps only when idle."""

import logging
import random
from contextlib import suppress
from threading import Event
from time import monotonic

from service.errors import AlurError, Conflict, NotFound
from service.operations import jobs, leases
from service.operations.bell import Bell
from service.store.database import Database
from service.store.faults import tried
from service.store.models import new_id

IDLE = 1.0
"""Seconds between two looks at the table when nothing was due, a little more or less: several workers
must not all look at once.
"""
SWEEP = 60.0
"""Seconds between two sweeps of what is past its time."""
RENEWED = jobs.LEASE.total_seconds() / 3
"""Seconds after which a batch that is not done yet has its leases renewed."""

log = logging.getLogger("alur.worker")


def run(database: Database, stop: Event) -> None:
    """Works until `stop` is set; a database that is away for a while is asked again.

    The job under way is finished, and the others of its batch are given back.
    """
    owner, bell, swept = new_id(), Bell(), monotonic()
    with leases.calling(bell.ring):
        while not stop.is_set():
            heard = bell.rung
            if monotonic() - swept > SWEEP:
                _sweep(database)
                swept = monotonic()
            if not _worked(database, owner, stop):
                bell.wait(heard, IDLE * random.uniform(0.75, 1.25))  # noqa: S311


def _worked(database: Database, owner: str, stop: Event) -> int:
    """How many jobs there were; where the database failed, none are this worker's any more."""
    try:
        return work(database, owner, stop)
    except AlurError as error:
        log.warning("the jobs cannot be done: %s", error)
    with suppress(AlurError):
        _give_back(database, owner)
    return 0


def work(database: Database, owner: str, stop: Event | None = None) -> int:
    """Executes one batch of due jobs, each in a transaction of its own; how many there were."""
    with database.transaction() as session:
        due = jobs.acquire(session, owner)
    since = monotonic()
    for place, id_ in enumerate(due):
        if stop is not None and stop.is_set():
            _give_back(database, owner)
            return place
        if monotonic() - since > RENEWED:
            with database.transaction() as session:
                leases.renew(session, owner, due[place:])
            since = monotonic()
        _execute(database, id_, owner)
    return len(due)


def _execute(database: Database, id_: str, owner: str) -> None:
    """One job; a mistake of ours in its case is that case's incident, and stops no other."""
    try:
        tried(lambda: _fire(database, id_, owner))
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


def _fire(database: Database, id_: str, owner: str) -> None:
    with database.transaction() as session:
        jobs.execute(session, id_, owner=owner)


def _give_back(database: Database, owner: str) -> None:
    with database.transaction() as session:
        leases.give_back(session, owner)


def _sweep(database: Database) -> None:
    try:
        with database.transaction() as session:
            jobs.sweep(session)
    except AlurError as error:
        log.warning("nothing was swept: %s", error)
