"""A call activity starts a case of its own; what comes back, what is not caught, and what fails."""

from typing import Any

import pytest
from sqlalchemy import select

from service.errors import Conflict
from service.language import say
from service.operations import gate, history, incidents, instances, jobs, tasks
from service.operations.calls import Due
from service.operations.identity import SYSTEM, Actor
from service.store.database import Database
from service.store.models import Job, ProcessInstance
from tests.engine.drawing import DECLARED, boundary, end, event, throw, xml
from tests.operations.moves import Deploy, People, begin, complete, open_task, task_xml

OPERATOR = Actor("operator", "Operator", admin=True)
MAPPED = (
    "<bpmn:extensionElements>"
    '<camunda:in source="nama" target="pemohon"/>'
    '<camunda:in sourceExpression="=nilai * 2" target="nilai"/>'
    '<camunda:out source="hasil" target="jawaban"/>'
    "</bpmn:extensionElements>"
)


def call(element: str = "panggil", inner: str = MAPPED, key: str = "anak") -> str:
    said = f'id="{element}" name="Memanggil" calledElement="{key}"'
    return f"<bpmn:callActivity {said}>{inner}</bpmn:callActivity>"


def caller(flow: str = "start -> panggil -> b -> end", **drawn: str) -> bytes:
    every = {"panggil": call(), "b": task_xml("b"), **drawn}
    return xml(flow, every, DECLARED, "induk")


def child(flow: str = "start -> a -> end", **drawn: str) -> bytes:
    return xml(flow, {"a": task_xml("a"), **drawn}, DECLARED, "anak")


def the_called(database: Database, case: str) -> ProcessInstance:
    with database.reading() as session:
        query = select(ProcessInstance).where(ProcessInstance.parent_id == case)
        return session.scalars(query.order_by(ProcessInstance.started_at.desc())).first()


def values(database: Database, case: str) -> dict[str, Any]:
    with database.reading() as session:
        return gate.variables(session, case)


def told(database: Database, case: str) -> list[str]:
    with database.reading() as session:
        assert history.verify(session, case) is None
        return [say(incidents.told(one), "en") for one in incidents.find(session, instance_id=case)]


def kinds(database: Database, case: str) -> list[str]:
    with database.reading() as session:
        return [event.kind for event in history.timeline(session, case)]


def test_a_called_case_gets_what_is_passed_in_and_brings_back_what_is_passed_out(
    database: Database, deployed: Deploy
) -> None:
    deployed(**{"induk.bpmn": caller(), "anak.bpmn": child()})
    case = begin(database, "induk", nama="Wulan", nilai=4, rahasia="x")
    called = the_called(database, case)
    assert values(database, called.id) == {"pemohon": "Wulan", "nilai": 8}
    assert complete(database, called.id, hasil="baik", lain=1) == "completed"
    assert open_task(database, case).element_id == "b"
    assert values(database, case) == {"nama": "Wulan", "nilai": 4, "rahasia": "x", "jawaban": "baik"}
    assert the_called(database, case).status == "completed"
    assert kinds(database, case)[:2] == ["instance_started", "call_started"]
    assert "call_returned" in kinds(database, case)
    assert told(database, case) == []


def test_a_called_case_has_the_callers_number_and_root(database: Database, deployed: Deploy) -> None:
    nested = xml("start -> panggil -> end", {"panggil": call(key="cucu")}, key="anak")
    grandchild = xml("start -> a -> end", {"a": task_xml("a")}, key="cucu")
    deployed(**{"i.bpmn": caller(), "a.bpmn": nested, "c.bpmn": grandchild})
    case = begin(database, "induk")
    called = the_called(database, case)
    innermost = the_called(database, called.id)
    with database.reading() as session:
        number = session.get_one(ProcessInstance, case).business_key
    assert called.business_key == innermost.business_key == number
    assert (called.root_id, innermost.root_id) == (case, case)
    complete(database, innermost.id)
    assert the_called(database, case).status == "completed"
    assert open_task(database, case).element_id == "b"


