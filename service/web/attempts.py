"""Slows down whoever guesses passwords: a small count of failed sign-ins, in memory."""

import time
from collections.abc import Callable
from threading import Lock

LIMIT = 5
"""Failed attempts for one name from one address, before it must wait."""
WINDOW = 300.0
"""Seconds after which a failed attempt is forgotten."""


class Attempts:
    """Failed sign-ins by name and address; safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._failed: dict[tuple[str, str], list[float]] = {}

    def wait(self, login: str, address: str) -> int:
        """Seconds until the next attempt is heard; 0 when it may be made now."""
        with self._lock:
            recent = self._recent((login, address))
            if len(recent) < LIMIT:
                return 0
            return int(recent[-LIMIT] + WINDOW - self._clock()) + 1

    def failed(self, login: str, address: str) -> None:
        """One more failed attempt; also forgets everybody's old ones, so that memory stays small."""
        with self._lock:
            for key in list(self._failed):
                self._recent(key)
            self._failed.setdefault((login, address), []).append(self._clock())

    def succeeded(self, login: str, address: str) -> None:
        """The right password: the count starts anew."""
        with self._lock:
            self._failed.pop((login, address), None)

    def _recent(self, key: tuple[str, str]) -> list[float]:
        since = self._clock() - WINDOW
        recent = [moment for moment in self._failed.pop(key, []) if moment > since]
        if recent:
            self._failed[key] = recent
        return recent
