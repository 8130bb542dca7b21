"""Proves that histories are as they were written: which cases there are to look at, a page at a time."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service.operations import history
from service.store.models import ProcessInstance

PAGE = 200
"""Cases in one view of the database, so that a long run holds up no writer."""

Proof = tuple[ProcessInstance, int | None]
"""A case, and the number of the first event that is not as it was written; None if all are."""


def named(session: Session, name: str) -> list[Proof]:
    """The cases with this id or business key; several may have the same key."""
    query = select(ProcessInstance).where(
        or_(ProcessInstance.id == name, ProcessInstance.business_key == name)
    )
    return _proven(session, session.scalars(query.order_by(ProcessInstance.id)).all())


def page(session: Session, after: str = "") -> list[Proof]:
    """The next cases after this id, in the order of their ids."""
    query = select(ProcessInstance).where(ProcessInstance.id > after).order_by(ProcessInstance.id)
    return _proven(session, session.scalars(query.limit(PAGE)).all())


def _proven(session: Session, cases: Sequence[ProcessInstance]) -> list[Proof]:
    return [(case, history.verify(session, case.id)) for case in cases]
