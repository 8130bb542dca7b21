"""A worker's leases, and what wakes it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from service.operations import jobs, leases
from service.store.database import Database
from service.store.models import Job, now


def job(id_: str, seconds: float = 0) -> Job:
    due = now() + timedelta(seconds=seconds)
    return Job(id=id_, kind="start", element_id="none", due_at=due, retries=3)


@pytest.fixture
def rung(database: Database) -> Iterator[Callable[[], int]]:
    """How often the worker was called so far."""
    rings: list[int] = []
    with leases.calling(lambda: rings.append(1)):
        yield lambda: len(rings)


def test_a_job_that_is_due_calls_the_worker_once_it_is_committed(
    database: Database, rung: Callable[[], int]
) -> None:
    with database.transaction() as session:
        session.add_all([job("a"), job("b", 3600)])
        session.flush()
        assert rung() == 0
    assert rung() == 1


def test_a_job_that_is_not_due_or_not_committed_calls_nobody(
    database: Database, rung: Callable[[], int]
) -> None:
    with database.transaction() as session:
        session.add(job("b", 3600))
    with pytest.raises(ZeroDivisionError), database.transaction() as session:
        session.add(job("a"))
        session.flush()
        raise ZeroDivisionError
    assert rung() == 0


def test_a_worker_gives_back_and_renews_only_its_own(database: Database) -> None:
    with database.transaction() as session:
        session.add_all([job("a"), job("b")])
    with database.transaction() as session:
        (first,) = jobs.acquire(session, "one", 1)
        (second,) = jobs.acquire(session, "two", 1)
    with database.transaction() as session:
        before = {id_: session.get_one(Job, id_).lock_until for id_ in (first, second)}
        leases.renew(session, "one", [first, second])
        leases.give_back(session, "two")
    with database.reading() as session:
        mine, other = session.get_one(Job, first), session.get_one(Job, second)
        assert mine.lock_owner == "one"
        assert mine.lock_until > before[first]
        assert (other.lock_owner, other.lock_until) == (None, None)
