"""Timers fire when they are due, once, and become incidents when they cannot."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import update

from service import worker
from service.operations import history, incidents, jobs
from service.store.database import Database
from service.store.models import Job, ProcessInstance, now
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


def test_a_case_that_cannot_be_read_stops_neither_the_worker_nor_other_cases(
    database: Database, deployed: Deploy
) -> None:
    deployed(**{"t.bpmn": xml("start -> tunggu -> b -> end", {"tunggu": timer("PT0S")}, key="tunda")})
    spoilt, sound = begin(database, "tunda"), begin(database, "tunda")
    with database.transaction() as session:
        broken = update(ProcessInstance).where(ProcessInstance.id == spoilt)
        session.execute(broken.values(state='{"format":0}'))
    for _ in range(3):
        worker.work(database, "w")
        with database.transaction() as session:
            session.execute(update(Job).values(lock_until=None))
    assert open_task(database, sound).element_id == "b"
    with database.reading() as session:
        assert [i.sentence for i in incidents.find(session, instance_id=spoilt)] == ["engine.job"]


def test_a_timer_that_fired_is_told_by_its_own_name(database: Database, deployed: Deploy) -> None:
    named = timer("PT0S").replace('id="tunggu"', 'id="tunggu" name="Masa sanggah"')
    deployed(**{"t.bpmn": xml("start -> tunggu -> b -> end", {"tunggu": named}, key="tunda")})
    case = begin(database, "tunda")
    worker.work(database, "w")
    with database.reading() as session:
        told = [event for event in history.timeline(session, case) if event.kind == "timer_fired"]
        assert [(event.element_id, event.element_name) for event in told] == [("tunggu", "Masa sanggah")]
