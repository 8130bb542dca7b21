"""The processes: each is started, killed in one of its ways, and started again, until there is an end."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread

from scripts.chaosing.points import AFTER, BEFORE, BETWEEN, CLAIM, EFFECT, LOCK, SPLIT

ROOT = Path(__file__).resolve().parent.parent.parent
RANDOM = "at random"
PROGRAM = ("-m", "scripts.chaosing.points")
SERVE = ("serve", "--host", "127.0.0.1", "--port", "0", "--no-work")
WORK = ("work",)
OUTSIDE = ("-m", "scripts.chaosing.outside")
WEB_WAYS = (RANDOM, LOCK, BEFORE, AFTER)
WORK_WAYS = (CLAIM, LOCK, RANDOM, BEFORE, AFTER)
OUTSIDE_WAYS = (EFFECT, RANDOM)
REACH = 10.0
"""Seconds in which a process may come to its point; then it is killed wherever it is."""
SOME, MOST = 8, 15.0
"""How much is to be done before the next kill, and the seconds after which there is one anyway."""
START = 60.0


@dataclass
class Fleet:
    """What all processes share: the folder, the database, the kills so far and those to come.

    `progress` says how much people have done.
    """

    folder: Path
    url: str
    kills: int
    seed: int
    progress: Callable[[], int]
    split: bool = False

    def __post_init__(self) -> None:
        self.points: Counter[str] = Counter()
        self.stop, self._lock = Event(), Lock()
        self.ends: list[str] = []
        for name in ("arm", "fired", "ports", "logs", "data"):
            (self.folder / name).mkdir(exist_ok=True)

    def left(self) -> int:
        """How many kills are still to come."""
        return self.kills - self.points.total()

    def killed(self, point: str) -> None:
        """Counts one."""
        with self._lock:
            self.points[point] += 1


class Member:
    """One place in the fleet; a thread of its own keeps a process there, and kills it."""

    def __init__(self, fleet: Fleet, name: str, words: tuple[str, ...], ways: tuple[str, ...]) -> None:
        self._fleet, self._name, self._words, self._ways = fleet, name, words, ways
        self._random = random.Random(f"{fleet.seed} {name}")  # noqa: S311
        self._arm, self._fired = fleet.folder / "arm" / name, fleet.folder / "fired" / name
        self._port = fleet.folder / "ports" / name
        self._thread = Thread(target=self._run, name=name)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def join(self) -> None:
        """Waits until its last process has ended."""
        self._thread.join()

    def _run(self) -> None:
        while not self._fleet.stop.is_set():
            process = self._started()
            if process is None:
                self._fleet.stop.wait(0.2)
            elif self._fleet.left() > 0:
                self._wait()
                self._kill(process)
            else:
                self._live_on(process)

    def _wait(self) -> None:
        """Until people have done a little more, and a moment longer: there must be something to break."""
        enough = self._fleet.progress() + self._random.randrange(1, SOME)
        until = time.monotonic() + MOST
        while self._fleet.progress() < enough and time.monotonic() < until and not self._fleet.stop.is_set():
            time.sleep(0.02)
        self._fleet.stop.wait(self._random.uniform(0, 0.2))

    def _started(self) -> subprocess.Popen[str] | None:
        """A process that is ready, or None where the database let it not be."""
        split = (SPLIT,) if self._fleet.split else ()
        program = OUTSIDE if self._words is OUTSIDE else (*PROGRAM, *split)
        words = (str(self._random.randrange(10**6)),) if self._words is OUTSIDE else self._words
        data = () if self._words is OUTSIDE else ("--data", str(self._fleet.folder / "data"))
        environment = {
            **os.environ,
            "ALUR_DATABASE_URL": self._fleet.url,
            "ALUR_LANGUAGE": "en",
            "CHAOS_FOLDER": str(self._fleet.folder),
            "CHAOS_NAME": self._name,
        }
        with (self._fleet.folder / "logs" / self._name).open("a") as log:
            process = subprocess.Popen(
                [sys.executable, *program, *words, *data],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert process.stdout
        line = process.stdout.readline()
        if not line:
            process.wait()
            process.stdout.close()
            return None
        if self._words is SERVE:
            fresh = self._fleet.folder / f"{self._name}.port"
            fresh.write_text(line.rpartition(":")[2].strip())
            fresh.replace(self._port)
        return process

    def _kill(self, process: subprocess.Popen[str]) -> None:
        way = min(self._ways, key=lambda way: (self._fleet.points[way], self._random.random()))
        if way != RANDOM:
            self._arm.write_text(way, "utf-8")
            until = time.monotonic() + REACH
            while process.poll() is None and time.monotonic() < until and not self._fleet.stop.is_set():
                time.sleep(0.02)
        process.kill()
        self._gone(process)
        self._arm.unlink(missing_ok=True)
        point = self._fired.read_text("utf-8") if self._fired.exists() else RANDOM
        self._fired.unlink(missing_ok=True)
        self._fleet.killed(point)

    def _live_on(self, process: subprocess.Popen[str]) -> None:
        """Lives until the end, which it comes to by itself."""
        self._fleet.stop.wait()
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(START)
        except subprocess.TimeoutExpired:
            process.kill()
            code = None
        self._gone(process)
        if self._words is not OUTSIDE and code != 0:
            self._fleet.ends.append(f"{self._name} was told to end and ended with {code}")

    def _gone(self, process: subprocess.Popen[str]) -> None:
        process.wait()
        self._port.unlink(missing_ok=True)
        assert process.stdout
        process.stdout.close()


def members(fleet: Fleet, web: int, work: int) -> list[Member]:
    """So many of each, and one program outside."""
    web_ways, work_ways = ((BETWEEN,), (BETWEEN,)) if fleet.split else (WEB_WAYS, WORK_WAYS)
    return [
        *(Member(fleet, f"web{number}", SERVE, web_ways) for number in range(web)),
        *(Member(fleet, f"work{number}", WORK, work_ways) for number in range(work)),
        Member(fleet, "outside", OUTSIDE, OUTSIDE_WAYS),
    ]
