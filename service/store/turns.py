"""A lock that serves whoever waits in the order they came."""

from collections import deque
from contextlib import suppress
from threading import Lock, get_ident
from types import TracebackType

from service.errors import Busy


class Turns:
    """One holder at a time, first come first served; `Busy` for who waited `patience` seconds.

    SQLite's own waiting is a lottery: under load it starves a writer for seconds on end.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._door = Lock()
        self._waiting: deque[Lock] = deque()
        self._holder: int | None = None

    def __enter__(self) -> None:
        if self._holder == get_ident():
            raise RuntimeError("this thread has the turn already: a transaction inside a transaction")
        with self._door:
            if self._holder is None:
                self._holder = get_ident()
                return
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        self._wait(mine)
        self._holder = get_ident()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._door:
            self._pass_on()

    def _wait(self, mine: Lock) -> None:
        served = False
        try:
            served = mine.acquire(timeout=self._patience)
        finally:
            if not served:
                self._leave(mine)
        if not served:
            raise Busy("store.busy")

    def _leave(self, mine: Lock) -> None:
        """Out of the queue; if the turn came in this very moment, it goes to the next."""
        with self._door:
            if mine.locked():
                with suppress(ValueError):
                    self._waiting.remove(mine)
            else:
                self._pass_on()

    def _pass_on(self) -> None:
        """The next one holds it from now, even before it runs; `-1` stands in until it says who it is."""
        if self._waiting:
            self._holder = -1
            self._waiting.popleft().release()
        else:
            self._holder = None
