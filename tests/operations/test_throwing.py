"""What a case throws reaches its receivers, and no receiver holds anybody up."""

from typing import Any

from sqlalchemy import select, update

from service import worker
from service.operations import deployments, incidents, instances, jobs, mending, messages, tasks
from service.operations.identity import SYSTEM
from service.store.database import Database
from service.store.models import Job, ProcessInstance
from tests.engine.drawing import xml
from tests.operations.moves import CATCH, Deploy, task_xml

LETTER = '<bpmn:message id="m" name="surat"/><bpmn:signal id="s" name="libur"/>'
SIGNAL = CATCH.replace("message", "signal").replace('Ref="m"', 'Ref="s"')
WITH_VALUES = (
    '<bpmn:intermediateThrowEvent id="kirim"><bpmn:extensionElements><camunda:inputOutput>'
    '<camunda:inputParameter name="hal">=perihal</camunda:inputParameter>'
    "</camunda:inputOutput></bpmn:extensionElements>"
    '<bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateThrowEvent>'
)
THROW_SIGNAL = (
    '<bpmn:intermediateThrowEvent id="umumkan"><bpmn:signalEventDefinition signalRef="s"/>'
    "</bpmn:intermediateThrowEvent>"
)


def start_with(kind: str, ref: str) -> str:
    return f'<bpmn:startEvent id="start"><bpmn:{kind}EventDefinition {kind}Ref="{ref}"/></bpmn:startEvent>'


def deploy(deployed: Deploy, key: str, flow: str, **drawn: str) -> None:
    drawn = {name: task_xml(name) for name in ("a", "b", "c") if name in flow.split()} | drawn
    deployed(**{f"{key}.bpmn": xml(flow, drawn, LETTER, key)})


def start(database: Database, key: str, business_key: str, **values: Any) -> str:
    with database.transaction() as session:
        definition = deployments.latest(session, key)
        return instances.start(session, definition, SYSTEM, values, business_key=business_key).id


def work(database: Database) -> None:
    """Everything that is due, and what comes of it, with no rest after a failure."""
    while worker.work(database, "w"):
        with database.transaction() as session:
            session.execute(update(Job).values(lock_until=None))


def at(database: Database, case: str) -> list[str]:
    """The steps that are open."""
    with database.reading() as session:
        return [task.element_id for task in tasks.find(session, instance_id=case)]


def values(database: Database, case: str) -> dict[str, Any]:
    with database.reading() as session:
        return instances.variables(session, case)


def cases(database: Database, key: str) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(ProcessInstance.id).where(ProcessInstance.definition_key == key)))


def stopped(database: Database, case: str) -> list[str]:
    with database.reading() as session:
        return [found.id for found in incidents.find(session, instance_id=case)]


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
            instances.locked(session, receiver)
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
