"""`scripts/chaos`: kills everything again and again while people work, and looks what is left."""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from scripts.chaosing import check, fleet, places
from scripts.chaosing.client import LOGIN, PASSWORD
from scripts.chaosing.fleet import Fleet
from scripts.chaosing.load import Clerk, Ledger
from scripts.chaosing.places import Place
from service.operations import deployments, identity
from service.store.database import Database

FILES = tuple(Path(__file__).parent / name for name in ("chaos.bpmn", "step.form"))
Say = Callable[[str], object]


@dataclass(frozen=True)
class Size:
    """How much happens: kills, processes, people, and how many seconds lie between two troubles.

    `calm` are the seconds in which some case must end when nothing is killed any more.
    """

    kills: int
    web: int = 2
    work: int = 1
    clerks: int = 5
    open_cases: int = 8
    between: float = 12.0
    calm: float = 90.0


@dataclass
class Result:
    """What was wrong, and what had happened."""

    wrong: list[str]
    points: Counter[str]
    statuses: Counter[int]
    acts: Counter[str]
    troubles: list[str] = field(default_factory=list)


def main() -> int:
    """Runs chaos on one database; 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="scripts/chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))  # noqa: S311
    parser.add_argument(
        "--split", action="store_true", help="cut the transaction in two: it must be found out"
    )
    asked = parser.parse_args()
    say(f"{asked.kills} kills on {asked.database}, seed {asked.seed}")
    begun = time.monotonic()
    with places.opened(asked.database) as place:
        result = run(place, Size(asked.kills), asked.seed, say, split=asked.split)
    say(f"{time.monotonic() - begun:.0f} s; {dict(result.acts)}; answers by status {dict(result.statuses)}")
    for point, times in sorted(result.points.items()):
        say(f"{times:5} killed {point}")
    say("\n".join(result.wrong) or "Nothing is lost, doubled, stuck, early or broken.")
    return 1 if result.wrong else 0


def run(place: Place, size: Size, seed: int, say: Say, *, split: bool = False) -> Result:
    """Chaos on a new database, then calm, then the check."""
    _fill(place.url)
    ledger = Ledger()
    force = Fleet(place.folder, place.url, size.kills, seed, lambda: len(ledger.acts), split)
    members = fleet.members(force, size.web, size.work)
    clerks = [Clerk(place.folder / "ports", ledger, seed + n, size.open_cases) for n in range(size.clerks)]
    for one in (*members, *clerks):
        one.start()
    wrong, troubles = [], []
    try:
        troubles, wrong = _chaos(place, force, ledger, size, say)
        for clerk in clerks:
            clerk.pause()
        _calm(place.url, size.calm, say)
    finally:
        for clerk in clerks:
            clerk.end()
        force.stop.set()
        for member in members:
            member.join()
    file = place.folder / "effects"
    effects = [line.split()[0] for line in file.read_text("utf-8").splitlines()] if file.exists() else []
    wrong += check.check(place.url, ledger.acts, ended=True, effects=effects) + ledger.odd + force.ends
    statuses: Counter[int] = sum((Counter(clerk.client.seen) for clerk in clerks), Counter())
    wrong += [f"{statuses[500]} answers with 500"] * bool(statuses[500])
    acts = Counter(f"{act.kind} {'done' if act.done else 'refused'}" for act in ledger.acts)
    return Result(wrong, force.points, statuses, acts, troubles)


def _chaos(place: Place, force: Fleet, ledger: Ledger, size: Size, say: Say) -> tuple[list[str], list[str]]:
    """Kills go on by themselves; here are the troubles in between, in turns, and one backup."""
    had: list[str] = []
    wrong: list[str] = []
    names = [] if force.split else [*place.troubles, "a backup"]
    while force.left() > 0 or len(had) < len(names):
        if force.stop.wait(size.between):
            break
        if not names:
            continue
        name = names[len(had) % len(names)]
        if name != "a backup":
            place.troubles[name]()
        elif name not in had:
            before = list(ledger.acts)
            wrong += [f"in the backup: {one}" for one in check.check(place.backup(), before, ended=False)]
        had.append(name)
        say(f"{name}; {force.points.total()} killed, {len(ledger.acts)} answers")
    return had, wrong


def _calm(url: str, calm: float, say: Say) -> None:
    """Until nothing waits any more, or nothing has moved for a while."""
    database, last, since = Database(url), -1, time.monotonic()
    while time.monotonic() - since < calm:
        with database.reading() as session:
            left = check.open_cases(session)
        if left == 0:
            break
        if left != last:
            last, since = left, time.monotonic()
        time.sleep(0.3)
    say(f"{last if left else 'no'} cases open")
    database.dispose()


def _fill(url: str) -> None:
    """The tables, the diagram, and who does its work."""
    database = Database(url)
    database.migrate()
    with database.transaction() as session:
        deployments.deploy(session, "chaos", {path.name: path.read_bytes() for path in FILES})
        identity.add_person(session, LOGIN, "Clerk", PASSWORD, admin=True)
        identity.ensure_position(session, "chaos", "clerk")
    database.dispose()


def say(text: str) -> None:
    """As soon as it is known."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
