"""A message that a case throws reaches its receiver, and no receiver holds anybody up."""

from concurrent.futures import ThreadPoolExecutor

from service import worker
from service.operations import incidents, instances, jobs, mending, messages, tasks
from service.operations.identity import SYSTEM
from service.store.database import Database
from tests.engine.drawing import xml
from tests.operations.moves import CATCH, Deploy, task_xml
from tests.operations.throwers import (
    WITH_VALUES,
    at,
    cases,
    deploy,
    start,
    start_with,
    stopped,
    values,
    work,
)


def test_a_message_reaches_the_case_with_the_same_number_that_waits_for_it(
    database: Database, deployed: Deploy
) -> None:
    deploy(deployed, "kantor", "start -> kirim -> a -> end", kirim=WITH_VALUES)
    deploy(deployed, "warga", "start -> tunggu -> b -> end", tunggu=CATCH)
    other, receiver = start(database, "warga", "S-2"), start(database, "warga", "S-1")
    sender = start(database, "kantor", "S-1", perihal="Undangan", rahasia=1)
    assert at(database, sender) == ["a"]
    work(database)
    assert (at(database, receiver), at(database, other)) == (["b"], [])
    assert values(database, receiver) == {"hal": "Undangan"}
    with database.reading() as session:
        assert jobs.find(session) == []


def test_a_message_waits_for_a_receiver_that_is_late(database: Database, deployed: Deploy) -> None:
    deploy(deployed, "kantor", "start -> kirim -> a -> end", kirim=WITH_VALUES)
    deploy(deployed, "warga", "start -> tunggu -> b -> end", tunggu=CATCH)
    start(database, "kantor", "S-1", perihal="Undangan")
    work(database)
    receiver = start(database, "warga", "S-1")
    work(database)
    assert at(database, receiver) == ["b"]
    assert values(database, receiver) == {"hal": "Undangan"}


def test_a_message_begins_the_process_that_starts_with_it_under_the_same_number(
    database: Database, deployed: Deploy
) -> None:
    deploy(deployed, "kantor", "start -> a -> kirim", kirim=WITH_VALUES.replace("intermediateThrow", "end"))
    deploy(deployed, "arsip", "start -> b -> end", start=start_with("message", "m"))
    sender = start(database, "kantor", "S-1", perihal="Undangan")
    with database.transaction() as session:
        tasks.complete(session, tasks.find(session, instance_id=sender)[0].id, SYSTEM, {})
    work(database)
    [begun] = cases(database, "arsip")
    assert values(database, begun) == {"hal": "Undangan"}
    with database.reading() as session:
        assert instances.get(session, begun, SYSTEM).business_key == "S-1"


def test_a_case_does_not_get_its_own_message(database: Database, deployed: Deploy) -> None:
    deploy(deployed, "kantor", "start -> kirim -> tunggu -> a -> end", kirim=WITH_VALUES, tunggu=CATCH)
    one = start(database, "kantor", "S-1", perihal="x")
    work(database)
    assert at(database, one) == []
    two = start(database, "kantor", "S-1", perihal="y")
    work(database)
    assert [values(database, case)["hal"] for case in (one, two)] == ["y", "x"]


def test_a_receiver_that_cannot_go_on_keeps_the_message_until_it_is_mended(
    database: Database, deployed: Deploy
) -> None:
    deploy(deployed, "kantor", "start -> kirim -> a -> end", kirim=WITH_VALUES)
    deploy(
        deployed,
        "warga",
        "start -> tunggu -> x1; x1 -> b [=siap]; x1 -> end [default]; b -> end",
        tunggu=CATCH,
    )
    receiver, sender = start(database, "warga", "S-1"), start(database, "kantor", "S-1", perihal="Undangan")
    work(database)
    assert at(database, sender) == ["a"]
    assert values(database, receiver) == {}
    [incident] = stopped(database, receiver)
    with database.transaction() as session:
        assert mending.resume(session, incident, SYSTEM, values={"siap": True})
    assert at(database, receiver) == ["b"]
    assert values(database, receiver) == {"siap": True, "hal": "Undangan"}
    assert stopped(database, receiver) == []
    with database.reading() as session:
        assert jobs.find(session) == []


def test_a_message_from_outside_is_kept_where_the_receiver_cannot_go_on(
    database: Database, deployed: Deploy
) -> None:
    flow = "start -> tunggu -> x1; x1 -> b [=siap]; x1 -> end [default]; b -> end"
    deploy(deployed, "warga", flow, tunggu=CATCH)
    by_message, by_person = start(database, "warga", "S-1"), start(database, "warga", "S-2")
    with database.transaction() as session:
        found = messages.correlate(session, SYSTEM, "surat", business_key="S-1", values={"hal": "x"})
        assert [one.instance.id for one in found] == [by_message]
    with database.transaction() as session:
        [expected] = messages.waiting(session, by_person)
        assert messages.receive(session, expected.id, SYSTEM, {"hal": "y"}) == "kept"
    for case, hal in ((by_message, "x"), (by_person, "y")):
        [incident] = stopped(database, case)
        with database.transaction() as session:
            assert mending.resume(session, incident, SYSTEM, values={"siap": True})
        assert (at(database, case), values(database, case)["hal"]) == (["b"], hal)


