"""`scripts/bench`: what a completed user task costs, as ratios within one run."""

import argparse
import os
import platform
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass

from scripts.benchmark import ballast, curves, databases, measure, report, servers, sizes
from scripts.benchmark.databases import Places
from scripts.benchmark.measure import Load
from scripts.benchmark.report import Figure

CLIENTS = (1, 8)
PROCESSES = (1, 2, 4)


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rounds: int
    cases: int
    looped: int
    loops: tuple[int, ...]
    bytes: tuple[int, ...]
    several: tuple[int, ...]
    stored: tuple[int, int]


FULL = Size(
    rounds=5,
    cases=25,
    looped=10,
    loops=(1, 10, 100),
    bytes=(1_000, 1_000_000),
    several=(10, 100, 500),
    stored=(100, 100_000),
)
QUICK = Size(
    rounds=2, cases=6, looped=4, loops=(1, 10), bytes=(1_000, 100_000), several=(10, 100), stored=(10, 1_000)
)


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
        say("\n== SQLite")
        run(places, size, bound=True)
    if asked.postgresql:
        with databases.postgres() as places:
            say("\n== PostgreSQL")
            run(places, size, bound=False)
            several_processes(places, size)
    say(f"\nDone in {time.monotonic() - begun:.0f} s.")


def run(places: Places, size: Size, *, bound: bool) -> None:
    """Everything on one kind of database; `bound` says that the goals for milliseconds are for it."""
    completions(places, size, bound=bound)
    grown(places, size)
    stored(places, size)


def completions(places: Places, size: Size, *, bound: bool) -> None:
    """Alur, the floor and the stock engine take turns, so that all meet the same weather."""
    loads: dict[tuple[str, int], list[Load]] = {}
    with (
        servers.filled(*places("ours")) as ours,
        servers.serving(*places("floor"), "floor") as floor,
        servers.filled(*places("stock"), "stock") as stock,
    ):
        for turn in range(size.rounds + 1):
            for clients in CLIENTS:
                round_ = {
                    "Alur": measure.lived([ours.port], size.cases, clients),
                    "the floor": measure.floor(floor.port, size.cases, clients),
                    "stock SpiffWorkflow": measure.lived([stock.port], size.cases, clients),
                }
                for who, load in round_.items():
                    if turn:  # a server's first requests pay for more than themselves
                        loads.setdefault((who, clients), []).append(load)
        tell("Completions over HTTP (draft, returned, draft, accepted)", report.rates(loads, bound=bound))
        tell("One process of the service", report.process(ours))


def grown(places: Places, size: Size) -> None:
    """What a completion costs in cases that have grown."""
    place, other = places("ours_timed"), places("stock_timed")
    with servers.filled(*place, "clocks") as ours, servers.filled(*other, "stock", "clocks") as stock:
        ports = {"Alur": ours.port, "stock SpiffWorkflow": stock.port}
        for port in ports.values():
            measure.lived([port], 2, 1)
        told = {who: measure.lived([port], size.cases, 1) for who, port in ports.items()}
        tell(
            "Where a second goes, with 1 client (http: waitress, the connection, the client)",
            report.shares(told),
        )
        tell(
            "One completion, as a multiple",
            [
                *report.curve("after returned reviews", curves.loops(ports, size.loops, size.looped)),
                *report.curve(
                    "bytes that it does not touch",
                    curves.variables(ours.port, place[1], size.bytes, size.looped),
                ),
                *report.curve(
                    "tasks at once in the case",
                    curves.several(ours.port, place[1], size.several, size.looped),
                ),
            ],
        )


def stored(places: Places, size: Size) -> None:
    """What many cases in the database do to a completion and to the inbox, and how large each is."""
    few, many = places("few"), places("many")
    with ExitStack() as stack:
        ports = []
        for place, count in zip((few, many), size.stored, strict=True):
            server = stack.enter_context(servers.filled(*place, "clocks"))
            ballast.load(place[1], count)
            measure.lived([server.port], 2, 1)
            ports.append(server.port)
        tell(
            "With so many cases in the database, each with an open task",
            [
                *report.curve("one completion", curves.filling(*ports, size.stored, size.looped)),
                *report.curve("the inbox's page", curves.inboxes(*ports, size.stored, size.looped)),
            ],
        )
        before = sizes.taken(few[1])
        measure.lived([ports[0]], size.cases, 1)
        bytes_ = (sizes.taken(few[1]) - before) / size.cases
        tell(
            "What is kept",
            [Figure("KB in the database for a case of four completions", bytes_ / 1000, digits=1)],
        )


def several_processes(places: Places, size: Size) -> None:
    """Processes of the service on one database, with the clients spread over them."""
    loads: dict[int, list[Load]] = {number: [] for number in PROCESSES}
    with ExitStack() as stack:
        place = places("shared")
        ports = [stack.enter_context(servers.filled(*place)).port]
        while len(ports) < max(PROCESSES):
            ports.append(stack.enter_context(servers.serving(*place)).port)
        for port in ports:
            measure.lived([port], 2, 1)
        for _ in range(size.rounds):
            for number in PROCESSES:
                loads[number].append(measure.lived(ports[:number], size.cases, CLIENTS[-1]))
    tell("Several processes on one database", report.processes(loads))


def tell(head: str, lines: Iterable[object]) -> None:
    """A part of the table, as soon as it is known."""
    say(f"\n{head}")
    for line in lines:
        say(str(line))


def say(text: str) -> None:
    """One thing at a time."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
