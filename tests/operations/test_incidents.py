"""An incident says what stopped the case, and is over when the case no longer stands there."""

from datetime import timedelta

from sqlalchemy import update

from service import worker
from service.language import LANGUAGES, say
from service.operations import history, incidents, instances, jobs
from service.operations.identity import SYSTEM
from service.store.database import Database
from service.store.models import TRIES, Job, now
from tests.engine.drawing import boundary, xml
from tests.operations.moves import GROUP, Deploy, begin, complete, open_task, task_xml, timer

HOURLY = "<bpmn:timerEventDefinition><bpmn:timeCycle>R/PT1H</bpmn:timeCycle></bpmn:timerEventDefinition>"


def fail_until_it_stops(database: Database) -> None:
    for _ in range(TRIES):
        with database.transaction() as session:
            session.execute(update(Job).values(lock_until=None, due_at=now() - timedelta(seconds=1)))
        assert worker.work(database, "w") == 1


def open_incidents(database: Database, case: str) -> int:
    with database.reading() as session:
        assert history.verify(session, case) is None
        return len(incidents.find(session, instance_id=case))


def test_the_reason_inside_an_incidents_sentence_is_said_too(database: Database, deployed: Deploy) -> None:
    script = (
        '<bpmn:scriptTask id="s" scriptFormat="feel" camunda:resultVariable="y">'
        "<bpmn:script>=for i in 1..1000000 return i</bpmn:script></bpmn:scriptTask>"
    )
    deployed(**{"b.bpmn": xml("start -> a -> s -> end", {"a": task_xml("a"), "s": script}, key="berat")})
    case = begin(database, "berat")
    assert complete(database, case) == "parked"
    with database.reading() as session:
        told = incidents.told(incidents.find(session, instance_id=case)[0])
    for language in LANGUAGES:
        assert say("feel.limit", language, seconds="2") in say(told, language)


def test_work_that_was_parked_and_then_taken_away_leaves_no_incident(
    database: Database, deployed: Deploy
) -> None:
    late = HOURLY.replace("timeCycle", "timeDuration").replace("R/", "")
    drawn = {"a": task_xml("a"), "b": task_xml("b"), "b1": boundary("b1", "a", late)}
    flow = "start -> a -> x1; x1 -> b [=ya]; x1 -> end [default]; b -> end; b1 -> b"
    deployed(**{"t.bpmn": xml(flow, drawn, key="telat")})
    case = begin(database, "telat")
    assert complete(database, case, ya="entah") == "parked"
    assert open_incidents(database, case) == 1
    with database.transaction() as session:
        jobs.execute(session, jobs.find(session, instance_id=case)[0].id)
    assert open_task(database, case).element_id == "b"
    assert open_incidents(database, case) == 0


def test_a_cancelled_case_leaves_no_incident(database: Database, deployed: Deploy) -> None:
    flow = "start -> tunggu -> x1; x1 -> a [=ya]; x1 -> end [default]; a -> end"
    deployed(**{"g.bpmn": xml(flow, {"tunggu": timer("PT1H")}, key="gagal")})
    case = begin(database, "gagal")
    fail_until_it_stops(database)
    assert open_incidents(database, case) == 1
    with database.transaction() as session:
        instances.cancel(session, case, SYSTEM, "keliru")
    assert open_incidents(database, case) == 0


def test_a_timer_that_is_set_off_by_hand_after_it_failed_ticks_again(
    database: Database, deployed: Deploy
) -> None:
    drawn = {"a": task_xml("a"), "b1": boundary("b1", "a", HOURLY, False), "c": task_xml("c")}
    flow = "start -> a -> end; b1 -> x1; x1 -> c [=ya]; x1 -> end [default]; c -> end"
    deployed(**{"p.bpmn": xml(flow, drawn, key="pengingat")})
    case = begin(database, "pengingat")
    fail_until_it_stops(database)
    with database.transaction() as session:
        instances.set_variables(session, case, SYSTEM, {"ya": True})
        jobs.execute(session, jobs.find(session, instance_id=case)[0].id)
    assert open_incidents(database, case) == 0
    with database.reading() as session:
        [job] = jobs.find(session, instance_id=case)
        assert (job.retries, job.error) == (TRIES, None)


def test_an_incident_names_what_its_timer_its_list_or_its_condition_lacked(
    database: Database, deployed: Deploy
) -> None:
    each = (
        f'<bpmn:userTask id="c" {GROUP}>'
        '<bpmn:multiInstanceLoopCharacteristics camunda:collection="${pegawai}">'
        "<bpmn:completionCondition>=cukup</bpmn:completionCondition>"
        "</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
    )
    flow = (
        "start -> a -> x1; x1 -> tunggu [=jenis = 1 and lengkap]; x1 -> c [default]; tunggu -> end; c -> end"
    )
    deployed(
        **{
            "n.bpmn": xml(
                flow, {"a": task_xml("a"), "tunggu": timer("=duration(batas)"), "c": each}, key="nama"
            )
        }
    )
    for values, lacking in (
        ({"jenis": 1}, ["lengkap"]),
        ({"jenis": 1, "lengkap": None}, ["lengkap"]),
        ({"jenis": 1, "lengkap": "ya"}, []),
        ({"jenis": 1, "lengkap": True}, ["batas"]),
        ({"jenis": 2, "lengkap": True}, ["pegawai"]),
    ):
        case = begin(database, "nama")
        assert complete(database, case, **values) == "parked"
        with database.reading() as session:
            (incident,) = incidents.find(session, instance_id=case)
        assert incidents.lacking(incident) == lacking, values
        for language in LANGUAGES:
            assert say(incidents.told(incident), language)
            assert say(incidents.remedy(incident), language)
