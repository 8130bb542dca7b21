"""The tables of running cases that are taken to another revision, many at once."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.store.models.base import Base, Values, id_column, now
from service.store.models.runtime import ProcessInstance


class Batch(Base):
    """Cases of one revision that go over to another; `plan` says which element becomes which."""

    __tablename__ = "batch"

    id: Mapped[str] = id_column()
    source_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"), index=True)
    target_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"), index=True)
    plan: Mapped[dict[str, Any]] = mapped_column(Values, default=dict)
    reason: Mapped[str] = mapped_column(default="")
    started_by: Mapped[str] = mapped_column(default="")
    started_at: Mapped[datetime] = mapped_column(default=now)


class BatchCase(Base):
    """One case of a batch. `status` is waiting, done or refused, and then why, as a Message."""

    __tablename__ = "batch_case"

    batch_id: Mapped[str] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    status: Mapped[str] = mapped_column(default="waiting")
    sentence: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(Values, default=dict)
    ended_at: Mapped[datetime | None]
    instance: Mapped[ProcessInstance] = relationship()
