"""The tables of who there is, which position (jabatan) they hold, and the tokens of their programs."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.store.models.base import Base, id_column, new_id, now


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

    id: Mapped[str] = id_column()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    position_id: Mapped[str] = mapped_column(ForeignKey("position.id"), index=True)
    since: Mapped[datetime] = mapped_column(default=now)
    until: Mapped[datetime | None]
    person: Mapped[Person] = relationship()
    position: Mapped[Position] = relationship()


class AccessToken(Base):
    """What a program shows instead of a person's password; only the SHA-256 of it is kept."""

    __tablename__ = "access_token"

    id: Mapped[str] = id_column()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime | None]
