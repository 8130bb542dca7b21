"""The tables of what happened, when, and by whom: added to, never changed, but for a visit's end."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from service.store.models.base import Base, Values, id_column


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

    id: Mapped[str] = id_column()
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
