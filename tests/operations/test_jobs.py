"""Timers fire when they are due, once, and become incidents when they cannot."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import update

from service import worker
from service.operations import incidents, jobs
from service.store.database import Database
from service.store.models import Job, now
from tests.engine.drawing import xml
from tests.operations.moves import Deploy, begin, open_task, timer


def test_a_timer_fires_when_it_is_due_and_not_before(database: Database, deployed: Deploy) -> None:
    deployed(**{"t.bpmn": xml("start -> tunggu -> b -> end", {"tunggu": timer("PT1H")}, key="tunda")})
    case = begin(database, "tunda")
    assert worker.work(database, "w") == 0
    with database.transaction() as session:
        session.execute(update(Job).values(due_at=now() - timedelta(seconds=1)))
    assert worker.work(database, "w") == 1
    assert open_task(database, case).element_id == "b"
    assert worker.work(database, "w") == 0


def test_two_workers_never_get_the_same_job(database: Database, deployed: Deploy) -> None:
    deployed(**{"t.bpmn": xml("start -> tunggu -> b -> end", {"tunggu": timer("PT0S")}, key="tunda")})
    cases = {begin(database, "tunda") for _ in range(20)}
    with ThreadPoolExecutor(4) as pool:
        done = sum(pool.map(lambda n: sum(worker.work(database, f"w{n}") for _ in range(20)), range(4)))
    assert done == 20
    assert all(open_task(database, case).element_id == "b" for case in cases)


def test_a_timer_that_cannot_go_on_becomes_an_incident_after_its_tries(
    database: Database, deployed: Deploy
) -> None:
    drawn = xml(
        "start -> tunggu -> x1; x1 -> a [=ya]; x1 -> end [default]; a -> end",
        {"tunggu": timer("PT0S")},
        key="gagal",
    )
    deployed(**{"t.bpmn": drawn})
    case = begin(database, "gagal")
    for _ in range(3):
        assert worker.work(database, "w") == 1
        with database.transaction() as session:
            session.execute(update(Job).values(lock_until=None))
    assert worker.work(database, "w") == 0
    with database.reading() as session:
        assert [(i.kind, i.element_id) for i in incidents.find(session, instance_id=case)] == [("job", "x1")]
        assert jobs.find(session)[0].retries == 0
