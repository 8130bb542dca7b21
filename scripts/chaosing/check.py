"""Compares every acknowledged command with the database: nothing lost, doubled, stuck, early or broken."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scripts.chaosing.load import Act
from service.operations import history
from service.store.database import Database
from service.store.models import (
    ActivityInstance,
    HistoryEvent,
    Incident,
    Job,
    ProcessInstance,
    RequestKey,
    Subscription,
    UserTask,
)

REST = timedelta(seconds=1)
ONCE = (
    "instance_started",
    "timer_fired",
    "message_received",
    "external_task_completed",
    "instance_completed",
)
"""What happens once in a case, by the diagram."""


def check(url: str, acts: Iterable[Act], *, ended: bool, effects: Iterable[str] = ()) -> list[str]:
    """What is wrong with a database after these answers; `ended` says that every case has come to its end."""
    database, told = Database(url), list(acts)
    try:
        with database.reading() as session:
            found = [*_chains(session), *_acknowledged(session, told), *_doubled(session), *_early(session)]
            return [*found, *_stuck(session, set(effects))] if ended else found
    finally:
        database.dispose()


def _chains(session: Session) -> Iterator[str]:
    for case in session.scalars(select(ProcessInstance.id)):
        if place := history.verify(session, case):
            yield f"the history of {case} is broken at {place}"


def _acknowledged(session: Session, acts: list[Act]) -> Iterator[str]:
    """Each one that was told `done` is there, with its own mark; what was refused is not."""
    query = select(HistoryEvent).where(HistoryEvent.kind == "task_completed")
    marks = {event.task_id: event.details.get("values", {}).get("note") for event in session.scalars(query)}
    rows = dict(session.execute(select(UserTask.id, UserTask.status)).all())
    keys = Counter(session.scalars(select(ProcessInstance.business_key)))
    received = set(
        session.scalars(select(HistoryEvent.instance_id).where(HistoryEvent.kind == "message_received"))
    )
    for act in acts:
        match act.kind:
            case "complete" if not act.done:
                if marks.get(act.target) == act.mark:
                    yield f"refused and done: {act.target}, with {act.status}"
            case _ if not act.done:
                continue
            case "complete" if marks.get(act.target) != act.mark or rows.get(act.target) != "completed":
                yield f"lost: {act.target} was completed with {act.mark}, and has {marks.get(act.target)}"
            case "start" if keys[act.target] == 0:
                yield f"lost: {act.target} was started"
            case "answer" if act.target not in received:
                yield f"lost: {act.target} was answered"
    told = Counter((act.kind, act.target) for act in acts if act.done)
    yield from (f"told twice: {kind} {target}" for (kind, target), times in told.items() if times > 1)
    yield from (f"doubled: {times} cases {key}" for key, times in keys.items() if times > 1)


def _doubled(session: Session) -> Iterator[str]:
    query = select(HistoryEvent.task_id).where(HistoryEvent.kind == "task_completed")
    tasks = Counter(session.scalars(query))
    yield from (f"doubled: {task} was completed {times} times" for task, times in tasks.items() if times > 1)
    seen = select(HistoryEvent.instance_id, HistoryEvent.kind).where(HistoryEvent.kind.in_(ONCE))
    once = Counter(session.execute(seen))
    yield from (
        f"doubled: {kind} in {case}, {times} times" for (case, kind), times in once.items() if times > 1
    )
    if unanswered := session.scalar(select(func.count()).where(RequestKey.status.is_(None))):
        yield f"{unanswered} keys without an answer"


def _early(session: Session) -> Iterator[str]:
    visits = select(ActivityInstance.instance_id, ActivityInstance.started_at)
    began = dict(session.execute(visits.where(ActivityInstance.element_id == "rest")).all())
    for event in session.scalars(select(HistoryEvent).where(HistoryEvent.kind == "timer_fired")):
        if event.at < began[event.instance_id] + REST:
            yield f"early: the timer of {event.instance_id}"


def _stuck(session: Session, effects: set[str]) -> Iterator[str]:
    """Every case has ended, and nothing waits any more."""
    kinds: dict[str, set[str]] = {}
    for case, kind in session.execute(select(HistoryEvent.instance_id, HistoryEvent.kind)):
        kinds.setdefault(case, set()).add(kind)
    for case in session.scalars(select(ProcessInstance)):
        if case.status != "completed":
            yield f"stuck: {case.id} is {case.status}"
        elif missing := set(ONCE) - kinds.get(case.id, set()):
            yield f"lost: {sorted(missing)} of {case.id}"
        elif effects and case.id not in effects:
            yield f"lost: the effect of {case.id}"
    for table in (Job, Subscription, Incident):
        if number := session.scalar(select(func.count()).select_from(table)):
            yield f"left behind: {number} of {table.__tablename__}"
    if number := session.scalar(select(func.count()).where(UserTask.status == "open")):
        yield f"left behind: {number} open tasks"


def open_cases(session: Session) -> int:
    """How many cases have not ended."""
    query = select(func.count()).select_from(ProcessInstance).where(ProcessInstance.status != "completed")
    return session.scalar(query) or 0
