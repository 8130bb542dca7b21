"""Messages and signals reach the case that waits for them, once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from service import worker
from service.errors import (
    Conflict,
    InvalidInput,
)
from service.operations import gate, instances, messages
from service.operations.identity import SYSTEM
from service.store.database import Database
from tests.engine.drawing import scope, xml
from tests.operations.moves import CATCH, Deploy, begin, complete, open_task, task_xml


def test_a_message_finds_its_case_by_business_key_and_by_variables(database: Database, waiting: str) -> None:
    cases = []
    for nip in ("111", "222"):
        case = begin(database, waiting, nip=nip)
        complete(database, case)
        cases.append(case)
    with pytest.raises(Conflict), database.transaction() as session:
        messages.correlate(session, SYSTEM, "kartu")
    with pytest.raises(InvalidInput), database.transaction() as session:
        messages.correlate(session, SYSTEM, "kartu", keys={"nip": "333"})
    with database.transaction() as session:
        messages.correlate(session, SYSTEM, "kartu", keys={"nip": "222"}, values={"nomor": 7})
    assert open_task(database, cases[1]).element_id == "b"
    with database.reading() as session:
        assert gate.variables(session, cases[1]) == {"nip": "222", "nomor": 7}
        assert [s.instance_id for s in messages.find(session, kind="message")] == [cases[0]]
        key = instances.get(session, cases[0], SYSTEM).business_key
    with database.transaction() as session:
        messages.correlate(session, SYSTEM, "kartu", business_key=key)
    assert open_task(database, cases[0]).element_id == "b"


def test_an_arrival_is_recorded_once(database: Database, waiting: str) -> None:
    case = begin(database, waiting)
    complete(database, case)
    with database.reading() as session:
        expected = messages.waiting(session, case)[0].id

    def receive(_: int) -> str:
        try:
            with database.transaction() as session:
                return messages.receive(session, expected, SYSTEM)
        except Conflict as error:
            return error.message.key

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(receive, range(4)), key=len) == ["received"] + ["case.arrived"] * 3


def test_a_message_for_nobody_starts_the_process_that_begins_with_it(
    database: Database, deployed: Deploy
) -> None:
    begins = '<bpmn:startEvent id="start"><bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent>'
    drawn = xml("start -> a -> end", {"start": begins}, '<bpmn:message id="m" name="surat"/>', "surat")
    deployed(**{"surat.bpmn": drawn})
    with database.transaction() as session:
        found = messages.correlate(session, SYSTEM, "surat", business_key="S-1", values={"hal": "x"})
        assert [(c.started, c.instance.business_key) for c in found] == [(True, "S-1")]


def test_a_signal_reaches_every_case_that_waits(database: Database, deployed: Deploy) -> None:
    catch = CATCH.replace("message", "signal")
    drawn = xml(
        "start -> tunggu -> b -> end", {"tunggu": catch}, '<bpmn:signal id="m" name="libur"/>', "libur"
    )
    deployed(**{"libur.bpmn": drawn})
    cases = [begin(database, "libur") for _ in range(3)]
    with database.transaction() as session:
        assert messages.signal(session, SYSTEM, "libur") == 3
    assert worker.work(database, "w") == 3
    assert [open_task(database, case).element_id for case in cases] == ["b"] * 3


def test_a_signal_that_ends_one_of_two_waits_of_a_case_still_reaches_the_others(
    database: Database, deployed: Deploy
) -> None:
    signal = '<bpmn:signalEventDefinition signalRef="m"/>'
    inner = scope("start2 -> tunggu -> end2", {"tunggu": CATCH.replace("message", "signal")}, "g")
    drawn = {
        "s": f'<bpmn:subProcess id="s">{inner}</bpmn:subProcess>',
        "batas": f'<bpmn:boundaryEvent id="batas" attachedToRef="s">{signal}</bpmn:boundaryEvent>',
        "b": task_xml("b"),
    }
    before = '<bpmn:signal id="m" name="libur"/>'
    deployed(**{"libur.bpmn": xml("start -> s -> b -> end; batas -> b", drawn, before, "libur")})
    cases = [begin(database, "libur") for _ in range(4)]
    with database.transaction() as session:
        assert messages.signal(session, SYSTEM, "libur") == 8
    assert worker.work(database, "w") == 8
    assert [open_task(database, case).element_id for case in cases] == ["b"] * 4
    with database.reading() as session:
        assert messages.find(session) == []


def test_a_correlation_key_of_true_is_not_one(database: Database, waiting: str) -> None:
    complete(database, begin(database, waiting, lengkap=True))
    with pytest.raises(InvalidInput), database.transaction() as session:
        messages.correlate(session, SYSTEM, "kartu", keys={"lengkap": 1})
    with database.transaction() as session:
        assert len(messages.correlate(session, SYSTEM, "kartu", keys={"lengkap": True})) == 1
