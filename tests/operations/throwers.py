"""Diagrams that throw messages and signals, and what is asked of their cases."""

from typing import Any

from sqlalchemy import select, update

from service import worker
from service.operations import deployments, gate, incidents, instances, tasks
from service.operations.identity import SYSTEM
from service.store.database import Database
from service.store.models import Job, ProcessInstance
from tests.engine.drawing import xml
from tests.operations.moves import CATCH, Deploy, task_xml

LETTER = '<bpmn:message id="m" name="surat"/><bpmn:signal id="s" name="libur"/>'
SIGNAL = CATCH.replace("message", "signal").replace('Ref="m"', 'Ref="s"')
WITH_VALUES = (
    '<bpmn:intermediateThrowEvent id="kirim"><bpmn:extensionElements><camunda:inputOutput>'
    '<camunda:inputParameter name="hal">=perihal</camunda:inputParameter>'
    "</camunda:inputOutput></bpmn:extensionElements>"
    '<bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateThrowEvent>'
)
THROW_SIGNAL = (
    '<bpmn:intermediateThrowEvent id="umumkan"><bpmn:signalEventDefinition signalRef="s"/>'
    "</bpmn:intermediateThrowEvent>"
)


def start_with(kind: str, ref: str) -> str:
    return f'<bpmn:startEvent id="start"><bpmn:{kind}EventDefinition {kind}Ref="{ref}"/></bpmn:startEvent>'


def deploy(deployed: Deploy, key: str, flow: str, **drawn: str) -> None:
    drawn = {name: task_xml(name) for name in ("a", "b", "c") if name in flow.split()} | drawn
    deployed(**{f"{key}.bpmn": xml(flow, drawn, LETTER, key)})


def start(database: Database, key: str, business_key: str, **values: Any) -> str:
    with database.transaction() as session:
        definition = deployments.latest(session, key)
        return instances.start(session, definition, SYSTEM, values, business_key=business_key).id


def work(database: Database) -> None:
    """Everything that is due, and what comes of it, with no rest after a failure."""
    while worker.work(database, "w"):
        with database.transaction() as session:
            session.execute(update(Job).values(lock_until=None))


def at(database: Database, case: str) -> list[str]:
    """The steps that are open."""
    with database.reading() as session:
        return [task.element_id for task in tasks.find(session, instance_id=case)]


def values(database: Database, case: str) -> dict[str, Any]:
    with database.reading() as session:
        return gate.variables(session, case)


def cases(database: Database, key: str) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(ProcessInstance.id).where(ProcessInstance.definition_key == key)))


def stopped(database: Database, case: str) -> list[str]:
    with database.reading() as session:
        return [found.id for found in incidents.find(session, instance_id=case)]
