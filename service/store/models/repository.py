"""The tables of what was deployed, byte for byte."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.store.models.base import Base, Values, id_column, now


class Deployment(Base):
    """One set of files that came together."""

    __tablename__ = "deployment"

    id: Mapped[str] = id_column()
    name: Mapped[str] = mapped_column(index=True)
    source: Mapped[str] = mapped_column(default="")
    deployed_at: Mapped[datetime] = mapped_column(default=now, index=True)
    deployed_by: Mapped[str] = mapped_column(default="")


class Resource(Base):
    """One file of a deployment."""

    __tablename__ = "resource"
    __table_args__ = (UniqueConstraint("deployment_id", "name"),)

    id: Mapped[str] = id_column()
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

    id: Mapped[str] = id_column()
    key: Mapped[str]
    version: Mapped[int]
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"), index=True)
    resource_name: Mapped[str]


class DecisionDefinition(Base):
    """One version of a decision; found as forms are."""

    __tablename__ = "decision_definition"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    version: Mapped[int]
    name: Mapped[str] = mapped_column(default="")
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"), index=True)
    resource_name: Mapped[str]
