"""What is measured: completions per second, the parts of a completion, and its cost after many reviews."""

import statistics
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Barrier

from scripts.benchmark import cases
from scripts.benchmark.cases import Work
from scripts.benchmark.client import Answer, Client


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


@contextmanager
def connected(port: int) -> Iterator[Client]:
    """A client that has signed in already."""
    client = Client(port, cases.LOGIN, cases.PASSWORD)
    try:
        client.get("/process-definition/count")
        yield client
    finally:
        client.close()


def complete(client: Client, work: Work, *, good: bool = False) -> Answer:
    """Completes one task."""
    return client.post(f"/task/{work.id}/complete", cases.answer(work, good=good))


def completed(port: int, works: Sequence[Work], clients: int, *, good: bool = False) -> Load:
    """Completes these tasks with so many clients at once, each in a thread and with its own connection."""
    left, together = deque(works), Barrier(clients + 1)

    def run() -> list[Answer]:
        with connected(port) as client:
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
        running = [pool.submit(run) for _ in range(clients)]
        together.wait()
        begun = time.perf_counter()
        answers = [answer for one in running for answer in one.result()]
        return Load(time.perf_counter() - begun, answers)


def lived(port: int, count: int, clients: int) -> Load:
    """New cases from their start to their end, each with one returned review: four completions a case."""
    load = Load()
    with connected(port) as client:
        instances = cases.start(client, count)
        for good in (False, False, False, True):
            load.add(completed(port, cases.open_work(client, instances), clients, good=good))
        assert not cases.open_work(client, instances)
    return load


def returned(port: int, instances: Sequence[str], times: int) -> None:
    """Sends the drafts of these cases back so many times."""
    with connected(port) as client:
        for _ in range(2 * times):
            for work in cases.open_work(client, instances):
                complete(client, work)


def next_loop(client: Client, instance: str) -> list[Answer]:
    """The completions of a case's draft and of its review, which sends it back."""
    answers = []
    for _ in range(2):
        [work] = cases.open_work(client, [instance])
        answers.append(complete(client, work))
    return answers


Costs = dict[tuple[str, int], list[Answer]]


def loops(ports: dict[str, int], marks: Sequence[int], count: int) -> Costs:
    """One loop more of cases that have been through so many; servers and marks take turns all along."""
    prepared: dict[tuple[str, int], list[str]] = {}
    for name, port in ports.items():
        with connected(port) as client:
            for mark in marks:
                prepared[name, mark] = cases.start(client, count)
        for mark in marks:
            returned(port, prepared[name, mark], mark)
    costs: Costs = {key: [] for key in prepared}
    for turn in range(count):
        for name, port in ports.items():
            with connected(port) as client:
                for mark in marks:
                    costs[name, mark] += next_loop(client, prepared[name, mark][turn])
    return costs


def median(answers: Sequence[Answer], of: Callable[[Answer], float]) -> float:
    """The median of a figure, in milliseconds."""
    return statistics.median(map(of, answers)) * 1000
