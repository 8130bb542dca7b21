"""What was measured as a table: each figure, its goal beside it, and whether it is met."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scripts.benchmark.curves import Costs
from scripts.benchmark.measure import Load, joined, median
from scripts.benchmark.servers import Server

WIDTH = 74
FLAT = 1.3
"""What the most of something may cost, as a multiple of the least."""
HALF = 0.5
"""How near to the floor completions are to come."""
ONE_P95, EIGHT_P99 = 10.0, 100.0
"""Milliseconds, on SQLite."""
MEMORY, READY = 120.0, 1.0
"""MB and seconds."""
ROOMS = {
    "engine": ("engine",),
    "FEEL": ("feel",),
    "database": ("sql", "orm"),
    "forms": ("forms",),
    "operations": ("operations",),
    "web": ("web",),
}

Loads = Mapping[tuple[str, int], Sequence[Load]]
"""Rounds by who was measured and the number of clients."""


@dataclass(frozen=True)
class Figure:
    """One line: `goal` is the most that it may be, or the least."""

    what: str
    value: float
    goal: float | None = None
    least: bool = False
    digits: int = 2

    def __str__(self) -> str:
        line = f"   {self.what:{WIDTH}} {self.value:9.{self.digits}f}"
        if self.goal is None:
            return line
        met = self.value >= self.goal if self.least else self.value <= self.goal
        word = "least" if self.least else "most"
        return f"{line}   at {word} {self.goal:g}: {'met' if met else 'MISSED'}"


def rates(loads: Loads, *, bound: bool) -> Iterator[Figure]:
    """Completions per second; `bound` says that the goals for milliseconds are for this database."""
    for clients in sorted({clients for _, clients in loads}):
        ours = loads["Alur", clients]
        many = f"{clients} client{'s' if clients > 1 else ''}"
        yield Figure(f"{many}: completed user tasks per second", _middle(ours), digits=0)
        against = {"the floor": (HALF, True), "stock SpiffWorkflow": (None, False)}
        for who, (goal, least) in against.items():
            ratio = _ratio(ours, loads[who, clients])
            yield Figure(f"{many}: against {who}, per second", ratio, goal, least)
        whole = joined(ours)
        one, eight = bound and clients == 1, bound and clients == 8
        yield Figure(
            f"{many}: 95 of 100 within ms", whole.milliseconds(0.95), ONE_P95 if one else None, digits=1
        )
        yield Figure(
            f"{many}: 99 of 100 within ms", whole.milliseconds(0.99), EIGHT_P99 if eight else None, digits=1
        )


def process(server: Server) -> Iterator[Figure]:
    """What one process takes."""
    yield Figure("seconds from its start to its first answer", server.ready, READY)
    if (memory := server.memory()) is not None:
        yield Figure("MB of memory after all this", memory[0], MEMORY, digits=0)
        yield Figure("MB at the most, while passwords are checked", memory[1], digits=0)


def processes(loads: Mapping[int, Sequence[Load]]) -> Iterator[Figure]:
    """Eight clients at several processes, as a multiple of one."""
    for number, rounds in loads.items():
        if number > 1:
            yield Figure(f"8 clients: {number} processes against 1, per second", _ratio(rounds, loads[1]))
        late = joined(rounds).milliseconds(0.99)
        yield Figure(
            f"8 clients, {number} process{'es' if number > 1 else ''}: 99 of 100 within ms", late, digits=1
        )


def shares(loads: Mapping[str, Load]) -> Iterator[str]:
    """Where each second of one client's completions goes, in percent."""
    for who, load in loads.items():
        whole = load.seconds
        spent = {
            room: sum(answer.parts[part] for answer in load.answers for part in parts)
            for room, parts in ROOMS.items()
        }
        spent["http"] = whole - sum(spent.values())
        words = "  ".join(f"{room} {100 * seconds / whole:.0f}" for room, seconds in spent.items())
        driver = sum(answer.parts["sql"] for answer in load.answers)
        yield f"   {who}, %: {words}   (of the database, SQL and commit: {100 * driver / whole:.0f})"


def curve(what: str, costs: Costs, *, goal: float | None = FLAT) -> Iterator[Figure]:
    """The most against the least of something, in the server's CPU and for the client."""
    marks = sorted({mark for _, mark in costs})
    for who in dict.fromkeys(who for who, _ in costs):
        for mark in marks[1:]:
            least, most = costs[who, marks[0]], costs[who, mark]
            name = f"{what}: {mark:,} against {marks[0]:,}"
            name += "" if who == "Alur" else f", {who}"
            aim = goal if who == "Alur" else None
            spent = median(most, lambda one: one.parts["cpu"]), median(least, lambda one: one.parts["cpu"])
            yield Figure(f"{name}, CPU", spent[0] / spent[1], aim)
            waited = median(most, lambda one: one.seconds), median(least, lambda one: one.seconds)
            yield Figure(f"{name}, time", waited[0] / waited[1], aim)


def _middle(loads: Sequence[Load]) -> float:
    return statistics.median(load.rate for load in loads)


def _ratio(ours: Sequence[Load], theirs: Sequence[Load]) -> float:
    """The middle of the ratios of what was measured one after the other."""
    return statistics.median(a.rate / b.rate for a, b in zip(ours, theirs, strict=True))
