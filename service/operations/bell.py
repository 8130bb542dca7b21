"""Wakes whoever waits in this process for new work, at the moment when it has been committed."""

from threading import Condition

from sqlalchemy import event
from sqlalchemy.orm import Session


class Bell:
    """Rings for everybody at once; who begins to wait after a ring that they have not heard is not missed.

    Safe to share between threads. Who is woken in vain looks, and waits again.
    """

    def __init__(self) -> None:
        self._condition = Condition()
        self._rung = 0

    @property
    def rung(self) -> int:
        """How often it has rung; to be asked before one looks for work."""
        return self._rung

    def ring(self) -> None:
        """Wakes everybody."""
        with self._condition:
            self._rung += 1
            self._condition.notify_all()

    def wait(self, heard: int, seconds: float) -> None:
        """Returns when it has rung more often than `heard`, or after so many seconds."""
        with self._condition:
            self._condition.wait_for(lambda: self._rung != heard, timeout=seconds)


NEW_WORK = Bell()
"""Rings when an external task can be fetched that could not be fetched before."""


def ring_after(session: Session) -> None:
    """Rings once this session's work is committed; what is undone wakes nobody."""
    event.listen(session, "after_commit", _ring, once=True)


def _ring(_: Session) -> None:
    NEW_WORK.ring()
