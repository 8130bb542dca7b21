"""Lets time pass for what is deployed: every moment that rows tell of lies further back."""

from datetime import timedelta

from sqlalchemy import select

from service.store.database import Database
from service.store.models import DefinitionEvent, Job, ProcessDefinition

DAY = timedelta(days=1)


def pass_time(database: Database, past: timedelta = DAY) -> None:
    """As if this long had gone by."""
    with database.transaction() as session:
        for definition in session.scalars(select(ProcessDefinition)).all():
            if definition.effective_at is not None:
                definition.effective_at -= past
        for job in session.scalars(select(Job)).all():
            job.due_at -= past
        for event in session.scalars(select(DefinitionEvent)).all():
            event.at -= past