def test_a_suspended_case_gets_its_message_when_it_goes_on(database: Database, deployed: Deploy) -> None:
    deploy(deployed, "warga", "start -> tunggu -> b -> end", tunggu=CATCH)
    case = start(database, "warga", "S-1")
    with database.transaction() as session:
        mending.suspend(session, case, SYSTEM)
    with database.transaction() as session:
        messages.correlate(session, SYSTEM, "surat", business_key="S-1", values={"hal": "x"})
    work(database)
    assert values(database, case) == {}
    with database.transaction() as session:
        mending.activate(session, case, SYSTEM)
    work(database)
    assert (at(database, case), values(database, case)) == (["b"], {"hal": "x"})


def test_a_message_that_could_be_for_two_is_an_incident_of_who_threw_it(
    database: Database, deployed: Deploy
) -> None:
    deploy(deployed, "kantor", "start -> kirim -> end", kirim=WITH_VALUES)
    deploy(deployed, "warga", "start -> tunggu -> b -> end", tunggu=CATCH)
    one, two = start(database, "warga", "S-1"), start(database, "warga", "S-1")
    sender = start(database, "kantor", "S-1", perihal="x")
    work(database)
    assert (at(database, one), at(database, two)) == ([], [])
    [incident] = stopped(database, sender)
    with database.reading() as session:
        [job] = jobs.find(session)
        assert (job.kind, job.retries, job.error, job.element_id) == (
            "message",
            0,
            "message.several",
            "kirim",
        )
        assert "2" in (job.error_details or "")
    with database.transaction() as session:
        instances.cancel(session, one, SYSTEM, "dobel")
    with database.transaction() as session:
        assert mending.resume(session, incident, SYSTEM)
    work(database)
    assert at(database, two) == ["b"]
    assert stopped(database, sender) == []


def test_new_tries_mend_the_incident_of_who_threw_it(database: Database, deployed: Deploy) -> None:
    deploy(deployed, "kantor", "start -> kirim -> end", kirim=WITH_VALUES)
    deploy(deployed, "arsip", "start -> b -> end", start=start_with("message", "m"))
    deploy(deployed, "buku", "start -> b -> end", start=start_with("message", "m"))
    sender = start(database, "kantor", "S-1", perihal="x")
    work(database)
    assert len(stopped(database, sender)) == 1
    deploy(deployed, "buku", "start -> b -> end")
    with database.transaction() as session:
        [job] = jobs.find(session)
        mending.set_retries(session, job.id, SYSTEM, 1)
    work(database)
    assert len(cases(database, "arsip")) == 1
    assert stopped(database, sender) == []


def test_a_message_whose_case_was_taken_off_is_kept_for_another(database: Database, deployed: Deploy) -> None:
    flow = "start -> tunggu -> x1; x1 -> b [=siap]; x1 -> end [=not(siap)]; b -> end"
    deploy(deployed, "warga", flow, tunggu=CATCH)
    broken = start(database, "warga", "S-1")
    with database.transaction() as session:
        messages.correlate(session, SYSTEM, "surat", values={"hal": "x"})
    with database.transaction() as session:
        instances.cancel(session, broken, SYSTEM, "salah")
    with database.transaction() as session:
        jobs.sweep(session)
    assert stopped(database, broken) == []
    work(database)
    sound, other = start(database, "warga", "S-1", siap=True), start(database, "warga", "S-2", siap=True)
    work(database)
    assert (at(database, sound), at(database, other)) == (["b"], [])
    assert values(database, sound) == {"siap": True, "hal": "x"}


def test_many_senders_receivers_and_workers_at_once_lose_and_double_nothing(
    database: Database, deployed: Deploy
) -> None:
    answer = WITH_VALUES.replace('"kirim"', '"jawab"').replace('"m"', '"m2"')
    both = '<bpmn:message id="m" name="surat"/><bpmn:message id="m2" name="jawaban"/>'
    reply = CATCH.replace('"m"', '"m2"').replace('"tunggu"', '"balas"')
    office = {"kirim": WITH_VALUES, "balas": reply, "a": task_xml("a")}
    citizen = {"tunggu": CATCH, "jawab": answer, "b": task_xml("b")}
    deployed(**{"kantor.bpmn": xml("start -> kirim -> balas -> a -> end", office, both, "kantor")})
    deployed(**{"warga.bpmn": xml("start -> tunggu -> jawab -> b -> end", citizen, both, "warga")})

    def run(number: int) -> None:
        key = ("kantor", "warga")[number % 2]
        start(database, key, f"S-{number // 2}", perihal=number // 2)

    def drain(owner: str) -> None:
        for _ in range(12):
            worker.work(database, owner)

    with ThreadPoolExecutor(6) as pool:
        started = [pool.submit(run, number) for number in range(24)]
        drained = [pool.submit(drain, f"w{n}") for n in range(3)]
        for done in (*started, *drained):
            done.result()
    work(database)
    assert [at(database, case) for case in cases(database, "kantor")] == [["a"]] * 12
    assert [at(database, case) for case in cases(database, "warga")] == [["b"]] * 12
    for key in ("kantor", "warga"):
        assert all(
            values(database, case)["hal"] == values(database, case)["perihal"]
            for case in cases(database, key)
        )
    with database.reading() as session:
        assert jobs.find(session) == []
        assert incidents.find(session) == []
