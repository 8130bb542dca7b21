"""Running numbers, drawn one by one inside the transaction that uses them; and turns, taken likewise."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.store.database import add_missing
from service.store.models import Sequence


def draw(session: Session, name: str) -> int:
    """The next number under this name, from 1; two who draw at once get two numbers, without a gap."""
    add_missing(session, Sequence, name=name, last=0)
    drawn: int | None = session.scalar(
        update(Sequence).where(Sequence.name == name).values(last=Sequence.last + 1).returning(Sequence.last)
    )
    assert drawn is not None
    return drawn


def hold(session: Session, name: str) -> None:
    """A turn under this name until the end of the transaction; the next one sees what was done in it."""
    add_missing(session, Sequence, name=name, last=0)
    session.execute(select(Sequence.last).where(Sequence.name == name).with_for_update())