def test_a_called_case_that_waits_for_nobody_comes_back_at_once(database: Database, deployed: Deploy) -> None:
    deployed(**{"i.bpmn": caller(), "a.bpmn": xml("start -> end", key="anak")})
    case = begin(database, "induk")
    assert open_task(database, case).element_id == "b"


def test_a_called_process_that_does_not_exist_is_an_incident_that_deploying_it_mends(
    database: Database, deployed: Deploy
) -> None:
    deployed(**{"i.bpmn": caller("start -> a -> panggil -> b -> end", a=task_xml("a"))})
    case = begin(database, "induk")
    assert complete(database, case, nilai=1) == "completed"
    assert "“Memanggil” calls the procedure anak, which is not deployed" in told(database, case)[0]
    deployed(**{"a.bpmn": child()})
    retry(database, case)
    assert told(database, case) == []
    complete(database, the_called(database, case).id)
    assert open_task(database, case).element_id == "b"


def retry(database: Database, case: str) -> None:
    with database.transaction() as session:
        job = session.scalars(select(Job).where(Job.instance_id == case)).one()
        jobs.execute(session, job.id, actor=OPERATOR)


def test_circles_of_calls_stop_with_an_incident(database: Database, deployed: Deploy) -> None:
    there = xml("start -> panggil -> end", {"panggil": call(key="balik")}, key="putar")
    back = xml("start -> panggil -> end", {"panggil": call(key="putar")}, key="balik")
    deployed(**{"p.bpmn": there, "q.bpmn": back})
    begin(database, "putar")
    with database.reading() as session:
        [incident] = incidents.find(session)
        assert "call each other without end" in say(incidents.told(incident), "en")


def test_an_error_that_the_called_case_does_not_catch_is_the_callers(
    database: Database, deployed: Deploy
) -> None:
    drawn = {"b1": boundary("b1", "panggil", event("error", "e1"))}
    flow = "start -> panggil -> b -> end; b1 -> c -> end"
    deployed(
        **{
            "i.bpmn": caller(flow, **drawn, c=task_xml("c")),
            "a.bpmn": child("start -> a -> end1", end1=end("end1", event("error", "e1"))),
        }
    )
    case = begin(database, "induk")
    complete(database, the_called(database, case).id)
    assert open_task(database, case).element_id == "c"
    assert the_called(database, case).status == "completed"
    assert "error_raised" in kinds(database, case)


def test_an_error_that_nobody_catches_keeps_the_work_and_stops_the_caller(
    database: Database, deployed: Deploy
) -> None:
    failing = child("start -> a -> end1", end1=end("end1", event("error", "e1")))
    deployed(**{"i.bpmn": caller(), "a.bpmn": failing})
    case = begin(database, "induk")
    assert complete(database, the_called(database, case).id, hasil="x") == "completed"
    assert "threw the error E1" in told(database, case)[0]


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_reaches_the_caller(database: Database, deployed: Deploy, interrupting: bool) -> None:
    drawn = {"b1": boundary("b1", "panggil", event("escalation", "x1"), interrupting), "c": task_xml("c")}
    flow = "start -> panggil -> b -> end; b1 -> c -> end"
    escalating = child("start -> a -> lapor -> d -> end", lapor=throw("lapor", event("escalation", "x1")))
    deployed(**{"i.bpmn": caller(flow, **drawn), "a.bpmn": escalating})
    case = begin(database, "induk")
    complete(database, the_called(database, case).id)
    assert open_task(database, case).element_id == "c"
    assert the_called(database, case).status == ("cancelled" if interrupting else "active")


def test_who_began_the_caller_sees_the_called(database: Database, deployed: Deploy, people: People) -> None:
    ani = people("ani", "ptsp")
    deployed(**{"i.bpmn": caller("start -> a -> panggil -> b -> end", a=task_xml("a")), "a.bpmn": child()})
    case = begin(database, "induk", OPERATOR)
    with database.transaction() as session:
        session.get_one(ProcessInstance, case).started_by = ani.id
    complete(database, case, OPERATOR)
    with database.reading() as session:
        assert instances.get(session, the_called(database, case).id, ani)


