"""External tasks: work that programs elsewhere fetch by its topic, each under a lock that runs out."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count as counting
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, undefer
from sqlalchemy.orm.attributes import set_committed_value

from service.errors import InvalidInput, NotFound
from service.operations import bell, gate
from service.store.models import Job, ProcessInstance, UtcDateTime, now

MOST = 200
"""Tasks that one fetch gives, even if more are asked for."""
PAGE = 200
"""Rows that are read at once where values have to be compared."""
OF_THE_CASE = ("definition_id", "definition_key", "business_key", "status")
"""The filters that ask for what the case is, not the task."""


@dataclass(frozen=True)
class Topic:
    """What a worker fetches: tasks of one topic, and for how long it has each of them.

    Narrowed down, where something is given, by the case's number, by process, and by values that
    the case must have, all of them.
    """

    name: str
    lock: timedelta
    business_key: str | None = None
    definition_ids: Collection[str] | None = None
    definition_keys: Collection[str] | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    def fits(self) -> ColumnElement[bool]:
        """The condition for a job and its case; the values are compared by `_has_values`."""
        conditions = [Job.topic == self.name]
        if self.business_key is not None:
            conditions.append(ProcessInstance.business_key == self.business_key)
        if self.definition_ids is not None:
            conditions.append(ProcessInstance.definition_id.in_(self.definition_ids))
        if self.definition_keys is not None:
            conditions.append(ProcessInstance.definition_key.in_(self.definition_keys))
        return and_(*conditions)


@dataclass(frozen=True)
class Order:
    """Which tasks come first: the more important ones if asked for; of those the oldest, or the newest."""

    by_priority: bool = False
    newest_first: bool = False

    def columns(self) -> list[ColumnElement[Any]]:
        """The columns to order by."""
        age = Job.due_at.desc() if self.newest_first else Job.due_at.asc()
        return [*([Job.priority.desc()] if self.by_priority else []), age, Job.id.asc()]


def available(session: Session, topics: Sequence[Topic]) -> bool:
    """Whether there is anything to fetch; for who waits, as it takes no lock and no writer's turn."""
    order = Order() if any(topic.values for topic in topics) else None  # else the first one is enough
    return next(_fetchable(session, topics, order, clock(session)), None) is not None


def fetch_and_lock(
    session: Session, worker: str, topics: Sequence[Topic], most: int, order: Order | None = None
) -> list[tuple[Job, int]]:
    """Locks at most so many tasks for a worker; they come with their cases, variables and topics' places.

    Two workers never get the same one, and nobody gets those of a case that does not run or that
    have no tries left. A lock that ran out is as good as none.
    """
    moment, most = clock(session), min(most, MOST)
    found = list(islice(_fetchable(session, topics, order or Order(), moment, lock=most), most))
    for job, place in found:
        job.lock_owner, job.lock_until = worker, moment + topics[place].lock
    session.flush()
    return found


def _fetchable(
    session: Session, topics: Sequence[Topic], order: Order | None, moment: datetime, *, lock: int = 0
) -> Iterator[tuple[Job, int]]:
    """The tasks that nobody has, in this order, each with the place of the first topic that it fits.

    With `lock` their rows are locked, so many at a time: what one worker only looks at, another
    does not get. Where values are compared more have to be looked at.
    """
    if not topics:
        return
    page = PAGE if any(topic.values for topic in topics) else max(lock, 1)
    fits = [topic.fits() for topic in topics]
    query = (
        select(Job, *fits)
        .join(Job.instance)
        .options(contains_eager(Job.instance).options(undefer(ProcessInstance.variables)))
        .where(Job.kind == "external", Job.retries > 0, ProcessInstance.status == "active")
        .where(or_(Job.lock_until.is_(None), Job.lock_until <= moment))
        .where(or_(*fits))
    )
    if order:
        query = query.order_by(*order.columns())
    if lock:
        query = query.with_for_update(skip_locked=True, of=Job)
    for first in counting(0, page):
        rows = session.execute(query.limit(page).offset(first)).all()
        for job, *fitting in rows:
            places = (place for place, fit in enumerate(fitting) if fit)
            if (place := next((p for p in places if _has_values(job, topics[p].values)), None)) is not None:
                yield job, place
        if len(rows) < page:
            return


def _has_values(job: Job, wanted: Mapping[str, Any]) -> bool:
    """A number is no truth value here, although Python says that 1 is True."""
    has = values(job) if wanted else {}
    return all(
        name in has and has[name] == value and isinstance(has[name], bool) == isinstance(value, bool)
        for name, value in wanted.items()
    )


def values(job: Job) -> dict[str, Any]:
    """What the task sees: the case's variables, under those that only it has."""
    return {**case_of(job).variables, **own_values(job)}


def own_values(job: Job) -> dict[str, Any]:
    """What only the task sees: its input mappings, and what belongs to one of several instances."""
    return dict(job.payload.get("local", {}))


