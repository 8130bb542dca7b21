"""A worker's leases: renewed while it works, given back when it ends; and what wakes it in between."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, update
from sqlalchemy.orm import Session, object_session

from service.operations.jobs import LEASE
from service.store.models import Job, now


def renew(session: Session, owner: str, ids: Sequence[str]) -> None:
    """As long again for those of these jobs that are still this worker's."""
    mine = update(Job).where(Job.id.in_(ids), Job.lock_owner == owner)
    session.execute(mine.values(lock_until=now() + LEASE))


def give_back(session: Session, owner: str) -> None:
    """Whatever this worker has not done is anybody's, at once."""
    mine = update(Job).where(Job.lock_owner == owner)
    session.execute(mine.values(lock_owner=None, lock_until=None))


@contextmanager
def calling(ring: Callable[[], None]) -> Iterator[None]:
    """Rings as soon as a job that is due at once was committed in this process."""

    def added(_mapper: Any, _connection: Any, job: Job) -> None:
        session = object_session(job)
        if session is not None and job.due_at <= now():
            event.listen(session, "after_commit", lambda _: ring(), once=True)

    event.listen(Job, "after_insert", added)
    try:
        yield
    finally:
        event.remove(Job, "after_insert", added)
