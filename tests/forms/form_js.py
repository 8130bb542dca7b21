"""form-js itself, asked without a browser; installed with npm into a folder that git ignores."""

import fcntl
import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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
    if not shutil.which("node") or not shutil.which("npm"):
        return "form-js is not asked: there is no node with npm"
    installed, wanted = HERE / "node_modules/.package-lock.json", HERE / "package-lock.json"
    with (HERE / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if installed.exists() and installed.stat().st_mtime >= wanted.stat().st_mtime:
            return None
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True)
    return None if done.returncode == 0 else "form-js is not asked: npm could not install it"


@contextmanager
def running() -> Iterator[FormJs]:
    command = ["node", "oracle.mjs"]
    with subprocess.Popen(
        command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield FormJs(process)
        process.stdin.close()