def add_own_values(job: Job, values: Mapping[str, Any]) -> None:
    """Adds to what only the task sees; the engine has to be told as well."""
    if values:
        job.payload = {**job.payload, "local": {**own_values(job), **values}}


def case_of(job: Job) -> ProcessInstance:
    """The case that waits for the task."""
    assert job.instance is not None, "an external task is a case's"
    return job.instance


def extend(session: Session, id_: str, worker: str, lock: timedelta) -> None:
    """So much time from now for who has the task; InvalidInput where the lock has run out already."""
    job, moment = _locked(session, id_), clock(session)
    if job.lock_owner != worker:
        raise _not_yours(job, worker)
    if job.lock_until is None or job.lock_until < moment:
        raise InvalidInput("external.expired", worker=worker)
    job.lock_until = moment + lock


def lock(session: Session, id_: str, worker: str, lock: timedelta) -> None:
    """This one task is the worker's, as if it had been fetched; InvalidInput while another has it."""
    job, moment = _locked(session, id_), clock(session)
    if job.lock_owner not in (None, worker) and job.lock_until and job.lock_until > moment:
        raise _not_yours(job, worker)
    job.lock_owner, job.lock_until = worker, moment + lock


def unlock(session: Session, id_: str) -> None:
    """Whoever had the task has it no longer, and it can be fetched at once."""
    job = _locked(session, id_)
    job.lock_owner = job.lock_until = None
    bell.ring_after(session)


def set_priority(session: Session, id_: str, priority: int) -> None:
    """A task with a larger number is fetched before one with a smaller, by who asks for that."""
    _locked(session, id_).priority = priority


def _locked(session: Session, id_: str) -> Job:
    """The task's row, as it is now and nobody else's; for what does not touch its case."""
    query = select(Job).where(Job.id == id_, Job.kind == "external").with_for_update()
    job = session.scalar(query.execution_options(populate_existing=True))
    if job is None:
        raise NotFound("external.not_found")
    return job


def held(session: Session, id_: str, worker: str) -> Job:
    """The task after its case was locked; InvalidInput unless this worker was the last to lock it.

    A lock that ran out still counts as long as nobody else took the task: the work is done, and
    done once.
    """
    found = session.scalar(select(Job.instance_id).where(Job.id == id_, Job.kind == "external"))
    if found is None:
        raise NotFound("external.not_found")
    instance = gate.locked(session, found)
    job = _locked(session, id_)
    set_committed_value(job, "instance", instance)  # the session itself holds it only weakly
    if job.lock_owner != worker:
        raise _not_yours(job, worker)
    return job


def _not_yours(job: Job, worker: str) -> InvalidInput:
    if job.lock_owner is None:
        return InvalidInput("external.nobodys", worker=worker)
    return InvalidInput("external.not_yours", worker=worker, owner=job.lock_owner)


def clock(session: Session) -> datetime:
    """This moment by the database's clock, on which workers of several machines agree; SQLite has ours."""
    if session.get_bind().dialect.name != "postgresql":
        return now()
    return session.execute(select(func.clock_timestamp(type_=UtcDateTime))).scalar_one()


Filters = Sequence[tuple[str, Any]]
"""Columns of the task or its case, each with a value or a list of them, or the words of `_condition`."""


def find(
    session: Session,
    filters: Filters = (),
    *,
    newest_first: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> Sequence[Job]:
    """External tasks that fit every filter, with their cases, oldest first."""
    query = _asked(select(Job), session, filters).options(contains_eager(Job.instance))
    query = query.order_by(*Order(newest_first=newest_first).columns())
    return session.scalars(query.limit(limit).offset(offset)).all()


def count(session: Session, filters: Filters = ()) -> int:
    """How many tasks fit every filter."""
    return session.scalar(_asked(select(func.count(Job.id)), session, filters)) or 0


def get(session: Session, id_: str) -> Job:
    """One task with its case; NotFound where there is none, or no longer."""
    if not (found := find(session, [("id", id_)])):
        raise NotFound("external.not_found")
    return found[0]


def _asked(query: Select[Any], session: Session, filters: Filters) -> Select[Any]:
    query = query.join(Job.instance).where(Job.kind == "external")
    return query.where(*(_condition(session, name, value) for name, value in filters))


def _condition(session: Session, name: str, value: Any) -> ColumnElement[bool]:
    words: dict[str, Callable[[], ColumnElement[bool]]] = {
        "locked": lambda: func.coalesce(Job.lock_until > clock(session), false()).is_(value),
        "tries_left": lambda: (Job.retries > 0).is_(value),
        "locked_before": lambda: Job.lock_until < value,
        "locked_after": lambda: Job.lock_until > value,
        "priority_from": lambda: Job.priority >= value,
        "priority_to": lambda: Job.priority <= value,
    }
    if name in words:
        return words[name]()
    column = getattr(ProcessInstance if name in OF_THE_CASE else Job, name)
    found: ColumnElement[bool] = column.in_(value) if isinstance(value, list) else column == value
    return found
