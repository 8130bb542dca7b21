"""Workers who wait for work take nothing from others: no thread, no time at the end, no task once gone."""

import json
import socket
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask

from service.cli import listening
from service.cli.listening import Listener
from service.web.rest.fetching import Waiters
from tests.rest.client import PASSWORD, As
from tests.rest.printing import asked, fetch

HEADERS = {
    "Authorization": f"Basic {b64encode(f'admin:{PASSWORD}'.encode()).decode()}",
    "Content-Type": "application/json",
}
BODY = json.dumps(asked(asyncResponseTimeout=20_000))


@pytest.fixture
def listener(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    """The application behind the real server, which has a single thread."""
    monkeypatch.setattr(listening, "THREADS", 1)
    monkeypatch.setattr(listening, "LOOK", 0.01)
    found = Listener(app, "127.0.0.1", 0, "", app.extensions["alur.waiters"])
    thread = Thread(target=found.run)
    thread.start()
    yield found
    found.end()
    thread.join()


@pytest.fixture
def waits(app: Flask, listener: Listener) -> Event:
    """Is set once a worker waits and the server has a thread for somebody else."""
    waiters: Waiters = app.extensions["alur.waiters"]
    grow, begun = waiters.grow, Event()

    def grown(threads: int) -> None:
        grow(threads)
        begun.set()

    waiters.grow = grown
    return begun


def ask(port: int, method: str, path: str, body: str = "") -> tuple[int, Any]:
    connection = HTTPConnection("127.0.0.1", port)
    connection.request(method, f"/engine-rest{path}", body, HEADERS)
    answer = connection.getresponse()
    said = answer.status, json.loads(answer.read())
    connection.close()
    return said


def test_others_are_served_while_a_worker_waits_and_the_end_does_not_wait(
    listener: Listener, waits: Event
) -> None:
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(ask, listener.port, "POST", "/external-task/fetchAndLock", BODY)
        assert waits.wait(20)
        assert ask(listener.port, "GET", "/external-task/count") == (200, {"count": 0})
        listener.end()
        assert answer.result() == (200, [])


def test_a_task_is_not_locked_for_a_worker_who_has_gone(
    as_: As, app: Flask, listener: Listener, waits: Event, kartu: Callable[..., str]
) -> None:
    head = "\r\n".join(f"{name}: {value}" for name, value in HEADERS.items())
    with socket.create_connection(("127.0.0.1", listener.port)) as worker:
        text = f"POST /engine-rest/external-task/fetchAndLock HTTP/1.1\r\nHost: x\r\n{head}\r\n"
        worker.sendall(f"{text}Content-Length: {len(BODY)}\r\n\r\n{BODY}".encode())
        assert waits.wait(20)
    while listener._channels():
        Event().wait(0.01)
    case = kartu()
    assert [task["processInstanceId"] for task in fetch(as_, workerId="w2")] == [case]
