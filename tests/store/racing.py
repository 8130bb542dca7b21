"""What each of several processes does at once: take, complete, and acquire the same things."""

import random
from collections.abc import Callable, Sequence

from service.errors import Conflict
from service.operations import jobs, tasks
from service.operations.identity import Actor
from service.store.database import Database
from service.store.faults import tried
from service.store.models import new_id

PROCESSES = 8


def somebody(number: int) -> Actor:
    """In whose name a process works."""
    return Actor(f"p{number}", f"P{number}", admin=True)


def completions(url: str, number: int, ids: Sequence[str]) -> list[str]:
    """The tasks that this one completed; the others had been completed by somebody else."""

    def complete(database: Database, id_: str) -> None:
        with database.transaction() as session:
            tasks.complete(session, id_, somebody(number), {})

    return _won(url, number, ids, complete)


def claims(url: str, number: int, ids: Sequence[str]) -> list[str]:
    """The tasks that this one took."""

    def claim(database: Database, id_: str) -> None:
        with database.transaction() as session:
            tasks.claim(session, id_, somebody(number))

    return _won(url, number, ids, claim)


def leases(url: str, number: int, _: Sequence[str]) -> list[str]:
    """The jobs that this one leased, a few at a time, until none was left."""
    database, owner, leased = Database(url), new_id(), list[str]()
    while True:
        with database.transaction() as session:
            found = jobs.acquire(session, owner, 3)
        if not found:
            break
        leased += found
    database.dispose()
    return leased


def _won(url: str, number: int, ids: Sequence[str], act: Callable[[Database, str], None]) -> list[str]:
    """Everybody tries everything, in an order of their own; Conflict is all that the others are told."""
    database, won = Database(url), list[str]()
    for id_ in random.Random(number).sample(ids, len(ids)):  # noqa: S311
        try:
            tried(lambda id_=id_: act(database, id_))  # type: ignore[misc]
        except Conflict:
            continue
        won.append(id_)
    database.dispose()
    return won
