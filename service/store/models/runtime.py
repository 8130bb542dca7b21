"""The tables of the frozen instances, with rows for what each waits for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.store.models.base import Base, Values, id_column, now
from service.store.models.repository import ProcessDefinition
from service.store.models.variables import VariablesText

TRIES = 3
"""How often a job is tried before it is an incident."""


OPEN = "status = 'open'"


def _where(condition: str) -> dict[str, Any]:
    """What an index needs that holds only some of the rows."""
    return {f"{dialect}_where": text(condition) for dialect in ("sqlite", "postgresql")}


class ProcessInstance(Base):
    """One case. `status` is active, suspended, completed or cancelled.

    `state` is the frozen execution and `variables` the case's values; both are read only by the
    gate. `head` and `events` are the end and the length of the history's hash chain. A called case
    has a `parent_id`, the wait there that is its call, and the `root_id` of the case at the top:
    whoever locks a called case locks that one first.
    """

    __tablename__ = "process_instance"
    __table_args__ = (Index("ix_process_instance_key", "definition_key", "business_key"),)

    id: Mapped[str] = id_column()
    definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"), index=True)
    definition_key: Mapped[str]
    root_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    parent_wait: Mapped[str | None]
    business_key: Mapped[str] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="active", index=True)
    started_at: Mapped[datetime] = mapped_column(default=now, index=True)
    started_by: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
    end_element: Mapped[str | None]
    end_name: Mapped[str | None]
    head: Mapped[str] = mapped_column(default="")
    events: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(Text, default="", deferred=True, deferred_group="frozen")
    variables: Mapped[Mapping[str, Any]] = mapped_column(
        VariablesText, default=dict, deferred=True, deferred_group="frozen"
    )
    definition: Mapped[ProcessDefinition] = relationship()

    __mapper_args__ = {"version_id_col": version}


class UserTask(Base):
    """Work that waits for a person. `status` is open, completed or cancelled; the id is the wait's.

    `turn` counts how often this step has come up in the case, and `returned` says that it came back
    from a later step: a draft that is sent back is returned, its next review is only another turn.
    `item` says which one of several it is (a person's name, or a number), and `locals` what only
    this one sees, both for multi-instance.
    """

    __tablename__ = "user_task"
    __table_args__ = (
        Index("ix_user_task_open", "status", "assignee"),
        Index("ix_user_task_turn", "instance_id", "element_id", "item", "turn"),
        Index(
            "ix_user_task_held",
            "assignee",
            "created_at",
            **_where("status = 'open' AND assignee IS NOT NULL"),
        ),
        Index("ix_user_task_waiting", "created_at", "id", **_where("status = 'open'")),
    )

    id: Mapped[str] = id_column()
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    element_id: Mapped[str]
    name: Mapped[str]
    lane: Mapped[str] = mapped_column(default="")
    item: Mapped[str] = mapped_column(default="")
    turn: Mapped[int] = mapped_column(default=1)
    returned: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(default="open")
    assignee: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    due_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    completed_by: Mapped[str | None]
    locals: Mapped[dict[str, Any]] = mapped_column(Values, default=dict)
    instance: Mapped[ProcessInstance] = relationship()
    candidates: Mapped[list["Candidate"]] = relationship(
        back_populates="task", cascade="all, delete-orphan", lazy="selectin"
    )


class Candidate(Base):
    """Who may do a task: `kind` is group (a position's id) or user (a person's id)."""

    __tablename__ = "candidate"
    __table_args__ = (Index("ix_candidate_offer", "kind", "name", "task_id"),)

    task_id: Mapped[str] = mapped_column(ForeignKey("user_task.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    task: Mapped[UserTask] = relationship(back_populates="candidates")


class Subscription(Base):
    """An instance waits for a message or signal; the id is the wait's, `kind` message or signal."""

    __tablename__ = "subscription"
    __table_args__ = (Index("ix_subscription_name", "kind", "name"),)

    id: Mapped[str] = id_column()
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    element_id: Mapped[str]
    element_name: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    instance: Mapped[ProcessInstance] = relationship()


class Job(Base):
    """Something that must be done when it is due; the id of a timer's or an external task's is its wait's.

    `kind` is timer, external (a worker elsewhere fetches it by its `topic`), message or signal (to
    be delivered), start (a definition's own timer), effect (the day of a revision), migrate (a case of a
    batch), call or return (of a called case). With no retries left it is an incident. `payload` is what
    its kind needs.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_due", "due_at", "retries"),
        Index("ix_job_topic", "kind", "topic", "due_at"),
    )

    id: Mapped[str] = id_column()
    kind: Mapped[str]
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    definition_id: Mapped[str | None] = mapped_column(ForeignKey("process_definition.id"), index=True)
    element_id: Mapped[str]
    topic: Mapped[str | None]
    priority: Mapped[int] = mapped_column(default=0)
    payload: Mapped[dict[str, Any]] = mapped_column(Values, default=dict)
    due_at: Mapped[datetime]
    retries: Mapped[int] = mapped_column(default=TRIES)
    lock_owner: Mapped[str | None]
    lock_until: Mapped[datetime | None]
    error: Mapped[str | None]
    error_details: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    instance: Mapped[ProcessInstance | None] = relationship()


class EarlyMessage(Base):
    """A message that came before anybody waited for it, or whose id must not come again.

    It is kept until `expires_at`; once it is delivered only its id is still of use.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("name", "message_id"),
        Index("ix_message_waiting", "name", "business_key"),
    )

    id: Mapped[str] = id_column()
    name: Mapped[str]
    business_key: Mapped[str | None]
    keys: Mapped[dict[str, Any]] = mapped_column(Values, default=dict)
    values: Mapped[dict[str, Any]] = mapped_column(Values, default=dict)
    message_id: Mapped[str | None]
    sent_by: Mapped[str] = mapped_column(default="")
    received_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    delivered_to: Mapped[str | None]


class RequestKey(Base):
    """A command that a client named, so that it is done once: the answer that it got the first time."""

    __tablename__ = "request_key"

    actor: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int | None]
    media_type: Mapped[str] = mapped_column(default="")
    body: Mapped[str | None] = mapped_column(Text)
    headers: Mapped[dict[str, Any]] = mapped_column(Values, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)


class Incident(Base):
    """An instance that needs an operator.

    `sentence` and `details` are a Message; `parked` keeps a person's work.
    """

    __tablename__ = "incident"

    id: Mapped[str] = id_column()
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    kind: Mapped[str]
    element_id: Mapped[str] = mapped_column(default="")
    task_id: Mapped[str | None]
    job_id: Mapped[str | None]
    sentence: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(Values, default=dict)
    parked: Mapped[Any | None] = mapped_column(Values)
    opened_at: Mapped[datetime] = mapped_column(default=now)
    opened_for: Mapped[str] = mapped_column(default="")
    resolved_at: Mapped[datetime | None]
    instance: Mapped[ProcessInstance] = relationship()


class Document(Base):
    """A file that somebody sent; the bytes lie in the document store under `sha256`.

    `instance_id` is empty until the form it was sent with is accepted; `task_id` is the task or
    `start:<key>` whose form it came with.
    """

    __tablename__ = "document"

    id: Mapped[str] = id_column()
    sha256: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sent_by: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(default=now)
    task_id: Mapped[str] = mapped_column(index=True)
    field: Mapped[str]
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"), index=True)


class Sequence(Base):
    """A running number: the last one drawn under a name."""

    __tablename__ = "sequence"

    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]
