"""A program that prints cards: the diagram's part, and a worker's steps, for the tests of external tasks."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from service.operations import external, gate, history, incidents, outcomes
from service.operations.external import Order, Topic
from service.operations.identity import Actor
from service.store.database import Database
from service.store.models import HistoryEvent, Job, now

MINUTE = timedelta(minutes=1)
ERROR = (
    '<bpmn:boundaryEvent id="gagal" attachedToRef="cetak">'
    '<bpmn:errorEventDefinition errorRef="galat" camunda:errorCodeVariable="kode"/></bpmn:boundaryEvent>'
)
GALAT = '<bpmn:error id="galat" name="Kertas habis" errorCode="KERTAS"/>'


def work_of(element: str, topic: str = "cetak", more: str = "", inside: str = "") -> str:
    """The XML of a service task that a worker outside does."""
    return (
        f'<bpmn:serviceTask id="{element}" name="Mencetak {element}" camunda:type="external" '
        f'camunda:topic="{topic}" {more}>{inside}</bpmn:serviceTask>'
    )


def fetch(
    database: Database, name: str = "w1", most: int = 1, order: Order | None = None, **narrower: Any
) -> list[Job]:
    lock = narrower.pop("lock", MINUTE)
    with database.transaction() as session:
        topics = [Topic("cetak", lock, **narrower)]
        return [job for job, _ in external.fetch_and_lock(session, name, topics, most, order)]


def complete(database: Database, job: Job, actor: Actor, name: str = "w1", **values: Any) -> None:
    with database.transaction() as session:
        outcomes.complete(session, job.id, name, actor, values)


def let_locks_run_out(database: Database) -> None:
    with database.transaction() as session:
        session.execute(update(Job).values(lock_until=now() - timedelta(seconds=1)))


def told(database: Database, case: str) -> Sequence[HistoryEvent]:
    with database.reading() as session:
        return history.timeline(session, case)


def stopped_at(database: Database, case: str) -> list[tuple[str, str]]:
    with database.reading() as session:
        return [(i.kind, i.sentence) for i in incidents.find(session, instance_id=case)]


def variables(database: Database, case: str) -> dict[str, Any]:
    with database.reading() as session:
        return gate.variables(session, case)
