"""Eight processes at once, one instance: one wins, the others are told, and nothing is done twice."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from service.operations import deployments, history, instances, tasks
from service.operations.identity import SYSTEM, Actor
from service.store.database import Database
from service.store.models import Job, now
from tests.conftest import DIAGRAMS
from tests.store import racing

SEVERAL = 12
PATIENCE = 120
"""Seconds for a race on a busy machine."""


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    """So many processes that have everything imported already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.store.racing"])
    with ProcessPoolExecutor(racing.PROCESSES, context) as pool:
        yield pool


Race = Callable[..., list[list[str]]]


@pytest.fixture
def race(processes: ProcessPoolExecutor, database: Database, request: pytest.FixtureRequest) -> Race:
    """Lets every process run on this test's database; what each of them won."""
    kind = "sqlite_url" if database._writer.dialect.name == "sqlite" else "postgresql_server"
    url: str = request.getfixturevalue(kind)

    def run(what: Callable[..., list[str]], ids: Sequence[str] = ()) -> list[list[str]]:
        running = [processes.submit(what, url, number, ids) for number in range(racing.PROCESSES)]
        return [one.result(PATIENCE) for one in running]

    return run


@pytest.fixture
def case(database: Database, people: Callable[..., Actor], deployed: Callable[..., object]) -> str:
    """A case that waits for several tasks at once, and somebody for each process."""
    for number in range(racing.PROCESSES):
        people(f"p{number}", admin=True)
    drawn = (DIAGRAMS / "multi_cardinality.bpmn").read_bytes()
    deployed(**{"several.bpmn": drawn.replace(b">3<", f">{SEVERAL}<".encode())})
    with database.transaction() as session:
        return instances.start(session, deployments.definitions(session)[0], SYSTEM, {}).id


def open_tasks(database: Database, case: str) -> list[str]:
    with database.reading() as session:
        return [task.id for task in tasks.find(session, instance_id=case)]


def test_each_task_is_completed_by_one(database: Database, case: str, race: Race) -> None:
    ids = open_tasks(database, case)
    assert len(ids) == SEVERAL
    won = race(racing.completions, ids)
    assert sorted(id_ for ids in won for id_ in ids) == sorted(ids)
    with database.reading() as session:
        told = [event for event in history.timeline(session, case) if event.kind == "task_completed"]
        assert history.verify(session, case) is None
        assert instances.get(session, case, SYSTEM).status == "completed"
    expected = [(id_, f"p{number}") for number, own in enumerate(won) for id_ in own]
    assert sorted((event.task_id, event.actor) for event in told) == sorted(expected)


def test_each_task_is_claimed_by_one(database: Database, case: str, race: Race) -> None:
    ids = open_tasks(database, case)
    won = race(racing.claims, ids)
    assert sorted(id_ for own in won for id_ in own) == sorted(ids)
    with database.reading() as session:
        assert {task.id: task.assignee for task in tasks.find(session, instance_id=case)} == {
            id_: f"p{number}" for number, own in enumerate(won) for id_ in own
        }


def test_each_job_is_leased_by_one_worker(
    database: Database, deployed: Callable[..., object], race: Race
) -> None:
    deployed("timer_duration.bpmn")
    with database.transaction() as session:
        definition = deployments.definitions(session)[0]
        for _ in range(SEVERAL):
            instances.start(session, definition, SYSTEM, {})
        session.execute(update(Job).values(due_at=now() - timedelta(seconds=1)))
        expected = {job.id for job in session.query(Job)}
    leased = [id_ for own in race(racing.leases) for id_ in own]
    assert sorted(leased) == sorted(expected)
    assert len(leased) == SEVERAL
