"""The first schema: identity, repository, runtime and history."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT = sa.Text()
MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.Integer()
FLAG = sa.Boolean()


def upgrade() -> None:
    """Every table, in the order in which they refer to one another."""
    _identity()
    _repository()
    _runtime()
    _history()


def _needed(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]


def _optional(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=True) for name in names]


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")


def _identity() -> None:
    op.create_table(
        "person",
        *_needed(TEXT, "id", "name", "email", "password_hash", "stamp"),
        *_needed(FLAG, "admin", "active"),
        *_needed(MOMENT, "created_at"),
        _key("person", "id"),
    )
    op.create_table(
        "position",
        *_needed(TEXT, "id", "name", "office"),
        _key("position", "id"),
    )
    op.create_table(
        "holding",
        *_needed(TEXT, "id", "person_id", "position_id"),
        *_needed(MOMENT, "since"),
        *_optional(MOMENT, "until"),
        _key("holding", "id"),
        _refers("holding", "person_id", "person"),
        _refers("holding", "position_id", "position"),
    )
    op.create_index("ix_holding_person_id", "holding", ["person_id"])
    op.create_index("ix_holding_position_id", "holding", ["position_id"])


def _repository() -> None:
    op.create_table(
        "deployment",
        *_needed(TEXT, "id", "name", "source", "deployed_by"),
        *_needed(MOMENT, "deployed_at"),
        _key("deployment", "id"),
    )
    op.create_index("ix_deployment_deployed_at", "deployment", ["deployed_at"])
    op.create_index("ix_deployment_name", "deployment", ["name"])
    op.create_table(
        "resource",
        *_needed(TEXT, "id", "deployment_id", "name", "sha256"),
        *_needed(sa.LargeBinary(), "content"),
        _key("resource", "id"),
        _unique("resource", "deployment_id", "name"),
        _refers("resource", "deployment_id", "deployment"),
    )
    op.create_table(
        "process_definition",
        *_needed(TEXT, "id", "key", "name", "office", "deployment_id", "resource_name", "starters"),
        *_needed(NUMBER, "version"),
        _key("process_definition", "id"),
        _unique("process_definition", "key", "version"),
        _refers("process_definition", "deployment_id", "deployment"),
    )
    op.create_index("ix_process_definition_deployment_id", "process_definition", ["deployment_id"])
    op.create_table(
        "form_definition",
        *_needed(TEXT, "id", "key", "deployment_id", "resource_name"),
        *_needed(NUMBER, "version"),
        _key("form_definition", "id"),
        _unique("form_definition", "key", "version"),
        _refers("form_definition", "deployment_id", "deployment"),
    )
    op.create_index("ix_form_definition_deployment_id", "form_definition", ["deployment_id"])


def _runtime() -> None:
    op.create_table(
        "process_instance",
        *_needed(
            TEXT,
            "id",
            "definition_id",
            "definition_key",
            "business_key",
            "title",
            "status",
            "started_by",
            "head",
            "state",
            "variables",
        ),
        *_needed(MOMENT, "started_at"),
        *_optional(MOMENT, "ended_at"),
        *_optional(TEXT, "end_element", "end_name"),
        *_needed(NUMBER, "events", "version"),
        _key("process_instance", "id"),
        _refers("process_instance", "definition_id", "process_definition"),
    )
    op.create_index("ix_process_instance_business_key", "process_instance", ["business_key"])
    op.create_index("ix_process_instance_definition_id", "process_instance", ["definition_id"])
    op.create_index("ix_process_instance_key", "process_instance", ["definition_key", "business_key"])
    op.create_index("ix_process_instance_started_at", "process_instance", ["started_at"])
    op.create_index("ix_process_instance_status", "process_instance", ["status"])
    op.create_table(
        "user_task",
        *_needed(TEXT, "id", "instance_id", "element_id", "name", "lane", "item", "status", "locals"),
        *_needed(NUMBER, "turn"),
        *_needed(FLAG, "returned"),
        *_optional(TEXT, "assignee", "completed_by"),
        *_needed(MOMENT, "created_at"),
        *_optional(MOMENT, "due_at", "claimed_at", "ended_at"),
        _key("user_task", "id"),
        _refers("user_task", "assignee", "person"),
        _refers("user_task", "instance_id", "process_instance"),
    )
    op.create_index("ix_user_task_created_at", "user_task", ["created_at"])
    op.create_index("ix_user_task_instance_id", "user_task", ["instance_id"])
    op.create_index("ix_user_task_open", "user_task", ["status", "assignee"])
    op.create_table(
        "candidate",
        *_needed(TEXT, "task_id", "kind", "name"),
        _key("candidate", "task_id", "kind", "name"),
        _refers("candidate", "task_id", "user_task"),
    )
    op.create_index("ix_candidate_name", "candidate", ["kind", "name"])
    op.create_table(
        "subscription",
        *_needed(TEXT, "id", "instance_id", "kind", "name", "element_id", "element_name"),
        *_needed(MOMENT, "created_at"),
        _key("subscription", "id"),
        _refers("subscription", "instance_id", "process_instance"),
    )
    op.create_index("ix_subscription_instance_id", "subscription", ["instance_id"])
    op.create_index("ix_subscription_name", "subscription", ["kind", "name"])
    op.create_table(
        "job",
        *_needed(TEXT, "id", "kind", "instance_id", "element_id"),
        *_needed(MOMENT, "due_at", "created_at"),
        *_needed(NUMBER, "retries"),
        *_optional(TEXT, "lock_owner", "error"),
        *_optional(MOMENT, "lock_until"),
        _key("job", "id"),
        _refers("job", "instance_id", "process_instance"),
    )
    op.create_index("ix_job_due", "job", ["due_at", "retries"])
    op.create_index("ix_job_instance_id", "job", ["instance_id"])
    op.create_table(
        "incident",
        *_needed(TEXT, "id", "instance_id", "kind", "element_id", "sentence", "details", "opened_for"),
        *_optional(TEXT, "task_id", "job_id", "parked"),
        *_needed(MOMENT, "opened_at"),
        *_optional(MOMENT, "resolved_at"),
        _key("incident", "id"),
        _refers("incident", "instance_id", "process_instance"),
    )
    op.create_index("ix_incident_instance_id", "incident", ["instance_id"])
    op.create_table(
        "document",
        *_needed(TEXT, "id", "sha256", "name", "media_type", "sent_by", "task_id", "field"),
        *_needed(NUMBER, "size"),
        *_needed(MOMENT, "sent_at"),
        *_optional(TEXT, "instance_id"),
        _key("document", "id"),
        _refers("document", "instance_id", "process_instance"),
    )
    op.create_index("ix_document_instance_id", "document", ["instance_id"])
    op.create_index("ix_document_sha256", "document", ["sha256"])
    op.create_index("ix_document_task_id", "document", ["task_id"])
    op.create_table(
        "sequence",
        *_needed(TEXT, "name"),
        *_needed(NUMBER, "last"),
        _key("sequence", "name"),
    )


def _history() -> None:
    op.create_table(
        "history_event",
        *_needed(TEXT, "instance_id", "kind", "actor", "element_id", "element_name", "details", "hash"),
        *_needed(NUMBER, "seq"),
        *_needed(MOMENT, "at"),
        *_optional(TEXT, "task_id"),
        _key("history_event", "instance_id", "seq"),
        _refers("history_event", "instance_id", "process_instance"),
    )
    op.create_table(
        "activity_instance",
        *_needed(TEXT, "id", "instance_id", "element_id", "name", "kind", "lane", "actor"),
        *_needed(NUMBER, "order"),
        *_needed(MOMENT, "started_at"),
        *_optional(MOMENT, "ended_at"),
        *_needed(FLAG, "cancelled"),
        *_optional(TEXT, "task_id"),
        _key("activity_instance", "id"),
        _refers("activity_instance", "instance_id", "process_instance"),
    )
    op.create_index("ix_activity_instance", "activity_instance", ["instance_id", "started_at"])
