"""Cases, tasks, messages and jobs as a person or a program meets them, on the real engine and database."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from service import worker
from service.errors import (
    AlurError,
    Conflict,
    ExecutionFailed,
    InvalidInput,
    InvalidSubmission,
    NotAllowed,
    NotFound,
)
from service.operations import deployments, history, incidents, instances, jobs, messages, tasks
from service.operations.deployments import Deployed
from service.operations.identity import SYSTEM, Actor
from service.store.database import Database
from service.store.models import ActivityInstance, Job, ProcessInstance, UserTask, now
from tests.engine.drawing import xml

Deploy = Callable[..., Deployed]
People = Callable[..., Actor]

GROUP = 'camunda:candidateGroups="ptsp"'
REVIEW = (
    '<bpmn:userTask id="konsep" name="Membuat konsep" camunda:candidateGroups="korpel"/>',
    '<bpmn:userTask id="periksa" name="Memeriksa konsep" camunda:candidateGroups="kasubbag"/>',
)
LOOP = "start -> x1 -> konsep -> periksa -> x2; x2 -> x1 [=not(setuju)]; x2 -> end [default]"


def task_xml(element: str, attributes: str = GROUP) -> str:
    return f'<bpmn:userTask id="{element}" name="Langkah {element}" {attributes}/>'


@pytest.fixture
def review(deployed: Deploy) -> str:
    """The key of a process with a draft, its review, and a way back."""
    deployed(
        **{"review.bpmn": xml(LOOP, dict(zip(("konsep", "periksa"), REVIEW, strict=True)), key="tinjau")}
    )
    return "tinjau"


def begin(database: Database, key: str, actor: Actor = SYSTEM, **values: Any) -> str:
    with database.transaction() as session:
        return instances.start(session, deployments.latest(session, key), actor, values).id


def open_task(database: Database, case: str, element: str | None = None) -> UserTask:
    with database.reading() as session:
        return tasks.find(session, instance_id=case, element_id=element)[0]


def complete(database: Database, case: str, actor: Actor = SYSTEM, **values: Any) -> str:
    with database.transaction() as session:
        return tasks.complete(session, open_task(database, case).id, actor, values).status


def test_a_case_goes_from_start_to_end_and_tells_it(database: Database, review: str) -> None:
    case = begin(database, review, setuju=False)
    for approved in (False, False, True):
        complete(database, case)
        complete(database, case, setuju=approved)
    with database.reading() as session:
        instance = instances.get(session, case, SYSTEM)
        assert (instance.status, instance.end_element) == ("completed", "end")
        assert instance.business_key == f"tinjau-{now().year}-0001"
        assert history.verify(session, case) is None
        kinds = [event.kind for event in history.timeline(session, case)]
        assert kinds[:4] == ["instance_started", "task_created", "task_completed", "task_created"]
        assert kinds[-1] == "instance_completed"
        visits = [visit.element_id for visit in history.activities(session, case)]
        assert visits == ["start", *["x1", "konsep", "periksa", "x2"] * 3, "end"]
        assert all(visit.ended_at for visit in history.activities(session, case))
        assert instances.variables(session, case) == {"setuju": True}


def test_a_returned_task_knows_which_turn_it_is(database: Database, review: str, people: People) -> None:
    korpel = people("korpel", "korpel")
    case = begin(database, review)
    complete(database, case)
    complete(database, case, setuju=False)
    assert open_task(database, case).turn == 2
    with database.reading() as session:
        assert tasks.counters(session, korpel) == {"mine": 0, "unit": 1, "returned": 1}
        assert [task.element_id for task in tasks.box(session, korpel, "returned")] == ["konsep"]


def test_the_inbox_shows_each_person_their_own_part(database: Database, review: str, people: People) -> None:
    korpel, kasubbag = people("ani", "korpel"), people("budi", "kasubbag")
    case = begin(database, review)
    with database.transaction() as session:
        tasks.claim(session, open_task(database, case).id, korpel)
    with database.reading() as session:
        assert tasks.counters(session, korpel) == {"mine": 1, "unit": 0, "returned": 0}
        assert tasks.counters(session, kasubbag) == {"mine": 0, "unit": 0, "returned": 0}
        for name in tasks.BOXES:
            assert len(tasks.box(session, korpel, name)) == tasks.counters(session, korpel)[name]


def test_of_two_who_claim_at_once_one_wins_and_the_other_reads_who(
    database: Database, review: str, people: People
) -> None:
    rivals = [people(f"orang{n}", "korpel") for n in range(8)]
    task = open_task(database, begin(database, review)).id

    def claim(actor: Actor) -> str:
        try:
            with database.transaction() as session:
                return tasks.claim(session, task, actor).assignee or ""
        except Conflict as error:
            return str(error.message.params["who"])

    with ThreadPoolExecutor(8) as pool:
        told = set(pool.map(claim, rivals))
    with database.reading() as session:
        holder = tasks.get(session, task, SYSTEM).assignee
    assert holder is not None
    assert {name.lower() for name in told} == {holder}


def test_of_eight_who_complete_at_once_one_wins(database: Database, review: str) -> None:
    case = begin(database, review)
    task = open_task(database, case).id

    def finish(n: int) -> str:
        try:
            with database.transaction() as session:
                return tasks.complete(session, task, SYSTEM, {"n": n}).status
        except Conflict as error:
            return error.message.key

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(finish, range(8))) == ["case.task_done"] * 7 + ["completed"]
    with database.reading() as session:
        assert history.verify(session, case) is None
        assert [task.element_id for task in tasks.find(session, instance_id=case)] == ["periksa"]


def test_only_who_holds_the_position_sees_claims_and_completes(
    database: Database, review: str, people: People
) -> None:
    stranger, kasubbag, korpel = people("lain", "loket"), people("budi", "kasubbag"), people("ani", "korpel")
    case = begin(database, review)
    task = open_task(database, case).id
    for verb in (tasks.claim, tasks.unclaim, tasks.get):
        with pytest.raises(NotFound), database.transaction() as session:
            verb(session, task, stranger)
    with pytest.raises(NotFound), database.transaction() as session:
        tasks.complete(session, task, kasubbag, {})
    with database.transaction() as session:
        tasks.claim(session, task, korpel)
    other = people("cici", "korpel")
    with pytest.raises(NotAllowed), database.transaction() as session:
        tasks.complete(session, task, other, {})
    with database.transaction() as session:
        assert tasks.complete(session, task, korpel, {}).completed_by == "ani"


def test_a_task_given_back_can_be_claimed_by_another(database: Database, review: str, people: People) -> None:
    one, other = people("ani", "korpel"), people("cici", "korpel")
    task = open_task(database, begin(database, review)).id
    with database.transaction() as session:
        tasks.claim(session, task, one)
    with pytest.raises(NotAllowed), database.transaction() as session:
        tasks.unclaim(session, task, other)
    with database.transaction() as session:
        tasks.unclaim(session, task, one)
    with database.transaction() as session:
        assert tasks.claim(session, task, other).assignee == "cici"


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
        assert instances.variables(session, case) == {}
        assert tasks.find(session, instance_id=case) == []
        assert history.verify(session, case) is None


def test_parked_work_goes_on_when_the_operator_has_mended_the_cause(
    database: Database, review: str, people: People
) -> None:
    kasubbag = people("budi", "kasubbag")
    case = begin(database, review)
    complete(database, case)
    with database.transaction() as session:
        instances.set_variables(session, case, SYSTEM, {"setuju": 0})
    task = open_task(database, case)
    assert complete(database, case, kasubbag, catatan="baik") == "parked"
    with database.transaction() as session:
        instances.set_variables(session, case, SYSTEM, {"setuju": True})
        incident = incidents.find(session, instance_id=case)[0].id
    with pytest.raises(NotAllowed), database.transaction() as session:
        tasks.resume(session, incident, kasubbag)
    with database.transaction() as session:
        assert tasks.resume(session, incident, SYSTEM).completed_by == "budi"
    with database.reading() as session:
        assert instances.get(session, case, SYSTEM).status == "completed"
        assert instances.variables(session, case) == {"setuju": True, "catatan": "baik"}
        assert incidents.find(session, instance_id=case) == []
        assert tasks.get(session, task.id, SYSTEM).status == "completed"
        assert history.verify(session, case) is None
    with pytest.raises(Conflict), database.transaction() as session:
        tasks.resume(session, incident, SYSTEM)


def test_a_start_that_cannot_go_on_leaves_no_case(database: Database, deployed: Deploy) -> None:
    deployed(**{"a.bpmn": xml("start -> x1; x1 -> a [=ya]; x1 -> end [default]; a -> end", key="buntu")})
    with pytest.raises(ExecutionFailed):
        begin(database, "buntu")
    with database.reading() as session:
        assert instances.find(session, SYSTEM) == []


FORM = {
    "id": "isian",
    "type": "default",
    "components": [
        {"type": "textfield", "key": "nama", "id": "f1", "label": "Nama", "validate": {"required": True}}
    ],
}


def test_a_form_is_checked_and_writes_its_own_fields_only(database: Database, deployed: Deploy) -> None:
    drawn = xml("start -> a -> b -> end", {"a": task_xml("a", 'camunda:formRef="isian"')}, key="formulir")
    deployed(**{"a.bpmn": drawn, "isian.form": json.dumps(FORM).encode()})
    case = begin(database, "formulir")
    for wrong in ({}, {"nama": "Ani", "disetujui": True}):
        with pytest.raises(InvalidSubmission):
            complete(database, case, **wrong)
    assert open_task(database, case).element_id == "a"
    complete(database, case, nama="Ani")
    with database.reading() as session:
        assert instances.variables(session, case) == {"nama": "Ani"}


CATCH = (
    '<bpmn:intermediateCatchEvent id="tunggu" name="Kartu datang">'
    '<bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateCatchEvent>'
)


@pytest.fixture
def waiting(deployed: Deploy) -> str:
    """The key of a process that waits for a message between two steps of PTSP."""
    drawn = {"a": task_xml("a"), "tunggu": CATCH, "b": task_xml("b")}
    content = xml("start -> a -> tunggu -> b -> end", drawn, '<bpmn:message id="m" name="kartu"/>', "kartu")
    deployed(**{"kartu.bpmn": content})
    return "kartu"


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
        assert instances.variables(session, cases[1]) == {"nip": "222", "nomor": 7}
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
                return messages.receive(session, expected, SYSTEM).id
        except Conflict as error:
            return error.message.key

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(receive, range(4)), key=len) == ["case.arrived"] * 3 + [case]


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
    assert [open_task(database, case).element_id for case in cases] == ["b"] * 3


def timer(text: str) -> str:
    return (
        '<bpmn:intermediateCatchEvent id="tunggu"><bpmn:timerEventDefinition><bpmn:timeDuration>'
        f"{text}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )


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


def test_the_diagram_may_name_who_does_a_task(database: Database, deployed: Deploy, people: People) -> None:
    people("ani")
    drawn = xml("start -> a -> end", {"a": task_xml("a", 'camunda:assignee="${petugas}"')}, key="tunjuk")
    deployed(**{"t.bpmn": drawn})
    case = begin(database, "tunjuk", petugas="ani")
    assert open_task(database, case).assignee == "ani"
    with pytest.raises(AlurError, match="unknown_assignee"):
        begin(database, "tunjuk", petugas="siapa")


def test_variables_are_set_from_outside_by_an_administrator_only(
    database: Database, review: str, people: People
) -> None:
    ani, case = people("ani", "korpel"), begin(database, review, setuju=True, lama=1)
    with pytest.raises(NotAllowed), database.transaction() as session:
        instances.set_variables(session, case, ani, {"setuju": False})
    with database.transaction() as session:
        instances.set_variables(session, case, SYSTEM, {"setuju": False}, delete=["lama"])
    with database.reading() as session:
        assert instances.variables(session, case) == {"setuju": False}
