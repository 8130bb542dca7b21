"""A client that never gives up: it asks any server that lives, and asks again with the same key."""

import json
import random
import time
from base64 import b64encode
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from uuid import uuid4

LOGIN, PASSWORD = "clerk", "a clerk in chaos"
PATIENCE = 120.0
"""Seconds after which a client says that nobody answers."""
FIRST = 10.0
"""Seconds for one answer: a writer waits no longer for its turn."""


@dataclass(frozen=True)
class Answer:
    """The first definite answer, after so many tries."""

    status: int
    json: Any
    tries: int


class Client:
    """Asks the servers whose ports are in a folder, one file each."""

    def __init__(self, ports: Path, seed: int) -> None:
        self._ports, self.random = ports, random.Random(seed)  # noqa: S311
        token = b64encode(f"{LOGIN}:{PASSWORD}".encode()).decode()
        self._headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}
        self.seen: dict[int, int] = {}
        """How often each status came, 0 for no answer."""

    def get(self, path: str) -> Any:
        """What can be read there."""
        return self._asked("GET", path, None, {}).json

    def command(self, path: str, body: object) -> Answer:
        """Does something once."""
        return self._asked("POST", path, body, {"Idempotency-Key": str(uuid4())})

    def _asked(self, method: str, path: str, body: object, more: dict[str, str]) -> Answer:
        until, tries = time.monotonic() + PATIENCE, 0
        while time.monotonic() < until:
            tries += 1
            status, text = self._once(method, path, body, self._headers | more)
            self.seen[status] = self.seen.get(status, 0) + 1
            if status not in (0, 503):
                return Answer(status, json.loads(text) if text else None, tries)
            time.sleep(self.random.uniform(0.02, 0.3))
        raise TimeoutError(f"nobody answers {method} {path}")

    def _once(self, method: str, path: str, body: object, headers: dict[str, str]) -> tuple[int, bytes]:
        try:
            port = int(self.random.choice(sorted(self._ports.iterdir())).read_text())
            connection = HTTPConnection("127.0.0.1", port, timeout=FIRST)
            try:
                connection.request(method, f"/engine-rest{path}", json.dumps(body), headers)
                response = connection.getresponse()
                return response.status, response.read()
            finally:
                connection.close()
        except (OSError, HTTPException, IndexError, ValueError):
            return 0, b""
