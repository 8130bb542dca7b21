"""The tables of what was deployed, byte for byte, and of what becomes of each revision."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
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
    """One executable process of a deployed file: a revision of an SOP. The id is `key:version:uuid`.

    `status` is draft, approved or withdrawn. Cases begin on the approved revision of a key whose
    `effective_at` is the last that has come. `approvers` are the candidate groups of which somebody
    other than who deployed it must approve it; empty where nobody needs to.
    """

    __tablename__ = "process_definition"
    __table_args__ = (
        UniqueConstraint("key", "version"),
        Index("ix_process_definition_effective", "key", "effective_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    version: Mapped[int]
    name: Mapped[str]
    office: Mapped[str] = mapped_column(default="")
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"), index=True)
    resource_name: Mapped[str]
    starters: Mapped[list[str]] = mapped_column(Values, default=list)
    status: Mapped[str] = mapped_column(default="approved", server_default="approved")
    effective_at: Mapped[datetime | None]
    approvers: Mapped[list[str]] = mapped_column(Values, default=list, server_default="[]")
    deployment: Mapped[Deployment] = relationship()


class DefinitionEvent(Base):
    """What was done to a revision: `kind` is deployed, approved, withdrawn, restored or took_effect."""

    __tablename__ = "definition_event"
    __table_args__ = (Index("ix_definition_event", "definition_id", "at"),)

    id: Mapped[str] = id_column()
    definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"))
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    actor: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(Values, default=dict)


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


class Upload(Base):
    """Files that somebody sent to be checked, kept until they are deployed or a week has gone."""

    __tablename__ = "upload"

    id: Mapped[str] = id_column()
    name: Mapped[str] = mapped_column(default="")
    sent_by: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(default=now, index=True)
    files: Mapped[list["UploadFile"]] = relationship(
        cascade="all, delete-orphan", order_by="UploadFile.name", lazy="selectin"
    )


class UploadFile(Base):
    """One file of an upload; `repairs` are those that were done to it, as Messages in plain JSON."""

    __tablename__ = "upload_file"

    upload_id: Mapped[str] = mapped_column(ForeignKey("upload.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(deferred=True)
    repairs: Mapped[list[Any]] = mapped_column(Values, default=list)
