"""Clients over HTTP: one connection each, kept open, and the time that each answer took."""

import json
import re
import time
from base64 import b64encode
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

TIMING = re.compile(r"(\w+);dur=([\d.]+)")
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What came back after `seconds`; `parts` is what the server says of its own time, in seconds."""

    text: str
    seconds: float
    parts: dict[str, float]
    cookie: str = ""

    @property
    def json(self) -> Any:
        """The answer's JSON; None where there is no body."""
        return json.loads(self.text) if self.text else None


class Client:
    """Asks for addresses; RuntimeError for an answer that is a refusal."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers: dict[str, str] = {}

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def ask(self, method: str, address: str, body: bytes | None = None) -> Answer:
        """One request and its answer."""
        begun = time.perf_counter()
        self._connection.request(method, address, body, self.headers)
        response = self._connection.getresponse()
        text = response.read().decode(errors="replace")
        seconds = time.perf_counter() - begun
        if response.status >= 400:
            raise RuntimeError(f"{method} {address}: {response.status} {text}")
        told = TIMING.findall(response.headers.get("Server-Timing", ""))
        parts = {part: float(milliseconds) / 1000 for part, milliseconds in told}
        return Answer(text, seconds, parts, response.headers.get("Set-Cookie", ""))


class Program(Client):
    """A program at the REST interface: it signs in with every request."""

    def __init__(self, port: int, login: str, password: str) -> None:
        super().__init__(port)
        token = b64encode(f"{login}:{password}".encode()).decode()
        self.headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}

    def get(self, path: str) -> Answer:
        """Reads."""
        return self.ask("GET", f"/engine-rest{path}")

    def post(self, path: str, body: object) -> Answer:
        """Does something."""
        return self.ask("POST", f"/engine-rest{path}", json.dumps(body).encode())


class Reader(Client):
    """A person who has signed in and reads pages."""

    def __init__(self, port: int, login: str, password: str) -> None:
        super().__init__(port)
        page = self.ask("GET", "/sign-in")
        found = TOKEN.search(page.text)
        assert found
        self.headers = {"Cookie": _pair(page), "Content-Type": "application/x-www-form-urlencoded"}
        words = {"login": login, "password": password, "csrf_token": found[1]}
        self.headers = {"Cookie": _pair(self.ask("POST", "/sign-in", urlencode(words).encode()))}

    def get(self, path: str) -> Answer:
        """Reads a page."""
        return self.ask("GET", path)


def _pair(answer: Answer) -> str:
    return answer.cookie.partition(";")[0]
