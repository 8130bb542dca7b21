"""Revisions that take effect on a day, files under examination, access tokens, and batches of cases."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TEXT = sa.Text()
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """What was deployed until now has been in force since its day."""
    _revisions()
    _uploads()
    _tokens()
    _batches()


def _revisions() -> None:
    op.add_column("process_definition", sa.Column("effective_at", MOMENT))
    for name, value in (("status", "approved"), ("approvers", "[]")):
        column = sa.Column(name, TEXT, nullable=False, server_default=value)
        op.add_column("process_definition", column)
    op.execute(
        "UPDATE process_definition SET effective_at = "
        "(SELECT deployed_at FROM deployment WHERE deployment.id = process_definition.deployment_id)"
    )
    op.create_index("ix_process_definition_effective", "process_definition", ["key", "effective_at"])
    op.create_table(
        "definition_event",
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("definition_id", TEXT, sa.ForeignKey("process_definition.id"), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("details", TEXT, nullable=False),
    )
    op.create_index("ix_definition_event", "definition_event", ["definition_id", "at"])


def _uploads() -> None:
    op.create_table(
        "upload",
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("sent_by", TEXT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
    )
    op.create_index("ix_upload_sent_at", "upload", ["sent_at"])
    op.create_table(
        "upload_file",
        sa.Column("upload_id", TEXT, sa.ForeignKey("upload.id"), primary_key=True),
        sa.Column("name", TEXT, primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("repairs", TEXT, nullable=False),
    )


def _tokens() -> None:
    op.create_table(
        "access_token",
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("person_id", TEXT, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False, unique=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT),
    )
    op.create_index("ix_access_token_person_id", "access_token", ["person_id"])


def _batches() -> None:
    op.create_table(
        "batch",
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("source_id", TEXT, sa.ForeignKey("process_definition.id"), nullable=False),
        sa.Column("target_id", TEXT, sa.ForeignKey("process_definition.id"), nullable=False),
        sa.Column("plan", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("started_by", TEXT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
    )
    for column in ("source_id", "target_id"):
        op.create_index(f"ix_batch_{column}", "batch", [column])
    op.create_table(
        "batch_case",
        sa.Column("batch_id", TEXT, sa.ForeignKey("batch.id"), primary_key=True),
        sa.Column("instance_id", TEXT, sa.ForeignKey("process_instance.id"), primary_key=True),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("sentence", TEXT, nullable=False),
        sa.Column("details", TEXT, nullable=False),
        sa.Column("ended_at", MOMENT),
    )
