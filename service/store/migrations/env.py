"""Runs the migrations inside the transaction of `Database.migrate`; Alembic loads this file by its name."""

from alembic import context

from service.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
)
context.run_migrations()
