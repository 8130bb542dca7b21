"""Curves: what one completion, or the inbox, costs where there is more of something than elsewhere."""

from collections.abc import Callable, Mapping, Sequence

from scripts.benchmark import cases, measure
from scripts.benchmark.client import Answer, Program, Reader
from scripts.benchmark.measure import complete, connected

Costs = dict[tuple[str, int], list[Answer]]
"""Answers by whom they come from, and by how much there was."""
Prepared = Mapping[tuple[str, int], Sequence[str]]
"""Cases by the same."""


def loops(ports: Mapping[str, int], marks: Sequence[int], count: int) -> Costs:
    """One loop more of cases that have been through so many."""
    prepared: dict[tuple[str, int], list[str]] = {}
    for name, port in ports.items():
        with connected(port) as client:
            for mark in marks:
                prepared[name, mark] = cases.start(client, count)
        for mark in marks:
            measure.returned(port, prepared[name, mark], mark)
    return _in_turn(ports, prepared, next_loop)


def variables(port: int, url: str, sizes: Sequence[int], count: int) -> Costs:
    """One loop of cases that carry so many bytes of variables which no step of it reads or writes."""
    prepared = {
        ("Alur", size): cases.begun(url, cases.PROCESS, {"lampiran": rows(size)}, count) for size in sizes
    }
    return _in_turn({"Alur": port}, prepared, next_loop)


def rows(size: int) -> list[dict[str, object]]:
    """A list of people that takes about so many bytes as JSON."""
    row = {
        "nama": "Siti Aminah",
        "nip": "198501012010012001",
        "golongan": "III/a",
        "lama": 12.5,
        "tetap": True,
    }
    return [row] * max(1, size // 100)


def several(port: int, url: str, numbers: Sequence[int], count: int) -> Costs:
    """One item more of tasks of which so many are open at once in a case."""
    prepared = {
        ("Alur", many): cases.begun(url, cases.SEVERAL, {"many": many}, 1) * count for many in numbers
    }
    return _in_turn({"Alur": port}, prepared, next_item)


def filling(few: int, many: int, sizes: tuple[int, int], count: int) -> Costs:
    """A whole case, at a server whose database holds few cases and at one that holds many."""
    costs: Costs = {("Alur", size): [] for size in sizes}
    for _ in range(count):
        for size, port in zip(sizes, (few, many), strict=True):
            costs["Alur", size] += measure.lived([port], 1, 1).answers
    return costs


def inboxes(few: int, many: int, sizes: tuple[int, int], count: int) -> Costs:
    """The inbox's page of the unit, at the same two servers."""
    readers = {
        size: Reader(port, cases.LOGIN, cases.PASSWORD) for size, port in zip(sizes, (few, many), strict=True)
    }
    costs: Costs = {("Alur", size): [] for size in sizes}
    for _ in range(count):
        for size, reader in readers.items():
            costs["Alur", size].append(reader.get("/?box=unit"))
    for reader in readers.values():
        reader.close()
    return costs


def next_loop(client: Program, instance: str) -> list[Answer]:
    """The completions of a case's draft and of its review, which sends it back."""
    answers = []
    for _ in range(2):
        [work] = cases.open_work(client, [instance])
        answers.append(complete(client, work))
    return answers


def next_item(client: Program, instance: str) -> list[Answer]:
    """The completion of the first of a case's open tasks."""
    return [complete(client, cases.open_work(client, [instance])[0])]


def _in_turn(
    ports: Mapping[str, int], prepared: Prepared, do: Callable[[Program, str], list[Answer]]
) -> Costs:
    """Does it with one case of each after the other, so that all meet the same weather."""
    costs: Costs = {key: [] for key in prepared}
    for turn in range(max(len(instances) for instances in prepared.values())):
        for (name, mark), instances in prepared.items():
            with connected(ports[name]) as client:
                costs[name, mark] += do(client, instances[turn])
    return costs
