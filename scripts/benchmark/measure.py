"""Loads: completions that clients ask for as fast as they can, and how long each takes."""

import statistics
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Barrier
from uuid import uuid4

from scripts.benchmark import cases
from scripts.benchmark.cases import Work
from scripts.benchmark.client import Answer, Program

Ports = Sequence[int]
"""The servers of one database: clients are spread over them."""


@dataclass
class Load:
    """Completions that clients asked for as fast as they could: how long all took, and each."""

    seconds: float = 0.0
    answers: list[Answer] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Completions per second."""
        return len(self.answers) / self.seconds

    def milliseconds(self, share: float) -> float:
        """The time within which this share of the answers came."""
        ordered = sorted(answer.seconds for answer in self.answers)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000

    def add(self, other: "Load") -> None:
        """Counts these too; between the two, no time is counted."""
        self.seconds += other.seconds
        self.answers += other.answers


def joined(loads: Sequence[Load]) -> Load:
    """These loads as one."""
    whole = Load()
    for load in loads:
        whole.add(load)
    return whole


@contextmanager
def connected(port: int) -> Iterator[Program]:
    """A client that has signed in already."""
    client = Program(port, cases.LOGIN, cases.PASSWORD)
    try:
        client.get("/process-definition/count")
        yield client
    finally:
        client.close()


def complete(client: Program, work: Work, *, good: bool = False) -> Answer:
    """Completes one task."""
    return client.post(f"/task/{work.id}/complete", cases.answer(work, good=good))


def completed(ports: Ports, works: Sequence[Work], clients: int, *, good: bool = False) -> Load:
    """Completes these tasks with so many clients at once, each in a thread and with its own connection."""
    left, together = deque(works), Barrier(clients + 1)

    def run(number: int) -> list[Answer]:
        with connected(ports[number % len(ports)]) as client:
            together.wait()
            answers = []
            while left:
                try:
                    work = left.popleft()
                except IndexError:
                    break
                answers.append(complete(client, work, good=good))
            return answers

    with ThreadPoolExecutor(clients) as pool:
        running = [pool.submit(run, number) for number in range(clients)]
        together.wait()
        begun = time.perf_counter()
        answers = [answer for one in running for answer in one.result()]
        return Load(time.perf_counter() - begun, answers)


def lived(ports: Ports, count: int, clients: int) -> Load:
    """New cases from their start to their end, each with one returned review: four completions a case."""
    load = Load()
    with connected(ports[0]) as client:
        instances = cases.start(client, count)
        for good in (False, False, False, True):
            works = [work for case in instances for work in cases.open_work(client, [case])]
            load.add(completed(ports, works, clients, good=good))
        assert not any(cases.open_work(client, [case]) for case in instances)
    return load


def floor(port: int, count: int, clients: int) -> Load:
    """As many requests to the floor, with the same bodies, as so many cases take."""
    works = [Work(str(uuid4()), "", cases.DRAFT) for _ in range(4 * count)]
    return completed([port], works, clients)


def returned(port: int, instances: Sequence[str], times: int) -> None:
    """Sends the drafts of these cases back so many times."""
    with connected(port) as client:
        for _ in range(2 * times):
            for case in instances:
                for work in cases.open_work(client, [case]):
                    complete(client, work)


def median(answers: Sequence[Answer], of: Callable[[Answer], float]) -> float:
    """The median of a figure, in milliseconds."""
    return statistics.median(map(of, answers)) * 1000
