"""Processes that begin by themselves, in several revisions, and what is planned and begun of them."""

from datetime import timedelta

from sqlalchemy import select

from service import worker
from service.operations import revisions
from service.operations.deployments import deploy
from service.operations.identity import Actor
from service.store.database import Database
from service.store.models import Job, ProcessDefinition, ProcessInstance
from tests.engine.drawing import xml
from tests.operations.moves import task_xml

SOON = timedelta(hours=12)


def timed(cycle: str, key: str = "laporan") -> bytes:
    """A process that begins by itself."""
    start = (
        '<bpmn:startEvent id="mulai"><bpmn:timerEventDefinition><bpmn:timeCycle>'
        f"{cycle}</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>"
    )
    return xml("mulai -> b -> end", {"mulai": start, "b": task_xml("b")}, key=key)


def add(database: Database, content: bytes, **more: object) -> ProcessDefinition:
    with database.transaction() as session:
        return deploy(session, "test", {"a.bpmn": content}, **more).definitions[0]  # type: ignore[arg-type]


def work(database: Database) -> None:
    while worker.work(database, "w"):
        pass


def begun(database: Database, key: str = "laporan") -> list[int]:
    """The versions on which cases have begun, in that order."""
    with database.reading() as session:
        cases = session.scalars(select(ProcessInstance).where(ProcessInstance.definition_key == key))
        return [case.definition.version for case in sorted(cases, key=lambda case: case.started_at)]


def planned(database: Database) -> list[tuple[str, int]]:
    """The jobs, each with the version that it is for, soonest first."""
    with database.reading() as session:
        found = session.execute(
            select(Job.kind, ProcessDefinition.version)
            .join(ProcessDefinition, Job.definition_id == ProcessDefinition.id)
            .order_by(Job.due_at, Job.kind)
        )
        return [(row.kind, row.version) for row in found]


def withdraw(database: Database, id_: str, actor: Actor) -> None:
    with database.transaction() as session:
        revisions.withdraw(session, id_, actor, "keliru")