def test_cancelling_the_caller_cancels_the_called_and_what_that_called(
    database: Database, deployed: Deploy
) -> None:
    deployed(**{"i.bpmn": caller(), "a.bpmn": child()})
    case = begin(database, "induk")
    with database.transaction() as session:
        instances.cancel(session, case, OPERATOR, "salah berkas")
    called = the_called(database, case)
    assert called.status == "cancelled"
    with database.reading() as session:
        assert tasks.find(session, instance_id=called.id) == []


def test_a_called_case_that_was_cancelled_can_be_called_again(database: Database, deployed: Deploy) -> None:
    deployed(**{"i.bpmn": caller(), "a.bpmn": child()})
    case = begin(database, "induk")
    with database.transaction() as session:
        instances.cancel(session, the_called(database, case).id, OPERATOR, "salah")
    assert "was cancelled" in told(database, case)[0]
    retry(database, case)
    assert the_called(database, case).status == "active"
    assert told(database, case) == []


def test_what_comes_back_to_a_suspended_caller_waits_for_it(database: Database, deployed: Deploy) -> None:
    deployed(**{"i.bpmn": caller(), "a.bpmn": child()})
    case = begin(database, "induk")
    with database.transaction() as session:
        session.get_one(ProcessInstance, case).status = "suspended"
    assert complete(database, the_called(database, case).id, hasil="baik") == "completed"
    with database.transaction() as session:
        session.get_one(ProcessInstance, case).status = "active"
    retry(database, case)
    assert values(database, case)["jawaban"] == "baik"


def test_the_work_in_the_called_case_is_kept_when_the_caller_stops_behind_it(
    database: Database, deployed: Deploy
) -> None:
    flow = "start -> panggil -> x9; x9 -> b [=jawaban > 1]; x9 -> end [default]; b -> end"
    deployed(**{"i.bpmn": caller(flow), "a.bpmn": child()})
    case = begin(database, "induk")
    assert complete(database, the_called(database, case).id, hasil="entah") == "completed"
    assert the_called(database, case).status == "completed"
    assert len(told(database, case)) == 1
    with database.transaction() as session:
        done = session.scalars(select(ProcessInstance).where(ProcessInstance.parent_id == case)).one()
        done.variables = {**done.variables, "hasil": 3}
    retry(database, case)
    assert open_task(database, case).element_id == "b"


def test_each_of_several_calls_brings_its_own_result_back(database: Database, deployed: Deploy) -> None:
    loop = '<bpmn:multiInstanceLoopCharacteristics camunda:collection="pegawai" camunda:elementVariable="p"/>'
    inner = (
        '<bpmn:extensionElements><camunda:in source="p" target="nama"/>'
        '<camunda:out source="hasil" target="hasil"/></bpmn:extensionElements>'
    )
    deployed(**{"i.bpmn": caller(panggil=call(inner=inner + loop)), "a.bpmn": child()})
    case = begin(database, "induk", pegawai=["Ani", "Budi"])
    with database.reading() as session:
        called = session.scalars(select(ProcessInstance).where(ProcessInstance.parent_id == case)).all()
    for one in called:
        complete(database, one.id, hasil=values(database, one.id)["nama"].upper())
    assert {row["hasil"] for row in values(database, case)["panggil"]} == {"ANI", "BUDI"}


def test_what_no_longer_waits_is_told_so(database: Database, deployed: Deploy) -> None:
    deployed(**{"i.bpmn": caller(), "a.bpmn": child()})
    case = begin(database, "induk")
    called = the_called(database, case)
    complete(database, called.id)
    with database.transaction() as session, pytest.raises(Conflict):
        due = Due("return", called.parent_wait or "", called.id)
        gate.go_over(session, gate.locked(session, case), due, SYSTEM)
