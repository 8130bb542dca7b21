"""What was measured, as text: figures, ratios, and whether a goal is met."""

import statistics
from collections.abc import Mapping, Sequence

from scripts.benchmark.measure import Costs, Load, median

GOAL = 1.3
"""What a completion after the most returned reviews may cost, as a multiple of one after the fewest."""

ENGINES = ("Alur", "stock")
ROOMS = {
    "engine": ("engine",),
    "FEEL": ("feel",),
    "database": ("sql", "orm"),
    "forms": ("forms",),
    "operations": ("operations",),
    "web": ("web",),
}


def rates(loads: Mapping[tuple[str, int], Sequence[Load]]) -> str:
    """Completions per second by engine and number of clients."""
    lines = [
        "1. Completed user tasks per second over HTTP (each case: draft, returned, draft, accepted)",
        "   clients   engine   per second   median ms   p95 ms",
    ]
    numbers = sorted({clients for _, clients in loads})
    for clients in numbers:
        for who in ENGINES:
            rounds = loads[who, clients]
            every = Load(0.0, [answer for load in rounds for answer in load.answers])
            middle, slow = every.milliseconds(0.5), every.milliseconds(0.95)
            lines.append(f"   {clients:7}   {who:6}   {_middle(rounds):10.1f}   {middle:9.1f}   {slow:6.1f}")
    for clients in numbers:
        pairs = zip(loads["Alur", clients], loads["stock", clients], strict=True)
        ratio = statistics.median(ours.rate / stock.rate for ours, stock in pairs)
        lines.append(f"   Alur : stock, {clients} at once: {ratio:.2f}")
    few, many = (_middle(loads["Alur", clients]) for clients in (numbers[0], numbers[-1]))
    return "\n".join([*lines, f"   Alur, {numbers[-1]} at once : {numbers[0]} at once: {many / few:.2f}"])


def _middle(loads: Sequence[Load]) -> float:
    return statistics.median(load.rate for load in loads)


def shares(loads: Mapping[str, Load]) -> str:
    """Where each second of one client's completions goes, in percent."""
    lines = ["2. Where a second goes, with 1 client (%; `http`: waitress, the connection and the client)"]
    for who, load in loads.items():
        whole = load.seconds
        spent = {
            room: sum(answer.parts[part] for answer in load.answers for part in parts)
            for room, parts in ROOMS.items()
        }
        spent["http"] = whole - sum(spent.values())
        words = "  ".join(f"{room} {100 * seconds / whole:.0f}" for room, seconds in spent.items())
        driver = sum(answer.parts["sql"] for answer in load.answers)
        lines.append(f"   {who:6} {words}   (of the database, SQL and commit: {100 * driver / whole:.0f})")
    return "\n".join(lines)


def costs(found: Costs) -> str:
    """One completion after each number of returned reviews, in the server's CPU and for the client."""
    marks = sorted({mark for _, mark in found})
    lines = [f"3. One completion after {_listed(marks)} returned reviews of the same case (median, ms)"]
    figures = {
        (who, kind): [median(found[who, mark], of) for mark in marks]
        for who in ENGINES
        for kind, of in (("CPU", lambda one: one.parts["cpu"]), ("wall", lambda one: one.seconds))
    }
    for (who, kind), values in figures.items():
        told = f"ratio {marks[-1]} to {marks[0]}: {values[-1] / values[0]:.2f}"
        if who == "Alur":
            told += f"  (goal: at most {GOAL}; {'met' if values[-1] / values[0] <= GOAL else 'MISSED'})"
        lines.append(f"   {who:6} {kind:4}  {'  '.join(f'{value:7.2f}' for value in values)}   {told}")
    for kind in ("CPU", "wall"):
        ratios = (s / o for s, o in zip(figures["stock", kind], figures["Alur", kind], strict=True))
        lines.append(f"   stock : Alur, {kind}: {', '.join(f'{ratio:.2f}' for ratio in ratios)}")
    return "\n".join(lines)


def _listed(marks: Sequence[int]) -> str:
    return f"{', '.join(map(str, marks[:-1]))} and {marks[-1]}"
