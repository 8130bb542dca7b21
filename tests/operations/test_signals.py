"""A signal that a case throws reaches everybody who waits for it, each by itself."""

from sqlalchemy import update

from service.operations import deployments, gate, instances, jobs, mending, messages, tasks
from service.operations.identity import SYSTEM
from service.store.database import Database
from service.store.models import Job
from tests.operations.moves import Deploy
from tests.operations.throwers import (
    SIGNAL,
    THROW_SIGNAL,
    at,
    cases,
    deploy,
    start,
    start_with,
    stopped,
    values,
    work,
)


def test_a_signal_reaches_all_who_wait_though_one_cannot_go_on(database: Database, deployed: Deploy) -> None:
    deploy(deployed, "kantor", "start -> umumkan -> a -> end", umumkan=THROW_SIGNAL)
    flow = "start -> tunggu -> x1; x1 -> b [=siap]; x1 -> end [=not(siap)]; b -> end"
    deploy(deployed, "warga", flow, tunggu=SIGNAL)
    broken = start(database, "warga", "S-1")
    sound = [start(database, "warga", f"S-{n}", siap=True) for n in (2, 3)]
    sender = start(database, "kantor", "S-4")
    assert at(database, sender) == ["a"]
    late = start(database, "warga", "S-5", siap=True)
    work(database)
    assert [at(database, case) for case in sound] == [["b"], ["b"]]
    assert (at(database, broken), len(stopped(database, broken))) == ([], 1)
    assert at(database, late) == []
    assert stopped(database, sender) == []


def test_a_signal_comes_once_to_the_case_that_threw_it(database: Database, deployed: Deploy) -> None:
    flow = "start -> p1; p1 -> tunggu -> b -> end; p1 -> a -> umumkan -> end"
    deploy(deployed, "kantor", flow, umumkan=THROW_SIGNAL, tunggu=SIGNAL)
    case = start(database, "kantor", "S-1")
    with database.transaction() as session:
        tasks.complete(session, tasks.find(session, instance_id=case)[0].id, SYSTEM, {})
    assert at(database, case) == ["b"]
    with database.reading() as session:
        assert jobs.find(session) == []


def test_a_signal_begins_one_case_of_each_process_that_starts_with_it(
    database: Database, deployed: Deploy
) -> None:
    for key in ("arsip", "buku"):
        deploy(deployed, key, "start -> b -> end", start=start_with("signal", "s"))
    deploy(deployed, "kantor", "start -> umumkan -> end", umumkan=THROW_SIGNAL)
    start(database, "kantor", "S-1")
    with database.transaction() as session:
        assert messages.signal(session, SYSTEM, "libur", {"sebab": "banjir"}) == 2
    work(database)
    assert [len(cases(database, key)) for key in ("arsip", "buku")] == [2, 2]
    begun = sorted(str(values(database, case)) for case in cases(database, "arsip"))
    assert begun == ["{'sebab': 'banjir'}", "{}"]


def test_a_signal_waits_for_a_suspended_case_and_is_over_for_an_ended_one(
    database: Database, deployed: Deploy
) -> None:
    deploy(deployed, "warga", "start -> tunggu -> b -> end", tunggu=SIGNAL)
    one, two = (start(database, "warga", f"S-{n}") for n in (1, 2))
    with database.transaction() as session:
        mending.suspend(session, one, SYSTEM)
    with database.transaction() as session:
        messages.signal(session, SYSTEM, "libur")
    with database.transaction() as session:
        instances.cancel(session, two, SYSTEM, "batal")
    work(database)
    assert at(database, one) == []
    with database.transaction() as session:
        mending.activate(session, one, SYSTEM)
    work(database)
    assert at(database, one) == ["b"]
    with database.reading() as session:
        assert jobs.find(session) == []


def test_who_throws_does_not_wait_for_a_receiver_that_is_at_work(
    database: Database, deployed: Deploy
) -> None:
    deploy(deployed, "kantor", "start -> umumkan -> a -> end", umumkan=THROW_SIGNAL)
    deploy(deployed, "warga", "start -> tunggu -> b -> end", tunggu=SIGNAL)
    receiver = start(database, "warga", "S-1")
    with database.transaction() as session:
        if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time
            gate.locked(session, receiver)
            start(database, "kantor", "S-2")
        else:
            definition = deployments.latest(session, "kantor")
            instances.start(session, definition, SYSTEM, {}, business_key="S-2")
    work(database)
    assert at(database, receiver) == ["b"]


def test_a_job_that_nobody_can_find_a_case_for_is_listed(database: Database, deployed: Deploy) -> None:
    begin_broken = "start -> x1; x1 -> b [=siap]; x1 -> end [=not(siap)]; b -> end"
    deploy(deployed, "arsip", begin_broken, start=start_with("signal", "s"))
    with database.transaction() as session:
        messages.signal(session, SYSTEM, "libur")
    work(database)
    with database.reading() as session:
        [job] = jobs.stuck(session)
        assert (job.kind, job.element_id, job.error) == ("start", "start", "engine.condition")
        assert job.definition_id and job.definition_id.startswith("arsip:")
    with database.transaction() as session:
        mending.set_retries(session, job.id, SYSTEM, 1)
        session.execute(update(Job).values(payload={**job.payload, "values": {"siap": True}}))
    work(database)
    [case] = cases(database, "arsip")
    assert at(database, case) == ["b"]
