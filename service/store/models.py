"""The tables, in four families: repository, runtime, history and identity."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import DateTime, ForeignKey, Index, LargeBinary, MetaData, Text, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from service import values


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC and given back in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value!r} does not say in which zone it is")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)


class Words(TypeDecorator[str]):
    """A text that both databases can keep; InvalidInput for NUL and lone surrogates."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value and values.text(value)


class Values(TypeDecorator[Any]):
    """Process values as JSON text: never a database's own JSON type, which reorders keys."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else values.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else values.loads(value)

    def compare_values(self, x: Any, y: Any) -> bool:
        """By how they are written: for `==` 1, 1.0 and True are one, and the change would be lost."""
        return repr(x) == repr(y)


class Base(DeclarativeBase):
    """Texts have no length limit on either database; ids are text UUIDs."""

    type_annotation_map = {datetime: UtcDateTime, str: Words, bytes: LargeBinary}
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def new_id() -> str:
    """A fresh text UUID."""
    return str(uuid4())


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


def _id() -> Mapped[str]:
    return mapped_column(primary_key=True, default=new_id)


# Identity: who there is, and which position (jabatan) they hold.


class Person(Base):
    """Somebody who signs in; the id is the login name. `stamp` changes when sessions must end."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str]
    admin: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    stamp: Mapped[str] = mapped_column(default=new_id)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Position(Base):
    """A jabatan. The id is its candidate group: `<office>.<name>` in slugs, or the name's alone."""

    __tablename__ = "position"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    office: Mapped[str] = mapped_column(default="")


class Holding(Base):
    """A person holds a position from a moment until another, or until further notice."""

    __tablename__ = "holding"

    id: Mapped[str] = _id()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    position_id: Mapped[str] = mapped_column(ForeignKey("position.id"), index=True)
    since: Mapped[datetime] = mapped_column(default=now)
    until: Mapped[datetime | None]
    person: Mapped[Person] = relationship()
    position: Mapped[Position] = relationship()


# Repository: what was deployed, byte for byte.


class Deployment(Base):
    """One set of files that came together."""

    __tablename__ = "deployment"

    id: Mapped[str] = _id()
    name: Mapped[str] = mapped_column(index=True)
    source: Mapped[str] = mapped_column(default="")
    deployed_at: Mapped[datetime] = mapped_column(default=now, index=True)
    deployed_by: Mapped[str] = mapped_column(default="")


class Resource(Base):
    """One file of a deployment."""

    __tablename__ = "resource"
    __table_args__ = (UniqueConstraint("deployment_id", "name"),)

    id: Mapped[str] = _id()
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"))
    name: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)


class ProcessDefinition(Base):
    """One executable process of a deployed file; the id is `key:version:uuid`."""

    __tablename__ = "process_definition"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    version: Mapped[int]
    name: Mapped[str]
    office: Mapped[str] = mapped_column(default="")
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"), index=True)
    resource_name: Mapped[str]
    starters: Mapped[list[str]] = mapped_column(Values, default=list)
    deployment: Mapped[Deployment] = relationship()


class FormDefinition(Base):
    """One version of a form; forms are found by key, and by deployment or version."""

    __tablename__ = "form_definition"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[str] = _id()
    key: Mapped[str]
    version: Mapped[int]
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"), index=True)
    resource_name: Mapped[str]


# Runtime: the frozen instance, and rows for what it waits for.


class ProcessInstance(Base):
    """One case. `status` is active, suspended, completed or cancelled.

    `state` is the frozen execution and `variables` the case's values; both are read only by the
    gate. `head` and `events` are the end and the length of the history's hash chain.
    """

    __tablename__ = "process_instance"
    __table_args__ = (Index("ix_process_instance_key", "definition_key", "business_key"),)

    id: Mapped[str] = _id()
    definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"), index=True)
    definition_key: Mapped[str]
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
    variables: Mapped[dict[str, Any]] = mapped_column(
        Values, default=dict, deferred=True, deferred_group="frozen"
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
    __table_args__ = (Index("ix_user_task_open", "status", "assignee"),)

    id: Mapped[str] = _id()
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
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
    __table_args__ = (Index("ix_candidate_name", "kind", "name"),)

    task_id: Mapped[str] = mapped_column(ForeignKey("user_task.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    task: Mapped[UserTask] = relationship(back_populates="candidates")


class Subscription(Base):
    """An instance waits for a message or signal; the id is the wait's, `kind` message or signal."""

    __tablename__ = "subscription"
    __table_args__ = (Index("ix_subscription_name", "kind", "name"),)

    id: Mapped[str] = _id()
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    element_id: Mapped[str]
    element_name: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    instance: Mapped[ProcessInstance] = relationship()


class Job(Base):
    """Something the worker must do when it is due; a timer's id is its wait's.

    With no retries left it is an incident.
    """

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "due_at", "retries"),)

    id: Mapped[str] = _id()
    kind: Mapped[str]
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    element_id: Mapped[str]
    due_at: Mapped[datetime]
    retries: Mapped[int] = mapped_column(default=3)
    lock_owner: Mapped[str | None]
    lock_until: Mapped[datetime | None]
    error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    instance: Mapped[ProcessInstance] = relationship()


class Incident(Base):
    """An instance that needs an operator.

    `sentence` and `details` are a Message; `parked` keeps a person's work.
    """

    __tablename__ = "incident"

    id: Mapped[str] = _id()
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


class Document(Base):
    """A file that somebody sent; the bytes lie in the document store under `sha256`.

    `instance_id` is empty until the form it was sent with is accepted; `task_id` is the task or
    `start:<definition id>` whose form it came with.
    """

    __tablename__ = "document"

    id: Mapped[str] = _id()
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


# History: what happened, when, and by whom. Rows are added, never changed, but for an activity's end.


class HistoryEvent(Base):
    """One event of a case, chained by hash: `hash` = SHA-256 of the hash before and this row's words."""

    __tablename__ = "history_event"

    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(default="")
    element_id: Mapped[str] = mapped_column(default="")
    element_name: Mapped[str] = mapped_column(default="")
    task_id: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(Values, default=dict)
    hash: Mapped[str]


class ActivityInstance(Base):
    """One visit of an element, from entering to leaving it; `ended_at` is empty while it waits."""

    __tablename__ = "activity_instance"
    __table_args__ = (Index("ix_activity_instance", "instance_id", "started_at"),)

    id: Mapped[str] = _id()
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    element_id: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    lane: Mapped[str] = mapped_column(default="")
    order: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    cancelled: Mapped[bool] = mapped_column(default=False)
    actor: Mapped[str] = mapped_column(default="")
    task_id: Mapped[str | None]
