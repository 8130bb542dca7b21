"""Makes the project's own Python environment in .venv, once, and prints the path of its Python.

It runs on whatever `python3` there is, before anything is installed: the standard library alone,
and no syntax that an older Python could not read.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

try:
    import fcntl
except ImportError:  # not a Unix: two first starts at once are then the caller's care
    fcntl = None

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
NEWER = ("python3.11", "python3.12", "python3.13", "python3.14")


def main() -> None:
    """Bring .venv up to pyproject.toml if it is behind, then print its Python on standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extra", default="", help="an optional set of dependencies, such as test")
    extra = parser.parse_args().extra
    if sys.version_info < OLDEST:
        hand_over()
    folder = ROOT / ".venv"
    python = folder / "bin" / "python"
    with alone(folder):
        if not fresh(folder, python, extra):
            if not works(python):
                create(folder)
            install(python, extra)
            for name in {"", extra}:
                stamp(folder, name).write_text(fingerprint(python), encoding="ascii")
    print(python)


def hand_over() -> None:
    """Go on with a Python that is new enough, or say that there is none."""
    for name in NEWER:
        if shutil.which(name):
            os.execvp(name, [name, *sys.argv])  # noqa: S606
    have = ".".join(map(str, sys.version_info[:3]))
    sys.exit(f"Alur needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is Python {have}.")


@contextlib.contextmanager
def alone(folder: Path):
    """Let one script at a time work on the environment."""
    folder.mkdir(exist_ok=True)
    with (folder / "alur.lock").open("w") as lock:
        if fcntl:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def fresh(folder: Path, python: Path, extra: str) -> bool:
    """Whether what is installed is what pyproject.toml asks for."""
    mark = stamp(folder, extra)
    return python.exists() and mark.exists() and mark.read_text(encoding="ascii") == fingerprint(python)


def stamp(folder: Path, extra: str) -> Path:
    """The file that remembers for which pyproject.toml a set of dependencies was installed."""
    return folder / f"alur-{extra or 'base'}.sha256"


def fingerprint(python: Path) -> str:
    """Changes with the dependencies, when the checkout has moved, and when Python was upgraded."""
    place = os.fsencode(ROOT) + os.fsencode(python.resolve())
    return hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + place).hexdigest()


def works(python: Path) -> bool:
    """Whether an environment is there already, whole and new enough."""
    question = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    return python.exists() and subprocess.run([python, "-c", question], capture_output=True).returncode == 0


def create(folder: Path) -> None:
    """Make an empty environment with pip in it."""
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit("Python is here without its venv module. On Debian and Ubuntu: apt-get install python3-venv")
    say("Making the Python environment in .venv …")
    run([sys.executable, "-m", "venv", folder], "The environment could not be made.")


def install(python: Path, extra: str) -> None:
    """Install the project, editable, with all it depends on."""
    say("Installing what Alur needs (once; a minute or so) …")
    project = f"{ROOT}[{extra}]" if extra else str(ROOT)
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-e", project]
    run(command, "pip could not install what pyproject.toml lists; its own words are above.")


def run(command: list, sentence: str) -> None:
    """Run one command, its output to standard error; end with the sentence when it fails."""
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
        sys.exit(sentence)


def say(line: str) -> None:
    """A line of progress, beside the answer on standard output."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
