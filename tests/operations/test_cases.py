"""Cases as a person or a program meets them: started, seen, stopped, mended, cancelled."""

import pytest
from sqlalchemy import select

from service.config import zone
from service.errors import (
    Conflict,
    ExecutionFailed,
    InvalidInput,
    NotAllowed,
    NotFound,
)
from service.operations import gate, history, incidents, instances, mending, messages, tasks
from service.operations.identity import SYSTEM
from service.store.database import Database
from service.store.models import ActivityInstance, ProcessInstance, now
from tests.engine.drawing import xml
from tests.operations.moves import Deploy, People, begin, complete, open_task


def test_a_case_goes_from_start_to_end_and_tells_it(database: Database, review: str) -> None:
    case = begin(database, review, setuju=False)
    for approved in (False, False, True):
        complete(database, case)
        complete(database, case, setuju=approved)
    with database.reading() as session:
        instance = instances.get(session, case, SYSTEM)
        assert (instance.status, instance.end_element) == ("completed", "end")
        assert instance.business_key == f"TINJAU-{now().astimezone(zone()).year}-0001"
        assert history.verify(session, case) is None
        kinds = [event.kind for event in history.timeline(session, case)]
        assert kinds[:4] == ["instance_started", "task_created", "task_completed", "task_created"]
        assert kinds[-1] == "instance_completed"
        visits = [visit.element_id for visit in history.activities(session, case)]
        assert visits == ["start", *["x1", "konsep", "periksa", "x2"] * 3, "end"]
        assert all(visit.ended_at for visit in history.activities(session, case))
        assert gate.variables(session, case) == {"setuju": True}


def test_only_who_may_start_starts(database: Database, deployed: Deploy, people: People) -> None:
    drawn = xml("start -> a -> end", key="mulai").replace(
        b'isExecutable="true"', b'isExecutable="true" camunda:candidateStarterGroups="ptsp"'
    )
    deployed(**{"mulai.bpmn": drawn})
    with pytest.raises(NotAllowed):
        begin(database, "mulai", people("lain", "loket"))
    case = begin(database, "mulai", people("ani", "ptsp"))
    with database.reading() as session:
        assert [c.name for c in tasks.find(session, instance_id=case)[0].candidates] == ["ptsp"]


def test_a_case_is_seen_by_who_started_it_and_who_works_on_it(
    database: Database, review: str, people: People
) -> None:
    korpel, stranger = people("ani", "korpel"), people("lain", "loket")
    case = begin(database, review)
    with database.reading() as session:
        assert instances.get(session, case, korpel).id == case
        assert [found.id for found in instances.find(session, korpel)] == [case]
        assert instances.find(session, stranger) == []
        with pytest.raises(NotFound):
            instances.get(session, case, stranger)


def test_where_the_diagram_stops_the_work_is_parked_and_nothing_else_changed(
    database: Database, review: str
) -> None:
    case = begin(database, review)
    complete(database, case)
    with database.reading() as session:
        before = session.scalar(select(ProcessInstance.state).where(ProcessInstance.id == case))
    assert complete(database, case, setuju="mungkin") == "parked"
    with database.reading() as session:
        incident = incidents.find(session, instance_id=case)[0]
        assert (incident.element_id, incident.sentence, incident.parked) == (
            "x2",
            "engine.condition",
            {"setuju": "mungkin"},
        )
        assert session.scalar(select(ProcessInstance.state).where(ProcessInstance.id == case)) == before
        assert gate.variables(session, case) == {}
        assert tasks.find(session, instance_id=case) == []
        assert history.verify(session, case) is None


def test_parked_work_goes_on_when_the_operator_has_mended_the_cause(
    database: Database, review: str, people: People
) -> None:
    head, kasubbag = people("budi", admin=True), people("ani", "kasubbag")
    case = begin(database, review)
    complete(database, case)
    with database.transaction() as session:
        instances.set_variables(session, case, SYSTEM, {"setuju": 0})
    task = open_task(database, case)
    assert complete(database, case, head, catatan="baik") == "parked"
    with database.transaction() as session:
        instances.set_variables(session, case, SYSTEM, {"setuju": True})
        incident = incidents.find(session, instance_id=case)[0].id
    with pytest.raises(NotAllowed), database.transaction() as session:
        mending.resume(session, incident, kasubbag)
    with database.transaction() as session:
        assert mending.resume(session, incident, SYSTEM)
    with database.reading() as session:
        assert instances.get(session, case, SYSTEM).status == "completed"
        assert gate.variables(session, case) == {"setuju": True, "catatan": "baik"}
        assert incidents.find(session, instance_id=case) == []
        done = tasks.get(session, task.id, SYSTEM)
        assert (done.status, done.completed_by) == ("completed", "budi")
        assert history.verify(session, case) is None
    with pytest.raises(Conflict), database.transaction() as session:
        mending.resume(session, incident, SYSTEM)


