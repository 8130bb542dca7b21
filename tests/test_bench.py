"""Holds the benchmark's pieces: both engines walk alike, the clocks charge rightly, a small run ends."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.benchmark import __main__ as bench
from scripts.benchmark import cases, clocks, measure, report, servers
from scripts.benchmark.client import Answer
from scripts.benchmark.measure import Load
from scripts.benchmark.stock import StockExecution, parsed
from service.engine.execution import Execution
from service.operations import deployments, history, instances, tasks
from service.operations.identity import Actor
from service.store.database import Database
from service.store.models import ProcessInstance

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
    monkeypatch.setattr(instances, "Execution", StockExecution)


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
        seen.append((row.status, row.end_element, row.title, instances.variables(session, case)))
        seen += [(event.kind, event.element_id) for event in history.timeline(session, case)]
        visits = history.activities(session, case)
        assert all(visit.ended_at and not visit.cancelled for visit in visits)
        seen.append(sorted((visit.element_id, visit.kind) for visit in visits))
    return seen


def test_both_engines_leave_the_same_behind(clerk, stock, monkeypatch):
    theirs = walked(*clerk)
    monkeypatch.setattr(instances, "Execution", Execution)
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
    with servers.serving(tmp_path, sqlite_url, "clocks") as port, measure.connected(port) as client:
        [case] = cases.start(client, 1)
        measure.returned(port, [case], 1)
        [draft] = cases.open_work(client, [case])
        parts = measure.complete(client, draft).parts
        with pytest.raises(RuntimeError, match="409"):
            measure.complete(client, draft)
        [review] = cases.open_work(client, [case])
        measure.complete(client, review, good=True)
        assert cases.open_work(client, [case]) == []
    assert parts.keys() == {*clocks.PARTS, "cpu"}
    assert all(parts.values())


def test_a_small_run_says_everything_and_ends(fast_folder: Path, capsys: pytest.CaptureFixture[str]):
    def place(name: str) -> tuple[Path, str]:
        return fast_folder / name, f"sqlite:///{fast_folder / name}.db"

    bench.run("SQLite", place, bench.Size(rounds=1, cases=1, marks=(1, 2), looped=1))
    words = capsys.readouterr().out
    for said in ("Completed user tasks per second", "Alur : stock, 8 at once", "engine", "ratio 2 to 1"):
        assert said in words


def test_the_percentile_is_one_of_the_answers():
    load = Load(2.0, [Answer(None, seconds / 1000, {}) for seconds in range(100, 0, -1)])
    assert (load.rate, load.milliseconds(0.5), load.milliseconds(0.95)) == (50.0, 51.0, 96.0)


@pytest.mark.parametrize(("last", "word"), [(0.0013, "met"), (0.00131, "MISSED")])
def test_a_goal_that_is_missed_is_called_so(last, word):
    def answers(seconds: float) -> list[Answer]:
        return [Answer(None, seconds, {"cpu": seconds})]

    found = {(who, mark): answers(0.001) for who in report.ENGINES for mark in (1, 100)}
    text = report.costs(found | {("Alur", 100): answers(last)})
    assert text.count(word) == 2
