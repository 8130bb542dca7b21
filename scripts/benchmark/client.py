"""A client of the REST interface: one connection, kept open, and the time that each answer took."""

import json
import re
import time
from base64 import b64encode
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

TIMING = re.compile(r"(\w+);dur=([\d.]+)")


@dataclass(frozen=True)
class Answer:
    """What came back after `seconds`; `parts` is what the server says of its own time, in seconds."""

    json: Any
    seconds: float
    parts: dict[str, float]


class Client:
    """Signs in with every request, as programs do; RuntimeError for an answer that is a refusal."""

    def __init__(self, port: int, login: str, password: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        token = b64encode(f"{login}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}

    def get(self, path: str) -> Answer:
        """Reads."""
        return self._ask("GET", path, None)

    def post(self, path: str, body: object) -> Answer:
        """Does something."""
        return self._ask("POST", path, json.dumps(body).encode())

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None) -> Answer:
        begun = time.perf_counter()
        self._connection.request(method, f"/engine-rest{path}", body, self._headers)
        response = self._connection.getresponse()
        text = response.read()
        seconds = time.perf_counter() - begun
        if response.status >= 400:
            raise RuntimeError(f"{method} {path}: {response.status} {text.decode(errors='replace')}")
        told = TIMING.findall(response.headers.get("Server-Timing", ""))
        parts = {part: float(milliseconds) / 1000 for part, milliseconds in told}
        return Answer(json.loads(text) if text else None, seconds, parts)
