"""The servers that are measured: each a process of its own on a database of its own, gone afterwards."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.benchmark import cases

ROOT = Path(__file__).resolve().parent.parent.parent
REAL = ("-m", "service")
"""The program itself."""
ALTERED = ("-m", "scripts.benchmark.server")
"""The same with the words `stock` or `clocks` before its own."""


@contextmanager
def serving(data: Path, url: str, *words: str) -> Iterator[int]:
    """A server on any free port, which is given; with `words`, altered by them."""
    cases.fill(url)
    program = [*ALTERED, *words] if words else REAL
    command = [sys.executable, *program, "serve", "--data", str(data), "--port", "0"]
    environment = {**os.environ, "ALUR_DATABASE_URL": url, "ALUR_LANGUAGE": "en"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if not found:
            raise RuntimeError(f"the server did not start: {line!r}")
        yield int(found[1])
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()
