"""Rows without the bookkeeping of a session, which costs more than the database itself: for every step."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Insert, Table, Update, bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from service.store.models import Base

Row = Mapping[str, Any]
"""Values by the name of their column; the row of what is added may leave out what has a default."""


@cache
def table(model: type[Base]) -> Table:
    """The table of a model, for statements that give plain rows."""
    return cast(Table, model.__table__)


def add(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    """Adds rows, all with one statement; each names the same columns."""
    if rows:
        session.execute(_insert(model), rows)


def put(session: Session, model: type[Base], rows: Sequence[Row], columns: tuple[str, ...]) -> None:
    """Adds rows as `add` does; of those whose key is there already only these columns are set."""
    if rows:
        session.execute(_upsert(model, columns, session.get_bind().dialect.name), rows)


def change(session: Session, model: type[Base], id_: str, **values: Any) -> None:
    """Sets columns of the row with this id; a row that the session has loaded does not learn of it."""
    session.execute(_update(model), {"row": id_, **values})


@cache
def _insert(model: type[Base]) -> Insert:
    return insert(table(model))


@cache
def _upsert(model: type[Base], columns: tuple[str, ...], dialect: str) -> Insert:
    adding = sqlite.insert(table(model)) if dialect == "sqlite" else postgresql.insert(table(model))
    new = {name: adding.excluded[name] for name in columns}
    return adding.on_conflict_do_update(index_elements=list(table(model).primary_key), set_=new)


@cache
def _update(model: type[Base]) -> Update:
    return update(table(model)).where(table(model).c.id == bindparam("row"))
