"""Called cases, jobs of every kind, messages that come early, request keys and decisions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TEXT = sa.Text()
MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.Integer()


def upgrade() -> None:
    """Adds columns in place: other tables refer to the cases, so that one cannot be made anew on SQLite."""
    _calls()
    _jobs()
    _messages()
    _requests()
    _decisions()


def _calls() -> None:
    for column in ("root_id", "parent_id"):
        op.execute(
            f"ALTER TABLE process_instance ADD COLUMN {column} TEXT "
            f"CONSTRAINT fk_process_instance_{column} REFERENCES process_instance (id)"
        )
        op.create_index(f"ix_process_instance_{column}", "process_instance", [column])
    op.add_column("process_instance", sa.Column("parent_wait", TEXT))


def _jobs() -> None:
    with op.batch_alter_table("job") as job:
        job.alter_column("instance_id", existing_type=TEXT, nullable=True)
        for name in ("definition_id", "topic", "payload", "error_details"):
            job.add_column(sa.Column(name, TEXT))
        job.add_column(sa.Column("priority", NUMBER))
        job.create_foreign_key("fk_job_definition_id", "process_definition", ["definition_id"], ["id"])
    op.execute("UPDATE job SET priority = 0, payload = '{}'")
    with op.batch_alter_table("job") as job:
        job.alter_column("priority", existing_type=NUMBER, nullable=False)
        job.alter_column("payload", existing_type=TEXT, nullable=False)
    op.create_index("ix_job_definition_id", "job", ["definition_id"])
    op.create_index("ix_job_topic", "job", ["kind", "topic", "due_at"])


def _messages() -> None:
    op.create_table(
        "message",
        *(sa.Column(name, TEXT, nullable=False) for name in ("id", "name", "keys", "values", "sent_by")),
        *(sa.Column(name, TEXT) for name in ("business_key", "message_id", "delivered_to")),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("name", "message_id", name="uq_message_name_message_id"),
    )
    op.create_index("ix_message_waiting", "message", ["name", "business_key"])
    op.create_index("ix_message_expires_at", "message", ["expires_at"])


def _requests() -> None:
    needed = ("actor", "key", "fingerprint", "media_type", "headers")
    op.create_table(
        "request_key",
        *(sa.Column(name, TEXT, nullable=False) for name in needed),
        sa.Column("status", NUMBER),
        sa.Column("body", TEXT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name="pk_request_key"),
    )
    op.create_index("ix_request_key_created_at", "request_key", ["created_at"])


def _decisions() -> None:
    needed = ("id", "key", "name", "deployment_id", "resource_name")
    op.create_table(
        "decision_definition",
        *(sa.Column(name, TEXT, nullable=False) for name in needed),
        sa.Column("version", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decision_definition"),
        sa.UniqueConstraint("key", "version", name="uq_decision_definition_key_version"),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name="fk_decision_definition_deployment_id"
        ),
    )
    op.create_index("ix_decision_definition_deployment_id", "decision_definition", ["deployment_id"])
