"""Indexes for the inbox, and for how often a step has come up."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """What a person may do is found from their side, and the open tasks among all that ever were."""
    op.drop_index("ix_candidate_name", "candidate")
    op.create_index("ix_candidate_offer", "candidate", ["kind", "name", "task_id"])
    op.drop_index("ix_user_task_instance_id", "user_task")
    op.create_index("ix_user_task_turn", "user_task", ["instance_id", "element_id", "item", "turn"])
    _of_open("ix_user_task_held", ["assignee", "created_at"], " AND assignee IS NOT NULL")
    _of_open("ix_user_task_waiting", ["created_at", "id"])


def _of_open(name: str, columns: list[str], more: str = "") -> None:
    where = sa.text(f"status = 'open'{more}")
    op.create_index(name, "user_task", columns, sqlite_where=where, postgresql_where=where)
