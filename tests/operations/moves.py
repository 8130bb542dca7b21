"""Processes and steps that the tests of cases, tasks, messages and jobs share."""

from collections.abc import Callable
from typing import Any

from service.operations import deployments, instances, tasks
from service.operations.deployments import Deployed
from service.operations.identity import SYSTEM, Actor
from service.store.database import Database
from service.store.models import UserTask

Deploy = Callable[..., Deployed]
People = Callable[..., Actor]

GROUP = 'camunda:candidateGroups="ptsp"'
REVIEW = (
    '<bpmn:userTask id="konsep" name="Membuat konsep" camunda:candidateGroups="korpel"/>',
    '<bpmn:userTask id="periksa" name="Memeriksa konsep" camunda:candidateGroups="kasubbag"/>',
)
LOOP = "start -> x1 -> konsep -> periksa -> x2; x2 -> x1 [=not(setuju)]; x2 -> end [default]"
CATCH = (
    '<bpmn:intermediateCatchEvent id="tunggu" name="Kartu datang">'
    '<bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateCatchEvent>'
)


def task_xml(element: str, attributes: str = GROUP) -> str:
    return f'<bpmn:userTask id="{element}" name="Langkah {element}" {attributes}/>'


def timer(text: str) -> str:
    return (
        '<bpmn:intermediateCatchEvent id="tunggu"><bpmn:timerEventDefinition><bpmn:timeDuration>'
        f"{text}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )


def begin(database: Database, key: str, actor: Actor = SYSTEM, **values: Any) -> str:
    with database.transaction() as session:
        return instances.start(session, deployments.latest(session, key), actor, values).id


def open_task(database: Database, case: str, element: str | None = None) -> UserTask:
    with database.reading() as session:
        return tasks.find(session, instance_id=case, element_id=element)[0]


def complete(database: Database, case: str, actor: Actor = SYSTEM, **values: Any) -> str:
    with database.transaction() as session:
        return tasks.complete(session, open_task(database, case).id, actor, values).status
