"""An operator mends what stopped a case, stops what must not go on, and everything that was done is kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from service import worker
from service.errors import Conflict, InvalidInput, NotAllowed, NotFound
from service.operations import gate, history, incidents, instances, jobs, mending, messages, tasks
from service.operations.identity import SYSTEM, Actor
from service.store.database import Database
from service.store.models import TRIES, Incident, Job, Person, now
from tests.engine.drawing import boundary, xml
from tests.operations.moves import CATCH, Deploy, People, begin, complete, open_task, task_xml, timer

DECISION = "start -> a -> x1; x1 -> b [=siap]; x1 -> end [default]; b -> end"
LATE = "start -> tunggu -> x1; x1 -> a [=ya]; x1 -> end [default]; a -> end"


@pytest.fixture
def decision(deployed: Deploy) -> str:
    """A process whose gateway wants to know whether it is ready."""
    deployed(**{"d.bpmn": xml(DECISION, {"a": task_xml("a"), "b": task_xml("b")}, key="putusan")})
    return "putusan"


@pytest.fixture
def late(database: Database, deployed: Deploy) -> str:
    """A case whose timer has failed until it was an incident."""
    deployed(**{"g.bpmn": xml(LATE, {"tunggu": timer("PT1H")}, key="gagal")})
    case = begin(database, "gagal")
    for _ in range(TRIES):
        with database.transaction() as session:
            session.execute(update(Job).values(lock_until=None, due_at=now() - timedelta(seconds=1)))
        assert worker.work(database, "w") == 1
    return case


def stopped(database: Database, case: str) -> Incident:
    """The one open incident of a case."""
    with database.reading() as session:
        (incident,) = incidents.find(session, instance_id=case)
        return incident


def told(database: Database, case: str) -> list[str]:
    """The kinds of what happened, from a chain that is whole."""
    with database.reading() as session:
        assert history.verify(session, case) is None
        return [event.kind for event in history.timeline(session, case)]


def resume(database: Database, incident: Incident, **more: object) -> bool:
    with database.transaction() as session:
        return mending.resume(session, incident.id, SYSTEM, **more)  # type: ignore[arg-type]


def test_variables_are_set_and_the_work_goes_on_in_one_step(database: Database, decision: str) -> None:
    case = begin(database, decision)
    assert complete(database, case, catatan="baik") == "parked"
    assert resume(database, stopped(database, case), values={"siap": True}, reason="lupa diisi")
    assert open_task(database, case).element_id == "b"
    with database.reading() as session:
        assert gate.variables(session, case) == {"catatan": "baik", "siap": True}
        assert incidents.find(session, instance_id=case) == []
        set_, resolved = [e for e in history.timeline(session, case) if e.details.get("reason")]
        assert (set_.kind, resolved.kind) == ("variables_set", "incident_resolved")
    assert told(database, case)[-4:] == [
        "variables_set",
        "incident_resolved",
        "task_completed",
        "task_created",
    ]


def test_what_the_operator_sets_wins_over_what_was_typed(database: Database, decision: str) -> None:
    case = begin(database, decision)
    assert complete(database, case, siap="mungkin", catatan="baik") == "parked"
    incident = stopped(database, case)
    with database.transaction() as session:
        mending.set_variables(session, case, SYSTEM, {"siap": True}, reason="keliru ketik")
    assert stopped(database, case).parked == {"siap": True, "catatan": "baik"}
    assert resume(database, incident)
    with database.reading() as session:
        assert gate.variables(session, case) == {"siap": True, "catatan": "baik"}


def test_work_that_still_stops_is_kept_under_a_new_incident(database: Database, decision: str) -> None:
    case = begin(database, decision)
    complete(database, case, catatan="baik")
    before = stopped(database, case)
    assert not resume(database, before)
    after = stopped(database, case)
    assert after.id != before.id
    assert after.parked == {"catatan": "baik"}
    with pytest.raises(Conflict):
        resume(database, before)


def test_of_two_operators_at_once_one_mends_and_the_other_is_told(database: Database, decision: str) -> None:
    case = begin(database, decision)
    complete(database, case)
    incident = stopped(database, case)

    def mend(_: int) -> bool | Conflict:
        try:
            return resume(database, incident, values={"siap": True})
        except Conflict as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        won, lost = sorted(pool.map(mend, range(2)), key=lambda found: isinstance(found, Conflict))
    assert won is True
    assert isinstance(lost, Conflict)
    assert told(database, case).count("incident_resolved") == 1


def test_a_condition_that_waited_for_the_value_takes_the_case_away(
    database: Database, deployed: Deploy
) -> None:
    late = "<bpmn:conditionalEventDefinition><bpmn:condition>=batal</bpmn:condition>"
    late += "</bpmn:conditionalEventDefinition>"
    drawn = {"a": task_xml("a"), "b": task_xml("b"), "c": task_xml("c"), "b1": boundary("b1", "a", late)}
    flow = "start -> a -> x1; x1 -> b [=siap]; x1 -> end [default]; b -> end; b1 -> c -> end"
    deployed(**{"k.bpmn": xml(flow, drawn, key="syarat")})
    case = begin(database, "syarat")
    complete(database, case)
    assert resume(database, stopped(database, case), values={"batal": True})
    assert open_task(database, case).element_id == "c"
    with database.reading() as session:
        assert incidents.find(session, instance_id=case) == []
    assert told(database, case)


def test_work_of_somebody_who_has_left_goes_on_in_their_name(
    database: Database, decision: str, people: People
) -> None:
    case = begin(database, decision)
    task = open_task(database, case)
    complete(database, case, people("budi", "ptsp", admin=True))
    with database.transaction() as session:
        session.get_one(Person, "budi").active = False
    assert resume(database, stopped(database, case), values={"siap": True})
    with database.reading() as session:
        assert tasks.get(session, task.id, SYSTEM).completed_by == "budi"


def test_the_kept_work_stands_in_the_history_with_who_did_it(
    database: Database, decision: str, people: People
) -> None:
    case = begin(database, decision)
    complete(database, case, people("budi", "ptsp", admin=True), catatan="baik")
    with database.reading() as session:
        opened = history.timeline(session, case)[-1]
    assert opened.details["by"] == "budi"
    assert opened.details["values"] == {"catatan": "baik"}


def test_a_timer_that_failed_fires_when_the_cause_is_mended(database: Database, late: str) -> None:
    incident = stopped(database, late)
    assert not resume(database, incident)
    again = stopped(database, late)
    assert (again.sentence, again.job_id) == (incident.sentence, incident.job_id)
    assert resume(database, again, values={"ya": True})
    assert open_task(database, late).element_id == "a"


def test_more_tries_resolve_the_incident_of_a_job(database: Database, late: str) -> None:
    incident = stopped(database, late)
    with database.transaction() as session:
        instances.set_variables(session, late, SYSTEM, {"ya": True})
        mending.set_retries(session, str(incident.job_id), SYSTEM, 1, due=now() - timedelta(seconds=1))
    with database.reading() as session:
        assert incidents.find(session, instance_id=late) == []
    assert worker.work(database, "w") == 1
    assert open_task(database, late).element_id == "a"


def test_a_job_without_tries_is_an_incident_until_it_gets_some(database: Database, deployed: Deploy) -> None:
    deployed(**{"g.bpmn": xml("start -> tunggu -> a -> end", {"tunggu": timer("PT1H")}, key="tunda")})
    case = begin(database, "tunda")
    with database.reading() as session:
        (job,) = jobs.find(session, instance_id=case)
    for retries, open_ in ((0, 1), (0, 1), (2, 0), (2, 0)):
        with database.transaction() as session:
            mending.set_retries(session, job.id, SYSTEM, retries)
        with database.reading() as session:
            assert len(incidents.find(session, instance_id=case)) == open_
    for retries in (-1, mending.MOST_RETRIES + 1):
        with pytest.raises(InvalidInput), database.transaction() as session:
            mending.set_retries(session, job.id, SYSTEM, retries)
    with pytest.raises(NotFound), database.transaction() as session:
        mending.set_retries(session, "none", SYSTEM, 1)


def test_nothing_of_a_suspended_case_goes_on_and_everything_stays(
    database: Database, deployed: Deploy
) -> None:
    drawn = {"a": task_xml("a"), "t": timer("PT1H").replace('"tunggu"', '"t"'), "tunggu": CATCH}
    before = '<bpmn:message id="m" name="kartu"/>'
    flow = "start -> p1; p1 -> a -> end; p1 -> t -> end; p1 -> tunggu -> end"
    deployed(**{"s.bpmn": xml(flow, drawn, before, key="tiga")})
    case = begin(database, "tiga")
    task = open_task(database, case)
    with database.transaction() as session:
        session.execute(update(Job).values(due_at=now() - timedelta(seconds=1)))
        mending.suspend(session, case, SYSTEM, "menunggu keputusan pimpinan")
    with database.reading() as session:
        (job,) = jobs.find(session, instance_id=case)
        (waiting,) = messages.waiting(session, case)
    with pytest.raises(Conflict, match="suspended"), database.transaction() as session:
        tasks.complete(session, task.id, SYSTEM, {})
    with pytest.raises(Conflict, match="suspended"), database.transaction() as session:
        jobs.execute(session, job.id)
    with pytest.raises(Conflict, match="suspended"), database.transaction() as session:
        messages.receive(session, waiting.id, SYSTEM)
    assert worker.work(database, "w") == 0
    with database.transaction() as session:
        mending.suspend(session, case, SYSTEM, "sekali lagi")
        mending.activate(session, case, SYSTEM, "sudah diputuskan")
    assert worker.work(database, "w") == 1
    assert complete(database, case) == "completed"
    with database.transaction() as session:
        messages.receive(session, waiting.id, SYSTEM)
    assert told(database, case).count("instance_suspended") == 1
    assert told(database, case)[-1] == "instance_completed"
    with pytest.raises(Conflict, match="not_active"), database.transaction() as session:
        mending.suspend(session, case, SYSTEM, "terlambat")


def test_a_suspended_case_is_mended_after_it_is_activated(database: Database, decision: str) -> None:
    case = begin(database, decision)
    complete(database, case)
    with database.transaction() as session:
        mending.suspend(session, case, SYSTEM)
    with pytest.raises(Conflict, match="suspended"):
        resume(database, stopped(database, case))
    with database.transaction() as session:
        mending.set_variables(session, case, SYSTEM, {"siap": True})
        mending.activate(session, case, SYSTEM)
    assert resume(database, stopped(database, case))


def test_only_an_administrator_mends(database: Database, decision: str, people: People, late: str) -> None:
    siti: Actor = people("siti", "ptsp")
    case = begin(database, decision)
    complete(database, case)
    incident, job = stopped(database, case), stopped(database, late).job_id
    for mend in (
        lambda session: mending.resume(session, incident.id, siti),
        lambda session: mending.set_variables(session, case, siti, {"siap": True}),
        lambda session: mending.set_retries(session, str(job), siti, 1),
        lambda session: mending.suspend(session, case, siti),
        lambda session: mending.activate(session, case, siti),
    ):
        with pytest.raises(NotAllowed), database.transaction() as session:
            mend(session)


def test_what_comes_to_a_suspended_case_waits_for_it(database: Database, deployed: Deploy) -> None:
    drawn = {
        "panggil": '<bpmn:callActivity id="panggil" calledElement="bawah"/>',
        "tunggu": CATCH,
        "b": task_xml("b"),
    }
    before = '<bpmn:message id="m" name="kartu"/>'
    flow = "start -> p1; p1 -> panggil -> p2; p1 -> tunggu -> p2; p2 -> b -> end"
    deployed(**{"bawah.bpmn": xml("start -> a -> end", {"a": task_xml("a")}, key="bawah")})
    deployed(**{"atas.bpmn": xml(flow, drawn, before, key="atas")})
    case = begin(database, "atas")
    with database.transaction() as session:
        mending.suspend(session, case, SYSTEM)
    with database.reading() as session:
        (called,) = instances.find(session, SYSTEM, definition_key="bawah")
        number = instances.get(session, case, SYSTEM).business_key
    assert complete(database, called.id) == "completed"
    with database.transaction() as session:
        messages.correlate(session, SYSTEM, "kartu", business_key=number, life=timedelta(days=1))
    while worker.work(database, "w"):
        pass
    with database.reading() as session:
        assert tasks.find(session, instance_id=case) == []
        assert incidents.find(session) == []
    with database.transaction() as session:
        mending.activate(session, case, SYSTEM)
    while worker.work(database, "w"):
        pass
    assert open_task(database, case).element_id == "b"
    assert told(database, case)
