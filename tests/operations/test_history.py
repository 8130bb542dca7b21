"""A case's events are chained: whatever is done to one of them shows."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy.orm import Session

from service.operations import history
from service.operations.identity import SYSTEM, Actor
from service.store.database import Database
from service.store.models import (
    ActivityInstance,
    Deployment,
    HistoryEvent,
    ProcessDefinition,
    ProcessInstance,
    now,
)

ANI = Actor("ani", "Ani")


@pytest.fixture
def case(database: Database) -> str:
    """A case with four events."""
    with database.transaction() as session:
        session.add(Deployment(id="d", name="d"))
        session.flush()
        session.add(
            ProcessDefinition(id="p", key="p", version=1, name="p", deployment_id="d", resource_name="p")
        )
        session.flush()
        instance = ProcessInstance(id="i", definition_id="p", definition_key="p", business_key="1")
        session.add(instance)
        session.flush()
        history.record(session, instance, "instance_started", ANI)
        history.record(
            session, instance, "task_completed", ANI, element_id="t", element_name="T", task_id="x"
        )
        zone = timezone(timedelta(hours=7))
        odd = {
            "$": 1,
            "when": date(2026, 1, 1),
            "at": datetime(2026, 1, 1, tzinfo=zone),
            "list": (1, 1.0, True),
        }
        history.record(session, instance, "variables_set", SYSTEM, **odd)
        history.record(session, instance, "instance_completed", SYSTEM)
    return "i"


def test_the_timeline_tells_what_happened_in_order(database: Database, case: str) -> None:
    with database.reading() as session:
        told = [(e.seq, e.kind, e.actor, e.element_name) for e in history.timeline(session, case)]
    assert told == [
        (1, "instance_started", "ani", ""),
        (2, "task_completed", "ani", "T"),
        (3, "variables_set", "", ""),
        (4, "instance_completed", "", ""),
    ]


def test_an_untouched_history_is_whole(database: Database, case: str) -> None:
    with database.reading() as session:
        assert history.verify(session, case) is None


def change(session: Session) -> None:
    session.get_one(HistoryEvent, ("i", 2)).actor = "budi"


def change_details(session: Session) -> None:
    session.get_one(HistoryEvent, ("i", 2)).details = {"x": 1}


def change_time(session: Session) -> None:
    event = session.get_one(HistoryEvent, ("i", 2))
    event.at += timedelta(microseconds=1)


def delete(session: Session) -> None:
    session.delete(session.get_one(HistoryEvent, ("i", 2)))


def swap(session: Session) -> None:
    second, third = (session.get_one(HistoryEvent, ("i", n)) for n in (2, 3))
    second.kind, third.kind = third.kind, second.kind


def rechain(session: Session) -> None:
    """A changed event with a hash that fits it."""
    event = session.get_one(HistoryEvent, ("i", 2))
    event.actor = "budi"
    event.hash = history._hash(session.get_one(HistoryEvent, ("i", 1)).hash, vars(event))


@pytest.mark.parametrize(
    ("tamper", "first"),
    [(change, 2), (change_details, 2), (change_time, 2), (delete, 2), (swap, 2), (rechain, 3)],
)
def test_the_first_bad_event_is_named(
    database: Database, case: str, tamper: Callable[[Session], None], first: int
) -> None:
    with database.transaction() as session:
        tamper(session)
    with database.reading() as session:
        assert history.verify(session, case) == first


def test_a_cut_tail_is_noticed(database: Database, case: str) -> None:
    with database.transaction() as session:
        session.delete(session.get_one(HistoryEvent, ("i", 4)))
    with database.reading() as session:
        assert history.verify(session, case) == 4


def test_an_event_that_was_slipped_in_at_the_end_is_noticed(database: Database, case: str) -> None:
    with database.transaction() as session:
        instance = session.get_one(ProcessInstance, case)
        head = instance.head
        history.record(session, instance, "task_completed", ANI)
        instance.head, instance.events = head, 4
    with database.reading() as session:
        assert history.verify(session, case) == 5


def test_activities_come_in_the_order_they_were_entered(database: Database, case: str) -> None:
    moment = now()
    with database.transaction() as session:
        for name, order, later in (("c", 0, 1), ("b", 2, 0), ("a", 1, 0)):
            session.add(
                ActivityInstance(
                    instance_id=case,
                    element_id=name,
                    kind="userTask",
                    order=order,
                    started_at=moment + timedelta(seconds=later),
                )
            )
    with database.reading() as session:
        assert [a.element_id for a in history.activities(session, case)] == ["a", "b", "c"]
