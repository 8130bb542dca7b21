"""The service and the worker, as programs of their own."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event
from urllib.request import Request, urlopen

import pytest

from service import worker
from service.operations import identity, jobs
from service.store.database import Database
from service.store.models import Job, now


@pytest.fixture
def program(tmp_path: Path, migrated_file: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts `alur` on a migrated, empty database; whatever still runs is ended with the test."""
    (tmp_path / "alur.db").write_bytes(migrated_file.read_bytes())
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "service", *arguments, "--data", str(tmp_path)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        environment = {**os.environ, "ALUR_LANGUAGE": "en"}
        started.append(subprocess.Popen(command, text=True, env=environment, **pipes))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_serve_says_its_address_serves_and_ends_quietly(
    program: Callable[..., subprocess.Popen[str]],
) -> None:
    process = program("serve", "--port", "0")
    assert process.stdout
    line = process.stdout.readline()
    address = line.rpartition(" ")[2].strip()
    assert address.startswith("http://127.0.0.1:")
    with urlopen(f"{address}/health") as answer:  # noqa: S310
        assert answer.status == 200
    process.send_signal(signal.SIGTERM)
    out, error = process.communicate(timeout=30)
    assert (process.returncode, out, error) == (0, "", "")


def test_a_port_in_use_is_a_sentence(program: Callable[..., subprocess.Popen[str]]) -> None:
    first = program("serve", "--port", "0", "--no-work")
    assert first.stdout
    port = first.stdout.readline().strip().rpartition(":")[2]
    out, error = program("serve", "--port", port).communicate(timeout=30)
    assert (out, port in error, "Traceback" in error) == ("", True, False)


def test_work_works_until_it_is_told_to_end(program: Callable[..., subprocess.Popen[str]]) -> None:
    process = program("work")
    assert process.stdout
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=30) == ("", "")
    assert process.returncode == 0


def test_a_request_under_way_is_answered_before_the_end(
    program: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'alur.db'}")
    with database.transaction() as session:
        identity.add_person(session, "admin", "Admin", "a password of hers", admin=True)
    database.dispose()
    process = program("serve", "--port", "0", "--no-work")
    assert process.stdout
    place = "127.0.0.1", int(process.stdout.readline().rpartition(":")[2])
    with (
        closing(sqlite3.connect(tmp_path / "alur.db", isolation_level=None)) as foreign,
        socket.create_connection(place) as under_way,
    ):
        foreign.execute("BEGIN IMMEDIATE")
        under_way.sendall(MESSAGE.format(b64encode(b"admin:a password of hers").decode()).encode())
        assert under_way.recv(1000).startswith(b"HTTP/1.1 100 ")
        process.send_signal(signal.SIGTERM)
        under_way.sendall(b'{"messageName":"x"}')
        while _listens(place):
            pass
        assert process.poll() is None
        foreign.execute("ROLLBACK")
        assert under_way.recv(1000).startswith(b"HTTP/1.1 400 ")
    assert process.wait(30) == 0


MESSAGE = (
    "POST /engine-rest/message HTTP/1.1\r\nHost: alur\r\nAuthorization: Basic {}\r\n"
    "Content-Type: application/json\r\nContent-Length: 19\r\nExpect: 100-continue\r\n\r\n"
)


def _listens(place: tuple[str, int]) -> bool:
    try:
        socket.create_connection(place).close()
    except ConnectionError:
        return False
    return True


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["work"]])
@pytest.mark.parametrize(
    ("revision", "remedy"), [("0001", "run `alur migrate`"), ("9999", "Install a newer Alur")]
)
def test_a_schema_of_another_program_is_refused_with_what_mends_it(
    program: Callable[..., subprocess.Popen[str]],
    tmp_path: Path,
    command: list[str],
    revision: str,
    remedy: str,
) -> None:
    process = program("--version")
    process.communicate(timeout=30)
    with closing(sqlite3.connect(tmp_path / "alur.db")) as file, file:
        file.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    process = program(*command)
    out, error = process.communicate(timeout=30)
    assert (process.returncode, out) == (1, "")
    assert remedy in error
    assert "Traceback" not in error


def test_a_worker_that_ends_gives_its_leases_back(database: Database) -> None:
    with database.transaction() as session:
        session.add_all(
            Job(id=str(n), kind="start", element_id="none", due_at=now(), retries=3) for n in range(5)
        )
    stop = Event()
    stop.set()
    assert worker.work(database, "w", stop) == 0
    with database.transaction() as session:
        assert len(jobs.acquire(session, "another")) == 5


def test_only_a_proxy_that_is_trusted_says_for_whom_it_asks(
    program: Callable[..., subprocess.Popen[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked() -> str:
        process = program("serve", "--port", "0", "--no-work")
        assert process.stdout
        address = process.stdout.readline().rpartition(" ")[2].strip()
        told = {
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": "sop.example",
            "X-Forwarded-For": "10.9.8.7",
        }
        path = ".well-known/camunda-automation-platform/webapps"
        with urlopen(Request(f"{address}/{path}", headers=told)) as answer:  # noqa: S310
            return str(json.load(answer)["tasklistUrl"])

    for trusted, expected in (("", False), ("127.0.0.1", True)):
        monkeypatch.setenv("ALUR_TRUSTED_PROXY", trusted)
        assert (asked() == "https://sop.example/") is expected