def test_the_title_follows_the_variables_that_it_names(database: Database, deployed: Deploy) -> None:
    perihal = '<camunda:property name="sop.perihal" value="Usulan {{pegawai.nama}}"/>'
    properties = f"<bpmn:extensionElements><camunda:properties>{perihal}</camunda:properties>"
    head, process, rest = xml("start -> a -> b -> c -> end", key="judul").partition(b'isExecutable="true">')
    deployed(**{"a.bpmn": head + process + f"{properties}</bpmn:extensionElements>".encode() + rest})
    case, titles = begin(database, "judul", pegawai={"nama": "Ani"}), []
    for values in ({"catatan": "baik"}, {"pegawai": {"nama": "Budi"}}):
        complete(database, case, **values)
        with database.reading() as session:
            titles.append(instances.get(session, case, SYSTEM).title)
    with database.transaction() as session:
        instances.set_variables(session, case, SYSTEM, {"pegawai": {"nama": "Cici"}})
        titles.append(instances.get(session, case, SYSTEM).title)
    assert titles == ["Usulan Ani", "Usulan Budi", "Usulan Cici"]


def test_without_a_form_only_an_administrator_writes_values(
    database: Database, review: str, people: People
) -> None:
    korpel, case = people("ani", "korpel"), begin(database, review)
    with pytest.raises(InvalidInput, match="no_form_for"):
        complete(database, case, korpel, setuju=True)
    assert complete(database, case, korpel) == "completed"
    assert complete(database, case, people("budi", admin=True), setuju=True) == "completed"


def test_a_start_that_cannot_go_on_leaves_no_case(database: Database, deployed: Deploy) -> None:
    deployed(**{"a.bpmn": xml("start -> x1; x1 -> a [=ya]; x1 -> end [default]; a -> end", key="buntu")})
    with pytest.raises(ExecutionFailed):
        begin(database, "buntu")
    with database.reading() as session:
        assert instances.find(session, SYSTEM) == []


def test_a_cancelled_case_leaves_nothing_waiting(database: Database, waiting: str, people: People) -> None:
    case = begin(database, waiting)
    complete(database, case)
    ani = people("ani", "ptsp")
    with pytest.raises(NotAllowed), database.transaction() as session:
        instances.cancel(session, case, ani, "salah")
    with database.transaction() as session:
        instances.cancel(session, case, SYSTEM, "salah berkas")
    with database.reading() as session:
        assert instances.get(session, case, SYSTEM).status == "cancelled"
        assert messages.waiting(session, case) == []
        assert history.verify(session, case) is None
        open_ = select(ActivityInstance).where(ActivityInstance.ended_at.is_(None))
        assert session.scalars(open_).all() == []


def test_a_cancelled_case_cancels_its_tasks(database: Database, review: str) -> None:
    case = begin(database, review)
    task = open_task(database, case).id
    with database.transaction() as session:
        instances.cancel(session, case, SYSTEM, "salah")
    with database.reading() as session:
        assert tasks.get(session, task, SYSTEM).status == "cancelled"
    with pytest.raises(Conflict), database.transaction() as session:
        tasks.claim(session, task, SYSTEM)


def test_variables_are_set_from_outside_by_an_administrator_only(
    database: Database, review: str, people: People
) -> None:
    ani, case = people("ani", "korpel"), begin(database, review, setuju=True, lama=1)
    with pytest.raises(NotAllowed), database.transaction() as session:
        instances.set_variables(session, case, ani, {"setuju": False})
    with database.transaction() as session:
        instances.set_variables(session, case, SYSTEM, {"setuju": False}, delete=["lama"])
    with database.reading() as session:
        assert gate.variables(session, case) == {"setuju": False}
