"""`scripts/bench`: what a completed user task costs, here and with SpiffWorkflow as it comes."""

import argparse
import os
import platform
import time
from dataclasses import dataclass

from scripts.benchmark import databases, measure, report, servers
from scripts.benchmark.databases import Places
from scripts.benchmark.measure import Costs, Load

CLIENTS = (1, 8)


@dataclass(frozen=True)
class Size:
    """How much is measured: rounds of so many cases, and so many cases after each number of reviews."""

    rounds: int
    cases: int
    marks: tuple[int, ...]
    looped: int


FULL = Size(rounds=5, cases=25, marks=(1, 10, 100), looped=10)
QUICK = Size(rounds=2, cases=6, marks=(1, 10), looped=4)


def main() -> None:
    """Measures and prints; ends by itself."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything: to see that it works")
    parser.add_argument("--postgresql", action="store_true", help="measure PostgreSQL too")
    asked = parser.parse_args()
    size = QUICK if asked.quick else FULL
    begun = time.monotonic()
    say(f"{os.cpu_count()} cores, which the server shares with its clients and with whatever else runs here.")
    say(f"Python {platform.python_version()}; the disk takes {databases.disk_wait():.2f} ms to keep 4 KB.")
    say("Compare figures within this run only: ratios hold, milliseconds are this machine's of this hour.")
    with databases.sqlite() as places:
        run("SQLite", places, size)
    if asked.postgresql:
        with databases.postgres() as places:
            run("PostgreSQL", places, size)
    say(f"\nDone in {time.monotonic() - begun:.0f} s.")


def run(name: str, places: Places, size: Size) -> None:
    """Everything on one kind of database."""
    say(f"\n== {name}")
    say(report.rates(rates(places, size)))
    with (
        servers.serving(*places("ours_timed"), "clocks") as ours,
        servers.serving(*places("stock_timed"), "stock", "clocks") as stock,
    ):
        ports = {"Alur": ours, "stock": stock}
        say(report.shares({who: shares(port, size) for who, port in ports.items()}))
        say(report.costs(costs(ports, size)))


def rates(places: Places, size: Size) -> dict[tuple[str, int], list[Load]]:
    """Loads by engine and number of clients; the engines take turns, so that all meet the same weather."""
    found: dict[tuple[str, int], list[Load]] = {}
    with (
        servers.serving(*places("ours")) as ours,
        servers.serving(*places("stock"), "stock") as stock,
    ):
        for clients in CLIENTS:
            for who, port in (("Alur", ours), ("stock", stock)):
                measure.lived(port, 2, clients)  # the first requests of a server pay for more than themselves
                found[who, clients] = []
        for _ in range(size.rounds):
            for clients in CLIENTS:
                for who, port in (("Alur", ours), ("stock", stock)):
                    found[who, clients].append(measure.lived(port, size.cases, clients))
    return found


def shares(port: int, size: Size) -> Load:
    """A load of one client, whose answers tell what was spent where."""
    measure.lived(port, 2, 1)
    return measure.lived(port, size.cases, 1)


def costs(ports: dict[str, int], size: Size) -> Costs:
    """Completions after few and many returned reviews."""
    return measure.loops(ports, size.marks, size.looped)


def say(text: str) -> None:
    """One thing at a time, as soon as it is known."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
