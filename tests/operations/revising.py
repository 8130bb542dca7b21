"""Revisions and steps that the tests of migrations share."""

from collections.abc import Callable

from service.operations import migrations
from service.operations.identity import SYSTEM, Actor
from service.operations.migrations import Plan
from service.store.database import Database
from tests.engine import drawing

Revise = Callable[..., Plan]


def step(id: str, name: str = "Langkah", group: str = "ptsp") -> str:
    attributes = f'name="{name}" camunda:candidateGroups="{group}"'
    return drawing.task(id, attributes=attributes)


def migrate(database: Database, plan: Plan, case: str, actor: Actor = SYSTEM, reason: str = "") -> None:
    with database.transaction() as session:
        migrations.migrate(session, plan, case, actor, reason)
