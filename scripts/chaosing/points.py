"""`alur` as it is, but for one thing: it kills itself where it is told to. The service has no hooks for this.

`python -m scripts.chaosing.points serve …`. In the folder of `CHAOS_FOLDER`, the file `arm/<CHAOS_NAME>`
names the point at which this process dies when it comes there; `full` means that the disk has no room.
"""

import os
import signal
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from threading import local
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from service import cli
from service.operations import gate, jobs
from service.store import database

LOCK, BEFORE, AFTER, CLAIM, EFFECT = (
    "after the lock",
    "before the commit",
    "after the commit, before the answer",
    "after a claim",
    "after an effect",
)
BETWEEN = "between state and history"
SPLIT = "split"
"""With this word before the others the transaction is cut in two, to see whether that is found out."""
PATIENCE = 5.0
"""Seconds that a writer waits here: people who try for half a minute would see little of the chaos."""
ENOUGH = 1_000_000_000
WRITES = ("INSERT", "UPDATE", "DELETE")

done = local()
"""What this thread has done in its transaction: `wrote`, `claimed`."""


class Gun:
    """Kills this process at the point that its file names."""

    def __init__(self, folder: Path, name: str) -> None:
        self._armed, self._fired = folder / "arm" / name, folder / "fired" / name

    def at(self, point: str) -> None:
        """The process has come to a point."""
        try:
            wanted = self._armed.read_text("utf-8")
        except FileNotFoundError:
            return
        if wanted == point:
            self._fired.write_text(point, "utf-8")
            os.kill(os.getpid(), signal.SIGKILL)


def install(folder: Path, gun: Gun, *, split: bool) -> None:
    """Puts the points around the service's functions."""
    database.PATIENCE = PATIENCE
    _everywhere(gate.locked, lambda *_: gun.at(LOCK))
    _everywhere(jobs.acquire, lambda ids: setattr(done, "claimed", bool(ids)))
    event.listen(Engine, "before_cursor_execute", lambda *told: _statement(gun, split, *told[:3]))
    event.listen(Engine, "begin", lambda connection: _room(connection, folder / "full"))
    commit = Session.commit

    def committed(session: Session) -> None:
        wrote, claimed = getattr(done, "wrote", False), getattr(done, "claimed", False)
        done.wrote = done.claimed = False
        if wrote:
            gun.at(BEFORE)
        commit(session)
        if claimed:
            gun.at(CLAIM)
        if wrote:
            gun.at(AFTER)

    Session.commit = committed  # type: ignore[method-assign]


def _everywhere(function: Callable[..., Any], then: Callable[[Any], object]) -> None:
    """Puts something behind a function, in every module that has it by name."""

    @wraps(function)
    def run(*arguments: Any, **named: Any) -> Any:
        result = function(*arguments, **named)
        then(result)
        return result

    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("service"):
            for name in [name for name, value in vars(module).items() if value is function]:
                setattr(module, name, run)


def _statement(gun: Gun, split: bool, connection: Any, cursor: Any, statement: str) -> None:
    if not statement.startswith(WRITES):
        return
    done.wrote = True
    if split and statement.startswith("UPDATE process_instance"):
        raw = connection.connection.driver_connection
        raw.commit()
        gun.at(BETWEEN)
        if connection.dialect.name == "sqlite":
            raw.execute("BEGIN IMMEDIATE")


def _room(connection: Any, full: Path) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA max_page_count = {1 if full.exists() else ENOUGH}")


def main() -> int:
    """Runs the program."""
    folder, name = Path(os.environ["CHAOS_FOLDER"]), os.environ["CHAOS_NAME"]
    words = sys.argv[1:]
    install(folder, Gun(folder, name), split=SPLIT in words)
    return cli.main([word for word in words if word != SPLIT])


if __name__ == "__main__":
    sys.exit(main())
