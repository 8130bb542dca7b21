"""Timers fire when they are due, once, and become incidents when they cannot."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from service import worker
from service.errors import AlurError, Busy, Conflict
from service.operations import calls, history, incidents, jobs
from service.operations.identity import SYSTEM
from service.store.database import Database
from service.store.models import TRIES, Job, ProcessInstance, new_id, now
from tests.engine.drawing import xml
from tests.operations.moves import Deploy, begin, open_task, task_xml, timer

MINUTE = timedelta(minutes=1)


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


def test_a_lease_that_no_clock_could_have_given_has_run_out(database: Database, deployed: Deploy) -> None:
    deployed(**{"t.bpmn": xml("start -> tunggu -> b -> end", {"tunggu": timer("PT0S")}, key="tunda")})
    begin(database, "tunda")
    for ahead, free in ((jobs.LEASE, 0), (2 * jobs.LEASE - MINUTE / 2, 0), (2 * jobs.LEASE + MINUTE, 1)):
        with database.transaction() as session:
            session.execute(update(Job).values(lock_owner="lain", lock_until=now() + ahead))
        with database.transaction() as session:
            assert len(jobs.acquire(session, "w")) == free


def test_a_failed_job_rests_longer_each_time(database: Database, deployed: Deploy) -> None:
    deployed(**{"t.bpmn": xml("start -> tunggu -> b -> end", {"tunggu": timer("PT0S")}, key="tunda")})
    begin(database, "tunda")
    for rest in (jobs.WAIT, 2 * jobs.WAIT):
        with database.transaction() as session:
            session.execute(update(Job).values(lock_until=None))
            [job] = jobs.acquire(session, "w")
            before = now()
            jobs.fail(session, job, AlurError("engine.mistake"))
        with database.reading() as session:
            until = jobs.find(session)[0].lock_until
            assert until is not None
            assert rest <= until - before < rest + jobs.WAIT
        with database.transaction() as session:
            assert jobs.acquire(session, "w") == []


def test_finding_somebody_else_at_work_costs_no_try(database: Database, deployed: Deploy) -> None:
    deployed(**{"t.bpmn": xml("start -> tunggu -> b -> end", {"tunggu": timer("PT0S")}, key="tunda")})
    begin(database, "tunda")
    for _ in range(5):
        with database.transaction() as session:
            session.execute(update(Job).values(lock_until=None))
            [job] = jobs.acquire(session, "w")
            jobs.fail(session, job, Busy("store.busy"))
    with database.reading() as session:
        [row] = jobs.find(session)
        assert (row.retries, row.error, row.lock_owner) == (TRIES, None, None)


@pytest.mark.parametrize("kind", ["external", "lain"])
def test_what_is_done_elsewhere_is_nobodys_here(database: Database, deployed: Deploy, kind: str) -> None:
    deployed(**{"t.bpmn": xml("start -> tunggu -> b -> end", {"tunggu": timer("PT0S")}, key="tunda")})
    begin(database, "tunda")
    with database.transaction() as session:
        session.execute(update(Job).values(kind=kind, topic="cetak"))
    assert worker.work(database, "w") == 0
    with database.reading() as session:
        [job] = jobs.find(session)
    with pytest.raises(Conflict), database.transaction() as session:
        jobs.execute(session, job.id, actor=SYSTEM)


@given(seconds=st.integers(-3, 3), owner=st.sampled_from(["w", "lain"]))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_job_is_never_done_before_its_time_or_by_who_does_not_have_it(
    database: Database, deployed: Deploy, seconds: int, owner: str
) -> None:
    deployed(**{"t.bpmn": xml("start -> tunggu -> b -> end", {"tunggu": timer("PT1H")}, key="tunda")})
    case = begin(database, "tunda")
    due = now() + timedelta(minutes=seconds)
    with database.transaction() as session:
        session.execute(
            update(Job)
            .where(Job.instance_id == case)
            .values(due_at=due, lock_owner="w", lock_until=now() + jobs.LEASE)
        )
        [job] = jobs.find(session, instance_id=case)
    try:
        with database.transaction() as session:
            jobs.execute(session, job.id, owner=owner)
        done = True
    except Conflict:
        done = False
    assert done == (due <= now() and owner == "w")


def test_a_boundary_timer_that_comes_again_leaves_out_what_was_missed(
    database: Database, deployed: Deploy
) -> None:
    cycle = (
        '<bpmn:boundaryEvent id="ingat" attachedToRef="a" cancelActivity="false"><bpmn:timerEventDefinition>'
        "<bpmn:timeCycle>R/PT1H</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )
    drawn = {"a": task_xml("a"), "c": task_xml("c"), "ingat": cycle}
    deployed(**{"t.bpmn": xml("start -> a -> end; ingat -> c -> end", drawn, key="ulang")})
    case = begin(database, "ulang")
    with database.transaction() as session:
        row = session.scalars(select(Job)).one()
        row.due_at = now() - timedelta(minutes=30)
    assert worker.work(database, "w") == 1
    assert worker.work(database, "w") == 0
    with database.reading() as session:
        [job] = jobs.find(session, instance_id=case)
        assert job.due_at > now()
        assert (job.retries, job.lock_owner, job.lock_until) == (TRIES, None, None)


def test_a_job_whose_case_does_not_know_it_is_an_incident_in_the_end(
    database: Database, deployed: Deploy
) -> None:
    deployed(**{"t.bpmn": xml("start -> tunggu -> b -> end", {"tunggu": timer("PT0S")}, key="tunda")})
    case = begin(database, "tunda")
    with database.transaction() as session:
        session.execute(update(Job).values(id=new_id()))
    for _ in range(TRIES):
        assert worker.work(database, "w") == 1
        with database.transaction() as session:
            session.execute(update(Job).values(lock_until=None))
    with database.reading() as session:
        [incident] = incidents.find(session, instance_id=case)
        assert incident.sentence == "engine.job"


def test_an_escalation_that_nobody_waits_for_any_more_is_over(database: Database, deployed: Deploy) -> None:
    deployed(**{"t.bpmn": xml("start -> b -> end", key="tunda")})
    case = begin(database, "tunda")
    with database.transaction() as session:
        payload = calls.Due("escalation", new_id(), case, "E1").payload
        job = Job(kind="escalation", instance_id=case, element_id="b", due_at=now(), payload=payload)
        session.add(job)
    assert worker.work(database, "w") == 1
    with database.reading() as session:
        assert jobs.find(session) == []
        assert incidents.find(session) == []
