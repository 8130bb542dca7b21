"""The service and the worker, as programs of their own."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest


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
