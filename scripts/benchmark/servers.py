"""The servers that are measured: each a process of its own, gone afterwards."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.benchmark import cases
from scripts.benchmark.client import Client

ROOT = Path(__file__).resolve().parent.parent.parent
REAL = ("-m", "service")
"""The program itself."""
ALTERED = ("-m", "scripts.benchmark.server")
"""The same with the words `stock`, `clocks` or `floor` before its own."""
HELD = re.compile(r"Vm(RSS|HWM):\s*(\d+) kB")


@dataclass(frozen=True)
class Server:
    """A server that runs: its port, its process, and the seconds from its start to its first answer."""

    port: int
    process: int
    ready: float

    def memory(self) -> tuple[float, float] | None:
        """MB that it holds, and the most that it has held; None where the system does not tell."""
        status = Path(f"/proc/{self.process}/status")
        found = dict(HELD.findall(status.read_text())) if status.exists() else {}
        return (int(found["RSS"]) / 1000, int(found["HWM"]) / 1000) if found else None


@contextmanager
def filled(data: Path, url: str, *words: str) -> Iterator[Server]:
    """A server on a new database with the benchmark's people and diagrams."""
    cases.fill(url)
    with serving(data, url, *words) as server:
        yield server


@contextmanager
def serving(data: Path, url: str, *words: str) -> Iterator[Server]:
    """A server on any free port; with `words`, altered by them."""
    program = [*ALTERED, *words] if words else REAL
    command = [sys.executable, *program, "serve", "--data", str(data), "--port", "0"]
    environment = {**os.environ, "ALUR_DATABASE_URL": url, "ALUR_LANGUAGE": "en"}
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if not found:
            raise RuntimeError(f"the server did not start: {line!r}")
        if "floor" not in words:
            client = Client(int(found[1]))
            client.ask("GET", "/health")
            client.close()
        yield Server(int(found[1]), process.pid, time.perf_counter() - begun)
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()
