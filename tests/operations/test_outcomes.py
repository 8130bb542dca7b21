"""What a worker says of an external task moves the case on, and is never lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from service.errors import InvalidInput, NotFound
from service.operations import external, incidents, instances, mending, outcomes
from service.operations.identity import Actor
from service.store.database import Database
from service.store.models import Job
from tests.engine.drawing import xml
from tests.operations.moves import Deploy, begin, open_task
from tests.operations.printing import (
    ERROR,
    GALAT,
    MINUTE,
    complete,
    fetch,
    let_locks_run_out,
    stopped_at,
    told,
    variables,
    work_of,
)


def test_a_worker_fetches_a_task_and_completes_it(database: Database, kartu: str, admin: Actor) -> None:
    case = begin(database, kartu, nama="Siti")
    [job] = fetch(database)
    assert (job.instance_id, job.element_id, job.topic) == (case, "cetak", "cetak")
    assert external.values(job) == {"nama": "Siti"}
    complete(database, job, admin, nomor=7)
    assert variables(database, case) == {"nama": "Siti", "nomor": 7}
    assert open_task(database, case).element_id == "b"
    assert [e.details["values"] for e in told(database, case) if e.kind == "external_task_completed"] == [
        {"nomor": 7}
    ]
    with pytest.raises(NotFound):
        complete(database, job, admin)


def test_two_who_complete_the_same_task_do_it_once(database: Database, kartu: str, admin: Actor) -> None:
    case = begin(database, kartu)
    [job] = fetch(database)
    ready = Barrier(2)

    def finish(number: int) -> bool:
        ready.wait()
        try:
            complete(database, job, admin, nomor=number)
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(finish, range(2)))
    assert sorted(won) == [False, True]
    assert variables(database, case) == {"nomor": won.index(True)}


def test_a_lock_that_ran_out_is_another_workers_to_take(database: Database, kartu: str, admin: Actor) -> None:
    case = begin(database, kartu)
    [job] = fetch(database, "w1")
    assert fetch(database, "w2") == []
    let_locks_run_out(database)
    assert len(fetch(database, "w2")) == 1
    with pytest.raises(InvalidInput):
        complete(database, job, admin, "w1", nomor=1)
    assert [event.kind for event in told(database, case)] == ["instance_started"]
    assert variables(database, case) == {}
    complete(database, job, admin, "w2", nomor=2)
    assert variables(database, case) == {"nomor": 2}


def test_who_is_late_may_still_complete_what_nobody_else_has_taken(
    database: Database, kartu: str, admin: Actor
) -> None:
    case = begin(database, kartu)
    [job] = fetch(database)
    let_locks_run_out(database)
    complete(database, job, admin)
    assert open_task(database, case).element_id == "b"


def test_a_cancelled_case_takes_its_tasks_along(database: Database, kartu: str, admin: Actor) -> None:
    case = begin(database, kartu)
    [job] = fetch(database)
    with database.transaction() as session:
        instances.cancel(session, case, admin, "salah")
    with pytest.raises(NotFound):
        complete(database, job, admin)


def fail(database: Database, job: Job, actor: Actor, **said: Any) -> None:
    with database.transaction() as session:
        outcomes.fail(session, job.id, "w1", actor, **said)


def test_what_failed_rests_and_is_tried_again(database: Database, kartu: str, admin: Actor) -> None:
    case = begin(database, kartu)
    [job] = fetch(database)
    fail(database, job, admin, message="Kertas habis", details="baris 1", retries=2, rest=MINUTE)
    assert fetch(database) == []
    assert stopped_at(database, case) == []
    let_locks_run_out(database)
    [again] = fetch(database)
    assert (again.retries, again.error, again.error_details) == (2, "Kertas habis", "baris 1")
    fail(database, again, admin, retries=1)
    assert len(fetch(database)) == 1
    assert [e.details["retries"] for e in told(database, case) if e.kind == "external_task_failed"] == [2, 1]


def test_without_tries_the_case_has_an_incident_until_they_are_raised(
    database: Database, kartu: str, admin: Actor
) -> None:
    case = begin(database, kartu)
    [job] = fetch(database)
    fail(database, job, admin, message="x" * 5000)
    fail(database, job, admin, message="lagi")
    assert stopped_at(database, case) == [("external", "external.failed")]
    let_locks_run_out(database)
    assert fetch(database) == []
    with database.transaction() as session:
        mending.set_retries(session, job.id, admin, 3)
    assert stopped_at(database, case) == []
    [job] = fetch(database)
    fail(database, job, admin)
    assert stopped_at(database, case) == [("external", "external.gave_up")]
    complete(database, job, admin)
    assert stopped_at(database, case) == []


def test_a_failure_may_leave_values_behind(database: Database, kartu: str, admin: Actor) -> None:
    case = begin(database, kartu)
    [job] = fetch(database)
    fail(database, job, admin, retries=1, values={"coba": 1}, local={"bagian": 2})
    assert variables(database, case) == {"coba": 1}
    [job] = fetch(database)
    assert (external.values(job), external.own_values(job)) == ({"coba": 1, "bagian": 2}, {"bagian": 2})
    complete(database, job, admin)
    assert variables(database, case) == {"coba": 1}


def test_a_result_behind_which_the_diagram_stops_is_kept_and_tried_again(
    database: Database, deployed: Deploy, admin: Actor
) -> None:
    drawn = xml(
        "start -> cetak -> x1; x1 -> a [=jumlah > batas]; x1 -> end [default]; a -> end",
        {"cetak": work_of("cetak")},
        key="kartu",
    )
    deployed(**{"k.bpmn": drawn})
    case = begin(database, "kartu")
    [job] = fetch(database)
    complete(database, job, admin, jumlah=7)
    with database.reading() as session:
        [incident] = incidents.find(session, instance_id=case)
    assert (incident.kind, incident.element_id, incident.parked) == ("external", "x1", {"jumlah": 7})
    let_locks_run_out(database)
    assert fetch(database) == []
    with database.transaction() as session:
        assert mending.resume(session, incident.id, admin, values={"batas": 5})
    assert variables(database, case) == {"jumlah": 7, "batas": 5}
    assert open_task(database, case).element_id == "a"
    assert stopped_at(database, case) == []


def test_a_kept_result_may_be_put_aside_and_the_work_done_again(
    database: Database, deployed: Deploy, admin: Actor
) -> None:
    drawn = xml(
        "start -> cetak -> x1; x1 -> a [=baik]; x1 -> end [default]; a -> end",
        {"cetak": work_of("cetak")},
        key="kartu",
    )
    deployed(**{"k.bpmn": drawn})
    case = begin(database, "kartu")
    [job] = fetch(database)
    complete(database, job, admin, baik="mungkin")
    with database.transaction() as session:
        mending.set_retries(session, job.id, admin, 1)
    [job] = fetch(database)
    complete(database, job, admin, baik=True)
    assert open_task(database, case).element_id == "a"
    kept = [event.details["values"] for event in told(database, case) if event.kind == "incident_opened"]
    assert kept == [{"baik": "mungkin"}]


def test_an_error_that_the_diagram_knows_goes_its_way(
    database: Database, deployed: Deploy, admin: Actor
) -> None:
    drawn = {"cetak": work_of("cetak"), "gagal": ERROR}
    deployed(**{"k.bpmn": xml("start -> cetak -> b -> end; gagal -> c -> end", drawn, GALAT, "kartu")})
    case = begin(database, "kartu")
    [job] = fetch(database)
    with database.transaction() as session:
        outcomes.bpmn_error(session, job.id, "w1", admin, "KERTAS", "habis", {"sisa": 0})
    assert open_task(database, case).element_id == "c"
    assert variables(database, case) == {"sisa": 0, "kode": "KERTAS"}
    assert fetch(database) == []


def test_an_error_that_nothing_catches_is_an_incident_and_told(
    database: Database, kartu: str, admin: Actor
) -> None:
    case = begin(database, kartu)
    [job] = fetch(database)
    with database.transaction() as session:
        outcomes.bpmn_error(session, job.id, "w1", admin, "LAIN", "entah", {"sisa": 0})
    assert stopped_at(database, case) == [("external", "engine.uncaught")]
    assert variables(database, case) == {}
    [event] = [event for event in told(database, case) if event.kind == "external_task_erred"]
    assert (event.details["code"], event.details["values"]) == ("LAIN", {"sisa": 0})
    let_locks_run_out(database)
    assert fetch(database) == []
    with database.transaction() as session:
        [incident] = incidents.find(session, instance_id=case)
        assert mending.resume(session, incident.id, admin)
    assert len(fetch(database)) == 1


def test_a_mapping_is_seen_by_its_own_task_and_writes_what_it_says(
    database: Database, deployed: Deploy, admin: Actor
) -> None:
    inside = (
        "<bpmn:extensionElements><camunda:inputOutput>"
        '<camunda:inputParameter name="judul">=nama + "!"</camunda:inputParameter>'
        '<camunda:outputParameter name="hasil">=bagian + 1</camunda:outputParameter>'
        "</camunda:inputOutput></bpmn:extensionElements>"
    )
    drawn = {"cetak": work_of("cetak", inside=inside)}
    deployed(**{"k.bpmn": xml("start -> cetak -> b -> end", drawn, key="kartu")})
    case = begin(database, "kartu", nama="Siti")
    [job] = fetch(database)
    assert external.own_values(job) == {"judul": "Siti!"}
    with database.transaction() as session:
        outcomes.complete(session, job.id, "w1", admin, {}, {"bagian": 4})
    assert variables(database, case) == {"nama": "Siti", "hasil": 5}


THROWN = '<bpmn:messageEventDefinition messageRef="m" camunda:type="external" camunda:topic="cetak"/>'


@pytest.mark.parametrize(
    "drawn",
    [
        '<bpmn:sendTask id="cetak" name="Cetak" camunda:type="external" camunda:topic="cetak"/>',
        '<bpmn:businessRuleTask id="cetak" name="Cetak" camunda:type="external" camunda:topic="cetak"/>',
        f'<bpmn:intermediateThrowEvent id="cetak" name="Cetak">{THROWN}</bpmn:intermediateThrowEvent>',
        f'<bpmn:endEvent id="cetak" name="Cetak">{THROWN}</bpmn:endEvent>',
    ],
)
def test_whatever_names_a_topic_is_a_workers(
    database: Database, deployed: Deploy, admin: Actor, drawn: str
) -> None:
    flow = "start -> cetak" if "endEvent" in drawn else "start -> cetak -> end"
    message = '<bpmn:message id="m" name="kartu"/>'
    deployed(**{"k.bpmn": xml(flow, {"cetak": drawn}, message, "kartu")})
    case = begin(database, "kartu")
    [job] = fetch(database)
    complete(database, job, admin, nomor=1)
    assert variables(database, case) == {"nomor": 1}
    with database.reading() as session:
        assert instances.get(session, case, admin).status == "completed"


def test_each_of_several_is_a_task_of_its_own(database: Database, deployed: Deploy, admin: Actor) -> None:
    several = (
        '<bpmn:multiInstanceLoopCharacteristics camunda:collection="=nama" camunda:elementVariable="satu"/>'
    )
    deployed(
        **{
            "k.bpmn": xml(
                "start -> cetak -> b -> end", {"cetak": work_of("cetak", inside=several)}, key="kartu"
            )
        }
    )
    case = begin(database, "kartu", nama=["Siti", "Budi", "Ani"])
    jobs = fetch(database, most=9)
    assert {external.own_values(job)["satu"] for job in jobs} == {"Siti", "Budi", "Ani"}
    for job in jobs:
        complete(database, job, admin)
    assert open_task(database, case).element_id == "b"
