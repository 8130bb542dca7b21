"""form-js itself, asked without a browser; installed with npm into a folder that git ignores."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import npm

HERE = Path(__file__).parent / "oracle"


class FormJs:
    """A running form-js; `ask` answers with its errors and values, or why it refuses the form."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def ask(self, schema: Any, data: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
        self.process.stdin.write(json.dumps({"schema": schema, "data": data, "typed": typed}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def install() -> str | None:
    """Install it where it is missing; what stands in the way, if anything does."""
    missing = npm.install(HERE)
    return missing and f"form-js is not asked: {missing}"


@contextmanager
def running() -> Iterator[FormJs]:
    command = ["node", "oracle.mjs"]
    with subprocess.Popen(
        command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield FormJs(process)
        process.stdin.close()
